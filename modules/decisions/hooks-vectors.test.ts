/** The vectors of the clinical reference, asked over HTTP as other systems ask: with units, codes and references of their own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { allergyOf, draftOf, type HookWorld, openHookWorld, type ShownCard } from './testing.ts';

let world: HookWorld;
let patient: string;

before(async () => {
  world = await openHookWorld();
  ({ patient } = world);
});
after(() => world.stop());

/** A birth date so many years (or days) ago. */
const yearsAgo = (years: number) => {
  const [year, ...rest] = vietnamDay(world.now()).split('-');
  return [Number(year) - years, ...rest].join('-');
};
const daysAgo = (days: number) => vietnamDay(new Date(world.now().getTime() - days * 86_400_000));
const searchset = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
});
const subject = () => ({ reference: `Patient/${patient}` });

const measured = (code: string, valueQuantity: object, minutesAgo = 60, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  subject: subject(),
  effectiveDateTime: new Date(world.now().getTime() - minutesAgo * 60_000).toISOString(),
  code: {
    coding: [
      { system: 'urn:local', code: 'x' },
      { system: cs.loinc, code },
    ],
  },
  valueQuantity,
  ...more,
});
const coded = (code: string, value: { system: string; code: string }) => ({
  ...measured(code, {}),
  valueQuantity: undefined,
  valueCodeableConcept: { coding: [value] },
});

interface Person {
  gender: 'male' | 'female';
  birthDate: string;
}

async function cardsOf(
  hook: string,
  person: Person,
  given: Record<string, unknown>,
  context: object = {},
): Promise<ShownCard[]> {
  const { status, body } = await world.ask(hook, {
    context: { userId: 'Practitioner/x', patientId: patient, ...context },
    prefetch: await world.prefetch(hook, {
      patient: { resourceType: 'Patient', id: patient, ...person },
      ...given,
    }),
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body.cards;
}
const said = (cards: readonly ShownCard[], rule: string) =>
  cards.filter(({ source }) => source.topic.code === rule).map(({ summary }) => summary);

const view = async (rule: string, person: Person, ...observations: object[]) =>
  said(await cardsOf('patient-view', person, { observation: searchset(...observations) }), rule);

test('filtration rate: µmol/L, mmol/L and mg/dL of one creatinine give one answer; the newest counts, an old one is none', async () => {
  const old = { gender: 'female', birthDate: yearsAgo(70) } as const;
  const expected = ['eGFR 20 mL/phút/1,73 m² (G4)'];
  for (const [code, value, unit] of [
    ['2160-0', 2.5, 'mg/dL'],
    ['14682-9', 221, 'umol/L'],
    ['14682-9', 221, 'µmol/L'],
    ['38483-4', 2.5, 'mg/dL'],
  ] as const)
    assert.deepEqual(await view('chuc-nang-than', old, measured(code, { value, unit })), expected, unit);
  const normal = measured('2160-0', { value: 0.7, unit: 'mg/dL' }, 30);
  const before = measured('2160-0', { value: 2.5, unit: 'mg/dL' }, 3000);
  assert.deepEqual(await view('chuc-nang-than', old, before, normal), []);
  assert.deepEqual(
    await view('chuc-nang-than', old, measured('2160-0', { value: 2.5, unit: 'mg/dL' }, 60 * 24 * 400)),
    [],
  );
  assert.deepEqual(await view('chuc-nang-than', old, measured('2160-0', { value: 2.5, unit: '' })), []);
  assert.deepEqual(
    await view(
      'chuc-nang-than',
      { gender: 'male', birthDate: yearsAgo(55) },
      measured('2160-0', { value: 1.2, unit: 'mg/dL' }),
    ),
    [],
    '71 is told to nobody',
  );
});

test('filtration rate: what the laboratory reported is told as it is, where it is newer than a creatinine', async () => {
  const old = { gender: 'female', birthDate: yearsAgo(70) } as const;
  const reported = measured('98979-8', { value: 52, unit: 'mL/min/1.73m2' }, 60);
  const creatinine = (minutesAgo: number) => measured('2160-0', { value: 2.5, unit: 'mg/dL' }, minutesAgo);
  const told = ['eGFR 52 mL/phút/1,73 m² (G3a)'];
  assert.deepEqual(await view('chuc-nang-than', old, reported), told);
  assert.deepEqual(await view('chuc-nang-than', old, reported, creatinine(3000)), told);
  assert.deepEqual(await view('chuc-nang-than', old, reported, creatinine(5)), [
    'eGFR 20 mL/phút/1,73 m² (G4)',
  ]);
});

test('NEWS2: ten points, in °F and as parts of a panel; with something missing it is said to be the least', async () => {
  const person = { gender: 'male', birthDate: yearsAgo(60) } as const;
  const signs = [
    measured('9279-1', { value: 22, unit: 'breaths/minute' }),
    measured('2708-6', { value: 93, unit: '%', code: '%', system: cs.ucum }),
    measured('85354-9', {}, 60, {
      valueQuantity: undefined,
      component: [
        {
          code: { coding: [{ system: cs.loinc, code: '8480-6' }] },
          valueQuantity: { value: 105, unit: 'mmHg', code: 'mm[Hg]', system: cs.ucum },
        },
      ],
    }),
    measured('8867-4', { value: 112, unit: 'bpm' }),
    measured('8310-5', { value: 101.3, unit: '°F', code: '[degF]', system: cs.ucum }),
  ];
  const rest = [
    measured('3151-8', { value: 2, unit: 'L/min', code: 'L/min', system: cs.ucum }),
    coded('67775-7', { system: cs.loinc, code: 'LA9340-6' }),
  ];
  const whole = await view('canh-bao-som', person, ...signs, ...rest);
  assert.equal(whole.length, 1);
  assert.match(whole[0]!, /^NEWS2.*10/);
  const partly = await view('canh-bao-som', person, ...signs);
  assert.match(partly[0]!, /ít nhất 8/);
});

test('cardiovascular risk: of cholesterol in mmol/L and mg/dL the same', async () => {
  const man = { gender: 'male', birthDate: yearsAgo(55) } as const;
  const told = (cholesterol: object) =>
    view(
      'nguy-co-tim-mach',
      man,
      measured('8480-6', { value: 190, unit: 'mm[Hg]' }),
      cholesterol,
      coded('72166-2', { system: 'http://snomed.info/sct', code: '77176002' }),
    );
  const [mmol] = await told(measured('14647-2', { value: 7, unit: 'mmol/L' }));
  assert.match(mmol!, /^Nguy cơ tim mạch 10 năm: \d+(\.\d)? %$/);
  assert.deepEqual(await told(measured('2093-3', { value: 270.69, unit: 'mg/dL' })), [mmol]);
});

test('growth: kg, g and lb of one child give one z-score', async () => {
  const boy = { gender: 'male', birthDate: daysAgo(365) } as const;
  for (const [value, unit] of [
    [7, 'kg'],
    [7000, 'g'],
    [15.432, '[lb_av]'],
  ] as const)
    assert.deepEqual(
      await view('tang-truong', boy, measured('29463-7', { value, unit })),
      ['Cân nặng theo tuổi: z = -2.9 (vừa)'],
      unit,
    );
});

const adult = () => ({ gender: 'female' as const, birthDate: yearsAgo(40) });
const drafts = (...entry: object[]) => ({
  draftOrders: { resourceType: 'Bundle', type: 'collection', entry },
});
const line = (id: string, medicationCodeableConcept: object | undefined, more: object = {}) =>
  draftOf(patient, 'x', { id, medicationCodeableConcept, ...more });
const sign = async (
  rule: string,
  entry: object[],
  given: Record<string, unknown> = {},
  person: Person = adult(),
) => said(await cardsOf('order-sign', person, given, drafts(...entry)), rule);
const dosage = (value: number, unit: string, repeat: object) => ({
  dosageInstruction: [{ timing: { repeat }, doseAndRate: [{ doseQuantity: { value, unit } }] }],
});

test('interactions: by ATC, by the facility’s list, by name in English, in both orders; harmless ones say nothing', async () => {
  const shapes: [object, object][] = [
    [{ coding: [{ system: cs.atc, code: 'J04AB02' }] }, { coding: [{ system: cs.atc, code: 'J02AC03' }] }],
    [{ text: 'Rifampicin 150mg' }, { text: 'Voriconazole 200 mg' }],
    [
      { coding: [{ system: 'urn:rxnorm', code: '9384', display: 'Rifampin' }], text: 'Rifampicin' },
      { text: 'voriconazol' },
    ],
  ];
  for (const [a, b] of shapes)
    for (const pair of [
      [line('a', a), line('b', b)],
      [line('a', b), line('b', a)],
    ]) {
      const told = await sign('tuong-tac', pair);
      assert.equal(told.length, 1, JSON.stringify(pair));
      assert.match(told[0]!, /^Chống chỉ định phối hợp .*(Rifampicin.*Voriconazol|Voriconazol.*Rifampicin)/);
    }
  assert.deepEqual(
    await sign('tuong-tac', [line('a', { text: 'Amlodipin 5 mg' }), line('b', { text: 'Metformin 500 mg' })]),
    [],
  );
});

test('doses: of tablets by the strength in the name, of a child by weight in lb, of a combination part by part', async () => {
  const thrice = { frequency: 3, period: 1, periodUnit: 'd' };
  const four = await sign('lieu-toi-da', [
    line('a', { text: 'Paracetamol 500 mg' }, dosage(3, 'viên', thrice)),
  ]);
  assert.match(four[0]!, /4500|4\.500/);
  const child = { gender: 'male' as const, birthDate: yearsAgo(4) };
  const weight = measured('29463-7', { value: 35.274, unit: 'lb' });
  const [heavy] = await sign(
    'lieu-toi-da',
    [line('a', { text: 'Paracetamol 250 mg' }, dosage(2, 'gói', thrice))],
    { observation: searchset(weight) },
    child,
  );
  assert.match(heavy!, /93,[78] mg\/kg\/ngày/);
  const [codein] = await sign('lieu-toi-da', [
    line('a', { text: 'Paracetamol 500mg + Codein 30mg' }, dosage(3, 'viên', thrice)),
  ]);
  assert.match(codein!, /270 mg|90 mg|4500 mg/);
  const unknown = await sign('lieu-toi-da', [line('a', { text: 'Paracetamol' }, dosage(3, 'viên', thrice))]);
  assert.match(unknown[0]!, /không rõ hàm lượng/);
});

test('kidney: the dose by a creatinine in µmol/L', async () => {
  const observation = searchset(measured('14682-9', { value: 221, unit: 'µmol/L' }));
  const old = { gender: 'female' as const, birthDate: yearsAgo(70) };
  const told = await sign('lieu-theo-than', [line('a', { text: 'Etoricoxib 60 mg' })], { observation }, old);
  assert.match(told[0]!, /^Chống chỉ định khi eGFR 20/);
});

test('kidney: a rate that the laboratory reported counts as one that is computed, the newer of both', async () => {
  const old = { gender: 'female' as const, birthDate: yearsAgo(70) };
  const reported = (value: number, minutesAgo: number) =>
    measured('98979-8', { value, unit: 'mL/min/1.73 m2' }, minutesAgo);
  const creatinine = (value: number, minutesAgo: number) =>
    measured('2160-0', { value, unit: 'mg/dL' }, minutesAgo);
  const told = async (...results: object[]) =>
    sign(
      'lieu-theo-than',
      [line('a', { text: 'Metformin 500 mg' })],
      { observation: searchset(...results) },
      old,
    );
  assert.match((await told(reported(25, 60)))[0]!, /^Chống chỉ định khi eGFR 25/);
  assert.deepEqual(await told(reported(80, 60)), []);
  assert.match((await told(reported(80, 3000), creatinine(2.5, 60)))[0]!, /eGFR 20/);
  assert.deepEqual(await told(reported(80, 60), creatinine(2.5, 3000)), []);
});

test('pregnancy: by a diagnosis, by its status, of ACE inhibitors, sartans, statins and tetracyclines alike', async () => {
  const condition = searchset({
    resourceType: 'Condition',
    subject: subject(),
    code: { coding: [{ system: cs.icd10, code: 'Z34.0' }] },
  });
  const observation = searchset(coded('82810-3', { system: cs.loinc, code: 'LA15173-0' }));
  for (const name of ['Enalapril 5 mg', 'Candesartan', 'Lovastatin', 'Tetracycline', 'Warfarin']) {
    assert.equal(
      (await sign('chong-chi-dinh-benh', [line('a', { text: name })], { condition })).length,
      1,
      name,
    );
    assert.equal(
      (await sign('chong-chi-dinh-benh', [line('a', { text: name })], { observation })).length,
      1,
      name,
    );
  }
  assert.deepEqual(await sign('chong-chi-dinh-benh', [line('a', { text: 'Enalapril' })]), []);
});

test('duplicates across a brand of the list, a combination and an earlier order whose Medication is sent along', async () => {
  const combined = line('b', { coding: [{ system: cs.medicine, code: 'T005' }] });
  const brand = line('a', { coding: [{ system: cs.medicine, code: 'T001' }] });
  assert.equal((await sign('trung-hoat-chat', [brand, combined])).length, 1);
  const earlier = {
    resourceType: 'MedicationRequest',
    id: 'cu',
    status: 'active',
    intent: 'order',
    subject: subject(),
    authoredOn: daysAgo(2),
    medicationReference: { reference: 'Medication/m1' },
    dispenseRequest: { expectedSupplyDuration: { value: 30, unit: 'd', code: 'd', system: cs.ucum } },
  };
  const medication = {
    resourceType: 'Medication',
    id: 'm1',
    code: { coding: [{ system: cs.atc, code: 'N02BE01' }] },
  };
  const told = await sign('trung-hoat-chat', [brand], { medicationRequest: searchset(earlier, medication) });
  assert.match(told[0]!, /^Trùng hoạt chất Paracetamol/);
});

test('a draft names its medicine by a Medication beside it: by id, by urn:uuid, or by one of the record', async () => {
  const allergyIntolerance = searchset(allergyOf(patient, 'amoxicilin'));
  const code = { coding: [{ system: cs.atc, code: 'J01CA04' }] };
  const uuid = 'urn:uuid:7f1c9f0e-0d7e-4a56-9d46-6a4a3f0f2b11';
  const stored = await world.send('POST', '/fhir/Medication', { resourceType: 'Medication', code });
  assert.equal(stored.status, 201, JSON.stringify(stored.body));
  for (const [reference, beside] of [
    ['Medication/m1', [{ resource: { resourceType: 'Medication', id: 'm1', code } }]],
    [uuid, [{ fullUrl: uuid, resource: { resourceType: 'Medication', code } }]],
    [`Medication/${stored.body.id}`, []],
  ] as [string, object[]][]) {
    const draft = line('a', undefined, { medicationReference: { reference } });
    assert.equal((await sign('di-ung', [...beside, draft], { allergyIntolerance })).length, 1, reference);
  }
});

test('an earlier order of the record that refers to a Medication counts, without anything sent along', async () => {
  const person = await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', ...adult() });
  const about = { reference: `Patient/${person.body.id}` };
  const medication = await world.send('POST', '/fhir/Medication', {
    resourceType: 'Medication',
    code: { coding: [{ system: cs.atc, code: 'N02BE01' }] },
  });
  const order = await world.send('POST', '/fhir/MedicationRequest', {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: about,
    authoredOn: world.now().toISOString(),
    medicationReference: { reference: `Medication/${medication.body.id}` },
  });
  assert.equal(order.status, 201, JSON.stringify(order.body));
  const { body } = await world.ask('order-sign', {
    context: {
      userId: 'Practitioner/x',
      patientId: person.body.id,
      ...drafts(draftOf(`${person.body.id}`, 'paracetamol')),
    },
  });
  assert.equal(said(body.cards, 'trung-hoat-chat').length, 1, JSON.stringify(body));
});

test('order-select tells of what was chosen alone; what was chosen with an earlier draft is told; order-sign tells all', async () => {
  const allergyIntolerance = searchset(allergyOf(patient, 'amoxicilin'));
  const entry = [
    line('a', { text: 'Amoxicilin 500 mg' }),
    line('b', { text: 'Rifampicin 150mg' }),
    line('c', { text: 'Voriconazol 200 mg' }),
  ];
  const select = async (...selections: string[]) => {
    const cards = await cardsOf(
      'order-select',
      adult(),
      { allergyIntolerance },
      { ...drafts(...entry), selections },
    );
    return cards.map(({ source }) => source.topic.code).sort();
  };
  assert.deepEqual(await select('MedicationRequest/a'), ['di-ung']);
  assert.deepEqual(await select('c'), ['tuong-tac']);
  assert.deepEqual(await select('MedicationRequest/b', 'MedicationRequest/a'), ['di-ung', 'tuong-tac']);
  const all = await cardsOf('order-sign', adult(), { allergyIntolerance }, drafts(...entry));
  assert.deepEqual(all.map(({ source }) => source.topic.code).sort(), ['di-ung', 'tuong-tac']);
});
