import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation, Resource } from '../../kernel/fhir/types.ts';
import { timelineOf } from './timeline.ts';
import { trendsOf } from './trends.ts';

const visit = (id: string, start: string, more: object = {}) =>
  ({
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { code: 'AMB' },
    period: { start },
    serviceProvider: { reference: 'Organization/cs-25D01' },
    meta: { versionId: '3', lastUpdated: '2026-11-22T03:00:00Z' },
    ...more,
  }) as Resource;

const inVisit = (resource: object, encounter = 'e1') =>
  ({
    id: 'x',
    meta: { versionId: '1' },
    encounter: { reference: `Encounter/${encounter}` },
    ...resource,
  }) as Resource;

test('visits and doses stand newest first, each with unit, time of arrival in the record and its source version', () => {
  const dose = {
    resourceType: 'Immunization',
    id: 'i1',
    status: 'completed',
    vaccineCode: { text: 'BCG' },
    occurrenceDateTime: '2026-05-02',
    patient: { reference: 'Patient/p' },
    protocolApplied: [{ doseNumberPositiveInt: 1 }],
  } as Resource;
  const items = timelineOf(
    [visit('e1', '2026-01-05T08:00:00+07:00'), dose, visit('e2', '2026-11-20T08:00:00+07:00')],
    new Map([['cs-25D01', 'Trạm Y tế Vĩnh Yên']]),
  );
  assert.deepEqual(
    items.map((item) => [item.kind, item.id]),
    [
      ['visit', 'e2'],
      ['immunization', 'i1'],
      ['visit', 'e1'],
    ],
  );
  assert.equal(items[0]?.unitName, 'Trạm Y tế Vĩnh Yên');
  assert.equal(items[0]?.source, 'Encounter/e2/_history/3');
  assert.equal(items[1]?.outcome, 'Mũi 1');
});

test('what was written in a visit stands under it: diagnosis, note, numbers, orders, medicines in this order', () => {
  const items = timelineOf(
    [
      inVisit({
        resourceType: 'MedicationRequest',
        status: 'active',
        medicationCodeableConcept: { text: 'Paracetamol 500 mg' },
        dispenseRequest: { quantity: { value: 10, unit: 'viên' } },
      }),
      inVisit({
        resourceType: 'MedicationRequest',
        status: 'cancelled',
        medicationCodeableConcept: { text: 'Bỏ' },
      }),
      inVisit({
        resourceType: 'Observation',
        code: { text: 'Huyết áp' },
        component: [{ valueQuantity: { value: 150.5, unit: 'mmHg' } }, { valueQuantity: { value: 95 } }],
        interpretation: [{ coding: [{ code: 'H' }] }],
      }),
      inVisit({
        resourceType: 'Condition',
        code: {
          coding: [
            { system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10', display: 'Tăng huyết áp vô căn' },
          ],
        },
      }),
      visit('e1', '2026-01-05T08:00:00+07:00'),
      inVisit({ resourceType: 'Condition', code: { text: 'của lượt khác' } }, 'e9'),
    ],
    new Map(),
  );
  assert.deepEqual(
    items[0]?.lines.map((line) => [line.kind, line.text]),
    [
      ['diagnosis', 'I10 Tăng huyết áp vô căn'],
      ['measurement', 'Huyết áp: 150,5/95 mmHg'],
      ['medicine', 'Paracetamol 500 mg × 10 viên'],
    ],
  );
  assert.equal(items[0]?.lines[1]?.flag, 'H');
});

const number = (code: string, value: number, unit: string, at: string, more: object = {}) =>
  ({
    resourceType: 'Observation',
    id: `${code}${at}`,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code }], text: code },
    effectiveDateTime: at,
    valueQuantity: { value, unit, code: unit },
    ...more,
  }) as Observation;

test('a number measured twice is a trend, oldest first; once is none; another unit is another line', () => {
  const trends = trendsOf([
    number('2345-7', 7.1, 'mmol/L', '2026-03-01'),
    number('2345-7', 6.2, 'mmol/L', '2026-01-01', {
      referenceRange: [{ low: { value: 3.9 }, high: { value: 6.4 } }],
    }),
    number('2345-7', 128, 'mg/dL', '2026-02-01'),
    number('4548-4', 7.2, '%', '2026-02-01'),
    number('2345-7', 99, 'mmol/L', '2026-02-15', { status: 'entered-in-error' }),
  ]);
  assert.equal(trends.length, 1);
  assert.deepEqual(
    trends[0]?.points.map((point) => point.value),
    [6.2, 7.1],
  );
  assert.deepEqual([trends[0]?.low, trends[0]?.high, trends[0]?.unit], [3.9, 6.4, 'mmol/L']);
});

test('systolic and diastolic pressure are series of their own', () => {
  const pressure = (at: string, high: number, low: number) =>
    ({
      resourceType: 'Observation',
      id: at,
      status: 'final',
      code: { text: 'Huyết áp' },
      effectiveDateTime: at,
      component: [
        {
          code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
          valueQuantity: { value: high, unit: 'mmHg' },
        },
        {
          code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] },
          valueQuantity: { value: low, unit: 'mmHg' },
        },
      ],
    }) as Observation;
  const trends = trendsOf([pressure('2026-01-01', 150, 95), pressure('2026-02-01', 140, 90)]);
  assert.deepEqual(
    Object.fromEntries(trends.map((trend) => [trend.code, trend.points.map((point) => point.value)])),
    {
      '8480-6': [150, 140],
      '8462-4': [95, 90],
    },
  );
});

test('a form filled in outside of a visit stands by itself with what came of it, under its title; one of a visit does not stand twice', () => {
  const form = (id: string, more: object = {}) =>
    ({
      resourceType: 'QuestionnaireResponse',
      id,
      status: 'completed',
      questionnaire: 'http://yba.vn/fhir/Questionnaire/x|2026-01-01',
      authored: '2026-03-01T08:00:00+07:00',
      ...more,
    }) as Resource;
  const fact = (id: string, value: object) =>
    ({
      resourceType: 'Observation',
      id,
      status: 'final',
      code: { text: id },
      derivedFrom: [{ reference: 'QuestionnaireResponse/f1' }],
      ...value,
    }) as Resource;
  const items = timelineOf(
    [
      form('f1'),
      form('f2', { encounter: { reference: 'Encounter/e1' } }),
      fact('level', { valueInteger: 8 }),
      fact('afraid', { valueBoolean: false }),
    ],
    new Map(),
    new Map([['http://yba.vn/fhir/Questionnaire/x|2026-01-01', 'Phiếu X']]),
  );
  assert.deepEqual(
    items.map(({ kind, id, title, lines }) => [kind, id, title, lines.map(({ text }) => text)]),
    [['form', 'f1', 'Phiếu X', ['level: 8', 'afraid: Không']]],
  );
});
