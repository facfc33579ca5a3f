import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from './content.ts';
import { profilesOf, profilesOn, validityOf } from './profiles.ts';

const url = 'http://hl7.org/fhir/StructureDefinition/resource-effectivePeriod';
const definition = (id: string, valuePeriod?: object) => ({
  resourceType: 'StructureDefinition',
  id,
  url: 'http://example.org/mau',
  ...(valuePeriod ? { extension: [{ url, valuePeriod }] } : {}),
});

test('each profile holds on its days, both ends inclusive; without days always', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-profiles-'));
  try {
    assert.deepEqual(profilesOf(openContent(folder)), [], 'a content without profiles has none');
    mkdirSync(join(folder, 'profiles', 'examples'), { recursive: true });
    for (const one of [
      definition('mau-2025', { start: '2025-07-01', end: '2026-12-31' }),
      definition('mau-2027', { start: '2027-01-01' }),
      definition('luon-luon'),
    ])
      writeFileSync(join(folder, 'profiles', `${one.id}.json`), JSON.stringify(one));
    const content = openContent(folder);
    const on = (day: string) => profilesOn(content, day).map(({ id }) => id);
    assert.deepEqual(on('2025-06-30'), ['luon-luon']);
    assert.deepEqual(on('2025-07-01'), ['luon-luon', 'mau-2025']);
    assert.deepEqual(on('2026-12-31'), ['luon-luon', 'mau-2025']);
    assert.deepEqual(on('2027-01-01'), ['luon-luon', 'mau-2027']);
    assert.deepEqual(validityOf(profilesOf(content)[1]!), { start: '2025-07-01', end: '2026-12-31' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
