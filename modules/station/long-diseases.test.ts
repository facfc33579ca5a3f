/** COPD, asthma and mental disorders of a station: typed once, in books A12 and A8, in the worklist and in the cohorts. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Condition, EpisodeOfCare } from '../../kernel/fhir/types.ts';
import { COMMUNE, openStation, type Station, UNIT } from './testing.ts';

let station: Station;

before(async () => {
  station = await openStation();
});
after(() => station.world.stop());

/** Somebody of the commune who has had a disease since spring, followed since August. */
async function followed(name: string, code: string, programme: string): Promise<string> {
  const { world } = station;
  const { patient, encounter } = await world.arrive({
    name: [{ text: name }],
    birthDate: '1958-05-06',
    gender: 'male',
    address: [COMMUNE],
  });
  const system = world.program.kernel.gate.system('test');
  await system.create<Condition>({
    resourceType: 'Condition',
    subject: { reference: `Patient/${patient}` },
    // Found at the station: of what is sensitive a unit reads its own.
    encounter: { reference: `Encounter/${encounter}` },
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    verificationStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
    },
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/condition-category', code: 'problem-list-item' },
        ],
      },
    ],
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code, display: name }] },
    recordedDate: '2026-03-01',
    onsetDateTime: '2026-03-01',
  });
  await system.create<EpisodeOfCare>({
    resourceType: 'EpisodeOfCare',
    status: 'active',
    type: [{ coding: [{ system: 'http://yba.vn/fhir/cs/chuong-trinh', code: programme }] }],
    patient: { reference: `Patient/${patient}` },
    managingOrganization: { reference: `Organization/${UNIT}` },
    period: { start: '2026-08-01' },
  });
  return patient;
}

const cohortOf = async (disease: string) => {
  const numbers = await station.numbers('doan-he-khong-lay-nhiem');
  return ['care', 'cohort', 'controlled', 'uncontrolled', 'missed'].map(
    (row) => numbers[`${disease}-${row}.total`],
  );
};

test('COPD and asthma: group and target come of the form, the book of the year and the cohort have them', async () => {
  const { fill } = station;
  const [copd, asthma] = [
    await followed('Nguyễn Văn Phổi', 'J44.9', 'benh-phoi-tac-nghen'),
    await followed('Nguyễn Văn Hen', 'J45.9', 'hen-phe-quan'),
  ];
  assert.deepEqual(await cohortOf('copd'), [1, 1, 0, 0, 1], 'followed, and not seen in the quarter');
  const seen = await fill('kham-ho-hap', copd, {
    'benh-nhan/spo2': 95,
    'benh-nhan/fev': 0.58,
    'tc/mmrc': '2',
    'tc/cat': 8,
    'tc/dot-cap': 1,
    'tc/nhap-vien': false,
    'dt/ky-thuat': 'dung',
    'dt/ket-luan': 'on-dinh',
  });
  assert.deepEqual(
    ['benh-nhan/benh', 'tc/nhom'].map(
      (place) => seen.read(place)?.values.map((one) => (one as { code: string }).code)[0],
    ),
    ['copd', 'B'],
    'the disease is that of the programme; mMRC 2 makes group B',
  );
  const poor = {
    'tc/act': 17,
    'tc/dot-cap': 0,
    'tc/nhap-vien': false,
    'dt/ky-thuat': 'sua',
    'dt/ket-luan': 'on-dinh',
  };
  await fill('kham-ho-hap', asthma, poor, 422);
  await fill('kham-ho-hap', asthma, { ...poor, 'dt/ket-luan': 'dieu-chinh' });
  const [line, other] = [
    await station.line('so-khong-lay-nhiem', copd),
    await station.line('so-khong-lay-nhiem', asthma),
  ];
  assert.deepEqual([line?.managed, line?.m11, line?.complication], ['01/08/2026', 'CAT 8 đ', 'Đợt cấp 1']);
  assert.deepEqual([other?.m11, other?.m10], ['ACT 17', '']);
  assert.deepEqual(await cohortOf('copd'), [1, 1, 1, 0, 0]);
  assert.deepEqual(await cohortOf('asthma'), [1, 1, 0, 1, 0]);
});

test('mental disorders: a danger must be referred; a visit at home and the rehabilitation stand in book A8', async () => {
  const patient = await followed('Nguyễn Văn Thần', 'F20.9', 'tam-than');
  const state = {
    'lan/noi-kham': 'nha',
    'tt/thuoc': 'deu',
    'tt/trieu-chung': 'on-dinh',
    'tt/nguy-co': ['khong'],
    'kq/phuc-hoi': 'kha',
    'kq/ket-luan': 'tiep-tuc',
  };
  await station.fill('theo-doi-tam-than', patient, { ...state, 'tt/nguy-co': ['tu-hai'] }, 422);
  await station.fill('theo-doi-tam-than', patient, { ...state, 'tt/thuoc': 'bo' }, 422);
  await station.fill('theo-doi-tam-than', patient, state);
  const line = await station.line('so-tam-than', patient);
  assert.deepEqual(
    ['managed', 'home', 'rehab', 'm11', 'm10'].map((key) => line?.[key]),
    ['01/08/2026', '22/11/2026', 'Khá', 'N', ''],
  );
  assert.deepEqual(await cohortOf('mental'), [1, 1, 1, 0, 0]);
});
