/** Malaria, tuberculosis and HIV: what their forms say stands in the books A7, A9 and A10, once typed. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import type { Condition } from '../../kernel/fhir/types.ts';
import { COMMUNE, openStation, type Station } from './testing.ts';

let station: Station;

before(async () => {
  station = await openStation();
});
after(() => station.world.stop());

/** A resident who came today and has a diagnosis of the visit, which the station keeps among the person's problems. */
async function diagnosed(code: string, display: string, gender: 'male' | 'female' = 'male'): Promise<string> {
  const { patient, encounter } = await station.world.arrive({ gender, address: [COMMUNE] });
  const system = 'http://terminology.hl7.org/CodeSystem/condition';
  for (const category of ['encounter-diagnosis', 'problem-list-item'])
    await station.world.program.kernel.gate.system('test').create<Condition>({
      resourceType: 'Condition',
      category: [{ coding: [{ system: `${system}-category`, code: category }] }],
      clinicalStatus: { coding: [{ system: `${system}-clinical`, code: 'active' }] },
      verificationStatus: { coding: [{ system: `${system}-ver-status`, code: 'confirmed' }] },
      code: { coding: [{ system: cs.icd10, code, display }] },
      subject: { reference: `Patient/${patient}` },
      encounter: { reference: `Encounter/${encounter}` },
      recordedDate: '2026-11-22T08:20:00+07:00',
    });
  return patient;
}

test('A7: place, slide, rapid test and number of checks; neither slide nor rapid test is refused', async () => {
  const patient = await diagnosed('B51.9', 'Sốt rét do Plasmodium vivax không biến chứng', 'female');
  const form = {
    'ca/noi': 'Nương rẫy thôn Đồng Mới',
    'ca/sot': true,
    'ca/thai': true,
    'xn/lam': 'khong-lam',
    'xn/test': 'khong-lam',
  };
  await station.fill('phieu-sot-ret', patient, form, 422);
  await station.fill('phieu-sot-ret', patient, { ...form, 'xn/lam': 'pv', 'xn/lan': 3 });
  const line = await station.line('so-sot-ret', patient);
  assert.deepEqual(
    [line?.place, line?.fever, line?.pregnant, line?.slide, line?.rapid, line?.checks],
    ['Nương rẫy thôn Đồng Mới', 'x', 'x', 'P. vivax', 'Không làm', '3'],
  );
});

test('A9: class, slip and day of return; the outcome of a later form stands in the same line; cured needs a negative smear', async () => {
  const patient = await diagnosed('A15.0', 'Lao phổi, khẳng định bằng soi đờm');
  const form = { 'ql/ve-xa': '2026-11-20', 'ql/so-phieu': 'KS-042', 'ql/loai': 'moi-vk' };
  await station.fill('phieu-lao', patient, form);
  const first = await station.line('so-lao', patient);
  assert.deepEqual(
    [first?.class, first?.back, first?.slip, first?.outcome ?? ''],
    ['Lao phổi mới có bằng chứng vi khuẩn', '20/11/2026', 'KS-042', ''],
  );
  const cured = { ...form, 'kq/ket-qua': 'khoi', 'kq/dom-cuoi': 'duong' };
  await station.fill('phieu-lao', patient, cured, 422);
  station.world.setNow('2026-11-22T08:40:00+07:00');
  await station.fill('phieu-lao', patient, { ...cured, 'kq/dom-cuoi': 'am' });
  assert.equal((await station.line('so-lao', patient))?.outcome, 'Khỏi');
});

test('A10: group, place of diagnosis and of treatment; the form carries the label of its disease', async () => {
  const patient = await diagnosed('B24', 'Bệnh do virus gây suy giảm miễn dịch ở người [HIV] không xác định');
  const form = {
    'ql/nhom': 'ban-tinh',
    'ql/ngay': '2026-05-02',
    'ql/noi': 'CDC tỉnh',
    'ql/arv': 'Trung tâm Y tế Vĩnh Yên',
  };
  await station.fill('phieu-hiv', patient, form);
  const line = await station.line('so-hiv', patient);
  assert.deepEqual(
    [line?.group, line?.place, line?.arv],
    ['Vợ, chồng, bạn tình người nhiễm', 'CDC tỉnh', 'Trung tâm Y tế Vĩnh Yên'],
  );
  const labels = async (view: string) =>
    (await station.world.program.kernel.pool.query<{ sec: number }>(`select distinct sec from views.${view}`))
      .rows;
  assert.notDeepEqual(await labels('hiv_case'), [{ sec: 0 }]);
  assert.deepEqual(await labels('malaria_case'), [{ sec: 0 }]);
});
