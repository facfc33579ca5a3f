/**
 * Orders that the tables cannot give, because only hashes are kept there (identifiers, references, addresses, contact
 * points): the matches are read and ordered in the program.
 */
import { intervalOf } from '../../fhir/dates.ts';
import { foldText } from '../../text/fold.ts';
import type { StoredVersion } from '../contract.ts';
import type { Cursor } from './cursor.ts';
import { tokensOf } from './emit-composite.ts';
import { dateInterval, quantityValue } from './emit-order.ts';
import { unsupported } from './faults.ts';
import type { IndexedParameter } from './parameters.ts';
import { valuesAt } from './paths.ts';
import type { SortKey } from './query.ts';
import { isSortable } from './sort.ts';

/** Matches that are read for such an order before the search is given up: some ten seconds. */
export const MOST_SORTED = 200_000;

type Value = string | number;

/** True when the database cannot give the order. */
export function needsBodies(sort: readonly SortKey[]): boolean {
  return sort.some(({ parameter }) => typeof parameter !== 'string' && !isSortable(parameter));
}

interface Ranked {
  version: StoredVersion;
  values: (Value | undefined)[];
  idh: bigint;
}

/** The best of many matches, in order: no more than a page of them is kept. */
export class BestOf {
  readonly #sort: readonly SortKey[];
  readonly #most: number;
  /** 1, or -1 when the order is walked backwards. */
  readonly #way: 1 | -1;
  readonly #after: Ranked | undefined;
  readonly #kept: Ranked[] = [];

  /** @param from only matches beyond it, the way it looks */
  constructor(sort: readonly SortKey[], most: number, from: Cursor | undefined) {
    this.#sort = sort;
    this.#most = most;
    this.#way = from?.back ? -1 : 1;
    this.#after = from && {
      version: undefined as never,
      values: from.values.map((text) => (text === null ? undefined : (JSON.parse(text) as Value))),
      idh: from.idh,
    };
  }

  offer(version: StoredVersion, idh: bigint): void {
    const resource: unknown = JSON.parse(version.body.toString());
    const one: Ranked = { version, idh, values: this.#sort.map((key) => keyOf(key, version, resource)) };
    if (this.#after && this.#compare(one, this.#after) <= 0) return;
    let low = 0;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#kept[middle]!, one) < 0) low = middle + 1;
      else high = middle;
    }
    if (low >= this.#most) return;
    this.#kept.splice(low, 0, one);
    if (this.#kept.length > this.#most) this.#kept.pop();
  }

  /** The way they were walked, each with its place. */
  matches(): { version: StoredVersion; cursor: Cursor }[] {
    return this.#kept.map(({ version, values, idh }) => ({
      version,
      cursor: {
        back: this.#way === -1,
        idh,
        values: values.map((value) => (value === undefined ? null : JSON.stringify(value))),
      },
    }));
  }

  #compare(a: Ranked, b: Ranked): number {
    for (let i = 0; i < this.#sort.length; i++) {
      const order = compare(a.values[i], b.values[i], this.#sort[i]!.descending);
      if (order !== 0) return order * this.#way;
    }
    return (a.idh < b.idh ? -1 : a.idh > b.idh ? 1 : 0) * this.#way;
  }
}

function compare(a: Value | undefined, b: Value | undefined, descending: boolean): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  if (a === b) return 0;
  return a < b === descending ? 1 : -1;
}

/** The least value, or the greatest when the order descends. */
function keyOf(
  { parameter, descending }: SortKey,
  version: StoredVersion,
  resource: unknown,
): Value | undefined {
  if (parameter === '_id') return version.id;
  if (parameter === '_lastUpdated') return intervalOf(version.lastUpdated)?.low;
  const values = parameter.paths.flatMap((path) =>
    valuesAt(resource, path).flatMap((value) => simpleValues(parameter, path.type, value)),
  );
  return values.reduce<Value | undefined>((best, value) => {
    return best === undefined || value < best !== descending ? value : best;
  }, undefined);
}

function simpleValues(parameter: IndexedParameter, type: string, value: unknown): Value[] {
  switch (parameter.kind) {
    case 'date':
      return dateInterval(type, value) ? [dateInterval(type, value)!.low] : [];
    case 'number':
      return typeof value === 'number' ? [value] : [];
    case 'quantity':
      return quantityValue(type, value) ? [quantityValue(type, value)!.lo] : [];
    case 'string':
      return textsOf(value).map(foldText);
    case 'token':
      return type === 'Identifier' || type === 'ContactPoint'
        ? textOf(value, 'value')
        : typeof value === 'object'
          ? tokensOf(type, value).map((token) => token.code)
          : [String(value)];
    case 'reference':
    case 'uri':
      return typeof value === 'string' ? [value] : textOf(value, 'reference');
    default:
      throw unsupported(
        '_sort',
        `không sắp xếp được theo "${parameter.code}".`,
        `cannot sort by "${parameter.code}".`,
      );
  }
}

function textOf(value: unknown, name: string): string[] {
  const text = (value as Record<string, unknown> | null)?.[name];
  return typeof text === 'string' ? [text] : [];
}

/** A string, or a name or address as written. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const { text, family, given } = value as { text?: unknown; family?: unknown; given?: unknown };
  return [typeof text === 'string' ? text : [family, given].flat().filter(Boolean).join(' ')];
}

/** More matches than are ordered in the program. */
export function tooManyToSort(): Error {
  return unsupported(
    '_sort',
    `thứ tự này chỉ dùng được khi có không quá ${MOST_SORTED} kết quả; hãy thêm điều kiện.`,
    `this order is available for up to ${MOST_SORTED} matches; add criteria.`,
  );
}
