/** Conditions → SQL on one row of `res` or `shared`. All values are bound. */
import { isSharedType } from '../compartment.ts';
import { type StoredType, typeNumber } from '../resource-types.ts';
import type { Condition } from './condition.ts';
import { intervalTest, pointTest, renderInstant, renderMainDate } from './render-bounds.ts';
import { hashSql } from './render-hash.ts';
import { textTest } from './render-text.ts';
import { renderSeen } from './sight.ts';
import type { Statement } from './statement.ts';

export type Table = 'res' | 'shared';

export interface RenderContext {
  statement: Statement;
  /** Persons whose rows may be looked at inside chains; undefined = all. */
  persons: readonly bigint[] | undefined;
  /**
   * By what few rows are found (small-page.ts): one person's are gone through, whatever the index of tokens would find among
   * all people; of an identifier's, nothing else is looked up in an index.
   */
  by?: 'person' | 'identifier';
}

/** Tables in which rows of a type lie: with their person, among the shared ones, or some here and some there. */
export function tablesOf(type: StoredType): Table[] {
  if (type === 'Patient') return ['res'];
  return isSharedType(type) ? ['shared'] : ['res', 'shared'];
}

/** @param r alias of the row's table */
export function render(condition: Condition, r: string, context: RenderContext): string {
  const { statement } = context;
  switch (condition.op) {
    case 'true':
    case 'false':
      return condition.op;
    case 'and':
    case 'or':
      return `(${condition.of.map((part) => render(part, r, context)).join(` ${condition.op} `)})`;
    case 'not':
      // A row without a date is not within any: `not` of an empty comparison is true.
      return `(${render(condition.of, r, context)}) is not true`;
    case 'tok':
      return hasToken(condition.any, condition.rare === true, r, context);
    case 'person':
      return condition.pts.length === 1
        ? `${r}.pt = ${statement.int8(condition.pts[0]!)}`
        : `${r}.pt = any (${statement.int8s(condition.pts)})`;
    case 'of':
      return `${r}.pt = any (${statement.int8s(condition.pts)})`;
    case 'seen':
      return within(context, renderSeen(condition, r, statement));
    case 'present':
      return `(${r}.has & ${statement.int8(condition.bits)}) <> 0`;
    case 'row':
      return renderRow(condition.places, r, statement);
    case 'updated':
      return within(context, renderInstant(condition.bounds, `${r}.ts`, statement));
    case 'main-date':
      return renderMainDate(condition.type, condition.bounds, r, statement, (hash) =>
        hasToken([hash], false, r, context),
      );
    case 'ord':
      return inOrd(condition.p, r, statement, (o) => intervalTest(condition.bounds, o, statement));
    case 'stretch': {
      const { start, end } = condition;
      const test = (o: string) =>
        `${pointTest(start, `${o}.lo`, statement)} and ${pointTest(end, `${o}.hi`, statement)}`;
      return inOrd(condition.p, r, statement, test);
    }
    case 'near':
      return inOrd([condition.p], r, statement, (o) => nearTest(condition, o, statement));
    case 'str':
      return inStr(condition.p, r, statement, (s) => textTest(condition.match, s, statement));
    case 'refers':
    case 'referred':
      return renderLink(condition, r, context);
    case 'words':
    case 'ids':
    case 'members':
    case 'subsumed':
    case 'hierarchy':
    case 'defined':
    case 'defining':
    case 'checked':
      throw new Error(`condition ${condition.op} reached the SQL unresolved`);
  }
}

/**
 * One of the hashes is in `tok`. Where few rows are found otherwise the index of tokens is not asked: a common code has an
 * entry there for every hundredth resource of the province.
 */
function hasToken(any: readonly bigint[], rare: boolean, r: string, context: RenderContext): string {
  const { statement, by } = context;
  if (by === 'person' && any.length === 1) return `${statement.int8(any[0]!)} = any (${r}.tok)`;
  const test = `${r}.tok ${any.length === 1 ? '@>' : '&&'} ${statement.int8s(any)}`;
  return by === 'identifier' && rare ? test : within(context, test);
}

/** A test of rows that are found otherwise: in a form that no index answers. */
function within({ by }: RenderContext, test: string): string {
  return by === undefined ? test : `(${test}) is true`;
}

function renderRow(places: { pt: bigint; idh: bigint }[], r: string, statement: Statement): string {
  const pts = [...new Set(places.map((place) => place.pt))];
  const idhs = places.map((place) => place.idh);
  return `(${r}.pt = any (${statement.int8s(pts)}) and ${r}.idh = any (${statement.int8s(idhs)}))`;
}

function oneOf(column: string, values: readonly bigint[], statement: Statement): string {
  return values.length === 1
    ? `${column} = ${statement.int8(values[0]!)}`
    : `${column} = any (${statement.int8s(values)})`;
}

type Test = (alias: string) => string;

function inOrd(p: readonly bigint[], r: string, statement: Statement, test: Test): string {
  const o = statement.alias();
  return `(${r}.pt, ${r}.idh) in (select ${o}.pt, ${o}.idh from ord ${o} where ${oneOf(`${o}.p`, p, statement)} and ${test(o)})`;
}

function inStr(p: readonly bigint[], r: string, statement: Statement, test: Test): string {
  const s = statement.alias();
  return `(${r}.pt, ${r}.idh) in (select ${s}.pt, ${s}.idh from str ${s} where ${oneOf(`${s}.p`, p, statement)} and ${test(`${s}.s`)})`;
}

/** Mean radius of the Earth and length of a degree of latitude, metres. */
const EARTH = 6_371_008.8;
const DEGREE = 111_195;

/** Great circle by the haversine formula; the latitudes first, by the index. */
function nearTest(
  { latitude, longitude, meters }: Condition & { op: 'near' },
  o: string,
  statement: Statement,
): string {
  const [lat, lon, far] = [latitude, longitude, meters].map((value) => statement.float8(value));
  const south = statement.float8(latitude - meters / DEGREE - 0.001);
  const north = statement.float8(latitude + meters / DEGREE + 0.001);
  const half = `sin(radians(${o}.lo - ${lat}) / 2) ^ 2
    + cos(radians(${o}.lo)) * cos(radians(${lat})) * sin(radians(${o}.hi - ${lon}) / 2) ^ 2`;
  return `${o}.lo between ${south} and ${north} and ${2 * EARTH} * asin(sqrt(least(1, ${half}))) <= ${far}`;
}

type Link = Condition & { op: 'refers' | 'referred' };

/**
 * Chains and reverse chains inside one statement. A reference to the row's own person is the column `pt`; any other is
 * a hash in `tok`, recomputed from the other row's id (`hash64` of kernel/store/hash.ts).
 */
function renderLink(link: Link, r: string, context: RenderContext): string {
  const { statement } = context;
  const inner = (type: StoredType, select: (x: string) => string) =>
    tablesOf(type)
      .filter((table) => !(table === 'shared' && link.reference === 'own'))
      .map((table) => {
        const x = statement.alias();
        const allowed =
          table === 'res' && context.persons ? ` and ${oneOf(`${x}.pt`, context.persons, statement)}` : '';
        const test = render(link.inner, x, { statement, persons: context.persons });
        return `select ${select(x)} from ${table} ${x} where ${x}.t = ${typeNumber(type)}${allowed} and ${test}`;
      })
      .join(' union all ');
  const key = (x: string) => hashSql(`${statement.text(`${link.reference}|${link.target}/`)} || ${x}.id`);
  if (link.op === 'refers') {
    if (link.reference === 'own') return `${r}.pt in (${inner(link.target, (x) => `${x}.pt`)})`;
    return within(context, `${r}.tok && array(${inner(link.target, key)})`);
  }
  if (link.reference === 'own') return `${r}.pt in (${inner(link.source, (x) => `${x}.pt`)})`;
  return `${key(r)} in (${inner(link.source, (x) => `unnest(${x}.tok)`)})`;
}
