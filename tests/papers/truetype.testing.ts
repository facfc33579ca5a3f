/** What of an embedded font a reader draws with (OpenType 1.9: head, hhea, hmtx, maxp, loca, glyf). Pure. */

export interface TrueType {
  glyphs: number;
  /** Advance of a glyph in thousandths of the font's size. */
  advance(glyph: number): number;
  /** Bytes of its outline; none for a space. */
  outline(glyph: number): number;
}

/** @throws RangeError for what is no TrueType program with all tables that drawing needs */
export function readTrueType(bytes: Buffer): TrueType {
  if (![0x00010000, 0x74727565].includes(bytes.readUInt32BE(0))) throw new RangeError('no TrueType program');
  const tables = new Map<string, Buffer>();
  for (let index = 0; index < bytes.readUInt16BE(4); index += 1) {
    const at = 12 + index * 16;
    const [from, length] = [bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)];
    if (from + length > bytes.length) throw new RangeError('a table reaches beyond the font');
    tables.set(bytes.toString('latin1', at, at + 4), bytes.subarray(from, from + length));
  }
  const table = (name: string): Buffer => {
    const found = tables.get(name);
    if (found === undefined) throw new RangeError(`the font has no table ${name}`);
    return found;
  };
  const [head, hhea, hmtx, maxp, loca, glyf] = ['head', 'hhea', 'hmtx', 'maxp', 'loca', 'glyf'].map(
    table,
  ) as Buffer[];
  const perEm = head!.readUInt16BE(18);
  const glyphs = maxp!.readUInt16BE(4);
  const wide = hhea!.readUInt16BE(34);
  const isLong = head!.readInt16BE(50) === 1;
  const offset = (glyph: number) =>
    isLong ? loca!.readUInt32BE(glyph * 4) : loca!.readUInt16BE(glyph * 2) * 2;
  if (offset(glyphs) > glyf!.length) throw new RangeError('outlines reach beyond the font');
  return {
    glyphs,
    advance: (glyph) => (hmtx!.readUInt16BE(Math.min(glyph, wide - 1) * 4) * 1000) / perEm,
    outline: (glyph) => offset(glyph + 1) - offset(glyph),
  };
}
