/** Search parameters of our own and `$reindex` over HTTP. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const EXPRESSION = "Patient.extension.where(url='http://example.org/que').value";

function parameter(more: object = {}) {
  return {
    resourceType: 'SearchParameter',
    id: 'que-quan',
    url: 'http://example.org/SearchParameter/que-quan',
    name: 'QueQuan',
    status: 'active',
    description: 'Quê quán',
    code: 'que-quan',
    base: ['Patient'],
    type: 'string',
    expression: EXPRESSION,
    ...more,
  };
}

const announced = async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const patient = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Patient');
  return patient.searchParam.find(({ name }: { name: string }) => name === 'que-quan');
};

async function untilReady(): Promise<void> {
  while ((await announced()) === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('a SearchParameter becomes a parameter: old and new resources are found, /metadata names it with its definition', async () => {
  const patient = (id: string) => ({
    resourceType: 'Patient',
    id,
    extension: [{ url: 'http://example.org/que', valueString: 'Đông Anh' }],
  });
  await world.send('PUT', '/fhir/Patient/cu', patient('cu'));
  assert.equal((await world.send('PUT', '/fhir/SearchParameter/que-quan', parameter())).status, 201);
  await world.send('PUT', '/fhir/Patient/moi', patient('moi'));
  await untilReady();
  assert.deepEqual(await announced(), {
    name: 'que-quan',
    type: 'string',
    definition: 'http://example.org/SearchParameter/que-quan',
  });
  const found = await world.send('GET', '/fhir/Patient?que-quan=dong%20anh');
  assert.deepEqual(found.body.entry.map((entry: { resource: { id: string } }) => entry.resource.id).sort(), [
    'cu',
    'moi',
  ]);
});

test('one that cannot be answered is 422 with its place, also inside a Bundle and by $validate', async () => {
  const wrong = parameter({ id: 'sai', code: 'sai', expression: 'Patient.khong' });
  const put = await world.send('PUT', '/fhir/SearchParameter/sai', wrong);
  assert.equal(put.status, 422);
  assert.deepEqual(issueOf(put)!.expression, ['SearchParameter.expression']);
  const bundle = await world.send('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource: wrong, request: { method: 'PUT', url: 'SearchParameter/sai' } }],
  });
  assert.equal(bundle.status, 422);
  assert.match(issueOf(bundle)!.expression![0]!, /^Bundle\.entry\[0\]/);
  const validated = await world.send('POST', '/fhir/SearchParameter/$validate', wrong);
  assert.equal(issueOf(validated)!.severity, 'error');
});

test('$reindex asks, shows, stops and resumes; only who may define parameters may', async () => {
  const asked = await world.send('POST', '/fhir/$reindex?type=Patient');
  assert.deepEqual([asked.status, asked.body.resourceType], [202, 'Parameters']);
  assert.equal((await world.send('POST', '/fhir/$reindex?action=stop')).status, 202);
  assert.equal((await world.send('POST', '/fhir/$reindex?action=resume')).status, 202);
  for (const [query, name] of [
    ['type=Khong', 'type'],
    ['parameter=khong', 'parameter'],
    ['action=x', 'action'],
    ['khong=1', 'khong'],
  ]) {
    const refused = await world.send('POST', `/fhir/$reindex?${query}`);
    assert.deepEqual([refused.status, issueOf(refused)!.expression], [400, [name]], query);
  }
  while (((await world.send('GET', '/fhir/$reindex')).body.parameter ?? []).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const reader = { authorization: `Bearer ${await world.token('system/*.rs')}` };
  assert.equal((await world.bare('GET', '/fhir/$reindex', undefined, reader)).status, 403);
  assert.equal((await world.bare('POST', '/fhir/$reindex?type=Patient', undefined, reader)).status, 403);
  assert.equal(
    (await world.bare('PUT', '/fhir/SearchParameter/x', parameter({ id: 'x', code: 'x' }), reader)).status,
    403,
  );
  assert.equal((await world.bare('GET', '/fhir/$reindex')).status, 401);
});

test('a retired parameter is unknown again', async () => {
  await world.send('PUT', '/fhir/SearchParameter/que-quan', parameter({ status: 'retired' }));
  const refused = await world.send('GET', '/fhir/Patient?que-quan=dong');
  assert.deepEqual([refused.status, issueOf(refused)!.expression], [400, ['que-quan']]);
  assert.equal(await announced(), undefined);
});

test('a chain through a parameter of our own counts as asking for what it leads to', async () => {
  const code = 'benh-chinh';
  const expression = "Patient.extension.where(url='http://example.org/benh').value.ofType(Reference)";
  const made = parameter({
    id: code,
    code,
    url: `http://example.org/${code}`,
    type: 'reference',
    target: ['Condition'],
    expression,
  });
  assert.equal((await world.send('PUT', `/fhir/SearchParameter/${code}`, made)).status, 201);
  while ((await world.send('GET', `/fhir/Patient?${code}.code=I10`)).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const narrow = { authorization: `Bearer ${await world.token('system/Patient.rs')}` };
  assert.equal((await world.bare('GET', `/fhir/Patient?${code}=Condition/x`, undefined, narrow)).status, 200);
  assert.equal((await world.bare('GET', `/fhir/Patient?${code}.code=I10`, undefined, narrow)).status, 403);
});
