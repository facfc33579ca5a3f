import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openAuthority } from './local-authority.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-ca-'));
after(() => rmSync(folder, { recursive: true }));
const authority = openAuthority(folder, (path) => void mkdirSync(path, { recursive: true, mode: 0o700 }));
const NOW = new Date('2026-11-22T00:00:00Z');
const later = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

test('a client that trusts the authority trusts the program, by name and by address', async () => {
  const now = new Date();
  const { pem, fingerprint } = await authority.root(now);
  assert.match(fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  const server = createServer(
    await authority.issued(['tram-y-te.example.vn'], now),
    (_request, response) => void response.end('ok'),
  );
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const ask = (servername: string) =>
    new Promise<number | string>((resolve) => {
      const options = { host: '127.0.0.1', port, ca: pem, servername, agent: false };
      get(options, (answer) => resolve(answer.statusCode ?? 0)).on('error', (error) =>
        resolve(error.message),
      );
    });
  assert.equal(await ask('tram-y-te.example.vn'), 200);
  assert.equal(await ask('localhost'), 200);
  assert.match(String(await ask('other.example.vn')), /does not match/);
  server.close();
});

test('it is kept, renewed before it ends, and made anew when a name is added; the authority stays', async () => {
  const names = ['a.example.vn'];
  const root = await authority.root(NOW);
  const first = await authority.issued(names, NOW);
  assert.equal((await authority.issued(names, later(30))).cert, first.cert);
  const renewed = await authority.issued(names, later(61));
  assert.notEqual(renewed.cert, first.cert);
  assert.ok(new X509Certificate(renewed.cert).validToDate > later(140));
  const wider = await authority.issued([...names, '10.1.2.3'], later(61));
  assert.notEqual(wider.cert, renewed.cert);
  assert.equal(new X509Certificate(wider.cert).checkIP('10.1.2.3'), '10.1.2.3');
  assert.equal((await authority.root(later(61))).pem, root.pem);
});

test('keys are readable by their owner alone; the leaf signs nothing', async () => {
  for (const name of ['ca.key', 'server.key'])
    assert.equal(statSync(join(folder, 'tls', name)).mode & 0o777, 0o600);
  assert.equal(new X509Certificate((await authority.issued([], NOW)).cert).ca, false);
});
