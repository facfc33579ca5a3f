/** Who guesses names and passwords learns nothing, and is stopped. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { PASSWORD } from '../../kernel/access/testing.ts';
import { type AttackWorld, openAttackWorld } from './attacker.testing.ts';

let world: AttackWorld;
before(async () => {
  world = await openAttackWorld();
});
after(() => world.stop());

const attempts = async (name: string) => {
  const { rows } = await world.program.kernel.pool.query<{ count: number }>(
    `select count(*)::int4 as count from audit where who = $1 and action = 'sign-in' and outcome = 'failed'`,
    [name],
  );
  return rows[0]!.count;
};

test('a name that is there and one that is not are answered alike, with the same work', async () => {
  for (const id of ['there.1', 'there.2', 'there.3'])
    await world.program.house.access.accounts.add({
      id,
      name: 'Người thử',
      roles: ['nurse'],
      unit: 'cs-1',
      practitioner: null,
      password: PASSWORD,
    });
  const work = async (name: string) => {
    const from = process.cpuUsage();
    const { status, text, headers } = await world.signIn(name, 'wrong password');
    const { user, system } = process.cpuUsage(from);
    return { micros: user + system, told: [status, text, headers.get('set-cookie')] };
  };
  await work('warm.up');
  const known: number[] = [];
  const unknown: number[] = [];
  for (const n of [1, 2, 3]) {
    const [here, not] = [await work(`there.${n}`), await work(`nobody.${n}`)];
    assert.deepEqual(not.told, here.told);
    assert.equal(here.told[0], 401);
    known.push(here.micros);
    unknown.push(not.micros);
  }
  const ratio = Math.min(...known) / Math.min(...unknown);
  assert.ok(
    ratio > 0.5 && ratio < 2,
    `work for a known name is ${ratio.toFixed(2)} of that for an unknown one`,
  );
});

test('guessing one account is slowed, then the account is locked even for the right password, and all of it is written down', async () => {
  const name = 'reception.cs-1';
  await world.staff('reception', 'cs-1');
  const statuses: number[] = [];
  for (let n = 0; n < 14; n += 1) statuses.push((await world.signIn(name, `guess ${n}`)).status);
  assert.deepEqual([...new Set(statuses)].sort(), [401, 429]);
  const stopped = await world.signIn(name, PASSWORD);
  assert.equal(stopped.status, 429);
  assert.ok(Number(stopped.headers.get('retry-after')) > 0);
  assert.ok((await attempts(name)) >= 5);
  world.setNow(new Date(Date.now() + 5 * 60_000).toISOString());
  assert.equal((await world.signIn(name, PASSWORD)).status, 401, 'locked, in the words of a wrong password');
});

test('one machine that goes through many names is stopped as well', async () => {
  let last = 0;
  for (let n = 0; n < 80 && last !== 429; n += 1)
    last = (await world.signIn(`spray.${n}`, 'Matkhau@123')).status;
  assert.equal(last, 429);
});

test('secrets of clients are not guessed without being stopped or written down', async () => {
  const grant = (secret: string) =>
    world.bare('POST', '/oauth2/token', 'grant_type=client_credentials', {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`tester:${secret}`).toString('base64')}`,
    });
  for (let n = 0; n < 3; n += 1) {
    const { status, text } = await grant(`guess${n}`);
    assert.ok(status === 401 || status === 429, String(status));
    assert.doesNotMatch(text, /guess|stack|\.ts/);
  }
  for (let tries = 0; (await attempts('tester')) < 3; tries += 1) {
    assert.ok(tries < 100, 'each try stands in the audit');
    await pause(50);
  }
});
