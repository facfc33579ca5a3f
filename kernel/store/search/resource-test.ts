/**
 * Criteria that one resource answers by itself: planned as any search is, and tested on the index rows that the resource
 * would be stored with. So what the database finds and what is told of one resource cannot differ. Pure.
 */
import type { Resource, ResourceType } from '../../fhir/types.ts';
import { patientOf, shardKey } from '../compartment.ts';
import type { IndexRow } from '../index-row.ts';
import { type Bounds, type Condition, isOwn, type TextMatch, type WordQuery } from './condition.ts';
import { testOf } from './exact.ts';
import { extractIndexes } from './extract.ts';
import { unsupported } from './faults.ts';
import { parseQuery } from './parse.ts';
import { planCriteria } from './plan.ts';
import type { Criterion } from './query.ts';

export type ResourceTest = (resource: Resource) => boolean;
type Pairs = readonly (readonly [string, string])[];

/**
 * @returns whether a resource of the type fulfils all criteria
 * @throws Failure `unknown-parameter` or `invalid-parameter`, also for criteria that other resources, value sets or the
 * order of an answer decide
 */
export function resourceTest(type: ResourceType, params: Pairs): ResourceTest {
  return rowTest(ownCondition(type, params));
}

/** @param condition that a row tells by itself (`isOwn`) */
export function rowTest(condition: Condition): ResourceTest {
  return (resource) => holds(condition, { resource, row: extractIndexes(resource) });
}

/** The same criteria for the database. Throws what `resourceTest` throws. */
export function ownCondition(type: ResourceType, params: Pairs): Condition {
  const query = parseQuery({ type, params: params.map(([name, value]) => [name, value]) });
  if (query.criteria.length < params.length) {
    const name = params.find(([one]) => one.startsWith('_'))?.[0] ?? type;
    throw unsupported(name, 'không phải là điều kiện tìm.', 'is no criterion.');
  }
  for (const criterion of query.criteria) refuseOthers(criterion);
  const condition = planCriteria(query.criteria);
  if (!isOwn(condition)) throw decidedElsewhere(query.criteria[0]!.name);
  return condition;
}

/** Tests on texts as they were typed, narratives, chains and expressions: the index does not tell them of one resource. */
function refuseOthers(criterion: Criterion): void {
  const { kind, name } = criterion;
  const isPlain =
    kind === 'id' ||
    (kind === 'not' && criterion.of.kind === 'id') ||
    (kind === 'parameter' && criterion.modifier !== 'text' && testOf(criterion) === null);
  if (!isPlain) throw decidedElsewhere(name);
}

function decidedElsewhere(name: string) {
  return unsupported(
    name,
    'không xét được trên riêng một tài nguyên.',
    'cannot be told from one resource by itself.',
  );
}

interface Subject {
  resource: Resource;
  row: IndexRow;
}

function holds(condition: Condition, subject: Subject): boolean {
  const { resource, row } = subject;
  switch (condition.op) {
    case 'true':
      return true;
    case 'and':
      return condition.of.every((part) => holds(part, subject));
    case 'or':
      return condition.of.some((part) => holds(part, subject));
    case 'not':
      return !holds(condition.of, subject);
    case 'tok':
      return condition.any.some((hash) => row.tok.includes(hash));
    case 'words':
      return wordsOf(condition.queries, row).some(({ h }) => row.tok.includes(h));
    case 'person': {
      const pt = shardKey(patientOf(resource));
      return pt !== 0n && condition.pts.includes(pt);
    }
    case 'present':
      return (row.has & condition.bits) !== 0n;
    case 'ids':
      return condition.type === resource.resourceType && condition.ids.includes(resource.id ?? '');
    case 'main-date':
      return row.d0 !== null && row.d1 !== null && datesFit(condition.bounds, { lo: row.d0, hi: row.d1 });
    case 'ord':
      return ordersFit(condition, row);
    case 'str': {
      const p = [...condition.p, ...wordsOf(condition.words, row).map(({ h }) => h)];
      return row.str.some((one) => p.includes(one.p) && textFits(condition.match, one.s));
    }
    default:
      return false;
  }
}

function wordsOf(queries: readonly WordQuery[], { codes }: IndexRow): IndexRow['codes'] {
  return codes.filter((word) => queries.some((query) => isMeant(query, word)));
}

function isMeant(query: WordQuery, word: IndexRow['codes'][number]): boolean {
  return (
    word.p === query.p &&
    (query.code === undefined || word.code === query.code) &&
    (query.prefix === undefined || word.code.startsWith(query.prefix)) &&
    (query.contains === undefined || word.code.includes(query.contains)) &&
    (query.sys === undefined || word.sys === query.sys) &&
    (query.accept?.(word) ?? true)
  );
}

function ordersFit({ p, words, bounds }: Condition & { op: 'ord' }, row: IndexRow): boolean {
  if (row.ord.some((one) => p.includes(one.p) && orderFits(bounds, one))) return true;
  return words.some((query) =>
    row.codes.some((word) => {
      if (!isMeant(query, word)) return false;
      const own = query.boundsFor?.(word) ?? bounds;
      return row.ord.some((one) => one.p === word.h && orderFits(own, one));
    }),
  );
}

interface Range {
  lo: number;
  hi: number;
}

const orderFits = (bounds: Bounds, range: Range) =>
  bounds.value === undefined ? datesFit(bounds, range) : numbersFit(bounds, bounds.value, range);

/** R4 3.1.1.4.7, as `render-bounds.ts` says it to the database. */
function datesFit({ prefix, low, high }: Bounds, { lo, hi }: Range): boolean {
  switch (prefix) {
    case 'eq':
      return lo >= low && lo < high && hi <= high;
    case 'ne':
      return !(lo >= low && hi <= high);
    case 'gt':
      return hi > high;
    case 'lt':
      return lo < low;
    case 'ge':
      return hi > high || lo >= low;
    case 'le':
      return lo < high && (lo < low || hi <= high);
    case 'sa':
      return lo >= high;
    case 'eb':
      return lo < low && hi <= low;
    case 'ap':
      return lo < high && hi > low;
  }
}

/** R4 3.1.1.4.6, as `render-bounds.ts` says it to the database. */
function numbersFit({ prefix, low, high }: Bounds, value: number, { lo, hi }: Range): boolean {
  switch (prefix) {
    case 'eq':
      return lo >= low && hi < high;
    case 'ne':
      return !(lo >= low && hi < high);
    case 'ap':
      return lo <= high && hi >= low;
    case 'gt':
      return hi > value;
    case 'ge':
      return hi >= value;
    case 'lt':
      return lo < value;
    case 'le':
      return lo <= value;
    case 'sa':
      return lo > value;
    case 'eb':
      return hi < value;
  }
}

function textFits(match: TextMatch, s: string): boolean {
  switch (match.kind) {
    case 'prefix':
      return s.startsWith(match.s);
    case 'contains':
      return s.includes(match.s);
    case 'name': {
      const [first = '', ...others] = match.words;
      return s.startsWith(first) && others.every((word) => s.includes(` ${word}`));
    }
    default:
      return false;
  }
}
