/** A reaction is written from its dose, stands at the top while it waits to be reported, and is reported within its hours. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { QuestionnaireResponse, Resource } from '../../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import type { ReactionRow, SuspectDose } from './routes.ts';
import { reportBy } from './write.ts';

let world: World;
let nurse: Browser;
let patient: string;
let dose: string;

before(async () => {
  world = await openWorld();
  nurse = await world.signIn('dieuduong');
  ({ patient } = await world.arrive());
  dose = world.program.kernel.store.newId('Immunization', patient);
  await put({
    resourceType: 'Immunization',
    id: dose,
    status: 'completed',
    vaccineCode: { text: '5 trong 1' },
    patient: { reference: `Patient/${patient}` },
    occurrenceDateTime: '2026-11-22T08:05:00+07:00',
    lotNumber: 'L77',
    expirationDate: '2027-05-31',
    site: { text: 'Đùi trái' },
  });
});
after(() => world.stop());

async function put(resource: Resource): Promise<void> {
  const request = { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` };
  await world.program.kernel.gate
    .system('test')
    .transaction({ resourceType: 'Bundle', type: 'transaction', entry: [{ resource, request }] });
}

const list = async () =>
  (await nurse.call<{ rows: ReactionRow[] }>('GET', '/api/programmes/reactions')).body.rows;
const react = (body: object) =>
  nurse.call<{ reaction: string; reportBy: string | null }>(
    'POST',
    `/api/programmes/doses/${dose}/reactions`,
    body,
  );

test('the hours of a report are content; what the content does not ask for is not reported', () => {
  const rows = [{ seriousness: 'serious', hours: '24' }];
  assert.equal(reportBy(rows, true, '2026-11-22T08:30:00+07:00'), '2026-11-23T08:30:00+07:00');
  assert.equal(reportBy(rows, false, '2026-11-22T08:30:00+07:00'), null);
  assert.equal(reportBy([], true, '2026-11-22T08:30:00+07:00'), null);
});

test('the dose tells its vaccine, lot, expiry, site and hour: nobody types them again', async () => {
  const { body } = await nurse.call<SuspectDose>('GET', `/api/programmes/doses/${dose}`);
  assert.deepEqual(body, {
    vaccine: '5 trong 1',
    lot: 'L77',
    expires: '2027-05-31',
    site: 'Đùi trái',
    given: '2026-11-22T08:05:00+07:00',
  });
  const stranger = await world.hire('dieuduong9', 'nurse', 'cs-99999');
  assert.ok((await stranger.call('GET', `/api/programmes/doses/${dose}`)).status >= 403);
});

test('a serious reaction stands first with the hour of its report, until it is reported to somebody', async () => {
  assert.equal((await react({ text: 'Sốt nhẹ', outcome: 'resolved' })).body.reportBy, null);
  const serious = await react({ text: 'Phản vệ độ III', isSerious: true, onset: '2026-11-22' });
  assert.equal(serious.body.reportBy, '2026-11-23T08:30:00+07:00', JSON.stringify(serious.body));
  assert.equal((await react({ text: 'Sưng chỗ tiêm' })).status, 200);
  const [first, ...others] = await list();
  assert.deepEqual(
    [first!.text, first!.isSerious, first!.dose, first!.report?.until, first!.report?.isDone],
    ['Phản vệ độ III', true, '5 trong 1, lô L77', '2026-11-23T08:30:00+07:00', false],
  );
  assert.deepEqual(
    others.map(({ isSerious }) => isSerious),
    [false, false],
  );
  const event = await world.program.kernel.gate.system('test').read('AdverseEvent', serious.body.reaction);
  assert.equal(event.suspectEntity?.[0]?.instance.reference, `Immunization/${dose}`);

  const path = `/api/programmes/reactions/${first!.report!.id}/reported`;
  const silent = await nurse.call('POST', path, {});
  assert.deepEqual([silent.status, /note/.test(JSON.stringify(silent.body))], [422, true]);
  assert.equal((await nurse.call('POST', path, { note: 'Báo CDC tỉnh qua điện thoại' })).status, 200);
  assert.equal((await nurse.call('POST', path, { note: 'lần nữa' })).status, 422);
  const [again] = await list();
  assert.deepEqual(
    [again!.text, again!.report?.isDone, again!.report?.note],
    ['Phản vệ độ III', true, 'Báo CDC tỉnh qua điện thoại'],
  );
});

test('what is missing or impossible is named; a station without care of the person sees nothing of it', async () => {
  for (const [wrong, field] of [
    [{}, 'text'],
    [{ text: 'x', onset: '2026-11-23' }, 'onset'],
    [{ text: 'x', outcome: 'khoi' }, 'outcome'],
  ] as const) {
    const { status, body } = await react(wrong);
    assert.equal(status, 422);
    assert.match(JSON.stringify(body), new RegExp(`"${field}"`));
  }
  const stranger = await world.hire('dieuduong8', 'nurse', 'cs-88888');
  const seen = await stranger.call<{ rows: ReactionRow[] }>('GET', '/api/programmes/reactions');
  assert.deepEqual(seen.body.rows, []);
});

test('the disease control of the province sees the reactions of every station, serious ones first, without names', async () => {
  const control = await world.hire('cdc', 'surveillance', 'cdc-vinh-phuc');
  const { status, body } = await control.call<{ rows: ReactionRow[] }>('GET', '/api/programmes/reactions');
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.rows.map(({ text, isSerious, name }) => [text, isSerious, name]).slice(0, 1), [
    ['Phản vệ độ III', true, ''],
  ]);
  assert.equal(body.rows.length, 3);
  const desk = await world.hire('tiepdon9', 'reception');
  assert.equal((await desk.call('GET', '/api/programmes/reactions')).status, 403);
});

test('the report of a reaction begins with the last dose: vaccine, lot, expiry, hour and place', async () => {
  world.setNow('2026-11-23T08:00:00+07:00');
  nurse = await world.signIn('dieuduong');
  const { status, body } = await nurse.call<{
    parameter: { name: string; resource: QuestionnaireResponse }[];
  }>('POST', '/fhir/Questionnaire/phan-ung-sau-tiem/$populate', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'subject', valueReference: { reference: `Patient/${patient}` } },
      {
        name: 'context',
        part: [
          { name: 'name', valueString: 'patient' },
          { name: 'content', valueReference: { reference: `Patient/${patient}` } },
        ],
      },
    ],
  });
  assert.equal(status, 200, JSON.stringify(body));
  const response = 'parameter' in body ? body.parameter[0]!.resource : (body as QuestionnaireResponse);
  const group = response.item!.find(({ linkId }) => linkId === 'mui')!;
  const answers = Object.fromEntries(
    (group.item ?? []).map(({ linkId, answer }) => [linkId, Object.values(answer![0]!)[0]]),
  );
  assert.deepEqual(answers, {
    'vac-xin': '5 trong 1',
    'so-lo': 'L77',
    'han-dung': '2027-05-31',
    'luc-tiem': '2026-11-22T08:05:00+07:00',
    'noi-tiem': 'Đùi trái',
  });
});
