/** Keys that sign tokens: published before they sign, kept until their last token is over. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { openBindingTokens } from '../fhir/subscriptions/binding-token.ts';
import { signWith } from '../fhir/subscriptions/send.ts';
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
  (await world.bare('GET', '/oauth2/jwks')).body.keys
    .map(({ kid }: { kid: string }) => kid)
    // Each has a second one beside it, for ID tokens.
    .filter((kid: string) => !kid.endsWith('-rs'));
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

test('notifications are signed by the key of the moment, and a binding token outlives a rotation', async () => {
  const { keys } = world.program.house.access.oidc;
  const sign = signWith(keys.all);
  const tokens = openBindingTokens(keys.all, () => now);
  const kidOf = async () =>
    JSON.parse(Buffer.from((await sign(Buffer.from('x'))).split('.')[0]!, 'base64url').toString()).kid;
  const actor = {
    id: 'c',
    name: 'c',
    roles: [],
    unit: null,
    practitioner: null,
    ip: '',
    purpose: { code: 'TREAT' },
  };
  const [old] = await published();
  const { token } = await tokens.make(actor, ['mach']);
  assert.equal(await kidOf(), old);
  const fresh = await keys.rotate();
  minutes(11);
  assert.equal(await kidOf(), fresh);
  assert.ok((await published()).includes(await kidOf()), 'and the reader finds it');
  assert.deepEqual((await tokens.read(token))?.subscriptions, ['mach']);
  assert.equal(await tokens.read(`${token.slice(0, -4)}AAAA`), null);
});

test('a key that is old enough is replaced by itself', async () => {
  const before = await published();
  minutes(91 * 24 * 60);
  await world.program.house.access.oidc.sweep();
  assert.equal((await published()).filter((kid) => !before.includes(kid)).length, 1);
});

test('no private key stands in the table, and one of before is sealed when it is read', async () => {
  const { pool } = world.program.kernel;
  const { generateKeyPair, exportJWK } = await import('jose');
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: 'before', alg: 'ES256', use: 'sig' };
  await pool.query('insert into access.signing_key (kid, jwk, signs_from) values ($1, $2, $3)', [
    'before',
    jwk,
    new Date(0),
  ]);
  world.program.house.access.oidc.keys.forget();
  await world.program.house.access.oidc.keys.all();
  const { rows } = await pool.query<{ jwk: unknown; sealed: string }>(
    'select jwk, sealed from access.signing_key',
  );
  assert.ok(rows.length > 1);
  for (const row of rows) {
    assert.equal(row.jwk, null);
    assert.match(row.sealed, /^v1\./);
  }
});
