/** Routes of doses: one that was given, and what was seen after it. */
import type { FastifyInstance } from 'fastify';
import { courseOf, dayOf, type OpenProgramme } from '../../engines/programmes/index.ts';
import type { Immunization } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { inTransaction } from '../../kernel/store/index.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Ask, type Body, dayIn, factsOf, programmeOf, refusal, textOf, writingOf } from './asking.ts';
import { givenOf } from './stock/follow.ts';
import { findLot, holdLot, type LotKey, refuseUnusable } from './stock/ledger.ts';
import { recordDose, recordReaction, type Writing } from './write.ts';

/** Screening before injection (Decision 1575/QĐ-BYT, 2023): outside of these a dose is put off, °C. */
const FIT_TEMPERATURE = { above: 35.5, below: 37.5 };
const PLAUSIBLE_TEMPERATURE = { from: 30, to: 45 };

export function doseRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/:key/people/:patient/doses', async (request) => {
    const writing = writingOf(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const dose = readDose(request.body ?? {}, open, writing.day);
    await refuseHeld(
      kernel,
      { unit: writing.actor.unit!, product: dose.product, lot: dose.lot },
      writing.day,
    );
    const { facts } = await factsOf(kernel, request, open);
    const course = courseOf(open, facts, dayOf(writing.day)!);
    const written = await recordDose(writing, course, request.params.patient, dose);
    return {
      dose: written.id,
      watchUntil: vietnamInstant(new Date(kernel.settings.now().getTime() + WATCH_MS)),
    };
  });

  app.post<Ask>('/api/programmes/doses/:dose/reactions', async (request) => {
    const writing = writingOf(kernel, request);
    const body = request.body ?? {};
    const text = textOf(body, 'text');
    if (text === '') throw refusal('text', 'Hãy ghi phản ứng thấy được.', 'Say what was seen.');
    const dose = await writing.session.read('Immunization', request.params.dose);
    const isSerious = body.isSerious === true;
    const onset = onsetOf(body, writing.day);
    const outcome = OUTCOMES.find((one) => one === (body.outcome ?? 'ongoing'));
    if (!outcome)
      throw refusal(
        'outcome',
        'Hãy chọn diễn biến của phản ứng.',
        `outcome is one of ${OUTCOMES.join(', ')}.`,
      );
    const event = await recordReaction(writing, dose, { text, isSerious, onset, outcome });
    return { reaction: event.id, held: isSerious ? await holdOf(kernel, dose, text, writing) : [] };
  });
}

/** http://terminology.hl7.org/CodeSystem/adverse-event-outcome */
const OUTCOMES = ['resolved', 'recovering', 'ongoing', 'resolvedWithSequelae', 'fatal', 'unknown'] as const;

/** When it began: an ISO day, today unless said. */
function onsetOf(body: Body, today: string): string {
  const onset = textOf(body, 'onset') || today;
  if (dayIn(onset, 'onset') <= today) return onset;
  throw refusal('onset', 'Ngày phản ứng bắt đầu không thể ở sau hôm nay.', 'The reaction began after today.');
}

/** After a severe reaction nothing more is given of the lot (Decree 165/2026 articles 50–52; Circular 34/2018). */
async function holdOf(
  kernel: Kernel,
  dose: Immunization,
  text: string,
  { actor, day }: Writing,
): Promise<string[]> {
  const given = givenOf(dose);
  if (given === null) return [];
  const by = { who: actor.name, now: kernel.settings.now() };
  return inTransaction(kernel.pool, async (client) => {
    for (const product of given.products) {
      const key = { unit: actor.unit!, product, lot: given.lot };
      if ((await findLot(client, key)) === null) continue;
      await holdLot(
        client,
        key,
        `Phản ứng nặng sau tiêm ngày ${day.split('-').reverse().join('/')}: ${text}`,
        by,
      );
      return [given.lot];
    }
    return [];
  });
}

/** A lot of the own stock that is on hold or expired is not given. */
async function refuseHeld(kernel: Kernel, { unit, product, lot }: LotKey, today: string): Promise<void> {
  const { rows } = await kernel.pool.query<{ lot: string; hold: string; expires: string }>(
    'select lot, hold, expires::text as expires from programmes.lot where unit = $1 and product = $2 and lot = $3',
    [unit, product, lot],
  );
  if (rows[0]) refuseUnusable(rows[0], today);
}

/** Watched at least so long after an injection (Circular 34/2018 article 7; Decision 1575/QĐ-BYT). */
const WATCH_MS = 30 * 60_000;

function readDose(body: Body, { products }: OpenProgramme, today: string) {
  const product = products.get(textOf(body, 'product'));
  if (!product) throw refusal('product', 'Hãy chọn vắc xin.', 'product is none of the catalogue.');
  const lot = textOf(body, 'lot');
  if (lot === '') throw refusal('lot', 'Hãy ghi số lô.', 'The lot number is missing.');
  const expires = dayIn(textOf(body, 'expires'), 'expires');
  if (expires < today)
    throw refusal(
      'expires',
      'Lô này đã hết hạn: không được tiêm. Hãy lấy lô khác.',
      'The lot is expired and must not be given.',
    );
  if (body.isFit !== true)
    throw refusal(
      'isFit',
      'Chưa khám sàng lọc hoặc chưa đủ điều kiện tiêm.',
      'A dose is given after screening found the person fit.',
    );
  const { temperature = null } = body;
  if (temperature !== null) checkTemperature(temperature);
  return {
    product: product.code,
    name: product.name,
    route: product.route,
    lot,
    expires,
    site: textOf(body, 'site'),
    isFit: true,
    temperature: temperature as number | null,
  };
}

function checkTemperature(value: unknown): void {
  const isNumber =
    typeof value === 'number' && value >= PLAUSIBLE_TEMPERATURE.from && value <= PLAUSIBLE_TEMPERATURE.to;
  if (!isNumber)
    throw refusal('temperature', 'Thân nhiệt không hợp lý.', 'temperature is a number of degrees Celsius.');
  if (value <= FIT_TEMPERATURE.above || value >= FIT_TEMPERATURE.below)
    throw refusal(
      'temperature',
      'Thân nhiệt từ 37,5 °C trở lên hoặc từ 35,5 °C trở xuống: hoãn tiêm.',
      'The dose is put off at 37.5 °C and above, or 35.5 °C and below.',
    );
}
