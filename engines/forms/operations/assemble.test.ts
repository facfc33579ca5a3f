import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../../../kernel/fhir/testing.ts';
import { SDC } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const URL = 'http://example.org/Questionnaire/';
const form = (name: string, item: object[], more: object = {}) => ({
  resourceType: 'Questionnaire',
  url: URL + name,
  version: '2',
  status: 'active',
  item,
  ...more,
});
const part = (linkId: string, name: string) => ({
  linkId,
  type: 'display',
  text: 'missing',
  extension: [{ url: `${SDC}subQuestionnaire`, valueCanonical: `${URL}${name}|2` }],
});
const kite = form('kite', [
  { linkId: 'colour', type: 'string', text: 'Colour', initial: [{ valueString: 'red' }] },
]);

test('a modular form is assembled by id, as a body and by its address, and populated assembled', async () => {
  assert.equal((await world.send('POST', '/fhir/Questionnaire', kite)).status, 201);
  const modular = form('club', [part('1', 'kite'), { linkId: 'name', type: 'string', text: 'Name' }]);
  const stored = await world.send('POST', '/fhir/Questionnaire', modular);
  assert.equal(stored.status, 201, stored.text);
  const ways = [
    await world.send('GET', `/fhir/Questionnaire/${stored.body.id}/$assemble`),
    await world.send('POST', '/fhir/Questionnaire/$assemble', modular),
    await world.send('POST', '/fhir/Questionnaire/$assemble', {
      resourceType: 'Parameters',
      parameter: [{ name: 'questionnaire', valueUri: `${URL}club|2` }],
    }),
  ];
  for (const { status, body, text } of ways) {
    assert.equal(status, 200, text);
    assert.equal(body.version, '2-assembled');
    assert.deepEqual(
      body.item.map(({ linkId }: { linkId: string }) => linkId),
      ['colour', 'name'],
    );
  }
  const populated = await world.send('GET', `/fhir/Questionnaire/${stored.body.id}/$populate`);
  assert.equal(populated.status, 200, populated.text);
  assert.match(populated.text, /red/);
  // What was assembled is a form like any other.
  const again = await world.send('POST', '/fhir/Questionnaire', ways[0]!.body);
  assert.equal(again.status, 201, again.text);
});

test('what cannot be assembled is told with its place; warnings come beside the form', async () => {
  const broken = await world.send('POST', '/fhir/Questionnaire/$assemble', form('x', [part('1', 'none')]));
  assert.equal(broken.status, 422, broken.text);
  assert.deepEqual(broken.body.issue[0].expression, ['Questionnaire.item[0]']);
  const warned = await world.send(
    'POST',
    '/fhir/Questionnaire/$assemble',
    form('y', [{ linkId: 'a', type: 'string', text: 'A', definition: 'http://example.org/no#a' }]),
  );
  assert.deepEqual(
    warned.body.parameter.map(({ name }: { name: string }) => name),
    ['return', 'outcome'],
  );
  for (const body of [{ resourceType: 'Parameters' }, { resourceType: 'Patient' }, {}]) {
    const { status } = await world.send('POST', '/fhir/Questionnaire/$assemble', body);
    assert.ok(status >= 400 && status < 500, JSON.stringify(body));
  }
});
