/** "Exact-mark hits first": rows whose text was written with the marks that were typed stand before the others. */
import { foldKeepingMarks } from '../../text/fold.ts';
import { isMarked } from './emit-text.ts';
import { markedParameter } from './keys.ts';
import type { IndexedParameter } from './parameters.ts';
import type { Criterion } from './query.ts';
import { markedTest, prefixTest } from './render-text.ts';
import type { OrderKey } from './sort.ts';
import type { Statement } from './statement.ts';
import { unescapeValue } from './values.ts';

/** The order by the first text that was typed with marks; null when none was. */
export function marksKey(criteria: readonly Criterion[], statement: Statement): OrderKey | null {
  for (const criterion of criteria) {
    if (criterion.kind !== 'parameter' || criterion.parameter.kind !== 'string') continue;
    if (criterion.modifier !== undefined || criterion.parameter.storage === 'sounds') continue;
    const typed = criterion.values.map((value) => foldKeepingMarks(unescapeValue(value))).filter(isMarked);
    if (typed.length === 0) continue;
    const tests = typed.map((text) => writtenAs(criterion.parameter, text, statement));
    const sql = (r: string) => `(case when ${tests.map((test) => test(r)).join(' or ')} then 1 else 0 end)`;
    return { sql, descending: true, kind: 'number', isMainDate: false };
  }
  return null;
}

function writtenAs(parameter: IndexedParameter, text: string, statement: Statement): (r: string) => string {
  const words = (q: string) => {
    const p = statement.text(markedParameter(q));
    const range = prefixTest('c.code collate "C"', text, statement);
    return (r: string) => `${r}.tok && array(select c.h from code c where c.p = ${p} and ${range})`;
  };
  if (parameter.storage === 'words') return words(parameter.q);
  const p = statement.int8(parameter.p);
  const test = markedTest('s.s', text.split(' '), statement);
  const own = (r: string) =>
    `exists (select from str s where s.pt = ${r}.pt and s.idh = ${r}.idh and s.p = ${p} and ${test})`;
  const parts = parameter.parts.map((code) => words(`${parameter.type}.${code}`));
  return (r) => [own, ...parts].map((one) => one(r)).join(' or ');
}
