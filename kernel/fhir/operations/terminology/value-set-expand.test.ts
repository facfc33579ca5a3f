import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FhirWorld, HttpAnswer } from '../../testing.ts';
import { ANIMAL, assertAnnounced, assertRefused, ICD, openTerms, parameters } from './fixture.testing.ts';
import { VALUE_SET_EXPAND } from './value-set-expand.ts';

const url = 'http://example.org/vs/con-vat';
const whole = (list: string) => `url=http://yba.vn/fhir/vs/${list}`;
const set = (id: string, include: object[], more: object = {}) => ({
  resourceType: 'ValueSet',
  id,
  url: `http://example.org/vs/${id}`,
  status: 'active',
  compose: { include, ...more },
});

let world: FhirWorld;
before(async () => {
  world = await openTerms(
    set('con-vat', [{ system: ANIMAL }]),
    set('hai', [
      { system: ANIMAL, filter: [{ property: 'concept', op: 'is-a', value: 'cho' }] },
      { system: ICD, concept: [{ code: 'W54', display: 'Chó cắn' }] },
    ]),
    set('a', [{ valueSet: ['http://example.org/vs/b'] }]),
    set('b', [{ valueSet: ['http://example.org/vs/a'] }]),
    set('lau', [{ system: ICD, filter: [{ property: 'display', op: 'regex', value: '(.*.*.*.*)*x' }] }]),
    set('la', [{ system: 'http://nowhere' }]),
    set('nhieu', [{ system: ICD }, { system: 'http://yba.vn/fhir/cs/don-vi-hanh-chinh' }]),
  );
});
after(() => world.stop());

const ask = (query: string) => world.send('GET', `/fhir/ValueSet/$expand?${query}`);
interface Contained {
  code: string;
  system: string;
  display?: string;
  inactive?: boolean;
  abstract?: boolean;
  designation?: { language?: string; value: string }[];
  contains?: Contained[];
}
const contained = (answer: HttpAnswer): Contained[] => {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.resourceType, 'ValueSet');
  return answer.body.expansion.contains ?? [];
};
const codes = async (query: string) => contained(await ask(query)).map(({ code }) => code);

test('a filter as people type it: tone marks, case and đ are folded, words stand in any order', async () => {
  const vs = whole('icd-10');
  assert.equal((await codes(`${vs}&filter=dai thao duong&count=5`))[0], 'E11.9');
  assert.equal((await codes(`${vs}&filter=ĐÁI THÁO ĐƯỜNG&count=5`))[0], 'E11.9');
  assert.ok((await codes(`${vs}&filter=hong viem cap&count=20`)).includes('J02.9'));
  assert.deepEqual(await codes(`${vs}&filter=E11.9`), ['E11.9']);
  assert.deepEqual(await codes(`${vs}&filter=zzzz`), []);
  assert.deepEqual(await codes(`url=${url}&filter=CHO`), ['cho', 'cun'], 'also of a stored system');
  assert.deepEqual(
    await codes('url=http://example.org/vs/hai&filter=can cho'),
    ['W54'],
    'and by the names that the set gives',
  );
});

test('pages together are the whole, each code once; total counts all', async () => {
  const vs = whole('icd-10-nhom');
  const all = await codes(vs);
  const pages: string[] = [];
  for (let offset = 0; ; offset += 50) {
    const answer = await ask(`${vs}&offset=${offset}&count=50`);
    assert.equal(answer.body.expansion.total, all.length);
    assert.equal(answer.body.expansion.offset, offset);
    if (contained(answer).length === 0) break;
    pages.push(...contained(answer).map(({ code }) => code));
  }
  assert.deepEqual(pages, all);
  const none = await ask(`${vs}&count=0`);
  assert.equal(none.body.expansion.total, all.length);
  assert.deepEqual(contained(none), []);
});

test('the day decides: codes to come are not there, those that went are inactive, activeOnly leaves them out', async () => {
  const vs = whole('loai-kcb');
  assert.ok(!(await codes(`${vs}&date=2026-07-31`)).includes('12'));
  assert.ok((await codes(`${vs}&date=2026-08-01`)).includes('12'));
  const old = (await ask(`${whole('doi-tuong-kcb')}&date=2025-07-01`)).body.expansion.contains as Contained[];
  assert.equal(old.find(({ code }) => code === '7.1')?.inactive, true);
  assert.ok(!(await codes(`${whole('doi-tuong-kcb')}&date=2025-07-01&activeOnly=true`)).includes('7.1'));
  assert.ok((await codes(`url=${url}`)).includes('chim'));
  assert.ok(!(await codes(`url=${url}&activeOnly=true`)).includes('chim'));
});

test('names: a language, all designations, some of them', async () => {
  const display = async (query: string) => contained(await ask(query))[0]?.display;
  assert.equal(
    await display(`${whole('icd-10')}&filter=I10&displayLanguage=en`),
    'Essential (primary) hypertension',
  );
  assert.equal(await display(`url=${url}&filter=cho&displayLanguage=en`), 'Dog');
  const designations = async (query: string) =>
    contained(await ask(`url=${url}&filter=cho&count=1&${query}`))[0]?.designation?.map(({ value }) => value);
  assert.equal(await designations(''), undefined);
  assert.deepEqual(await designations('includeDesignations=true'), ['Chó', 'Dog', 'Khuyển']);
  assert.deepEqual(await designations('designation=en'), ['Dog']);
  assert.deepEqual(await designations('designation=http://example.org/use|ngan'), ['Khuyển']);
});

test('excludeNested=false nests what lies below; groupings are marked, and left out for screens', async () => {
  const [top] = contained(await ask(`url=${url}&excludeNested=false`));
  assert.equal(top?.abstract, true);
  assert.deepEqual(
    top?.contains?.map(({ code }) => code),
    ['thu', 'chim'],
  );
  assert.deepEqual(
    top?.contains?.[0]?.contains?.[0]?.contains?.map(({ code }) => code),
    ['cun'],
  );
  assert.deepEqual(await codes(`url=${url}&excludeNotForUI=true`), ['thu', 'cho', 'cun', 'meo', 'chim']);
});

test('by instance, given with the question, by a body that is the value set; its definition when asked for', async () => {
  const at = await world.send('GET', '/fhir/ValueSet/hai/$expand?includeDefinition=true');
  assert.deepEqual(
    contained(at).map(({ code }) => code),
    ['cho', 'cun', 'W54'],
  );
  assert.equal(at.body.compose.include.length, 2);
  assert.equal((await ask(`url=${url}`)).body.compose, undefined);
  assert.equal(contained(await world.send('GET', '/fhir/ValueSet/danh-muc-gioi-tinh/$expand')).length, 3);
  const inline = {
    resourceType: 'ValueSet',
    status: 'active',
    compose: { include: [{ valueSet: [url] }], exclude: [{ system: ANIMAL, concept: [{ code: 'cho' }] }] },
  };
  const posted = await world.send(
    'POST',
    '/fhir/ValueSet/$expand',
    parameters({ name: 'valueSet', resource: inline }, { name: 'count', valueInteger: 2 }),
  );
  assert.deepEqual(
    contained(posted).map(({ code }) => code),
    ['con-vat', 'thu'],
  );
  const bare = await world.send('POST', '/fhir/ValueSet/$expand?filter=meo', inline);
  assert.deepEqual(
    contained(bare).map(({ code }) => code),
    ['meo'],
  );
});

test('which versions are used: named, asked for, checked; systems left out', async () => {
  const answer = await ask(`url=${url}`);
  assert.ok(
    answer.body.expansion.parameter.some((one: object) => JSON.stringify(one).includes(`${ANIMAL}|2`)),
  );
  assert.deepEqual(
    await codes('url=http://example.org/vs/hai&exclude-system=http://hl7.org/fhir/sid/icd-10'),
    ['cho', 'cun'],
  );
  assert.equal((await codes(`url=${url}&check-system-version=${ANIMAL}|2`)).length, 6);
  assertRefused(await ask(`url=${url}&check-system-version=${ANIMAL}|3`), 422, 'check-system-version');
  assertRefused(await ask(`url=${url}&force-system-version=${ANIMAL}|3`), 422, 'url');
  assertRefused(await ask(`url=${url}&system-version=${ANIMAL}`), 400, 'system-version');
});

test('what a partner changes is seen at once: a new version, a newer resource of the same URL, a deletion', async () => {
  const system = (id: string, ...list: string[]) => ({
    resourceType: 'CodeSystem',
    id,
    url: 'http://example.org/cs/doi',
    status: 'active',
    content: 'complete',
    concept: list.map((code) => ({ code, display: code })),
  });
  const put = (resource: { id: string }) => world.send('PUT', `/fhir/CodeSystem/${resource.id}`, resource);
  const inside = async () => {
    const compose = { include: [{ system: 'http://example.org/cs/doi' }] };
    const answer = await world.send('POST', '/fhir/ValueSet/$expand', {
      resourceType: 'ValueSet',
      status: 'active',
      compose,
    });
    return answer.status === 200 ? contained(answer).map(({ code }) => code) : answer.status;
  };
  assert.equal(await inside(), 422);
  await put(system('mot', 'a'));
  assert.deepEqual([await inside(), await inside()], [['a'], ['a']]);
  await put(system('mot', 'a', 'b'));
  assert.deepEqual(
    [await inside(), await inside()],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  );
  await put(system('hai', 'c'));
  assert.deepEqual([await inside(), await inside()], [['c'], ['c']]);
  await world.send('DELETE', '/fhir/CodeSystem/hai');
  assert.deepEqual(
    [await inside(), await inside()],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  );
  await world.send('DELETE', '/fhir/CodeSystem/mot');
  assert.equal(await inside(), 422);
});

test('a part of a system is told as such (R4 extension valueset-unclosed); a whole one is not', async () => {
  const unclosed = async (list: string) =>
    (await ask(`${whole(list)}&count=1`)).body.expansion.extension?.[0]?.valueBoolean;
  assert.equal(await unclosed('loinc'), true);
  assert.equal(await unclosed('icd-10'), undefined);
});

test('bad input: loops, patterns that do not end, systems that cannot be listed, answers that are too long', async () => {
  const loop = await ask('url=http://example.org/vs/a');
  assertRefused(loop, 422, 'url');
  assert.match(loop.body.issue[0].diagnostics, /vs\/a → .*vs\/b → .*vs\/a/);
  const inline = {
    resourceType: 'ValueSet',
    url: 'urn:x',
    status: 'active',
    compose: { include: [{ valueSet: ['urn:x'] }] },
  };
  assertRefused(await world.send('POST', '/fhir/ValueSet/$expand', inline), 422, 'url');
  const slow = await ask('url=http://example.org/vs/lau');
  assertRefused(slow, 422, 'url');
  assert.match(slow.body.issue[0].diagnostics, /takes too long/);
  assertRefused(await ask('url=http://example.org/vs/la'), 422, 'url');
  const long = await ask('url=http://example.org/vs/nhieu');
  assertRefused(long, 422, 'url');
  assert.equal(long.body.issue[0].code, 'too-costly');
  assert.equal(
    (await codes('url=http://example.org/vs/nhieu&count=3')).length,
    3,
    'pages of it are answered',
  );
});

test('whatever is wrong is told by name', async () => {
  assertRefused(await ask('filter=a'), 400, 'url');
  assertRefused(await ask('url=http://nowhere'), 404, 'url');
  assertRefused(await ask(`url=${url}|9`), 404, 'url');
  assertRefused(await ask(`url=${url}&count=-1`), 400, 'count');
  assertRefused(await ask(`url=${url}&offset=x`), 400, 'offset');
  assertRefused(await ask(`url=${url}&activeOnly=1`), 400, 'activeOnly');
  assertRefused(await ask(`url=${url}&date=2026-13-01`), 400, 'date');
  assertRefused(await ask(`url=${url}&valueSet=x`), 400, 'valueSet');
  assertRefused(await ask(`url=${url}&context=Patient.gender`), 400, 'url');
  assertRefused(await ask(`url=${url}&colour=red`), 400, 'colour');
  assert.equal((await world.send('GET', '/fhir/ValueSet/khong-co/$expand')).status, 404);
  assert.ok((await codes(`context=Patient.gender`)).includes('male'));
});

test('what was asked is told in the expansion', async () => {
  const asked: [string, string][] = [
    ['offset', '1'],
    ['count', '2'],
    ['designation', 'en'],
    ['designation', 'urn:ietf:bcp:47|vi'],
    ['activeOnly', 'true'],
    ['system-version', `${ANIMAL}|2`],
  ];
  const set = { resourceType: 'ValueSet', status: 'active', compose: { include: [{ system: ANIMAL }] } };
  const { body } = await world.send('POST', `/fhir/ValueSet/$expand?${new URLSearchParams(asked)}`, set);
  const told = body.expansion.parameter
    .filter(({ name }: { name: string }) => !name.startsWith('used-'))
    .map(({ name, ...value }: { name: string }) => [name, String(Object.values(value)[0])]);
  assert.deepEqual(told.toSorted(), asked.toSorted());
});

test('it is announced and defined as HL7 defines it', () => assertAnnounced(world, VALUE_SET_EXPAND));

test('the inputs of a POST may come as a form (R4 http.html, summary of interactions)', async () => {
  const url = 'http://hl7.org/fhir/ValueSet/administrative-gender';
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const asked = await world.send('GET', `/fhir/ValueSet/$expand?url=${url}&filter=male`);
  const posted = await world.send('POST', '/fhir/ValueSet/$expand', `url=${url}&filter=male`, form);
  assert.equal(posted.status, 200, posted.text);
  assert.deepEqual(posted.body.expansion.contains, asked.body.expansion.contains);
  const wrong = await world.send('POST', '/fhir/ValueSet/$expand', `url=${url}&colour=red`, form);
  assert.equal(wrong.status, 400);
});

test('R4 snomedct.html#implicit, loinc.html, ucum.html: value sets that their address says', async () => {
  const implied = (address: string) => codes(`url=${encodeURIComponent(address)}`);
  assert.deepEqual(await implied(`${ANIMAL}?fhir_vs`), await codes(`url=${url}`));
  assert.deepEqual(await implied(`${ANIMAL}?fhir_vs=isa/cho`), ['cho', 'cun']);
  assert.ok((await codes('url=http://loinc.org/vs&filter=8480-6')).includes('8480-6'));
  assert.ok((await codes('url=http://unitsofmeasure.org/vs&filter=mg&count=5')).includes('mg'));
  assertRefused(await ask(`url=${encodeURIComponent('http://nowhere?fhir_vs')}`), 422, 'url');
  assertRefused(await ask(`url=${encodeURIComponent(`${ANIMAL}?fhir_vs=refset/1`)}`), 404, 'url');
});
