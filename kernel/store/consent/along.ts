/** What a commit does to the rules of consent, within its transaction: they count for every request after its answer. */
import type { PoolClient } from 'pg';
import type { Consent, Resource } from '../../fhir/types.ts';
import type { StoredVersion } from '../contract.ts';
import type { PreparedWrite } from '../writes.ts';
import { writeNotes } from './notes.ts';
import { consentsFrom, removeRules, rulesOfConsent, writeRules } from './table.ts';

/** Types whose writes may change a rule. */
const SOURCES = new Set(['CareTeam', 'PractitionerRole']);

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
): Promise<void> {
  const fetch = fetching(writes, read);
  for (const write of writes) {
    if (write.type !== 'Consent') continue;
    const before = places.get(write) ?? null;
    if (before !== null) await removeRules(client, before, write.id);
    if (write.resource !== null) await put(client, write.resource as Consent, write.patient, fetch);
  }
  const sources = writes.filter(({ type }) => SOURCES.has(type)).map(({ type, id }) => `${type}/${id}`);
  if (sources.length === 0) return;
  const written = new Set(writes.filter(({ type }) => type === 'Consent').map(({ id }) => id));
  for (const id of await consentsFrom(client, sources)) {
    const stored = written.has(id) ? null : await read({ type: 'Consent', id });
    if (stored === null || stored.deleted) continue;
    await put(client, resourceOf(stored) as Consent, stored.patient, fetch);
  }
}

async function put(
  client: PoolClient,
  consent: Consent,
  patient: string | null,
  fetch: (name: string) => Promise<Resource | null>,
): Promise<void> {
  if (patient === null) return;
  const { rules, issues } = await rulesOfConsent(consent, fetch);
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
