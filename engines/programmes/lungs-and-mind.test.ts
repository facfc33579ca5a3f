/** COPD, asthma and mental disorders of the content: who is proposed, what is due, which step the last form proposes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition, EpisodeOfCare, Observation, Resource } from '../../kernel/fhir/types.ts';
import { dayText } from './days.ts';
import { programmeCs } from './systems.ts';
import { course, shelfOf } from './testing.ts';

const subject = { reference: 'Patient/p' };
const adult = { birthDate: '1958-04-01', gender: 'male' as const };
const LUNGS = 'http://yba.vn/fhir/cs/kham-ho-hap';
const MIND = 'http://yba.vn/fhir/cs/theo-doi-tam-than';

const ill = (code: string): Condition => ({
  resourceType: 'Condition',
  subject,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] },
});
const enrolled = (key: string): EpisodeOfCare => ({
  resourceType: 'EpisodeOfCare',
  id: `e-${key}`,
  status: 'active',
  type: [{ coding: [{ system: programmeCs.programme, code: key }] }],
  patient: subject,
  period: { start: '2026-09-01' },
});
const found = (system: string, code: string, value: object, on = '2026-11-01'): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  subject,
  code: { coding: [{ system, code }] },
  effectiveDateTime: `${on}T08:00:00+07:00`,
  ...value,
});
const said = (code: string) => ({ valueCodeableConcept: { coding: [{ code }] } });
const visit = (on: string) =>
  found('http://yba.vn/fhir/cs/viec-chuong-trinh', 'kham-ho-hap', said('on-dinh'), on);

const copd = (...facts: Resource[]) =>
  course(
    shelfOf('benh-phoi-tac-nghen'),
    adult,
    [ill('J44.9'), enrolled('benh-phoi-tac-nghen'), ...facts],
    '2026-11-22',
  );
const steps = ({ advice }: { advice: readonly { key: string }[] }) => advice.map(({ key }) => key);

test('a diagnosis proposes, an enrolment follows; each disease has its own programme', () => {
  const of = (key: string, code: string, ...more: Resource[]) =>
    course(shelfOf(key), adult, [ill(code), ...more], '2026-11-22').membership.state;
  assert.equal(of('benh-phoi-tac-nghen', 'J44.1'), 'proposed');
  assert.equal(of('benh-phoi-tac-nghen', 'J45.9'), 'none');
  assert.equal(of('hen-phe-quan', 'J45.9'), 'proposed');
  assert.equal(of('tam-than', 'F20.9'), 'proposed');
  assert.equal(of('tam-than', 'G40.9', enrolled('tam-than')), 'enrolled');
});

test('the visit of a month is overdue after ten days, opens its form, and is done by it; spirometry is asked for once a year', () => {
  const tasks = (...facts: Resource[]) =>
    copd(...facts).tasks.map(({ key, due, form }) => [key, dayText(due), form]);
  assert.deepEqual(
    tasks(visit('2026-10-20')).find(([key]) => key === 'act:tai-kham'),
    ['act:tai-kham', '2026-11-20', 'kham-ho-hap'],
  );
  assert.deepEqual(tasks(visit('2026-11-21')).find(([key]) => key === 'act:tai-kham')?.[1], '2026-12-21');
  const measured = found(LUNGS, 'fev1-fvc', { valueQuantity: { value: 0.6 } }, '2026-10-20');
  assert.ok(tasks(visit('2026-11-21')).some(([key]) => key === 'act:ho-hap-ky'));
  assert.deepEqual(
    tasks(visit('2026-11-21'), measured).find(([key]) => key === 'act:ho-hap-ky')?.[1],
    '2027-10-20',
  );
});

test('COPD: the group of the last form decides the step; a wrong technique is taught before anything is added', () => {
  const group = (code: string) => found(LUNGS, 'nhom', said(code));
  assert.deepEqual(steps(copd(group('A'))), ['giu-bac']);
  assert.deepEqual(steps(copd(group('B'))), ['tang-bac']);
  assert.deepEqual(steps(copd(group('E'))), ['nhieu-dot-cap']);
  assert.deepEqual(steps(copd(group('B'), found(LUNGS, 'ky-thuat-hit', said('sua')))), ['day-hit']);
  const low = found('http://loinc.org', '59408-5', { valueQuantity: { value: 86 } }, '2026-11-22');
  assert.deepEqual(steps(copd(group('A'), low)).includes('chuyen-ngay'), true);
});

test('asthma: ACT of 20 is the target', () => {
  const act = (score: number) =>
    course(
      shelfOf('hen-phe-quan'),
      adult,
      [ill('J45.9'), enrolled('hen-phe-quan'), found(LUNGS, 'act', { valueInteger: score })],
      '2026-11-22',
    );
  assert.deepEqual([steps(act(19)), act(19).targets[0]?.met], [['tang-bac'], false]);
  assert.deepEqual([steps(act(20)), act(20).targets[0]?.met], [['giu-bac'], true]);
});

test('mental disorders: a danger comes first, the visit at home is a task of its own, and only a visit at home does it', () => {
  const mind = (...facts: Resource[]) =>
    course(shelfOf('tam-than'), adult, [ill('F20.9'), enrolled('tam-than'), ...facts], '2026-11-22');
  const state = mind(
    found(MIND, 'dung-thuoc', said('bo')),
    found(MIND, 'nguy-co', said('tu-hai')),
    found(MIND, 'noi-gap', said('tram')),
  );
  assert.deepEqual(steps(state), ['nguy-co', 'bo-thuoc']);
  assert.deepEqual(
    state.targets.map(({ key, met }) => [key, met]),
    [
      ['thuoc-deu', false],
      ['phuc-hoi', null],
    ],
  );
  const home = (...facts: Resource[]) =>
    dayText(mind(...facts).tasks.find(({ key }) => key === 'act:tai-nha')!.due);
  assert.equal(home(), '2026-12-01');
  assert.equal(home(found(MIND, 'noi-gap', said('nha'), '2026-11-10')), '2027-02-10');
});
