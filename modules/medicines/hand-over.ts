/** Handing out to a person by prescription, and taking back what was written wrongly: /api/medicines/people/<id>, /api/medicines/dispenses/<id>. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Failure } from '../../kernel/failure.ts';
import type { Bundle, MedicationDispense, MedicationRequest } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { addDays, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { firstExpired, isUsable, type LotRow, lotsOf, stockedSince } from '../stock/index.ts';
import {
  type Ask,
  type Body,
  medicinesOf,
  memberOfUnit,
  reasonOf,
  refusal,
  textOf,
  todayOf,
  wholeOf,
} from './asking.ts';
import { batchOf, dispenseOf, type HandOver, lineOf } from './dispense.ts';
import { isBeforeStock } from './needs.ts';
import { type PickUpRules, pickUpRules } from './rules.ts';
import { daysOf, type Line, type Standing, standingOf } from './supply.ts';

/** Lines that one hand-over may have. */
const MOST_LINES = 50;
/** Hand-overs of a person that are shown, the last first. */
const SHOWN_GIVEN = 50;

export interface PersonLineRead extends Line {
  standing: Standing;
  usage: string;
  /** True where it was signed before the unit kept a stock of it: how it was handed out is not known. */
  isBeforeStock: boolean;
  /** What may be handed out of it now, and the lots that would be taken for the proposed amount. */
  usable: number;
  lots: { lot: string; expires: string; amount: number }[];
}

export interface GivenRead {
  id: string;
  name: string;
  amount: number;
  unit: string;
  lot: string;
  expires: string;
  at: string;
  by: string;
  note: string;
  /** Given by the own unit, which may take it back. */
  isOwn: boolean;
}

export function handOverRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>(
    '/api/medicines/people/:patient',
    async (
      request,
    ): Promise<{ lines: PersonLineRead[]; given: GivenRead[]; today: string; early: number }> => {
      const { unit } = memberOfUnit(kernel, request);
      const at = await readPerson(kernel, request, unit);
      return {
        lines: lastOfMedicine(at.lines).flatMap((one) => lineRead(one, at) ?? []),
        given: at.dispenses
          .filter(({ status }) => status === 'completed')
          .sort((a, b) => (b.whenHandedOver ?? '').localeCompare(a.whenHandedOver ?? ''))
          .slice(0, SHOWN_GIVEN)
          .map((one) => givenRead(one, unit)),
        today: at.today,
        early: at.rules.early,
      };
    },
  );

  app.post<Ask>(
    '/api/medicines/people/:patient/dispenses',
    async (request): Promise<{ handed: { name: string; lot: string; amount: number }[] }> => {
      const actor = memberOfUnit(kernel, request);
      const at = await readPerson(kernel, request, actor.unit);
      const why = textOf(request.body ?? {}, 'why');
      const hands = handOversOf(readLines(request.body ?? {}), why, at);
      const giver = {
        unit: actor.unit,
        practitioner: actor.practitioner,
        name: actor.name,
        at: vietnamInstant(kernel.settings.now()),
      };
      await kernel.gate.session(request).transaction(bundleOf(hands.map((one) => dispenseOf(one, giver))));
      return {
        handed: hands.map(({ request: { medicationCodeableConcept }, lot, amount }) => ({
          name: medicationCodeableConcept?.text ?? '',
          lot,
          amount,
        })),
      };
    },
  );

  app.post<Ask>('/api/medicines/dispenses/:dispense/void', async (request): Promise<{ id: string }> => {
    const { unit } = memberOfUnit(kernel, request);
    const why = reasonOf(request.body ?? {});
    const session = kernel.gate.session(request);
    const dispense = await session.read('MedicationDispense', request.params.dispense);
    if (dispense.status !== 'completed' || !isOf(dispense, unit))
      throw refusal(
        'dispense',
        'Lần cấp này không phải của đơn vị hoặc đã được ghi nhầm.',
        'Only a hand-over of the own unit that stands is taken back.',
      );
    const { id } = await session.update<MedicationDispense>({
      ...dispense,
      status: 'entered-in-error',
      statusReasonCodeableConcept: { text: why },
    });
    return { id: id! };
  });
}

interface At {
  today: string;
  rules: PickUpRules;
  requests: Map<string, MedicationRequest>;
  dispenses: MedicationDispense[];
  lines: Line[];
  stocked: ReadonlyMap<string, string>;
  /** Lots that may be handed out. */
  lots: LotRow[];
}

async function readPerson(kernel: Kernel, request: FastifyRequest<Ask>, unit: string): Promise<At> {
  const today = todayOf(kernel);
  const [requests, dispenses] = await kernel.gate
    .session(request)
    .searchAbout(request.params.patient, [
      ['MedicationRequest', { status: 'active,completed' }],
      ['MedicationDispense'],
    ]);
  const [stocked, lots] = await Promise.all([
    stockedSince(kernel.pool, medicinesOf(unit)),
    lotsOf(kernel.pool, medicinesOf(unit), today),
  ]);
  return {
    today,
    rules: pickUpRules(kernel.content, today),
    requests: new Map(requests.map((one) => [one.id!, one])),
    dispenses,
    lines: requests
      .map((one) => lineOf(one, dispenses))
      .filter(({ medicine, authored }) => medicine !== '' && authored !== '')
      .sort((a, b) => b.authored.localeCompare(a.authored) || a.name.localeCompare(b.name, 'vi')),
    stocked,
    lots: lots.filter((lot) => isUsable(lot, today)),
  };
}

/** Of each medicine the lines of the last prescription: an earlier one is followed no more. Pure. @param lines the newest first */
export function lastOfMedicine(lines: readonly Line[]): Line[] {
  const last = new Map<string, string>();
  return lines.filter((line) => {
    const prescription = line.number || line.encounter || line.request;
    if (!last.has(line.medicine)) last.set(line.medicine, prescription);
    return last.get(line.medicine) === prescription;
  });
}

/** Lines with something left, as long as anybody may still come for it; null = it is over. */
function lineRead(line: Line, at: At): PersonLineRead | null {
  const before = isBeforeStock(line, at.stocked, at.rules, at.today);
  const standing = standingOf(line, at.rules, at.today, before);
  const left = line.quantity - line.handed;
  if (left <= 0 || addDays(line.authored, line.days + at.rules.lost) < at.today) return null;
  const shelf = at.lots.filter(({ item }) => item === line.medicine);
  return {
    ...line,
    standing,
    usage: at.requests.get(line.request)?.dosageInstruction?.[0]?.text ?? '',
    isBeforeStock: before,
    usable: shelf.reduce((all, { balance }) => all + balance, 0),
    lots: firstExpired(shelf, standing.amount, lastDayOf(line, standing.amount, at.today)) ?? [],
  };
}

const lastDayOf = (line: Line, amount: number, today: string) => addDays(today, daysOf(line, amount));

function givenRead(one: MedicationDispense, unit: string): GivenRead {
  return {
    id: one.id!,
    name: one.medicationCodeableConcept?.text ?? '',
    amount: one.quantity?.value ?? 0,
    unit: one.quantity?.unit ?? '',
    ...batchOf(one),
    at: one.whenHandedOver ?? '',
    by: one.performer?.find(({ actor }) => actor.display)?.actor.display ?? '',
    note: one.note?.map(({ text }) => text).join('; ') ?? '',
    isOwn: isOf(one, unit),
  };
}

const isOf = ({ performer = [] }: MedicationDispense, unit: string) =>
  performer.some(({ actor }) => actor.reference === `Organization/${unit}`);

interface Wanted {
  request: string;
  amount: number;
}

function readLines(body: Body): Wanted[] {
  const { lines } = body;
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > MOST_LINES)
    throw refusal('lines', 'Chọn ít nhất một thuốc để cấp.', `lines has 1 to ${MOST_LINES} entries.`);
  const wanted = lines.map((one: unknown): Wanted => {
    const line = (typeof one === 'object' && one !== null ? one : {}) as Body;
    return { request: textOf(line, 'request'), amount: wholeOf(line, 'amount', 1) };
  });
  if (new Set(wanted.map(({ request }) => request)).size < wanted.length)
    throw refusal(
      'lines',
      'Một thuốc của đơn chỉ ghi một lần.',
      'A line of the prescription stands there twice.',
    );
  return wanted;
}

/** Checks each line and takes its lots, first expired first. @throws Failure `business-rule` that names the medicine */
function handOversOf(wanted: readonly Wanted[], why: string, at: At): HandOver[] {
  const shelves = at.lots.map((lot) => ({ ...lot }));
  return wanted.flatMap(({ request: id, amount }) => {
    const request = at.requests.get(id);
    const line = lastOfMedicine(at.lines).find(({ request }) => request === id);
    if (!request || !line || request.status !== 'active')
      throw refusal(
        'lines',
        'Đơn này không còn hiệu lực hoặc đã được thay. Hãy tải lại trang.',
        `MedicationRequest/${id} is no line of a prescription in force.`,
      );
    refuseTooMuch(line, amount);
    const isEarly = refuseEarly(line, why, at);
    const shelf = shelves.filter(({ item }) => item === line.medicine);
    const lots = firstExpired(shelf, amount, lastDayOf(line, amount, at.today));
    if (lots === null) throw tooLittle(line, shelf, amount);
    for (const part of lots) shelf.find(({ lot }) => lot === part.lot)!.balance -= part.amount;
    return lots.map((part) => ({
      request,
      ...part,
      days: daysOf(line, part.amount),
      why: isEarly ? why : '',
    }));
  });
}

function refuseTooMuch(line: Line, amount: number): void {
  const left = Math.ceil(line.quantity - line.handed);
  if (amount > left)
    throw refusal(
      'amount',
      left > 0
        ? `${line.name}: đơn chỉ còn ${left} ${line.unit} chưa lĩnh.`
        : `${line.name}: đơn đã lĩnh hết, cần kê đơn mới.`,
      `${line.name}: the prescription has ${left} left.`,
    );
}

/** @returns whether it is early and a reason was given */
function refuseEarly(line: Line, why: string, at: At): boolean {
  const { next } = standingOf(line, at.rules, at.today, isBeforeStock(line, at.stocked, at.rules, at.today));
  if (next <= addDays(at.today, at.rules.early)) return false;
  if (why !== '') return true;
  throw refusal(
    'why',
    `${line.name}: thuốc đã cấp còn dùng đến ${next.split('-').reverse().join('/')}. Cấp sớm thì ghi lý do.`,
    `${line.name}: what was handed out lasts until ${next}; an early hand-over needs a reason.`,
  );
}

function tooLittle(line: Line, shelf: readonly LotRow[], amount: number): Failure {
  const there = shelf.reduce((all, { balance }) => all + balance, 0);
  if (there >= amount)
    return refusal(
      'amount',
      `${line.name}: kho còn ${there} ${line.unit} nhưng hết hạn trước khi dùng xong. Cấp ít hơn hoặc nhập lô mới.`,
      `${line.name}: what lies there expires before it would be used up.`,
    );
  return refusal(
    'amount',
    `${line.name}: kho chỉ còn ${there} ${line.unit}.`,
    `${line.name}: only ${there} are left in stock.`,
  );
}

function bundleOf(dispenses: readonly MedicationDispense[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: dispenses.map((resource) => ({
      resource,
      request: { method: 'POST', url: 'MedicationDispense' },
    })),
  };
}
