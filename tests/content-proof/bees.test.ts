/**
 * A second nonsense, unlike the club in everything that content can say: followed by condition and by hand, windows, an own anchor, distances,
 * units to choose from, sums, an average, last month, a label, a price, words of reminders. What pages 9 and 10 of the guide print lies in it.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { priceBook } from '../../modules/billing/prices.ts';
import { lookAgain } from '../../modules/programmes/follow.ts';
import { BEES, examplesIn, hasLines, isInFolder } from './bees.testing.ts';
import { type Call, type Club, FIRST_DAY, openClub, UNIT } from './club.testing.ts';

let watch: Club;
let nurse: Call;
const CS = 'http://yba.vn/fhir/cs/viec-ong';
const LEVELS = 'http://yba.vn/fhir/cs/muc-di-noc';
const form = (key: string) => `http://yba.vn/fhir/Questionnaire/${key}|2026-01-01`;

before(async () => {
  watch = await openClub(BEES);
  nurse = await watch.signIn('dieuduong');
});
after(() => watch[Symbol.asyncDispose]());

type Item = { linkId: string; answer?: object[]; item?: Item[] };
const answered = (linkId: string, value: object): Item => ({ linkId, answer: [value] });
const coding = (system: string, code: string, display: string) => ({
  valueCoding: { system, code, display },
});

function fill(key: string, patient: string, item: Item[]) {
  return nurse('POST', '/api/forms/answers', {
    form: form(key),
    patient,
    response: { resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: form(key), item },
  });
}

async function ok(answer: Promise<{ status: number; body: unknown }>) {
  const { status, body } = await answer;
  assert.ok(status < 300, `${status} ${JSON.stringify(body).slice(0, 600)}`);
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many routes
  return body as any;
}

interface Keeper {
  hives: number;
  level?: [code: string, display: string];
  since?: string;
  rows?: number[];
}

function registration({ hives, level, since, rows = [] }: Keeper): Item[] {
  return [
    {
      linkId: 'nguoi',
      item: [
        answered('giong', coding('http://yba.vn/fhir/cs/giong-ong', 'noi', 'Ong nội')),
        answered('so-dan', { valueInteger: hives }),
        ...(since ? [answered('tu-ngay', { valueDate: since })] : []),
        answered('nguoi-kem', { valueReference: { reference: 'Practitioner/nv-25D01-dieuduong' } }),
      ],
    },
    {
      linkId: 'noc',
      item: [
        answered('di-noc', { valueBoolean: level !== undefined }),
        ...(level
          ? [answered('muc-di-noc', coding(LEVELS, ...level)), answered('but-tiem', { valueBoolean: true })]
          : []),
      ],
    },
    ...rows.map((many) => ({ linkId: 'lan', item: [answered('lan-so', { valueInteger: many })] })),
    ...(rows.length > 0
      ? [answered('tong-vet', { valueInteger: rows.reduce((sum, one) => sum + one, 0) })]
      : []),
  ];
}

interface Visit {
  stings: number;
  venom?: [amount: number, code: 'mg' | 'ug', unit: string];
  honey?: number;
  where?: string;
  trained?: boolean;
}

function visit({ stings, venom, honey, where, trained }: Visit): Item[] {
  const now = watch.now().toISOString().replace('Z', '+00:00');
  return [
    answered('luc', { valueDateTime: now }),
    {
      linkId: 'viec',
      item: [
        ...(where ? [answered('tham-to', { valueString: where })] : []),
        ...(trained ? [answered('tap', { valueBoolean: true })] : []),
      ],
    },
    {
      linkId: 'so',
      item: [
        answered('vet', { valueInteger: stings }),
        ...(venom
          ? [
              answered('noc', {
                valueQuantity: {
                  value: venom[0],
                  code: venom[1],
                  unit: venom[2],
                  system: 'http://unitsofmeasure.org',
                },
              }),
            ]
          : []),
        ...(honey === undefined ? [] : [answered('mat', { valueDecimal: honey })]),
      ],
    },
  ].filter((one) => one.item === undefined || one.item.length > 0) as Item[];
}

const settled = () => watch.program.kernel.events.settled();
const listed = async (programme: string, list: string) =>
  (await ok(nurse('GET', `/api/programmes/${programme}/worklist?list=${list}`))).rows as {
    patient: string;
    tasks: { key: string; title: string; due: string }[];
  }[];

async function onDay(day: string): Promise<void> {
  watch.setDay(day);
  nurse = await watch.signIn('dieuduong');
  // As midnight does: what time alone has changed.
  await lookAgain(watch.program.kernel);
  await settled();
}

test('every example of pages 9 and 10 of the guide lies in the folder', () => {
  const json = examplesIn('json');
  assert.ok(json.length >= 15, `${json.length} examples`);
  for (const one of json) assert.ok(isInFolder(JSON.parse(one)), one);
  for (const one of examplesIn('csv')) assert.ok(hasLines(one), one);
});

test('the form: asks on conditions, refuses tomorrow, takes a reference and rows', async () => {
  const [keeper, severe] = watch.villagers.map(({ patient }) => patient) as [string, string, string];
  const early = await fill('ghi-ten-nuoi-ong', keeper, registration({ hives: 3, since: '2026-10-13' }));
  assert.equal(early.status, 422);
  assert.match(JSON.stringify(early.body), /không thể ở tương lai/);
  await ok(fill('ghi-ten-nuoi-ong', keeper, registration({ hives: 3, rows: [7, 5] })));
  await ok(fill('ghi-ten-nuoi-ong', watch.villagers[2]!.patient, registration({ hives: 3, rows: [4] })));
  const silent = registration({ hives: 1, level: ['ngat', 'Ngất'] });
  silent[1]!.item = silent[1]!.item!.filter(({ linkId }) => linkId !== 'but-tiem');
  const missing = await fill('ghi-ten-nuoi-ong', severe, silent);
  assert.equal(missing.status, 422, 'who fainted is asked for the pen');
  await ok(fill('ghi-ten-nuoi-ong', severe, registration({ hives: 1, level: ['ngat', 'Ngất'] })));
});

test('followed by condition, by hand, and not at all; windows, distance and repeats', async () => {
  const [keeper, severe] = watch.villagers.map(({ patient }) => patient) as [string, string, string];
  await settled();
  assert.deepEqual(
    (await listed('canh-ong-dot', 'all')).map(({ patient }) => patient).sort(),
    watch.villagers.map(({ patient }) => patient).sort(),
    'nobody enrolled them',
  );
  const refused = await nurse('POST', `/api/programmes/hoc-nghe-ong/people/${severe}/enrol`, {});
  assert.equal(refused.status, 422);
  assert.match(JSON.stringify(refused.body), /Từng ngất vì nọc ong/);
  await ok(nurse('POST', `/api/programmes/hoc-nghe-ong/people/${keeper}/enrol`, {}));
  await onDay('2026-10-23');
  const due = (await listed('canh-ong-dot', 'due')).find(({ patient }) => patient === keeper)!;
  assert.deepEqual(
    due.tasks.map(({ key, due: day }) => [key, day]),
    [['act:tap-xu-tri', '2026-10-22']],
  );
  await onDay('2026-10-28');
  assert.ok((await listed('canh-ong-dot', 'overdue')).some(({ patient }) => patient === keeper));
  await ok(
    fill('phieu-tham-to', keeper, visit({ stings: 2, where: 'Vườn nhãn', trained: true, honey: 12.5 })),
  );
  await onDay('2026-11-20');
  const next = (await listed('canh-ong-dot', 'overdue')).find(({ patient }) => patient === keeper)!;
  assert.deepEqual(
    next.tasks.map(({ key, due: day }) => [key, day]),
    [['act:tham-to', '2026-11-11']],
    'two weeks after the visit of the same day',
  );
});

test('silence: who refused until a day, who moved, who died; who has no hives left leaves', async () => {
  const [keeper, severe, third] = watch.villagers.map(({ patient }) => patient) as [string, string, string];
  const call = (patient: string, body: object) =>
    ok(nurse('POST', `/api/programmes/canh-ong-dot/people/${patient}/calls`, body));
  await call(severe, { result: 'refused', next: '2026-12-05' });
  await call(third, { result: 'moved' });
  await settled();
  const late = async () => (await listed('canh-ong-dot', 'overdue')).map(({ patient }) => patient);
  assert.deepEqual(await late(), [keeper]);
  await onDay('2026-12-06');
  assert.ok(
    (await listed('canh-ong-dot', 'calls')).some(({ patient }) => patient === severe),
    'the refusal has ended: to be called again',
  );
  await ok(fill('ghi-ten-nuoi-ong', severe, registration({ hives: 0, level: ['ngat', 'Ngất'] })));
  const gate = watch.program.kernel.gate.system('test');
  const dead = await gate.read('Patient', third);
  await gate.update({ ...dead, deceasedDateTime: '2026-12-01' } as never);
  await settled();
  assert.deepEqual(await late(), [keeper], 'one has no hives, one is dead');
  await onDay('2026-12-21');
});

test('the rule adds up three days; its card proposes an order', async () => {
  const { patient } = watch.villagers[0]!;
  const officer = await watch.signIn('noidung');
  for (const stings of [7, 4])
    await ok(
      fill(
        'phieu-tham-to',
        patient,
        visit({ stings, venom: [1.5, 'mg', 'mg'], where: 'Vườn vải', honey: 3 }),
      ),
    );
  await watch.program.kernel.gate.system('test').create({
    resourceType: 'Encounter',
    id: watch.program.kernel.store.newId('Encounter', patient),
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: `Organization/${UNIT}` },
    period: { start: '2026-12-21T10:00:00+07:00', end: '2026-12-21T11:00:00+07:00' },
  } as never);
  const rule = '/api/decisions/rules/ong-dot-nhieu';
  await ok(officer('POST', `${rule}/trials`, { from: '2026-12-01', to: '2026-12-21' }));
  let state = await ok(officer('GET', rule));
  while (state.trial.state === 'running') state = await ok(officer('GET', rule));
  await ok(officer('POST', `${rule}/state`, { state: 'live', note: 'Tổ trưởng duyệt' }));
  const { cards } = await ok(
    nurse('POST', '/cds-services/yba-patient-view', {
      hook: 'patient-view',
      hookInstance: randomUUID(),
      context: { userId: 'Practitioner/nv-25D01-dieuduong', patientId: patient },
    }),
  );
  const card = cards.find(({ summary }: { summary: string }) => summary.startsWith('11 vết ong đốt'));
  assert.equal(card?.indicator, 'critical', JSON.stringify(cards));
  assert.equal(card.suggestions[0].label, 'Cho theo dõi 2 giờ');
});

test('the register sums what each keeper had; units of choice are brought to one', async () => {
  const { patient, name } = watch.villagers[0]!;
  await settled();
  const book = await ok(nurse('GET', '/api/station/books/so-ong-dot?to=2026-12-21'));
  const own = book.rows.find((one: { cells: Record<string, string> }) => one.cells.name === name);
  assert.deepEqual(
    [own.cells.visits, own.cells.stings, own.cells.honey, own.cells.last],
    ['3', '13', '18,5', '21/12/2026'],
    JSON.stringify(own.cells),
  );
  const venom = await ok(
    nurse('GET', `/fhir/Observation?patient=${patient}&code=${CS}|noc&value-quantity=1500||ug`),
  );
  assert.equal(venom.total ?? venom.entry?.length ?? 0, 2, '1.5 mg is 1500 µg');
});

test('the report sums, averages, compares with last month; the indicator divides two cells', async () => {
  await onDay('2027-01-04');
  const head = await watch.signIn('truongtram');
  const at = (month: string) => `/api/statistics/sheets/ong-dot/${UNIT}/${month}`;
  const numbers = async (month: string) => {
    const { cells } = await ok(head('GET', at(month)));
    return ['stings.all', 'honey.all', 'mean.all', 'visits.all', 'each.all', 'stings.old'].map(
      (key) => cells[key]?.value,
    );
  };
  assert.deepEqual(await numbers('2026-12'), [11, 6, 5.5, 2, 5.5, 0]);
  assert.deepEqual(await numbers(FIRST_DAY.slice(0, 7)), [2, 12.5, 2, 1, 2, 0]);
  const wild = await ok(
    head('PUT', `${at('2026-12')}/cells`, { changes: [{ cell: 'wild.all', value: 41, seen: 0 }] }),
  );
  assert.equal(
    (await head('POST', `${at('2026-12')}/steps`, { act: 'submit' })).status,
    422,
    '41 nests at 2 visits',
  );
  const { n } = wild.cells['wild.all'];
  await ok(head('PUT', `${at('2026-12')}/cells`, { changes: [{ cell: 'wild.all', value: 4, seen: n }] }));
  const province = await watch.signIn('dieuhanh');
  const { values } = await ok(
    province('GET', '/api/statistics/indicators/vet-dot-moi-lan-tham?from=2026-12&to=2026-12'),
  );
  assert.equal(values.find((one: { unit: string }) => one.unit === UNIT).value, 5.5);
});

test('the card has its own number, the label none; the price begins on its day; reminders have the watch’s words', async () => {
  const { patient } = watch.villagers[0]!;
  const paper = (key: string) =>
    nurse('POST', `/api/documents/papers/${key}`, { subject: `Patient/${patient}` });
  await ok(paper('the-nuoi-ong'));
  const { rows } = await ok(nurse('GET', `/api/documents/people/${patient}/papers`));
  assert.equal(rows[0].number, '0001/ONG/25D01');
  assert.match(await ok(paper('nhan-to-ong')), /^%PDF-1\.7/);
  assert.equal((await ok(nurse('GET', `/api/documents/people/${patient}/papers`))).rows.length, 1);
  const { kernel } = watch.program;
  const unit = await kernel.gate.system('test').read<'Organization'>('Organization', UNIT);
  const price = (day: string) => priceBook(kernel.content, unit, day).service('TYT.1899')?.price.digits;
  assert.deepEqual([price('2026-11-30'), price('2026-12-01')], [36500n, 38000n]);
  const person = await kernel.gate.system('test').read<'Patient'>('Patient', patient);
  await kernel.gate
    .system('test')
    .update({ ...person, telecom: [{ system: 'phone', value: '0912345678', use: 'mobile' }] });
  await settled();
  await onDay('2027-01-10');
  const asked = await ok(nurse('POST', '/api/programmes/canh-ong-dot/reminders', { list: 'overdue' }));
  assert.equal(asked.made, 1, JSON.stringify(asked));
  const queue = await ok(nurse('GET', '/api/programmes/reminders'));
  assert.match(JSON.stringify(queue), /đã trễ hẹn .*mang theo mũ lưới/);
});
