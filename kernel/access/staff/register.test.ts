/** Joiner, mover, leaver: accounts follow PractitionerRoles, over HTTP and by the calendar. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs, sid } from '../../fhir/systems.ts';
import { type AccessWorld, openAccessWorld, PASSWORD } from '../testing.ts';

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
  world.setNow('2026-11-10T08:00:00+07:00');
});
after(() => world.stop());

const NEW_PASSWORD = 'Cầu vồng trên đồi chè 7!';

async function practitioner(id: string, name: string, more: object = {}) {
  await world.send('PUT', `/fhir/Practitioner/${id}`, {
    resourceType: 'Practitioner',
    id,
    name: [{ text: name }],
    ...more,
  });
}

async function post(
  id: string,
  of: string,
  unit: string,
  codes: string[],
  period: object = {},
  more: object = {},
) {
  const answer = await world.send('PUT', `/fhir/PractitionerRole/${id}`, {
    resourceType: 'PractitionerRole',
    id,
    practitioner: { reference: `Practitioner/${of}` },
    organization: { reference: `Organization/${unit}` },
    code: [{ coding: codes.map((code) => ({ system: cs.role, code })) }],
    ...(Object.keys(period).length > 0 ? { period } : {}),
    ...more,
  });
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  await world.program.kernel.events.settled();
}

const accounts = () => world.program.house.access.accounts;
const settle = () => world.program.house.access.register.settle();

/** The password that the unit's head hands over, changed at the first sign-in. */
async function firstSignIn(id: string) {
  const { password } = await accounts().handOver(id);
  const first = await world.signIn(id, password);
  const half = {
    cookie: first.headers.get('set-cookie')!.split(';')[0]!,
    'content-type': 'application/json',
  };
  assert.equal(first.body.next, 'new-password');
  const whole = await world.bare('POST', '/api/access/sign-in/password', { password: NEW_PASSWORD }, half);
  assert.equal(whole.status, 200, JSON.stringify(whole.body));
  return { cookie: whole.headers.get('set-cookie')!.split(';')[0]! };
}

test('who begins gets an account that waits for its first password', async () => {
  await practitioner('p1', 'Nguyễn Thị Thu Hà', { identifier: [{ system: sid.user, value: 'Ha.Moi' }] });
  await post('r1', 'p1', 'cs-1', ['doctor']);
  const account = await accounts().read('ha.moi');
  assert.deepEqual(
    [account?.roles, account?.unit, account?.practitioner, account?.active],
    [['doctor'], 'cs-1', 'p1', true],
  );
  for (const guess of ['', ' ', 'ha.moi'])
    assert.notEqual((await world.signIn('ha.moi', guess || 'x')).status, 200);
  const cookie = await firstSignIn('ha.moi');
  assert.equal((await world.bare('GET', '/api/access/me', undefined, cookie)).body.unit, 'cs-1');
});

test('a name that is taken gets a number; nobody becomes an administrator by the register', async () => {
  await practitioner('p2', 'Lê Văn An');
  await practitioner('p3', 'Lý Văn An');
  await post('r2', 'p2', 'cs-1', ['nurse', 'administrator']);
  await post('r3', 'p3', 'cs-1', ['nurse']);
  const names = (await accounts().ofPractitioners(['p2', 'p3']))
    .map(({ id, roles }) => `${id} ${roles}`)
    .sort();
  assert.deepEqual(names, ['an.lv nurse', 'an.lv2 nurse']);
});

test('a post of the future opens its account on its first day', async () => {
  await practitioner('p4', 'Trần Văn Bình');
  await post('r4', 'p4', 'cs-1', ['doctor'], { start: '2026-11-12' });
  assert.deepEqual(await accounts().ofPractitioners(['p4']), []);
  world.setNow('2026-11-12T00:01:00+07:00');
  await settle();
  assert.equal((await accounts().ofPractitioners(['p4']))[0]!.id, 'binh.tv');
});

test('who moves has the new unit and roles on the day, in the session that is open', async () => {
  world.setNow('2026-11-12T08:00:00+07:00');
  await practitioner('p5', 'Vũ Thị Chi');
  await post('r5', 'p5', 'cs-1', ['doctor'], { end: '2026-11-12' });
  await post('r6', 'p5', 'cs-2', ['nurse'], { start: '2026-11-13' });
  const cookie = await firstSignIn('chi.vt');
  world.setNow('2026-11-13T00:00:10+07:00');
  await settle();
  const again = await world.signIn('chi.vt', NEW_PASSWORD, cookie);
  assert.deepEqual([again.body.unit, again.body.roles], ['cs-2', ['nurse']]);
});

test('who leaves is out at midnight, session and all, before anything has run', async () => {
  world.setNow('2026-11-13T20:00:00+07:00');
  await practitioner('p7', 'Bùi Thị Dung');
  await post('r7', 'p7', 'cs-1', ['doctor'], { end: '2026-11-13' });
  const ended: string[] = [];
  accounts().onEnded((id) => void ended.push(id));
  const cookie = await firstSignIn('dung.bt');
  for (let minutes = 0; minutes < 240; minutes += 12) {
    world.setNow(new Date(Date.parse('2026-11-13T20:00:00+07:00') + minutes * 60_000).toISOString());
    assert.equal((await world.bare('GET', '/api/access/me', undefined, cookie)).status, 200);
  }
  world.setNow('2026-11-14T00:00:01+07:00');
  assert.equal((await world.bare('GET', '/api/access/me', undefined, cookie)).status, 401);
  assert.equal((await world.signIn('dung.bt', NEW_PASSWORD)).status, 401);
  await settle();
  const account = await accounts().read('dung.bt');
  assert.deepEqual([account?.active, account?.closedWhy, ended], [false, 'left', ['dung.bt']]);
});

test('an ended or deleted entry closes at once; a new one opens the same account again', async () => {
  world.setNow('2026-11-14T08:00:00+07:00');
  await practitioner('p8', 'Đinh Văn Em');
  await post('r8', 'p8', 'cs-1', ['doctor']);
  await post('r8', 'p8', 'cs-1', ['doctor'], {}, { active: false });
  assert.equal((await accounts().read('em.dv'))!.closedWhy, 'left');
  await post('r9', 'p8', 'cs-2', ['doctor']);
  const back = (await accounts().ofPractitioners(['p8'])).map(({ id, unit, active }) => ({
    id,
    unit,
    active,
  }));
  assert.deepEqual(back, [{ id: 'em.dv', unit: 'cs-2', active: true }]);
  await world.send('DELETE', '/fhir/PractitionerRole/r9');
  await world.program.kernel.events.settled();
  assert.equal((await accounts().read('em.dv'))!.active, false);
});

test('who was closed by hand stays closed, whatever the register says', async () => {
  await practitioner('p10', 'Hồ Thị Giang');
  await post('r10', 'p10', 'cs-1', ['doctor']);
  await accounts().setActive('giang.ht', false);
  await post('r10', 'p10', 'cs-1', ['doctor', 'nurse']);
  assert.deepEqual(
    [(await accounts().read('giang.ht'))!.active, (await accounts().read('giang.ht'))!.closedWhy],
    [false, 'by-hand'],
  );
});

test('TCVN 14423: an account that was not used for 45 days signs in no more, and is listed as such', async () => {
  world.setNow('2026-11-14T08:00:00+07:00');
  await accounts().add({
    id: 'vang',
    name: 'Phan Văn Vắng',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: null,
    password: PASSWORD,
  });
  assert.equal((await world.signIn('vang', PASSWORD)).status, 200);
  world.setNow('2026-12-29T07:00:00+07:00');
  assert.equal((await world.signIn('vang', PASSWORD)).status, 200);
  world.setNow('2027-02-12T08:00:00+07:00');
  assert.equal((await world.signIn('vang', PASSWORD)).status, 401);
  await settle();
  assert.equal((await accounts().read('vang'))!.closedWhy, 'unused');
});

test('every change is a line of the audit in the name of the program', async () => {
  const { rows } = await world.program.kernel.pool.query(
    `select what, action from audit where who = 'system:staff-register' and what = 'account/em.dv' order by ts`,
  );
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['account-open', 'account-close', 'account-change', 'account-open', 'account-close'],
  );
});
