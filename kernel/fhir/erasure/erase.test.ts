/** Erasure as the law asks (Law 91/2025/QH15; RI.1.1.16 of EHR-S FM): over HTTP, then looked for in every table. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../../access/testing.ts';
import { shardKey } from '../../store/compartment.ts';
import { feedIsLevel, wholeFeed } from '../../store/samples.testing.ts';
import { issueOf } from '../testing.ts';
import { LEGAL_HOLD } from './retention.ts';

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
});
after(() => world.stop());

const MARK = 'Dấu Vết Riêng Tư';
const post = async (resource: object) => {
  const { resourceType } = resource as { resourceType: string };
  const answer = await world.send('POST', `/fhir/${resourceType}`, resource);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
const purge = (id: string, reason?: string) =>
  world.send(
    'POST',
    `/fhir/Patient/${id}/$purge${reason === undefined ? '' : `?reason=${encodeURIComponent(reason)}`}`,
  );

/** A person with two versions of a name, an observation, an attachment, and something deleted before. */
async function makePerson(more: object = {}) {
  const person = await post({ resourceType: 'Patient', name: [{ text: `${MARK} 1` }], ...more });
  await world.send('PUT', `/fhir/Patient/${person.id}`, {
    ...person,
    name: [{ text: `${MARK} 2` }],
  });
  const subject = { reference: `Patient/${person.id}` };
  const observation = await post({
    resourceType: 'Observation',
    status: 'final',
    code: { text: MARK },
    subject,
    valueQuantity: { value: 5, unit: 'x' },
  });
  const deleted = await post({ resourceType: 'Observation', status: 'final', code: { text: MARK }, subject });
  await world.send('DELETE', `/fhir/Observation/${deleted.id}`);
  const binary = await post({ resourceType: 'Binary', contentType: 'text/plain', data: 'Yg==' });
  await post({
    resourceType: 'DocumentReference',
    status: 'current',
    subject,
    content: [{ attachment: { url: `Binary/${binary.id}`, title: MARK } }],
  });
  return { id: person.id as string, observation: observation.id, deleted: deleted.id, binary: binary.id };
}

const rowsOf = async (table: string, pt: bigint, more = '') =>
  Number(
    (
      await world.program.kernel.pool.query(`select count(*) from ${table} where pt = $1 ${more}`, [
        pt.toString(),
      ])
    ).rows[0].count,
  );

test('$purge removes every body and index row of a person, deleted ones and attachments too', async () => {
  const { id, observation, deleted, binary } = await makePerson();
  const from = (await wholeFeed(world.program.kernel.store as never)).at(-1)!.position;
  const answer = await purge(id, 'Yêu cầu của công dân số 12');
  assert.equal(answer.status, 200, answer.text);
  assert.equal(issueOf(answer).diagnostics, '5 resources were erased.');
  const pt = shardKey(id);
  for (const table of ['res', 'ord', 'str']) assert.equal(await rowsOf(table, pt), 0, table);
  assert.equal(await rowsOf('hist', pt, 'and body is not null'), 0, 'no version of anything');
  assert.equal(await rowsOf('hist', pt), 4, 'one tombstone each');
  for (const name of [
    `Patient/${id}`,
    `Observation/${observation}`,
    `Observation/${deleted}`,
    `Binary/${binary}`,
  ]) {
    assert.equal((await world.send('GET', `/fhir/${name}`)).status, 410, name);
    for (const version of [1, 2])
      assert.ok([404, 410].includes((await world.send('GET', `/fhir/${name}/_history/${version}`)).status));
    const history = await world.send('GET', `/fhir/${name}/_history`);
    assert.deepEqual(
      history.body.entry.map((one: { request: { method: string } }) => one.request.method),
      ['DELETE'],
    );
    assert.doesNotMatch(history.text, new RegExp(MARK));
  }
  assert.equal((await world.send('GET', `/fhir/Patient?name=${encodeURIComponent(MARK)}`)).body.total, 0);
  await feedIsLevel(world.program.kernel.pool);
  const told = await world.program.kernel.store.changes(from, 100);
  assert.deepEqual(
    told.map(({ type, op, erased }) => `${type} ${op} ${erased}`).sort(),
    ['Binary', 'DocumentReference', 'Observation', 'Observation', 'Patient'].map(
      (type) => `${type} delete true`,
    ),
  );
});

test('no table at all holds a trace of the content', async () => {
  const secret = 'Bimatkhongdau';
  const person = await post({
    resourceType: 'Patient',
    name: [{ text: secret }],
    address: [{ text: secret }],
  });
  assert.equal((await purge(person.id, 'Đăng ký nhầm')).status, 200);
  await world.program.kernel.events.settled();
  const { pool } = world.program.kernel;
  const tables = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  for (const { name } of tables.rows) {
    const found = await pool.query(`select from ${name} as one where one::text ilike $1 limit 1`, [
      `%${secret}%`,
    ]);
    assert.equal(found.rowCount, 0, name);
  }
});

test('views forget with the feed; the audit names the act and its reason, and its lines stay', async () => {
  const { id } = await makePerson();
  const { pool, events } = world.program.kernel;
  const before = Number(
    (await pool.query('select count(*) from audit where patient = $1', [id])).rows[0].count,
  );
  assert.equal((await purge(id, 'Quyết định 7/QĐ')).status, 200);
  await events.settled();
  const lines = (
    await pool.query('select action, what, why, outcome from audit where patient = $1 order by ts', [id])
  ).rows;
  assert.equal(lines.length, before + 1);
  assert.deepEqual(lines.at(-1), {
    action: 'purge',
    what: `Patient/${id}/$purge`,
    why: 'TREAT: Quyết định 7/QĐ',
    outcome: 'ok',
  });
  const views = (
    await pool.query<{ tablename: string }>(`select tablename from pg_tables where tablename like 'view\\_%'`)
  ).rows;
  for (const { tablename } of views) {
    const found = await pool.query(`select from ${tablename} as one where one::text like $1`, [`%${id}%`]);
    assert.equal(found.rowCount, 0, tablename);
  }
});

test('what comes afterwards under the same id goes on counting, and the feed with it', async () => {
  const { id } = await makePerson();
  await purge(id, 'Đăng ký nhầm');
  const again = await world.send('PUT', `/fhir/Patient/${id}`, { resourceType: 'Patient', id, active: true });
  assert.deepEqual([again.status, again.body.meta.versionId], [201, '4']);
  const latest = await world.program.kernel.store.latest([
    { position: '', at: '', type: 'Patient', id, version: 4, op: 'create', patient: id },
  ]);
  assert.equal((latest.get(`Patient/${id}`) as { active?: boolean }).active, true);
});

test('a reason is required, the person must have been there, and other parameters are refused', async () => {
  const { id } = await makePerson();
  for (const answer of [await purge(id), await purge(id, '  '), await purge(id, 'x'.repeat(1001))]) {
    assert.equal(answer.status, 400);
    assert.deepEqual(issueOf(answer).expression, ['reason']);
  }
  assert.equal((await world.send('POST', `/fhir/Patient/${id}/$purge?colour=red&reason=x`)).status, 400);
  assert.equal((await purge('nobody', 'x')).status, 404);
  const parameters = {
    resourceType: 'Parameters',
    parameter: [{ name: 'reason', valueString: 'Đăng ký nhầm' }],
  };
  assert.equal((await world.send('POST', `/fhir/Patient/${id}/$purge`, parameters)).status, 200);
  assert.equal((await purge(id, 'Lần nữa')).status, 200, 'again is nothing to do');
});

test('refused while a record must be kept or under a legal hold; the refusal stands in the audit, nothing is gone', async () => {
  const { id } = await makePerson();
  const encounter = await post({
    resourceType: 'Encounter',
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: `Patient/${id}` },
    period: { start: '2026-01-05T08:00:00+07:00', end: '2026-01-05T09:00:00+07:00' },
  });
  const kept = await purge(id, 'Yêu cầu của công dân');
  assert.equal(kept.status, 422);
  assert.match(
    issueOf(kept).diagnostics!,
    new RegExp(`Encounter/${encounter.id} must be kept until 2036-12-31`),
  );
  assert.match(issueOf(kept).details!.text!, /hồ sơ bệnh án/);
  await world.send('DELETE', `/fhir/Encounter/${encounter.id}`);
  assert.equal((await purge(id, 'Yêu cầu của công dân')).status, 422, 'a deleted visit is kept, too');
  assert.equal((await world.send('GET', `/fhir/Patient/${id}`)).status, 200);
  const { pool } = world.program.kernel;
  const lines = await pool.query(`select outcome from audit where patient = $1 and action = 'purge'`, [id]);
  assert.deepEqual(lines.rows, [{ outcome: 'refused' }, { outcome: 'refused' }]);

  const held = await makePerson({ meta: { tag: [LEGAL_HOLD] } });
  assert.equal((await purge(held.id, 'x')).status, 422);
});

test('only who may erase: no clinical role, no client without the scope to delete everything', async () => {
  const { id } = await makePerson();
  for (const scope of ['system/Patient.cruds', 'system/*.crus', 'system/*.rs']) {
    const authorization = `Bearer ${await world.token(scope)}`;
    const answer = await world.bare('POST', `/fhir/Patient/${id}/$purge?reason=x`, undefined, {
      authorization,
    });
    assert.equal(answer.status, 403, scope);
  }
  const doctor = await world.staff('doctor', 'cs-1');
  assert.equal((await doctor.call('POST', `/fhir/Patient/${id}/$purge?reason=x`)).status, 403);
  assert.equal((await world.bare('POST', `/fhir/Patient/${id}/$purge?reason=x`)).status, 401);
  const { pool } = world.program.kernel;
  const refused = await pool.query(
    `select from audit where patient = $1 and action = 'purge' and outcome = 'refused'`,
    [id],
  );
  assert.equal(refused.rowCount, 4);
});

test('DELETE _history removes the superseded versions of one resource; the current one stays', async () => {
  const { id } = await makePerson();
  assert.equal(
    (await world.send('DELETE', `/fhir/Patient/${id}/_history`)).status,
    400,
    'a reason is required',
  );
  const answer = await world.send('DELETE', `/fhir/Patient/${id}/_history?reason=nh%E1%BA%A7m`);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(issueOf(answer).diagnostics, '1 superseded versions were erased.');
  assert.equal((await world.send('GET', `/fhir/Patient/${id}/_history/1`)).status, 404);
  assert.equal((await world.send('GET', `/fhir/Patient/${id}`)).body.name[0].text, `${MARK} 2`);
  assert.equal((await world.send('GET', `/fhir/Patient/${id}/_history`)).body.total, 1);
  assert.equal((await world.send('DELETE', '/fhir/Patient/absent/_history?reason=x')).status, 404);
  const { pool } = world.program.kernel;
  const lines = await pool.query(`select what from audit where patient = $1 and action = 'purge'`, [id]);
  assert.deepEqual(lines.rows, [{ what: `Patient/${id}/_history` }]);
});

test('DELETE _history works on what is nobody’s, and leaves the tombstone of what was deleted', async () => {
  const made = await post({ resourceType: 'Organization', name: 'cũ' });
  await world.send('PUT', `/fhir/Organization/${made.id}`, { ...made, name: 'mới' });
  await world.send('DELETE', `/fhir/Organization/${made.id}`);
  const answer = await world.send('DELETE', `/fhir/Organization/${made.id}/_history?reason=x`);
  assert.equal(issueOf(answer).diagnostics, '2 superseded versions were erased.');
  assert.equal((await world.send('GET', `/fhir/Organization/${made.id}`)).status, 410);
});
