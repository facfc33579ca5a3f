/** The text of a FHIRPath expression as tokens. Pure. FHIRPath 2.0, "Lexical elements". */

export interface Token {
  kind: 'name' | 'symbol' | 'string' | 'temporal' | 'constant' | 'number';
  text: string;
  at: number;
  /** Between backticks: never an operator or a literal. */
  quoted?: true;
}

/** The expression is not FHIRPath; the message says where, in English. */
export class PathSyntaxError extends Error {}

const PATTERNS: [Token['kind'] | 'space', RegExp][] = [
  ['space', /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  [
    'temporal',
    /@(?:T\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?|\d{4}(?:-\d\d(?:-\d\d)?)?(?:T(?:\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)/y,
  ],
  ['constant', /%(?:[A-Za-z_][A-Za-z0-9_-]*|`[^`]+`|'[^']+'|"[^"]+")/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['name', /\$?[A-Za-z_][A-Za-z0-9_]*|`(?:[^`\\]|\\.)+`/y],
  ['string', /'(?:[^'\\]|\\.)*'/y],
  ['symbol', /!=|!~|<=|>=|[.,()[\]{}+\-*/&|<>=~]/y],
];

/** @throws PathSyntaxError at the first character that begins no token */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const found = next(text, at);
    if (!found)
      throw new PathSyntaxError(
        `character ${at + 1}: "${text.slice(at, at + 12)}" begins nothing of FHIRPath`,
      );
    const [kind, raw] = found;
    if (kind !== 'space') tokens.push(tokenOf(kind, raw, at));
    at += raw.length;
  }
  return tokens;
}

function tokenOf(kind: Token['kind'], raw: string, at: number): Token {
  const token: Token = { kind, text: contentOf(kind, raw), at };
  if (raw.startsWith('`')) token.quoted = true;
  return token;
}

function next(text: string, at: number): [Token['kind'] | 'space', string] | null {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return [kind, found[0]];
  }
  return null;
}

function contentOf(kind: Token['kind'], raw: string): string {
  if (kind === 'string') return unescaped(raw.slice(1, -1));
  if (kind === 'temporal') return raw.slice(1);
  if (kind === 'constant') return raw.replace(/^%['`"]?|['`"]$/g, '');
  if (kind === 'name' && raw.startsWith('`')) return unescaped(raw.slice(1, -1));
  return raw;
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code?: string, one?: string) =>
    code === undefined ? (ESCAPES[one!] ?? one!) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
