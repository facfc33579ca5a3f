/** What the privacy screens of a fresh demo province tell of, and who may sign in to see it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { withDatabase } from '../kernel/store/testing.ts';
import type { DemoAccount } from './demo-accounts.ts';
import { type Program, startProgram } from './program.ts';

type Database = Awaited<ReturnType<typeof withDatabase>>;
let database: Database;
let folder: string;
let program: Program;
const said: string[] = [];

const start = () =>
  startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: true, people: 120 },
    { log: (sentence) => void said.push(sentence), now: () => new Date('2026-11-22T03:00:00Z') },
  );

before(async () => {
  database = await withDatabase();
  folder = mkdtempSync(join(tmpdir(), 'yba-stories-'));
  program = await start();
});
after(async () => {
  await program.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(username: string) {
  const answer = await fetch(`${program.address}/api/access/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'demo' }),
  });
  assert.equal(answer.status, 200, username);
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  return async (path: string) => {
    const told = await fetch(program.address + path, { headers: { cookie } });
    assert.equal(told.status, 200, path);
    return await told.json();
  };
}

test('every step of the stories is answered as it says', () => {
  assert.deepEqual(
    said.filter((sentence) => sentence.includes('stories')),
    [],
  );
});

test('the demo kiosk begins the device flow (RFC 8628), and no client without a registration does', async () => {
  const begin = (client: string) =>
    fetch(`${program.address}/oauth2/device/authorize`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: client, scope: 'openid user/Patient.rs' }),
    });
  const begun = await begin('kiosk');
  const told = (await begun.json()) as { user_code?: string; verification_uri?: string };
  assert.equal(begun.status, 200, JSON.stringify(told));
  assert.ok(told.user_code && told.verification_uri);
  assert.ok((await begin('khong-co')).status >= 400);
});

test('the sign-in page is told every account, the citizen with the numbers for a one-time code', async () => {
  const { password, rows } = (await (await fetch(`${program.address}/api/demo/accounts`)).json()) as {
    password: string;
    rows: DemoAccount[];
  };
  for (const { username } of rows) await signIn(username);
  assert.equal(password, 'demo');
  const { citizen } = rows.find(({ username }) => username === 'congdan')!;
  assert.match(citizen!.number, /^099\d{9}$/);
  assert.match(citizen!.phone!, /^0000\d{6}$/);
  const code = await fetch(`${program.address}/api/access/citizen/code`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(citizen),
  });
  assert.ok(code.status < 300);
  for (let turn = 0; turn < 100 && !said.some((one) => /ma dang nhap cua ban la \d{6}/.test(one)); turn++)
    await new Promise((done) => setTimeout(done, 50));
  assert.ok(
    said.some((one) => /ma dang nhap cua ban la \d{6}/.test(one)),
    'the log shows the message',
  );
});

test('the citizen has a child, a restriction, a grant, an emergency in the log, and requests', async () => {
  const get = await signIn('congdan');
  const persons = (await get('/api/citizen/persons')).rows as { kind: string }[];
  assert.ok(persons.length > 1 && persons[0]!.kind === 'self');
  const consents = (await get('/api/citizen/consents')).rows as {
    choice: { effect: string };
    counts: boolean;
  }[];
  assert.deepEqual(consents.map(({ choice }) => choice.effect).sort(), ['deny', 'permit']);
  const looks = (await get('/api/citizen/looks')).rows as { emergency: boolean; refused: number }[];
  assert.ok(looks.some(({ emergency, refused }) => emergency && refused > 0));
  const requests = (await get('/api/citizen/requests')).rows as { status: string }[];
  assert.deepEqual(requests.map(({ status }) => status).sort(), ['accepted', 'completed', 'requested']);
});

test('the officer has an opening that waits, one that is concluded, requests, and an alert', async () => {
  const get = await signIn('baovedulieu');
  const openings = (await get('/api/access/break-glass')).rows as { state: string }[];
  assert.deepEqual(openings.map(({ state }) => state).sort(), ['justified', 'new']);
  assert.equal((await get('/api/privacy/requests')).rows.length, 2);
  // Whoever tries the demo at night is told of that as well.
  const alerts = async () =>
    ((await get('/api/privacy/alerts')).rows as { rule: string; state: string }[])
      .filter(({ rule }) => rule !== 'out-of-hours')
      .map(({ rule, state }) => `${rule} ${state}`);
  for (let turn = 0; turn < 60 && (await alerts()).length === 0; turn++)
    await new Promise((done) => setTimeout(done, 500));
  assert.deepEqual(await alerts(), ['refused-then-opened open']);
});

test('a nurse has answered two forms, whose facts stand in the record, and a doctor has begun one', async () => {
  const drafts = (await (await signIn('bacsi'))('/api/forms/drafts')).rows as {
    title: string;
    patient: string;
  }[];
  assert.deepEqual(
    drafts.map(({ title }) => title),
    ['Bảng kiểm trước tiêm chủng'],
  );
  const get = await signIn('dieuduong');
  const answered = (await get(`/api/forms/answers?patient=${drafts[0]!.patient}`)).rows as {
    title: string;
  }[];
  assert.deepEqual(
    answered.map(({ title }) => title),
    ['Bảng kiểm trước tiêm chủng'],
  );
});

test('a home visit after a birth stands in the book of births, with the mother and her child', async () => {
  const head = await signIn('truongtram');
  const { rows } = await head('/api/station/books/so-de?from=2026-11-01&to=2026-11-30&q=');
  const { day, childSex, childWeight, week1 } = rows[0].cells;
  assert.deepEqual([day, childSex, childWeight, week1], ['17/11/2026', 'Nữ', '3150', 'x']);
});

test('books A5.1, A5.2 and A11 have lines, without a visit at the desk', async () => {
  const head = await signIn('truongtram');
  const linesOf = async (key: string) =>
    (await head(`/api/station/books/${key}?from=2026-11-01&to=2026-11-30&q=`)).rows.map(
      ({ cells }: { cells: Record<string, string> }) => cells,
    );
  const planning = await linesOf('so-ke-hoach-hoa-gia-dinh');
  assert.ok(planning.some(({ injection }: Record<string, string>) => injection === 'Mới'));
  assert.equal((await linesOf('so-pha-thai')).length, 1);
  assert.deepEqual(
    (await linesOf('so-truyen-thong')).map(({ people }: Record<string, string>) => people),
    ['14', '42'],
  );
});

test('a second start tells nothing again', async () => {
  await program.stop();
  program = await start();
  const get = await signIn('baovedulieu');
  assert.equal((await get('/api/access/break-glass')).rows.length, 2);
});

test('a real province shows no accounts', async () => {
  const other = await withDatabase();
  const real = await startProgram(
    { databaseUrl: other.url, dataFolder: folder, port: 0, demo: false },
    { log: () => undefined },
  );
  assert.equal((await fetch(`${real.address}/api/demo/accounts`)).status, 404);
  await real.stop();
  await other.stop();
});
