/** The token endpoint while the database is away. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { Failure } from '../failure.ts';
import type { Clients } from './clients.ts';
import type { Limits } from './limits.ts';
import { openOauth } from './oauth.ts';

test('a token asked for while the database is away is 503 with Retry-After, no defect of ours', async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const defects: unknown[] = [];
  const oauth = openOauth({
    clients: {
      readWithSecret: () =>
        Promise.reject(new Failure('database-unavailable', 'Cơ sở dữ liệu không trả lời.')),
    } as unknown as Clients,
    key: { kid: 'k', jwk: { ...(await exportJWK(privateKey)), kid: 'k', alg: 'ES256', use: 'sig' } },
    limits: { tokenMinutes: 5 } as Limits,
    issuer: () => 'http://127.0.0.1',
    onDefect: (error) => defects.push(error),
    onAnswer: () => undefined,
  });
  const server = createServer(oauth.handle);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
    });
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '2']);
    assert.equal(((await answer.json()) as { error: string }).error, 'temporarily_unavailable');
    assert.deepEqual(defects, []);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
