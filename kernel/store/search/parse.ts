/** From the query string to a `Query`. Pure; everything unknown or malformed fails by name. */
import type { SearchRequest } from '../contract.ts';
import { isResourceType, type StoredType } from '../resource-types.ts';
import { invalidValue, unknownModifier, unknownParameter, unsupported } from './faults.ts';
import { modifiersOf } from './modifiers.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import { parseInclude } from './parse-include.ts';
import type { Criterion, Query, SortKey } from './query.ts';
import { splitUnescaped } from './values.ts';

export const DEFAULT_COUNT = 20;
export const MAX_COUNT = 1000;
const MAX_DEPTH = 6;

/** Fails with `unknown-parameter` or `invalid-parameter`, naming the parameter. */
export function parseQuery({ type, params }: SearchRequest): Query {
  if (!isResourceType(type)) throw unknownParameter(type, type);
  const query: Query = {
    type,
    criteria: [],
    includes: [],
    sort: [],
    count: DEFAULT_COUNT,
    total: false,
    cursor: undefined,
    params: params.filter(([name]) => name !== '_cursor'),
  };
  for (const [name, value] of params) {
    // A parameter may be called `constructor`.
    const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
    if (control) control(query, name, value);
    else if (/^_(rev)?include(:|$)/.test(name)) query.includes.push(parseInclude(type, name, value));
    else query.criteria.push(parseCriterion(type, name, value, 0));
  }
  // Wherever `_count` stands: a search that only counts has no page.
  if (params.some(([name]) => name === '_summary')) query.count = 0;
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
    query.total = value !== 'none';
  },
  _summary: (_query, name, value) => {
    if (value !== 'count') throw invalidValue(name, value, 'count', 'count');
  },
  _sort: (query, name, value) => {
    query.sort.push(...value.split(',').map((key) => parseSortKey(query.type, name, key)));
  },
  _cursor: (query, _name, value) => {
    query.cursor = value;
  },
};

function parseSortKey(type: StoredType, name: string, key: string): SortKey {
  const descending = key.startsWith('-');
  const code = descending ? key.slice(1) : key;
  if (code === '_lastUpdated' || code === '_id') return { parameter: code, descending };
  const parameter = indexedParametersOf(type).get(code);
  if (!parameter) throw invalidValue(name, key, `một tham số của ${type}`, `a search parameter of ${type}`);
  return { parameter, descending };
}

/** @param depth how many chains and reverse chains lead here */
export function parseCriterion(type: StoredType, name: string, value: string, depth: number): Criterion {
  if (depth > MAX_DEPTH)
    throw unsupported(name, `chuỗi quá ${MAX_DEPTH} mắt.`, `a chain of more than ${MAX_DEPTH} links.`);
  if (name.startsWith('_has:')) return parseHas(type, name, value, depth);
  const dot = name.indexOf('.');
  if (dot > 0) return parseChain(type, name, value, dot, depth);
  const [code = '', modifier, ...more] = name.split(':');
  if (more.length > 0) throw unknownModifier(code, `${modifier}:${more.join(':')}`, []);
  const values = valuesOf(name, value);
  if (code === '_id') return parseId(type, name, modifier, values);
  if (code === '_lastUpdated') {
    if (modifier !== undefined) throw unknownModifier(code, modifier, []);
    return { kind: 'updated', name, values };
  }
  const parameter = indexedParametersOf(type).get(code);
  if (!parameter) throw unknownParameter(type, code);
  if (modifier !== undefined) checkModifier(parameter, code, modifier);
  return { kind: 'parameter', name, parameter, modifier, values };
}

function valuesOf(name: string, value: string): string[] {
  if (value.includes('\0'))
    throw invalidValue(name, value, 'giá trị không có ký tự NUL', 'a value without the character NUL');
  const values = splitUnescaped(value, ',');
  if (values.some((v) => v.trim() === ''))
    throw invalidValue(name, value, 'giá trị không rỗng', 'a value that is not empty');
  return values;
}

function parseId(type: StoredType, name: string, modifier: string | undefined, ids: string[]): Criterion {
  if (modifier !== undefined) throw unknownModifier('_id', modifier, []);
  return { kind: 'id', name, type, ids };
}

function checkModifier(parameter: IndexedParameter, code: string, modifier: string): void {
  const allowed = modifiersOf(parameter);
  if (allowed.includes(modifier)) return;
  const isTarget =
    parameter.kind === 'reference' && isResourceType(modifier) && mayTarget(parameter, modifier);
  if (!isTarget)
    throw unknownModifier(code, modifier, parameter.kind === 'reference' ? [...allowed, '[type]'] : allowed);
}

function mayTarget(parameter: IndexedParameter, type: string): boolean {
  return parameter.targets.length === 0 || parameter.targets.includes(type);
}

/** `subject:Patient.name:contains=…`; without a type, every target that knows the rest is meant. */
function parseChain(type: StoredType, name: string, value: string, dot: number, depth: number): Criterion {
  const [code = '', given, ...more] = name.slice(0, dot).split(':');
  const rest = name.slice(dot + 1);
  const parameter = indexedParametersOf(type).get(code);
  if (!parameter) throw unknownParameter(type, code);
  if (parameter.kind !== 'reference' || more.length > 0) {
    throw unsupported(
      name,
      'chỉ nối tiếp được qua tham số kiểu reference.',
      'only reference parameters can be chained.',
    );
  }
  if (given !== undefined && !(isResourceType(given) && mayTarget(parameter, given))) {
    throw unknownModifier(code, given, parameter.targets);
  }
  const candidates = given !== undefined ? [given] : parameter.targets;
  if (candidates.length === 0) {
    throw unsupported(
      name,
      `hãy nói rõ loại: ${code}:Patient.${rest}`,
      `name the type: ${code}:Patient.${rest}`,
    );
  }
  const targets = candidates.flatMap((target) =>
    readAs(target as StoredType, rest, value, depth, candidates.length === 1),
  );
  if (targets.length === 0) throw unknownParameter(candidates.join('|'), rest);
  return { kind: 'chain', name, parameter, targets };
}

/** The rest of a chain for one target type; none when the type does not know it and others may. */
function readAs(type: StoredType, rest: string, value: string, depth: number, only: boolean) {
  const head = rest.split(/[.:]/)[0]!;
  const known = indexedParametersOf(type).has(head) || ['_id', '_lastUpdated', '_has'].includes(head);
  if (!known && !only) return [];
  return [{ type, inner: parseCriterion(type, rest, value, depth + 1) }];
}

/** `_has:Observation:patient:code=…` */
function parseHas(type: StoredType, name: string, value: string, depth: number): Criterion {
  const [, source = '', code = ''] = name.split(':');
  const rest = name.split(':').slice(3).join(':');
  if (!isResourceType(source) || code === '' || rest === '') {
    throw invalidValue(name, value, '_has:Loại:thamchiếu:thamsố', '_has:Type:reference:parameter');
  }
  const parameter = indexedParametersOf(source).get(code);
  if (!parameter) throw unknownParameter(source, code);
  if (parameter.kind !== 'reference' || !mayTarget(parameter, type)) {
    throw unsupported(
      name,
      `${source}.${code} không tham chiếu đến ${type}.`,
      `${source}.${code} does not refer to ${type}.`,
    );
  }
  return {
    kind: 'has',
    name,
    target: type,
    source,
    parameter,
    inner: parseCriterion(source, rest, value, depth + 1),
  };
}
