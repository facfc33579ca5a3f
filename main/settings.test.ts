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
