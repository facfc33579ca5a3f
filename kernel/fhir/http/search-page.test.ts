/** What a search says beside its matches: links, totals, warnings, parts of resources, plans. R4 search.html, http.html#search. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
let ann: string;

before(async () => {
  world = await openFhirWorld();
  const person = async (family: string) =>
    (await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', name: [{ family }] })).body
      .id as string;
  ann = await person('Đỗ');
  const bob = await person('Đinh');
  for (const [at, id] of [ann, ann, ann, ann, ann, bob, bob].entries()) {
    await world.send('POST', '/fhir/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
      subject: { reference: `Patient/${id}` },
      effectiveDateTime: `2026-11-0${at + 1}`,
      valueQuantity: { value: 50 + at, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
    });
  }
});
after(() => world.stop());

const get = (path: string, headers?: Record<string, string>) => world.send('GET', path, undefined, headers);
const linkOf = ({ body }: HttpAnswer, relation: string): string | undefined =>
  body.link.find((one: { relation: string }) => one.relation === relation)?.url;
const idsOf = ({ body }: HttpAnswer): string[] =>
  (body.entry ?? []).map((one: { resource: { id: string } }) => one.resource.id);

test('links: self as carried out, first, next, and previous back through the same pages', async () => {
  const first = await get(`/fhir/Observation?_sort=date&_count=3&_elements=status`);
  assert.deepEqual(
    first.body.link.map((one: { relation: string }) => one.relation),
    ['self', 'first', 'next'],
  );
  const second = await get(linkOf(first, 'next')!);
  assert.deepEqual(
    second.body.link.map((one: { relation: string }) => one.relation),
    ['self', 'first', 'previous', 'next'],
  );
  assert.deepEqual(idsOf(await get(linkOf(second, 'previous')!)), idsOf(first));
  assert.deepEqual(idsOf(await get(linkOf(second, 'first')!)), idsOf(first));
  assert.deepEqual(idsOf(await get(linkOf(second, 'self')!)), idsOf(second));
  const third = await get(linkOf(second, 'next')!);
  assert.equal(linkOf(third, 'next'), undefined);
  assert.equal(idsOf(third).length, 1);
  for (const page of [first, second, third]) assert.match(linkOf(page, 'self')!, /_elements=status/);
});

test('the self link says what was carried out: a page of the size that is given, not that was asked', async () => {
  const answer = await get('/fhir/Patient?_count=99999');
  assert.match(linkOf(answer, 'self')!, /_count=1000$/);
  assert.equal(linkOf(answer, 'next'), undefined);
});

test('links of a compartment stay in it, there and back', async () => {
  const first = await get(`/fhir/Patient/${ann}/Observation?_count=2`);
  const second = await get(linkOf(first, 'next')!);
  const back = await get(linkOf(second, 'previous')!);
  assert.deepEqual(idsOf(back), idsOf(first));
  assert.match(
    linkOf(second, 'previous')!,
    new RegExp(`/fhir/Patient/${ann}/Observation\\?_count=2&_cursor=`),
  );
});

test('a system search goes back as it came, counts all its types, and says first', async () => {
  const pages: HttpAnswer[] = [await get('/fhir?_type=Patient,Observation&_count=4&_total=accurate')];
  for (let next = linkOf(pages[0]!, 'next'); next !== undefined; next = linkOf(pages.at(-1)!, 'next'))
    pages.push(await get(next));
  assert.ok(pages.length >= 2);
  assert.equal(pages.flatMap(idsOf).length, 9);
  assert.ok(pages.every(({ body }) => body.total === 9));
  for (let at = pages.length - 1; at > 0; at--) {
    assert.deepEqual(idsOf(await get(linkOf(pages[at]!, 'previous')!)), idsOf(pages[at - 1]!));
  }
  assert.equal(linkOf(pages[0]!, 'previous'), undefined);
  assert.equal((await get('/fhir?_type=Patient,Observation&_summary=count')).body.total, 9);
  assert.equal((await get('/fhir?_type=Patient,Observation&_count=0')).body.total, 9);
  for (const cursor of ['x', '5!', '0!nonsense', '0!~1!~9!']) {
    const answer = await get(
      `/fhir?_type=Patient,Observation&_count=4&_cursor=${encodeURIComponent(cursor)}`,
    );
    assert.equal(answer.status, 400, cursor);
    assert.deepEqual(issueOf(answer).expression, ['_cursor'], cursor);
  }
});

test('_type that stands twice names the types of both', async () => {
  const joined = idsOf(await get('/fhir?_type=Patient,Observation&_count=50'));
  assert.deepEqual(idsOf(await get('/fhir?_type=Patient&_type=Observation&_count=50')), joined);
});

test('a spoilt cursor is told what a cursor is good for', async () => {
  const next = linkOf(await get('/fhir/Observation?_count=2'), 'next')!;
  const answer = await get(next.replace(/_cursor=.../, '_cursor=abc'));
  assert.equal(answer.status, 400);
  assert.match(issueOf(answer).diagnostics!, /Parameter _cursor is not valid/);
  assert.match(issueOf(answer).details!.text!, /Hãy tìm lại không có _cursor/);
});

test('handling=lenient: what cannot be answered is left out, and told in an entry of mode outcome', async () => {
  const url =
    '/fhir/Patient?colour=red&family=Đinh&birthdate=yesterday&gender:never=x&_sort=nosuch&_elements=name,nosuch';
  const { status, body } = await get(url, { prefer: 'handling=lenient' });
  assert.equal(status, 200);
  assert.equal(body.total, 1);
  const [match, outcome] = body.entry;
  assert.deepEqual([match.search.mode, outcome.search.mode], ['match', 'outcome']);
  assert.equal(outcome.resource.resourceType, 'OperationOutcome');
  const issues = outcome.resource.issue as { severity: string; expression: string[]; diagnostics: string }[];
  assert.deepEqual(
    issues.map((issue) => [issue.severity, issue.expression[0]]),
    [
      ['warning', 'colour'],
      ['warning', 'birthdate'],
      ['warning', 'gender'],
      ['warning', '_sort'],
      ['warning', '_elements'],
    ],
  );
  assert.match(body.link[0].url, /Patient\?family=%C4%90inh&_elements/);
  const system = await get('/fhir?_type=Patient,Observation&family=Đỗ', { prefer: 'handling=lenient' });
  assert.deepEqual([system.status, system.body.total], [200, 9], 'Observation knows no family');
});

test('an empty parameter is left out; one that nobody knows is refused, and nothing is deleted by it', async () => {
  const whole = await get('/fhir/Patient');
  for (const query of [
    'family=',
    'family=&birthdate=&_sort=&_count=',
    'name:exact=&_has:Observation:patient:code=',
  ]) {
    const answer = await get(`/fhir/Patient?${query}`);
    assert.deepEqual([answer.status, idsOf(answer)], [200, idsOf(whole)], query);
    assert.ok(linkOf(answer, 'self')!.endsWith('/fhir/Patient'), query);
  }
  const some = await get('/fhir/Patient?birthdate=&family=Đỗ');
  assert.deepEqual(idsOf(some), [ann]);
  assert.match(linkOf(some, 'self')!, /Patient\?family=/);
  const form = 'family=&name=';
  const posted = await world.send('POST', '/fhir/Patient/_search', form, {
    'content-type': 'application/x-www-form-urlencoded',
  });
  assert.deepEqual(idsOf(posted), idsOf(whole));
  assert.deepEqual(idsOf(await get(`/fhir/Patient/${ann}/Observation?code=`)).length, 5);
  for (const [query, name] of [
    ['colour=', 'colour'],
    ['_cursor=', '_cursor'],
    ['family=a,,b', 'family'],
  ] as const) {
    const answer = await get(`/fhir/Patient?${query}`);
    assert.deepEqual([answer.status, issueOf(answer).expression], [400, [name]], query);
  }
  for (const answer of [
    await world.send('DELETE', '/fhir/Patient?family='),
    await world.send('POST', '/fhir/Patient', { resourceType: 'Patient' }, { 'if-none-exist': 'family=' }),
  ])
    assert.deepEqual([answer.status, issueOf(answer).expression], [400, ['family']]);
});

test('strict: every such parameter is 400 that names it', async () => {
  for (const [query, name] of [
    ['colour=red', 'colour'],
    ['birthdate=yesterday', 'birthdate'],
    ['gender:never=x', 'gender'],
    ['_sort=nosuch', '_sort'],
    ['_elements=nosuch', '_elements'],
    ['_explain=maybe', '_explain'],
    ['_summary=some', '_summary'],
    ['_total=many', '_total'],
    ['_filter=gender is male', '_filter'],
    ['_query=mine', '_query'],
    ['_list=$mine', '_list'],
  ] as const) {
    const answer = await get(`/fhir/Patient?${query}`);
    assert.equal(answer.status, 400, query);
    assert.deepEqual(issueOf(answer).expression, [name], query);
    assert.ok(issueOf(answer).details?.text && issueOf(answer).diagnostics, query);
  }
});

test('_elements takes elements of the type, choices by their name, and Type.name', async () => {
  const { body } = await get(
    '/fhir/Observation?_count=1&_include=Observation:subject&_elements=valueQuantity,Patient.birthDate,id',
  );
  assert.equal(body.entry[0].resource.valueQuantity.unit, 'kg');
  assert.equal(body.entry[0].resource.effectiveDateTime, undefined);
  assert.equal(body.entry[1].resource.name, undefined);
});

test('_elements=value keeps value[x] whatever its type, with [x] or without, and adds up when it stands twice', async () => {
  for (const query of ['value', 'value[x]', 'Observation.value', 'issued&_elements=value']) {
    const { body } = await get(`/fhir/Observation?_count=1&_elements=${query}`);
    assert.equal(body.entry[0].resource.valueQuantity?.unit, 'kg', query);
    assert.equal(body.entry[0].resource.effectiveDateTime, undefined, query);
  }
});

test('_total and _count=0 over the wire', async () => {
  assert.equal((await get('/fhir/Observation?_count=2')).body.total, undefined);
  assert.equal((await get('/fhir/Observation?_count=2&_total=accurate')).body.total, 7);
  assert.equal((await get('/fhir/Observation?_total=none')).body.total, undefined);
  const none = (await get('/fhir/Observation?_count=0')).body;
  assert.deepEqual([none.total, none.entry, none.link.length], [7, undefined, 1]);
});

test('POST _search joins the parameters of the address and of the form', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await world.send(
    'POST',
    '/fhir/Observation/_search?_count=2&_sort=-date',
    `patient=${ann}&_filter=${encodeURIComponent('value-quantity gt 51')}&_total=accurate`,
    form,
  );
  assert.deepEqual([answer.status, answer.body.entry.length, answer.body.total], [200, 2, 3]);
  assert.deepEqual(idsOf(await get(linkOf(answer, 'next')!)).length, 1);
});

test('_explain is for those who operate the server: 403 for a client, however much it may read', async () => {
  const answer = await get('/fhir/Observation?code=29463-7&_explain=true');
  assert.equal(answer.status, 403);
  assert.equal((await get('/fhir/Observation?code=29463-7&_explain=false')).body.total, 7);
  assert.equal((await get(`/fhir/Patient/${ann}?_explain=true`)).status, 400);
});

test('_elements names base elements, or those of a type; what is none is refused (R4 search.html#elements)', async () => {
  for (const name of ['status', 'valueQuantity', 'Observation.status', 'Patient.name', 'meta', 'Patient.id'])
    assert.equal((await get(`/fhir/Observation?_elements=${name}`)).status, 200, name);
  for (const name of ['nope', 'code.coding', 'Patient.nope', 'Patient.name.family', 'Nope.name']) {
    const { status, body } = await get(`/fhir/Observation?_elements=${name}`);
    assert.deepEqual([status, body.issue[0].expression], [400, ['_elements']], name);
  }
});

test('_elements of a read is held to the same', async () => {
  assert.equal((await get(`/fhir/Patient/${ann}?_elements=name`)).status, 200);
  assert.equal((await get(`/fhir/Patient/${ann}?_elements=nope`)).status, 400);
  assert.equal(
    (await get(`/fhir/Patient/${ann}?_elements=nope`, { prefer: 'handling=lenient' })).status,
    200,
  );
});

test('_type with a name that is no type is 400 and named', async () => {
  const { status, body } = await get('/fhir?_type=Patient,Nope');
  assert.deepEqual([status, body.issue[0].expression], [400, ['_type']]);
  assert.match(body.issue[0].diagnostics, /"Nope"/);
});

test('a search without _type is one of all types, by what all of them know', async () => {
  const byId = await get(`/fhir?_id=${ann}`);
  assert.deepEqual([byId.status, idsOf(byId), byId.body.total], [200, [ann], 1]);
  const pages = [await get('/fhir?_lastUpdated=gt2020&_tag:missing=true&_count=4')];
  for (let next = linkOf(pages[0]!, 'next'); next !== undefined; next = linkOf(pages.at(-1)!, 'next'))
    pages.push(await get(next));
  const all = pages.flatMap(idsOf);
  assert.equal(new Set(all).size, all.length);
  assert.ok(all.includes(ann) && all.length >= 9, `${all.length} found`);
  const types = new Set(
    pages.flatMap(({ body }) =>
      (body.entry ?? []).map((one: { resource: { resourceType: string } }) => one.resource.resourceType),
    ),
  );
  assert.ok(types.has('Patient') && types.has('Observation'));
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  assert.deepEqual(idsOf(await world.send('POST', '/fhir/_search', `_id=${ann}`, form)), [ann]);
  const narrow = { authorization: `Bearer ${await world.token('system/Observation.rs')}` };
  assert.deepEqual(idsOf(await world.bare('GET', `/fhir?_id=${ann}`, undefined, narrow)), []);
});

test('a search without _type names what it does not take', async () => {
  for (const [query, name] of [
    ['name=x', 'name'],
    ['_id=x&_sort=birthdate', '_sort'],
    ['_id=x&_include=*', '_include'],
    ['_content=x', '_content'],
    ['', '_type'],
    ['_count=5', '_type'],
  ] as const) {
    const { status, body } = await get(`/fhir?${query}`);
    assert.deepEqual([status, body.issue[0].expression], [400, [name]], query);
  }
  const lenient = await get(`/fhir?_id=${ann}&colour=red`, { prefer: 'handling=lenient' });
  assert.deepEqual([lenient.status, lenient.body.entry.length], [200, 2]);
});

test('_elements is not about what comes along, but for what names its type (R4 search.html#elements)', async () => {
  const included = async (query: string) => {
    const { body } = await get(`/fhir/Observation?_count=1&_include=Observation:subject&${query}`);
    return Object.keys(body.entry.at(-1).resource).sort();
  };
  assert.ok((await included('_elements=status')).includes('name'));
  assert.ok(!(await included('_elements=status,Patient.birthDate')).includes('name'));
});

test('_summary=text and includes exclude one another (R4 search.html#summary)', async () => {
  for (const [query, name] of [
    ['Observation?_summary=text&_include=Observation:subject', '_include'],
    ['Patient?_revinclude:iterate=Observation:subject&_summary=text', '_revinclude:iterate'],
  ] as const) {
    const answer = await get(`/fhir/${query}`);
    assert.deepEqual([answer.status, issueOf(answer).expression], [400, [name]], query);
    const lenient = await get(`/fhir/${query}`, { prefer: 'handling=lenient' });
    assert.equal(lenient.status, 200);
    assert.equal(lenient.body.entry.at(-1).search.mode, 'outcome');
  }
});

test('_sort=_score is the order by relevance, which stands by itself', async () => {
  const plain = idsOf(await get('/fhir/Patient?name=đ'));
  for (const key of ['_score', '-_score'])
    assert.deepEqual(idsOf(await get(`/fhir/Patient?name=đ&_sort=${key}`)), plain);
  assert.deepEqual(issueOf(await get('/fhir/Patient?_sort=_score,name')).expression, ['_sort']);
  assert.equal((await get('/fhir?_type=Patient,Observation&_sort=_score')).body.total, 9);
});

test('a backslash that escapes nothing is refused by name (R4 search.html#escaping)', async () => {
  for (const [query, status] of [
    ['family=xx\\\\xx', 200],
    ['family=xx\\$xx', 200],
    ['family=a\\,b,c', 200],
    ['family=xx\\xx', 400],
    ['identifier=s|a\\', 400],
    ['general-practitioner:Practitioner.name=a\\b', 400],
  ] as const) {
    const answer = await get(`/fhir/Patient?${encodeURI(query)}`);
    assert.equal(answer.status, status, query);
    if (status === 400) assert.equal(issueOf(answer).expression![0], query.split('=')[0]!.split('.').at(-1));
  }
});
