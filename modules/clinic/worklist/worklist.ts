/** The worklist of a room: who waits, who is being seen, who was seen today. */
import { Failure } from '../../../kernel/failure.ts';
import { ext } from '../../../kernel/fhir/systems.ts';
import type { Encounter, Patient } from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import type { Store } from '../../../kernel/store/contract.ts';
import { vietnamDayBounds } from '../../../kernel/text/vietnam-time.ts';
import { nameOf as personName } from '../../people/index.ts';
import type { WorklistRow } from '../contract.ts';
import { attendingOf, extensionOf, idOf, isUrgent, ticketOf, versionOf } from '../text.ts';
import { stateOf } from '../visit/view.ts';
import { isMeant } from './is-meant.ts';
import { byUrgency, cursorOf, newestFirst, type Place, placeOfCursor, placesOf } from './order.ts';

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
 * Emergencies first, then as they came, over all pages; those who are done: the last first.
 * @param query.state waiting, seeing, done or open (the first two); today's visits of the room
 * @param query.text words of the name, or the ticket: only those who have them, looked for among all visits until a page is full
 * Fails with `invalid-parameter` for another state or a cursor that no page gave.
 */
export async function worklistOf(
  session: RecordSession,
  query: { room: string; state: string; text: string; cursor: string; day: string },
  store: Store,
): Promise<WorklistPage> {
  const status = STATUSES[query.state];
  if (!status) {
    throw new Failure('invalid-parameter', `Không có trạng thái "${query.state}".`, {
      textEn: `state must be one of ${Object.keys(STATUSES).join(', ')}`,
      expression: 'state',
    });
  }
  const { unit } = session.actor;
  if (unit === null) return { rows: [], total: 0 };
  const order = query.state === 'done' ? newestFirst : byUrgency;
  const visits: [string, string][] = [
    ['service-provider', `Organization/${unit}`],
    ['location', `Location/${query.room}`],
    ['status', status],
    ['date', `ge${vietnamDayBounds(query.day).from}`],
  ];
  const places = (await placesOf(query.room, visits, store)).sort(order);
  const after = query.cursor === '' ? null : readCursor(query.cursor);
  const behind = after === null ? places : places.filter((place) => order(after, place) < 0);
  const { rows, read } = await pageOf(behind, query.text, session);
  return {
    rows,
    ...(query.text ? {} : { total: places.length }),
    ...(behind.length > read ? { next: cursorOf(behind[read - 1]!) } : {}),
  };
}

/** A page of rows, and how many places were read for it: who looks for one among a thousand gets them in one answer, not in eleven empty pages. */
async function pageOf(
  places: readonly Place[],
  text: string,
  session: RecordSession,
): Promise<{ rows: WorklistRow[]; read: number }> {
  const rows: WorklistRow[] = [];
  let read = 0;
  do {
    const part = places.slice(read, read + PAGE);
    rows.push(...(await rowsOf(part, session)).filter((row) => isMeant(row, text)));
    read += part.length;
  } while (text !== '' && rows.length < PAGE && read < places.length);
  return { rows, read };
}

function readCursor(cursor: string): Place {
  const place = placeOfCursor(cursor);
  if (place) return place;
  throw new Failure('invalid-parameter', 'Trang này không có. Hãy mở lại danh sách từ đầu.', {
    textEn: 'cursor must be the next of a page.',
    expression: 'cursor',
  });
}

/** The visits of a page with their people, in its order, as the session may see them. */
async function rowsOf(page: Place[], session: RecordSession): Promise<WorklistRow[]> {
  if (page.length === 0) return [];
  const found = await session.search('Encounter', [
    ['_id', page.map((place) => place.encounter).join(',')],
    ['_include', 'Encounter:subject'],
    ['_count', String(PAGE)],
  ]);
  const patients = new Map(
    found.included.flatMap((one) => (one.resourceType === 'Patient' ? [[one.id!, one as Patient]] : [])),
  );
  const visits = new Map((found.matches as Encounter[]).map((one) => [one.id!, one]));
  return page.flatMap(({ encounter }) => {
    const visit = visits.get(encounter);
    return visit ? [rowOf(visit, patients.get(idOf(visit.subject)))] : [];
  });
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
