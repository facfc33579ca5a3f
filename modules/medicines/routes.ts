/** Who fetches medicine, /api/medicines/…: who waits, whose is used up, who will come for one medicine. */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel, RecordSession } from '../../kernel/kernel.ts';
import { addDays } from '../../kernel/text/vietnam-time.ts';
import { type Ask, memberOfUnit, pageOf, todayOf } from './asking.ts';
import { waitingLines } from './lines.ts';
import { followedOf } from './needs.ts';
import { ofList, PICK_UP_LISTS, type PickUpList, type PickUpRow, rowsOf } from './pick-ups.ts';
import { pickUpRules } from './rules.ts';
import { demandsOf, standingOf } from './supply.ts';

const PAGE = 50;
const LONGEST_TEXT = 200;

export function pickUpRoutes(app: FastifyInstance, kernel: Kernel): void {
  listRoutes(app, kernel);
  needRoutes(app, kernel);
}

function listRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>(
    '/api/medicines/pick-ups',
    async (
      request,
    ): Promise<{ rows: PickUpRow[]; total?: number; next?: string; counts?: Record<PickUpList, number> }> => {
      const { unit } = memberOfUnit(kernel, request);
      const page = pageOf(request.query.cursor);
      const list = listOf(request.query.list);
      const text = (request.query.q ?? '').slice(0, LONGEST_TEXT).trim();
      const lists = await pickUpsOf(kernel, unit);
      const found = rowsOf(lists[list], text);
      const rows = await seenBy(
        kernel.gate.session(request),
        found.slice(page * PAGE, (page + 1) * PAGE),
        list,
      );
      return {
        rows,
        // How many there are of one name would say of somebody who is not shown that he is in.
        ...(text === ''
          ? {
              total: found.length,
              counts: Object.fromEntries(
                PICK_UP_LISTS.map((one) => [one, rowsOf(lists[one], '').length]),
              ) as Record<PickUpList, number>,
            }
          : {}),
        ...(found.length > (page + 1) * PAGE ? { next: String(page + 1) } : {}),
      };
    },
  );
}

/** Who fetches a medicine in the days to come, through the reader's eyes. */
export interface NeedRow {
  patient: string;
  fullName: string;
  gender: string | null;
  birthDate: string | null;
  day: string;
  amount: number;
}

function needRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>(
    '/api/medicines/stock/people',
    async (request): Promise<{ rows: NeedRow[]; total: number; next?: string }> => {
      const { unit } = memberOfUnit(kernel, request);
      const { medicine = '' } = request.query;
      const page = pageOf(request.query.cursor);
      const found = await needRowsOf(kernel, unit, medicine);
      const shown = found.slice(page * PAGE, (page + 1) * PAGE);
      const visible = await visibleRequests(
        kernel.gate.session(request),
        shown,
        `need of medicine ${medicine}`,
      );
      return {
        rows: shown.filter((row) => visible.has(row.request)).map(({ request: _, ...row }) => row),
        total: found.length,
        ...(found.length > (page + 1) * PAGE ? { next: String(page + 1) } : {}),
      };
    },
  );
}

async function needRowsOf(
  kernel: Kernel,
  unit: string,
  medicine: string,
): Promise<(NeedRow & { request: string })[]> {
  const today = todayOf(kernel);
  const rules = pickUpRules(kernel.content, today);
  const followed = (await followedOf(kernel, unit, today)).filter(({ line }) => line.medicine === medicine);
  return followed
    .flatMap(({ line, standing }) =>
      demandsOf(line, standing, rules, today).map(({ day, amount }) => ({
        patient: line.person,
        request: line.request,
        fullName: line.fullName,
        gender: line.gender,
        birthDate: line.birthDate,
        day,
        amount,
      })),
    )
    .sort((a, b) => a.day.localeCompare(b.day) || a.fullName.localeCompare(b.fullName, 'vi'));
}

function listOf(text = 'waiting'): PickUpList {
  const found = PICK_UP_LISTS.find((one) => one === text);
  if (found) return found;
  throw new Failure('invalid-parameter', 'Không có danh sách này. Hãy mở lại từ trang Cấp thuốc.', {
    textEn: `list is one of ${PICK_UP_LISTS.join(', ')}.`,
    expression: 'list',
  });
}

async function pickUpsOf(kernel: Kernel, unit: string) {
  const today = todayOf(kernel);
  const rules = pickUpRules(kernel.content, today);
  const since = new Date(`${addDays(today, -rules.first)}T00:00:00+07:00`);
  const [signed, followed] = await Promise.all([
    waitingLines(kernel.pool, unit, since),
    followedOf(kernel, unit, today),
  ]);
  const waiting = signed
    .filter(({ handed }) => handed === 0)
    .map((line) => ({ line, standing: standingOf(line, rules, today, false) }));
  const requests = new Set(waiting.map(({ line }) => line.request));
  return {
    waiting,
    due: ofList('due', followed, requests, rules, today),
    late: ofList('late', followed, requests, rules, today),
  };
}

/** Of a page only what the reader may read in the record. */
async function seenBy(
  session: RecordSession,
  rows: readonly PickUpRow[],
  list: PickUpList,
): Promise<PickUpRow[]> {
  const all = rows.flatMap(({ patient, lines }) => lines.map(({ request }) => ({ patient, request })));
  const visible = await visibleRequests(session, all, `medicine pick-ups ${list}`);
  return rows.flatMap((row) => {
    const lines = row.lines.filter(({ request }) => visible.has(request));
    return lines.length > 0 ? [{ ...row, lines }] : [];
  });
}

/** Requests that the reader may read, of persons whom the reader may see; each person that is shown gets a line of the audit. */
async function visibleRequests(
  session: RecordSession,
  rows: readonly { patient: string; request: string }[],
  what: string,
): Promise<ReadonlySet<string>> {
  const patients = [...new Set(rows.map(({ patient }) => patient))];
  const records = await session.recordsAmong(patients, ['Patient', 'MedicationRequest']);
  const visible = new Set<string>();
  for (const [patient, found] of records) {
    if (!found.some(({ resourceType }) => resourceType === 'Patient')) continue;
    const own = new Set(found.map(({ id }) => id));
    const shown = rows.filter((row) => row.patient === patient && own.has(row.request));
    for (const { request } of shown) visible.add(request);
    if (shown.length > 0) await session.note('read', what, patient);
  }
  return visible;
}
