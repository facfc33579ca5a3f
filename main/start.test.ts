/**
 * `npm start` on an empty folder, as someone who tries the program: the pages, the accounts and the people of the demo
 * province on a database of its own, and the same data after a restart.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'yba-start-'));
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  said: string;
  address: string;
  /** Ctrl-C, as a terminal sends it to all that belongs to the command. @returns when everything has ended */
  interrupt(): Promise<void>;
}

function npmStart(): Promise<Started> {
  const { PATH = '', HOME = '' } = process.env;
  const child: ChildProcess = spawn('npm', ['start'], {
    cwd: root,
    env: { PATH, HOME, PORT: '0', YBA_DATA: join(folder, 'data'), YBA_PEOPLE: '40' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const interrupt = () => {
    process.kill(-child.pid!, 'SIGINT');
    return ended;
  };
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk;
      const address = /http:\/\/\S+/.exec(said)?.[0];
      if (address && said.includes('Ctrl-C')) resolve({ said, address, interrupt });
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    void ended.then(() => reject(new Error(`ended early: ${said}`)));
  });
}

async function signIn(address: string): Promise<string> {
  const answer = await fetch(`${address}/api/access/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'letan', password: 'demo' }),
  });
  assert.equal(answer.status, 200);
  return answer.headers.get('set-cookie')!.split(';')[0]!;
}

test('npm start serves the whole demo on its own database; after Ctrl-C the next start finds what was written', async () => {
  const first = await npmStart();
  const body = {
    name: 'Phan Thị Khởi Động',
    birthDate: '1990-02-03',
    sex: 'female',
    citizenNumber: '099190777001',
  };
  try {
    assert.equal(first.said.match(/http:\/\//g)?.length, 1, 'one address');
    assert.match(first.said, /mật khẩu chung: demo/);
    const page = await fetch(first.address);
    assert.match(await page.text(), /<script type="module"[^>]* src="\/assets\//);
    const cookie = await signIn(first.address);
    const people = await fetch(`${first.address}/api/people/search?q=nguyen`, { headers: { cookie } });
    assert.ok(((await people.json()) as { rows: unknown[] }).rows.length > 0, 'people of the demo province');
    const made = await fetch(`${first.address}/api/people`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', origin: first.address },
      body: JSON.stringify(body),
    });
    assert.equal(made.status, 201, await made.clone().text());
  } finally {
    await first.interrupt();
  }
  const second = await npmStart();
  try {
    const cookie = await signIn(second.address);
    const found = await fetch(`${second.address}/api/people/search?q=099190777001`, { headers: { cookie } });
    const { rows } = (await found.json()) as { rows: { name: string }[] };
    assert.deepEqual(
      rows.map(({ name }) => name),
      [body.name],
    );
  } finally {
    await second.interrupt();
  }
});
