/** Criteria on strings → conditions. Pure. R4: a field matches when it equals or begins with the value, folded. */

import { foldText } from '../../text/fold.ts';
import { type Condition, or, type TextMatch, type WordQuery } from './condition.ts';
import { siblingOf } from './contained.ts';
import { invalidValue } from './faults.ts';
import { STRING_LIMIT } from './keys.ts';
import type { IndexedParameter } from './parameters.ts';
import { unescapeValue } from './values.ts';

/** `:exact` finds candidates here; the caller compares the resource itself (`isExact`). */
export function planString(
  parameter: IndexedParameter,
  name: string,
  modifier: string | undefined,
  value: string,
): Condition {
  const text = foldText(unescapeValue(value)).slice(0, STRING_LIMIT);
  if (text === '') throw invalidValue(name, value, 'chữ hoặc số', 'letters or digits');
  if (parameter.storage === 'words') return { op: 'words', queries: [wordQuery(parameter, modifier, text)] };
  const own: Condition = {
    op: 'str',
    p: [parameter.p],
    words: [],
    match: matchOf(parameter, modifier, text),
  };
  const parts = parameter.parts.map((code): Condition => {
    return {
      op: 'words',
      queries: [wordQuery(siblingOf(parameter, code)!, modifier, text)],
    };
  });
  return or([own, ...parts]);
}

function wordQuery({ q }: IndexedParameter, modifier: string | undefined, text: string): WordQuery {
  if (modifier === 'contains') return { p: q, contains: text };
  return modifier === 'exact' ? { p: q, code: text } : { p: q, prefix: text };
}

function matchOf(parameter: IndexedParameter, modifier: string | undefined, text: string): TextMatch {
  if (modifier === 'contains') return { kind: 'contains', s: text };
  if (parameter.storage === 'names')
    return { kind: 'name', words: text.split(' ').sort((a, b) => b.length - a.length) };
  return modifier === 'exact' ? { kind: 'equals', s: text } : { kind: 'prefix', s: text };
}
