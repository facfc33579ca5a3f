/** The route of a dose that was given. */
import type { FastifyInstance } from 'fastify';
import { courseOf, dayOf, type OpenProgramme } from '../../engines/programmes/index.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Lot, type LotKey, readLot, refuseUnusable } from '../stock/index.ts';
import { type Ask, type Body, dayIn, factsOf, programmeOf, refusal, textOf, writingOf } from './asking.ts';
import { makerOf } from './lot-maker.ts';
import { giveReserved } from './paid/give.ts';
import { checkTemperature, type FitTemperature, fitTemperatureOn } from './screening.ts';
import { vaccinesOf } from './stock/keeper.ts';
import { readMonitor, stagesOn } from './vial-monitor.ts';
import { watchMs } from './watch.ts';
import { immunizationOf, recordDose } from './write.ts';

export function doseRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/:key/people/:patient/doses', async (request) => {
    const writing = writingOf(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const dose = {
      ...readDose(request.body ?? {}, open, writing.day, fitTemperatureOn(kernel.content, writing.day)),
      monitor: readMonitor(request.body ?? {}, stagesOn(kernel, writing.day)),
    };
    const reservation = textOf(request.body ?? {}, 'reservation');
    const key = { ...vaccinesOf(writing.actor.unit!), item: dose.product, lot: dose.lot };
    refuseWrongPayer(await usableLot(kernel, key, writing.day), dose.lot, reservation !== '');
    const { facts } = await factsOf(kernel, request, open);
    const course = courseOf(open, facts, dayOf(writing.day)!);
    const { patient } = request.params;
    const place = (await writing.session.read('Organization', key.unit)).name ?? '';
    const said = textOf(request.body ?? {}, 'maker');
    const maker = await makerOf(kernel.pool, dose.product, dose.lot, said);
    const whole = { ...dose, maker, place };
    const id =
      reservation === ''
        ? (await recordDose(writing, course, patient, whole)).id
        : await giveReserved(writing, immunizationOf(writing, course, patient, whole), reservation);
    return {
      dose: id,
      watchUntil: vietnamInstant(
        new Date(kernel.settings.now().getTime() + watchMs(kernel.content, writing.day)),
      ),
    };
  });
}

/** The lot as the own stock has it; null = it was never received. @throws Failure for a lot on hold or expired: it is not given */
async function usableLot({ pool }: Kernel, key: LotKey, today: string): Promise<Lot | null> {
  const found = await readLot(pool, key);
  if (found) refuseUnusable(found, today);
  return found;
}

/** For what the State pays nobody else is charged, and what was bought to be sold is not given for nothing. */
function refuseWrongPayer(known: Lot | null, lot: string, isSold: boolean): void {
  if (isSold && known?.paid !== true)
    throw refusal(
      'lot',
      `Lô ${lot} không phải vắc xin dịch vụ trong kho: không được thu tiền. Hãy lấy lô đã nhập để tiêm dịch vụ.`,
      `Lot ${lot} was not bought to be sold; nobody may be charged for it.`,
    );
  if (!isSold && known?.paid === true)
    throw refusal(
      'lot',
      `Lô ${lot} là vắc xin dịch vụ: hãy đặt lịch và thu tiền ở màn hình Tiêm dịch vụ, rồi tiêm từ đó.`,
      `Lot ${lot} was bought to be sold: give it by a reservation.`,
    );
}

function readDose(body: Body, { products }: OpenProgramme, today: string, fit: FitTemperature | null) {
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
  if (temperature !== null) checkTemperature(temperature, fit);
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
