/** Today's arrivals and the order in which a room calls them. The order is pure; the visits are read in the actor's name. */
import type { RecordSession } from '../../../kernel/access/contract.ts';
import { ext } from '../../../kernel/fhir/systems.ts';
import type { Encounter, Patient } from '../../../kernel/fhir/types.ts';
import type { Store } from '../../../kernel/store/contract.ts';
import { addDays } from '../../../kernel/text/vietnam-time.ts';
import { factsOf } from '../../people/index.ts';
import { dayOfVisit, extensionOf, idOf, isUrgent, ticketOf, versionOf } from '../text.ts';

export interface QueueRow {
  encounter: string;
  version: number;
  ticket: string;
  room: string;
  status: Encounter['status'];
  urgent: boolean;
  /** Arrival, ISO with +07:00. */
  start: string;
  end: string | null;
  reason: string;
  category: string;
  patient: { id: string; name: string; gender: string; birthDate: string | null };
}

const WAITING: readonly string[] = ['arrived', 'triaged'];
const SEEING = 'in-progress';
const MOST = 1000;

/** Being seen, then waiting (urgent first, then by number), then those who are done. */
export function queueOrder(a: QueueRow, b: QueueRow): number {
  return rank(a) - rank(b) || Number(b.urgent) - Number(a.urgent) || a.ticket.localeCompare(b.ticket);
}

function rank(row: QueueRow): number {
  if (row.status === SEEING) return 0;
  return WAITING.includes(row.status) ? 1 : 2;
}

/** How many are called before the visit: those who wait and come before it in the order. */
export function countBefore(encounter: string, rows: QueueRow[]): number {
  const waiting = rows.filter((row) => WAITING.includes(row.status)).sort(queueOrder);
  const at = waiting.findIndex((row) => row.encounter === encounter);
  return at < 0 ? waiting.length : at;
}

/**
 * The day's arrivals with their names, in the actor's name. Rows are in no order.
 * @param room Location id, or null for all rooms of the unit
 */
export async function arrivalsOf(
  room: string | null,
  unit: string | null,
  day: string,
  session: RecordSession,
): Promise<QueueRow[]> {
  const found = await session.search('Encounter', [
    ...visitsOfDay(room, unit, day),
    ['_include', 'Encounter:subject'],
  ]);
  const patients = new Map(
    found.included.flatMap((each) =>
      each.resourceType === 'Patient' ? [[each.id ?? '', each] as const] : [],
    ),
  );
  return found.matches
    .filter((visit) => isOfDay(visit, day))
    .map((visit) => rowOf(visit, patients.get(idOf(visit.subject))));
}

/** Those who wait or are being seen, without names, for counting: nobody sees these rows, so they are read from the store and not audited. */
async function countedArrivals(
  room: string | null,
  unit: string | null,
  day: string,
  store: Store,
): Promise<QueueRow[]> {
  const { matches } = await store.search({
    type: 'Encounter',
    params: [...visitsOfDay(room, unit, day), ['status', [...WAITING, SEEING].join(',')]],
  });
  return matches
    .map((version) => JSON.parse(version.body.toString('utf8')) as Encounter)
    .filter((visit) => isOfDay(visit, day))
    .map((visit) => rowOf(visit, undefined));
}

function visitsOfDay(room: string | null, unit: string | null, day: string): [string, string][] {
  return [
    ...(room ? [['location', `Location/${room}`] as [string, string]] : []),
    ...(unit ? [['service-provider', `Organization/${unit}`] as [string, string]] : []),
    ['date', `ge${day}`],
    // Not `le`: the period of an open visit has no end, and R4 counts what lies wholly below the day.
    ['date', `lt${addDays(day, 1)}`],
    ['_count', String(MOST)],
  ];
}

function isOfDay(visit: Encounter, day: string): boolean {
  return dayOfVisit(visit) === day && visit.status !== 'cancelled';
}

function rowOf(visit: Encounter, patient: Patient | undefined): QueueRow {
  return {
    encounter: visit.id ?? '',
    version: versionOf(visit),
    ticket: ticketOf(visit),
    room: idOf(visit.location?.at(-1)?.location),
    status: visit.status,
    urgent: isUrgent(visit),
    start: visit.period?.start ?? '',
    end: visit.period?.end ?? null,
    reason: visit.reasonCode?.[0]?.text ?? '',
    category: extensionOf(visit, ext.patientCategory)?.valueCoding?.code ?? '',
    patient: {
      id: idOf(visit.subject),
      name: patient ? factsOf(patient).name : (visit.subject?.display ?? ''),
      gender: patient?.gender ?? 'unknown',
      birthDate: patient?.birthDate ?? null,
    },
  };
}

/** How many are called before a visit of the room. */
export async function waitingBefore(
  encounter: string,
  room: string,
  day: string,
  store: Store,
): Promise<number> {
  const rows = await countedArrivals(room, null, day, store);
  return countBefore(
    encounter,
    rows.filter((row) => row.room === room),
  );
}

/** A room with its load, for the choice at the desk. */
export interface RoomLoad {
  id: string;
  name: string;
  kind: string;
  waiting: number;
  seeing: number;
}

/** Department of the rooms people are sent to first (K01, khoa khám bệnh, list `khoa`). */
const EXAMINATION_DEPARTMENT = 'K01';

/** Rooms of the unit: consulting rooms first, then the others, each with its load. */
export async function roomLoads(
  unit: string,
  day: string,
  session: RecordSession,
  store: Store,
): Promise<RoomLoad[]> {
  const [rooms, rows] = await Promise.all([
    session.search('Location', [
      ['organization', `Organization/${unit}`],
      ['_count', '200'],
    ]),
    countedArrivals(null, unit, day, store),
  ]);
  const isRoom = (type: string | undefined) => type === 'ro';
  return rooms.matches
    .filter((room) => room.status !== 'inactive' && isRoom(room.physicalType?.coding?.[0]?.code))
    .map((room) => ({
      id: room.id ?? '',
      name: room.name ?? '',
      kind: room.type?.[0]?.coding?.[0]?.code ?? '',
      waiting: rows.filter((row) => row.room === room.id && WAITING.includes(row.status)).length,
      seeing: rows.filter((row) => row.room === room.id && row.status === SEEING).length,
    }))
    .sort(
      (a, b) => departmentRank(a) - departmentRank(b) || a.waiting - b.waiting || a.id.localeCompare(b.id),
    );
}

function departmentRank(room: RoomLoad): number {
  return room.kind === EXAMINATION_DEPARTMENT ? 0 : 1;
}
