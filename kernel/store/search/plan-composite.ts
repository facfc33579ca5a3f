/** Criteria on composites (`code-value-quantity=8480-6$gt140`) → conditions. Pure. */
import { Failure } from '../../failure.ts';
import { foldText } from '../../text/fold.ts';
import { type Condition, FALSE, or, type Word, type WordQuery } from './condition.ts';
import { kindOfPart, partsOf } from './emit-composite.ts';
import { referenceTarget } from './emit-reference.ts';
import { invalidValue } from './faults.ts';
import { PART, referenceKey, tokenKey } from './keys.ts';
import { secondOf } from './pairs.ts';
import type { IndexedParameter } from './parameters.ts';
import { dateBounds, inSeconds, isUnit, measuredIn, numberBounds, parseQuantity } from './plan-order.ts';
import { type AskedToken, parseToken, splitUnescaped, unescapeValue } from './values.ts';

export function planComposite(parameter: IndexedParameter, name: string, value: string): Condition {
  const parts = parameter.paths.map((path) => partsOf(path.type, parameter));
  const swapped = parts.every((part) => part.swapped);
  const given = splitUnescaped(value, '$');
  const [first = '', second = '', ...more] = swapped ? given.toReversed() : given;
  const token = parseToken(first);
  if (!token || token.code === undefined || second === '' || more.length > 0) {
    if (swapped) throw invalidValue(name, value, 'giá trị$mã', 'value$code');
    throw invalidValue(name, value, 'mã$giá trị', 'code$value');
  }
  const kinds = new Set(parts.flatMap((part) => part.second.map(({ type }) => kindOfPart(type) ?? '')));
  const asked = { q: parameter.q, name, token };
  return anyOf([...kinds].map((kind) => () => (PARTS[kind] ? PARTS[kind](asked, second) : FALSE)));
}

/** A value is read as every kind that the second part may be; it is refused when it is none of them. */
function anyOf(readings: readonly (() => Condition)[]): Condition {
  const read: Condition[] = [];
  let refusal: unknown;
  for (const reading of readings) {
    try {
      read.push(reading());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refusal ??= error;
    }
  }
  if (read.length === 0) throw refusal;
  return or(read);
}

interface Asked {
  q: string;
  name: string;
  token: AskedToken;
}

const PARTS: Record<string, (asked: Asked, second: string) => Condition> = {
  token: (asked, second) => {
    const other = parseToken(second);
    if (!other || other.code === undefined)
      throw invalidValue(asked.name, second, 'mã hoặc hệ|mã', 'code or system|code');
    const { keys, words } = pair(asked, other.system, (word) => word.code === other.code);
    return or([
      { op: 'tok', any: keys(other.code) },
      { op: 'words', queries: words },
    ]);
  },
  quantity: (asked, second) => {
    const { bounds, unit } = parseQuantity(asked.name, second);
    const { system, code } = unit;
    const measured = measuredIn(bounds, unit);
    const { keys, words } = pair(asked, system, (word) => {
      return code === undefined || isUnit(word, code) || measured?.accept(word) === true;
    });
    if (code === undefined || measured === null) {
      const p = code === undefined ? [] : keys(code);
      return { op: 'ord', p, words: p.length === 0 ? words : [], bounds };
    }
    const boundsFor = (word: Word) => {
      const second = secondOf(word);
      return isUnit(second, code) ? bounds : measured.boundsFor(second);
    };
    return { op: 'ord', p: [], words: words.map((query) => ({ ...query, boundsFor })), bounds };
  },
  date: (asked, second) => {
    const { keys, words } = pair(asked, '', ({ code }) => code === '');
    return { op: 'ord', p: keys(''), words, bounds: inSeconds(dateBounds(asked.name, second)) };
  },
  number: (asked, second) => {
    const { keys, words } = pair(asked, '', ({ code }) => code === '');
    return { op: 'ord', p: keys(''), words, bounds: numberBounds(asked.name, second) };
  },
  string: (asked, second) => {
    const { keys, words } = pair(asked, '', ({ code }) => code === '');
    return { op: 'str', p: keys(''), words, match: { kind: 'prefix', s: foldText(unescapeValue(second)) } };
  },
  reference: (asked, second) => {
    const target = referenceTarget(unescapeValue(second));
    if (target === null) return FALSE;
    const { keys, words } = pair(asked, '', ({ code }) => code === '');
    const referred = (key: bigint) => referenceKey(String(key), target);
    // A `code` (DocumentReference.relationship) has no system of its own, whichever is asked for.
    const bare = tokenKey(asked.q, PART, `${asked.token.code}${PART}`);
    return or([
      { op: 'tok', any: [bare, ...keys('')].map(referred) },
      { op: 'words', queries: words.map((query) => ({ ...query, keyFor: referred })) },
    ]);
  },
};

/**
 * The keys of a pair: `keys(code)` when both systems are said, else the words of the dictionary that fit.
 * @param system of the second part; undefined = any
 * @param accept test on the second part
 */
function pair({ q, token }: Asked, system: string | undefined, accept: (second: Word) => boolean) {
  const first = token.system;
  const known = first !== undefined && system !== undefined;
  const query: WordQuery = {
    p: q,
    prefix: `${token.code}${PART}`,
    accept: (word) => {
      const [firstSystem, secondSystem] = word.sys.split(PART);
      const fits =
        (first === undefined || first === firstSystem) && (system === undefined || system === secondSystem);
      return fits && accept(secondOf(word));
    },
  };
  return {
    keys: (code: string) =>
      known ? [tokenKey(q, `${first}${PART}${system}`, `${token.code}${PART}${code}`)] : [],
    words: [query],
  };
}
