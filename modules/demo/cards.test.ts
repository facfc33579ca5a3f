import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import { parseScan } from '../people/index.ts';
import { sampleCards } from './cards.ts';
import { TODAY, testHouseholds, testMaking, testRecords } from './testing.ts';

const making = testMaking();
const progress = { seed: making.seed, today: TODAY, time: '16:00', people: 2_000, blocks: 5, target: 2_000 };
const cards = sampleCards(progress, TODAY, making.tables);

test('the texts are read by reception, and name people of the record', () => {
  const households = testHouseholds(making, 1);
  const patients = testRecords(making, households).filter(
    (each): each is Patient => each.resourceType === 'Patient',
  );
  const byNumber = new Map(
    patients.flatMap((patient) =>
      (patient.identifier ?? [])
        .filter((each) => each.system === sid.cccd)
        .map((each) => [each.value, patient] as const),
    ),
  );
  assert.equal(cards.length, 6);
  for (const card of cards.slice(0, -1)) {
    const scan = parseScan(card.citizenCard);
    assert.equal(scan.kind, 'citizen-card');
    assert.deepEqual(scan.kind === 'citizen-card' && scan.remarks, []);
    const patient = byNumber.get(scan.number as string);
    assert.equal(patient?.name?.[0]?.text, card.name);
    assert.equal(scan.kind === 'citizen-card' && scan.birthDate, patient?.birthDate);
  }
});

test('an insurance card carries number, facility and days', () => {
  const valid = parseScan(cards[0]!.insuranceCard!);
  assert.equal(valid.kind, 'insurance-card');
  if (valid.kind !== 'insurance-card') return;
  assert.equal(valid.name, cards[0]!.name);
  assert.match(valid.cardNumber ?? '', /^[A-Z]{2}[1-5]00\d{10}$/);
  assert.match(valid.facility ?? '', /^25D\w\w$/);
  assert.ok(valid.validTo! >= TODAY);
  const lapsed = parseScan(cards[3]!.insuranceCard!);
  assert.ok(lapsed.kind === 'insurance-card' && lapsed.validTo! < TODAY);
  assert.equal(cards[4]!.insuranceCard, null);
});

test('the last card is of nobody in a province of any size', () => {
  assert.equal(cards.at(-1)!.insuranceCard, null);
  assert.match(cards.at(-1)!.citizenCard, /^099090\d{6}\|\|Phạm Văn Mới\|17051990\|Nam\|/);
});
