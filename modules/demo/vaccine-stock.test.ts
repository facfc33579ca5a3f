/** The demo station has vaccines and people who reserved paid doses, seen over the desk's own addresses; a second start adds nothing. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { withDatabase } from '../../kernel/store/testing.ts';
import { type Program, startProgram } from '../../main/program.ts';
import { generateDemo, keepDay, layInVaccines } from './index.ts';

// A Sunday: no times are sold, so the first ones are of Monday.
const NOW = '2026-11-22T10:40:00+07:00';
let program: Program;
let stop: () => Promise<void>;
before(async () => {
  const database = await withDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'yba-vaccines-'));
  program = await startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: true },
    { generate: false, now: () => new Date(NOW), log: () => undefined },
  );
  await generateDemo(program.kernel, { people: 800 });
  await keepDay(program.kernel);
  stop = async () => {
    await program.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  };
});
after(() => stop());

test('lots of the State and bought ones, and seven reservations of which two wait for their money; laid in once', async () => {
  const { kernel } = program;
  assert.equal(await layInVaccines(kernel), 7);
  assert.equal(await layInVaccines(kernel), 0);
  const session = kernel.gate.system('test');
  const { matches } = await session.search('Invoice', [['_count', '50']]);
  const states = matches.map(({ status }) => status).sort();
  assert.deepEqual(states, [...Array(5).fill('balanced'), 'issued', 'issued']);
  const booked = (await session.search('Appointment', [['_count', '50']])).matches;
  assert.equal(booked.length, 7);
  assert.ok(
    booked.every(({ status, start = '' }) => status === 'booked' && start >= '2026-11-23T07:30:00+07:00'),
    'the first times are those of Monday',
  );
  const lots = await kernel.pool.query<{ paid: boolean; lots: number }>(
    `select paid, count(*)::int as lots from stock.lot where category = 'vaccine' and balance > 0 group by paid order by paid`,
  );
  assert.deepEqual(lots.rows, [
    { paid: false, lots: 6 },
    { paid: true, lots: 2 },
  ]);
});
