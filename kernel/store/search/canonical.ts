/**
 * Links by canonical address (R4 references.html#canonical): `Measure.library` names a Library by its `url`, with or without
 * a version, and not by its id. Chains, `_has` and includes over such a parameter ask here first; an address without a
 * version is any version of it.
 */
import type { StoredVersion } from '../contract.ts';
import { isResourceType, RESOURCE_TYPES, type StoredType, typeNumber } from '../resource-types.ts';
import { toVersions, type VersionRow, versionColumns } from '../rows.ts';
import { and, type Condition, FALSE, or } from './condition.ts';
import { unsupported } from './faults.ts';
import { referenceKey, tokenKey } from './keys.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import { render, type Table, tablesOf } from './render.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

/** Definitions that one link of a chain may lead to, and addresses that one reverse chain may come from. */
const MOST_DEFINITIONS = 2_000;

export interface Definition {
  url: string;
  version: string | undefined;
}

/** True when the parameter refers by canonical address. */
export function isCanonical({ storage, paths }: IndexedParameter): boolean {
  return storage === 'references' && paths.some(({ type }) => type === 'canonical' || type === 'uri');
}

/** True when the parameter refers by canonical address alone. */
export function isOnlyCanonical(parameter: IndexedParameter): boolean {
  const { paths } = parameter;
  return isCanonical(parameter) && paths.every(({ type }) => type === 'canonical' || type === 'uri');
}

/** Types that a parameter may lead to by canonical address: those with a `url`. */
export function definitionTypes({ targets }: IndexedParameter): StoredType[] {
  const types = targets.length > 0 ? targets.filter(isResourceType) : RESOURCE_TYPES;
  return types.filter((type) => indexedParametersOf(type).get('url')?.storage === 'uris');
}

/** What a resource is called by canonical addresses; null when it has no `url`. */
export function definitionOf({ body }: StoredVersion): Definition | null {
  const { url, version } = JSON.parse(body.toString()) as { url?: unknown; version?: unknown };
  if (typeof url !== 'string') return null;
  return { url, version: typeof version === 'string' ? version : undefined };
}

/** The parts of `url|version`. */
function splitAddress(address: string): Definition {
  const bar = address.indexOf('|');
  if (bar < 0) return { url: address, version: undefined };
  return { url: address.slice(0, bar), version: address.slice(bar + 1).replace(/#.*$/, '') };
}

/** True when one of the addresses names the definition. */
export function isNamed({ url, version }: Definition, addresses: Iterable<string>): boolean {
  for (const address of addresses) {
    const asked = splitAddress(address);
    if (asked.url === url && (asked.version === undefined || asked.version === version)) return true;
  }
  return false;
}

/**
 * Rows that refer to definitions which fulfil a condition.
 * @param of resolved, of rows of `target` @param persons whose rows may be looked at; undefined = all
 */
export async function findDefined(
  tools: SearchTools,
  { parameter, target, name }: Condition & { op: 'defined' },
  of: Condition,
  persons: readonly bigint[] | undefined,
): Promise<Condition> {
  if (of.op === 'false') return FALSE;
  const statement = new Statement();
  const parts = tablesOf(target).map((table) => {
    const allowed = allowedRows(table, 'r', persons, statement);
    return `(select ${versionColumns('r')} from ${table} r left join person on person.pt = r.pt
      where r.t = ${typeNumber(target)}${allowed} and ${render(of, 'r', { statement, persons })} limit ${MOST_DEFINITIONS + 1})`;
  });
  const { rows } = await tools.db.query<VersionRow>(parts.join(' union all '), statement.values);
  if (rows.length > MOST_DEFINITIONS) throw tooMany(name);
  const found = (await toVersions(rows, tools.codecs)).flatMap((version) => definitionOf(version) ?? []);
  return refersTo(tools, parameter, found);
}

/** Rows whose parameter names one of the definitions: with its version, or without any. */
export async function refersTo(
  { db }: SearchTools,
  { q }: IndexedParameter,
  definitions: readonly Definition[],
): Promise<Condition> {
  const urls = [...new Set(definitions.map(({ url }) => url))];
  if (urls.length === 0) return FALSE;
  const versioned = await db.query<{ code: string }>(
    `select c.code from unnest($2::text[]) u(url) join code c
       on c.p = $1 and c.code collate "C" >= u.url || '|' and c.code collate "C" < u.url || '}'`,
    [q, urls],
  );
  // A row that names a version also has the token of the bare address: it is set apart where versions are in use.
  const others = new Map<string, string[]>();
  for (const { code } of versioned.rows) {
    const { url } = splitAddress(code);
    others.set(url, [...(others.get(url) ?? []), code]);
  }
  const exact = versioned.rows.filter(({ code }) => definitions.some((one) => isNamed(one, [code])));
  const plain = urls.filter((url) => !others.has(url));
  const parts: Condition[] = [
    { op: 'tok', any: [...plain, ...exact.map(({ code }) => code)].map((code) => referenceKey(q, code)) },
  ];
  for (const [url, codes] of others) {
    const elsewhere: Condition = { op: 'tok', any: codes.map((code) => referenceKey(q, code)) };
    parts.push(
      and([
        { op: 'tok', any: [referenceKey(q, url)] },
        { op: 'not', of: elsewhere },
      ]),
    );
  }
  return or(parts.filter((part) => part.op !== 'tok' || part.any.length > 0));
}

/**
 * Definitions that some resource which fulfils a condition refers to.
 * @param of resolved, of rows of `source` @param persons whose rows may be looked at; undefined = all
 */
export async function findDefining(
  { db }: SearchTools,
  { parameter, target, source, name }: Condition & { op: 'defining' },
  of: Condition,
  persons: readonly bigint[] | undefined,
): Promise<Condition> {
  if (of.op === 'false') return FALSE;
  const words = await addressesInUse(db, parameter, name);
  if (words.length === 0) return FALSE;
  const statement = new Statement();
  const asked = statement.int8s(words.map(({ h }) => h));
  const pairs = words.flatMap((bare) =>
    words.filter(({ code }) => code.startsWith(`${bare.code}|`)).map(({ h }) => ({ bare: bare.h, h })),
  );
  // A row that names a version has the token of the bare address, too.
  const [bare, versioned] = [
    statement.int8s(pairs.map((pair) => pair.bare)),
    statement.int8s(pairs.map(({ h }) => h)),
  ];
  const parts = tablesOf(source).map((table) => {
    const allowed = allowedRows(table, 'x', persons, statement);
    return `select k.h from ${table} x cross join lateral unnest(x.tok) k (h)
      where x.t = ${typeNumber(source)}${allowed} and x.tok && ${asked} and ${render(of, 'x', { statement, persons })}
      and k.h = any (${asked})
      and not exists (select from unnest(${bare}, ${versioned}) b (h, v) where b.h = k.h and b.v = any (x.tok))`;
  });
  const { rows } = await db.query<{ h: string }>(parts.join(' union '), statement.values);
  const found = new Set(rows.map(({ h }) => BigInt(h)));
  return or(words.filter(({ h }) => found.has(h)).map(({ code }) => definedBy(target, splitAddress(code))));
}

/** What the parameter names anywhere, with the hashes. */
async function addressesInUse(db: SearchTools['db'], { q }: IndexedParameter, name: string) {
  const { rows } = await db.query<{ h: string; code: string }>(
    `select h, code from code where p = $1 limit ${MOST_DEFINITIONS + 1}`,
    [q],
  );
  if (rows.length > MOST_DEFINITIONS) throw tooMany(name);
  return rows.map(({ h, code }) => ({ h: BigInt(h), code }));
}

/** Limits a table with persons' rows to those that may be looked at. */
export function allowedRows(
  table: Table,
  alias: string,
  persons: readonly bigint[] | undefined,
  statement: Statement,
): string {
  return table === 'res' && persons ? ` and ${alias}.pt = any (${statement.int8s(persons)})` : '';
}

/** Rows of a type by their canonical address. */
function definedBy(type: StoredType, { url, version }: Definition): Condition {
  const parameters = indexedParametersOf(type);
  const byUrl = parameters.get('url');
  if (byUrl?.storage !== 'uris') return FALSE;
  const known = parameters.get('version');
  const ofUrl: Condition = { op: 'tok', any: [referenceKey(byUrl.q, url)] };
  if (version === undefined || known?.storage !== 'tokens') return ofUrl;
  return and([ofUrl, { op: 'tok', any: [tokenKey(known.q, '', version)] }]);
}

/** Rows of a type that one of the addresses names. */
export function definedByAny(type: StoredType, addresses: Iterable<string>): Condition {
  return or([...addresses].map((address) => definedBy(type, splitAddress(address))));
}

function tooMany(name: string) {
  return unsupported(
    name,
    `dẫn đến hơn ${MOST_DEFINITIONS} định nghĩa; hãy thêm điều kiện.`,
    `leads to more than ${MOST_DEFINITIONS} definitions; add criteria.`,
  );
}
