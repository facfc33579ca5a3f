/** The document over HTTP, and the server held beside it: every address of the one is an address of the other. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';
import { validateResource } from '../validation/index.ts';
import type { OpenApiDocument } from './document.ts';

let world: FhirWorld;
let document: OpenApiDocument;

before(async () => {
  world = await openFhirWorld();
  document = (await world.bare('GET', '/fhir/openapi.json')).body;
});
after(() => world.stop());

test('the document needs no token, comes as gzip, and is not sent again while it is the same', async () => {
  const first = await world.bare('GET', '/fhir/openapi.json');
  assert.equal(first.status, 200);
  assert.match(first.headers.get('content-type')!, /^application\/json/);
  const etag = first.headers.get('etag')!;
  for (const seen of [etag, `W/${etag}`, '"x", *']) {
    const again = await world.bare('GET', '/fhir/openapi.json', undefined, { 'if-none-match': seen });
    assert.equal(again.status, 304);
    assert.equal(again.text, '');
  }
  assert.equal(first.headers.get('content-encoding'), 'gzip');
  const plain = await world.bare('GET', '/fhir/openapi.json', undefined, { 'accept-encoding': 'identity' });
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.deepEqual(plain.body, first.body);
});

test('a document of one type, by its address and by _type; what is no type, or not described, is refused', async () => {
  const byName = await world.bare('GET', '/fhir/openapi/Patient.json');
  const byType = await world.bare('GET', '/fhir/openapi.json?_type=Patient');
  assert.deepEqual(byName.body, byType.body);
  assert.ok(Object.keys(byName.body.paths).every((path) => path.split('/').includes('Patient')));
  const two = (await world.bare('GET', '/fhir/openapi.json?_type=Patient,Encounter')).body as OpenApiDocument;
  assert.ok(two.paths['/Encounter'] && two.paths['/Patient/{id}/Encounter'] && !two.paths['/Observation']);
  for (const [path, status] of [
    ['openapi/Patients.json', 404],
    ['openapi/Parameters.json', 404],
    ['openapi.json?_type=', 404],
    ['openapi.json?type=Patient', 400],
    ['openapi/Patient.json?x=1', 400],
    ['openapi.json?_type=Patient,Encounter,Observation,Condition,Procedure,Group', 400],
  ] as const) {
    const answer = await world.bare('GET', `/fhir/${path}`);
    assert.equal(answer.status, status, path);
    assert.ok(issueOf(answer).details?.text, path);
  }
});

test('a search parameter of one’s own is in the document once it is answered', async () => {
  const parameter = {
    resourceType: 'SearchParameter',
    id: 'colour',
    url: 'http://example.org/SearchParameter/colour',
    name: 'colour',
    status: 'active',
    description: 'colour',
    code: 'colour',
    base: ['BodyStructure'],
    type: 'string',
    expression: 'BodyStructure.description',
  };
  const before = (await world.bare('GET', '/fhir/openapi/BodyStructure.json')).headers.get('etag');
  assert.equal((await world.send('PUT', '/fhir/SearchParameter/colour', parameter)).status, 201);
  for (let tries = 0; ; tries += 1) {
    const { body, headers } = await world.bare('GET', '/fhir/openapi/BodyStructure.json');
    const { parameters } = body.components;
    if (parameters['BodyStructure.colour']) {
      assert.notEqual(headers.get('etag'), before);
      break;
    }
    assert.ok(tries < 200, 'the parameter never came');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

test('every route below /fhir is in the document with its method, or answers that it does not take the method', async () => {
  const known = Object.entries(document.paths).map(([path, item]) => ({
    path: new RegExp(`^${path.replace(/[$.]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
    methods: Object.keys(item),
  }));
  const missing = world.program.routes
    .filter(({ method, url }) => url.startsWith('/fhir/') && url !== '/fhir/*' && METHODS.includes(method))
    .map(({ method, url }) => ({ method, url: sampleOf(url) }))
    .filter(
      ({ method, url }) =>
        !known.some(({ path, methods }) => path.test(url) && methods.includes(method.toLowerCase())),
    );
  assert.ok(missing.length > 50, 'refused methods are routes, too');
  for (const { method, url } of missing) {
    const { status, text } = await world.send(method, `/fhir${url}`);
    const refuses = status === 405 || isNoRoute(text) || (status === 404 && FOR_ONE.test(text));
    assert.ok(refuses, `${method} ${url} is not in the document: ${status}`);
  }
});

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** An address that is there only to say which one is meant. */
const FOR_ONE = /is answered for one/;

/** A route's pattern with values for its parts. */
function sampleOf(url: string): string {
  return url
    .replace(/^\/fhir/, '')
    .replace('/:type/:id/:action/_search', '/Patient/x/Observation/_search')
    .replace('/:type/:id/:action', '/Patient/x/Observation')
    .replace(':type', 'Basic')
    .replace('/openapi/:name', '/openapi/Basic.json')
    .replace(/:\w+/g, '1');
}

test('every address of the document is one of the server, with its method: none is 404 for want of a route, none 405', async () => {
  const stored = await storeExamples();
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => ({ path, method })),
  );
  const lost: string[] = [];
  // What deletes comes last.
  for (const { path, method } of all.toSorted((a, b) => orderOf(a.method) - orderOf(b.method))) {
    const [, type = ''] = path.split('/');
    const url = `/fhir${path === '/' ? '' : path}`
      .replace('/openapi/{type}', '/openapi/Patient')
      .replace('{id}', stored.get(type) ?? 'none')
      .replace('{vid}', '1')
      .replace('{name}', 'none');
    const body = ['get', 'delete'].includes(method) ? undefined : '';
    const { status, text } = await world.send(method.toUpperCase(), url, body);
    if (status === 405 || status >= 500 || isNoRoute(text)) lost.push(`${method} ${path} ${status}`);
  }
  assert.deepEqual(lost, []);
});

const orderOf = (method: string) => (method === 'delete' ? 1 : 0);

/** What the server answers for an address that it does not have. */
function isNoRoute(text: string): boolean {
  return /There is nothing at|is not an R4 resource type|is not in the \w+ compartment/.test(text);
}

/** One resource of each type that has a valid example; ids by type. */
async function storeExamples(): Promise<Map<string, string>> {
  const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
  const ids = new Map<string, string>();
  for (const file of readdirSync(folder).sort()) {
    const type = file.split('-')[0]!;
    if (ids.has(type) || !document.paths[`/${type}`]?.put || !file.endsWith('.json')) continue;
    const resource = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (typeof resource.id !== 'string' || validateResource(resource).length > 0) continue;
    const { status } = await world.send('PUT', `/fhir/${type}/${resource.id}`, resource);
    if (status === 201) ids.set(type, resource.id);
  }
  assert.ok(ids.size > 120, `${ids.size} types are stored`);
  return ids;
}
