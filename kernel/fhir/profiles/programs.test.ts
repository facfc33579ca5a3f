/** Profiles past one request: two programs on one database, and files that are loaded. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { withDatabase } from '../../store/testing.ts';
import { type FhirWorld, openFhirWorld } from '../testing.ts';

const URL = 'http://example.org/fhir/StructureDefinition/telephone';
const profile = (path: string) => ({
  resourceType: 'StructureDefinition',
  id: 'telephone',
  url: URL,
  name: 'Telephone',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type: 'Patient',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
  derivation: 'constraint',
  differential: { element: [{ path, min: 1 }] },
});
const person = { resourceType: 'Patient', meta: { profile: [URL] }, gender: 'female' };

let database: { url: string; stop(): Promise<void> };
let here: FhirWorld;
let there: FhirWorld;
let peer: Server;
let file = '';
let base = '';

before(async () => {
  peer = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/fhir+ndjson' }).end(file);
  });
  await new Promise<void>((ready) => peer.listen(0, '127.0.0.1', ready));
  const host = `127.0.0.1:${(peer.address() as AddressInfo).port}`;
  base = `http://${host}`;
  database = await withDatabase();
  const settings = { databaseUrl: database.url, peers: [host] };
  here = await openFhirWorld(settings);
  there = await openFhirWorld(settings);
});
after(async () => {
  await there.stop();
  await here.stop();
  await database.stop();
  peer.close();
});

test('a definition that one program stores counts in the other within a second, its change too', async () => {
  assert.equal((await there.send('POST', '/fhir/Patient', person)).status, 201, 'asked before: not known');
  for (const [path, status] of [
    ['Patient.telecom', 422],
    ['Patient.gender', 201],
    ['Patient.name', 422],
  ] as const) {
    assert.ok((await here.send('PUT', '/fhir/StructureDefinition/telephone', profile(path))).status < 300);
    await pause(1_000);
    const answer = await there.send('POST', '/fhir/Patient', person);
    assert.equal(answer.status, status, `${path} ${answer.text}`);
  }
});

test('what is imported is held to it, by the line', async () => {
  await here.send('PUT', '/fhir/StructureDefinition/telephone', profile('Patient.telecom'));
  const telecom = [{ system: 'phone', value: '0900000000' }];
  const lines = [
    { ...person, id: 'silent' },
    { ...person, id: 'reached', telecom },
    { resourceType: 'Patient', id: 'free' },
  ];
  file = lines.map((one) => `${JSON.stringify(one)}\n`).join('');
  const ask = {
    inputFormat: 'application/fhir+ndjson',
    inputSource: base,
    storageDetail: { type: 'https' },
    input: [{ type: 'Patient', url: `${base}/p` }],
  };
  const taken = await here.send('POST', '/fhir/$import', ask, { prefer: 'respond-async' });
  assert.equal(taken.status, 202, taken.text);
  const place = taken.headers.get('content-location')!;
  let answer = await here.send('GET', place);
  while (answer.status === 202) {
    await pause(50);
    answer = await here.send('GET', place);
  }
  const statuses = await Promise.all(
    ['silent', 'reached', 'free'].map(async (id) => (await here.send('GET', `/fhir/Patient/${id}`)).status),
  );
  assert.deepEqual(statuses, [404, 200, 200]);
  const told = await here.send('GET', answer.body.error[0].url);
  assert.match(told.text, /Patient\.telecom is required/);
  assert.match(told.text, /Line 1:/);
});
