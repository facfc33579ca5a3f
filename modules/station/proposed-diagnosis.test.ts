/** A nurse writes no diagnosis: what her form says of a pregnancy waits for the doctor, who confirms it with one click. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Condition } from '../../kernel/fhir/types.ts';
import type { PersonCard } from '../../kernel/person-card.ts';
import type { Browser } from '../clinic/testing.ts';
import { openStation, type Station } from './testing.ts';

const RULE = 'chan-doan-cho-xac-nhan';
let station: Station;
let doctor: Browser;

before(async () => {
  station = await openStation();
  doctor = await station.world.signIn('bacsi');
});
after(() => station.world.stop());

test('the form of a nurse makes a card for the doctor, none for her; one click writes the diagnosis in the doctor’s name', async () => {
  const { world, nurse, fill } = station;
  const { patient, encounter } = await world.arrive({
    birthDate: '1998-03-01',
    name: [{ text: 'Lò Thị Chờ' }],
  });
  await fill('kham-thai', patient, {
    'thai-ky/kinh-cuoi': '2026-06-01',
    'thai-ky/lan-thai': 1,
    'me/can-nang': 51,
    'me/huyet-ap/tam-thu': 110,
    'me/huyet-ap/tam-truong': 70,
    'me/dau-hieu': 'khong',
    'ket-luan/tien-luong': 'thuong',
  });
  assert.deepEqual(await world.recordOf(patient, 'Condition'), [], 'no diagnosis by the form');
  const at = `/api/decisions/people/${patient}/cards`;
  const cardsOf = async (by: Browser) => {
    const { status, body } = await by.call<{ cards: PersonCard[] }>('GET', `${at}?encounter=${encounter}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body.cards.filter(({ rule }) => rule === RULE);
  };
  assert.deepEqual(await cardsOf(nurse), []);
  const [card] = await cardsOf(doctor);
  assert.deepEqual(card?.suggestions, ['Ghi Z34.9: thai bình thường', 'Ghi Z35.9: thai nguy cơ cao']);
  const accept = (by: Browser) =>
    by.call('POST', `${at}/${card!.id}/accept?encounter=${encounter}`, { suggestion: 0 });
  assert.equal((await accept(nurse)).status, 403);
  assert.equal((await accept(doctor)).status, 200);
  const [found, second] = (await world.recordOf(patient, 'Condition')) as Condition[];
  assert.deepEqual(
    [
      found?.code?.coding?.[0]?.code,
      found?.encounter?.reference,
      found?.recorder?.reference,
      found?.recordedDate?.slice(0, 10),
      second,
    ],
    ['Z34.9', `Encounter/${encounter}`, 'Practitioner/nv-bacsi', '2026-11-22', undefined],
  );
  assert.deepEqual(await cardsOf(doctor), [], 'what is confirmed waits no more');
});
