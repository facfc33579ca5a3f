/** Medicines of the own unit, /api/medicines/stock…: what is there beside who needs it, what came and went, scanning. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Row } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { inTransaction } from '../../kernel/store/index.ts';
import { foldText, foldWords } from '../../kernel/text/fold.ts';
import { addDays } from '../../kernel/text/vietnam-time.ts';
import { readGs1 } from '../programmes/index.ts';
import {
  type Ask,
  dayOf,
  memberOfUnit,
  pageOf,
  reasonOf,
  refusal,
  TOPIC,
  textOf,
  todayOf,
  wholeOf,
} from './asking.ts';
import { type By, holdLot, type LotKey, lockLot, move, receive } from './ledger.ts';
import { demandsOfUnit } from './needs.ts';
import { pickUpRules } from './rules.ts';
import { cardOf, isUsable, type LotRow, lotsOf, type MovementRow, unexplainedOf } from './shelves.ts';
import { type Demand, type Need, needOf } from './supply.ts';

const PAGE = 50;
const MOST_SCANNED = 500;
/** Lots that end within so many days are shown as such. */
const SOON_DAYS = 90;

export interface StockRow {
  medicine: string;
  name: string;
  /** What it contains and how much, in words. */
  contains: string;
  form: string;
  unit: string;
  /** All that lies there, and what of it may be handed out. */
  balance: number;
  usable: number;
  need: Need;
  lots: (LotRow & { isExpired: boolean; isSoon: boolean })[];
}

const SHOWN = ['all', 'short', 'expiring'] as const;
type Shown = (typeof SHOWN)[number];

export interface StockPage {
  rows: StockRow[];
  total: number;
  next?: string;
  /** Days that the need is told for. */
  horizon: number;
  counts: Record<Shown, number>;
  unexplained: { medicine: string; name: string; lot: string; state: string; amount: number }[];
}

export function stockRoutes(app: FastifyInstance, kernel: Kernel): void {
  readingRoutes(app, kernel);
  movingRoutes(app, kernel);
}

function readingRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/medicines/stock', async (request): Promise<StockPage> => {
    const { unit } = memberOfUnit(kernel, request);
    const { q = '', show = 'all' } = request.query;
    const page = pageOf(request.query.cursor);
    const rows = await stockOf(kernel, unit);
    const names = nameOf(kernel);
    const words = foldWords(q.slice(0, MOST_SCANNED));
    const found = rows.filter(
      (row) => fits(row, SHOWN.find((one) => one === show) ?? 'all') && hasWords(row, words),
    );
    await kernel.gate.session(request).note('read', `medicine stock of ${unit}`, null);
    return {
      rows: found.slice(page * PAGE, (page + 1) * PAGE),
      total: found.length,
      ...(found.length > (page + 1) * PAGE ? { next: String(page + 1) } : {}),
      horizon: pickUpRules(kernel.content, todayOf(kernel)).horizon,
      counts: Object.fromEntries(
        SHOWN.map((one) => [one, rows.filter((row) => fits(row, one)).length]),
      ) as Record<Shown, number>,
      unexplained: (await unexplainedOf(kernel.pool, unit)).map((one) => ({
        ...one,
        name: names(one.medicine),
      })),
    };
  });

  app.get<Ask>('/api/medicines/stock/one', async (request): Promise<StockRow> => {
    const { unit } = memberOfUnit(kernel, request);
    const { medicine = '' } = request.query;
    const found = (await stockOf(kernel, unit)).find((row) => row.medicine === medicine);
    if (found) return found;
    const row = medicineOf(kernel, medicine);
    if (!row)
      throw new Failure('not-found', 'Danh mục của cơ sở không có thuốc này.', {
        textEn: 'No medicine of the list has this code.',
      });
    return stockRow(kernel, medicine, [], [], todayOf(kernel));
  });

  app.get<Ask>(
    '/api/medicines/stock/card',
    async (request): Promise<{ rows: MovementRow[]; total: number; next?: string }> => {
      const { unit } = memberOfUnit(kernel, request);
      const page = pageOf(request.query.cursor);
      const { medicine = '' } = request.query;
      const { rows, total } = await cardOf(kernel.pool, unit, medicine, page * PAGE, PAGE);
      return { rows, total, ...(total > (page + 1) * PAGE ? { next: String(page + 1) } : {}) };
    },
  );

  app.get<Ask>(
    '/api/medicines/stock/scan',
    async (
      request,
    ): Promise<{
      gtin: string;
      lot: string;
      expires: string;
      medicine: string;
      name: string;
      unit: string;
    }> => {
      const { unit } = memberOfUnit(kernel, request);
      const scanned = readGs1((request.query.code ?? '').slice(0, MOST_SCANNED), todayOf(kernel));
      if ('text' in scanned)
        throw refusal('code', `Không đọc được mã: ${scanned.text}.`, `Cannot be read: ${scanned.textEn}.`);
      const { gtin, lot, expires } = scanned;
      const { rows } = await kernel.pool.query<{ medicine: string }>(
        `select medicine from medicines.lot where unit = $1 and gtin = $2 and gtin <> '' order by (lot = $3) desc, since desc limit 1`,
        [unit, gtin, lot],
      );
      const row = medicineOf(kernel, rows[0]?.medicine ?? '');
      return {
        gtin,
        lot,
        expires,
        medicine: row?.code ?? '',
        name: row?.name ?? '',
        unit: row?.unit ?? '',
      };
    },
  );
}

/** Every medicine of which the unit has something, or of which somebody will fetch; what runs out first comes first. */
async function stockOf(kernel: Kernel, unit: string): Promise<StockRow[]> {
  const today = todayOf(kernel);
  const [lots, demands] = await Promise.all([
    lotsOf(kernel.pool, unit, today),
    demandsOfUnit(kernel, unit, today),
  ]);
  const medicines = new Set([
    ...lots.map(({ medicine }) => medicine),
    ...demands.map(({ medicine }) => medicine),
  ]);
  const rows = [...medicines].map((medicine) => stockRow(kernel, medicine, lots, demands, today));
  const last = '9999';
  return rows.sort(
    (a, b) =>
      (a.need.runsOut ?? last).localeCompare(b.need.runsOut ?? last) || a.name.localeCompare(b.name, 'vi'),
  );
}

function stockRow(
  kernel: Kernel,
  medicine: string,
  lots: readonly LotRow[],
  demands: readonly Demand[],
  today: string,
): StockRow {
  const own = lots.filter((lot) => lot.medicine === medicine);
  const usable = own.filter((lot) => isUsable(lot, today));
  const soon = addDays(today, SOON_DAYS);
  const row = medicineOf(kernel, medicine);
  return {
    medicine,
    name: row?.name ?? medicine,
    contains: row ? `${row.ingredient_names} ${row.strength}` : '',
    form: row?.form ?? '',
    unit: row?.unit ?? '',
    balance: own.reduce((all, { balance }) => all + balance, 0),
    usable: usable.reduce((all, { balance }) => all + balance, 0),
    need: needOf(
      demands.filter((one) => one.medicine === medicine),
      usable,
    ),
    lots: own.map((lot) => ({ ...lot, isExpired: lot.expires < today, isSoon: lot.expires < soon })),
  };
}

function fits({ need, lots }: StockRow, shown: Shown): boolean {
  if (shown === 'short') return need.runsOut !== null;
  if (shown === 'expiring') return lots.some(({ isSoon, balance }) => isSoon && balance > 0);
  return true;
}

function hasWords({ name, medicine, contains, lots }: StockRow, words: readonly string[]): boolean {
  const text = foldText([name, medicine, contains, ...lots.map(({ lot }) => lot)].join(' '));
  return words.every((word) => text.includes(word));
}

function movingRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>(
    '/api/medicines/stock/receipts',
    async (request): Promise<{ balance: number; unit: string }> => {
      const { key, by } = asked(kernel, request);
      const body = request.body ?? {};
      const medicine = kernel.content
        .inForce('drug/medicines', todayOf(kernel))
        .find(({ code }) => code === key.medicine);
      if (!medicine)
        throw refusal(
          'medicine',
          'Chọn thuốc trong danh mục của cơ sở.',
          'medicine is none of the list of medicines in force.',
        );
      const expires = dayOf(body, 'expires');
      if (expires < todayOf(kernel))
        throw refusal('expires', 'Lô này đã hết hạn: không nhập.', 'The lot is expired and is not received.');
      const amount = wholeOf(body, 'amount', 1);
      const lot = await inTransaction(kernel.pool, (client) =>
        receive(
          client,
          { ...key, expires, amount, gtin: textOf(body, 'gtin'), from: textOf(body, 'from') },
          by,
        ),
      );
      return done(kernel, request, key, 'receipt', { balance: lot.balance, unit: medicine.unit ?? '' });
    },
  );

  app.post<Ask>('/api/medicines/stock/movements', async (request): Promise<{ balance: number }> => {
    const { key, by } = asked(kernel, request);
    const body = request.body ?? {};
    const kind = (['issue', 'waste', 'count'] as const).find((one) => one === body.kind);
    if (!kind)
      throw refusal('kind', 'Hãy chọn xuất, hủy hay kiểm kê.', 'kind is one of issue, waste, count.');
    const amount = wholeOf(body, 'amount', kind === 'count' ? 0 : 1);
    const why = reasonOf(body);
    const lot = await inTransaction(kernel.pool, async (client) => {
      const known = await lockLot(client, key);
      return move(
        client,
        known,
        { kind, amount: kind === 'count' ? amount - known.balance : -amount, why },
        by,
      );
    });
    return done(kernel, request, key, kind, { balance: lot.balance });
  });

  app.post<Ask>('/api/medicines/stock/hold', async (request): Promise<{ hold: string }> => {
    const { key, by } = asked(kernel, request);
    const body = request.body ?? {};
    const why = body.release === true ? '' : reasonOf(body);
    await inTransaction(kernel.pool, (client) => holdLot(client, key, why, by));
    return done(kernel, request, key, why === '' ? 'release' : 'hold', { hold: why });
  });
}

function asked(kernel: Kernel, request: FastifyRequest<Ask>): { key: LotKey; by: By } {
  const { unit, name } = memberOfUnit(kernel, request);
  const body = request.body ?? {};
  const lot = textOf(body, 'lot');
  if (lot === '') throw refusal('lot', 'Hãy ghi số lô.', 'The lot number is missing.');
  return {
    key: { unit, medicine: textOf(body, 'medicine'), lot },
    by: { who: name, now: kernel.settings.now() },
  };
}

async function done<T>(
  kernel: Kernel,
  request: FastifyRequest,
  { unit, medicine, lot }: LotKey,
  what: string,
  answer: T,
): Promise<T> {
  await kernel.gate.session(request).note('update', `medicine stock ${what} ${medicine} ${lot}`, null);
  kernel.events.publish(`${TOPIC}/${unit}`, { changed: true });
  return answer;
}

/** Also of a medicine that is on the list no more. */
function medicineOf(kernel: Kernel, code: string): Row | undefined {
  return kernel.content.table('drug/medicines').findLast((one) => one.code === code);
}

export function nameOf(kernel: Kernel): (medicine: string) => string {
  return (medicine) => medicineOf(kernel, medicine)?.name ?? medicine;
}
