/** Table `consent_rule`: what is written with a Consent, read for a decision, and made anew from the record. */
import type { Pool, PoolClient } from 'pg';
import type { Issue } from '../../failure.ts';
import type { Consent, Resource, ResourceType } from '../../fhir/types.ts';
import { shardKey } from '../compartment.ts';
import type { StoredVersion } from '../contract.ts';
import type { Queryable } from '../rows.ts';
import { inTransaction } from '../transaction.ts';
import { DEEPEST } from './known.ts';
import { writeNotes } from './notes.ts';
import { type ReadConsent, readConsent } from './read-consent.ts';
import type { ConsentRule } from './rule.ts';

/** Reads what a Consent names; null = there is no such resource. */
export type Fetch = (name: string) => Promise<Resource | null>;

/** A team that names teams and roles: one look for each floor, and one for what stands on the last. */
const ROUNDS = DEEPEST + 1;

/** Reads the ids of an Organization and all that is part of it. */
export type FetchParts = (id: string) => Promise<readonly string[]>;

/** Rules of a Consent, with its teams, roles and holders' parts looked up. */
export async function rulesOfConsent(
  consent: Consent,
  fetch: Fetch,
  fetchParts: FetchParts,
): Promise<ReadConsent> {
  const known = new Map<string, Resource | null>();
  const parts = new Map<string, readonly string[]>();
  for (let round = 0; ; round++) {
    const wanted = new Set<string>();
    const holders = new Set<string>();
    const partsOf = (id: string) => {
      if (!parts.has(id)) holders.add(id);
      return parts.get(id);
    };
    const read = readConsent(
      consent,
      (name) => {
        if (!known.has(name)) wanted.add(name);
        return known.get(name);
      },
      partsOf,
    );
    if (wanted.size === 0 && holders.size === 0) return read;
    // Teams in teams in teams: who is not found by then is not known.
    if (round === ROUNDS) return readConsent(consent, (name) => known.get(name) ?? null, partsOf);
    for (const name of wanted) known.set(name, await fetch(name));
    for (const id of holders) parts.set(id, await fetchParts(id));
  }
}

type ReadVersion = (type: ResourceType, id: string) => Promise<StoredVersion | null>;

/** The resource as it stands now, by `Type/id`. */
export function fetchBy(read: ReadVersion): Fetch {
  return async (name) => {
    const [type = '', id = ''] = name.split('/');
    const stored = await read(type as ResourceType, id);
    return stored === null || stored.deleted ? null : JSON.parse(stored.body.toString('utf8'));
  };
}

/** Where a Consent is not carried out as it says, and what is done instead. */
export async function consentIssues(consent: Consent, read: ReadVersion): Promise<Issue[]> {
  return (await rulesOfConsent(consent, fetchBy(read), async (id) => [id])).issues;
}

const COLUMNS = `consent, n, choice, parent, permit, bits, actors, purposes, types, codes, holders, idh,
  from_at, until_at, data_from, data_until, sources`;

/** Puts the rules of a Consent in the place of those before. */
export async function writeRules(
  db: Queryable,
  patient: string,
  consent: string,
  rules: readonly ConsentRule[],
): Promise<void> {
  const pt = shardKey(patient).toString();
  await db.query('delete from consent_rule where pt = $1 and consent = $2', [pt, consent]);
  for (const [choice, rule] of rules.entries()) {
    await db.query(
      `insert into consent_rule (pt, patient, ${COLUMNS})
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
      [pt, patient, consent, rule.n, choice, ...valuesOf(rule)],
    );
  }
}

/** Removes what is known of a Consent that is no more, or lies elsewhere now. */
export async function removeRules(db: Queryable, pt: bigint, consent: string): Promise<void> {
  await db.query('delete from consent_rule where pt = $1 and consent = $2', [pt.toString(), consent]);
  await db.query('delete from consent_note where pt = $1 and consent = $2', [pt.toString(), consent]);
}

function valuesOf(rule: ConsentRule): unknown[] {
  const instant = (ms: number | null) => (ms === null ? null : new Date(ms));
  return [
    rule.parent,
    rule.permit,
    rule.bits,
    rule.actors,
    rule.purposes,
    rule.types,
    rule.codes?.map(String) ?? null,
    rule.holders,
    rule.idh?.toString() ?? null,
    instant(rule.from),
    instant(rule.until),
    instant(rule.dataFrom),
    instant(rule.dataUntil),
    rule.sources,
  ];
}

interface RuleRow {
  patient: string;
  consent: string;
  n: number;
  parent: number | null;
  permit: boolean;
  bits: number;
  actors: string[] | null;
  purposes: string[] | null;
  types: number[] | null;
  codes: string[] | null;
  holders: number[] | null;
  idh: string | null;
  from_at: Date | null;
  until_at: Date | null;
  data_from: Date | null;
  data_until: Date | null;
  sources: string[];
}

/** Rules of persons that count at an instant, by person; who has none is not among them. */
export async function readRules(
  db: Queryable,
  patients: readonly string[],
  now: Date,
): Promise<Map<string, ConsentRule[]>> {
  if (patients.length === 0) return new Map();
  const { rows } = await db.query<RuleRow>({
    name: 'consent_rules',
    text: `select patient, ${COLUMNS} from consent_rule
      where pt = any($1::int8[]) and (until_at is null or until_at > $2) order by consent, n, choice`,
    values: [patients.map((patient) => shardKey(patient).toString()), now],
  });
  const found = new Map<string, ConsentRule[]>();
  for (const row of rows) {
    const rules = found.get(row.patient);
    if (rules) rules.push(ruleOf(row));
    else found.set(row.patient, [ruleOf(row)]);
  }
  return found;
}

/** More persons than this do not stand in one list. */
const MOST_GRANTERS = 10_000;

/** Persons who permit something, now or later, to a reader of these names. */
export async function readGranters(db: Queryable, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const { rows } = await db.query<{ patient: string }>({
    name: 'consent_granters',
    text: `select distinct patient from consent_rule where permit and actors is not null and actors && $1::text[]
      and actors <@ $1::text[] and (until_at is null or until_at > now()) limit ${MOST_GRANTERS}`,
    values: [names],
  });
  return rows.map(({ patient }) => patient);
}

function ruleOf(row: RuleRow): ConsentRule {
  const { consent, n, parent, permit, bits, actors, purposes, types, holders, sources } = row;
  const ms = (at: Date | null) => at?.getTime() ?? null;
  return {
    consent,
    n,
    parent,
    permit,
    bits,
    actors,
    purposes,
    types,
    codes: row.codes?.map(BigInt) ?? null,
    holders,
    idh: row.idh === null ? null : BigInt(row.idh),
    from: ms(row.from_at),
    until: ms(row.until_at),
    dataFrom: ms(row.data_from),
    dataUntil: ms(row.data_until),
    sources,
  };
}

/** Consents whose rules were read from any of these teams, groups and roles. */
export async function consentsFrom(db: Queryable, sources: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ consent: string }>(
    `select distinct consent from consent_rule where sources && $1::text[] and sources <> '{}'`,
    [sources],
  );
  return rows.map(({ consent }) => consent);
}

/** Consents with a rule about what any of these facilities holds. */
export async function consentsAboutHolders(db: Queryable, holders: readonly number[]): Promise<string[]> {
  const { rows } = await db.query<{ consent: string }>(
    `select distinct consent from consent_rule where holders is not null and holders && $1::int4[]`,
    [holders],
  );
  return rows.map(({ consent }) => consent);
}

/** What a rebuilding found. */
export interface Rebuilt {
  consents: number;
  rules: number;
  /** Consents of which a part is not carried out as it stands. */
  faults: { consent: string; issues: Issue[] }[];
}

/** With which authorities the table was made; null when it never was. */
export async function madeWith(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ authorities: string }>('select authorities from consent_rule_made');
  return rows[0]?.authorities ?? null;
}

/**
 * Makes the table anew from the stored Consents, in one transaction: whoever decides meanwhile sees the rules of before.
 * @param scan every current Consent
 * @param authorities by which the holders' parts are read
 * @param unless it was made with these meanwhile, by another program
 * @returns null when there was nothing to do
 */
export async function rebuildRules(
  pool: Pool,
  scan: () => AsyncIterable<StoredVersion[]>,
  fetch: Fetch,
  fetchParts: (db: Queryable) => FetchParts,
  { authorities, unless }: { authorities: string; unless?: string },
): Promise<Rebuilt | null> {
  return inTransaction(pool, async (client: PoolClient) => {
    // Writers of Consents wait: what they write comes after.
    await client.query('lock table consent_rule in share row exclusive mode');
    if (unless !== undefined && (await madeWith(client)) === unless) return null;
    await client.query('delete from consent_rule');
    await client.query('delete from consent_note');
    const partsOf = fetchParts(client);
    const done: Rebuilt = { consents: 0, rules: 0, faults: [] };
    for await (const piece of scan()) {
      for (const { id, patient, body } of piece) {
        if (patient === null) continue;
        const consent = JSON.parse(body.toString('utf8')) as Consent;
        const { rules, issues } = await rulesOfConsent(consent, fetch, partsOf);
        if (rules.length > 0) await writeRules(client, patient, id, rules);
        await writeNotes(client, patient, id, issues);
        if (issues.length > 0) done.faults.push({ consent: id, issues });
        done.consents += 1;
        done.rules += rules.length;
      }
    }
    await client.query('delete from consent_rule_made');
    await client.query('insert into consent_rule_made (made_at, authorities) values (now(), $1)', [
      authorities,
    ]);
    return done;
  });
}
