/**
 * The persons that are counted, read in the name of who asks: a page of persons, then of each type that the criteria name what
 * is kept of these persons, so that policy and audit are those of every other search and memory holds one page.
 */

import { auditLine } from '../../../kernel/access/audit.ts';
import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import { groupMembers } from '../../../kernel/fhir/bulk/group-members.ts';
import { readStoredJson } from '../../../kernel/fhir/json/read.ts';
import { addMentioned, type Mentioned } from '../../../kernel/fhir/operations/mentioned.ts';
import {
  failedAt,
  type MemberOf,
  personParameter,
  type Source,
  type Subject,
} from '../../../kernel/fhir/person/index.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Patient, Resource } from '../../../kernel/fhir/types.ts';
import type { SearchAnswer, StoredVersion } from '../../../kernel/store/contract.ts';
import { tooCostly } from '../refusal.ts';
import type { MeasureAsk } from './ask.ts';

/** A person as read; what was found is parsed when it is asked for. */
export interface ReadPerson extends Subject {
  id: string;
  /** Everything that was read, the person first. */
  versions(): readonly StoredVersion[];
}

/** Persons read at once; resources of one page of search; resources of one page of persons. */
const PERSONS = 100;
const PAGE = 1_000;
const MOST_READ = 200_000;

type Params = [string, string][];

/**
 * @param now epoch milliseconds, for who is a member now
 * @throws Failure `not-found`, `gone`, `forbidden`; `too-costly` for records that are too large together
 */
export async function* personsOf(
  session: FhirSession,
  ask: Pick<MeasureAsk, 'subject' | 'practitioner'>,
  { sources, memberOf }: { sources: readonly Source[]; memberOf: MemberOf },
  now: number,
): AsyncGenerator<ReadPerson[]> {
  const open = await openTo(session, sources);
  const pages = patientsOf(session, ask, open, now);
  const read = async (): Promise<ReadPerson[] | null> => {
    const { value: patients, done } = await pages.next();
    if (done) return null;
    const found = await Promise.all(sources.map((source) => readSource(session, source, patients)));
    const bySource = new Map(sources.map(({ key }, at) => [key, found[at]!]));
    return patients.map((patient) => personOf(patient, bySource, memberOf));
  };
  let next = read();
  for (let page = await next; page !== null; page = await next) {
    // The database reads the next page while this one is counted.
    next = read();
    next.catch(() => undefined);
    yield page;
  }
}

/** Whose records are open to who asks, when what is counted is not seen of everybody; null for all. Nobody is counted by a half of her record. */
async function openTo(session: FhirSession, sources: readonly Source[]): Promise<ReadonlySet<string> | null> {
  if (sources.every(({ type }) => session.reach('search', type) === 'province')) return null;
  return new Set(await session.inCare());
}

type BySource = ReadonlyMap<string, ReadonlyMap<string, readonly StoredVersion[]>>;

function personOf(stored: StoredVersion, bySource: BySource, memberOf: MemberOf): ReadPerson {
  const parsed = new Map<string, readonly Resource[]>();
  const of = (key: string) => bySource.get(key)?.get(stored.id) ?? [];
  let patient: Patient | undefined;
  return {
    id: stored.id,
    memberOf,
    get patient() {
      patient ??= readStoredJson(stored.body) as Patient;
      return patient;
    },
    found({ key }) {
      const known = parsed.get(key);
      if (known) return known;
      const made = of(key).map(({ body }) => readStoredJson(body) as Resource);
      parsed.set(key, made);
      return made;
    },
    versions: () => {
      const all = [stored, ...[...bySource.keys()].flatMap(of)];
      return [...new Map(all.map((version) => [`${version.type}/${version.id}`, version])).values()];
    },
  };
}

/** Pages of persons. */
async function* patientsOf(
  session: FhirSession,
  { subject, practitioner }: Pick<MeasureAsk, 'subject' | 'practitioner'>,
  open: ReadonlySet<string> | null,
  now: number,
): AsyncGenerator<StoredVersion[]> {
  const more: Params =
    practitioner === undefined ? [] : [['general-practitioner', `Practitioner/${practitioner}`]];
  if (subject === undefined && open === null) {
    let query: Params | null = [...more, ['_count', String(PERSONS)]];
    while (query) {
      const { matches, next } = await session.searchStored('Patient', query);
      yield matches;
      query = next === undefined ? null : ([...new URLSearchParams(next)] as Params);
    }
    return;
  }
  if (subject?.type === 'Patient') {
    const patient = await session.readStored('Patient', subject.id);
    if (open && !open.has(subject.id)) throw await closed(session, subject.id);
    if (more.length === 0) {
      yield [patient];
      return;
    }
  }
  const named =
    subject?.type === 'Group' ? await groupMembers(session, subject.id, now) : subject && [subject.id];
  const ids = named ? named.filter((id) => open?.has(id) ?? true) : [...open!];
  for (let from = 0; from < ids.length; from += PERSONS) {
    const some = ids.slice(from, from + PERSONS).join(',');
    const { matches } = await session.searchStored('Patient', [
      ...more,
      ['_id', some],
      ['_count', String(PERSONS)],
    ]);
    yield matches;
  }
}

/** What a source finds of each of the persons. */
async function readSource(
  session: FhirSession,
  source: Source,
  patients: readonly StoredVersion[],
): Promise<Map<string, StoredVersion[]>> {
  const { type, params } = source;
  const found = new Map<string, StoredVersion[]>(patients.map(({ id }) => [id, []]));
  if (patients.length === 0) return found;
  const ids = patients.map(({ id }) => (type === 'Patient' ? id : `Patient/${id}`)).join(',');
  let query: Params | null = [...params, [personParameter(type)!, ids], ['_count', String(PAGE)]];
  let read = 0;
  while (query) {
    const { matches, next } = await searched(session, source, query);
    read += matches.length;
    if (read > MOST_READ) throw tooMuch(type);
    for (const version of matches) for (const id of ownersOf(version, found)) found.get(id)!.push(version);
    query = next === undefined ? null : ([...new URLSearchParams(next)] as Params);
  }
  return found;
}

/** What is wrong with a query of the measure is no fault of the request. */
async function searched(session: FhirSession, { type, place }: Source, query: Params): Promise<SearchAnswer> {
  try {
    return await session.searchStored(type, query);
  } catch (error) {
    const isOfQuery = error instanceof Failure && QUERY_FAULTS.has(error.code);
    throw isOfQuery ? failedAt(place, error) : error;
  }
}

const QUERY_FAULTS: ReadonlySet<FailureCode> = new Set([
  'invalid-parameter',
  'unknown-parameter',
  'not-found',
  'too-costly',
]);

/** Those of the persons that a resource is about: under whom it is kept, else whom it names. */
function ownersOf(
  { type, id, patient, body }: StoredVersion,
  persons: ReadonlyMap<string, unknown>,
): string[] {
  if (type === 'Patient') return persons.has(id) ? [id] : [];
  const named = new Map<string, Mentioned>();
  if (patient === null || !persons.has(patient)) addMentioned(body, named);
  else return [patient];
  return [...named.values()]
    .filter((one) => one.type === 'Patient' && persons.has(one.id))
    .map((one) => one.id);
}

async function closed(session: FhirSession, id: string): Promise<Failure> {
  await session.audit([auditLine(session.actor, 'read', `Patient/${id}/$evaluate-measure`, id, 'refused')]);
  return new Failure('forbidden', `Hồ sơ của Patient/${id} không mở cho đơn vị của bạn.`, {
    textEn: `The record of Patient/${id} is not open to your unit.`,
    expression: 'subject',
    details: { person: id, breakGlass: session.actor.unit !== null },
  });
}

function tooMuch(type: string): Failure {
  return tooCostly(
    `${PERSONS} người có hơn ${MOST_READ} ${type}: hãy viết tiêu chí bằng application/x-fhir-query để đọc ít hơn.`,
    `${PERSONS} persons have more than ${MOST_READ} ${type}: write the criterion as application/x-fhir-query, which reads less.`,
  );
}
