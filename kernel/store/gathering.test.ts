import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gathering, type GatheringLimits } from './gathering.ts';

/** A gathering whose statements are answered by hand. */
function byHand(limits: GatheringLimits) {
  const sent: { questions: number[]; answer(): void; fail(error: Error): void }[] = [];
  const gathering = new Gathering<number, string>(
    limits,
    (questions) =>
      new Promise((resolve, reject) => {
        sent.push({ questions, answer: () => resolve(questions.map((one) => `to ${one}`)), fail: reject });
      }),
  );
  return { gathering, sent };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what comes in one turn goes together, and what comes meanwhile goes with the next', async () => {
  const { gathering, sent } = byHand({ onTheWay: 1, largest: 10, mostWaiting: 10 });
  const first = [1, 2, 3].map((one) => gathering.ask(one));
  await turn();
  const second = [4, 5].map((one) => gathering.ask(one));
  await turn();
  assert.deepEqual(
    sent.map(({ questions }) => questions),
    [[1, 2, 3]],
  );
  sent[0]!.answer();
  assert.deepEqual(await Promise.all(first), ['to 1', 'to 2', 'to 3']);
  sent[1]!.answer();
  assert.deepEqual(await Promise.all(second), ['to 4', 'to 5']);
  assert.deepEqual(sent[1]!.questions, [4, 5]);
});

test('no statement is larger than the limit, and no more are on their way than may be', async () => {
  const { gathering, sent } = byHand({ onTheWay: 2, largest: 2, mostWaiting: 10 });
  const all = [1, 2, 3, 4, 5].map((one) => gathering.ask(one));
  await turn();
  await turn();
  await turn();
  assert.deepEqual(
    sent.map(({ questions }) => questions),
    [
      [1, 2],
      [3, 4],
    ],
  );
  for (let at = 0; at < 3; at++) {
    sent[at]!.answer();
    await turn();
  }
  assert.equal((await Promise.all(all)).length, 5);
  assert.ok(gathering.isIdle);
});

test('a failure is that of its group and of no other; too many waiting are refused at once', async () => {
  const { gathering, sent } = byHand({ onTheWay: 1, largest: 10, mostWaiting: 2 });
  const first = [gathering.ask(1), gathering.ask(2)];
  await assert.rejects(gathering.ask(3), { code: 'overloaded' });
  await turn();
  const second = gathering.ask(4);
  sent[0]!.fail(new Error('broken'));
  for (const one of first) await assert.rejects(one, /broken/);
  sent[1]!.answer();
  assert.equal(await second, 'to 4');
});

/** Keeps the event loop at work until it is told to stop. */
function workHard(): () => void {
  let going = true;
  const work = () => {
    const until = performance.now() + 1;
    while (performance.now() < until);
    if (going) setImmediate(work);
  };
  work();
  return () => {
    going = false;
  };
}

const RESTING = { onTheWay: 1, largest: 10, mostWaiting: 10, rest: { enough: 3, mostMs: 60_000 } };

test('while the program is at work, what waits as a statement comes back is sent when enough wait', async () => {
  const { gathering, sent } = byHand(RESTING);
  const first = gathering.ask(1);
  await turn();
  const rest = [gathering.ask(2)];
  const stop = workHard();
  sent[0]!.answer();
  await first;
  for (let turns = 0; turns < 5; turns++) await turn();
  assert.equal(sent.length, 1);
  rest.push(gathering.ask(3), gathering.ask(4));
  while (sent.length < 2) await turn();
  stop();
  assert.deepEqual(sent[1]!.questions, [2, 3, 4]);
  sent[1]!.answer();
  assert.deepEqual(await Promise.all(rest), ['to 2', 'to 3', 'to 4']);
});

test('no question waits for others while the program has nothing to do, nor longer than it may', async () => {
  const idle = byHand(RESTING);
  const busy = byHand({ ...RESTING, rest: { enough: 3, mostMs: 2 } });
  for (const { gathering, sent } of [idle, busy]) {
    const first = gathering.ask(1);
    await turn();
    const second = gathering.ask(2);
    const stop = sent === busy.sent ? workHard() : () => undefined;
    sent[0]!.answer();
    await first;
    while (sent.length < 2) await turn();
    stop();
    sent[1]!.answer();
    assert.equal(await second, 'to 2');
  }
});
