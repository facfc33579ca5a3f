import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuestionnaireResponse } from '../../../../kernel/fhir/types.ts';
import type { DraftView } from '../../contract.ts';
import { type LocalCopy, resume } from './local-copy.ts';
import { joinMoment, readTime, splitMoment } from './moment.ts';

const FORM = 'http://yba.vn/fhir/Questionnaire/x|2026-01-01';
const response = (text: string): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status: 'in-progress',
  item: [{ linkId: 'a', answer: [{ valueString: text }] }],
});
const draft = (version: number, text: string): DraftView => ({
  form: FORM,
  patient: 'p',
  answer: '',
  version,
  begunAt: '',
  savedAt: '',
  place: '',
  response: response(text),
});
const copy = (seen: number, text: string, more: Partial<LocalCopy> = {}): LocalCopy => ({
  form: FORM,
  seen,
  unsaved: true,
  response: response(text),
  ...more,
});

test('what goes on: the server, this browser when it has more, both when both were changed', () => {
  assert.equal(resume(FORM, null, null).with, 'start');
  assert.equal(resume(FORM, draft(2, 'a'), null).with, 'server');
  assert.equal(resume(FORM, draft(2, 'a'), copy(2, 'ab')).with, 'local');
  assert.equal(resume(FORM, draft(3, 'x'), copy(2, 'ab')).with, 'both');
  assert.equal(resume(FORM, draft(3, 'ab'), copy(2, 'ab')).with, 'server');
  assert.equal(resume(FORM, draft(3, 'x'), copy(2, 'ab', { unsaved: false })).with, 'server');
  assert.equal(resume(FORM, null, copy(0, 'ab')).with, 'local');
  assert.equal(resume(FORM, null, copy(4, 'ab')).with, 'start', 'finished elsewhere');
  assert.equal(resume(FORM, null, copy(0, 'ab', { form: 'other|1' })).with, 'start');
});

test('times as people type them; a dateTime keeps the zone and its precision', () => {
  for (const typed of ['730', '7:30', '7h30', '07:30']) assert.equal(readTime(typed), '07:30:00', typed);
  assert.equal(readTime('7'), '07:00:00');
  for (const typed of ['25', '7:75', 'mai', '']) assert.equal(readTime(typed), null, typed);
  assert.equal(joinMoment('2026-02-03', '07:30:00'), '2026-02-03T07:30:00+07:00');
  assert.equal(joinMoment('2026-02', '07:30:00'), '2026-02');
  assert.equal(joinMoment(null, '07:30:00'), '');
  assert.deepEqual(splitMoment('2026-02-03T00:30:00Z'), { day: '2026-02-03', time: '07:30:00' });
});
