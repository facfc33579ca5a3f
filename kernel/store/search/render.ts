/** Conditions → SQL on one row of `res` or `shared`. All values are bound. */
import { isSharedType } from '../compartment.ts';
import { type StoredType, typeNumber } from '../resource-types.ts';
import type { Bounds, Condition, TextMatch } from './condition.ts';
import { longKey } from './keys.ts';
import type { Statement } from './statement.ts';

export type Table = 'res' | 'shared';

export interface RenderContext {
  statement: Statement;
  /** Persons whose rows may be looked at inside chains; undefined = all. */
  persons: readonly bigint[] | undefined;
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
      return `not ${render(condition.of, r, context)}`;
    case 'tok':
      return `${r}.tok ${condition.any.length === 1 ? '@>' : '&&'} ${statement.int8s(condition.any)}`;
    case 'person':
      return condition.pts.length === 1
        ? `${r}.pt = ${statement.int8(condition.pts[0]!)}`
        : `${r}.pt = any (${statement.int8s(condition.pts)})`;
    case 'present':
      return `(${r}.has & ${statement.int8(condition.bits)}) <> 0`;
    case 'row':
      return renderRow(condition.places, r, statement);
    case 'updated':
      return renderInstant(condition.bounds, `${r}.ts`, statement);
    case 'main-date':
      return renderMainDate(condition.type, condition.bounds, r, statement);
    case 'ord':
      return renderOrd(condition.p, condition.bounds, r, statement);
    case 'str':
      return renderStr(condition.p, condition.match, r, statement);
    case 'refers':
    case 'referred':
      return renderLink(condition, r, context);
    case 'words':
    case 'ids':
      throw new Error(`condition ${condition.op} reached the SQL unresolved`);
  }
}

function renderRow(places: { pt: bigint; idh: bigint }[], r: string, statement: Statement): string {
  const pts = [...new Set(places.map((place) => place.pt))];
  const idhs = places.map((place) => place.idh);
  return `(${r}.pt = any (${statement.int8s(pts)}) and ${r}.idh = any (${statement.int8s(idhs)}))`;
}

/** R4 search 3.1.1.4.7 on intervals [low, high): `lo` and `hi` are SQL, the bounds are bound. */
function compare(
  prefix: Bounds['prefix'],
  lo: string,
  hi: string,
  low: () => string,
  high: () => string,
): string {
  switch (prefix) {
    case 'eq':
      // The bound on `lo` follows from the others; an index on it needs to be told.
      return `(${lo} >= ${low()} and ${lo} < ${high()} and ${hi} <= ${high()})`;
    case 'ne':
      return `not (${lo} >= ${low()} and ${hi} <= ${high()})`;
    case 'gt':
      return `${hi} > ${high()}`;
    case 'lt':
      return `${lo} < ${low()}`;
    case 'ge':
      return `(${hi} > ${high()} or ${lo} >= ${low()})`;
    case 'le':
      return `(${lo} < ${high()} and (${lo} < ${low()} or ${hi} <= ${high()}))`;
    case 'sa':
      return `${lo} >= ${high()}`;
    case 'eb':
      return `(${lo} < ${low()} and ${hi} <= ${low()})`;
    case 'ap':
      return `(${lo} < ${high()} and ${hi} > ${low()})`;
  }
}

/** meta.lastUpdated is a point. */
function renderInstant({ prefix, low, high }: Bounds, column: string, statement: Statement): string {
  const from = () => statement.instant(low);
  const to = () => statement.instant(high);
  switch (prefix) {
    case 'eq':
    case 'ap':
      return `(${column} >= ${from()} and ${column} < ${to()})`;
    case 'ne':
      return `not (${column} >= ${from()} and ${column} < ${to()})`;
    case 'gt':
    case 'sa':
      return `${column} >= ${to()}`;
    case 'ge':
      return `${column} >= ${from()}`;
    case 'lt':
    case 'eb':
      return `${column} < ${from()}`;
    case 'le':
      return `${column} < ${to()}`;
  }
}

/**
 * The clinical date. `ge`, `gt` and `ap` leave the beginning of the row's interval open, which no index on `d0` could
 * bound; so rows of more than a day, which carry a mark, are taken by the mark, all others by their beginning.
 */
function renderMainDate(type: StoredType, bounds: Bounds, r: string, statement: Statement): string {
  const { prefix, low, high } = bounds;
  const test = compare(
    prefix,
    `${r}.d0`,
    `${r}.d1`,
    () => statement.instant(low),
    () => statement.instant(high),
  );
  if (prefix !== 'ge' && prefix !== 'gt' && prefix !== 'ap') return test;
  const reach = statement.instant(low - 2 * 86_400_000);
  return `(${test} and (${r}.d0 >= ${reach} or ${r}.tok @> ${statement.int8s([longKey(type)])}))`;
}

function renderOrd(p: readonly bigint[], bounds: Bounds, r: string, statement: Statement): string {
  const o = statement.alias();
  const test = bounds.value === undefined ? dateTest(bounds, o, statement) : numberTest(bounds, o, statement);
  return `(${r}.pt, ${r}.idh) in (select ${o}.pt, ${o}.idh from ord ${o} where ${oneOf(`${o}.p`, p, statement)} and ${test})`;
}

function dateTest({ prefix, low, high }: Bounds, o: string, statement: Statement): string {
  return compare(
    prefix,
    `${o}.lo`,
    `${o}.hi`,
    () => statement.float8(low),
    () => statement.float8(high),
  );
}

/** R4 3.1.1.4.6: eq and ne use the precision of the number asked for, the other prefixes the number itself. */
function numberTest({ prefix, low, high, value }: Bounds, o: string, statement: Statement): string {
  const number = () => statement.float8(value!);
  switch (prefix) {
    case 'eq':
      return `${o}.lo >= ${statement.float8(low)} and ${o}.hi < ${statement.float8(high)}`;
    case 'ne':
      return `not (${o}.lo >= ${statement.float8(low)} and ${o}.hi < ${statement.float8(high)})`;
    case 'ap':
      return `${o}.lo <= ${statement.float8(high)} and ${o}.hi >= ${statement.float8(low)}`;
    case 'gt':
      return `${o}.hi > ${number()}`;
    case 'ge':
      return `${o}.hi >= ${number()}`;
    case 'lt':
      return `${o}.lo < ${number()}`;
    case 'le':
      return `${o}.lo <= ${number()}`;
    case 'sa':
      return `${o}.lo > ${number()}`;
    case 'eb':
      return `${o}.hi < ${number()}`;
  }
}

function oneOf(column: string, values: readonly bigint[], statement: Statement): string {
  return values.length === 1
    ? `${column} = ${statement.int8(values[0]!)}`
    : `${column} = any (${statement.int8s(values)})`;
}

function renderStr(p: readonly bigint[], match: TextMatch, r: string, statement: Statement): string {
  const s = statement.alias();
  const test = textTest(match, `${s}.s`, statement);
  return `(${r}.pt, ${r}.idh) in (select ${s}.pt, ${s}.idh from str ${s} where ${oneOf(`${s}.p`, p, statement)} and ${test})`;
}

/** Half-open range of all texts with a beginning, in byte order. */
export function prefixTest(column: string, prefix: string, statement: Statement): string {
  return `(${column} >= ${statement.text(prefix)} and ${column} < ${statement.text(`${prefix}\u{10ffff}`)})`;
}

/** Every given word begins a word of the name after the first. Folded words have no LIKE characters. */
export function wordsTest(column: string, words: readonly string[], statement: Statement): string {
  return `${column} like all (${statement.bind(words.map((word) => `% ${word}%`))}::text[])`;
}

function textTest(match: TextMatch, column: string, statement: Statement): string {
  switch (match.kind) {
    case 'equals':
      return `${column} = ${statement.text(match.s)}`;
    case 'prefix':
      return prefixTest(column, match.s, statement);
    case 'contains':
      return `${column} like ${statement.text(`%${match.s}%`)}`;
    case 'word':
      return `(' ' || ${column}) like ${statement.text(`% ${match.s}%`)}`;
    case 'name': {
      const [first = '', ...others] = match.words;
      const start = prefixTest(column, first, statement);
      return others.length === 0 ? start : `${start} and ${wordsTest(column, others, statement)}`;
    }
  }
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
        const test = render(link.inner, x, context);
        return `select ${select(x)} from ${table} ${x} where ${x}.t = ${typeNumber(type)}${allowed} and ${test}`;
      })
      .join(' union all ');
  const key = (x: string) => hashSql(`${statement.text(`${link.reference}|${link.target}/`)} || ${x}.id`);
  if (link.op === 'refers') {
    if (link.reference === 'own') return `${r}.pt in (${inner(link.target, (x) => `${x}.pt`)})`;
    return `${r}.tok && array(${inner(link.target, key)})`;
  }
  if (link.reference === 'own') return `${r}.pt in (${inner(link.source, (x) => `${x}.pt`)})`;
  return `${key(r)} in (${inner(link.source, (x) => `unnest(${x}.tok)`)})`;
}

/** The same as `hash64`. */
export function hashSql(text: string): string {
  return `('x' || left(md5(${text}), 16))::bit(64)::int8`;
}
