/** From the query string to a `Query`. Pure; everything unknown or malformed fails by name. */
import type { SearchRequest } from '../contract.ts';
import { isResourceType, type StoredType } from '../resource-types.ts';
import { refuseTooMuch } from './effort.ts';
import { invalidValue, unknownParameter } from './faults.ts';
import { indexedParametersOf } from './parameters.ts';
import { parseCriterion } from './parse-criterion.ts';
import { parseInclude, refuseLostIncludes } from './parse-include.ts';
import type { Query, SortKey } from './query.ts';

export const DEFAULT_COUNT = 20;
export const MAX_COUNT = 1000;
const MOST_KEYS = 10;

/** Fails with `unknown-parameter` or `invalid-parameter`, naming the parameter. */
export function parseQuery({ type, params }: SearchRequest): Query {
  if (!isResourceType(type)) throw unknownParameter(type, type);
  const query: Query = {
    type,
    criteria: [],
    includes: [],
    sort: [],
    count: DEFAULT_COUNT,
    total: undefined,
    cursor: undefined,
    params: params.filter(([name]) => name !== '_cursor'),
  };
  for (const [name, value] of params) {
    // A parameter may be called `constructor`.
    const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
    if (control) control(query, name, value);
    else if (/^_(rev)?include(:|$)/.test(name)) query.includes.push(...parseInclude(type, name, value));
    else query.criteria.push(parseCriterion(type, name, value));
  }
  refuseTooMuch(query.criteria);
  refuseLostIncludes(type, query.includes);
  // Wherever `_count` stands: a search that only counts has no page.
  if (params.some(([name]) => name === '_summary')) query.count = 0;
  if (query.sort.length > MOST_KEYS) throw tooManyKeys();
  return query;
}

const CONTROLS: Record<string, (query: Query, name: string, value: string) => void> = {
  _count: (query, name, value) => {
    if (!/^\d+$/.test(value))
      throw invalidValue(name, value, 'số nguyên không âm', 'a whole number, 0 or more');
    query.count = Math.min(Number(value), MAX_COUNT);
  },
  _total: (query, name, value) => {
    if (!['none', 'estimate', 'accurate'].includes(value)) {
      throw invalidValue(name, value, 'none, estimate hoặc accurate', 'none, estimate or accurate');
    }
    query.total = value as 'none';
  },
  _summary: (_query, name, value) => {
    if (value !== 'count') throw invalidValue(name, value, 'count', 'count');
  },
  _sort: (query, name, value) => {
    const keys = value.split(',');
    // R4 search.html#sort: by relevance, which is the order that nobody asked for.
    if (keys.some(isRelevance)) {
      if (keys.length > 1) throw invalidValue(name, value, '_score đứng một mình', '_score by itself');
      return;
    }
    query.sort.push(...keys.map((key) => parseSortKey(query.type, name, key)));
  },
  // What R4 does unless it is asked otherwise; contained resources by themselves are not found.
  _contained: (_query, name, value) => {
    if (value !== 'false') throw invalidValue(name, value, 'false', 'false');
  },
  _cursor: (query, _name, value) => {
    query.cursor = value;
  },
};

const isRelevance = (key: string) => key === '_score' || key === '-_score';

/** A pair of values and a place on the globe come neither before nor after another. */
const WITHOUT_ORDER: ReadonlySet<string> = new Set(['composite', 'special']);

function parseSortKey(type: StoredType, name: string, key: string): SortKey {
  const descending = key.startsWith('-');
  const code = descending ? key.slice(1) : key;
  if (code === '_lastUpdated' || code === '_id') return { parameter: code, descending };
  const parameter = indexedParametersOf(type).get(code);
  if (!parameter) throw invalidValue(name, key, `một tham số của ${type}`, `a search parameter of ${type}`);
  if (WITHOUT_ORDER.has(parameter.kind) || parameter.storage === 'carried') {
    throw invalidValue(name, key, 'một tham số có thứ tự', 'a parameter whose values have an order');
  }
  return { parameter, descending };
}

function tooManyKeys() {
  return invalidValue('_sort', '…', `không quá ${MOST_KEYS} tham số`, `at most ${MOST_KEYS} parameters`);
}
