/** Which characters a TrueType font has a glyph for: its `cmap` table, format 4 (OpenType 1.9, "cmap"). */

/** Code points of the Basic Multilingual Plane that the font can draw. @throws RangeError for what is no such font */
export function glyphsOf(font: Buffer): ReadonlySet<number> {
  const at = subtableOf(font, tableAt(font, 'cmap'));
  const segments = font.readUInt16BE(at + 6) / 2;
  const ends = at + 14;
  const starts = ends + segments * 2 + 2;
  const deltas = starts + segments * 2;
  const offsets = deltas + segments * 2;
  const found = new Set<number>();
  for (let segment = 0; segment < segments; segment += 1) {
    const start = font.readUInt16BE(starts + segment * 2);
    const end = font.readUInt16BE(ends + segment * 2);
    const delta = font.readUInt16BE(deltas + segment * 2);
    const offset = font.readUInt16BE(offsets + segment * 2);
    for (let code = start; code <= end && code !== 0xffff; code += 1) {
      const own = offsets + segment * 2 + offset + (code - start) * 2;
      const glyph = offset === 0 ? (code + delta) & 0xffff : font.readUInt16BE(own);
      if (glyph !== 0) found.add(code);
    }
  }
  return found;
}

function tableAt(font: Buffer, name: string): number {
  const tables = font.readUInt16BE(4);
  for (let at = 12; at < 12 + tables * 16; at += 16)
    if (font.toString('latin1', at, at + 4) === name) return font.readUInt32BE(at + 8);
  throw new RangeError(`The font has no table ${name}.`);
}

function subtableOf(font: Buffer, cmap: number): number {
  const count = font.readUInt16BE(cmap + 2);
  for (let at = cmap + 4; at < cmap + 4 + count * 8; at += 8) {
    const subtable = cmap + font.readUInt32BE(at + 4);
    if (font.readUInt16BE(subtable) === 4) return subtable;
  }
  throw new RangeError('The font has no character map of format 4.');
}
