/** Kept numbers: shown at once with their time, counted again behind; and what a change of the record leaves alone. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { countAhead } from './count-ahead.ts';
import { countedOf, figuresOf } from './figures.ts';
import { everyForm, formIn } from './forms.ts';
import { markTouched } from './freshness.ts';
import { recounterOf } from './recount.ts';
import type { IndicatorAnswer } from './routes-indicators.ts';
import { openReportWorld, type ReportWorld, readReport, UNIT } from './testing.ts';

const MONTH = '2026-11';
let world: ReportWorld;
const wide = async () =>
  (
    await world.head.call<IndicatorAnswer>(
      'GET',
      `/api/statistics/indicators/kham-bhyt?from=${MONTH}&to=${MONTH}`,
    )
  ).body;
const visits = (answer: IndicatorAnswer) => answer.values.find(({ unit }) => unit === UNIT)?.denominator;

before(async () => {
  world = await openReportWorld();
});
after(() => world.stop());

test('who looks over many reports gets the kept numbers at once, with their time, and the new ones soon', async () => {
  const { kernel } = world.program;
  await world.arrive();
  await kernel.events.settled();
  const first = await wide();
  assert.equal(first.counted.stale, 0);
  assert.match(first.counted.made ?? '', /\+07:00$/);
  await world.arrive();
  await kernel.events.settled();
  const second = await wide();
  assert.equal(visits(second), visits(first), 'nobody waits for the count');
  assert.deepEqual([second.counted.stale, second.counted.made], [1, first.counted.made]);
  await recounterOf(kernel.pool).settled();
  const third = await wide();
  assert.equal(visits(third), visits(first)! + 1);
  assert.deepEqual([third.counted.stale, third.counted.problem], [0, null]);
});

test('a first count that takes long is not waited for: no number stands for it, it goes on behind, and two who ask count once', async () => {
  const { kernel } = world.program;
  const { pool } = kernel;
  const form = formIn(kernel.content, 'kham-chua-benh', '2026-08')!;
  let asked = 0;
  const slow = {
    query: async (text: string, values: unknown[]) => {
      if (text.includes('insert into statistics.figure')) {
        asked += 1;
        await gate.promise;
      }
      return pool.query(text, values);
    },
  } as unknown as typeof pool;
  const gate = Promise.withResolvers<void>();
  const [one, two] = await Promise.all(
    [0, 1].map(() => figuresOf(slow, form, [UNIT], ['2026-08'], 'soon', 20)),
  );
  for (const figures of [one!, two!]) assert.equal(figures.get(`${UNIT} 2026-08`)?.counts, null);
  assert.deepEqual(countedOf(one!.values()), { oldest: null, stale: 0, missing: 1 });
  gate.resolve();
  const counted = await figuresOf(slow, form, [UNIT], ['2026-08'], 'kept');
  assert.equal(counted.get(`${UNIT} 2026-08`)?.counts?.get('visits.total'), 0);
  assert.equal(asked, 1);
});

test('who works on one report gets it as the record is', async () => {
  const { kernel } = world.program;
  const path = world.sheet.replace('2026-10', MONTH);
  const before = (await readReport(world.head, path)).cells['visits.total']?.value;
  await world.arrive();
  await kernel.events.settled();
  assert.equal((await readReport(world.head, path)).cells['visits.total']?.value, before! + 1);
});

test('a change of what no form reads touches nothing; a unit’s touches the forms that go over units', async () => {
  const { kernel } = world.program;
  await wide();
  const forms = everyForm(kernel.content);
  const stale = async () =>
    (
      await kernel.pool.query<{ form: string }>(
        'select distinct form from statistics.figure where stale order by form',
      )
    ).rows.map(({ form }) => form);
  await recounterOf(kernel.pool).settled();
  await kernel.pool.query('update statistics.figure set stale = false');
  await markTouched(
    forms,
    [
      { type: 'Practitioner', patient: null },
      { type: 'Appointment', patient: 'nguoi-1' },
    ],
    kernel.pool as never,
  );
  assert.deepEqual(await stale(), []);
  await markTouched(forms, [{ type: 'Encounter', patient: 'nguoi-khac' }], kernel.pool as never);
  assert.deepEqual(await stale(), [], 'the person was never at a unit');
  await markTouched(forms, [{ type: 'Encounter', patient: 'nguoi-1' }], kernel.pool as never);
  assert.deepEqual(await stale(), ['kham-chua-benh']);
  await kernel.pool.query('update statistics.figure set stale = false');
  await kernel.pool.query(
    `insert into statistics.figure (form, version, unit, period, layout, stale) values ('khong-lay-nhiem', '2025-07-01', $1, '2026-10', 'x', false)`,
    [UNIT],
  );
  await markTouched(forms, [{ type: 'Organization', patient: null }], kernel.pool as never);
  assert.deepEqual(await stale(), ['khong-lay-nhiem']);
});

test('periods that are over are counted ahead, once', async () => {
  const { kernel } = world.program;
  assert.ok((await countAhead(kernel)) > 0);
  assert.equal(await countAhead(kernel), 0);
  const form = formIn(kernel.content, 'tiem-chung', '2025-12')!;
  const kept = await figuresOf(kernel.pool, form, [UNIT], ['2025-12'], 'there');
  assert.equal(kept.size, 1);
  const now = await figuresOf(
    kernel.pool,
    formIn(kernel.content, 'tiem-chung', MONTH)!,
    [UNIT],
    [MONTH],
    'there',
  );
  assert.equal(now.size, 0, 'the month at hand is not over');
});
