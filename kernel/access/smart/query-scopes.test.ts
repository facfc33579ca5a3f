/** Scopes with a query show what matches it and take nothing else; letters of a scope open their interaction alone. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertOwn, CATEGORY, type ConfinedWorld, idsOf, openConfinedWorld } from './confinement.testing.ts';

let confined: ConfinedWorld;
before(async () => {
  confined = await openConfinedWorld();
});
after(() => confined.world.stop());

test('scopes with a query: matches, reads, includes, counts and history are of what matches; several are alternatives', async () => {
  const { app, own, tokenOf } = confined;
  const narrow = await tokenOf(
    `launch/patient patient/Observation.rs?category=${CATEGORY}|laboratory patient/Patient.r patient/Encounter.rs`,
  );
  const call = (path: string) => app.call(narrow, 'GET', path);
  assert.deepEqual(idsOf(await call('/Observation')), [own.laboratory]);
  assert.equal((await call('/Observation?_summary=count')).body.total, 1);
  assert.deepEqual(idsOf(await call('/Observation?category=vital-signs')), []);
  assert.deepEqual(idsOf(await call('/Observation?_sort=-date&_count=1&_total=accurate')), [own.laboratory]);
  assert.equal((await call(`/Observation/${own.laboratory}`)).status, 200);
  assert.equal((await call(`/Observation/${own.vital}`)).status, 404);
  assert.equal((await call(`/Observation/${own.vital}/_history`)).status, 404);
  assert.equal((await call(`/Condition/${own.condition}`)).status, 403);
  const included = await call('/Encounter?_revinclude=Observation:encounter');
  assert.deepEqual(idsOf(included), [own.encounter, own.laboratory].sort());
  for (const probe of [
    '/Encounter?_has:Observation:encounter:category=vital-signs',
    '/Encounter?_filter=_id eq a and _has:Observation:encounter:category eq vital-signs',
  ])
    assert.ok([400, 403].includes((await call(probe)).status), `${probe} would tell of what is not shown`);
  const everything = idsOf(await call(`/Patient/${own.patient}/$everything`));
  assert.ok(
    everything.includes(own.laboratory) &&
      !everything.includes(own.vital) &&
      !everything.includes(own.condition),
  );
  const both = await tokenOf(
    `launch/patient patient/Observation.rs?category=laboratory patient/Observation.rs?category=vital-signs&value-quantity=gt70`,
  );
  assert.deepEqual(
    idsOf(await app.call(both, 'GET', '/Observation?value-quantity=gt0')),
    [own.laboratory, own.vital].sort(),
  );
});

test('writes within a query: what is written must match it, before and after', async () => {
  const { app, own, tokenOf } = confined;
  const writer = await tokenOf('launch/patient patient/Observation.cruds?category=laboratory');
  const resource = (category: string, id?: string) => ({
    resourceType: 'Observation',
    ...(id === undefined ? {} : { id }),
    status: 'final',
    category: [{ coding: [{ system: CATEGORY, code: category }] }],
    code: { text: 'x' },
    subject: { reference: `Patient/${own.patient}` },
  });
  assert.equal((await app.call(writer, 'POST', '/Observation', resource('laboratory'))).status, 201);
  assert.equal((await app.call(writer, 'POST', '/Observation', resource('vital-signs'))).status, 403);
  assert.equal(
    (await app.call(writer, 'PUT', `/Observation/${own.laboratory}`, resource('vital-signs', own.laboratory)))
      .status,
    403,
  );
  assert.equal(
    (await app.call(writer, 'PUT', `/Observation/${own.vital}`, resource('laboratory', own.vital))).status,
    403,
  );
  assert.ok([403, 404].includes((await app.call(writer, 'DELETE', `/Observation/${own.vital}`)).status));
});

test('SMART 2.2: letters say which interactions; the history of a type is a search', async () => {
  const { app, own, tokenOf } = confined;
  const reader = await tokenOf('launch/patient patient/Observation.r');
  assert.equal((await app.call(reader, 'GET', `/Observation/${own.laboratory}`)).status, 200);
  assert.equal((await app.call(reader, 'GET', `/Observation/${own.laboratory}/_history`)).status, 200);
  assert.equal((await app.call(reader, 'GET', '/Observation')).status, 403);
  assert.equal((await app.call(reader, 'GET', '/Observation/_history')).status, 403);
  const searcher = await tokenOf('launch/patient patient/Observation.s');
  assert.equal((await app.call(searcher, 'GET', `/Observation/${own.laboratory}`)).status, 403);
  assert.equal((await app.call(searcher, 'GET', '/Observation')).status, 200);
  const history = await app.call(searcher, 'GET', '/Observation/_history');
  assert.equal(history.status, 200);
  assertOwn(confined, history, 'history of a type');
});
