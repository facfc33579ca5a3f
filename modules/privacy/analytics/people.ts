/** What the rules must know of accounts and persons, out of the record; remembered for a while, a bounded number of them. */
import type { Pool } from 'pg';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { Patient, Practitioner } from '../../../kernel/fhir/types.ts';
import type { Store } from '../../../kernel/store/contract.ts';
import { familyOf, houseOf, type Looker, type Person } from './judge.ts';

const REMEMBERED = 5_000;
const REMEMBER_MS = 600_000;
const ACT_CODES = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const PROTECTED = 'CEL';

export interface People {
  /** @param display of the line: `Practitioner/x`, `Client/x` or a name */
  looker(account: string, display: string): Promise<Looker>;
  person(patient: string): Promise<Person | null>;
}

export function openPeople(store: Store, pool: Pool, now: () => Date): People {
  const lookers = remembering<Looker>(now);
  const persons = remembering<Person | null>(now);

  async function read<T>(type: 'Patient' | 'Practitioner', id: string): Promise<T | null> {
    const stored = await store.read(type, id);
    return stored && !stored.deleted ? (JSON.parse(stored.body.toString('utf8')) as T) : null;
  }

  /** Resources of the type that have one of the citizen numbers. */
  async function withNumber(type: 'Patient' | 'Practitioner', resource: Patient | Practitioner) {
    const numbers = citizenNumbers(resource);
    if (numbers.length === 0) return [];
    const identifier = numbers.map((number) => `${sid.cccd}|${number}`).join(',');
    const { matches } = await store.search({
      type,
      params: [
        ['identifier', identifier],
        ['_count', '10'],
      ],
    });
    return matches;
  }

  async function readLooker(account: string, display: string): Promise<Looker> {
    const { rows } = await pool.query<{ active: boolean; person: string | null }>(
      'select active, person from access.account where id = $1',
      [account],
    );
    const known = rows[0];
    const nobody = { own: [], family: '', house: '', closed: known?.active === false };
    if (!known || known.person !== null) return { ...nobody, staff: false };
    const practitioner = display.startsWith('Practitioner/')
      ? await read<Practitioner>('Practitioner', display.slice(13))
      : null;
    if (!practitioner) return { ...nobody, staff: true };
    const own = (await withNumber('Patient', practitioner)).map(
      ({ body }) => JSON.parse(body.toString('utf8')) as Patient,
    );
    const address = houseOf(own[0]?.address) || houseOf(practitioner.address);
    return {
      ...nobody,
      staff: true,
      own: own.map(({ id }) => id!),
      family: familyOf(own[0]?.name) || familyOf(practitioner.name),
      house: address,
    };
  }

  async function readPerson(id: string): Promise<Person | null> {
    const patient = await read<Patient>('Patient', id);
    if (!patient) return null;
    return {
      family: familyOf(patient.name),
      house: houseOf(patient.address),
      protected:
        patient.meta?.security?.some(({ system, code }) => system === ACT_CODES && code === PROTECTED) ??
        false,
      staff: (await withNumber('Practitioner', patient)).length > 0,
    };
  }

  return {
    looker: (account, display) => lookers(`${account} ${display}`, () => readLooker(account, display)),
    person: (patient) => persons(patient, () => readPerson(patient)),
  };
}

const citizenNumbers = ({ identifier }: Patient | Practitioner) =>
  (identifier ?? []).flatMap(({ system, value }) => (system === sid.cccd && value ? [value] : []));

/** The oldest is forgotten when there are too many. */
function remembering<T>(now: () => Date) {
  const kept = new Map<string, { value: T; until: number }>();
  return async (name: string, read: () => Promise<T>): Promise<T> => {
    const known = kept.get(name);
    if (known && known.until > now().getTime()) return known.value;
    const value = await read();
    kept.delete(name);
    kept.set(name, { value, until: now().getTime() + REMEMBER_MS });
    if (kept.size > REMEMBERED) kept.delete(kept.keys().next().value!);
    return value;
  };
}
