/** Reads a number the way it is typed in Vietnam: comma for decimals, points between thousands; a lone point also passes. */

/**
 * `'36,5'` and `'36.5'` → 36.5; `'1.234.567'` → 1234567; `'1.234,5'` → 1234.5. With `whole`, `'1.234'` is 1234.
 * @returns null when the text is no number, or has decimals where a whole number is asked for
 */
export function parseNumber(text: string, whole = false): number | null {
  const typed = text.trim().replace(/\s/g, '').replace(/^−/, '-');
  if (!/^-?[\d.,]*\d[\d.,]*$/.test(typed)) return null;
  const commas = typed.split(',').length - 1;
  const points = typed.split('.').length - 1;
  if (commas > 1) return null;
  const thousands = points > 1 || (points === 1 && (commas === 1 || whole));
  if (thousands && !/^-?\d{1,3}(\.\d{3})+(,\d*)?$/.test(typed)) return null;
  const value = Number((thousands ? typed.replaceAll('.', '') : typed).replace(',', '.'));
  if (!Number.isFinite(value)) return null;
  return whole && !Number.isInteger(value) ? null : value;
}
