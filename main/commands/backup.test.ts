/** `yba backup` and `yba restore` as an operator runs them, on the embedded database of a program that works. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Program, startProgram } from '../program.ts';
import type { ProgramSettings } from '../settings.ts';

const YBA = join(import.meta.dirname, '..', 'bin', 'yba');
const CLIENT = { id: 'keeper', secret: 'keeper-secret' };
const root = mkdtempSync(join(tmpdir(), 'yba-backup-command-'));
chmodSync(root, 0o755);
const data = join(root, 'data');
const shelf = join(root, 'backups');
const identity = join(root, 'identity');
const passphrase = join(root, 'passphrase');
const env: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  YBA_DATA: data,
  YBA_BACKUP: shelf,
  YBA_DEMO: 'off',
};
let program: Program;

const yba = async (...words: string[]) => (await promisify(execFile)(YBA, words, { cwd: root, env })).stdout;
const refused = async (words: string[], pattern: RegExp) =>
  assert.rejects(yba(...words), ({ stderr }: { stderr: string }) => {
    assert.match(stderr, pattern);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    return true;
  });
const start = (dataFolder: string, more: Partial<ProgramSettings> = {}) =>
  startProgram(
    { dataFolder, port: 0, demo: false, client: CLIENT, ...more },
    { generate: false, log: () => undefined },
  );

before(async () => {
  mkdirSync(shelf);
  writeFileSync(passphrase, 'đêm trăng bên sông\n');
  const said = await yba('backup', 'key', '--out', identity, '--passphrase-file', passphrase);
  await refused(['backup'], /YBA_BACKUP_RECIPIENTS/);
  env.YBA_BACKUP_RECIPIENTS = /YBA_BACKUP_RECIPIENTS=(age1\S+)/.exec(said)![1]!;
  // The program takes its whole backups in a process of its own, which reads the same environment.
  Object.assign(process.env, env);
  program = await start(data, { backup: [shelf], backupRecipients: [env.YBA_BACKUP_RECIPIENTS] });
});
after(async () => {
  await program.stop();
  rmSync(root, { recursive: true, force: true });
});

async function fhir(one: Program, path: string, body?: object) {
  const grant = await fetch(`${one.address}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${CLIENT.id}:${CLIENT.secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token } = (await grant.json()) as { access_token: string };
  return fetch(`${one.address}/fhir/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/fhir+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
const listed = () =>
  yba('backup', 'list').then(
    (said) => said.match(/Z-\w{6} /g)?.length ?? 0,
    () => 0,
  );
const patient = async (one: Program, family: string) =>
  (await (await fhir(one, 'Patient', { resourceType: 'Patient', name: [{ family }] })).json()) as {
    id: string;
  };

test('a key, a backup, a drill, and the way back to a moment between two patients', async () => {
  assert.doesNotMatch(readFileSync(identity, 'latin1'), /AGE-SECRET-KEY/, 'protected by the passphrase');
  await refused(['backup', 'key', '--out', identity], /never written over/);

  const first = await patient(program, 'Trước');
  for (let tries = 0; !existsSync(shelf) || (await listed()) < 1; tries += 1) {
    assert.ok(tries < 60, 'a program with folders takes the first one by itself');
    await pause(500);
  }
  const second = await patient(program, 'Giữa');
  await pause(20);
  const moment = new Date().toISOString();
  await pause(20);
  const third = await patient(program, 'Sau');
  assert.match(await yba('backup'), /\d{8}T\d{6}Z-\w{6}: [\d.]+ MB/);
  assert.equal(await listed(), 2);
  // A stop keeps the rest of the log; the next start goes on.
  await program.stop();
  program = await start(data, { backup: [shelf], backupRecipients: [env.YBA_BACKUP_RECIPIENTS!] });
  assert.match(await yba('backup', 'verify'), /nguyên vẹn/);

  const key = ['--identity', identity, '--passphrase-file', passphrase];
  assert.match(await yba('backup', 'drill', ...key), /Diễn tập khôi phục đạt: \d+ giây/);
  const metrics = await (await fetch(`${program.address}/metrics`)).text();
  assert.match(metrics, /\nyba_drill_seconds [\d.]+\n/);
  assert.match(metrics, /\nyba_backup_age_seconds [\d.]+\n/);

  const target = join(root, 'restored');
  await refused(['restore', '--to', target, '--identity', identity], /--passphrase-file/);
  await refused(['restore', '--to', data, ...key], /not empty/);
  assert.match(await yba('restore', '--to', target, '--until', moment, ...key), /Đã khôi phục/);
  assert.ok(existsSync(join(target, 'keys', 'master.key')), 'the keys of sealed secrets come along');
  const again = await start(target);
  try {
    for (const { id } of [first, second]) assert.equal((await fhir(again, `Patient/${id}`)).status, 200);
    assert.equal((await fhir(again, `Patient/${third.id}`)).status, 404);
    const fresh = await patient(again, 'Mới');
    assert.equal((await fhir(again, `Patient/${fresh.id}`)).status, 200, 'it is written to like any other');
    const report = await again.kernel.pool.query<{ n: number }>('select max(n) as n from era');
    assert.equal(report.rows[0]!.n, 2, 'positions of the feed go on in a new era');
  } finally {
    await again.stop();
  }
});

test('a backup and a restore that are killed leave nothing that looks whole, and the next try succeeds', async () => {
  const killed = async (words: string[], isUnderWay: (said: string) => boolean) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'yba.ts'), ...words], {
      cwd: root,
      env,
    });
    let said = '';
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (isUnderWay(said)) child.kill('SIGKILL');
    });
    await ended;
    assert.equal(child.signalCode, 'SIGKILL', said);
  };
  const before = await listed();
  await killed(['backup'], (said) => said.includes('%'));
  assert.equal(await listed(), before);
  await yba('backup');
  assert.equal(await listed(), before + 1);

  const target = join(root, 'again');
  const words = [
    'restore',
    '--to',
    target,
    '--identity',
    identity,
    '--passphrase-file',
    join(root, 'passphrase'),
  ];
  await killed(words, (said) => said.includes('Chạy lại nhật ký'));
  assert.equal(existsSync(target), false);
  await yba(...words);
  assert.equal(existsSync(join(target, 'postgres')), true);
  assert.equal(existsSync(`${target}.restoring`), false);
});
