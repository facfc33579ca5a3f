/** One pass over the bytes of a JSON text, cheap enough for every request: what `JSON.parse` does not tell. */

export interface Scan {
  /** Number of `"name": value` pairs in the text; differs from the parsed tree's when a name is given twice. */
  members: number;
  /** Deepest nesting of objects and arrays. */
  depth: number;
  /** True when some number would be written differently after a round trip (`1.10`, `1e3`, 20 digits). */
  inexactNumbers: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Never fails: a text that is no JSON gives meaningless counts, and the parser finds the fault. */
export function scanJson(bytes: Buffer): Scan {
  const scan: Scan = { members: 0, depth: 0, inexactNumbers: false };
  const end = bytes.length;
  let depth = 0;
  let at = 0;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = afterString(bytes, at + 1, end);
      continue;
    }
    if (byte === COLON) scan.members += 1;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > scan.depth) scan.depth = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      const start = at;
      while (at < end && isNumberByte(bytes[at]!)) at += 1;
      if (!scan.inexactNumbers && !survives(bytes, start, at)) scan.inexactNumbers = true;
      continue;
    }
    at += 1;
  }
  return scan;
}

function afterString(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return end;
}

function isNumberByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2e ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x65 ||
    byte === 0x45
  );
}

/** Plain integers of up to 15 digits always survive; anything else is tried. */
function survives(bytes: Buffer, start: number, end: number): boolean {
  if (end - start <= 15) {
    let plain = true;
    for (let at = start; at < end && plain; at += 1) plain = bytes[at]! >= 0x30 && bytes[at]! <= 0x39;
    if (plain) return true;
  }
  const written = bytes.toString('latin1', start, end);
  return String(Number(written)) === written;
}
