/** The same fact in the shapes in which other systems write it: units, codes, words, references, timings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import type { AllergyIntolerance, Medication, MedicationRequest, Quantity } from '../../kernel/fhir/types.ts';
import { allergyAlerts } from './allergy.ts';
import { inUnit } from './calculators/latest.ts';
import { largestDose, mgPerDay } from './masses.ts';
import { takenNow } from './medicine.ts';
import { strengthsOf } from './strengths.ts';
import { crossGroupsOf } from './tables.ts';
import { content, DAY, order, rules } from './testing.ts';

const near = (found: number | null, expected: number) =>
  assert.ok(found !== null && Math.abs(found - expected) < 0.01, `${found} is not ${expected}`);
const quantity = (value: number, unit: string): Quantity => ({ value, unit });

test('weights, lengths, temperatures, pulses and creatinine are read in the units that others write', () => {
  const told: [Quantity, string, number, string?][] = [
    [{ value: 143, unit: 'lb', system: cs.ucum, code: '[lb_av]' }, 'kg', 64.86],
    [quantity(143, 'lbs'), 'kg', 64.86],
    [quantity(3200, 'g'), 'kg', 3.2],
    [quantity(64, 'Kg'), 'kg', 64],
    [quantity(1.6, 'm'), 'cm', 160],
    [quantity(63, 'in'), 'cm', 160.02],
    [{ value: 101.3, unit: '°F', system: cs.ucum, code: '[degF]' }, 'Cel', 38.5],
    [quantity(38.5, '°C'), 'Cel', 38.5],
    [quantity(112, 'bpm'), '/min', 112],
    [{ value: 0.93, unit: '1', system: cs.ucum, code: '1' }, '%', 93],
    [quantity(16, 'kPa'), 'mm[Hg]', 120.01],
    [quantity(221, 'µmol/l'), 'mg/dL', 2.5, 'creatinine'],
    [quantity(0.221, 'mmol/L'), 'mg/dL', 2.5, 'creatinine'],
    [quantity(25, 'mg/L'), 'mg/dL', 2.5, 'creatinine'],
    [quantity(193.35, 'mg/dl'), 'mmol/L', 5, 'cholesterol'],
    [{ value: 64, unit: 'kg', system: 'http://snomed.info/sct', code: '258683005' }, 'kg', 64],
  ];
  for (const [given, unit, expected, substance] of told)
    near(inUnit(given, unit, substance ?? null), expected);
});

test('what nobody can convert is no value: without a unit, in another kind, above or below something', () => {
  assert.equal(inUnit({ value: 60 }, 'kg'), null);
  assert.equal(inUnit(quantity(60, 'cm'), 'kg'), null);
  assert.equal(inUnit({ ...quantity(60, 'kg'), comparator: '>' }, 'kg'), null);
  assert.equal(inUnit(quantity(5, 'mmol/L'), 'mg/dL'), null, 'a mass asks for its substance');
  assert.equal(inUnit(undefined, 'kg'), null);
});

const medication = (more: Partial<Medication>): Medication => ({ resourceType: 'Medication', ...more });
const ratio = (value: number, unit: string, per?: [number, string]) => ({
  numerator: quantity(value, unit),
  ...(per ? { denominator: quantity(...per) } : {}),
});

test('a strength is read from a Medication, else from the name, part by part', () => {
  const named = (name: string) =>
    strengthsOf(undefined, name, rules).map(({ ingredient, mg, per }) => `${ingredient} ${mg} ${per}`);
  assert.deepEqual(named('Paracetamol 500 mg'), ['paracetamol 500 unit']);
  assert.deepEqual(named('Paracetamol 0,5g'), ['paracetamol 500 unit']);
  assert.deepEqual(named('Metformin 1.000 mg'), ['metformin 1000 unit']);
  assert.deepEqual(named('Digoxin 0.250 mg'), ['digoxin 0.25 unit']);
  assert.deepEqual(named('Amoxicilin 250 mg/5 ml hỗn dịch'), ['amoxicilin 50 ml']);
  assert.deepEqual(named('Paracetamol 500mg + Codein 30mg'), ['paracetamol 500 unit', 'codein 30 unit']);
  assert.deepEqual(named('Glucose 5% 500 ml'), [], 'a volume is no mass');
  const syrup = medication({
    ingredient: [
      {
        itemCodeableConcept: { coding: [{ system: cs.ingredient, code: 'ibuprofen' }] },
        strength: ratio(100, 'mg', [5, 'mL']),
      },
    ],
  });
  assert.deepEqual(strengthsOf(syrup, 'Hapacol 500 mg', rules), [
    { ingredient: 'ibuprofen', mg: 20, per: 'ml' },
  ]);
});

type Dosage = NonNullable<MedicationRequest['dosageInstruction']>[number];
const dosed = (name: string, dosage: Dosage[], more: Partial<MedicationRequest> = {}): MedicationRequest => {
  const { medicationCodeableConcept: _, ...rest } = order([], {});
  return { ...rest, medicationCodeableConcept: { text: name }, dosageInstruction: dosage, ...more };
};
const dose = (value: number, unit: string, repeat: object, more: object = {}): Dosage => ({
  timing: { repeat },
  doseAndRate: [{ doseQuantity: quantity(value, unit) }],
  ...more,
});
const perDay = (request: MedicationRequest, ingredient: string) =>
  mgPerDay(takenNow([request], rules)[0]!, ingredient, rules);

test('a day is added up whatever the timing: times a day, every so many hours, by code, with times of day', () => {
  const two = (repeat: object, more: object = {}) =>
    perDay(dosed('Paracetamol 500 mg', [dose(2, 'viên', repeat, more)]), 'paracetamol');
  assert.equal(two({ frequency: 3, period: 1, periodUnit: 'd' }), 3000);
  assert.equal(two({ frequency: 1, period: 4, periodUnit: 'h' }), 6000);
  assert.equal(two({ frequency: 1, frequencyMax: 5, period: 1, periodUnit: 'd' }), 5000);
  assert.equal(two({ frequency: 1, period: 1, periodUnit: 'd', when: ['MORN', 'EVE'] }), 2000);
  assert.equal(two({ frequency: 1, period: 2, periodUnit: 'd' }), 500);
  const coded = dosed('Paracetamol 500 mg', [
    { timing: { code: { coding: [{ code: 'Q6H' }] } }, doseAndRate: [{ doseQuantity: quantity(1, 'viên') }] },
  ]);
  assert.equal(perDay(coded, 'paracetamol'), 2000);
  assert.equal(
    two(
      { frequency: 1, period: 4, periodUnit: 'h' },
      { maxDosePerPeriod: ratio(4, 'g', [1, 'd']), asNeededBoolean: true },
    ),
    4000,
    'no more than the order itself allows',
  );
});

test('a dose in mass, in volume and in tablets is the same; a unit that does not fit the strength is not weighed', () => {
  const thrice = { frequency: 3, period: 1, periodUnit: 'd' };
  assert.equal(perDay(dosed('Amoxicilin', [dose(1, 'g', thrice)]), 'amoxicilin'), 3000);
  assert.equal(perDay(dosed('Amoxicilin 250 mg/5 ml', [dose(20, 'ml', thrice)]), 'amoxicilin'), 3000);
  assert.equal(perDay(dosed('Amoxicilin 500 mg', [dose(2, 'capsule', thrice)]), 'amoxicilin'), 3000);
  assert.equal(perDay(dosed('Amoxicilin 500 mg', [dose(2, 'ml', thrice)]), 'amoxicilin'), null);
  assert.equal(perDay(dosed('Amoxicilin', [dose(2, 'viên', thrice)]), 'amoxicilin'), null);
  const both = dosed('Paracetamol 500mg + Codein 30mg', [dose(2, 'viên', thrice)]);
  assert.deepEqual([perDay(both, 'paracetamol'), perDay(both, 'codein')], [3000, 180]);
});

test('what is taken at one time is added over medicines, also when they are written n times a day', () => {
  const repeat = { frequency: 2, period: 1, periodUnit: 'd' };
  const taken = takenNow(
    [
      dosed('Ibuprofen 400 mg', [dose(1, 'viên', repeat)]),
      dosed('Ibuprofen 600 mg', [dose(1, 'viên', { ...repeat, when: ['MORN'], frequency: 1 })]),
    ],
    rules,
  );
  assert.equal(largestDose(taken, 'ibuprofen', rules), 1000);
});

test('a medicine is known by its contained Medication, by one that is sent along, and by the words of the reference', () => {
  const code = { coding: [{ system: cs.atc, code: 'J01CA04' }] };
  const { medicationCodeableConcept: _, ...bare } = order([], {});
  const told = (request: Partial<MedicationRequest>, medications = new Map<string, Medication>()) =>
    takenNow([{ ...bare, ...request } as MedicationRequest], rules, medications)[0]!;
  const own = told({
    contained: [medication({ id: 'm', code })],
    medicationReference: { reference: '#m' },
  });
  assert.deepEqual(own.ingredients, ['amoxicilin']);
  const sent = new Map([['x', medication({ id: 'x', code: { ...code, text: 'Amoxil' } })]]);
  for (const reference of ['Medication/x', 'https://bv.example/fhir/Medication/x/_history/2'])
    assert.deepEqual(told({ medicationReference: { reference } }, sent).ingredients, ['amoxicilin']);
  assert.equal(told({ medicationReference: { reference: 'Medication/x' } }, sent).name, 'Amoxil');
  const words = told({
    medicationReference: { reference: 'Medication/none', display: 'Amoxicillin 500 mg' },
  });
  assert.deepEqual([words.name, words.ingredients], ['Amoxicillin 500 mg', ['amoxicilin']]);
  const parts = medication({
    id: 'y',
    ingredient: [
      { itemCodeableConcept: { text: 'Amoxicillin' } },
      { itemCodeableConcept: { text: 'Clavulanic acid' } },
    ],
  });
  assert.deepEqual(
    told({ medicationReference: { reference: 'Medication/y' } }, new Map([['y', parts]])).ingredients.sort(),
    ['acid-clavulanic', 'amoxicilin'],
  );
});

const groups = crossGroupsOf(content, 'drug/cross-reactivity', DAY);
const allergic = (more: Partial<AllergyIntolerance>, medicine: string) => {
  const allergy = { resourceType: 'AllergyIntolerance', patient: {}, ...more } as AllergyIntolerance;
  const alerts = allergyAlerts(takenNow([order(medicine)], rules), [allergy], { ...rules, groups });
  return alerts.map(({ kind, severity }) => `${kind} ${severity}`);
};

test('an allergy is found by code, by words where the code is of another system, and by the substance of the reaction', () => {
  const hit = ['di-ung high'];
  assert.deepEqual(allergic({ code: { coding: [{ system: cs.atc, code: 'J01CA04' }] } }, 'amoxicilin'), hit);
  const strange = {
    system: 'http://www.nlm.nih.gov/research/umls/rxnorm',
    code: '723',
    display: 'Amoxicillin',
  };
  assert.deepEqual(allergic({ code: { coding: [strange] } }, 'amoxicilin'), hit);
  const unknown = { coding: [{ system: cs.ingredient, code: 'ma-cu' }], text: 'Amoxicillin' };
  assert.deepEqual(allergic({ code: unknown }, 'amoxicilin'), hit);
  const reaction = [{ substance: { text: 'Amoxicillin' }, manifestation: [{ text: 'mề đay' }] }];
  assert.deepEqual(allergic({ code: { text: 'Dị ứng thuốc' }, reaction }, 'amoxicilin'), hit);
});

test('an allergy that was refuted, or is over, is none, in whatever place its codes stand', () => {
  const code = { text: 'Amoxicillin' };
  const concept = (...codes: string[]) => ({ coding: codes.map((one) => ({ code: one })) });
  assert.deepEqual(allergic({ code, clinicalStatus: concept('local', 'active') }, 'amoxicilin'), [
    'di-ung high',
  ]);
  assert.deepEqual(allergic({ code, clinicalStatus: concept('resolved') }, 'amoxicilin'), []);
  assert.deepEqual(allergic({ code, verificationStatus: concept('local', 'refuted') }, 'amoxicilin'), []);
});

test('brands of the facility’s list are known by their words, names of other countries as synonyms', () => {
  const known = (text: string) => takenNow([dosed(text, [])], rules)[0]!;
  assert.deepEqual(known('Augmentin BD 1000').ingredients, ['acid-clavulanic', 'amoxicilin']);
  assert.deepEqual(known('KLACID 250 mg').ingredients, ['clarithromycin']);
  assert.deepEqual([known('Augmentin 1g').medicine, known('augmentin 1G').medicine], ['T018', 'T018']);
  for (const [text, code] of [
    ['Acetaminophen 325 MG Oral Tablet', 'paracetamol'],
    ['Rifampin 300 MG', 'rifampicin'],
    ['Albuterol 2 MG', 'salbutamol'],
    ['Glyburide 5 MG', 'glibenclamid'],
    ['Warfarin Sodium 5 MG Oral Tablet', 'warfarin'],
  ])
    assert.deepEqual(known(text!).ingredients, [code], text);
  const tablets = dosed('Augmentin 1g', [dose(2, 'viên', { frequency: 3, period: 1, periodUnit: 'd' })]);
  assert.equal(perDay(tablets, 'amoxicilin'), 5250, 'the strength of the list counts');
  assert.deepEqual(known('Thuốc lạ').ingredients, []);
});
