/** `_explain=true` over HTTP: how a search would be run, for those who operate the server and nobody else. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from './testing.ts';

let world: AccessWorld;

before(async () => {
  world = await openAccessWorld();
});
after(() => world.stop());

const ASKED = '/fhir/Observation?code=8867-4&_sort=-date&_explain=true';

test('an operator sees the query, the condition, the SQL and the plan, and no resource', async () => {
  const { patient } = await world.arrive('cs-1');
  await world.observe(patient, {});
  for (const role of ['province-operator', 'administrator'] as const) {
    const person = await world.staff(role, null);
    const { status, body } = await person.call('GET', ASKED);
    assert.equal(status, 200, role);
    assert.deepEqual(
      body.entry.map((one: { search: { mode: string } }) => one.search.mode),
      ['outcome'],
    );
    const plan = JSON.parse(body.entry[0].resource.issue[0].diagnostics);
    assert.equal(plan.query.type, 'Observation');
    assert.match(plan.sql, /from res r/);
    assert.ok(plan.plan.length > 0 && plan.condition);
    assert.doesNotMatch(JSON.stringify(body), new RegExp(patient));
    assert.equal((await person.call('GET', `${ASKED}&nosuch=1`)).status, 400);
    const types = await person.call('GET', '/fhir?_type=Observation,Condition&_explain=true');
    assert.equal(types.body.entry[0].resource.issue.length, 2);
  }
});

test('for everybody else it is 403, and the audit has the refusal', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  assert.equal((await doctor.call('GET', ASKED)).status, 403);
  const { rows } = await world.program.kernel.pool.query<{ outcome: string }>(
    "select outcome from audit where what = 'Observation?_explain' and who like 'doctor%'",
  );
  assert.deepEqual(
    rows.map((row) => row.outcome),
    ['refused'],
  );
});
