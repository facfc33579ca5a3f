/** `If-Match: *` (RFC 9110 section 13.1.1: any version that stands) by id, by criteria and in Bundles; names of Prefer in any case. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const ANY = { 'if-match': '*' };
const substance = (id: string, more = {}) => ({
  resourceType: 'Substance',
  id,
  code: { text: 'muối' },
  identifier: [{ system: 'urn:lot', value: id }],
  ...more,
});
const put = (id: string, more = {}, headers = {}) =>
  world.send('PUT', `/fhir/Substance/${id}`, substance(id, more), headers);

test('If-Match: * writes on any version that stands, and is 412 where none does', async () => {
  assert.equal((await put('salt', {}, ANY)).status, 412);
  assert.equal((await put('salt')).status, 201);
  const second = await put('salt', { description: 'mịn' }, ANY);
  assert.equal(second.status, 200);
  assert.equal(second.body.meta.versionId, '2');
  const patch = await world.send('PATCH', '/fhir/Substance/salt', [{ op: 'remove', path: '/description' }], {
    ...ANY,
    'content-type': 'application/json-patch+json',
  });
  assert.equal(patch.status, 200);
  assert.equal((await world.send('DELETE', '/fhir/Substance/salt', undefined, ANY)).status, 204);
  const gone = await put('salt', {}, ANY);
  assert.equal(gone.status, 412);
  assert.match(gone.body.issue[0].diagnostics, /If-Match: \* .*Substance\/salt/);
  assert.equal((await world.send('DELETE', '/fhir/Substance/salt', undefined, ANY)).status, 412);
});

test('If-Match: * of a write by criteria holds for the match, and needs one', async () => {
  const by = '/fhir/Substance?identifier=urn:lot|ash';
  assert.equal((await world.send('PUT', by, substance('ash'), ANY)).status, 412);
  await put('ash');
  assert.equal((await world.send('PUT', by, substance('ash', { status: 'active' }), ANY)).status, 200);
  assert.equal((await world.send('DELETE', by, undefined, ANY)).status, 204);
});

test('entries of a Bundle take ifMatch *: many writers at once all get through', async () => {
  const entry = (id: string, description: string) => ({
    resource: substance(id, { description }),
    request: { method: 'PUT', url: `Substance/${id}`, ifMatch: '*' },
  });
  const send = (one: object) =>
    world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry: [one] });
  const none = await send(entry('lime', 'x'));
  assert.equal(none.status, 412);
  assert.equal(none.body.issue[0].expression[0], 'Bundle.entry[0]');
  await put('lime');
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => send(entry('lime', text))));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
});

test('RFC 7240: the names of preferences are the same in any case', async () => {
  const { status, body } = await put('chalk', {}, { prefer: 'Return=minimal' });
  assert.equal(status, 201);
  assert.ok(!body);
});
