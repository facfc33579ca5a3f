/** Vaccines of the own unit, /api/programmes/stock…: what is there, what came and went, open vials, scanning, closing a session. */
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { catalogueOn } from '../../../engines/programmes/index.ts';

import type { Kernel } from '../../../kernel/kernel.ts';
import { inTransaction } from '../../../kernel/store/index.ts';
import { type Body, dayIn, memberOfUnit, programmeOf, refusal, textOf, todayOf } from '../asking.ts';
import { TOPIC } from '../follow.ts';
import { reasonsOn } from '../not-given.ts';
import { readMonitor, stagesOn } from '../vial-monitor.ts';
import { readGs1 } from './gs1.ts';
import { type By, discardVial, holdLot, type LotKey, lockLot, move, openVial, receive } from './ledger.ts';
import { discardAt } from './opened.ts';
import { lotsOf, movementsOf, notGivenOf, tallyOf, unexplainedOf } from './reading.ts';

interface Ask {
  Params: { key: string; vial: string };
  Querystring: Record<string, string | undefined>;
  Body: Body | undefined;
}

/** More than any station keeps of one lot. */
const MOST_DOSES = 1_000_000;
const MOST_SCANNED = 500;

export function stockRoutes(app: FastifyInstance, kernel: Kernel): void {
  readingRoutes(app, kernel);
  movingRoutes(app, kernel);
  vialRoutes(app, kernel);
  sessionRoutes(app, kernel);
}

function readingRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/stock', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    const today = todayOf(kernel);
    const products = catalogue(kernel);
    const nameOf = (product: string) => products.get(product)?.name ?? product;
    const [lots, unexplained] = await Promise.all([
      lotsOf(kernel.pool, unit, today, nameOf),
      unexplainedOf(kernel.pool, unit),
    ]);
    return {
      lots,
      unexplained: unexplained.map((one) => ({ ...one, name: nameOf(one.product) })),
      products: [...products.values()].map(({ code, name, vial }) => ({ code, name, vial })),
    };
  });

  app.get<Ask>('/api/programmes/stock/movements', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    const { product = '', lot = '' } = request.query;
    return { rows: await movementsOf(kernel.pool, unit, product, lot) };
  });

  app.get<Ask>('/api/programmes/stock/scan', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    const scanned = readGs1((request.query.code ?? '').slice(0, MOST_SCANNED), todayOf(kernel));
    if ('text' in scanned)
      throw refusal('code', `Không đọc được mã: ${scanned.text}.`, `Cannot be read: ${scanned.textEn}.`);
    const { gtin, lot, expires, serial } = scanned;
    const { rows } = await kernel.pool.query<{ product: string; vial: number }>(
      `select product, vial from programmes.lot where unit = $1 and gtin = $2 and gtin <> '' order by (lot = $3) desc, since desc limit 1`,
      [unit, gtin, lot],
    );
    return { gtin, lot, expires, serial, product: rows[0]?.product ?? '', vial: rows[0]?.vial ?? null };
  });
}

function movingRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/stock/receipts', async (request) => {
    const { key, by } = asked(kernel, request);
    const body = request.body ?? {};
    const product = catalogue(kernel).get(key.product);
    if (!product) throw refusal('product', 'Hãy chọn vắc xin.', 'product is none of the catalogue.');
    const expires = dayIn(textOf(body, 'expires'), 'expires');
    if (expires < todayOf(kernel))
      throw refusal('expires', 'Lô này đã hết hạn: không nhập.', 'The lot is expired and is not received.');
    const vials = count(body, 'vials', 1);
    const vial = body.vial === undefined ? product.vial : count(body, 'vial', 1);
    const gtin = textOf(body, 'gtin');
    const monitor = readMonitor(body, stagesOn(kernel, todayOf(kernel)));
    const from = [textOf(body, 'from'), monitor].filter(Boolean).join('; ');
    const lot = await inTransaction(kernel.pool, (client) =>
      receive(client, { ...key, expires, vial, vials, gtin, from, paid: body.paid === true }, by),
    );
    return done(kernel, request, key, 'receipt', { balance: lot.balance });
  });

  app.post<Ask>('/api/programmes/stock/movements', async (request) => {
    const { key, by } = asked(kernel, request);
    const body = request.body ?? {};
    const kind = (['issue', 'waste', 'count'] as const).find((one) => one === body.kind);
    if (!kind)
      throw refusal('kind', 'Hãy chọn xuất, hủy hay kiểm kê.', 'kind is one of issue, waste, count.');
    const doses = count(body, 'doses', kind === 'count' ? 0 : 1);
    const why = reasonOf(body);
    const lot = await inTransaction(kernel.pool, async (client) => {
      const known = await lockLot(client, key);
      return move(client, known, { kind, doses: kind === 'count' ? doses - known.balance : -doses, why }, by);
    });
    return done(kernel, request, key, kind, { balance: lot.balance });
  });

  app.post<Ask>('/api/programmes/stock/hold', async (request) => {
    const { key, by } = asked(kernel, request);
    const body = request.body ?? {};
    const why = body.release === true ? '' : reasonOf(body);
    await inTransaction(kernel.pool, (client) => holdLot(client, key, why, by));
    return done(kernel, request, key, why === '' ? 'release' : 'hold', { hold: why });
  });
}

function vialRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/stock/vials', async (request) => {
    const { key, by } = asked(kernel, request);
    const end = discardAt(kernel.content, key.product, by.now);
    const vial = await inTransaction(kernel.pool, (client) =>
      openVial(client, key, end, todayOf(kernel), by),
    );
    return done(kernel, request, key, 'open', { vial });
  });

  app.post<Ask>('/api/programmes/stock/vials/:vial/discard', async (request) => {
    const actor = memberOfUnit(kernel, request);
    const by = { who: actor.name, now: kernel.settings.now() };
    const why = reasonOf(request.body ?? {});
    const wasted = await inTransaction(kernel.pool, (client) =>
      discardVial(client, actor.unit, request.params.vial, why, by),
    );
    return done(kernel, request, { unit: actor.unit, product: '', lot: request.params.vial }, 'discard', {
      wasted,
    });
  });
}

interface ClosedSession {
  day: string;
  closedAt: string;
  who: string;
  note: string;
  tally: unknown;
}

function sessionRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/:key/session/tally', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const day = dayIn(request.query.day ?? todayOf(kernel), 'day');
    const { rows } = await kernel.pool.query<ClosedSession>(
      `select day::text as day, closed_at as "closedAt", who, note, tally from programmes.session
        where unit = $1 and programme = $2 and day = $3`,
      [unit, open.programme.key, day],
    );
    const [tally, notGiven] = await Promise.all([
      tallyOf(kernel.pool, unit, [...open.products.keys()], day),
      notGivenOf(kernel.pool, unit, open.programme.key, day),
    ]);
    const reasons = reasonsOn(kernel, day);
    return {
      day,
      tally: tally.map((one) => ({ ...one, name: open.products.get(one.product)?.name ?? one.product })),
      notGiven: notGiven.map((one) => ({
        title: '',
        titleEn: '',
        ...reasons.find(({ code }) => code === one.reason),
        ...one,
      })),
      closed: rows[0] ?? null,
    };
  });

  app.post<Ask>('/api/programmes/:key/session/close', async (request) => {
    const actor = memberOfUnit(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const body = request.body ?? {};
    const today = todayOf(kernel);
    const day = dayIn(textOf(body, 'day') || today, 'day');
    if (day > today) throw refusal('day', 'Buổi tiêm chưa diễn ra.', 'The session is yet to come.');
    await caughtUp(kernel);
    const tally = await inTransaction(kernel.pool, async (client) => {
      const by: By = { who: actor.name, now: kernel.settings.now() };
      const products = [...open.products.keys()];
      const { rows } = await client.query<{ id: string }>(
        `select id from programmes.vial where unit = $1 and closed_at is null and product = any($2)
          and (opened_at at time zone 'Asia/Ho_Chi_Minh')::date <= $3 order by id`,
        [actor.unit, products, day],
      );
      for (const { id } of rows) await discardVial(client, actor.unit, id, END_OF_SESSION, by);
      const found = await tallyOf(client, actor.unit, products, day);
      const written = await client.query(
        `insert into programmes.session (unit, programme, day, closed_at, who, note, tally) values ($1, $2, $3, $4, $5, $6, $7)
          on conflict do nothing`,
        [actor.unit, open.programme.key, day, by.now, by.who, textOf(body, 'note'), JSON.stringify(found)],
      );
      if (written.rowCount === 0)
        throw refusal('day', 'Buổi tiêm của ngày này đã đóng.', 'The session of this day is closed already.');
      return found;
    });
    await kernel.gate.session(request).note('create', `session ${open.programme.key} ${day} closed`, null);
    kernel.events.publish(`${TOPIC}/${actor.unit}`, { changed: true });
    return { day, tally };
  });
}

const LONGEST_WAIT_MS = 5_000;

/** Doses that were just written have left the stock; behind a long queue it is not waited for. */
async function caughtUp(kernel: Kernel): Promise<void> {
  await Promise.race([kernel.events.settled(), setTimeout(LONGEST_WAIT_MS, undefined, { ref: false })]);
}

const END_OF_SESSION = 'Hết buổi tiêm';

function catalogue(kernel: Kernel) {
  return catalogueOn(kernel.content, todayOf(kernel));
}

function asked(kernel: Kernel, request: FastifyRequest<Ask>): { key: LotKey; by: By } {
  const { unit, name } = memberOfUnit(kernel, request);
  const body = request.body ?? {};
  const lot = textOf(body, 'lot');
  if (lot === '') throw refusal('lot', 'Hãy ghi số lô.', 'The lot number is missing.');
  return {
    key: { unit, product: textOf(body, 'product'), lot },
    by: { who: name, now: kernel.settings.now() },
  };
}

function count(body: Body, name: string, least: number): number {
  const value = body[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= MOST_DOSES)
    return value;
  throw refusal(
    name,
    `Số lượng phải là số nguyên từ ${least}.`,
    `${name} is a whole number of at least ${least}.`,
  );
}

function reasonOf(body: Body): string {
  const why = textOf(body, 'why');
  if (why === '') throw refusal('why', 'Hãy ghi lý do.', 'The reason is missing.');
  return why;
}

async function done<T>(
  kernel: Kernel,
  request: FastifyRequest,
  { unit, product, lot }: LotKey,
  what: string,
  answer: T,
): Promise<T> {
  await kernel.gate.session(request).note('update', `vaccine stock ${what} ${product} ${lot}`, null);
  kernel.events.publish(`${TOPIC}/${unit}`, { changed: true });
  return answer;
}
