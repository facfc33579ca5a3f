/** The font of papers: Be Vietnam Pro, which is drawn for stacked Vietnamese marks. Nothing of the machine's own is used. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { glyphsOf } from './glyphs.ts';

/** Folder of its files. */
export const FONTS = dirname(
  fileURLToPath(import.meta.resolve('@expo-google-fonts/be-vietnam-pro/package.json')),
);

let drawn: ReadonlySet<number> | null = null;

/** Whether it has a glyph for a code point. */
export function canDraw(code: number): boolean {
  drawn ??= glyphsOf(readFileSync(join(FONTS, '400Regular', 'BeVietnamPro_400Regular.ttf')));
  return drawn.has(code);
}
