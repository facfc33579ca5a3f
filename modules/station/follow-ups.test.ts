/** A nurse measures who is followed for hypertension or diabetes: one short form, and the task is done, the book and the cohort have it. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Encounter, EpisodeOfCare, Observation } from '../../kernel/fhir/types.ts';
import type { WorkRow } from '../programmes/lists.ts';
import { openStation, type Station, UNIT } from './testing.ts';

let station: Station;

before(async () => {
  station = await openStation();
  station.world.setNow('2026-11-23T08:30:00+07:00');
  station.nurse = await station.world.signIn('dieuduong');
});
after(() => station.world.stop());

async function followed(programme: string, name: string): Promise<string> {
  const patient = await station.resident({ name: [{ text: name }], gender: 'male', birthDate: '1958-05-06' });
  await station.world.program.kernel.gate.system('test').create<EpisodeOfCare>({
    resourceType: 'EpisodeOfCare',
    status: 'active',
    type: [{ coding: [{ system: 'http://yba.vn/fhir/cs/chuong-trinh', code: programme }] }],
    patient: { reference: `Patient/${patient}` },
    managingOrganization: { reference: `Organization/${UNIT}` },
    period: { start: '2026-09-01' },
  });
  await station.world.program.kernel.events.settled();
  return patient;
}

const overdue = async (programme: string) =>
  (await station.nurse.call<{ rows: WorkRow[] }>('GET', `/api/programmes/${programme}/worklist?list=overdue`))
    .body.rows;

test('hypertension: the overdue line leads to the form; two numbers are a visit at home, a measurement, and the task is done', async () => {
  const patient = await followed('tang-huyet-ap', 'Lê Văn Đo');
  const [row] = await overdue('tang-huyet-ap');
  assert.deepEqual(
    [row?.patient, row?.tasks.find(({ key }) => key === 'act:tai-kham')?.form],
    [patient, 'tai-kham-huyet-ap'],
  );
  await station.fill('tai-kham-huyet-ap', patient, {
    'do/noi-kham': 'nha',
    'do/huyet-ap/tam-thu': 138,
    'do/huyet-ap/tam-truong': 84,
  });
  const facts = (await station.world.recordOf(patient, 'Observation')) as Observation[];
  const pressure = facts.find(({ code }) => code.coding?.some((one) => one.code === '85354-9'));
  assert.deepEqual(
    pressure?.component?.map(({ valueQuantity }) => valueQuantity?.value),
    [138, 84],
  );
  const [visit] = (await station.world.recordOf(patient, 'Encounter')) as Encounter[];
  assert.equal(visit?.class.code, 'HH');
  await station.world.program.kernel.events.settled();
  assert.deepEqual(await overdue('tang-huyet-ap'), []);
});

test('180/110 cannot simply go on, the upper number is above the lower one', async () => {
  const patient = await followed('tang-huyet-ap', 'Lê Văn Cao');
  const high = { 'do/huyet-ap/tam-thu': 182, 'do/huyet-ap/tam-truong': 96 };
  await station.fill('tai-kham-huyet-ap', patient, high, 422);
  await station.fill(
    'tai-kham-huyet-ap',
    patient,
    { 'do/huyet-ap/tam-thu': 80, 'do/huyet-ap/tam-truong': 130 },
    422,
  );
  await station.fill('tai-kham-huyet-ap', patient, { ...high, 'kl/ket-luan': 'chuyen' });
});

test('diabetes: a fasting glucose of the finger closes the task; 3.2 mmol/L cannot simply go on', async () => {
  const patient = await followed('dai-thao-duong', 'Trần Thị Đường');
  const form = { 'do/huyet-ap/tam-thu': 128, 'do/huyet-ap/tam-truong': 78 };
  await station.fill('tai-kham-dai-thao-duong', patient, { ...form, 'do/duong-mau': 3.2 }, 422);
  await station.fill('tai-kham-dai-thao-duong', patient, { ...form, 'do/duong-mau': 6.8 });
  await station.world.program.kernel.events.settled();
  const tasks = (await overdue('dai-thao-duong')).find((one) => one.patient === patient)?.tasks ?? [];
  assert.ok(tasks.every(({ key }) => key !== 'act:tai-kham'));
});
