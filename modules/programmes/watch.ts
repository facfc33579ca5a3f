/** Who got a dose here and is watched still: read from the record, so that it goes on whoever opens the screen. */
import type { FastifyInstance } from 'fastify';
import type { Found, RecordSession } from '../../kernel/access/contract.ts';
import type { Content } from '../../kernel/content/content.ts';
import type { Immunization, Patient, Resource } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Ask, memberOfUnit, todayOf } from './asking.ts';

const MINUTE_MS = 60_000;
const PAGE = '200';
/** Persons of whom residence is asked together. */
const AT_ONCE = 50;
/** More than any station gives in an hour. */
const MOST_PAGES = 20;

/** How long (content `vaccines/watch`), ms. */
export function watchMs(content: Content, day: string): number {
  return Number(content.inForce('vaccines/watch', day)[0]?.minutes ?? 0) * MINUTE_MS;
}

/** A person who is watched, or was until a moment ago. */
export interface Watched {
  patient: string;
  name: string;
  /** Vaccines of the last doses; the id of the last Immunization. */
  vaccines: string[];
  dose: string;
  /** Instant of the last dose, and until when. */
  at: string;
  until: string;
}

export function watchRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/watch', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    const now = kernel.settings.now();
    const length = watchMs(kernel.content, todayOf(kernel));
    // Twice as long: who may go stands there until somebody has seen it.
    const session = kernel.gate.session(request);
    const from = vietnamInstant(new Date(now.getTime() - 2 * length));
    const residents = await givenToResidents(kernel, session, unit, from);
    const { matches, included } = await everyPage(session, [
      ['date', `ge${from}`],
      ['status', 'completed'],
      ['performer', `Organization/${unit}`],
      ['_include', 'Immunization:patient'],
      ['_sort', 'date'],
      ['_count', PAGE],
    ]);
    const names = new Map(
      [...included, ...residents.people]
        .filter((one): one is Patient => one.resourceType === 'Patient')
        .map(({ id, name }) => [id, name?.[0]?.text ?? '']),
    );
    const doses = new Map([...matches, ...residents.doses].map((one) => [one.id, one]));
    return { now: vietnamInstant(now), rows: watchedOf(inOrder([...doses.values()]), names, length) };
  });
}

/**
 * Who lives in the commune is in the care of its station, but stands in no search: a list of residents is never given. Those who
 * are known to have got a dose here today are asked for one by one.
 */
async function givenToResidents(kernel: Kernel, session: RecordSession, unit: string, from: string) {
  const { rows } = await kernel.pool.query<{ patient: string }>(
    'select distinct patient from programmes.dose where unit = $1 and day >= $2::date order by patient',
    [unit, from.slice(0, 10)],
  );
  const patients = rows.map(({ patient }) => patient);
  const found: Resource[] = [];
  for (let at = 0; at < patients.length; at += AT_ONCE) {
    const records = await session.recordsAmong(patients.slice(at, at + AT_ONCE), ['Patient', 'Immunization']);
    found.push(...[...records.values()].flat());
  }
  const isOurs = (one: Resource): one is Immunization =>
    one.resourceType === 'Immunization' &&
    one.status === 'completed' &&
    instantOf(one) >= Date.parse(from) &&
    (one.performer ?? []).some(({ actor }) => actor.reference === `Organization/${unit}`);
  return {
    doses: found.filter(isOurs),
    people: found.filter(({ resourceType }) => resourceType === 'Patient'),
  };
}

const instantOf = ({ occurrenceDateTime = '' }: Immunization) => Date.parse(occurrenceDateTime) || 0;

const inOrder = (given: readonly Immunization[]) => [...given].sort((a, b) => instantOf(a) - instantOf(b));

async function everyPage(session: RecordSession, first: [string, string][]) {
  const matches: Immunization[] = [];
  const included: Resource[] = [];
  let asked: string | [string, string][] | undefined = first;
  for (let page = 0; asked !== undefined && page < MOST_PAGES; page += 1) {
    const found: Found<Immunization> = await session.search('Immunization', asked);
    matches.push(...found.matches);
    included.push(...found.included);
    asked = found.next;
  }
  return { matches, included };
}

/** One line a person, counted from the last dose; who is watched longest first. @param given by time */
export function watchedOf(
  given: readonly Immunization[],
  names: ReadonlyMap<string | undefined, string>,
  length: number,
): Watched[] {
  const byPatient = new Map<string, Watched>();
  for (const { id = '', patient, occurrenceDateTime = '', vaccineCode } of given) {
    // A dose with a day alone was written down later: nobody sits there for it.
    if (!occurrenceDateTime.includes('T')) continue;
    const who = patient.reference?.split('/')[1] ?? '';
    const vaccine = vaccineCode.text ?? vaccineCode.coding?.[0]?.display ?? '';
    const before = byPatient.get(who);
    byPatient.set(who, {
      patient: who,
      name: names.get(who) ?? '',
      vaccines: [...(before?.vaccines ?? []), vaccine],
      dose: id,
      at: occurrenceDateTime,
      until: vietnamInstant(new Date(Date.parse(occurrenceDateTime) + length)),
    });
  }
  return [...byPatient.values()].sort((a, b) => (a.until < b.until ? -1 : 1));
}
