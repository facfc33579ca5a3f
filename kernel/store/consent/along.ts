/** What a commit does to the rules of consent, within its transaction: they count for every request after its answer. */
import type { PoolClient } from 'pg';
import type { Consent, Organization, Resource } from '../../fhir/types.ts';
import type { StoredVersion } from '../contract.ts';
import { organizationNumber } from '../search/owner.ts';
import type { PreparedWrite } from '../writes.ts';
import { writeNotes } from './notes.ts';
import { type IsAuthority, partsReader } from './parts.ts';
import {
  consentsAboutHolders,
  consentsFrom,
  type FetchParts,
  removeRules,
  rulesOfConsent,
  writeRules,
} from './table.ts';

/** Types whose writes may change a rule. */
const SOURCES = new Set(['CareTeam', 'Group', 'PractitionerRole', 'Organization']);

type ReadOne = (ref: { type: PreparedWrite['type']; id: string }) => Promise<StoredVersion | null>;

/** True when the commit must be a transaction that `keepRules` can join. */
export function concernsConsent(writes: readonly PreparedWrite[]): boolean {
  return writes.some(({ type }) => type === 'Consent' || SOURCES.has(type));
}

/**
 * After the writes of the transaction.
 * @param places where each resource lay before, null = nowhere
 */
export async function keepRules(
  client: PoolClient,
  writes: readonly PreparedWrite[],
  places: ReadonlyMap<PreparedWrite, bigint | null>,
  read: ReadOne,
  isAuthority: IsAuthority,
): Promise<void> {
  await takeTurns(client, writes);
  const fetch = fetching(writes, read);
  const partsOf = partsReader(client, fetch, isAuthority);
  for (const write of writes) {
    if (write.type !== 'Consent') continue;
    const before = places.get(write) ?? null;
    if (before !== null) await removeRules(client, before, write.id);
    if (write.resource !== null) await put(client, write.resource as Consent, write.patient, fetch, partsOf);
  }
  const written = new Set(writes.filter(({ type }) => type === 'Consent').map(({ id }) => id));
  for (const id of await concerned(client, writes)) {
    const stored = written.has(id) ? null : await read({ type: 'Consent', id });
    if (stored === null || stored.deleted) continue;
    await put(client, resourceOf(stored) as Consent, stored.patient, fetch, partsOf);
  }
}

/**
 * A Consent and what it names may be written at the same instant by two commits, neither of which sees the other: who writes
 * what is named waits for the Consents that are being written, and those for it. Held until the commit.
 */
async function takeTurns(client: PoolClient, writes: readonly PreparedWrite[]): Promise<void> {
  const shared = writes.some(({ type }) => SOURCES.has(type)) ? '' : '_shared';
  await client.query(`select pg_advisory_xact_lock${shared}(hashtext('yba consent sources'))`);
}

/** Consents whose rules were read from what is written, or are about a facility that is, or was, or becomes part of another. */
async function concerned(client: PoolClient, writes: readonly PreparedWrite[]): Promise<Set<string>> {
  const sources = writes.filter(({ type }) => SOURCES.has(type)).map(({ type, id }) => `${type}/${id}`);
  if (sources.length === 0) return new Set();
  const holders = writes.flatMap(({ type, id, resource }) => {
    if (type !== 'Organization') return [];
    const above = (resource as Organization | null)?.partOf?.reference?.split('/').at(-1);
    return [id, ...(above === undefined ? [] : [above])].map(organizationNumber);
  });
  const about = holders.length === 0 ? [] : await consentsAboutHolders(client, holders);
  return new Set([...(await consentsFrom(client, sources)), ...about]);
}

async function put(
  client: PoolClient,
  consent: Consent,
  patient: string | null,
  fetch: (name: string) => Promise<Resource | null>,
  partsOf: FetchParts,
): Promise<void> {
  if (patient === null) return;
  const { rules, issues } = await rulesOfConsent(consent, fetch, partsOf);
  await writeRules(client, patient, consent.id!, rules);
  await writeNotes(client, patient, consent.id!, issues);
}

/** What the same commit writes counts as it will be. */
function fetching(writes: readonly PreparedWrite[], read: ReadOne) {
  return async (name: string): Promise<Resource | null> => {
    const [type, id] = name.split('/') as [PreparedWrite['type'], string];
    const own = writes.find((write) => write.type === type && write.id === id);
    if (own) return own.resource;
    const stored = await read({ type, id });
    return stored === null || stored.deleted ? null : resourceOf(stored);
  };
}

function resourceOf({ body }: StoredVersion): Resource {
  return JSON.parse(body.toString('utf8')) as Resource;
}
