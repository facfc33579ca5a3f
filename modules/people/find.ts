/**
 * Finding people. Who is shown is read through the session, so that policy decides and the audit names exactly those; what
 * is only compared (duplicate candidates, numbers of merged records) is the machine's look and goes to the store.
 */
import type { RecordSession } from '../../kernel/access/contract.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Encounter, Patient } from '../../kernel/fhir/types.ts';
import type { Store } from '../../kernel/store/contract.ts';
import { addDays } from '../../kernel/text/vietnam-time.ts';
import { nameOf, type PersonFacts } from './person-facts.ts';
import { openVisitOf, type PersonLine } from './person-summary.ts';
import { nameMatches, nameRank, type SearchPlan } from './search-query.ts';
import { otherSpellings } from './spelling.ts';

/** How many rows of each block are compared; twice as many people of one birth date as a province has. */
const LOOK = 100;
/** States of a visit that is not over. */
export const OPEN_STATES = 'planned,arrived,triaged,in-progress,onleave';

export interface FoundPeople {
  /** In the order to show. */
  patients: Patient[];
  /** Cursor of the next page, null at the end. */
  next: string | null;
}

/** A page of the people that a plan finds, as the actor may see them. */
export async function findPeople(
  plan: SearchPlan,
  page: { size: number; cursor: string | null },
  session: RecordSession,
  store: Store,
): Promise<FoundPeople> {
  switch (plan.kind) {
    case 'too-short':
      return { patients: [], next: null };
    case 'number':
      return { patients: await readPeople(await byNumber(plan, store), session), next: null };
    case 'name':
      return findNamed(plan, page, session);
  }
}

/** The store puts the marks and the order typed first, across all pages; within a page the given name counts as well. */
async function findNamed(
  plan: Extract<SearchPlan, { kind: 'name' }>,
  { size, cursor }: { size: number; cursor: string | null },
  session: RecordSession,
): Promise<FoundPeople> {
  const name = (plan.marked ?? plan.words).join(' ');
  const asking = (names: string): [string, string][] => [
    ['name', names],
    ...(plan.birth ? [['birthdate', plan.birth] as [string, string]] : []),
    ['_count', String(size)],
  ];
  const found = await session.search('Patient', cursor ? decodeCursor(cursor) : asking(name));
  // The other spelling of a short word begins many other names (mi: Minh), so it is asked only when the page has room.
  const spellings = cursor || found.next !== undefined ? [] : otherSpellings(name);
  const spelled = spellings.length > 0 ? await session.search('Patient', asking(spellings.join(','))) : null;
  const people = new Map(
    [...found.matches, ...(spelled?.matches ?? [])].map((patient) => [patient.id, patient]),
  );
  const ranked = [...people.values()]
    .filter((patient) => !isMerged(patient) && nameMatches(nameOf(patient), plan.words))
    .map((patient) => ({ patient, name: nameOf(patient), rank: nameRank(nameOf(patient), plan) }))
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name, 'vi'));
  return {
    patients: ranked.map(({ patient }) => patient),
    next: found.next === undefined ? null : Buffer.from(found.next).toString('base64url'),
  };
}

function decodeCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('utf8');
}

async function byNumber(plan: Extract<SearchPlan, { kind: 'number' }>, store: Store): Promise<string[]> {
  const asked: [string, string][][] = [[['identifier', plan.values.join(',')]]];
  if (plan.phone) asked.push([['phone', plan.phone]]);
  const found = await Promise.all(asked.map((params) => look(store, params)));
  const ids = found.flat().map(currentId);
  if (ids.length === 0 && plan.card) ids.push(...(await byCard(plan.card, store)));
  return [...new Set(ids)];
}

/** Beneficiaries of an insurance card whose number the Patient does not carry. */
async function byCard(card: string, store: Store): Promise<string[]> {
  const { matches } = await store.search({
    type: 'Coverage',
    params: [['identifier', `${sid.bhyt}|${card}`]],
  });
  return matches.flatMap((each) => (each.patient ? [each.patient] : []));
}

/**
 * Everyone who might be the person of the facts: equal identifiers, equal phone, the same name near the birth year, the
 * same birth date. Twenty or so rows; who they are is decided by `matchScore`.
 */
export async function candidatesFor(facts: PersonFacts, store: Store): Promise<Patient[]> {
  const found = await Promise.all(blocksOf(facts).map((params) => look(store, params)));
  const byId = new Map(found.flat().map((patient) => [patient.id ?? '', patient]));
  return [...byId.values()].filter((patient) => !isMerged(patient));
}

/** Everyone who carries one of the numbers that a Patient names, of whatever system. */
export async function sharingNumbers(described: Patient, store: Store): Promise<Patient[]> {
  const plain = (text: string) => text.replaceAll(/[\\$,|]/g, '\\$&');
  const escaped = (described.identifier ?? []).flatMap(({ system, value }) =>
    system && value ? [`${plain(system)}|${plain(value)}`] : [],
  );
  if (escaped.length === 0) return [];
  const found = await look(store, [['identifier', escaped.slice(0, LOOK).join(',')]]);
  return found.filter((patient) => !isMerged(patient));
}

/** Search parameters of each block; a block asks only with what is known. */
function blocksOf(facts: PersonFacts): [string, string][][] {
  const numbers: [string, string | null][] = [
    [sid.cccd, facts.citizenNumber],
    [sid.bhxh, facts.insuranceNumber],
    [sid.cmnd, facts.oldNumber],
    [sid.passport, facts.passport],
  ];
  const known = numbers.flatMap(([system, value]) => (value ? [`${system}|${value}`] : []));
  const blocks: [string, string][][] = [];
  if (known.length > 0) blocks.push([['identifier', known.join(',')]]);
  if (facts.phones.length > 0) blocks.push([['phone', facts.phones.join(',')]]);
  if (!facts.birthDate) return facts.name ? [...blocks, [['name', facts.name]]] : blocks;
  const year = Number(facts.birthDate.slice(0, 4));
  if (facts.name) {
    blocks.push([
      ['name', facts.name],
      ['birthdate', `ge${year - 1}-01-01`],
      ['birthdate', `lt${year + 2}-01-01`],
    ]);
    const spellings = otherSpellings(facts.name);
    if (spellings.length > 0) {
      blocks.push([
        ['name', spellings.join(',')],
        ['birthdate', `ge${year - 1}-01-01`],
        ['birthdate', `lt${year + 2}-01-01`],
      ]);
    }
  }
  if (facts.birthDate.length === 10) {
    blocks.push([
      ['birthdate', `ge${facts.birthDate}`],
      ['birthdate', `lt${addDays(facts.birthDate, 1)}`],
    ]);
  }
  return blocks;
}

async function look(store: Store, params: [string, string][]): Promise<Patient[]> {
  const answer = await store.search({ type: 'Patient', params: [...params, ['_count', String(LOOK)]] });
  return answer.matches.map((each) => JSON.parse(each.body.toString('utf8')) as Patient);
}

/** A record that was merged into another is not offered; the other is. */
export function isMerged(patient: Patient): boolean {
  return patient.link?.some((each) => each.type === 'replaced-by') ?? false;
}

/** The surviving record of a merged one. */
function currentId(patient: Patient): string {
  const replaced = patient.link?.find((each) => each.type === 'replaced-by');
  return replaced?.other.reference?.replace('Patient/', '') ?? patient.id ?? '';
}

/** The people of the ids as the actor may see them, in the order of the ids. */
export async function readPeople(ids: string[], session: RecordSession): Promise<Patient[]> {
  if (ids.length === 0) return [];
  const { matches } = await session.search('Patient', [
    ['_id', ids.join(',')],
    ['_count', String(ids.length)],
  ]);
  const order = new Map(ids.map((id, index) => [id, index]));
  return matches.sort((a, b) => (order.get(a.id ?? '') ?? 0) - (order.get(b.id ?? '') ?? 0));
}

/** Open visits of the people at the actor's unit, by person; empty for actors without a unit. */
export async function openVisitsOf(
  ids: string[],
  session: RecordSession,
): Promise<Map<string, PersonLine['openVisit']>> {
  const { unit } = session.actor;
  const visits = new Map<string, PersonLine['openVisit']>();
  if (ids.length === 0 || unit === null) return visits;
  const { matches } = await session.search('Encounter', [
    ['patient', ids.join(',')],
    ['service-provider', `Organization/${unit}`],
    ['status', OPEN_STATES],
    ['_count', '100'],
  ]);
  for (const visit of matches as Encounter[]) {
    const patient = visit.subject?.reference?.replace('Patient/', '') ?? '';
    const { id, ticket, room } = openVisitOf(visit);
    visits.set(patient, { id, ticket, room });
  }
  return visits;
}
