/**
 * Finding people. The wide look (tens of rows, to rank and to compare) is the machine's and goes to the store; whoever
 * is then shown is read through the session, so that policy decides and the audit names exactly those.
 */
import type { RecordSession } from '../../kernel/access/contract.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Encounter, Patient } from '../../kernel/fhir/types.ts';
import type { Store } from '../../kernel/store/contract.ts';
import { addDays } from '../../kernel/text/vietnam-time.ts';
import { nameOf, type PersonFacts } from './person-facts.ts';
import { openVisitOf, type PersonLine } from './person-summary.ts';
import { nameMatches, nameRank, type SearchPlan } from './search-query.ts';

/** How many rows are looked at before ranking; more than this asks for another word or a birth year. */
const LOOK = 100;
/** States of a visit that is not over. */
export const OPEN_STATES = 'planned,arrived,triaged,in-progress,onleave';

export interface Ids {
  ids: string[];
  /** More people match than were looked at. */
  more: boolean;
}

/** Ids in the order to show. */
export async function findPeople(plan: SearchPlan, store: Store): Promise<Ids> {
  if (plan.kind === 'too-short') return { ids: [], more: false };
  if (plan.kind === 'number') return { ids: await byNumber(plan, store), more: false };
  const params: [string, string][] = [['name', (plan.marked ?? plan.words).join(' ')]];
  if (plan.birth) params.push(['birthdate', plan.birth]);
  const { patients, more } = await look(store, params, LOOK);
  const ranked = patients
    .filter((patient) => !isMerged(patient) && nameMatches(nameOf(patient), plan.words))
    .map((patient) => ({ patient, name: nameOf(patient), rank: nameRank(nameOf(patient), plan) }))
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name, 'vi'));
  return { ids: ranked.map(({ patient }) => patient.id ?? ''), more };
}

async function byNumber(plan: Extract<SearchPlan, { kind: 'number' }>, store: Store): Promise<string[]> {
  const asked: [string, string][][] = [[['identifier', plan.values.join(',')]]];
  if (plan.phone) asked.push([['phone', plan.phone]]);
  const found = await Promise.all(asked.map((params) => look(store, params, LOOK)));
  const ids = found.flatMap(({ patients }) => patients.map(currentId));
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
  const found = await Promise.all(blocksOf(facts).map((params) => look(store, params, LOOK)));
  const byId = new Map<string, Patient>();
  for (const { patients } of found) for (const patient of patients) byId.set(patient.id ?? '', patient);
  return [...byId.values()].filter((patient) => !isMerged(patient));
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
  }
  if (facts.birthDate.length === 10) {
    blocks.push([
      ['birthdate', `ge${facts.birthDate}`],
      ['birthdate', `lt${addDays(facts.birthDate, 1)}`],
    ]);
  }
  return blocks;
}

async function look(
  store: Store,
  params: [string, string][],
  count: number,
): Promise<{ patients: Patient[]; more: boolean }> {
  const answer = await store.search({ type: 'Patient', params: [...params, ['_count', String(count)]] });
  return {
    patients: answer.matches.map((each) => JSON.parse(each.body.toString('utf8')) as Patient),
    more: answer.next !== undefined,
  };
}

/** A record that was merged into another is not offered; the other is. */
function isMerged(patient: Patient): boolean {
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
