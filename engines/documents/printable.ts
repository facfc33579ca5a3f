/**
 * Data as a paper can show them. PDF/A asks for a glyph and a Unicode value for every character (ISO 19005-2, 6.2.11.7): what
 * the font cannot draw is shown as a question mark, so that the paper is printed and the gap is seen.
 */

/** Shown in the place of what has no glyph. */
export const NO_GLYPH = '?';
/** A word without a place to break is given one after so many characters, so that it stays on the paper. */
const LONGEST_WORD = 40;
const BREAK = '\u200b';
/** Order of writing and joining, tags, variation: nothing to draw, and able to turn a line around. */
const UNSEEN = /\p{Cf}|\p{Variation_Selector}/gu;
const LONG = new RegExp(`[^\\s${BREAK}]{${LONGEST_WORD}}(?=[^\\s])`, 'gu');

/** @param has whether the font can draw a code point */
export function printableText(text: string, has: (code: number) => boolean): string {
  const shown = text.normalize('NFC').replaceAll(UNSEEN, '').replaceAll(/\r\n?/g, '\n');
  let drawn = '';
  for (const character of shown) {
    const code = character.codePointAt(0)!;
    drawn += character === '\n' || character === '\t' || has(code) ? character : NO_GLYPH;
  }
  return drawn.replaceAll(LONG, `$&${BREAK}`);
}

/** The same for every text in JSON data; names of members stay. */
export const printableData = (data: unknown, has: (code: number) => boolean): unknown =>
  changed(data, (text) => printableText(text, has));

/** Every text of JSON data with at most so many characters, the last of a longer one a mark of omission. */
export const cutData = (data: unknown, most: number): unknown =>
  changed(data, (text) => (text.length <= most ? text : `${[...text].slice(0, most - 1).join('')}…`));

function changed(data: unknown, change: (text: string) => string): unknown {
  if (typeof data === 'string') return change(data);
  if (Array.isArray(data)) return data.map((each) => changed(each, change));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, changed(value, change)]));
}
