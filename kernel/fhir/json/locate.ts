/** The slow, strict reading of a JSON text: runs only when a text is known to be faulty, and says where and why. */

export interface JsonFault {
  kind: 'syntax' | 'duplicate-name' | 'forbidden-name' | 'forbidden-character';
  /** 1-based, in UTF-16 units of the line. */
  line: number;
  column: number;
  /** Path of the fault, `entry[3].resource.name`, '' at the root. */
  path: string;
  /** What stands there: the name, or the character, or '' at the end of the text. */
  found: string;
}

class Found extends Error {
  readonly at: number;
  readonly kind: JsonFault['kind'];
  readonly found: string;
  constructor(kind: JsonFault['kind'], at: number, found: string) {
    super(kind);
    this.kind = kind;
    this.at = at;
    this.found = found;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;

/** The first fault in reading order, or null when the text is sound. The text must not nest deeper than the reader allows. */
export function locateFault(text: string): JsonFault | null {
  const path: (string | number)[] = [];
  try {
    const end = skipSpace(text, readValue(text, skipSpace(text, 0), path));
    if (end < text.length) throw syntax(text, end);
    return null;
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    const before = text.slice(0, error.at);
    const lineStart = before.lastIndexOf('\n') + 1;
    return {
      kind: error.kind,
      line: before.split('\n').length,
      column: error.at - lineStart + 1,
      path: formatPath(path),
      found: error.found,
    };
  }
}

/** `['entry', 3, 'resource']` → `entry[3].resource`. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

function syntax(text: string, at: number): Found {
  return new Found('syntax', at, at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : '');
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.test(text);
  return SPACE.lastIndex;
}

function readValue(text: string, at: number, path: (string | number)[]): number {
  const first = text[at];
  if (first === '{') return readObject(text, at + 1, path);
  if (first === '[') return readArray(text, at + 1, path);
  if (first === '"') return readString(text, at).end;
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, at)) return at + word.length;
  NUMBER.lastIndex = at;
  if (first === undefined || !NUMBER.test(text)) throw syntax(text, at);
  return NUMBER.lastIndex;
}

function readObject(text: string, from: number, path: (string | number)[]): number {
  const names = new Set<string>();
  let at = skipSpace(text, from);
  if (text[at] === '}') return at + 1;
  for (;;) {
    if (text[at] !== '"') throw syntax(text, at);
    const { value: name, end } = readString(text, at);
    path.push(name);
    if (names.has(name)) throw new Found('duplicate-name', at, name);
    if (name === '__proto__') throw new Found('forbidden-name', at, name);
    names.add(name);
    at = skipSpace(text, end);
    if (text[at] !== ':') throw syntax(text, at);
    at = skipSpace(text, readValue(text, skipSpace(text, at + 1), path));
    path.pop();
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') throw syntax(text, at);
    at = skipSpace(text, at + 1);
  }
}

function readArray(text: string, from: number, path: (string | number)[]): number {
  let at = skipSpace(text, from);
  if (text[at] === ']') return at + 1;
  for (let index = 0; ; index += 1) {
    path.push(index);
    at = skipSpace(text, readValue(text, at, path));
    path.pop();
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') throw syntax(text, at);
    at = skipSpace(text, at + 1);
  }
}

function readString(text: string, from: number): { value: string; end: number } {
  let at = from + 1;
  for (;;) {
    const char = text[at];
    if (char === undefined || char < ' ') throw syntax(text, at);
    if (char === '"') break;
    if (char === '\\') at = afterEscape(text, at);
    else at += 1;
  }
  const value = JSON.parse(text.slice(from, at + 1)) as string;
  if (value.includes('\u0000')) throw new Found('forbidden-character', from, '\\u0000');
  if (!value.isWellFormed()) throw new Found('forbidden-character', from, 'unpaired surrogate');
  return { value, end: at + 1 };
}

function afterEscape(text: string, at: number): number {
  const kind = text[at + 1] ?? '';
  if (kind === 'u') {
    if (!/^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6))) throw syntax(text, at);
    return at + 6;
  }
  if (!'"\\/bfnrt'.includes(kind) || kind === '') throw syntax(text, at);
  return at + 2;
}
