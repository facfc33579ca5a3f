/** Synthetic days of a hospital: what must alarm does, once, and what is ordinary does not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld, type Person as Signed } from '../../../kernel/access/testing.ts';
import { sid } from '../../../kernel/fhir/systems.ts';
import { shardKey } from '../../../kernel/store/compartment.ts';
import { openFollower } from './follow.ts';
import { openPeople } from './people.ts';
import { readRules } from './rules.ts';

let world: AccessWorld;
let officer: Signed;
let doctor: Signed;
let follow: () => Promise<number>;
before(async () => {
  world = await openAccessWorld();
  officer = await world.staff('privacy-officer', null);
  doctor = await world.staff('doctor', 'cs-1');
  const { kernel } = world.program;
  await kernel.pool.query('delete from privacy.position');
  const { content, pool, store } = kernel;
  follow = openFollower({
    pool,
    people: openPeople(store, pool, () => new Date()),
    rules: (day) => readRules(content.inForce('access/privacy-rules', day)),
  });
  await follow();
});
after(() => world.stop());

const JSON_BODY = { 'content-type': 'application/json' };

interface Line {
  at: string;
  who?: string;
  patient?: string | null;
  action?: string;
  outcome?: string;
  ip?: string;
  display?: string;
  unit?: string;
}

/** Lines of a past day, as if they had been written then. */
async function wrote(lines: Line[]): Promise<void> {
  const { pool } = world.program.kernel;
  for (const {
    at,
    who = 'bs',
    patient = null,
    action = 'read',
    outcome = 'ok',
    ip = '',
    display = who,
    unit = 'cs-1',
  } of lines)
    await pool.query(
      `insert into audit (ts, pt, xid, n, era, who, who_display, patient, action, what, why, outcome, ip, unit)
       select $1, $2, pg_current_xact_id()::text::int8, 1, (select max(n) from era), $3, $4, $5, $6, 'Observation/x', 'TREAT', $7, $8, $9`,
      [at, shardKey(patient).toString(), who, display, patient, action, outcome, ip, unit],
    );
}

/** Other tests may hold transactions open on the server: the follower sees what is settled. */
async function judged(): Promise<void> {
  const { pool } = world.program.kernel;
  const last = (await pool.query('select xid from audit order by xid desc limit 1')).rows[0].xid;
  for (let tries = 0; tries < 200; tries++) {
    await follow();
    const { rows } = await pool.query('select xid >= $1 as there from privacy.position', [last]);
    if (rows[0]?.there) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the follower did not come to the end');
}

async function account(id: string, more: Record<string, unknown> = {}): Promise<void> {
  await world.program.kernel.pool.query(
    `insert into access.account (id, name, roles, unit, practitioner, password, active) values ($1, $1, '{doctor}', 'cs-1', $2, '', $3)`,
    [id, more.practitioner ?? null, more.active ?? true],
  );
}

const alerts = async (who: string) =>
  (
    await world.program.kernel.pool.query(
      `select rule, nullif(patient, '') as patient, times from privacy.alert where account = $1 order by rule`,
      [who],
    )
  ).rows.map(({ rule, patient, times }) => `${rule} ${patient ?? '-'} ${times}`);

const send = async (resource: Record<string, unknown>): Promise<string> =>
  (await world.send('POST', `/fhir/${resource.resourceType}`, resource)).body.id;

const NUMBER = { system: sid.cccd, value: '099188000001' };
const HOUSE = [{ line: ['Số 5 ngõ 2'], district: 'Xã A' }];

test('own record, same house, protected person, colleague: each with its line; a stranger is none', async () => {
  const practitioner = await send({
    resourceType: 'Practitioner',
    identifier: [NUMBER],
    name: [{ text: 'Nguyễn Văn Bác' }],
  });
  const other = { system: sid.cccd, value: '099188000002' };
  await send({ resourceType: 'Practitioner', identifier: [other], name: [{ text: 'Lê Thị Đồng' }] });
  const me = await send({
    resourceType: 'Patient',
    identifier: [NUMBER],
    name: [{ text: 'Nguyễn Văn Bác' }],
    address: HOUSE,
  });
  const wife = await send({ resourceType: 'Patient', name: [{ text: 'Nguyễn Thị Vợ' }], address: HOUSE });
  const neighbour = await send({
    resourceType: 'Patient',
    name: [{ text: 'Trần Thị Hàng' }],
    address: HOUSE,
  });
  const leader = await send({
    resourceType: 'Patient',
    name: [{ text: 'Phạm Văn Lãnh' }],
    meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'CEL' }] },
  });
  const colleague = await send({
    resourceType: 'Patient',
    identifier: [other],
    name: [{ text: 'Lê Thị Đồng' }],
  });
  await account('bac', { practitioner });
  const display = `Practitioner/${practitioner}`;
  await wrote(
    [me, wife, neighbour, leader, colleague, me].map((patient, i) => ({
      at: `2026-11-03T03:0${i}:00Z`,
      who: 'bac',
      display,
      patient,
    })),
  );
  await judged();
  assert.deepEqual(await alerts('bac'), [
    `colleague ${colleague} 1`,
    `own-record ${me} 2`,
    `same-household ${wife} 1`,
    `vip ${leader} 1`,
  ]);
});

const day = (n: number) => `2026-10-${String(n).padStart(2, '0')}`;
const reads = (who: string, date: string, hour: string, count: number, from = 0): Line[] =>
  Array.from({ length: count }, (_, i) => ({
    at: `${date}T${hour}:00:00Z`,
    who,
    patient: `gia-${from + i}`,
  }));

test('mass reading is measured by the own past and the unit; a reception that always reads much is quiet', async () => {
  await account('cham');
  await account('nhanh');
  for (const n of [5, 6, 7]) {
    await wrote(reads('cham', day(n), '02', 8));
    await wrote(reads('nhanh', day(n), '02', 50));
  }
  await wrote(reads('nhanh', day(8), '02', 65));
  await judged();
  assert.deepEqual(await alerts('nhanh'), [], 'as on every day');
  await wrote(reads('cham', day(9), '02', 70));
  await judged();
  assert.deepEqual(await alerts('cham'), [], 'beyond the own past, but not beyond three times the unit');
  await world.program.kernel.pool.query(`update privacy.activity set persons = 5 where account = 'nhanh'`);
  await wrote(reads('cham', day(9), '03', 2, 500));
  await judged();
  assert.deepEqual(await alerts('cham'), ['mass-reading - 2']);
});

test('night work of somebody on duty is quiet; of somebody who never works nights it is not', async () => {
  await account('truc');
  await account('ngay');
  await wrote(reads('truc', day(12), '16', 1));
  await wrote(reads('truc', day(13), '17', 6));
  await wrote(reads('ngay', day(12), '03', 3));
  await wrote(reads('ngay', day(13), '17', 6));
  await judged();
  assert.deepEqual(await alerts('truc'), []);
  assert.deepEqual(await alerts('ngay'), ['out-of-hours - 2']);
});

test('a refusal and then an emergency opening; a closed account; a new network', async () => {
  await account('vang');
  await account('nghi', { active: false });
  await account('xa');
  await wrote([
    { at: '2026-10-14T03:00:00Z', who: 'vang', patient: 'kin', outcome: 'refused' },
    { at: '2026-10-14T03:05:00Z', who: 'vang', patient: 'kin', action: 'break-glass' },
    { at: '2026-10-14T03:05:00Z', who: 'vang', patient: 'khac', action: 'break-glass' },
    { at: '2026-10-14T03:00:00Z', who: 'nghi', action: 'sign-in', outcome: 'failed' },
    ...[1, 2, 3, 4, 5, 6].map((n) => ({
      at: `${day(n)}T03:00:00Z`,
      who: 'xa',
      patient: 'q',
      ip: '10.1.2.3',
    })),
    { at: `${day(7)}T03:00:00Z`, who: 'xa', patient: 'q', ip: '10.1.2.77 - r1' },
    { at: `${day(8)}T03:00:00Z`, who: 'xa', patient: 'q', ip: '203.0.113.9' },
    { at: `${day(9)}T03:00:00Z`, who: 'xa', patient: 'q', ip: '203.0.113.10' },
  ]);
  await judged();
  assert.deepEqual(await alerts('vang'), ['refused-then-opened kin 1']);
  assert.deepEqual(await alerts('nghi'), ['after-leave - 1']);
  assert.deepEqual(await alerts('xa'), ['new-place - 1']);
});

test('what was judged is not judged again, and the position moves with the alerts', async () => {
  const { pool } = world.program.kernel;
  const sum = async () =>
    (await pool.query('select sum(times)::int as times, count(*)::int as n from privacy.alert')).rows[0];
  const before = await sum();
  await follow();
  await follow();
  assert.deepEqual(await sum(), before);
});

test('the officer lists, opens and closes alerts; each is audited; others are refused', async () => {
  const list = await officer.call('GET', '/api/privacy/alerts?state=open&rule=own-record');
  assert.equal(list.status, 200);
  const [alert] = list.body.rows;
  assert.deepEqual(
    [alert.account, alert.vi, alert.severity, alert.times],
    ['bac', 'Xem hồ sơ của chính mình', 'medium', 2],
  );
  const one = await officer.call('GET', `/api/privacy/alerts/${alert.id}`);
  assert.deepEqual(
    one.body.lines.map(({ who, patient }: { who: string; patient: string }) => [who, patient]),
    [
      ['bac', alert.patient],
      ['bac', alert.patient],
    ],
  );
  const pages: string[] = [];
  let before = '';
  for (;;) {
    const page = (await officer.call('GET', `/api/privacy/alerts?count=2${before}`)).body;
    pages.push(...page.rows.map(({ id }: { id: string }) => id));
    if (page.next === undefined) break;
    before = `&before=${encodeURIComponent(page.next)}`;
  }
  assert.equal(new Set(pages).size, pages.length);
  assert.equal(pages.length >= 9, true);

  const path = `/api/privacy/alerts/${alert.id}`;
  assert.equal(
    (await officer.call('POST', path, { state: 'closed' }, JSON_BODY)).status,
    400,
    'a reason is missing',
  );
  assert.equal((await officer.call('POST', path, { state: 'lost' }, JSON_BODY)).status, 400);
  const closed = await officer.call('POST', path, { state: 'closed', note: 'Đã nhắc nhở.' }, JSON_BODY);
  assert.deepEqual([closed.status, closed.body.state, closed.body.note], [200, 'closed', 'Đã nhắc nhở.']);
  assert.equal(
    (await officer.call('GET', '/api/privacy/alerts?state=open&rule=own-record')).body.rows.length,
    0,
  );

  for (const bad of [
    'state=x',
    'rule=x',
    'severity=x',
    'count=0',
    'count=x',
    'from=x',
    'before=x',
    'khong=1',
  ])
    assert.equal((await officer.call('GET', `/api/privacy/alerts?${bad}`)).status, 400, bad);
  assert.equal((await officer.call('GET', '/api/privacy/alerts/x')).status, 404);
  assert.equal((await doctor.call('GET', '/api/privacy/alerts')).status, 403);
  assert.equal((await doctor.call('POST', path, { state: 'open' }, JSON_BODY)).status, 403);
  assert.equal((await world.bare('GET', '/api/privacy/alerts')).status, 401);
  const { rows } = await world.program.kernel.pool.query(
    `select count(*)::int as lines from audit where what = $1 and action in ('read', 'review')`,
    [`privacy-alert/${alert.id} closed`],
  );
  assert.equal(rows[0].lines, 1);
});
