/** Medicines of the own unit, /api/medicines/stock…: what is there beside who needs it, what came and went, scanning. */
import type { FastifyInstance } from 'fastify';
import type { Row } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { foldText, foldWords } from '../../kernel/text/fold.ts';
import {
  askedLot,
  type CardPage,
  holdOrRelease,
  isUsable,
  type LotRow,
  lotsOf,
  moveLot,
  readCard,
  receiveLot,
  refuseExpired,
  type Scanned,
  scanPackage,
  type Unexplained,
  unexplainedOf,
} from '../stock/index.ts';
import {
  type Ask,
  dayIn,
  MEDICINES,
  medicinesOf,
  memberOfUnit,
  pageOf,
  refusal,
  textOf,
  todayOf,
  wholeOf,
} from './asking.ts';
import { demandsOfUnit } from './needs.ts';
import { pickUpRules } from './rules.ts';
import { type Demand, type Need, needOf } from './supply.ts';

const PAGE = 50;
const LONGEST_SEARCH = 500;

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
  lots: LotRow[];
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
  unexplained: (Unexplained & { name: string })[];
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
    const words = foldWords(q.slice(0, LONGEST_SEARCH));
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
      unexplained: (await unexplainedOf(kernel.pool, medicinesOf(unit))).map((one) => ({
        ...one,
        name: names(one.item),
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
    async (request): Promise<CardPage> => readCard(kernel, request, MEDICINES),
  );

  app.get<Ask>('/api/medicines/stock/scan', async (request): Promise<ScannedMedicine> => {
    const scanned = await scanPackage(kernel, request, MEDICINES);
    const row = medicineOf(kernel, scanned.item);
    return { ...scanned, item: row?.code ?? '', name: row?.name ?? '', unit: row?.unit ?? '' };
  });
}

/** A box that was scanned, with the medicine that it was received as before. */
export interface ScannedMedicine extends Scanned {
  name: string;
  /** Of the list of medicines: tablet, bottle. */
  unit: string;
}

/** Every medicine of which the unit has something, or of which somebody will fetch; what runs out first comes first. */
async function stockOf(kernel: Kernel, unit: string): Promise<StockRow[]> {
  const today = todayOf(kernel);
  const [lots, demands] = await Promise.all([
    lotsOf(kernel.pool, medicinesOf(unit), today),
    demandsOfUnit(kernel, unit, today),
  ]);
  const medicines = new Set([...lots.map(({ item }) => item), ...demands.map(({ medicine }) => medicine)]);
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
  lots: LotRow[],
  demands: readonly Demand[],
  today: string,
): StockRow {
  const own = lots.filter((lot) => lot.item === medicine);
  const usable = own.filter((lot) => isUsable(lot, today));
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
    lots: own,
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
      const { key, by } = askedLot(kernel, request, MEDICINES);
      const body = request.body ?? {};
      const medicine = kernel.content
        .inForce('drug/medicines', todayOf(kernel))
        .find(({ code }) => code === key.item);
      if (!medicine)
        throw refusal(
          'item',
          'Chọn thuốc trong danh mục của cơ sở.',
          'item is none of the list of medicines in force.',
        );
      const expires = refuseExpired(kernel, dayIn(textOf(body, 'expires'), 'expires'));
      const amount = wholeOf(body, 'amount', 1);
      const [gtin, from] = [textOf(body, 'gtin'), textOf(body, 'from')];
      const receipt = { ...key, expires, gtin, from, amount, pack: 1, paid: false };
      const { balance } = await receiveLot(kernel, request, MEDICINES, receipt, by);
      return { balance, unit: medicine.unit ?? '' };
    },
  );

  app.post<Ask>(
    '/api/medicines/stock/movements',
    async (request): Promise<{ balance: number }> => moveLot(kernel, request, MEDICINES),
  );

  app.post<Ask>(
    '/api/medicines/stock/hold',
    async (request): Promise<{ hold: string }> => holdOrRelease(kernel, request, MEDICINES),
  );
}

/** Also of a medicine that is on the list no more. */
function medicineOf(kernel: Kernel, code: string): Row | undefined {
  return kernel.content.table('drug/medicines').findLast((one) => one.code === code);
}

export function nameOf(kernel: Kernel): (medicine: string) => string {
  return (medicine) => medicineOf(kernel, medicine)?.name ?? medicine;
}
