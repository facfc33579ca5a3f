/** Enrolment, acts, silence and targets, in programmes of the content and in one that no engine knows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Condition,
  EpisodeOfCare,
  MedicationRequest,
  Observation,
  PlanDefinition,
  Task,
} from '../../kernel/fhir/types.ts';
import { courseOf } from './course.ts';
import { dayOf } from './days.ts';
import { readProgramme } from './read.ts';
import { programmeCs } from './systems.ts';
import { childFacts, course, injection, shelfOf, text } from './testing.ts';

const patient = { reference: 'Patient/p' };
const ICD10 = 'http://hl7.org/fhir/sid/icd-10';

const condition = (code: string, on: string, more: Partial<Condition> = {}): Condition => ({
  resourceType: 'Condition',
  subject: patient,
  code: { coding: [{ system: ICD10, code }] },
  onsetDateTime: on,
  recordedDate: on,
  ...more,
});
const enrolment = (key: string, from: string, more: Partial<EpisodeOfCare> = {}): EpisodeOfCare => ({
  resourceType: 'EpisodeOfCare',
  id: 'e',
  status: 'active',
  type: [{ coding: [{ system: programmeCs.programme, code: key }] }],
  patient,
  period: { start: from },
  ...more,
});
const observation = (code: string, on: string, more: Partial<Observation>): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  subject: patient,
  code: { coding: [{ system: 'http://loinc.org', code }] },
  effectiveDateTime: on,
  ...more,
});
const pressure = (on: string, systolic: number, diastolic: number) =>
  observation('85354-9', on, {
    component: [
      { code: { coding: [{ code: '8480-6' }] }, valueQuantity: { value: systolic } },
      { code: { coding: [{ code: '8462-4' }] }, valueQuantity: { value: diastolic } },
    ],
  });
const called = (key: string, on: string, result: string, next?: string): Task => ({
  resourceType: 'Task',
  id: `call-${on}`,
  status: 'completed',
  intent: 'order',
  for: patient,
  code: { coding: [{ system: programmeCs.task, code: key }] },
  executionPeriod: { end: `${on}T10:00:00+07:00` },
  output: [
    {
      type: { coding: [{ code: 'ket-qua' }] },
      valueCodeableConcept: { coding: [{ system: programmeCs.call, code: result }] },
    },
    ...(next ? [{ type: { coding: [{ code: 'goi-lai' }] }, valueDate: next }] : []),
  ],
});

const htn = shelfOf('tang-huyet-ap');
const born = { birthDate: '1960-05-01' };

test('who has the disease is proposed, then followed from the day of enrolment, then gone', () => {
  const ill = condition('I10', '2026-01-05');
  const state = (...more: Parameters<typeof course>[2]) =>
    course(htn, born, [ill, ...more], '2026-11-22').membership;
  assert.equal(course(htn, born, [], '2026-11-22').membership.state, 'none');
  assert.equal(state().state, 'proposed');
  assert.deepEqual(state(enrolment('tang-huyet-ap', '2026-06-01')), {
    state: 'enrolled',
    since: dayOf('2026-06-01'),
    reason: '',
    enrolment: 'e',
  });
  assert.equal(state(enrolment('dai-thao-duong', '2026-06-01')).state, 'proposed', 'another programme');
  const over = enrolment('tang-huyet-ap', '2026-06-01', {
    status: 'finished',
    period: { start: '2026-06-01', end: '2026-08-01' },
  });
  assert.equal(state(over).state, 'left');
  assert.equal(
    state(over, { ...enrolment('tang-huyet-ap', '2026-10-01'), id: 'e2' }).state,
    'enrolled',
    'and comes again',
  );
  assert.match(state(condition('Z34.9', '2026-08-01')).reason, /thai/);
});

test('a monthly visit is due a month after the last, overdue ten days later', () => {
  const at = (day: string, ...seen: string[]) => {
    const found = course(
      htn,
      born,
      [
        condition('I10', '2026-01-05'),
        enrolment('tang-huyet-ap', '2026-06-01'),
        ...seen.map((on) => pressure(on, 150, 95)),
      ],
      day,
    );
    const visit = found.acts.find(({ key }) => key === 'tai-kham')!;
    return [visit.status, text(visit.dates?.due), text(visit.dates?.overdue)];
  };
  assert.deepEqual(at('2026-06-02'), ['not-yet-due', '2026-07-01', '2026-07-11']);
  assert.deepEqual(at('2026-07-11'), ['due', '2026-07-01', '2026-07-11']);
  assert.deepEqual(at('2026-07-12'), ['overdue', '2026-07-01', '2026-07-11']);
  assert.deepEqual(
    at('2026-08-12', '2026-05-01', '2026-07-15'),
    ['not-yet-due', '2026-08-15', '2026-08-25'],
    'what was before enrolment does not count',
  );
});

test('the target and the step of the protocol follow the last measurement', () => {
  const at = (...values: [string, number, number][]) => {
    const found = course(
      htn,
      born,
      [
        condition('I10', '2026-01-05'),
        enrolment('tang-huyet-ap', '2026-06-01'),
        ...values.map((one) => pressure(...one)),
      ],
      '2026-11-22',
    );
    return [found.targets[0]!.met, found.advice.map(({ key }) => key).join()];
  };
  assert.deepEqual(at(), [null, '']);
  assert.deepEqual(at(['2026-10-01', 150, 95]), [false, 'bat-dau']);
  assert.deepEqual(at(['2026-11-01', 139, 89], ['2026-10-01', 150, 95]), [true, 'giu-bac']);
  assert.deepEqual(at(['2026-11-01', 140, 89], ['2026-10-01', 130, 80]), [false, 'tang-bac']);
  assert.deepEqual(at(['2026-11-01', 181, 89]), [false, 'chuyen-tuyen-ngay']);
});

test('death, a move and a refusal silence the tasks, each from its day and until its own', () => {
  const known = [condition('I10', '2026-01-05'), enrolment('tang-huyet-ap', '2026-06-01')];
  const at = (more: Parameters<typeof course>[2], who: object = born, day = '2026-11-22') => {
    const found = course(htn, who, [...known, ...more], day);
    return [found.silence?.reason ?? null, found.tasks.length > 0];
  };
  assert.deepEqual(at([]), [null, true]);
  assert.deepEqual(at([], { ...born, deceasedDateTime: '2026-09-01' }), ['died', false]);
  assert.deepEqual(at([called('tang-huyet-ap', '2026-10-01', 'moved')]), ['moved', false]);
  assert.deepEqual(at([called('tang-huyet-ap', '2026-10-01', 'refused', '2027-01-01')]), ['refused', false]);
  assert.deepEqual(
    at([called('tang-huyet-ap', '2026-10-01', 'refused', '2026-11-01')]),
    [null, true],
    'asked again after its day',
  );
  assert.deepEqual(
    at([called('tang-huyet-ap', '2026-10-01', 'moved'), pressure('2026-11-01', 150, 90)]),
    [null, true],
    'came back',
  );
  const dead = called('dai-thao-duong', '2026-10-01', 'died');
  assert.deepEqual(at([dead]), ['died', false], 'told in a call of another programme');
  assert.deepEqual(
    at([dead, called('dai-thao-duong', '2026-10-02', 'agreed')]),
    [null, true],
    'it was a mistake: somebody answered',
  );
  assert.deepEqual(at([called('dai-thao-duong', '2026-10-01', 'moved')]), [null, true]);
  assert.deepEqual(at([called('tang-huyet-ap', '2026-10-01', 'unreachable', '2026-10-05')]), [null, true]);
  assert.deepEqual(at([called('dai-thao-duong', '2026-10-01', 'moved')]), [null, true]);
  const refusedVisit = course(
    htn,
    born,
    [...known, called('tang-huyet-ap/tai-kham', '2026-10-01', 'refused')],
    '2026-11-22',
  );
  assert.deepEqual(
    refusedVisit.tasks.map(({ key }) => key),
    ['act:xet-nghiem-nam'],
    'one thing alone',
  );
});

const anc = shelfOf('cham-soc-thai-san');
const mother = { birthDate: '1998-04-01', gender: 'female' as const };
const LMP = observation('8665-2', '2026-04-01', { valueDateTime: '2026-02-01' });
const visit = (on: string) => observation('11885-1', on, { valueQuantity: { value: 1 } });

test('the expected date is the last period and 280 days; ultrasound goes before it', () => {
  const at = (...more: Parameters<typeof course>[2]) =>
    text(course(anc, mother, [condition('Z34.9', '2026-02-01'), LMP, ...more], '2026-06-01').anchors.edd);
  assert.equal(at(), '2026-11-08');
  assert.equal(at(observation('11781-2', '2026-05-01', { valueDateTime: '2026-11-20' })), '2026-11-20');
  assert.equal(
    at(observation('8665-2', '2024-04-01', { valueDateTime: '2024-02-01' })),
    '2026-11-08',
    'an earlier pregnancy does not count',
  );
});

test('antenatal visits: one in each of the first two trimesters, two in the last; each counts once', () => {
  const at = (day: string, ...seen: string[]) =>
    course(
      anc,
      mother,
      [
        condition('Z34.9', '2026-02-01'),
        LMP,
        enrolment('cham-soc-thai-san', '2026-03-01'),
        ...seen.map(visit),
      ],
      day,
    )
      .acts.filter(({ key }) => key.startsWith('kham-thai'))
      .map(({ status }) => status);
  assert.deepEqual(at('2026-04-10', '2026-04-01'), ['done', 'not-yet-due', 'not-yet-due', 'not-yet-due']);
  assert.deepEqual(at('2026-06-01'), ['missed', 'not-yet-due', 'not-yet-due', 'not-yet-due']);
  assert.deepEqual(at('2026-10-20', '2026-04-01', '2026-06-20', '2026-09-01', '2026-10-05'), [
    'done',
    'done',
    'done',
    'done',
  ]);
});

test('risk is told with its reason; after birth come the postnatal visits, and after 42 days she leaves', () => {
  const pregnant = [condition('Z34.9', '2026-02-01'), LMP, enrolment('cham-soc-thai-san', '2026-03-01')];
  const flags = course(
    anc,
    { ...mother, birthDate: '1985-01-01' },
    [...pregnant, pressure('2026-05-05', 150, 95)],
    '2026-06-01',
  ).advice.map(({ key }) => key);
  assert.deepEqual(flags, ['nguy-co-tuoi', 'nguy-co-huyet-ap']);
  const delivered = [
    ...pregnant.map((one) =>
      one.resourceType === 'Condition' ? { ...one, abatementDateTime: '2026-11-05' } : one,
    ),
    condition('O80.9', '2026-11-05'),
  ];
  const after = course(anc, mother, delivered, '2026-11-10');
  assert.deepEqual(
    after.tasks.map(({ key }) => key).filter((key) => key.includes('sau-sinh')),
    ['act:kham-sau-sinh-1', 'act:kham-sau-sinh-2'],
  );
  assert.equal(course(anc, mother, delivered, '2026-12-25').membership.state, 'left');
  assert.equal(course(anc, mother, delivered, '2026-12-25').tasks.length, 0);
});

test('tetanus of a mother goes on from what she had as a child', () => {
  const pregnant = [condition('Z34.9', '2026-02-01'), LMP, enrolment('cham-soc-thai-san', '2026-03-01')];
  const at = (...given: string[]) => {
    const found = course(anc, mother, [...pregnant, ...given.map((on) => injection('01', on))], '2026-06-01')
      .series[0]!;
    return [found.path, found.next.length];
  };
  assert.deepEqual(at(), ['uon-van-chua-du', 5]);
  assert.deepEqual(at('1998-06-01', '1998-07-05', '1998-08-05'), ['uon-van-du-3', 3]);
  assert.deepEqual(at('1998-06-01', '1998-07-05', '1998-08-05', '1999-10-05'), ['uon-van-du-4', 2]);
});

test('a programme that no engine knows is carried out from its content alone', () => {
  const EXT = 'http://yba.vn/fhir/ext/chuong-trinh-';
  const kite: PlanDefinition = {
    resourceType: 'PlanDefinition',
    status: 'active',
    url: 'http://example.org/PlanDefinition/tha-dieu',
    version: '2026-01-01',
    title: 'Câu lạc bộ thả diều',
    extension: [
      {
        url: `${EXT}ghi-danh`,
        extension: [
          { url: 'tu-dong', valueBoolean: true },
          { url: 'tuoi-tu', valueDuration: { value: 6, code: 'a' } },
        ],
      },
    ],
    action: [
      {
        id: 'tha',
        title: 'Thả diều',
        code: [{ coding: [{ code: 'tha' }] }],
        extension: [
          {
            url: `${EXT}khung`,
            extension: [
              { url: 'moc', valueCode: 'enrolment' },
              { url: 'den-han', valueDuration: { value: 7, code: 'd' } },
            ],
          },
        ],
      },
    ],
  };
  const shelf = { programme: readProgramme(kite).programme, products: new Map() };
  const [task] = courseOf(shelf, childFacts('2020-03-01', []), dayOf('2026-03-02')!).tasks;
  assert.deepEqual([task?.title, text(task?.due)], ['Thả diều', '2026-03-08']);
  const young = courseOf(shelf, childFacts('2020-03-01', []), dayOf('2026-02-01')!);
  assert.deepEqual([young.membership.state, text(young.changes)], ['none', '2026-03-01']);
});

test('an action whose definition is a Questionnaire says which form is filled in for it', () => {
  const form = (definitionCanonical: string) => {
    const timingTiming = { repeat: { period: 1, periodUnit: 'mo' as const } };
    const action = [{ id: 'tai-kham', title: 'Tái khám', timingTiming, definitionCanonical }];
    return readProgramme({ resourceType: 'PlanDefinition', status: 'active', action }).programme.acts[0]
      ?.form;
  };
  assert.equal(form('http://yba.vn/fhir/Questionnaire/kham-dinh-ky|2026-01-01'), 'kham-dinh-ky');
  assert.equal(form('http://yba.vn/fhir/ActivityDefinition/kham'), null);
});

test('the form of a birth ends what comes before it and opens the postnatal visits, which their form closes', () => {
  const pregnant = [condition('Z34.9', '2026-02-01'), LMP, enrolment('cham-soc-thai-san', '2026-03-01')];
  const born = observation('93857-1', '2026-11-12', { valueDateTime: '2026-11-10' });
  const seen: Observation = {
    ...observation('x', '2026-11-13', {}),
    code: { coding: [{ system: programmeCs.task, code: 'kham-sau-sinh' }] },
  };
  const at = (...more: Observation[]) => course(anc, mother, [...pregnant, ...more], '2026-11-15');
  const status = (of: ReturnType<typeof at>, act: string) => of.acts.find(({ key }) => key === act)?.status;
  assert.equal(text(at(born).anchors.sinh), '2026-11-10');
  assert.equal(status(at(born), 'kham-thai-4'), 'not-applicable');
  assert.equal(status(at(), 'kham-sau-sinh-1'), 'waiting');
  const task = at(born).tasks.find(({ form }) => form !== null);
  assert.deepEqual([task?.key, task?.form], ['act:kham-sau-sinh-1', 'kham-sau-sinh']);
  assert.equal(status(at(born, seen), 'kham-sau-sinh-1'), 'done');
  assert.equal(status(at(born, seen), 'kham-sau-sinh-2'), 'not-yet-due');
});

test('diabetes: feet, eyes and kidneys once a year, each with its evidence; medicines by the month for who has them', () => {
  const shelf = shelfOf('dai-thao-duong');
  const ill = [condition('E11.9', '2020-01-01'), enrolment('dai-thao-duong', '2026-06-01')];
  const snomed = (code: string, on: string): Observation => ({
    ...observation('x', on, {}),
    code: { coding: [{ system: 'http://snomed.info/sct', code }] },
  });
  const atc = { coding: [{ system: 'http://www.whocc.no/atc', code: 'A10BA02' }] };
  const metformin: MedicationRequest = {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: patient,
    medicationCodeableConcept: atc,
    authoredOn: '2026-11-01',
  };
  const acts = (...more: (Observation | MedicationRequest)[]) =>
    Object.fromEntries(
      course(shelf, { birthDate: '1960-01-01' }, [...ill, ...more], '2026-11-20').acts.map((one) => [
        one.key,
        [one.status, text(one.dates?.due)],
      ]),
    );
  const before = acts();
  assert.deepEqual(before['kham-ban-chan'], ['overdue', '2026-07-01']);
  assert.equal(before['linh-thuoc']?.[0], 'not-applicable', 'nothing was prescribed');
  const after = acts(snomed('401191002', '2026-11-02'), observation('9318-7', '2026-10-02', {}), metformin);
  assert.deepEqual(after['kham-ban-chan'], ['not-yet-due', '2027-11-02']);
  assert.deepEqual(after['kham-mat'], ['overdue', '2026-07-01']);
  assert.deepEqual(after['linh-thuoc'], ['not-yet-due', '2026-12-01']);
});
