/**
 * For whom a citizen may act: children under age and wards. A relation (RelatedPerson) counts by the citizen's own number
 * (căn cước) or by a Person that links both; never by a name.
 */
import type { Pool } from 'pg';
import type { Content } from '../../content/content.ts';
import { sid } from '../../fhir/systems.ts';
import type { Patient, Person, RelatedPerson, Resource, ResourceType } from '../../fhir/types.ts';
import type { Store } from '../../store/contract.ts';
import { bitsOf } from '../../store/search/labels.ts';
import { vietnamDay } from '../../text/vietnam-time.ts';
import type { Actor } from '../contract.ts';
import { guardianRuleOf, readGuardianRules, veiledCategories } from './rules.ts';

export interface Dependant {
  patient: string;
  /** `representative`, `beside`, `appointed`: content `access/guardians`. */
  kind: string;
  words: string;
  wordsEn: string;
  /** Categories that the guardian is not shown. */
  veiled: string[];
}

export interface Guardians {
  /** Patients whom a citizen may act for, the citizen first. */
  personsOf(citizen: string): Promise<string[]>;
  /** Those besides the citizen. */
  dependantsOf(citizen: string): Promise<Dependant[]>;
  /** Categories of adolescents that are hidden from the account that acts for them. */
  veilsOf(actor: Pick<Actor, 'id' | 'roles' | 'persons'>): Promise<{ persons: string[]; bits: number }[]>;
}

/** Numbers that are one person's in the whole country. */
const NATIONAL = new Set<string>([sid.cccd, sid.passport]);
const KEPT_MS = 10_000;
const MOST_KEPT = 5_000;
/** Relations of one citizen; a family is smaller. */
const MOST = '100';

interface GuardianParts {
  pool: Pool;
  store: Store;
  content: Content;
  now(): Date;
}

/** Answers are kept for ten seconds: a relation that ends, ends then. */
export function openGuardians({ pool, store, content, now }: GuardianParts): Guardians {
  const kept = new Map<string, { at: number; answer: Promise<Dependant[]> }>();

  async function find(citizen: string): Promise<Dependant[]> {
    const own = await read<Patient>(store, 'Patient', citizen);
    if (own === null || own.active === false) return [];
    const day = vietnamDay(now());
    const rules = readGuardianRules(content, day);
    const found = new Map<string, Dependant>();
    for (const relation of await relationsOf(store, own)) {
      const patient = /^Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(relation.patient?.reference ?? '')?.[1];
      if (patient === undefined || patient === citizen || found.has(patient)) continue;
      const child = await read<Patient>(store, 'Patient', patient);
      if (child === null || child.active === false) continue;
      const rule = guardianRuleOf(rules, relation, child.birthDate, now(), day);
      if (rule === null) continue;
      if (rule.document !== null && !(await isDocumented(store, patient, relation.id!, rule.document)))
        continue;
      const { kind, words, wordsEn } = rule;
      found.set(patient, {
        patient,
        kind,
        words,
        wordsEn,
        veiled: veiledCategories(rules, child.birthDate!, day),
      });
    }
    return [...found.values()];
  }

  const selves = new Map<string, string | null>();
  /** Whose own account it is; that never changes. */
  async function selfOf(account: string): Promise<string | null> {
    const known = selves.get(account);
    if (known !== undefined) return known;
    const { rows } = await pool.query<{ person: string | null }>(
      'select person from access.account where id = $1',
      [account],
    );
    if (selves.size >= MOST_KEPT) selves.clear();
    const self = rows[0]?.person ?? null;
    selves.set(account, self);
    return self;
  }

  const dependantsOf = (citizen: string): Promise<Dependant[]> => {
    const at = now().getTime();
    const known = kept.get(citizen);
    if (known && known.at <= at && at < known.at + KEPT_MS) return known.answer;
    if (kept.size >= MOST_KEPT) kept.clear();
    const answer = find(citizen);
    kept.set(citizen, { at, answer });
    answer.catch(() => kept.delete(citizen));
    return answer;
  };
  return {
    dependantsOf,
    async veilsOf({ id, roles, persons }) {
      if (!roles.includes('citizen') || persons === undefined) return [];
      const self = await selfOf(id);
      const others = persons.filter((person) => person !== self);
      if (others.length === 0) return [];
      const day = vietnamDay(now());
      const rules = readGuardianRules(content, day);
      const veils = await Promise.all(
        others.map(async (person) => {
          const { birthDate } = (await read<Patient>(store, 'Patient', person)) ?? {};
          const categories = birthDate === undefined ? [] : veiledCategories(rules, birthDate, day);
          return { persons: [person], bits: bitsOf(categories) };
        }),
      );
      return veils.filter(({ bits }) => bits !== 0);
    },
    personsOf: async (citizen) => [citizen, ...(await dependantsOf(citizen)).map(({ patient }) => patient)],
  };
}

/** Relations that carry the citizen's own number, and those that a Person links with the citizen. */
async function relationsOf(store: Store, own: Patient): Promise<RelatedPerson[]> {
  const numbers = (own.identifier ?? []).filter(
    ({ system, value, use }) => NATIONAL.has(system ?? '') && value !== undefined && use !== 'old',
  );
  const byNumber = await Promise.all(
    numbers.map(({ system, value }) =>
      search<RelatedPerson>(store, 'RelatedPerson', 'identifier', `${system}|${value}`),
    ),
  );
  const persons = await search<Person>(store, 'Person', 'link', `Patient/${own.id}`);
  const linked = persons
    .filter(({ active }) => active !== false)
    .flatMap(({ link }) => link ?? [])
    .flatMap(({ target }) => /^RelatedPerson\/(.+)$/.exec(target?.reference ?? '')?.[1] ?? []);
  const byPerson = await Promise.all(linked.map((id) => read<RelatedPerson>(store, 'RelatedPerson', id)));
  return [...byNumber.flat(), ...byPerson.filter((one) => one !== null)];
}

/** A current document about the ward, of the kind that the rule names, which relates to the relation. */
async function isDocumented(store: Store, patient: string, relation: string, code: string): Promise<boolean> {
  const { matches } = await store.search({
    type: 'DocumentReference',
    params: [
      ['patient', `Patient/${patient}`],
      ['related', `RelatedPerson/${relation}`],
      ['type', code],
      ['status', 'current'],
      ['_count', '1'],
    ],
  });
  return matches.length > 0;
}

async function search<T extends Resource>(
  store: Store,
  type: ResourceType,
  name: string,
  value: string,
): Promise<T[]> {
  const { matches } = await store.search({
    type,
    params: [
      [name, value],
      ['_count', MOST],
    ],
  });
  return matches.map(({ body }) => JSON.parse(body.toString('utf8')) as T);
}

async function read<T extends Resource>(store: Store, type: ResourceType, id: string): Promise<T | null> {
  const stored = await store.read(type, id);
  return stored === null || stored.deleted ? null : (JSON.parse(stored.body.toString('utf8')) as T);
}
