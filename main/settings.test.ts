import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { isLoopback, readSettings, SettingError } from './settings.ts';

const empty = mkdtempSync(join(tmpdir(), 'yba-settings-'));

test('without anything set the program is a demo on loopback, port 8080, data in ./data', () => {
  const { settings } = readSettings({}, empty);
  assert.deepEqual(
    [
      settings.port,
      settings.bind,
      settings.dataFolder,
      settings.demo,
      settings.people,
      settings.client,
      settings.databaseUrl,
      settings.bindDemo,
    ],
    [8080, '127.0.0.1', resolve('data'), null, 2000, null, null, false],
  );
});

test('the environment goes before yba.config.json, which goes before the standard value', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-settings-'));
  writeFileSync(join(folder, 'yba.config.json'), JSON.stringify({ port: 9000, demo: false, people: 50 }));
  const { settings, sources } = readSettings({ PORT: '9001', YBA_CLIENT: 'a:b:c' }, folder);
  assert.deepEqual([settings.port, settings.demo, settings.people], [9001, false, 50]);
  assert.deepEqual(settings.client, { id: 'a', secret: 'b:c' });
  assert.deepEqual(
    [sources.port, sources.demo, sources.bind],
    ['environment', 'yba.config.json', 'standard'],
  );
});

test('a bad value is one sentence that names the setting', () => {
  const bad: Record<string, string>[] = [
    { PORT: 'http' },
    { PORT: '65536' },
    { PORT: '' },
    { YBA_DEMO: 'maybe' },
    { YBA_CLIENT: 'id' },
    { YBA_CLIENT: ':secret' },
    { DATABASE_URL: 'mysql://x/y' },
    { YBA_BIND: 'everywhere' },
    { YBA_BIND_DEMO: 'perhaps' },
    { YBA_URL: 'yba.example.vn' },
    { YBA_PEOPLE: '0' },
  ];
  for (const env of bad) {
    assert.throws(
      () => readSettings(env, empty),
      (error) =>
        error instanceof SettingError &&
        error.message.includes(Object.keys(env)[0]!) &&
        !error.message.includes('\n'),
      JSON.stringify(env),
    );
  }
});

test('unknown names and broken JSON in yba.config.json are refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-settings-'));
  writeFileSync(join(folder, 'yba.config.json'), '{"prot": 1}');
  assert.throws(() => readSettings({}, folder), /prot/);
  writeFileSync(join(folder, 'yba.config.json'), '{');
  assert.throws(() => readSettings({}, folder), SettingError);
});

test('loopback is what only this machine reaches', () => {
  for (const bind of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) assert.ok(isLoopback(bind), bind);
  for (const bind of ['0.0.0.0', '::', '192.168.1.5', '10.0.0.1']) assert.ok(!isLoopback(bind), bind);
});

test('a secret may stand in a file that the environment names; the environment itself goes first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-settings-'));
  const path = join(folder, 'secret');
  writeFileSync(path, 'id:from-file\n');
  assert.deepEqual(readSettings({ YBA_CLIENT_FILE: path }, empty).settings.client, {
    id: 'id',
    secret: 'from-file',
  });
  const both = readSettings({ YBA_CLIENT_FILE: path, YBA_CLIENT: 'id:here' }, empty);
  assert.equal(both.settings.client?.secret, 'here');
  assert.throws(() => readSettings({ DATABASE_URL_FILE: join(folder, 'none') }, empty), SettingError);
  assert.equal(readSettings({ PORT_FILE: path }, empty).settings.port, 8080, 'only secrets');
});

test('certificates, proxies, recipients of backups are read or refused by name', () => {
  const read = (env: Record<string, string>) => readSettings(env, empty).settings;
  assert.equal(read({ YBA_TLS: 'auto' }).tls, 'auto');
  assert.deepEqual(read({ YBA_TLS: '/c.pem, /k.pem' }).tls, { certificate: '/c.pem', key: '/k.pem' });
  assert.deepEqual(read({ YBA_BEHIND_PROXY: '10.0.0.5, fd00::/8' }).proxies, ['10.0.0.5', 'fd00::/8']);
  assert.deepEqual(read({ YBA_TLS_NAMES: 'yba.example.vn,10.0.0.9' }).tlsNames, [
    'yba.example.vn',
    '10.0.0.9',
  ]);
  const bad: Record<string, string>[] = [
    { YBA_TLS: 'yes' },
    { YBA_TLS_NAMES: 'a b' },
    { YBA_BEHIND_PROXY: 'yes' },
    { YBA_BEHIND_PROXY: '0.0.0.0/0' },
    { YBA_BACKUP_RECIPIENTS: 'AGE-SECRET-KEY-1' },
    { YBA_BACKUP_EVERY: '0' },
  ];
  for (const env of bad) assert.throws(() => read(env), SettingError, JSON.stringify(env));
});
