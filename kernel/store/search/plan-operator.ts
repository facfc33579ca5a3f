/** Operators of `_filter` that no prefix or modifier says → conditions. Pure. "Values are never case sensitive" (R4 search_filter.html). */

import { foldText } from '../../text/fold.ts';
import { type Condition, FALSE, or, type TextMatch, type Word } from './condition.ts';
import { siblingOf } from './contained.ts';
import { invalidValue } from './faults.ts';
import { STRING_LIMIT } from './keys.ts';
import { type IndexedParameter, isInDictionary } from './parameters.ts';
import { dateBounds, planInterval } from './plan-order.ts';
import { planUri } from './plan-reference.ts';
import { presenceOf } from './presence.ts';
import type { Operator } from './query.ts';
import { parseToken, unescapeValue } from './values.ts';

export function planOperator(
  parameter: IndexedParameter,
  name: string,
  operator: Operator,
  value: string,
): Condition {
  if (operator !== 'po' && foldText(unescapeValue(value)) === '')
    throw invalidValue(name, value, 'chữ hoặc số', 'letters or digits');
  switch (parameter.storage) {
    case 'union':
      return or(
        parameter.parts.map((code) => {
          const part = siblingOf(parameter, code);
          return part ? planOperator(part, name, operator, value) : FALSE;
        }),
      );
    case 'words':
    case 'strings':
    case 'names':
      return planText(parameter, operator, value);
    case 'main-date':
    case 'dates':
      // `po`: the periods overlap.
      return planInterval(parameter, { ...dateBounds(name, value), prefix: 'ap' });
    case 'uris':
      return operator === 'sw'
        ? planUri(parameter, name, 'below', value)
        : ofWords(parameter, operator, value);
    default:
      return isInDictionary(parameter) ? ofWords(parameter, operator, value) : presenceOf(parameter);
  }
}

/** Rows that have the parameter at all: the resource itself decides (`testOf`). */
/** Codes and addresses are words of the dictionary: by code or display. */
function ofWords({ q }: IndexedParameter, operator: Operator, value: string): Condition {
  const asked = parseToken(value);
  const fits = textTest(operator, unescapeValue(value));
  const accept = (word: Word): boolean => {
    if (operator !== 'ne')
      return fits(word.code) || word.display.split('\n').some((line) => line !== '' && fits(line));
    const sameSystem = asked?.system === undefined || asked.system === word.sys;
    return !(sameSystem && asked?.code?.toLowerCase() === word.code.toLowerCase());
  };
  return { op: 'words', queries: [{ p: q, accept }] };
}

/** Whether a text equals, contains, begins or ends with a value, both folded. */
export function textTest(operator: Operator, value: string): (text: string) => boolean {
  const asked = foldText(value);
  switch (operator) {
    case 'ne':
      return (text) => foldText(text) !== asked;
    case 'co':
      return (text) => foldText(text).includes(asked);
    case 'sw':
      return (text) => foldText(text).startsWith(asked);
    case 'ew':
      return (text) => foldText(text).endsWith(asked);
    case 'eq':
    case 'po':
      return (text) => foldText(text) === asked;
  }
}

function planText(parameter: IndexedParameter, operator: Operator, value: string): Condition {
  const s = foldText(unescapeValue(value)).slice(0, STRING_LIMIT);
  const words = (q: string): Condition => {
    const fits = textTest(operator, s);
    return { op: 'words', queries: [{ p: q, accept: ({ code }) => fits(code) }] };
  };
  if (parameter.storage === 'words') return words(parameter.q);
  const match = matchOf(operator, parameter.storage === 'names', s);
  const own: Condition = { op: 'str', p: [parameter.p], words: [], match };
  return or([own, ...parameter.parts.map((code) => words(`${parameter.type}.${code}`))]);
}

function matchOf(operator: Operator, isName: boolean, s: string): TextMatch {
  switch (operator) {
    case 'co':
      return { kind: 'contains', s };
    case 'sw':
      return { kind: 'prefix', s };
    case 'ew':
      return { kind: isName ? 'name-suffix' : 'suffix', s };
    case 'ne':
      return { kind: isName ? 'name-unequal' : 'unequal', s };
    case 'eq':
    case 'po':
      return { kind: isName ? 'whole' : 'equals', s };
  }
}
