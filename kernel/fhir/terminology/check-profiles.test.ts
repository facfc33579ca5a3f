import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../content/content.ts';
import { checkProfiles } from './check-profiles.ts';

const BASE = 'http://hl7.org/fhir/StructureDefinition/Patient';
const OWN = 'http://example.org/mau';

/** Findings of a content of these profiles, as words. */
function found(...profiles: { id: string; [element: string]: unknown }[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'yba-check-profiles-'));
  try {
    for (const name of ['terminology', 'profiles']) mkdirSync(join(folder, name));
    const lists =
      'list,system,file,names,title,title_en,content,parent,synonyms,notice\na,,a,,A,A,complete,,,\n';
    writeFileSync(join(folder, 'terminology', 'lists.csv'), lists);
    for (const one of profiles) {
      const whole = { resourceType: 'StructureDefinition', url: OWN, baseDefinition: BASE, ...one };
      writeFileSync(join(folder, 'profiles', `${one.id}.json`), JSON.stringify(whole));
    }
    return checkProfiles(openContent(folder)).map(
      ({ level, kind, codes, text }) => `${level} ${kind} ${codes.join(' ')}: ${text}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const during = (start?: string, end?: string) => [
  {
    url: 'http://hl7.org/fhir/StructureDefinition/resource-effectivePeriod',
    valuePeriod: { ...(start ? { start } : {}), ...(end ? { end } : {}) },
  },
];
const differential = (element: object) => ({ differential: { element: [{ path: 'Patient', ...element }] } });

test('a base that is neither R4’s nor the content’s', () => {
  assert.deepEqual(found({ id: 'x' }), []);
  assert.deepEqual(found({ id: 'x' }, { id: 'y', url: `${OWN}/y`, baseDefinition: OWN }), []);
  const lost = `${BASE}x`;
  assert.deepEqual(found({ id: 'x', baseDefinition: lost }), [`error base x: ${lost} is not known`]);
});

test('a value set, a profile of a type and a target that nobody knows', () => {
  const binding = (valueSet: string) => differential({ binding: { strength: 'required', valueSet } });
  assert.deepEqual(found({ id: 'x', ...binding('http://yba.vn/fhir/vs/a') }), []);
  assert.deepEqual(found({ id: 'x', ...binding('http://yba.vn/fhir/vs/b|1') }), [
    'error value-set x: http://yba.vn/fhir/vs/b is not known',
  ]);
  const type = [{ code: 'Extension', profile: ['http://example.org/e'], targetProfile: [BASE, OWN] }];
  assert.deepEqual(found({ id: 'x', ...differential({ type }) }), [
    'error profile x: http://example.org/e is not known',
  ]);
});

test('two of one address on one day; one after the other is right', () => {
  const text = `another profile of ${OWN} is in force on one of its days`;
  assert.deepEqual(found({ id: 'x' }, { id: 'y' }), [`error overlap y: ${text}`]);
  const old = { id: 'x', extension: during('2025-07-01', '2026-12-31') };
  assert.deepEqual(found(old, { id: 'y', extension: during('2026-12-31') }), [`error overlap y: ${text}`]);
  assert.deepEqual(found(old, { id: 'y', extension: during('2027-01-01') }), []);
});

test('days that are none, or in the wrong order', () => {
  const text = 'the days of its validity are none, or end before they begin';
  assert.deepEqual(
    found(
      { id: 'x', extension: during('2025-13-01') },
      { id: 'y', url: 'http://example.org/y', extension: during('2026-01-01', '2025-01-01') },
    ),
    [`error dates x y: ${text}`],
  );
});

test('a file that is no JSON, or of another name than its id, is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-check-profiles-'));
  try {
    mkdirSync(join(folder, 'profiles'));
    const told = (text: string) => {
      writeFileSync(join(folder, 'profiles', 'x.json'), text);
      return checkProfiles(openContent(folder)).map((one) => `${one.kind} ${one.text.slice(0, 31)}`);
    };
    assert.deepEqual(told('{"id": '), ['file content/profiles/x.json: Unexpe']);
    assert.deepEqual(told('{"id": "y"}'), ['file content/profiles/x.json: its id']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the profiles of the house are sound', () => {
  assert.deepEqual(checkProfiles(openContent(join(import.meta.dirname, '../../../content'))), []);
});
