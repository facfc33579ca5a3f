/** Functions on texts. FHIRPath 2.0, 5.6 "String Manipulation". */

import { singleOf } from './nodes.ts';
import { Pattern } from './pattern/index.ts';
import {
  answer,
  argument,
  type Call,
  type Compiled,
  compileArgument,
  compileBase,
  type Functions,
  NOTHING,
  refusedPath,
  type Scope,
} from './scope.ts';
import type { Work } from './work.ts';

type Reckon = (text: string, args: readonly unknown[], work: Work) => readonly unknown[];

/**
 * A function on one text. Nothing in gives nothing out, whether it is the text or an argument.
 * @param needs how many arguments it must be given, the others may be left out
 */
const textual =
  (type: string, needs: number, of: Reckon): Functions[string] =>
  (call, scope) => {
    const base = compileBase(call.base, scope);
    const given = call.args.map((_, at) => compileArgument(call, scope, at).step);
    for (let at = given.length; at < needs; at++) argument(call, scope, at);
    return {
      type,
      step: (nodes, work) => {
        const text = singleOf(base.step(nodes, work), scope.text);
        if (typeof text !== 'string') return NOTHING;
        const args = given.map((step) => singleOf(step(nodes, work), scope.text));
        for (let at = 0; at < needs; at++) if (args[at] === null) return NOTHING;
        work.spend(text.length >> 3);
        const found = of(text, args, work);
        work.spend(found.length);
        return found;
      },
    };
  };

const made = (of: (text: string) => unknown) => textual('System.String', 0, (text) => [of(text)]);
const asked = (of: (text: string, part: string) => boolean) =>
  textual('System.Boolean', 1, (text, [part]) =>
    typeof part === 'string' ? answer(of(text, part)) : NOTHING,
  );
const placed = (of: (text: string, part: string) => number) =>
  textual('System.Integer', 1, (text, [part]) => (typeof part === 'string' ? [of(text, part)] : NOTHING));

export const STRINGS: Functions = {
  upper: made((text) => text.toUpperCase()),
  lower: made((text) => text.toLowerCase()),
  trim: made((text) => text.trim()),
  length: textual('System.Integer', 0, (text) => [text.length]),
  startsWith: asked((text, part) => text.startsWith(part)),
  endsWith: asked((text, part) => text.endsWith(part)),
  contains: asked((text, part) => text.includes(part)),
  indexOf: placed((text, part) => text.indexOf(part)),
  lastIndexOf: placed((text, part) => text.lastIndexOf(part)),
  substring: textual('System.String', 1, substring),
  replace: textual('System.String', 2, replace),
  toChars: textual('System.String', 0, (text) => [...text]),
  split: textual('System.String', 1, (text, [by]) => {
    if (typeof by !== 'string') return NOTHING;
    return by === '' ? [...text] : text.split(by);
  }),
  join: compileJoin,
  matches: (call, scope) =>
    patterned(call, scope, 'System.Boolean', (pattern, text, work) => answer(pattern.finds(text, work))),
  matchesFull: (call, scope) =>
    patterned(call, scope, 'System.Boolean', (pattern, text, work) => answer(pattern.fits(text, work))),
  replaceMatches: compileReplaceMatches,
  encode: textual('System.String', 1, (text, [form]) => coded(form, (way) => encoded(text, way))),
  decode: textual('System.String', 1, (text, [form]) =>
    coded(form, (way) => Buffer.from(text, way).toString()),
  ),
  escape: textual('System.String', 1, (text, [form]) => {
    if (form === 'html') return [text.replace(/[&<>"']/g, (sign) => HTML[sign]!)];
    return form === 'json' ? [JSON.stringify(text).slice(1, -1)] : NOTHING;
  }),
  unescape: textual('System.String', 1, (text, [form]) => {
    if (form === 'html') return [text.replace(/&(?:amp|lt|gt|quot|#39|apos);/g, (name) => OF_HTML[name]!)];
    return form === 'json' ? [text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, unescaped)] : NOTHING;
  }),
};

/** With its padding, in base64url too. */
function encoded(text: string, way: BufferEncoding): string {
  const made = Buffer.from(text).toString(way);
  return way === 'base64url' ? made.padEnd(Math.ceil(made.length / 4) * 4, '=') : made;
}

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const OF_HTML: Record<string, string> = {
  ...Object.fromEntries(Object.entries(HTML).map(([sign, name]) => [name, sign])),
  '&apos;': "'",
};
const OF_JSON: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f', b: '\b' };

const unescaped = (_: string, code: string | undefined, one: string) =>
  code === undefined ? (OF_JSON[one] ?? one) : String.fromCharCode(Number.parseInt(code, 16));

const FORMS: Record<string, BufferEncoding> = { hex: 'hex', base64: 'base64', urlbase64: 'base64url' };

function coded(form: unknown, make: (way: BufferEncoding) => string): readonly unknown[] {
  return typeof form === 'string' && Object.hasOwn(FORMS, form) ? [make(FORMS[form]!)] : NOTHING;
}

function substring(text: string, [start, length]: readonly unknown[]): readonly unknown[] {
  if (typeof start !== 'number' || start < 0 || start >= text.length) return NOTHING;
  if (length === undefined || length === null) return [text.slice(start)];
  return typeof length === 'number' ? [text.slice(start, start + Math.max(0, length))] : NOTHING;
}

function replace(text: string, [part, by]: readonly unknown[], work: Work): readonly unknown[] {
  if (typeof part !== 'string' || typeof by !== 'string') return NOTHING;
  // An empty pattern stands between all characters.
  const pieces = part === '' ? ['', ...text, ''] : text.split(part);
  work.spend((text.length + by.length * (pieces.length - 1)) >> 3);
  return [pieces.join(by)];
}

function compileJoin(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const between = call.args[0] ? compileArgument(call, scope).step : () => [''];
  return {
    type: 'System.String',
    step: (nodes, work) => {
      const texts = base.step(nodes, work).map((node) => String(singleOf([node], scope.text) ?? ''));
      const by = String(singleOf(between(nodes, work), scope.text) ?? '');
      work.spend(texts.reduce((sum, text) => sum + text.length + by.length, 0) >> 3);
      // Nothing joined is an empty text in the published cases.
      return [texts.join(by)];
    },
  };
}

/** The pattern as it was compiled with the expression, or for the text that the data give. */
function patternOf(call: Call, scope: Scope): (nodes: readonly unknown[], work: Work) => Pattern | null {
  const { step } = compileArgument(call, scope);
  const make = (text: string) => {
    const pattern = Pattern.read(text);
    if (pattern instanceof Pattern) return pattern;
    throw refusedPath(
      scope.text,
      `có mẫu "${text.slice(0, 100)}" không dùng được: ${pattern.why}`,
      `has a pattern that cannot be used: ${pattern.whyEn}`,
    );
  };
  const [tree] = call.args;
  if (tree?.kind === 'literal' && typeof tree.value === 'string') {
    const pattern = make(tree.value);
    return () => pattern;
  }
  return (nodes, work) => {
    const text = singleOf(step(nodes, work), scope.text);
    if (typeof text !== 'string') return null;
    work.spend(text.length);
    return make(text);
  };
}

function patterned(
  call: Call,
  scope: Scope,
  type: string,
  of: (pattern: Pattern, text: string, work: Work) => readonly unknown[],
): Compiled {
  const base = compileBase(call.base, scope);
  const pattern = patternOf(call, scope);
  return {
    type,
    step: (nodes, work) => {
      const text = singleOf(base.step(nodes, work), scope.text);
      const found = typeof text === 'string' ? pattern(nodes, work) : null;
      return found === null ? NOTHING : of(found, text as string, work);
    },
  };
}

function compileReplaceMatches(call: Call, scope: Scope): Compiled {
  const by = compileArgument(call, scope, 1).step;
  const { step } = patterned(call, scope, 'System.String', (pattern, text, work) => [
    (substitution: string) => pattern.replaced(text, substitution, work),
  ]);
  return {
    type: 'System.String',
    step: (nodes, work) => {
      const [make] = step(nodes, work) as ((substitution: string) => string)[];
      const substitution = singleOf(by(nodes, work), scope.text);
      return make && typeof substitution === 'string' ? [make(substitution)] : NOTHING;
    },
  };
}
