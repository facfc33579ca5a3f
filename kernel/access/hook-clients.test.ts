/** Tokens of CDS clients that publish their keys (CDS Hooks 2.0, Trusting CDS Clients: jwks_uri, jku). Those of registered keys: modules/decisions/hooks.test.ts. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Failure } from '../failure.ts';
import { openOutbound } from '../outbound/outbound.ts';
import type { Client } from './client.ts';
import { publishedKeys, verifyHookToken } from './hook-clients.ts';

const AUDIENCE = 'https://yba.example/cds-services/yba-order-sign';
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let server: Server;
let address: string;
let fetched = 0;

before(async () => {
  keys = await generateKeyPair('ES384');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES384', use: 'sig' };
  server = createServer((request, response) => {
    fetched += 1;
    if (request.url !== '/keys') response.writeHead(500).end();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});

function verify(token: string, jwksUri: string, outbound = openOutbound([address])) {
  const client = { id: 'ehr', name: 'EHR', jwks: null, jwksUri } as Client;
  return verifyHookToken(token, [AUDIENCE], {
    clients: { read: async (id) => (id === 'ehr' ? client : null) },
    once: async () => true,
    now: () => new Date(),
    keysAt: publishedKeys(outbound),
  });
}

function signed(header: Record<string, unknown> = {}, key = keys.privateKey) {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: 'ehr', aud: AUDIENCE, iat: now, exp: now + 300, jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: 'one', ...header })
    .sign(key);
}

const refused = (run: Promise<unknown>, word: RegExp) =>
  assert.rejects(run, (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.status, 401);
    assert.match(error.issues[0]?.textEn ?? '', word);
    return true;
  });

test('keys are fetched from the registered address, and kept', async () => {
  const outbound = openOutbound([address]);
  const keysAt = publishedKeys(outbound);
  const before = fetched;
  for (let time = 0; time < 3; time += 1)
    assert.equal(keysAt(`http://${address}/keys`), keysAt(`http://${address}/keys`));
  assert.deepEqual(await verify(await signed(), `http://${address}/keys`, outbound), {
    id: 'ehr',
    name: 'EHR',
  });
  assert.equal(fetched, before + 1);
});

test('jku is the registered address or the token is refused', async () => {
  const url = `http://${address}/keys`;
  assert.equal((await verify(await signed({ jku: url }), url)).id, 'ehr');
  await refused(verify(await signed({ jku: `http://${address}/other` }), url), /jku/);
});

test('another key, an address that does not answer with keys, and one inside the house are refused', async () => {
  const other = await generateKeyPair('ES384');
  await refused(verify(await signed({}, other.privateKey), `http://${address}/keys`), /not valid/);
  await refused(verify(await signed(), `http://${address}/broken`), /not valid|could not be read/);
  await refused(verify(await signed(), 'https://127.0.0.1/keys', openOutbound([])), /could not be read/);
});
