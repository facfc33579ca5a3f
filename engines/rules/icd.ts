/** ICD-10 codes against ranges such as `O00-O99|Z33|E10.2`. */

/** A three-character code covers its subcategories; both ends of a range are inclusive. */
export function icdMatches(code: string, ranges: string): boolean {
  const plain = code.toUpperCase();
  return ranges.split('|').some((range) => range !== '' && inRange(plain, range.split('-')));
}

function inRange(code: string, [from, to]: string[]): boolean {
  if (!from) return false;
  if (!to) return code === from || code.startsWith(from.includes('.') ? from : `${from}.`);
  return code.slice(0, from.length) >= from && code.slice(0, to.length) <= to;
}
