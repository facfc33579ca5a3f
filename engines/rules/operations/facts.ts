/** What rules need of one person, read in the name of who asks: one search about her, one line of the audit. */
import type { AboutQuery, RecordSession } from '../../../kernel/access/contract.ts';
import { type Source, sourcesOf } from '../../../kernel/fhir/person/index.ts';
import type { Patient, Resource } from '../../../kernel/fhir/types.ts';
import type { Rule } from '../definition/rule.ts';

export interface Facts {
  resources: Resource[];
  /** By the source's key, for queries. */
  queried: Map<string, Resource[]>;
}

/** Sources of rules besides the Patient, each once. */
export function factSources(rules: readonly Rule[]): Source[] {
  return sourcesOf(rules).filter(({ type }) => type !== 'Patient');
}

/**
 * Reads what is not given already. What the actor may not search is not there, as on every other screen.
 * @param given keys that somebody handed in
 * @throws Failure `not-found`, `forbidden`
 */
export async function readFacts(
  session: RecordSession,
  patient: string,
  rules: readonly Rule[],
  given: ReadonlySet<string> = new Set(),
): Promise<Facts & { patient: Patient | null }> {
  const sources = factSources(rules).filter(
    ({ key, type }) => !given.has(key) && session.reach('search', type) !== 'none',
  );
  const wantsPatient = !given.has('Patient');
  const queries: AboutQuery[] = [
    ...(wantsPatient ? [['Patient'] as const] : []),
    ...sources.map(({ type, params }): AboutQuery => [type, Object.fromEntries(params)]),
  ];
  const answers = queries.length === 0 ? [] : ((await session.searchAbout(patient, queries)) as Resource[][]);
  const [persons, found] = wantsPatient ? [answers[0] ?? [], answers.slice(1)] : [[], answers];
  const facts: Facts = { resources: [], queried: new Map() };
  for (const [at, { key, type, params }] of sources.entries()) {
    if (key === type && params.length === 0) facts.resources.push(...(found[at] ?? []));
    else facts.queried.set(key, found[at] ?? []);
  }
  return { ...facts, patient: (persons[0] as Patient | undefined) ?? null };
}
