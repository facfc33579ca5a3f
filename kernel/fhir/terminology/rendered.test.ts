/** The content's lists as resources: found and read as if they were stored, and nobody stores them a second time. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
  for (const id of ['a', 'b', 'c']) {
    const url = `http://example.org/${id}`;
    const resource = {
      resourceType: 'CodeSystem',
      id,
      url,
      name: 'Own',
      status: 'active',
      content: 'not-present',
    };
    assert.equal((await world.send('PUT', `/fhir/CodeSystem/${id}`, resource)).status, 201);
  }
});
after(() => world.stop());

const found = async (query: string): Promise<{ id: string; url: string }[]> => {
  const answer = await world.send('GET', `/fhir/${query}`);
  assert.equal(answer.status, 200, answer.text);
  return (answer.body.entry ?? []).map(({ resource }: { resource: object }) => resource);
};
const ids = async (query: string) => (await found(query)).map(({ id }) => id);

test('CodeSystem?url= finds a list, and reads as it is found', async () => {
  const [system] = await found('CodeSystem?url=http://hl7.org/fhir/sid/icd-10');
  assert.equal(system?.id, 'danh-muc-icd-10');
  const answer = await world.send('GET', '/fhir/CodeSystem/danh-muc-icd-10');
  assert.equal(answer.text, JSON.stringify(system));
  assert.equal(answer.body.content, 'not-present', 'a long list does not hold its concepts');
  assert.match(answer.body.copyright, /World Health Organization/);
  const again = { 'if-none-match': answer.headers.get('etag')! };
  assert.equal((await world.send('GET', '/fhir/CodeSystem/danh-muc-icd-10', undefined, again)).status, 304);
});

test('a short list holds its concepts with properties; its value set is found by its canonical', async () => {
  const [system] = (await found('CodeSystem?url=http://yba.vn/fhir/cs/gioi-tinh')) as never as {
    valueSet: string;
    concept: { code: string; property: { code: string }[] }[];
  }[];
  assert.deepEqual(
    system!.concept.map(({ code }) => code),
    ['1', '2', '3'],
  );
  assert.ok(system!.concept[0]!.property.some(({ code }) => code === 'fhir'));
  assert.deepEqual(await ids(`ValueSet?url=${system!.valueSet}`), ['danh-muc-gioi-tinh']);
  assert.deepEqual(await ids('ConceptMap?url=http://yba.vn/fhir/cm/gioi-tinh-fhir'), [
    'danh-muc-gioi-tinh-fhir',
  ]);
});

test('every list is a valid resource', async () => {
  for (const type of ['CodeSystem', 'ValueSet', 'ConceptMap', 'OperationDefinition', 'StructureDefinition']) {
    for (const resource of await found(`${type}?url:missing=false&_count=1`)) assert.ok(resource);
    for (const { id } of await found(`${type}?status=active&_count=200`)) {
      const { body } = await world.send('GET', `/fhir/${type}/${id}`);
      const answer = await world.send('POST', `/fhir/${type}/$validate`, body);
      assert.ok(!answer.text.includes('"severity":"error"'), `${type}/${id}: ${answer.text.slice(0, 500)}`);
    }
  }
});

test('lists stand before what is stored, over pages, each once; total counts both', async () => {
  const all = await ids('CodeSystem?_count=500');
  assert.ok(all.length > 30 && all.at(-1) !== undefined);
  assert.equal((await world.send('GET', '/fhir/CodeSystem?_total=accurate&_count=1')).body.total, all.length);
  assert.equal((await world.send('GET', '/fhir/CodeSystem?_summary=count')).body.total, all.length);
  for (const count of [1, 2, 7, 10, all.length - 4, all.length - 3, all.length - 1, all.length]) {
    const seen: string[] = [];
    let path: string | undefined = `/fhir/CodeSystem?_count=${count}&_total=accurate`;
    while (path !== undefined) {
      const { body, status, text } = await world.send('GET', path);
      assert.equal(status, 200, `${path} ${text}`);
      assert.equal(body.total, all.length, path);
      seen.push(...(body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id));
      const next = body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url as
        | string
        | undefined;
      path = next?.slice(next.indexOf('/fhir/'));
    }
    assert.deepEqual(seen.toSorted(), all.toSorted(), `pages of ${count}`);
    assert.equal(new Set(seen).size, seen.length);
  }
});

test('names and titles are searched as strings; other parameters find what is stored alone', async () => {
  assert.deepEqual(await ids('CodeSystem?title=dan toc'), ['danh-muc-dan-toc']);
  assert.deepEqual(await ids('CodeSystem?name=Own&_count=2').then((list) => list.length), 2);
  assert.ok((await ids('CodeSystem?title:contains=vaccine,vắc xin')).includes('danh-muc-cvx'));
  assert.deepEqual((await ids('CodeSystem?content-mode=not-present')).toSorted(), ['a', 'b', 'c']);
});

test('a list is valid, and $validate as a creation says that it cannot be stored', async () => {
  const { body } = await world.send('GET', '/fhir/CodeSystem/danh-muc-gioi-tinh');
  const answer = await world.send('POST', '/fhir/CodeSystem/$validate?mode=create', body);
  assert.deepEqual(issueOf(answer).expression, ['CodeSystem.url'], answer.text);
});

test('a list is nobody’s to store: 422 names url or id', async () => {
  const put = (id: string, resource: object) =>
    world.send('PUT', `/fhir/CodeSystem/${id}`, {
      resourceType: 'CodeSystem',
      id,
      status: 'active',
      content: 'complete',
      ...resource,
    });
  for (const [answer, place] of [
    [await put('x', { url: 'http://hl7.org/fhir/sid/icd-10' }), 'CodeSystem.url'],
    [await put('danh-muc-moi', { url: 'http://example.org/moi' }), 'CodeSystem.id'],
  ] as const) {
    assert.equal(answer.status, 422, answer.text);
    assert.deepEqual(issueOf(answer).expression, [place]);
  }
});

test('an OperationDefinition that somebody stores stands in the place of the program’s own, until it is deleted', async () => {
  const id = 'ValueSet-expand';
  const own = (await world.send('GET', `/fhir/OperationDefinition/${id}`)).body;
  const search = `OperationDefinition?url=${own.url}`;
  assert.deepEqual(await ids(search), [id]);
  const stored = { ...own, meta: undefined, title: 'Stored' };
  assert.equal((await world.send('PUT', `/fhir/OperationDefinition/${id}`, stored)).status, 201);
  const { body } = await world.send('GET', `/fhir/OperationDefinition/${id}`);
  assert.deepEqual([body.title, body.meta.versionId], ['Stored', '1']);
  assert.equal((await found(search)).length, 1);
  await world.send('DELETE', `/fhir/OperationDefinition/${id}`);
  assert.equal((await world.send('GET', `/fhir/OperationDefinition/${id}`)).body.title, own.title);
  assert.deepEqual(await ids(search), [id]);
});

test('the content’s profiles are StructureDefinitions: found by address, type and base, and nobody’s to store', async () => {
  const url = 'http://yba.vn/fhir/StructureDefinition/cong-dan';
  const [profile] = await found(`StructureDefinition?url=${url}`);
  assert.deepEqual((await world.send('GET', '/fhir/StructureDefinition/cong-dan')).body, profile);
  assert.deepEqual(await ids('StructureDefinition?type=Patient'), ['cong-dan']);
  const base = 'http://hl7.org/fhir/StructureDefinition/Coverage';
  assert.deepEqual(await ids(`StructureDefinition?base=${base}`), ['the-bhyt']);
  assert.deepEqual(await ids('StructureDefinition?url=http://yba.vn/fhir/ext/dan-toc'), ['ext-dan-toc']);
  const { meta: _, ...own } = profile as never as { meta: object };
  for (const [change, place] of [
    [{ id: 'khac' }, 'url'],
    [{ url: 'http://example.org/khac' }, 'id'],
  ] as const) {
    const copy = { ...own, ...change } as { id: string };
    const answer = await world.send('PUT', `/fhir/StructureDefinition/${copy.id}`, copy);
    assert.equal(answer.status, 422, answer.text);
    assert.deepEqual(issueOf(answer).expression, [`StructureDefinition.${place}`]);
  }
});
