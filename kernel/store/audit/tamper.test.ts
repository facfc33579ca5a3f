/** Whoever is superuser and switches the triggers off can change anything; each such change is found, and where it is told. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OpenStore } from '../index.ts';
import { line, sealAll, withStore } from '../samples.testing.ts';
import type { TestDatabase } from '../testing.ts';
import type { AuditReport, VerifyOptions } from './verify.ts';

const LINES = 1_200;
const TABLES = ['audit', 'seal', 'audit_tile', 'audit_key', 'audit_witness'];

let store: OpenStore;
let database: TestDatabase;
let stop: () => Promise<void>;
before(async () => {
  ({ store, database, stop } = await withStore());
  for (let i = 0; i < LINES; i += 60) {
    const group = Array.from({ length: 60 }, (_, k) =>
      line(k % 3 === 0 ? null : `ng-${k % 7}`, `dong ${i + k}`),
    );
    await store.audit(group.slice(0, 25));
    await store.audit(group.slice(25));
    if (i % 240 === 0) await sealAll(store);
  }
  await sealAll(store);
  for (const table of TABLES)
    await database.pool.query(`create table kept_${table} as select * from ${table}`);
});
after(() => stop());

/** What a superuser can do; everything is put back afterwards. */
async function tampered(change: string, options: VerifyOptions = {}): Promise<AuditReport> {
  const { pool } = database;
  const all = (verb: string) => TABLES.map((table) => `alter table ${table} ${verb} trigger user`).join(';');
  await pool.query(all('disable'));
  try {
    await pool.query(change);
    return await store.verifyAudit(options);
  } finally {
    for (const table of TABLES)
      await pool.query(`delete from ${table}; insert into ${table} select * from kept_${table}`);
    await pool.query(all('enable'));
  }
}

/** A small generator, so that a failure can be run again (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

test('an untouched copy is whole', async () => {
  const report = await tampered('select 1');
  assert.deepEqual([report.ok, report.lines, report.unsealed, report.faults], [true, LINES, 0, []]);
});

const COLUMNS = ['who', 'who_display', 'patient', 'action', 'what', 'why', 'outcome', 'ip', 'unit'];
const nth = (i: number) => `(select ctid from audit where what = 'dong ${i}')`;

test('any line altered, removed, inserted or moved is found and named', async () => {
  const pick = random(20_261_122);
  for (let round = 0; round < 60; round++) {
    const i = pick(LINES);
    const { rows } = await database.pool.query(
      `select era || '-' || xid || '-' || n as id from audit where what = 'dong ${i}'`,
    );
    const [kind, change] = (
      [
        [
          'lines-changed',
          `update audit set ${COLUMNS[pick(COLUMNS.length)]} = 'x${round}' where ctid = ${nth(i)}`,
        ],
        ['lines-changed', `update audit set ts = ts + interval '1 microsecond' where ctid = ${nth(i)}`],
        ['lines-changed', `update audit set pt = pt + 1 where ctid = ${nth(i)}`],
        ['lines-removed', `delete from audit where ctid = ${nth(i)}`],
        ['lines-inserted', `insert into audit select * from audit where ctid = ${nth(i)}`],
        ['lines-removed', `update audit set xid = xid + ${1 + pick(3)}, n = 1000 where ctid = ${nth(i)}`],
        ['lines-removed', `update audit set era = 9 where ctid = ${nth(i)}`],
        ['lines-removed', `update audit set xid = -xid where ctid = ${nth(i)}`],
      ] as const
    )[pick(8)]!;
    const report = await tampered(change);
    assert.equal(report.ok, false, change);
    const fault = report.faults.find((one) => one.kind === kind);
    assert.ok(fault, `${change}: ${JSON.stringify(report.faults)}`);
    if (kind === 'lines-changed') assert.match(fault.text, new RegExp(`dòng ${rows[0].id},`), change);
    assert.match(fault.text, /\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d/, fault.text);
  }
});

test('seals, hashes, signatures and keys that are altered or removed are found', async () => {
  const pick = random(7);
  const seals = (await database.pool.query('select n from seal order by n')).rows.map(({ n }) => Number(n));
  for (let round = 0; round < 40; round++) {
    const n = seals[pick(seals.length - 1)]!;
    const at = pick(2_000);
    const change = [
      `update seal set hash = sha256('x') where n = ${n}`,
      `update seal set root = sha256('x') where n = ${n}`,
      `update seal set signature = set_byte(signature, 3, 255 - get_byte(signature, 3)) where n = ${n}`,
      `update seal set size = size + 1000000 where n = ${n}`,
      `update seal set lines = lines + 1 where n = ${n}`,
      `update seal set to_xid = to_xid + 1 where n = ${n}`,
      `update seal set key = 2 where n = ${n}`,
      `update seal set size = null, root = null, signature = null where n = ${n}`,
      `delete from seal where n = ${n}`,
      `delete from seal`,
      `update audit_tile set hashes = set_byte(hashes, ${at}, 255 - get_byte(hashes, ${at})) where level = 0 and i = ${pick(4)}`,
      `update audit_tile set hashes = overlay(hashes placing sha256('x') from ${1 + 32 * pick(4)}) where level = 1`,
      `delete from audit_tile where level = ${pick(2)}`,
      `delete from audit_tile where level = 0 and i = ${pick(4)}`,
      `update audit_key set public = sha256('x')`,
      `update audit_key set origin = 'khac'`,
      `delete from audit_key`,
    ][round % 17]!;
    const report = await tampered(change);
    assert.equal(report.ok, false, change);
  }
});

test('a dropped month is one sentence that says how many lines and between when', async () => {
  const report = await tampered(`delete from audit where what <> 'dong 0' and what <> 'dong ${LINES - 1}'`);
  const removed = report.faults.filter(({ kind }) => kind === 'lines-removed');
  assert.equal(removed.length, 1, JSON.stringify(report.faults));
  assert.match(removed[0]!.text, new RegExp(`${LINES - 2} dòng`));
  assert.match(removed[0]!.text, /giữa .* và /);
});

test('a forger who makes everything anew needs the key, and with the key meets what was noted outside', async () => {
  const { rows } = await database.pool.query('select n, hash from seal order by n');
  const middle = rows[Math.floor(rows.length / 2)];
  const anchors = new Map([[String(middle.n), middle.hash.toString('hex')]]);
  const cut = `delete from audit; delete from seal; delete from audit_tile`;
  const { faults } = await tampered(cut, { anchors });
  assert.deepEqual(
    faults.map(({ kind }) => kind),
    ['cut-off'],
  );
});

test('a line whose number lies in the future is not taken for one that waits for its seal', async () => {
  const report =
    await tampered(`insert into audit select ts, pt, xid + 1000000000, n, era, who, who_display, patient, action,
    what, why, outcome, ip, unit from audit where what = 'dong 5'`);
  assert.deepEqual(
    report.faults.map(({ kind }) => kind),
    ['lines-outside'],
  );
});

test('verification can be stopped between spans and goes on where it stood, also in threads', async () => {
  const whole = await store.verifyAudit({ threads: 2 });
  assert.deepEqual([whole.ok, whole.lines], [true, LINES]);
  const stopper = new AbortController();
  stopper.abort();
  const stopped = await store.verifyAudit({ signal: stopper.signal });
  assert.deepEqual([stopped.stopped, stopped.lines], [true, 0]);
  const first = (await database.pool.query('select n, hash, lines from seal order by n limit 1')).rows[0];
  const from = {
    seal: first.n,
    hash: first.hash.toString('hex'),
    seals: 1,
    lines: Number(first.lines),
    findings: [],
  };
  const rest = await store.verifyAudit({ from });
  assert.deepEqual([rest.ok, rest.lines, rest.seals], [true, LINES, whole.seals]);
  const other = await store.verifyAudit({ from: { ...from, hash: 'ff' } });
  assert.deepEqual(
    other.faults.map(({ kind }) => kind),
    ['seal-changed'],
  );
});

test('only the seals since an instant are checked when that is asked', async () => {
  const { rows } = await database.pool.query('select made, lines from seal order by n');
  const since = rows[1].made as Date;
  const report = await store.verifyAudit({ since });
  assert.deepEqual(
    [report.ok, report.lines, report.seals],
    [true, LINES - Number(rows[0].lines), rows.length - 1],
  );
});
