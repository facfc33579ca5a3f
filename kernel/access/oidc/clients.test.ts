/** The registry of clients: what may be registered, several secrets, keys. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { type FhirWorld, openFhirWorld } from '../../fhir/testing.ts';
import type { NewClient } from '../clients.ts';
import { Browser } from './flow.testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const clients = () => world.program.house.access.clients;
const token = async (client_id: string, client_secret: string) =>
  (
    await new Browser(world.program.address).open('/oauth2/token', {
      form: { grant_type: 'client_credentials', client_id, client_secret },
      headers: { accept: 'application/json' },
    })
  ).status;

test('two secrets hold while one is being changed; the old one ends', async () => {
  const one = { id: 'bv-a', name: 'Bệnh viện A', scopes: 'system/*.rs', secret: 'the first secret' };
  await clients().add(one);
  await clients().addSecret('bv-a', 'the second secret', new Date(Date.now() + 60_000));
  assert.deepEqual([await token('bv-a', one.secret), await token('bv-a', 'the second secret')], [200, 200]);
  await clients().addSecret('bv-a', 'the third secret', new Date(Date.now() - 1000));
  assert.deepEqual(
    [
      await token('bv-a', one.secret),
      await token('bv-a', 'the second secret'),
      await token('bv-a', 'the third secret'),
    ],
    [401, 401, 200],
  );
  await assert.rejects(clients().addSecret('nobody', 'a secret of nobody', new Date()), /No client/);
});

test('a closed client gets no token, and those that it has are worth nothing within ten seconds', async () => {
  await clients().add({ id: 'gone', name: 'x', scopes: 'system/*.rs', secret: 'secret of gone' });
  assert.equal(await token('gone', 'secret of gone'), 200);
  await clients().setActive('gone', false);
  assert.equal(await token('gone', 'secret of gone'), 401);
});

test('registrations that contradict themselves are refused with the rule', async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const web: NewClient = {
    id: 'w',
    name: 'w',
    scopes: 'openid',
    grants: ['authorization_code'],
    redirectUris: ['https://a.example/cb'],
  };
  const refused: [Partial<NewClient>, RegExp][] = [
    [{ id: 'a:b' }, /client id/],
    [{ id: 'a b' }, /client id/],
    [{ redirectUris: [] }, /redirect URIs/],
    [{ redirectUris: ['http://a.example/cb'] }, /Redirect URIs/],
    [{ redirectUris: ['https://*.example/cb'] }, /Redirect URIs/],
    [{ redirectUris: ['https://a.example/cb#x'] }, /Redirect URIs/],
    [{ redirectUris: ['https://me@a.example/cb'] }, /Redirect URIs/],
    [{ redirectUris: ['javascript:alert(1)'] }, /Redirect URIs/],
    [{ redirectUris: ['vn.app:/cb'] }, /Redirect URIs/],
    [{ grants: ['password' as never] }, /Grant types/],
    [{ grants: ['client_credentials'], redirectUris: [] }, /public client/],
    [{ secret: 'short' }, /secret/],
    [{ authMethod: 'private_key_jwt' }, /private_key_jwt/],
    [{ jwks: { keys: [await exportJWK(pair.privateKey)] } }, /public EC or RSA/],
    [{ jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }, /public EC or RSA/],
    [{ backchannelLogout: 'ftp://a.example' }, /addresses/],
    [{ scopes: 'openid everything' }, /no scope/],
  ];
  for (const [more, rule] of refused)
    await assert.rejects(clients().add({ ...web, ...more }), rule, JSON.stringify(more));
  await clients().add({
    ...web,
    id: 'n',
    application: 'native',
    redirectUris: ['vn.yba.app:/cb', 'http://127.0.0.1/cb'],
  });
  await assert.rejects(clients().add({ ...web, id: 'n' }), /exists/);
});
