/** Over HTTP: `kill -9` of the program, of its database, and a full disk, in the middle of transactions of several people. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { allAgree, family, nothingIsHalf, Running, transactionOf } from './running.ts';

/** Transactions that are acknowledged before the kill. */
const ENOUGH = 30;

/** Writes families with four callers until `enough` are acknowledged, then calls `kill`; the callers end with what they send to. */
async function writeUntil(
  running: Running,
  round: string,
  enough: number,
  kill: () => Promise<void>,
): Promise<{ tried: string[]; acknowledged: Set<string> }> {
  const tried: string[] = [];
  const acknowledged = new Set<string>();
  let killed: Promise<void> | undefined;
  const writer = async (n: number) => {
    for (let turn = 0; ; turn++) {
      const name = `nha-${round}-${n}-${turn}`;
      tried.push(name);
      const answer = await running.send('POST', '', transactionOf(family(name))).catch(() => null);
      if (answer === null || answer.status >= 500) return;
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      acknowledged.add(name);
      if (acknowledged.size >= enough) killed ??= kill();
    }
  };
  await Promise.all([0, 1, 2, 3].map(writer));
  await killed;
  return { tried, acknowledged };
}

test('kill -9 of the program, then of program and database, amid transactions over HTTP: all or nothing, and all that was acknowledged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-kill-'));
  chmodSync(folder, 0o755);
  const running = new Running(join(folder, 'data'));
  try {
    await running.start();
    const first = await writeUntil(running, '1', ENOUGH, () => running.end('SIGKILL'));
    await running.start();
    const ofFirst = await nothingIsHalf(running, first.tried, first.acknowledged);
    const second = await writeUntil(running, '2', ENOUGH, () => running.end('SIGKILL', true));
    await running.start();
    const ofSecond = await nothingIsHalf(running, second.tried, second.acknowledged);
    assert.equal(await nothingIsHalf(running, first.tried, first.acknowledged), ofFirst);
    await allAgree(running, ofFirst + ofSecond);
    assert.equal((await running.send('POST', '', transactionOf(family('nha-sau')))).status, 200);
  } finally {
    await running.end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A disk of its own; needs the right to mount, so the test is skipped where there is none. */
const disk = mkdtempSync(join(tmpdir(), 'yba-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200M,mode=0755', 'tmpfs', disk]).status === 0;

after(() => {
  if (mounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

test('a full disk amid transactions over HTTP: 507 with a sentence, reads go on, and it writes again when there is room', {
  skip: mounted ? false : 'no right to mount a small disk here',
}, async () => {
  const running = new Running(join(disk, 'data'));
  const filler = join(disk, 'filler');
  try {
    await running.start();
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(bavail * bsize - 3_000_000));
    const tried: string[] = [];
    const acknowledged = new Set<string>();
    let refused = 0;
    for (let turn = 0; refused < 3; turn++) {
      const name = `nha-day-${turn}`;
      tried.push(name);
      const padding = randomBytes(40_000).toString('base64');
      const { status, body } = await running.send('POST', '', transactionOf(family(name, padding)));
      if (status === 200) acknowledged.add(name);
      else {
        assert.ok([503, 507].includes(status), JSON.stringify(body));
        assert.ok(body.issue[0].details.text);
        refused += 1;
      }
    }
    assert.ok(acknowledged.size > 0);
    rmSync(filler);
    const name = 'nha-lai';
    tried.push(name);
    for (let waited = 0; !acknowledged.has(name); waited++) {
      assert.ok(waited < 300, 'it does not write again');
      const { status } = await running.send('POST', '', transactionOf(family(name)));
      if (status === 200) acknowledged.add(name);
      else await pause(100);
    }
    await allAgree(running, await nothingIsHalf(running, tried, acknowledged));
  } finally {
    await running.end('SIGTERM');
  }
});
