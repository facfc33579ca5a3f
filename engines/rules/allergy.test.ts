import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import type { AllergyIntolerance } from '../../kernel/fhir/types.ts';
import { checkPrescription, order, rules } from './testing.ts';

const patient = { resourceType: 'Patient', id: 'p', birthDate: '1970-05-01' } as const;

function allergy(
  code: AllergyIntolerance['code'],
  more: Partial<AllergyIntolerance> = {},
): AllergyIntolerance {
  return {
    resourceType: 'AllergyIntolerance',
    patient: { reference: 'Patient/p' },
    clinicalStatus: { coding: [{ code: 'active' }] },
    code,
    ...more,
  };
}

const to = (code: string) => allergy({ text: code, coding: [{ system: cs.ingredient, code }] });

function check(known: AllergyIntolerance, ingredients: string | string[]) {
  const requests = [order(ingredients)];
  return checkPrescription(
    { requests, activeRequests: [], allergies: [known], patient, conditions: [] },
    rules,
  );
}

test('the same ingredient alerts, alone and inside a combination', () => {
  assert.equal(check(to('amoxicilin'), 'amoxicilin')[0]!.severity, 'high');
  const [inside] = check(to('amoxicilin'), ['amoxicilin', 'acid-clavulanic']);
  assert.equal(inside!.kind, 'di-ung');
  assert.match(inside!.title, /dị ứng Amoxicilin/);
});

test('the same ingredient alerts whatever the route', () => {
  const requests = [order('diclofenac', { route: '3.01' })];
  const alerts = checkPrescription(
    { requests, activeRequests: [], allergies: [to('diclofenac')], patient, conditions: [] },
    rules,
  );
  assert.equal(alerts[0]!.kind, 'di-ung');
});

test('cross-reaction by the groups of the content: amoxicilin → ampicilin and cefalexin, not cefazolin, not meropenem', () => {
  assert.match(check(to('amoxicilin'), 'ampicilin')[0]!.title, /dị ứng chéo/);
  assert.match(check(to('amoxicilin'), 'cefalexin')[0]!.title, /dị ứng chéo/);
  assert.deepEqual(check(to('amoxicilin'), 'cefazolin'), []);
  assert.deepEqual(check(to('amoxicilin'), 'meropenem'), []);
});

test('co-trimoxazol rash and furosemid: none (non-antibiotic sulfonamides do not cross-react)', () => {
  assert.deepEqual(check(to('sulfamethoxazol'), 'furosemid'), []);
});

test('an allergy in words is understood: English, Vietnamese, with remarks, by group', () => {
  assert.equal(check(allergy({ text: 'Dị ứng Amoxicillin (mề đay, 2019)' }), 'amoxicilin').length, 1);
  assert.equal(check(allergy({ text: 'Penicillin' }), 'amoxicilin').length, 1);
  assert.equal(check(allergy({ text: 'aspirin' }), 'ibuprofen').length, 1);
  assert.deepEqual(check(allergy({ text: 'Hải sản' }, { category: ['food'] }), 'amoxicilin'), []);
  const [said] = check(allergy({ text: 'Dị ứng với Amoxicillin' }), 'amoxicilin');
  assert.match(said!.reason, /^Hồ sơ ghi dị ứng Amoxicillin;/);
});

test('an allergy by ATC: a substance, a combination, a whole class', () => {
  const byAtc = (code: string) => allergy({ coding: [{ system: cs.atc, code }] });
  assert.match(check(byAtc('J01CA04'), 'amoxicilin')[0]!.title, /dị ứng Amoxicilin/);
  assert.match(check(byAtc('J01CR02'), 'amoxicilin')[0]!.title, /dị ứng Amoxicilin/);
  assert.match(check(byAtc('M01AE'), 'ibuprofen')[0]!.title, /dị ứng Ibuprofen/);
  assert.deepEqual(check(byAtc('N02'), 'amoxicilin'), []);
});

test('refuted, entered-in-error, resolved and "no known allergy" never alert', () => {
  const coded = to('amoxicilin').code;
  assert.deepEqual(
    check(allergy(coded, { verificationStatus: { coding: [{ code: 'refuted' }] } }), 'amoxicilin'),
    [],
  );
  assert.deepEqual(
    check(allergy(coded, { verificationStatus: { coding: [{ code: 'entered-in-error' }] } }), 'amoxicilin'),
    [],
  );
  assert.deepEqual(
    check(allergy(coded, { clinicalStatus: { coding: [{ code: 'resolved' }] } }), 'amoxicilin'),
    [],
  );
  assert.deepEqual(check(allergy({ coding: [{ system: cs.snomed, code: '716186003' }] }), 'amoxicilin'), []);
});

test('a medicine allergy that cannot be recognised is said to be unchecked, and asks for no reason', () => {
  const [notice] = check(
    allergy({ text: 'thuốc nam gia truyền' }, { category: ['medication'] }),
    'paracetamol',
  );
  assert.equal(notice!.kind, 'khong-kiem-tra-duoc');
  assert.equal(notice!.needsReason, false);
  // A partner's record may not say what kind of allergy it is.
  assert.equal(check(allergy({ text: 'thuốc lạ' }), 'paracetamol')[0]!.kind, 'khong-kiem-tra-duoc');
});

test('a grave reaction raises the severity of a cross-reaction', () => {
  const mild = to('cefixim');
  const grave = allergy(mild.code, { criticality: 'high' });
  assert.equal(check(mild, 'cefdinir')[0]!.severity, 'moderate');
  assert.equal(check(grave, 'cefdinir')[0]!.severity, 'high');
});
