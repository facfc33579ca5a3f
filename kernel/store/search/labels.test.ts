import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { labelFault, readLabels } from '../../access/labels.ts';
import { openContent } from '../../content/content.ts';
import type { Resource } from '../../fhir/types.ts';
import { baseFingerprints } from '../reindex/fingerprint.ts';
import { extractIndexes } from './extract.ts';
import { CATEGORY_BITS, followLabels, labelsPrint } from './labels.ts';

const content = openContent(join(import.meta.dirname, '..', '..', '..', 'content'));
const ICD = 'http://hl7.org/fhir/sid/icd-10';
const { HIV, PSY, SUD, SEX, SDV, GDIS, R } = CATEGORY_BITS;

after(() => followLabels([]));

const condition = (code: string, more: object = {}) =>
  ({
    resourceType: 'Condition',
    id: 'c',
    subject: { reference: 'Patient/p' },
    code: { coding: [{ system: ICD, code }] },
    ...more,
  }) as unknown as Resource;

const secOf = (resource: object) => extractIndexes(resource as Resource).sec;

test('codes of the content imply their category: exactly, by their beginning, within a range and below it', () => {
  followLabels(readLabels(content, '2026-11-22'));
  const wanted: [string, number][] = [
    ['B20', HIV],
    ['B24', HIV],
    ['B23.8', HIV],
    ['B25', 0],
    ['B19.9', 0],
    ['Z21', HIV],
    ['Z21.1', 0],
    ['F32.9', PSY],
    ['F11.2', SUD],
    ['F17.2', 0],
    ['A53.9', SEX],
    ['T74.1', SDV],
    ['Q90.9', GDIS],
    ['I10', 0],
  ];
  for (const [code, bits] of wanted) assert.equal(secOf(condition(code)), bits, code);
});

test('a code counts wherever it stands in what belongs to a person: reasons, components, contained resources', () => {
  followLabels(readLabels(content, '2026-11-22'));
  const hiv = { coding: [{ system: ICD, code: 'B20.0' }] };
  const subject = { reference: 'Patient/p' };
  assert.equal(secOf({ resourceType: 'Encounter', status: 'finished', subject, reasonCode: [hiv] }), HIV);
  assert.equal(
    secOf({
      resourceType: 'MedicationRequest',
      subject,
      contained: [{ resourceType: 'Condition', id: 'x', subject, code: hiv }],
    }),
    HIV,
  );
  const arv = { coding: [{ system: 'http://www.whocc.no/atc', code: 'J05AR13' }] };
  assert.equal(secOf({ resourceType: 'MedicationRequest', subject, medicationCodeableConcept: arv }), HIV);
});

test('what tells of nobody is not labelled by its codes; what meta.security says always counts, of any system', () => {
  followLabels(readLabels(content, '2026-11-22'));
  const hiv = { coding: [{ system: ICD, code: 'B20.0' }] };
  assert.equal(secOf({ resourceType: 'Medication', code: hiv }), 0);
  assert.equal(secOf({ resourceType: 'HealthcareService', type: [hiv] }), 0);
  const meta = {
    security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'STD' }, { code: 'R' }],
  };
  assert.equal(secOf(condition('I10', { meta })), SEX | R);
  assert.equal(secOf({ resourceType: 'Medication', meta }), SEX | R);
  assert.equal(secOf(condition('I10', { meta: { security: [{ code: '*' }, { code: 'constructor' }] } })), 0);
});

test('another content is another version of the index, so that older rows are labelled anew', () => {
  followLabels([]);
  const before = baseFingerprints();
  followLabels([{ category: 'HIV', system: ICD, codes: ['B20*'] }]);
  const print = labelsPrint();
  const now = baseFingerprints();
  assert.notEqual(now.rules, before.rules);
  assert.notEqual(now.byType.get('Condition')!._security, before.byType.get('Condition')!._security);
  assert.equal(now.byType.get('Condition')!.code, before.byType.get('Condition')!.code);
  followLabels([{ category: 'HIV', system: ICD, codes: ['B21*'] }]);
  assert.notEqual(labelsPrint(), print);
});

test('a faulty row of the content is named', () => {
  const row = { category: 'HIV', system: ICD, codes: 'B20-B24 Z21' };
  assert.equal(labelFault(row), null);
  assert.match(labelFault({ ...row, category: 'AIDS' })!, /no category/);
  assert.match(labelFault({ ...row, system: 'icd' })!, /no code system/);
  assert.match(labelFault({ ...row, codes: 'B20, B21' })!, /no code/);
  assert.match(labelFault({ ...row, codes: '' })!, /no code/);
});
