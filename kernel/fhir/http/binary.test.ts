/** A Binary in its own format over HTTP (R4 binary.html#rest). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import { asksForContent } from './binary.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 254, 10, 13]);

/** The bytes that an address answers. */
async function bytesOf(path: string, headers: Record<string, string>) {
  const authorization = `Bearer ${await world.token()}`;
  const answer = await fetch(`${world.program.address}${path}`, { headers: { authorization, ...headers } });
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
}

test('what is sent in its own format is the content of a Binary, and comes back byte by byte', async () => {
  const made = await world.send('POST', '/fhir/Binary', PICTURE, { 'content-type': 'image/png' });
  assert.deepEqual(
    [made.status, made.body.contentType, made.body.data],
    [201, 'image/png', PICTURE.toString('base64')],
  );
  const path = `/fhir/Binary/${made.body.id}`;
  for (const accept of [
    'image/png',
    'image/*',
    'image/avif,image/*,*/*;q=0.8',
    'text/plain, image/png;q=0.5',
  ]) {
    const { answer, bytes } = await bytesOf(path, { accept });
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/png'], accept);
    assert.deepEqual(
      [answer.headers.get('etag'), answer.headers.get('content-disposition')],
      ['W/"1"', 'attachment'],
    );
    assert.ok(bytes.equals(PICTURE), accept);
  }
  const version = await bytesOf(`${path}/_history/1`, { accept: 'image/png' });
  assert.ok(version.bytes.equals(PICTURE));
});

test('who takes JSON gets the resource, who takes neither 406', async () => {
  const headers = { 'content-type': 'image/png', 'x-security-context': 'Patient/p' };
  const { body } = await world.send('POST', '/fhir/Binary', PICTURE, headers);
  const path = `/fhir/Binary/${body.id}`;
  for (const accept of [
    'application/fhir+json',
    '*/*',
    'application/json',
    'image/png, application/fhir+json',
  ]) {
    const answer = await world.send('GET', path, undefined, { accept });
    assert.deepEqual([answer.status, answer.body.securityContext.reference], [200, 'Patient/p'], accept);
  }
  assert.equal(
    (await world.send('GET', `${path}?_format=json`, undefined, { accept: 'image/png' })).body.id,
    body.id,
  );
  assert.equal((await world.send('GET', path, undefined, { accept: 'text/plain' })).status, 406);
  assert.equal((await world.send('GET', '/fhir/Binary', undefined, { accept: 'image/png' })).status, 406);
  assert.equal(
    (await world.send('GET', '/fhir/Binary/nothing', undefined, { accept: 'image/png' })).status,
    404,
  );
  const { answer } = await bytesOf(path, { accept: 'image/png' });
  assert.equal(answer.headers.get('x-security-context'), 'Patient/p');
  const unchanged = await bytesOf(path, { accept: 'image/png', 'if-none-match': 'W/"1"' });
  assert.equal(unchanged.answer.status, 304);
});

test('PUT in its own format takes the id of the address; JSON is read as a resource, XML is refused', async () => {
  const put = (text: string) =>
    world.send('PUT', '/fhir/Binary/note', text, { 'content-type': 'text/plain; charset=utf-8' });
  assert.deepEqual([(await put('một')).status, (await put('hai')).status], [201, 200]);
  const { answer, bytes } = await bytesOf('/fhir/Binary/note', { accept: 'text/plain' });
  assert.deepEqual(
    [answer.headers.get('content-type'), bytes.toString()],
    ['text/plain; charset=utf-8', 'hai'],
  );
  const send = (body: unknown, type: string) =>
    world.send('POST', '/fhir/Binary', body, { 'content-type': type });
  const resource = { resourceType: 'Binary', contentType: 'text/plain', data: 'eA==' };
  assert.equal((await send(resource, 'application/fhir+json')).status, 201);
  assert.equal((await send('{"a":1}', 'application/json')).status, 400);
  for (const type of ['application/fhir+xml', 'nonsense', 'text/plain; charset="ü"'])
    assert.equal((await send('<x/>', type)).status, 415, type);
  assert.equal(
    (await world.send('POST', '/fhir/Patient', 'x', { 'content-type': 'text/plain' })).status,
    415,
  );
  assert.equal((await send(Buffer.alloc(7 * 1024 * 1024), 'image/png')).status, 413);
  const packed = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
  assert.equal((await world.send('POST', '/fhir/Binary', 'x', packed)).status, 415);
});

test('a type that cannot stand in a header is never sent as one', () => {
  assert.equal(asksForContent('text/plain', 'text/plain\r\nX: y'), false);
  assert.equal(asksForContent('image/png;q=0', 'image/png'), false);
  assert.equal(asksForContent('text/*', 'text/html'), false, 'takes JSON, too');
  assert.equal(asksForContent(undefined, 'text/html'), false);
});
