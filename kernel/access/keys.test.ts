/** Keys that sign tokens: published before they sign, kept until their last token is over. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { type FhirWorld, openFhirWorld } from '../fhir/testing.ts';

let world: FhirWorld;
let now = new Date();
before(async () => {
  world = await openFhirWorld({}, { now: () => now });
});
after(() => world.stop());

const minutes = (count: number) => {
  now = new Date(now.getTime() + count * 60_000);
};
const published = async (): Promise<string[]> =>
  (await world.bare('GET', '/oauth2/jwks')).body.keys.map(({ kid }: { kid: string }) => kid);
const reads = async (token: string) =>
  (await world.bare('GET', '/fhir/Organization', undefined, { authorization: `Bearer ${token}` })).status;

test('a new key is published before it signs; the old one verifies until its last token is over, then it goes', async () => {
  const { keys } = world.program.house.access.oidc;
  const first = await world.token();
  const { kid: old } = decodeProtectedHeader(first);
  const fresh = await keys.rotate();
  assert.deepEqual(await published(), [old, fresh], 'published at once');
  assert.equal(decodeProtectedHeader(await world.token()).kid, old, 'and does not sign yet');
  minutes(11);
  const second = await world.token();
  assert.equal(decodeProtectedHeader(second).kid, fresh);
  assert.deepEqual([await reads(first), await reads(second)], [200, 200]);
  await keys.tend();
  assert.equal((await published()).length, 2);
  minutes(25 * 60);
  await keys.tend();
  minutes(1);
  assert.deepEqual(await published(), [fresh]);
});

test('a key that is old enough is replaced by itself', async () => {
  const before = await published();
  minutes(91 * 24 * 60);
  await world.program.house.access.oidc.sweep();
  assert.equal((await published()).length, before.length + 1);
});
