/** Numbers unlike others are asked about, answered with words, and asked about again when they change. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Actor } from '../../kernel/access/contract.ts';
import { againstPeers, answerQuestions, type Question, questionsOf } from './questions.ts';
import type { SheetAnswer } from './routes-sheet.ts';
import { openReportWorld, PERIOD, type ReportWorld, UNIT } from './testing.ts';

let world: ReportWorld;
before(async () => {
  world = await openReportWorld();
  // A year of about 60 visits a month before the 119 of October.
  await world.program.kernel.pool.query(
    `insert into views.visit (resource_key, person, unit, started, status, visit_type)
     select 'cu-' || month || '-' || n, 'nguoi-' || n, $1, make_timestamptz(2026, month, 5, 8, 0, 0, '+07'), 'finished', '01'
     from generate_series(1, 9) month, generate_series(1, 58 + month % 3) n`,
    [UNIT],
  );
});
after(() => world.stop());

const ask = async (who = world.head) =>
  (await who.call<{ rows: Question[] }>('GET', `${world.sheet}/questions`)).body.rows;
const of = (rows: readonly Question[], cell: string) => rows.find((row) => row.cell === cell);
const answer = (cell: string, text: unknown, who = world.head) =>
  who.call<{ rows: Question[]; error: { code: string } }>('PUT', `${world.sheet}/cells/${cell}/answer`, {
    text,
  });

test('while the months before are being counted the reader is told that more may be asked; who hands in is asked all', async () => {
  const { pool, content } = world.program.kernel;
  const gate = Promise.withResolvers<void>();
  const slow = {
    query: async (text: string, values: unknown[]) => {
      if (text.includes('insert into statistics.figure')) await gate.promise;
      return pool.query(text, values);
    },
  } as unknown as typeof pool;
  const key = { form: 'kham-chua-benh', unit: UNIT, period: PERIOD };
  const by = { actor: {} as Actor, at: new Date() };
  const all = answerQuestions(slow, content, key, new Map(), by);
  assert.deepEqual(await questionsOf(slow, content, key, 'soon'), { rows: [], waiting: true });
  gate.resolve();
  assert.ok(of(await all, 'visits.total'));
  assert.equal((await questionsOf(pool, content, key, 'soon')).waiting, false);
});

test('a number unlike the unit’s own months is a question with what is usual', async () => {
  const rows = await ask();
  const visits = of(rows, 'visits.total')!;
  assert.deepEqual([visits.value, visits.against, visits.usual, visits.answer], [119, 'own', 59, null]);
  assert.ok(visits.score > 3.5);
  assert.equal(of(rows, 'village.total'), undefined, 'no number, no question');
  assert.equal((await ask(world.province)).length, rows.length);
});

test('an answer needs words and a question; another number is asked about again', async () => {
  assert.equal((await answer('visits.total', '  ')).status, 400);
  assert.equal((await answer('village.total', 'vì')).status, 404);
  assert.equal((await answer('visits.total', 'vì', world.province)).status, 403);
  const done = await answer('visits.total', 'Khám sức khoẻ học sinh toàn xã');
  assert.equal(done.status, 200);
  assert.equal(of(done.body.rows, 'visits.total')?.answer?.text, 'Khám sức khoẻ học sinh toàn xã');
  await world.head.call('PUT', `${world.sheet}/cells`, {
    changes: [{ cell: 'visits.total', value: 140, seen: 0, reason: 'Sổ giấy' }],
  });
  assert.equal(of(await ask(), 'visits.total')?.answer, null);
});

test('a report is handed in with words to what is asked, and with a reason where a check does not hold', async () => {
  const step = (body: object) =>
    world.head.call<SheetAnswer & { error: { code: string; issues: { expression: string }[] } }>(
      'POST',
      `${world.sheet}/steps`,
      { act: 'submit', ...body },
    );
  const named = (answer: Awaited<ReturnType<typeof step>>) =>
    answer.body.error.issues.map(({ expression }) => expression);
  const made = await world.head.call<SheetAnswer>('PUT', `${world.sheet}/cells`, {
    changes: [{ cell: 'visits.total', value: 300, seen: 1, reason: 'Khám đoàn' }],
  });
  assert.deepEqual(
    made.body.faults.map(({ code }) => code),
    ['thang-truoc'],
  );
  const open = (await ask()).filter(({ answer }) => answer === null).map(({ cell }) => cell);
  assert.ok(open.includes('visits.total'));
  const bare = await step({});
  assert.equal(bare.status, 422);
  assert.deepEqual(
    named(bare).sort(),
    ['checks.thang-truoc', ...open.map((cell) => `answers.${cell}`)].sort(),
  );
  assert.equal((await step({ answers: { 'village.total': 'vì' } })).status, 404);
  assert.equal((await step({ answers: ['vì'] })).status, 400);
  const answers = Object.fromEntries(open.map((cell) => [cell, 'Khám sức khoẻ học sinh toàn xã']));
  const unreasoned = await step({ answers });
  assert.deepEqual([unreasoned.status, named(unreasoned)], [422, ['checks.thang-truoc']]);
  const handed = await step({ reason: 'Tháng có khám đoàn' });
  assert.deepEqual(
    [handed.status, handed.body.state],
    [200, 'submitted'],
    'the words given before still stand',
  );
  assert.equal(handed.body.steps.at(-1)?.reason, 'Tháng có khám đoàn');
  assert.equal(of(await ask(world.province), 'visits.total')?.answer?.text, answers['visits.total']);
});

test('peers are compared for their people: a large station is not unusual for being large', () => {
  const peer = (id: string, people: number, value: number) => ({
    id,
    people,
    sheet: new Map([['a.b', { value, origin: 'counted' as const }]]),
  });
  const peers = Array.from({ length: 8 }, (_, at) => peer(`p${at}`, 1_000, 50 + (at % 3)));
  assert.deepEqual(againstPeers('a.b', 'x', [...peers, peer('x', 10_000, 510)]), []);
  const [asked] = againstPeers('a.b', 'x', [...peers, peer('x', 1_000, 510)]);
  assert.deepEqual([asked?.against, asked?.value], ['peers', 510]);
  assert.deepEqual(againstPeers('a.b', 'x', [peer('x', 1_000, 510)]), []);
});
