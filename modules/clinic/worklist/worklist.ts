/** The worklist of a room: who waits, who is being seen, who was seen today. */
import { Failure } from '../../../kernel/failure.ts';
import { ext } from '../../../kernel/fhir/systems.ts';
import type { Encounter, Patient } from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import { vietnamDayBounds } from '../../../kernel/text/vietnam-time.ts';
import { nameOf as personName } from '../../people/index.ts';
import type { WorklistRow } from '../contract.ts';
import { attendingOf, extensionOf, idOf, isUrgent, ticketOf, versionOf } from '../text.ts';
import { stateOf } from '../visit/view.ts';
import { isMeant } from './is-meant.ts';

const PAGE = 100;
/** Patient categories 9.x pay for themselves (Decision 3276/QĐ-BYT). */
const NOT_INSURED = '9';
const STATUSES: Record<string, string> = {
  waiting: 'arrived,triaged',
  seeing: 'in-progress',
  done: 'finished',
  open: 'arrived,triaged,in-progress,onleave',
};

export interface WorklistPage {
  rows: WorklistRow[];
  total?: number;
  next?: string;
}

/**
 * @param query.state waiting, seeing, done or open (the first two); today's visits of the room, by urgency and arrival
 * @param query.text words of the name, or the ticket: only those of the page who have them, which may be none
 * Fails with `invalid-parameter` for another state.
 */
export async function worklistOf(
  session: RecordSession,
  query: { room: string; state: string; text: string; cursor: string; day: string },
): Promise<WorklistPage> {
  const status = STATUSES[query.state];
  if (!status) {
    throw new Failure('invalid-parameter', `Không có trạng thái "${query.state}".`, {
      textEn: `state must be one of ${Object.keys(STATUSES).join(', ')}`,
      expression: 'state',
    });
  }
  const found = await session.search(
    'Encounter',
    query.cursor || [
      ['location', `Location/${query.room}`],
      ['status', status],
      ['date', `ge${vietnamDayBounds(query.day).from}`],
      ['_sort', query.state === 'done' ? '-date' : 'date'],
      ['_count', String(PAGE)],
      ['_include', 'Encounter:subject'],
      ['_total', 'accurate'],
    ],
  );
  const patients = new Map(
    found.included.flatMap((one) => (one.resourceType === 'Patient' ? [[one.id!, one as Patient]] : [])),
  );
  const here = (found.matches as Encounter[]).filter((one) => isIn(one, query.room));
  const rows = here
    .map((encounter) => rowOf(encounter, patients.get(idOf(encounter.subject))))
    .filter((row) => isMeant(row, query.text));
  return {
    rows: query.state === 'done' ? rows : rows.sort(byUrgency),
    ...(found.total === undefined || query.text ? {} : { total: found.total }),
    ...(found.next ? { next: found.next } : {}),
  };
}

/** A visit that moved on to another room is no longer this room's. */
function isIn(encounter: Encounter, room: string): boolean {
  const active = encounter.location?.filter((one) => one.status !== 'completed') ?? [];
  const places = active.length > 0 ? active : (encounter.location ?? []);
  return places.some((one) => idOf(one.location) === room);
}

/** Emergencies first, then as they came. */
function byUrgency(a: WorklistRow, b: WorklistRow): number {
  return Number(b.urgent) - Number(a.urgent) || a.arrivedAt.localeCompare(b.arrivedAt);
}

function rowOf(encounter: Encounter, patient: Patient | undefined): WorklistRow {
  const category = extensionOf(encounter, ext.patientCategory)?.valueCoding?.code ?? '';
  return {
    encounter: encounter.id!,
    version: versionOf(encounter),
    ticket: ticketOf(encounter),
    state: stateOf(encounter),
    urgent: isUrgent(encounter),
    patient: idOf(encounter.subject),
    name: patient ? personName(patient) : (encounter.subject?.display ?? ''),
    gender: patient?.gender ?? 'unknown',
    birthDate: patient?.birthDate ?? null,
    reason: encounter.reasonCode?.[0]?.text ?? '',
    arrivedAt: encounter.period?.start ?? '',
    doctor: attendingOf(encounter)?.name ?? '',
    insured: category !== '' && !category.startsWith(NOT_INSURED),
  };
}
