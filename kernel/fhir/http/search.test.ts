/** Searches, history and forms of answers over the wire. R4 search.html, http.html#history. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
let ann: string;
let bob: string;

before(async () => {
  world = await openFhirWorld();
  const person = async (family: string, birthDate: string) =>
    (
      await world.send('POST', '/fhir/Patient', {
        resourceType: 'Patient',
        text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">hồ sơ</div>' },
        name: [{ text: `${family} Văn An`, family, given: ['Văn', 'An'] }],
        contact: [{ name: { text: 'người nhà' } }],
        gender: 'male',
        birthDate,
      })
    ).body.id as string;
  ann = await person('Đỗ', '1980-05-01');
  bob = await person('Đinh', '1990-05-01');
  for (let day = 1; day <= 7; day += 1) {
    for (const id of [ann, bob]) {
      await world.send('POST', '/fhir/Observation', {
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
        subject: { reference: `Patient/${id}` },
        effectiveDateTime: `2026-11-0${day}T08:00:00+07:00`,
        valueQuantity: { value: 50 + day, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
      });
    }
  }
});
after(() => world.stop());

const get = (path: string, headers?: Record<string, string>) => world.send('GET', path, undefined, headers);

test('search: a searchset with total, fullUrl, mode and a self link', async () => {
  const { body, status } = await get(`/fhir/Observation?patient=${ann}`);
  assert.equal(status, 200);
  assert.deepEqual([body.type, body.total, body.entry.length], ['searchset', 7, 7]);
  assert.equal(body.link[0].relation, 'self');
  const [entry] = body.entry;
  assert.equal(entry.fullUrl, `${world.program.address}/fhir/Observation/${entry.resource.id}`);
  assert.equal(entry.search.mode, 'match');
});

test('paging: next links lead through everything once, and keep the form that was asked for', async () => {
  const seen: string[] = [];
  let url: string | undefined = `/fhir/Observation?patient=${ann}&_sort=-date&_count=3&_elements=status`;
  while (url) {
    const {
      body,
    }: {
      body: {
        entry: { resource: { id: string; effectiveDateTime?: string } }[];
        link: { relation: string; url: string }[];
      };
    } = await get(url);
    for (const { resource } of body.entry) {
      seen.push(resource.id);
      assert.equal(resource.effectiveDateTime, undefined, '_elements goes on');
    }
    url = body.link.find(({ relation }) => relation === 'next')?.url;
  }
  assert.equal(seen.length, 7);
  assert.equal(new Set(seen).size, 7);
});

test('POST _search with a form is the same search; other media types are 415', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const posted = await world.send('POST', '/fhir/Observation/_search', `patient=${ann}&_count=2`, form);
  assert.deepEqual([posted.status, posted.body.entry.length], [200, 2]);
  const both = await world.send('POST', `/fhir/Observation/_search?_count=1`, `patient=${ann}`, form);
  assert.equal(both.body.entry.length, 1);
  assert.equal((await world.send('POST', '/fhir/Observation/_search', '{}')).status, 415);
});

test('POST _search works on the system and on a compartment too (R4 http.html#search)', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  for (const [path, body, same] of [
    ['/fhir/_search', '_type=Patient', '/fhir?_type=Patient'],
    [`/fhir/Patient/${bob}/Observation/_search`, '_count=5', `/fhir/Patient/${bob}/Observation?_count=5`],
  ] as const) {
    const [posted, got] = [await world.send('POST', path, body, form), await world.send('GET', same)];
    assert.deepEqual([posted.status, posted.body.total], [200, got.body.total], posted.text);
  }
});

test("compartment search: Patient/x/Observation is one person's", async () => {
  const { body } = await get(`/fhir/Patient/${ann}/Observation?_count=50`);
  assert.equal(body.total, 7);
  assert.ok(
    body.entry.every(
      (one: { resource: { subject: { reference: string } } }) =>
        one.resource.subject.reference === `Patient/${ann}`,
    ),
  );
  assert.match(body.link[0].url, new RegExp(`/fhir/Patient/${ann}/Observation\\?_count=50$`));
  assert.equal((await get(`/fhir/Patient/${ann}/Organization`)).status, 404);
  assert.equal((await get(`/fhir/Patient/${ann}/Nonsense`)).status, 404);
});

test('paging of a compartment search stays in the compartment', async () => {
  const first = await get(`/fhir/Patient/${ann}/Observation?_count=4`);
  const next = first.body.link.find((one: { relation: string }) => one.relation === 'next').url;
  assert.match(next, new RegExp(`/fhir/Patient/${ann}/Observation\\?`));
  assert.equal((await get(next)).body.entry.length, 3);
});

test('_include and _revinclude carry mode include', async () => {
  const { body } = await get(`/fhir/Observation?patient=${ann}&_count=1&_include=Observation:subject`);
  assert.deepEqual(
    body.entry.map((one: { search: { mode: string } }) => one.search.mode),
    ['match', 'include'],
  );
});

test('_summary=count has a total and no entries', async () => {
  const counted = (await get('/fhir/Patient?_summary=count&_count=1')).body;
  assert.deepEqual([typeof counted.total, counted.entry, counted.link.length], ['number', undefined, 1]);
  const { body } = await get(`/fhir/Observation?patient=${ann}&_summary=count`);
  assert.deepEqual([body.total, body.entry], [7, undefined]);
});

test('_summary=true, text, data and _elements give tagged parts that keep mandatory elements', async () => {
  const url = `/fhir/Patient/${ann}`;
  const tagOf = (body: { meta: { tag?: { code: string }[] } }) => body.meta.tag?.[0]?.code;
  const summary = (await get(`${url}?_summary=true`)).body;
  assert.deepEqual(
    [summary.gender, summary.contact, summary.text, tagOf(summary)],
    ['male', undefined, undefined, 'SUBSETTED'],
  );
  const text = (await get(`${url}?_summary=text`)).body;
  assert.deepEqual([text.gender, text.text.status, tagOf(text)], [undefined, 'generated', 'SUBSETTED']);
  const data = (await get(`${url}?_summary=data`)).body;
  assert.deepEqual([data.gender, data.text, data.contact[0].name.text], ['male', undefined, 'người nhà']);
  assert.equal((await get(`${url}?_summary=false`)).body.meta.tag, undefined);
  const elements = (await get(`/fhir/Observation?patient=${ann}&_elements=subject&_count=1`)).body.entry[0]
    .resource;
  assert.deepEqual(Object.keys(elements).sort(), ['code', 'id', 'meta', 'resourceType', 'status', 'subject']);
  assert.equal((await get(`${url}?_summary=some`)).status, 400);
});

test('_pretty=true breaks lines; _format takes JSON in its names and refuses others with 406', async () => {
  assert.match((await get(`/fhir/Patient/${ann}?_pretty=true`)).text, /\n {2}"resourceType": "Patient"/);
  for (const format of [
    'json',
    'application/json',
    'application/fhir%2Bjson',
    'application/fhir+json',
    'text/json',
  ]) {
    assert.equal((await get(`/fhir/Patient/${ann}?_format=${format}`)).status, 200, format);
  }
  for (const format of ['xml', 'application/fhir%2Bxml', 'ttl', 'html', 'nonsense']) {
    assert.equal((await get(`/fhir/Patient/${ann}?_format=${format}`)).status, 406, format);
  }
});

test('Accept: what takes no JSON gets 406, everything else JSON', async () => {
  const status = async (accept: string) => (await get(`/fhir/Patient/${ann}`, { accept })).status;
  for (const accept of [
    '*/*',
    'application/*',
    'application/fhir+json',
    'text/html,application/xhtml+xml,*/*;q=0.8',
    'application/fhir+xml, application/json;q=0.5',
    'application/fhir+json; fhirVersion=4.0',
  ]) {
    assert.equal(await status(accept), 200, accept);
  }
  for (const accept of [
    'application/fhir+xml',
    'text/turtle',
    'image/png',
    'application/fhir+json;q=0',
    'application/fhir+json; fhirVersion=3.0',
  ]) {
    assert.equal(await status(accept), 406, accept);
  }
  assert.equal(
    (await get(`/fhir/Patient/${ann}?_format=json`, { accept: 'application/fhir+xml' })).status,
    200,
    '_format goes before Accept',
  );
});

test('unknown parameters are 400 that names them, and left out under handling=lenient', async () => {
  const strict = await get('/fhir/Patient?colour=red');
  assert.equal(strict.status, 400);
  assert.match(issueOf(strict).diagnostics!, /colour/);
  assert.match(issueOf(strict).details!.text!, /colour/);
  const lenient = await get('/fhir/Patient?colour=red&family=Đinh', { prefer: 'handling=lenient' });
  assert.equal(lenient.status, 200);
  assert.equal(lenient.body.total, 1);
  assert.doesNotMatch(lenient.body.link[0].url, /colour/, 'the self link says what was carried out');
  assert.equal((await get(`/fhir/Patient/${ann}?colour=red`)).status, 400);
});

test('a system search goes through its types page by page', async () => {
  assert.equal((await get('/fhir?_type=Patient&family=Đinh')).body.total, 1);
  assert.equal((await get('/fhir?_type=Patient,Observation&_count=50')).body.total, 16);
  const seen: string[] = [];
  let url: string | undefined = '/fhir?_type=Patient,Observation&_count=4';
  for (let page = 0; url && page < 20; page += 1) {
    const { body }: { body: { entry?: { fullUrl: string }[]; link: { relation: string; url: string }[] } } =
      await get(url);
    seen.push(...(body.entry ?? []).map(({ fullUrl }) => fullUrl));
    url = body.link.find(({ relation }) => relation === 'next')?.url;
  }
  assert.deepEqual([seen.length, new Set(seen).size], [16, 16]);
  assert.equal(
    (await get('/fhir?_type=Patient,Observation&family=Đinh')).status,
    400,
    'every type must know the parameter',
  );
  assert.equal((await get('/fhir')).status, 400);
  assert.equal((await get('/fhir?_type=Nonsense')).status, 400);
});

test('references to our own address are kept relative', async () => {
  const base = `${world.program.address}/fhir`;
  const observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: `${base}/Patient/${bob}` },
  };
  const made = await world.send('POST', '/fhir/Observation', observation);
  assert.equal(made.body.subject.reference, `Patient/${bob}`);
  const elsewhere = { ...observation, subject: { reference: 'http://other.example/fhir/Patient/1' } };
  assert.equal(
    (await world.send('POST', '/fhir/Observation', elsewhere)).body.subject.reference,
    'http://other.example/fhir/Patient/1',
  );
  for (const query of [`subject=${base}/Patient/${bob}`, `patient=Patient/absent,${base}/Patient/${bob}`]) {
    const found = (await world.send('GET', `/fhir/Observation?${query}&_id=${made.body.id}`)).body;
    assert.equal(found.total, 1, query);
  }
  await world.send('DELETE', `/fhir/Observation/${made.body.id}`);
});

test('history of an instance: newest first, with request and response; a deletion has no resource', async () => {
  const made = (
    await world.send('PUT', '/fhir/Organization/h', { resourceType: 'Organization', id: 'h', name: 'một' })
  ).body;
  await world.send('PUT', '/fhir/Organization/h', { ...made, name: 'hai' });
  await world.send('DELETE', '/fhir/Organization/h');
  const { body } = await get('/fhir/Organization/h/_history');
  assert.equal(body.type, 'history');
  assert.deepEqual(
    body.entry.map((one: { request: { method: string } }) => one.request.method),
    ['DELETE', 'PUT', 'PUT'],
  );
  assert.equal(body.entry[0].resource, undefined);
  assert.equal(body.entry[2].resource.name, 'một');
  assert.equal(body.entry[1].response.etag, 'W/"2"');
  assert.equal((await get('/fhir/Organization/never/_history')).status, 404);
});

test('history of a type and of the system: pages by link, _since narrows, unknown parameters are refused', async () => {
  const type = await get('/fhir/Observation/_history?_count=5');
  assert.equal(type.body.entry.length, 5);
  const next = type.body.link.find((one: { relation: string }) => one.relation === 'next').url;
  const more = await get(next);
  type Entry = { fullUrl: string; response: { etag: string } };
  const all: Entry[] = [...type.body.entry, ...more.body.entry];
  const ids = new Set(all.map(({ fullUrl, response }) => fullUrl + response.etag));
  assert.equal(ids.size, 10);
  const system = await get('/fhir/_history?_count=1000');
  assert.ok(system.body.entry.length >= 19);
  assert.equal(
    (
      await get(
        `/fhir/Observation/_history?_since=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}`,
      )
    ).body.entry,
    undefined,
  );
  assert.equal((await get('/fhir/Observation/_history?patient=x')).status, 400);
  assert.equal((await get('/fhir/Observation/_history?_since=yesterday')).status, 400);
});

test('/metadata needs no token and announces what is answered', async () => {
  const { status, body } = await world.bare('GET', '/fhir/metadata');
  assert.deepEqual(
    [status, body.fhirVersion, body.kind, body.format[0]],
    [200, '4.0.1', 'instance', 'application/fhir+json'],
  );
  const [rest] = body.rest;
  assert.equal(rest.resource.length, 144);
  const observation = rest.resource.find((one: { type: string }) => one.type === 'Observation');
  for (const name of ['patient', 'code', 'date', 'value-quantity', 'combo-code', '_id', '_lastUpdated']) {
    assert.ok(
      observation.searchParam.some((one: { name: string }) => one.name === name),
      name,
    );
  }
  assert.ok(observation.searchInclude.includes('Observation:subject'));
  assert.equal(issueOf(await world.bare('GET', '/fhir/Patient')).code, 'login');
});

test('every announced search parameter is taken by the server', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const values: Record<string, string> = {
    string: 'a',
    token: 'a',
    reference: 'Patient/a',
    date: '2026-01-01',
    number: '5',
    quantity: '5',
    uri: 'http://a',
    special: 'a',
    composite: 'a$5',
  };
  for (const type of [
    'Patient',
    'Encounter',
    'Condition',
    'Observation',
    'ServiceRequest',
    'MedicationRequest',
    'Coverage',
    'Claim',
    'ChargeItem',
    'Organization',
    'Location',
    'Practitioner',
  ]) {
    const { searchParam } = body.rest[0].resource.find((one: { type: string }) => one.type === type);
    for (const { name, type: kind } of searchParam as { name: string; type: string }[]) {
      const answer = await get(`/fhir/${type}?${name}=${encodeURIComponent(values[kind] ?? 'a')}&_count=1`);
      const ok = answer.status === 200 || (answer.status === 400 && issueOf(answer).code === 'value');
      assert.ok(ok, `${type}?${name} (${kind}): ${answer.status} ${answer.text.slice(0, 200)}`);
    }
  }
});

test('history: _since is a date or an instant of FHIR, _count=0 tells the number alone', async () => {
  for (const bad of ['garbage 1', '2026-02-30', '5'])
    assert.equal(
      (await get(`/fhir/Patient/${ann}/_history?_since=${encodeURIComponent(bad)}`)).status,
      400,
      bad,
    );
  assert.equal((await get(`/fhir/Patient/${ann}/_history?_since=2026-01-01`)).body.total, 1);
  const none = await get(`/fhir/Patient/${ann}/_history?_count=0`);
  assert.deepEqual([none.status, none.body.total, none.body.entry], [200, 1, undefined]);
  assert.equal((await get(`/fhir/Patient/${ann}/_history?_count=99999999999`)).body.total, 1);
});
