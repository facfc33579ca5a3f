/** Vaccines of the own unit, /api/programmes/stock…: what is there, what came and went, open vials, scanning, closing a session. */
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { catalogueOn } from '../../../engines/programmes/index.ts';
import { dayIn, reasonOf, refusal, textOf, todayOf, wholeOf } from '../../../kernel/asking.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { inTransaction } from '../../../kernel/store/index.ts';
import {
  askedLot,
  type By,
  type CardPage,
  holdOrRelease,
  moveLot,
  noteAct,
  readCard,
  receiveLot,
  refuseExpired,
  type Scanned,
  type StockAsk,
  scanPackage,
  unexplainedOf,
} from '../../stock/index.ts';
import { memberOfUnit, programmeOf } from '../asking.ts';
import { TOPIC } from '../follow.ts';
import { reasonsOn } from '../not-given.ts';
import { readMonitor, stagesOn } from '../vial-monitor.ts';
import { VACCINES, vaccinesOf } from './keeper.ts';
import { discardAt } from './opened.ts';
import { notGivenOf, tallyOf, vaccineLots } from './reading.ts';
import { discardVial, openVial } from './vials.ts';

interface Ask extends StockAsk {
  Params: { key: string; vial: string };
}

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
      vaccineLots(kernel.pool, unit, today, nameOf),
      unexplainedOf(kernel.pool, vaccinesOf(unit)),
    ]);
    return {
      lots,
      unexplained: unexplained.map((one) => ({ ...one, name: nameOf(one.item) })),
      products: [...products.values()].map(({ code, name, vial }) => ({ code, name, vial })),
    };
  });

  app.get<Ask>(
    '/api/programmes/stock/movements',
    async (request): Promise<CardPage> => readCard(kernel, request, VACCINES),
  );

  app.get<Ask>(
    '/api/programmes/stock/scan',
    async (request): Promise<Scanned> => scanPackage(kernel, request, VACCINES),
  );
}

function movingRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/stock/receipts', async (request): Promise<{ balance: number }> => {
    const { key, by } = askedLot(kernel, request, VACCINES);
    const body = request.body ?? {};
    const product = catalogue(kernel).get(key.item);
    if (!product) throw refusal('item', 'Hãy chọn vắc xin.', 'item is none of the catalogue.');
    const expires = refuseExpired(kernel, dayIn(textOf(body, 'expires'), 'expires'));
    const vials = wholeOf(body, 'vials', 1);
    const pack = body.pack === undefined ? product.vial : wholeOf(body, 'pack', 1);
    const gtin = textOf(body, 'gtin');
    const monitor = readMonitor(body, stagesOn(kernel, todayOf(kernel)));
    const from = [textOf(body, 'from'), monitor].filter(Boolean).join('; ');
    const receipt = { ...key, expires, pack, amount: pack * vials, gtin, from, paid: body.paid === true };
    return receiveLot(kernel, request, VACCINES, receipt, by);
  });

  app.post<Ask>(
    '/api/programmes/stock/movements',
    async (request): Promise<{ balance: number }> => moveLot(kernel, request, VACCINES),
  );

  app.post<Ask>(
    '/api/programmes/stock/hold',
    async (request): Promise<{ hold: string }> => holdOrRelease(kernel, request, VACCINES),
  );
}

function vialRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/stock/vials', async (request) => {
    const { key, by } = askedLot(kernel, request, VACCINES);
    const end = discardAt(kernel.content, key.item, by.now);
    const vial = await inTransaction(kernel.pool, (client) =>
      openVial(client, key, end, todayOf(kernel), by),
    );
    await noteAct(kernel, request, VACCINES, key, 'open');
    return { vial };
  });

  app.post<Ask>('/api/programmes/stock/vials/:vial/discard', async (request) => {
    const actor = memberOfUnit(kernel, request);
    const by = { who: actor.name, now: kernel.settings.now() };
    const why = reasonOf(request.body ?? {});
    const wasted = await inTransaction(kernel.pool, (client) =>
      discardVial(client, actor.unit, request.params.vial, why, by),
    );
    const key = { unit: actor.unit, item: '', lot: request.params.vial };
    await noteAct(kernel, request, VACCINES, key, 'discard');
    return { wasted };
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
