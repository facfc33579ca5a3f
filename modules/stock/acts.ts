/** What routes of every user of the ledger do alike: receive, give out, throw away, count, hold, scan, the card; of the own unit, noted and told. */
import type { FastifyRequest } from 'fastify';
import type { Role } from '../../kernel/access/contract.ts';
import {
  type Body,
  memberOfUnit,
  pageOf,
  reasonOf,
  refusal,
  textOf,
  todayOf,
  wholeOf,
} from '../../kernel/asking.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { inTransaction } from '../../kernel/store/index.ts';
import { type CardPage, cardOf } from './card.ts';
import { readGs1 } from './gs1.ts';
import {
  type By,
  type Category,
  holdLot,
  type LotKey,
  lockLot,
  move,
  type Receipt,
  receive,
} from './ledger.ts';
import { packageOf } from './shelves.ts';

const MOST_SCANNED = 500;

/** A user of the ledger, as its routes act. */
export interface Keeper {
  category: Category;
  roles: readonly Role[];
  /** Of the push to browsers: `<topic>/<unit>`. */
  topic: string;
}

export interface StockAsk {
  Querystring: Record<string, string | undefined>;
  Body: Body | undefined;
}
type Request = FastifyRequest<StockAsk>;

/** The lot that the body of a request names, and who acts. @throws Failure `business-rule` without a lot number */
export function askedLot(kernel: Kernel, request: Request, keeper: Keeper): { key: LotKey; by: By } {
  const { unit, name } = memberOfUnit(kernel, request, ...keeper.roles);
  const body = request.body ?? {};
  const lot = textOf(body, 'lot');
  if (lot === '') throw refusal('lot', 'Hãy ghi số lô.', 'The lot number is missing.');
  return {
    key: { category: keeper.category, unit, item: textOf(body, 'item'), lot },
    by: { who: name, now: kernel.settings.now() },
  };
}

/** Expiry of a lot that is received. @throws Failure `business-rule` for a lot that is over */
export function refuseExpired(kernel: Kernel, expires: string): string {
  if (expires >= todayOf(kernel)) return expires;
  throw refusal('expires', 'Lô này đã hết hạn: không nhập.', 'The lot is expired and is not received.');
}

/** @returns what the lot holds now */
export async function receiveLot(
  kernel: Kernel,
  request: Request,
  keeper: Keeper,
  receipt: Receipt,
  by: By,
): Promise<{ balance: number }> {
  const { balance } = await inTransaction(kernel.pool, (client) => receive(client, receipt, by));
  await noteAct(kernel, request, keeper, receipt, 'receipt');
  return { balance };
}

/** Gives out, throws away or counts. @returns what the lot holds now */
export async function moveLot(
  kernel: Kernel,
  request: Request,
  keeper: Keeper,
): Promise<{ balance: number }> {
  const { key, by } = askedLot(kernel, request, keeper);
  const body = request.body ?? {};
  const kind = (['issue', 'waste', 'count'] as const).find((one) => one === body.kind);
  if (!kind) throw refusal('kind', 'Hãy chọn xuất, hủy hay kiểm kê.', 'kind is one of issue, waste, count.');
  const amount = wholeOf(body, 'amount', kind === 'count' ? 0 : 1);
  const why = reasonOf(body);
  const { balance } = await inTransaction(kernel.pool, async (client) => {
    const known = await lockLot(client, key);
    return move(
      client,
      known,
      { kind, amount: kind === 'count' ? amount - known.balance : -amount, why },
      by,
    );
  });
  await noteAct(kernel, request, keeper, key, kind);
  return { balance };
}

/** Holds the lot with a reason, or releases it. */
export async function holdOrRelease(
  kernel: Kernel,
  request: Request,
  keeper: Keeper,
): Promise<{ hold: string }> {
  const { key, by } = askedLot(kernel, request, keeper);
  const body = request.body ?? {};
  const hold = body.release === true ? '' : reasonOf(body);
  await inTransaction(kernel.pool, (client) => holdLot(client, key, hold, by));
  await noteAct(kernel, request, keeper, key, hold === '' ? 'release' : 'hold');
  return { hold };
}

/** A line of the audit, and the browsers of the unit are told. @param what was done, in a word */
export async function noteAct(
  kernel: Kernel,
  request: Request,
  { category, topic }: Keeper,
  { unit, item, lot }: Pick<LotKey, 'unit' | 'item' | 'lot'>,
  what: string,
): Promise<void> {
  await kernel.gate.session(request).note('update', `${category} stock ${what} ${item} ${lot}`, null);
  kernel.events.publish(`${topic}/${unit}`, { changed: true });
}

/** What a code says, with the item that this package was received as before ('' = never). */
export interface Scanned {
  gtin: string;
  lot: string;
  expires: string;
  serial: string;
  item: string;
  pack: number | null;
}

/** @throws Failure `business-rule` for what is no GS1 code */
export async function scanPackage(kernel: Kernel, request: Request, keeper: Keeper): Promise<Scanned> {
  const { unit } = memberOfUnit(kernel, request, ...keeper.roles);
  const scanned = readGs1((request.query.code ?? '').slice(0, MOST_SCANNED), todayOf(kernel));
  if ('text' in scanned)
    throw refusal('code', `Không đọc được mã: ${scanned.text}.`, `Cannot be read: ${scanned.textEn}.`);
  const { gtin, lot, expires, serial } = scanned;
  const known = await packageOf(kernel.pool, { unit, category: keeper.category }, scanned);
  return { gtin, lot, expires, serial, item: known?.item ?? '', pack: known?.pack ?? null };
}

/** A page of the card of an item, or of one of its lots. */
export async function readCard(kernel: Kernel, request: Request, keeper: Keeper): Promise<CardPage> {
  const { unit } = memberOfUnit(kernel, request, ...keeper.roles);
  const { item = '', lot = '', cursor } = request.query;
  return cardOf(kernel.pool, { unit, category: keeper.category }, { item, lot }, pageOf(cursor));
}
