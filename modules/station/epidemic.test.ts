/** Forms 10 and 11 of a station: persons with a disease, each once, and who died of it. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Condition, Patient } from '../../kernel/fhir/types.ts';
import { COMMUNE, openStation, type Station } from './testing.ts';

let station: Station;

before(async () => {
  station = await openStation();
});
after(() => station.world.stop());

const SYSTEM = 'http://terminology.hl7.org/CodeSystem';

/** Somebody of the commune who is seen today for each of these. */
async function seenFor(
  codes: readonly string[],
  category: 'encounter-diagnosis' | 'problem-list-item',
  more: Partial<Patient> = {},
): Promise<void> {
  const { world } = station;
  const { patient, encounter } = await world.arrive({
    birthDate: '1990-05-06',
    gender: 'male',
    address: [COMMUNE],
    ...more,
  });
  for (const code of codes)
    await world.program.kernel.gate.system('test').create<Condition>({
      resourceType: 'Condition',
      subject: { reference: `Patient/${patient}` },
      encounter: { reference: `Encounter/${encounter}` },
      clinicalStatus: { coding: [{ system: `${SYSTEM}/condition-clinical`, code: 'active' }] },
      verificationStatus: { coding: [{ system: `${SYSTEM}/condition-ver-status`, code: 'confirmed' }] },
      category: [{ coding: [{ system: `${SYSTEM}/condition-category`, code: category }] }],
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] },
      recordedDate: '2026-11-22T08:00:00+07:00',
    });
}

test('form 11: a person counts once for a disease, children apart; a death is of who was seen for it; a narrower row takes its codes from the wider', async () => {
  await seenFor(['A91', 'A97.1'], 'encounter-diagnosis');
  await seenFor(['A91'], 'encounter-diagnosis', { birthDate: '2018-05-06' });
  await seenFor(['A83.0'], 'encounter-diagnosis', {
    birthDate: '2017-01-01',
    deceasedDateTime: '2026-11-22T09:00:00+07:00',
  });
  await seenFor(['J00'], 'encounter-diagnosis', { deceasedDateTime: '2026-11-22T09:00:00+07:00' });
  const { rows } = station.world.program.kernel.content.json<{ rows: { code: string; title: string }[] }>(
    'reports/benh-truyen-nhiem/2026-11-22',
  );
  const counted = await station.numbers('benh-truyen-nhiem');
  const row = (title: string) =>
    ['total', 'young', 'deaths', 'deaths15'].map(
      (column) => counted[`${rows.find((one) => one.title === title)!.code}.${column}`],
    );
  assert.deepEqual(row('Sốt xuất huyết Dengue'), [2, 1, 0, 0]);
  assert.deepEqual(row('Viêm não Nhật Bản'), [1, 1, 1, 1]);
  assert.deepEqual(row('Viêm não vi rút khác'), [0, 0, 0, 0]);
});

test('form 10: injuries seen, and who is found and known with a long disease', async () => {
  await seenFor(['S06.0'], 'encounter-diagnosis');
  await seenFor(['T60.0'], 'encounter-diagnosis', { gender: 'female' });
  await seenFor(['G40.9'], 'problem-list-item', { birthDate: '2016-01-01' });
  const counted = await station.numbers('benh-xa-hoi');
  assert.deepEqual(
    [
      'injury-cases.total',
      'injury-cases.female',
      'injury-poison.total',
      'epilepsy-new.total',
      'epilepsy-known.young',
      'schizo-known.total',
      'malaria-slides.total',
    ].map((cell) => counted[cell]),
    [2, 1, 1, 1, 1, 0, null],
  );
});
