/** What rules need of one person, read in the name of who asks: one search about her, one line of the audit. */
import type { AboutQuery, RecordSession } from '../../../kernel/access/contract.ts';
import { type Source, sourcesOf } from '../../../kernel/fhir/person/index.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { MedicationRequest, Patient, Resource } from '../../../kernel/fhir/types.ts';
import type { Rule } from '../definition/rule.ts';
import { medicationIdIn } from '../medicine.ts';

export interface Facts {
  resources: Resource[];
  /** By the source's key, for queries. */
  queried: Map<string, Resource[]>;
}

/** What is to be asked about a person, and where each answer belongs. */
export interface FactQueries {
  sources: readonly Source[];
  queries: readonly AboutQuery[];
}

/**
 * Sources of rules besides the Patient, each once. When calculators alone ask for measurements, only those of their codes are
 * read, as values or parts of panels: a person has thousands of others.
 */
export function factSources(rules: readonly Rule[]): Source[] {
  const sources = sourcesOf(rules).filter(({ type }) => type !== 'Patient');
  const codes = [...new Set(rules.flatMap(({ measured }) => measured))].sort();
  if (codes.length === 0 || sources.some(({ key }) => key === 'Observation')) return sources;
  const params: [string, string][] = [['combo-code', codes.map((code) => `${cs.loinc}|${code}`).join(',')]];
  return [...sources, { key: 'Observation', type: 'Observation', params, place: 'PlanDefinition' }];
}

/**
 * What is not given already. What the actor may not search is not there, as on every other screen.
 * @param given keys that somebody handed in
 */
export function factQueries(
  session: Pick<RecordSession, 'reach'>,
  rules: readonly Rule[],
  given: ReadonlySet<string> = new Set(),
): FactQueries {
  const sources = factSources(rules).filter(
    ({ key, type }) => !given.has(key) && session.reach('search', type) !== 'none',
  );
  return { sources, queries: sources.map(({ type, params }) => [type, Object.fromEntries(params)]) };
}

/** @param answers of the queries, in their order */
export function factsIn({ sources }: FactQueries, answers: readonly Resource[][]): Facts {
  const facts: Facts = { resources: [], queried: new Map() };
  for (const [at, { key, type }] of sources.entries()) {
    if (key === type) facts.resources.push(...(answers[at] ?? []));
    else facts.queried.set(key, answers[at] ?? []);
  }
  return facts;
}

/**
 * Reads what is not given already.
 * @param given keys that somebody handed in
 * @throws Failure `not-found`, `forbidden`
 */
export async function readFacts(
  session: RecordSession,
  patient: string,
  rules: readonly Rule[],
  given: ReadonlySet<string> = new Set(),
): Promise<Facts & { patient: Patient | null }> {
  const asked = factQueries(session, rules, given);
  const wantsPatient = !given.has('Patient');
  const queries: AboutQuery[] = [...(wantsPatient ? [['Patient'] as const] : []), ...asked.queries];
  const answers = queries.length === 0 ? [] : ((await session.searchAbout(patient, queries)) as Resource[][]);
  const [persons, found] = wantsPatient ? [answers[0] ?? [], answers.slice(1)] : [[], answers];
  const facts = factsIn(asked, found);
  facts.resources.push(...(await medicationsOf(session, facts.resources)));
  return { ...facts, patient: (persons[0] as Patient | undefined) ?? null };
}

/** Most Medications that are read for one person. */
const MOST_MEDICATIONS = 100;

/** Medications that orders refer to instead of naming a medicine. Of no person: whoever may read the orders may know what is in them. */
export async function medicationsOf(
  session: Pick<RecordSession, 'reach' | 'search'>,
  resources: readonly Resource[],
): Promise<Resource[]> {
  const ids = resources.flatMap((one) => (one.resourceType === 'MedicationRequest' ? namedBy(one) : []));
  const asked = [...new Set(ids)].slice(0, MOST_MEDICATIONS);
  if (asked.length === 0 || session.reach('search', 'Medication') === 'none') return [];
  const { matches } = await session.search('Medication', [
    ['_id', asked.join(',')],
    ['_count', String(MOST_MEDICATIONS)],
  ]);
  return matches;
}

const namedBy = ({ medicationReference }: MedicationRequest): string[] => {
  const { reference } = medicationReference ?? {};
  return reference?.startsWith('Medication/') ? [medicationIdIn(reference)] : [];
};
