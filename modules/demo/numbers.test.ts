import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Identifier, Patient } from '../../kernel/fhir/types.ts';
import { checkCitizenNumber } from '../people/index.ts';
import { cardNumber, citizenNumber, phoneNumber, socialInsuranceNumber } from './numbers.ts';
import { demoStaff } from './staff.ts';
import { everyValue, TODAY, testHouseholds, testMaking, testRecords } from './testing.ts';

/** What each kind of number must look like so that it can be no real person's (docs/model.md, demo ranges). */
const RESERVED: Record<string, RegExp> = {
  [sid.cccd]: /^099[0-3]\d{8}$/,
  [sid.bhxh]: /^00\d{8}$/,
  [sid.bhyt]: /^[A-Z]{2}[1-5]00\d{10}$/,
  [sid.patientCode]: /^25D\w\w\.\d{7}$/,
  [sid.household]: /^00-\d{7}$/,
  [sid.episode]: /^25D\w\w\.\d{12}\.\d{7}$/,
  [sid.chargeLine]: /^25D\w\w\.\d{12}\.\d{7}\.\d+$/,
  [sid.ticket]: /^\d{3}$/,
  [sid.prescription]: /^25D\w\w[0-9a-z]{7}-c$/,
  [sid.cskcb]: /^25D\w\w$/,
  [sid.response]: /^DEMO-\d+-\d{4}-\d{2}-\d{2}-[a-z-]+$/,
  [sid.answer]: /DEMO-\d+-\d{4}-\d{2}-\d{2}-[a-z-]+/,
};

test('every number of every resource lies in a reserved range', () => {
  const making = testMaking();
  let seen = 0;
  for (const resource of testRecords(making, testHouseholds(making, 1))) {
    for (const { value, path } of everyValue(resource)) {
      if (!path.endsWith('identifier') && !path.endsWith('Identifier')) continue;
      for (const identifier of [value].flat() as Identifier[]) {
        const pattern = RESERVED[identifier.system ?? ''];
        assert.ok(pattern, `${resource.resourceType}: no reserved range for ${identifier.system}`);
        assert.match(identifier.value ?? '', pattern);
        seen += 1;
      }
    }
    if (resource.resourceType === 'Patient') {
      for (const { value } of (resource as Patient).telecom ?? []) assert.match(value ?? '', /^0000\d{6}$/);
    }
  }
  assert.ok(seen > 1000);
});

test('licences of staff are no licences', () => {
  const { content, seed, tables, words } = testMaking();
  const staff = demoStaff(content, seed, TODAY, tables, words);
  assert.ok(staff.length > 100);
  for (const { licence } of staff) if (licence !== null) assert.match(licence, /^DEMO-/);
});

test('no province has 099, so the number is known to be nobody, and the rest of it is right', () => {
  const number = citizenNumber(7, 'female', 2004);
  assert.equal(number.slice(0, 6), '099304');
  assert.equal(citizenNumber(7, 'male', 1985).slice(0, 6), '099085');
  const facts = { sex: 'female', birthDate: '2004-03-01', today: '2026-11-22' };
  const checked = checkCitizenNumber(number, facts, testMaking().content);
  assert.equal(checked.ok, true);
  assert.equal(checked.demo, true);
  assert.equal(checked.place?.name, null);
  assert.deepEqual(checked.warnings, []);
});

test('numbers are distinct for a million people', () => {
  for (const make of [
    (serial: number) => citizenNumber(serial, 'male', 1990),
    socialInsuranceNumber,
    phoneNumber,
    (serial: number) => cardNumber('GD', '4', serial),
  ]) {
    assert.equal(new Set(Array.from({ length: 1_000_000 }, (_, serial) => make(serial))).size, 1_000_000);
  }
});
