import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { securityTextRoute } from './security-txt.ts';
import { readSettings, SettingError } from './settings.ts';

test('whom to tell of a hole stands where RFC 9116 looks for it, and is never out of date', async () => {
  const app = fastify();
  const now = new Date('2026-11-22T00:00:00Z');
  securityTextRoute(
    app,
    'mailto:antoan@example.vn',
    () => 'https://yba.example.vn',
    () => now,
  );
  const { headers, body } = await app.inject('/.well-known/security.txt');
  assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
  assert.match(body, /^Contact: mailto:antoan@example\.vn\nExpires: 2027-05-21T/);
  await app.close();
});

test('a contact that is no address is refused', () => {
  assert.throws(() => readSettings({ YBA_SECURITY_CONTACT: 'ask Lan' }, '/nonexistent'), SettingError);
  assert.equal(readSettings({}, '/nonexistent').settings.securityContact, null);
});
