/** A paper's data of a person, and of the answers of a form: content alone, as a printed form needs it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation, Patient, QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import type { PaperDefinition } from './definition.ts';
import type { Facts } from './facts.ts';
import { compilePaper } from './fields.ts';

const patient: Patient = {
  resourceType: 'Patient',
  id: 'p',
  name: [{ text: 'Lê Ẵm' }],
  birthDate: '2024-02-09',
};
const flight = (id: string, day: string, value: number): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'Bay' },
  effectiveDateTime: day,
  valueQuantity: { value, unit: 'm' },
});
const base: PaperDefinition = {
  title: { vi: 'Giấy', en: 'Paper' },
  size: 'a4',
  roles: ['nurse'],
  about: ['Patient'],
};
const facts = (more: Partial<Facts> = {}): Facts => ({
  patient,
  about: patient,
  found: new Map(),
  now: new Date('2026-11-22T08:00:00+07:00'),
  number: '25D01/DIEU/2026/000001',
  ...more,
});

test('rows of a search come in the order that is asked for; values are written in the Vietnamese manner', () => {
  const paper = compilePaper({
    ...base,
    sources: { flights: 'Observation?code=dieu' },
    fields: {
      name: { path: 'Patient.name.first()', as: 'upper' },
      age: { path: 'Patient.birthDate', as: 'age' },
      number: '%number',
      flights: {
        path: '%flights',
        sort: 'effective',
        fields: { day: { path: 'effective', as: 'day' }, height: 'value' },
      },
    },
  });
  assert.deepEqual(
    paper.sources.map(({ key }) => key),
    ['Observation?code=dieu'],
  );
  const found = new Map([
    ['Observation?code=dieu', [flight('b', '2026-05-02', 41.5), flight('a', '2026-05-01', 7)]],
  ]);
  assert.deepEqual(paper.fill(facts({ found })), {
    name: 'LÊ ẴM',
    age: '33 tháng',
    number: '25D01/DIEU/2026/000001',
    flights: [
      { day: '01/05/2026', height: '7 m' },
      { day: '02/05/2026', height: '41,5 m' },
    ],
  });
});

test('answers of a form stand on the paper by their linkId, however deep they lie; what is missing is empty', () => {
  const about: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    id: 'r',
    status: 'completed',
    item: [
      {
        linkId: 'nhom',
        item: [
          { linkId: 'dieu.mau', answer: [{ valueString: 'đỏ' }, { valueString: 'xanh' }] },
          { linkId: 'dieu.ngay', answer: [{ valueDate: '2026-05-01' }] },
        ],
      },
    ],
  };
  const paper = compilePaper({
    ...base,
    about: ['QuestionnaireResponse'],
    fields: {
      colour: { answer: 'dieu.mau', between: ' và ' },
      day: { answer: 'dieu.ngay', as: 'day' },
      none: { answer: 'khong-co' },
    },
  });
  assert.deepEqual(paper.fill(facts({ about })), { colour: 'đỏ và xanh', day: '01/05/2026', none: '' });
});
