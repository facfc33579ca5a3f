/** R4 resource-operation-meta.html, -meta-add.html, -meta-delete.html. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const PATH = '/fhir/Basic/danh-dau';
const tag = (code: string, display?: string) => ({
  system: 'http://example.org/tag',
  code,
  ...(display && { display }),
});
const restricted = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' };
const marks = (valueMeta: object) => ({
  resourceType: 'Parameters',
  parameter: [{ name: 'meta', valueMeta }],
});
const change = (operation: '$meta-add' | '$meta-delete', meta: object) =>
  world.send('POST', `${PATH}/${operation}`, marks(meta));
const metaIn = (answer: { text: string; body: { parameter: { name: string; valueMeta: object }[] } }) => {
  const [only] = answer.body.parameter;
  assert.equal(only!.name, 'return', answer.text);
  return only!.valueMeta as { tag?: object[]; security?: object[]; profile?: string[]; versionId: string };
};
const codesOf = (answer: Parameters<typeof metaIn>[0]) =>
  (metaIn(answer).tag ?? []).map((one) => (one as { code: string }).code);

test('marks are read, added once and taken away; each change is a version that search follows', async () => {
  await world.send('PUT', PATH, {
    resourceType: 'Basic',
    id: 'danh-dau',
    meta: { tag: [tag('a')] },
    code: { text: 'x' },
  });
  assert.deepEqual(codesOf(await world.send('GET', `${PATH}/$meta`)), ['a']);
  assert.deepEqual(codesOf(await world.send('POST', `${PATH}/$meta`)), ['a']);
  const added = await change('$meta-add', { tag: [tag('a', 'again'), tag('b')], security: [restricted] });
  assert.equal(added.status, 200, added.text);
  assert.deepEqual(codesOf(added), ['a', 'b']);
  assert.deepEqual(metaIn(added).security, [restricted]);
  assert.equal(metaIn(added).versionId, '2');
  const again = await change('$meta-add', { tag: [tag('b')] });
  assert.equal(metaIn(again).versionId, '2', 'nothing to do makes no version');
  const found = () => world.send('GET', '/fhir/Basic?_tag=http://example.org/tag|b');
  assert.equal((await found()).body.total, 1);
  const taken = await change('$meta-delete', { tag: [tag('b'), tag('never')], security: [restricted] });
  assert.deepEqual(codesOf(taken), ['a']);
  assert.equal(metaIn(taken).security, undefined);
  assert.equal((await found()).body.total, 0);
  assert.equal((await world.send('GET', PATH)).body.code.text, 'x', 'the rest stays');
});

test('changes at once lose nothing', async () => {
  const codes = ['p', 'q', 'r', 's'];
  const answers = await Promise.all(codes.map((code) => change('$meta-add', { tag: [tag(code)] })));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  const kept = codesOf(await world.send('GET', `${PATH}/$meta`));
  assert.deepEqual(
    codes.filter((code) => !kept.includes(code)),
    [],
  );
});

test('what is not there, or no meta, is refused by name', async () => {
  assert.equal((await world.send('GET', '/fhir/Basic/nobody/$meta')).status, 404);
  assert.equal(
    (await world.send('POST', '/fhir/Basic/nobody/$meta-add', marks({ tag: [tag('a')] }))).status,
    404,
  );
  const empty = await world.send('POST', `${PATH}/$meta-add`, { resourceType: 'Parameters' });
  assert.deepEqual([empty.status, issueOf(empty).expression], [400, ['meta']]);
  const text = await change('$meta-add', { tag: 'a' });
  assert.deepEqual([text.status, issueOf(text).expression], [400, ['meta.tag']]);
  const wrong = await change('$meta-add', { tag: [{ code: 7 }] });
  assert.equal(wrong.status, 422, wrong.text);
  assert.equal((await world.send('GET', `${PATH}/$meta-add`)).status, 405);
});

test('within a transaction and a batch $meta is a read', async () => {
  for (const type of ['transaction', 'batch']) {
    const entry = [{ request: { method: 'GET', url: 'Basic/danh-dau/$meta' } }];
    const answer = await world.send('POST', '/fhir', { resourceType: 'Bundle', type, entry });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.entry[0].resource.parameter[0].name, 'return', type);
  }
});
