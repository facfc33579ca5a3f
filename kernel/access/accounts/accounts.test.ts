/** Looking after accounts, over HTTP: who may, what is handed over, what is recorded. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Role } from '../contract.ts';
import { type AccessWorld, cookieIn, openAccessWorld, PASSWORD, type Person } from '../testing.ts';
import { dueOn } from './reviews.ts';

let world: AccessWorld;
let administrator: Person;
let head: Person;
before(async () => {
  world = await openAccessWorld();
  world.setNow('2026-11-22T08:00:00+07:00');
  administrator = await world.staff('administrator', null);
  head = await world.staff('station-head', 'cs-1');
});
after(() => world.stop());

const JSON_TYPE = { 'content-type': 'application/json' };
const accounts = () => world.program.house.access.accounts;
const add = (id: string, unit: string, roles: Role[] = ['doctor']) =>
  accounts().add({ id, name: `Người ${id}`, roles, unit, practitioner: null, password: PASSWORD });
const act = (by: Person, id: string, what: string, body: object = {}) =>
  by.call('POST', `/api/access/accounts/${id}/${what}`, body, JSON_TYPE);

test('a new account gets a password that is handed over once, lasts 14 days and is changed at the first sign-in', async () => {
  const made = await administrator.call(
    'POST',
    '/api/access/accounts',
    { id: 'Moi', name: 'Người Mới', roles: ['nurse'], unit: 'cs-1' },
    JSON_TYPE,
  );
  assert.equal(made.status, 201);
  const { password, until } = made.body;
  assert.equal(until, '2026-12-06T01:00:00.000Z');
  const first = await world.signIn('moi', password);
  assert.deepEqual([first.body.next, first.body.password], ['new-password', 'handed-over']);
  const half = { cookie: cookieIn(first), ...JSON_TYPE };
  const change = (to: string) => world.bare('POST', '/api/access/sign-in/password', { password: to }, half);
  assert.equal((await change(password)).status, 422, 'not the same again');
  assert.equal((await change('ngắn')).status, 422);
  assert.equal((await change('Cầu vồng trên đồi chè 7!')).body.id, 'moi');
  assert.equal((await world.signIn('moi', password)).status, 401);
});

test('a password that was handed over and not used is worth nothing after its time', async () => {
  await add('cham', 'cs-1');
  const given = await act(head, 'cham', 'reset');
  assert.equal(given.status, 200);
  assert.equal((await world.signIn('cham', PASSWORD)).status, 401);
  world.setNow('2026-12-06T08:00:01+07:00');
  assert.equal((await world.signIn('cham', given.body.password)).status, 401);
  world.setNow('2026-11-22T08:05:00+07:00');
});

test('the head of a unit sees and resets their own people, and nobody above or elsewhere', async () => {
  await add('o-day', 'cs-1');
  await add('noi-khac', 'cs-2');
  await add('so', 'cs-1', ['province-operator']);
  const list = await head.call('GET', '/api/access/accounts?unit=cs-2');
  assert.ok(
    list.body.rows.length > 0 && list.body.rows.every(({ unit }: { unit: string }) => unit === 'cs-1'),
  );
  assert.equal((await act(head, 'o-day', 'reset')).status, 200);
  for (const id of ['noi-khac', 'so', 'administrator.tinh', 'khong-co'])
    assert.equal((await act(head, id, 'reset')).status, 404, id);
  assert.equal((await act(head, 'o-day', 'rights', { roles: ['administrator'], unit: 'cs-1' })).status, 403);
  const made = await head.call(
    'POST',
    '/api/access/accounts',
    { id: 'lau', name: 'X', roles: ['nurse'], unit: 'cs-1' },
    JSON_TYPE,
  );
  assert.equal(made.status, 403);
});

test('nobody else looks after accounts, and nobody after their own', async () => {
  for (const role of ['doctor', 'reception', 'province-operator', 'surveillance'] as const) {
    const person = await world.staff(role, 'cs-1');
    assert.equal((await person.call('GET', '/api/access/accounts')).status, 403, role);
    assert.equal((await act(person, 'o-day', 'reset')).status, 403);
    assert.equal((await person.call('GET', '/api/access/reviews')).status, 403);
  }
  const own = await act(administrator, 'administrator.tinh', 'rights', { roles: ['doctor'], unit: null });
  assert.equal(own.status, 422);
  assert.equal((await act(head, 'station-head.cs-1', 'close')).status, 422);
});

test('mass assignment: nothing but what is asked for is taken from the body', async () => {
  const body = {
    id: 'gan',
    name: 'Gán',
    roles: ['nurse'],
    unit: 'cs-1',
    demo: true,
    active: false,
    person: 'p',
    inRegister: true,
    passwordShort: true,
  };
  assert.equal((await administrator.call('POST', '/api/access/accounts', body, JSON_TYPE)).status, 201);
  const { demo, active, person, inRegister } = (await accounts().read('gan'))!;
  assert.deepEqual(
    { demo, active, person, inRegister },
    { demo: false, active: true, person: null, inRegister: false },
  );
  for (const roles of [['citizen'], ['system-client'], ['root'], 'doctor', [], null, [{}]])
    assert.equal(
      (await act(administrator, 'gan', 'rights', { roles, unit: 'cs-1' })).status,
      400,
      JSON.stringify(roles),
    );
  assert.equal((await act(administrator, 'gan', 'rights', { roles: ['nurse'], unit: "cs'--" })).status, 400);
});

test('new rights hold in the session that is open; closing ends it and is told', async () => {
  await add('doi', 'cs-1');
  const cookie = cookieIn(await world.signIn('doi', PASSWORD));
  const me = () => world.bare('GET', '/api/access/me', undefined, { cookie });
  assert.equal(
    (await act(administrator, 'doi', 'rights', { roles: ['nurse'], unit: 'cs-2', name: 'Tên Mới' })).status,
    200,
  );
  const { roles, unit, name } = (await me()).body;
  assert.deepEqual({ roles, unit, name }, { roles: ['nurse'], unit: 'cs-2', name: 'Tên Mới' });
  const ended: string[] = [];
  accounts().onEnded((id) => void ended.push(id));
  assert.equal((await act(administrator, 'doi', 'close')).status, 204);
  assert.deepEqual([(await me()).status, ended], [401, ['doi']]);
  assert.equal((await world.signIn('doi', PASSWORD)).status, 401);
  assert.equal((await act(administrator, 'doi', 'open')).status, 204);
  assert.equal((await world.signIn('doi', PASSWORD)).status, 200);
});

test('lost factors are taken away by somebody who knows the person, and every session with them', async () => {
  await add('mat', 'cs-1', ['administrator']);
  const { cookie } = await world.signInWhole('mat');
  assert.equal((await act(administrator, 'mat', 'factors')).status, 204);
  assert.equal((await world.bare('GET', '/api/access/me', undefined, { cookie })).status, 401);
  assert.equal((await world.signIn('mat', PASSWORD)).body.next, 'enrol');
});

test('lists are searched without marks, by role and state, in pages', async () => {
  for (let n = 0; n < 7; n += 1) await add(`trang-${n}`, 'cs-2', ['laboratory']);
  const read = async (query: string) =>
    (await administrator.call('GET', `/api/access/accounts?${query}`)).body;
  const first = await read('q=nguoi+trang&role=laboratory&count=3');
  assert.deepEqual(
    [first.total, first.rows.map(({ id }: { id: string }) => id)],
    [7, ['trang-0', 'trang-1', 'trang-2']],
  );
  const second = await read(`q=nguoi+trang&count=5&cursor=${first.next}`);
  assert.deepEqual([second.rows.length, second.next], [4, undefined]);
  assert.equal(first.rows[0].unitName, 'Trạm cs-2');
  assert.deepEqual(
    (await read('state=waits')).rows.map(({ id }: { id: string }) => id),
    ['cham', 'gan', 'o-day'],
  );
  assert.equal(
    (await administrator.call('GET', '/api/access/accounts?q=%27%3B--&count=-5&cursor=%00')).status < 500,
    true,
  );
});

test('TCVN 14423: a unit’s accounts are reviewed every six months, all of them, and who signed is kept', async () => {
  const due = async () => (await head.call('GET', '/api/access/reviews')).body.rows[0];
  assert.deepEqual([(await due()).overdue, (await due()).last], [true, null]);
  const open = (await accounts().list())
    .filter(({ unit, active }) => unit === 'cs-1' && active)
    .map(({ id }) => id);
  const sign = (verdicts: object[], unit = 'cs-1') =>
    head.call('POST', '/api/access/reviews', { unit, verdicts }, JSON_TYPE);
  const all = open.map((account) => ({ account, verdict: account === 'o-day' ? 'close' : 'keep' }));
  assert.equal((await sign(all.slice(1))).status, 422, 'one was passed over');
  assert.equal((await sign([...all, { account: 'noi-khac', verdict: 'close' }])).status, 422);
  assert.equal((await sign([], 'cs-2')).status, 403);
  assert.equal((await sign(all)).status, 201);
  assert.equal((await accounts().read('o-day'))!.active, false);
  const { last, overdue } = await due();
  assert.deepEqual(
    [last.reviewer, last.closed, last.kept, overdue],
    ['station-head.cs-1', 1, open.length - 1, false],
  );
});

test('a unit of more accounts than a page has is read page by page, and signed off whole', async () => {
  await world.program.kernel.pool.query(
    `insert into access.account (id, name, roles, unit, password, last_sign_in)
     select 'lon-' || n, 'Nhân viên ' || n, '{nurse}', 'cs-lon', '', now() from generate_series(1, 430) n`,
  );
  const found: { id: string; active: boolean }[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const path = `/api/access/accounts?unit=cs-lon&count=200&cursor=${next}`;
    const page = (await administrator.call('GET', path)).body as { rows: typeof found; next?: string };
    found.push(...page.rows);
    next = page.next;
  }
  assert.equal(new Set(found.map(({ id }) => id)).size, 430);
  const verdicts = found.map(({ id }) => ({ account: id, verdict: 'keep' }));
  const body = { unit: 'cs-lon', verdicts };
  assert.equal((await administrator.call('POST', '/api/access/reviews', body, JSON_TYPE)).status, 201);
});

test('a review is due six months after the last', () => {
  assert.equal(dueOn(new Date('2026-11-22T01:00:00Z'), 6)?.toISOString(), '2027-05-22T01:00:00.000Z');
  assert.equal(dueOn(null, 6), null);
});

test('every change is in the audit, with who did it and to whom', async () => {
  const { rows } = await world.program.kernel.pool.query(
    `select distinct who, action, what from audit where action like 'account-%' and what in ('account/doi', 'account/o-day', 'unit/cs-1')`,
  );
  const lines = rows.map(({ who, action, what }) => `${who} ${action} ${what}`).sort();
  assert.deepEqual(lines, [
    'administrator.tinh account-change account/doi',
    'administrator.tinh account-close account/doi',
    'administrator.tinh account-open account/doi',
    'station-head.cs-1 account-close account/o-day',
    'station-head.cs-1 account-reset account/o-day',
    'station-head.cs-1 account-review unit/cs-1',
  ]);
});
