/** What one element demands: each rule with a resource that keeps it and one that breaks it. R4 elementdefinition.html. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Checking, checkBy, inShort, PROFILE, profileOf } from './check.testing.ts';
import type { ElementJson } from './definition.ts';

const patient = {
  resourceType: 'Patient',
  identifier: [{ system: 'http://example.org/a', value: '1' }],
  name: [{ family: 'Nguyễn', given: ['Ánh'] }],
  gender: 'female',
  birthDate: '1985-02-07',
};
const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  valueQuantity: { value: 80, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
};

/** Checks by one profile of these elements. */
async function by(resource: { resourceType: string }, element: ElementJson[], more: Checking = {}) {
  const definition = profileOf('p', resource.resourceType, element);
  return checkBy(resource, {
    ...more,
    definitions: [definition, ...(more.definitions ?? [])],
    profiles: [`${PROFILE}p`],
  });
}

test('cardinality: what is required is missed by its place, what is forbidden or too many is told', async () => {
  const required = [{ path: 'Patient.telecom', min: 1 }];
  assert.deepEqual(inShort(await by(patient, required)), ['error Patient.telecom required']);
  assert.deepEqual(
    await by({ ...patient, telecom: [{ system: 'phone', value: '1' }] } as never, required),
    [],
  );
  const none = [{ path: 'Patient.gender', max: '0' }];
  assert.deepEqual(inShort(await by(patient, none)), ['error Patient.gender structure']);
  const one = [{ path: 'Patient.identifier', max: '1' }];
  assert.deepEqual(await by(patient, one), []);
  const two = { ...patient, identifier: [{ value: '1' }, { value: '2' }] };
  assert.deepEqual(inShort(await by(two, one)), ['error Patient.identifier structure']);
});

test('a message says the profile and what would be right, in both languages', async () => {
  const [issue] = await by(patient, [{ path: 'Patient.identifier.type', min: 1 }]);
  assert.equal(issue?.expression, 'Patient.identifier[0].type');
  assert.equal(issue?.text, 'Thiếu phần tử bắt buộc Patient.identifier.type. (hồ sơ mẫu p)');
  assert.equal(issue?.textEn, `Patient.identifier.type is required (min 1). (profile ${PROFILE}p)`);
});

test('types: a choice is narrowed; a slice by its type says how many and what is in it', async () => {
  const narrowed = [{ path: 'Observation.value[x]', type: [{ code: 'string' }] }];
  assert.deepEqual(inShort(await by(observation, narrowed)), ['error Observation.valueQuantity structure']);
  const { valueQuantity: _, ...rest } = observation;
  assert.deepEqual(await by({ ...rest, valueString: 'x' } as never, narrowed), []);
  // The shortcut of R4 profiling.html: valueQuantity is value[x] of type Quantity.
  const shortcut = [
    { path: 'Observation.valueQuantity', min: 1 },
    { path: 'Observation.valueQuantity.unit', min: 1 },
  ];
  assert.deepEqual(await by(observation, shortcut), []);
  assert.deepEqual(inShort(await by(rest as never, shortcut)), ['error Observation.value required']);
  const noUnit = { ...rest, valueQuantity: { value: 1 } };
  assert.deepEqual(inShort(await by(noUnit as never, shortcut)), [
    'error Observation.valueQuantity.unit required',
  ]);
  const sliced = [
    {
      id: 'Observation.value[x]',
      path: 'Observation.value[x]',
      slicing: { discriminator: [{ type: 'type', path: '$this' }], rules: 'closed' },
    },
    {
      id: 'Observation.value[x]:valueString',
      path: 'Observation.value[x]',
      sliceName: 'valueString',
      type: [{ code: 'string' }],
    },
  ];
  assert.deepEqual(inShort(await by(observation, sliced)), ['error Observation.valueQuantity structure']);
});

test('fixed[x] is the value itself, pattern[x] is in it', async () => {
  assert.deepEqual(inShort(await by(patient, [{ path: 'Patient.gender', fixedCode: 'male' }])), [
    'error Patient.gender value',
  ]);
  assert.deepEqual(await by(patient, [{ path: 'Patient.gender', fixedCode: 'female' }]), []);
  const pattern = { coding: [{ code: '8867-4' }] };
  assert.deepEqual(
    await by(observation, [{ path: 'Observation.code', patternCodeableConcept: pattern }]),
    [],
  );
  assert.deepEqual(
    inShort(await by(observation, [{ path: 'Observation.code', fixedCodeableConcept: pattern }])),
    ['error Observation.code value'],
  );
  const other = { coding: [{ code: '8867-4', system: 'http://snomed.info/sct' }] };
  assert.deepEqual(
    inShort(await by(observation, [{ path: 'Observation.code', patternCodeableConcept: other }])),
    ['error Observation.code value'],
  );
});

test('minValue and maxValue: numbers, dates, and quantities in another unit', async () => {
  const from = [{ path: 'Patient.birthDate', minValueDate: '1990-01-01' }];
  assert.deepEqual(inShort(await by(patient, from)), ['error Patient.birthDate value']);
  assert.deepEqual(await by({ ...patient, birthDate: '1990' } as never, from), [], 'less precise: no order');
  const most = [
    {
      path: 'Observation.value[x]',
      type: [{ code: 'Quantity' }],
      maxValueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: '/s' },
    },
  ];
  assert.deepEqual(
    inShort(await by(observation, most)),
    ['error Observation.valueQuantity value'],
    '80/min is more than 1/s',
  );
  const slow = {
    ...observation,
    valueQuantity: { value: 50, system: 'http://unitsofmeasure.org', code: '/min' },
  };
  assert.deepEqual(await by(slow, most), []);
  const born = [
    { path: 'Patient.multipleBirth[x]', type: [{ code: 'integer' }], minValueInteger: 1, maxValueInteger: 4 },
  ];
  assert.deepEqual(inShort(await by({ ...patient, multipleBirthInteger: 5 } as never, born)), [
    'error Patient.multipleBirthInteger value',
  ]);
});

test('maxLength counts characters', async () => {
  const short = [{ path: 'Patient.name.family', maxLength: 6 }];
  assert.deepEqual(await by(patient, short), []);
  assert.deepEqual(inShort(await by({ ...patient, name: [{ family: 'Nguyễn Ng' }] } as never, short)), [
    'error Patient.name[0].family too-long',
  ]);
});

const SET = {
  url: 'http://example.org/vs',
  compose: { include: [{ system: 'http://loinc.org', concept: [{ code: '8867-4' }, { code: '9279-1' }] }] },
};

test('bindings: required is an error, extensible a warning, preferred and example nothing', async () => {
  const bound = (strength: string, path = 'Observation.code') => [
    { path, binding: { strength, valueSet: `${SET.url}|1.0` } },
  ];
  const other = {
    ...observation,
    code: { coding: [{ system: 'http://loinc.org', code: '1-8' }], text: 'x' },
  };
  const with_ = { valueSets: [SET], warnings: true };
  assert.deepEqual(await by(observation, bound('required'), with_), []);
  const [issue] = await by(other, bound('required'), with_);
  assert.equal(issue?.code, 'code-invalid');
  assert.match(
    issue!.textEn!,
    /"http:\/\/loinc\.org\|1-8" is not in the required value set .*: 8867-4, 9279-1/,
  );
  assert.deepEqual(inShort(await by(other, bound('extensible'), with_)), [
    'warning Observation.code code-invalid',
  ]);
  assert.deepEqual(await by(other, bound('extensible'), { valueSets: [SET] }), [], 'a write is not stopped');
  assert.deepEqual(await by(other, bound('preferred'), with_), []);
  assert.deepEqual(await by(other, bound('example'), with_), []);
  const textOnly = { ...observation, code: { text: 'nhịp tim' } };
  assert.deepEqual(inShort(await by(textOnly, bound('required'), with_)), [
    'error Observation.code code-invalid',
  ]);
});

test('a binding whose set is not here stops nothing and is told by $validate', async () => {
  const bound = [
    { path: 'Observation.code', binding: { strength: 'required', valueSet: 'http://example.org/none' } },
  ];
  assert.deepEqual(inShort(await by(observation, bound, { warnings: true })), [
    'warning Observation.code not-found',
  ]);
  assert.deepEqual(await by(observation, bound), []);
});

test('a code, a Coding and a Quantity are bound by what they are', async () => {
  const genders = {
    url: 'http://example.org/g',
    compose: {
      include: [{ system: 'http://hl7.org/fhir/administrative-gender', concept: [{ code: 'male' }] }],
    },
  };
  const code = [{ path: 'Patient.gender', binding: { strength: 'required', valueSet: genders.url } }];
  assert.deepEqual(inShort(await by(patient, code, { valueSets: [genders] })), [
    'error Patient.gender code-invalid',
  ]);
  assert.deepEqual(await by({ ...patient, gender: 'male' } as never, code, { valueSets: [genders] }), []);
  const units = {
    url: 'http://example.org/u',
    compose: { include: [{ system: 'http://unitsofmeasure.org', concept: [{ code: '/min' }] }] },
  };
  const quantity = [{ path: 'Observation.value[x]', binding: { strength: 'required', valueSet: units.url } }];
  assert.deepEqual(await by(observation, quantity, { valueSets: [units] }), []);
  const kelvin = {
    ...observation,
    valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'K' },
  };
  assert.deepEqual(inShort(await by(kelvin, quantity, { valueSets: [units] })), [
    'error Observation.valueQuantity code-invalid',
  ]);
});

test('invariants: an error stops, a warning is told, what R4 has already is not asked twice', async () => {
  const rule = (severity: string) => [
    {
      path: 'Patient',
      constraint: [{ key: 'x-1', severity, human: 'A patient has a phone', expression: 'telecom.exists()' }],
    },
  ];
  const [issue] = await by(patient, rule('error'));
  assert.deepEqual([issue?.expression, issue?.code], ['Patient', 'invariant']);
  assert.match(issue!.text, /^x-1: A patient has a phone/);
  assert.deepEqual(await by(patient, rule('warning')), []);
  assert.deepEqual(inShort(await by(patient, rule('warning'), { warnings: true })), [
    'warning Patient invariant',
  ]);
  assert.deepEqual(
    await by({ ...patient, telecom: [{ system: 'phone', value: '1' }] } as never, rule('error')),
    [],
  );
  const again = [
    {
      path: 'Patient.contact',
      constraint: [{ key: 'pat-1', severity: 'error', human: 'x', expression: 'false' }],
    },
  ];
  assert.deepEqual(
    await by({ ...patient, contact: [{ gender: 'male', name: { text: 'x' } }] } as never, again),
    [],
  );
});

test('references: the types that they may lead to, and the profile of a contained target', async () => {
  const narrowed = [
    {
      path: 'Observation.subject',
      type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Patient'] }],
    },
  ];
  assert.deepEqual(await by({ ...observation, subject: { reference: 'Patient/x' } } as never, narrowed), []);
  assert.deepEqual(
    inShort(await by({ ...observation, subject: { reference: 'Group/x' } } as never, narrowed)),
    ['error Observation.subject.reference value'],
  );
  const named = profileOf('named', 'Patient', [{ path: 'Patient.name', min: 1 }]);
  const profiled = [
    { path: 'Observation.subject', type: [{ code: 'Reference', targetProfile: [named.url] }] },
  ];
  const subject = { reference: '#p' };
  const withTarget = (target: object) => ({ ...observation, subject, contained: [target] }) as never;
  const definitions = [named];
  assert.deepEqual(
    await by(withTarget({ resourceType: 'Patient', id: 'p', name: [{ text: 'x' }] }), profiled, {
      definitions,
    }),
    [],
  );
  assert.deepEqual(
    inShort(
      await by(withTarget({ resourceType: 'Patient', id: 'p', gender: 'male' }), profiled, { definitions }),
    ),
    ['error Observation.subject.reference structure'],
  );
  assert.deepEqual(
    await by({ ...observation, subject: { reference: 'Patient/elsewhere' } } as never, profiled, {
      definitions,
    }),
    [],
    'what is not at hand is not judged',
  );
});

test('a type has a profile: of a datatype, and SimpleQuantity', async () => {
  const withSystem = profileOf(
    'money',
    'Quantity',
    [
      { path: 'Quantity.system', min: 1 },
      { path: 'Quantity.code', fixedCode: '/min' },
    ],
    { kind: 'complex-type' },
  );
  const typed = [{ path: 'Observation.value[x]', type: [{ code: 'Quantity', profile: [withSystem.url] }] }];
  const definitions = [withSystem];
  assert.deepEqual(await by(observation, typed, { definitions }), []);
  assert.deepEqual(
    inShort(await by({ ...observation, valueQuantity: { value: 1 } } as never, typed, { definitions })),
    ['error Observation.valueQuantity.system required'],
  );
  const simple = [
    {
      path: 'Observation.value[x]',
      type: [{ code: 'Quantity', profile: ['http://hl7.org/fhir/StructureDefinition/SimpleQuantity'] }],
    },
  ];
  assert.deepEqual(await by(observation, simple), []);
  const below = { ...observation, valueQuantity: { ...observation.valueQuantity, comparator: '<' } };
  assert.deepEqual(inShort(await by(below as never, simple)), [
    'error Observation.valueQuantity.comparator structure',
    'error Observation.valueQuantity invariant',
  ]);
});

test('what is demanded of an element is demanded of those that take its content', async () => {
  const questionnaire = {
    resourceType: 'Questionnaire',
    status: 'active',
    item: [{ linkId: '1', type: 'group', text: 'a', item: [{ linkId: '2', type: 'string' }] }],
  };
  assert.deepEqual(inShort(await by(questionnaire, [{ path: 'Questionnaire.item.text', min: 1 }])), [
    'error Questionnaire.item[0].item[0].text required',
  ]);
});

test('elements of a primitive: an extension of birthDate is demanded where it belongs', async () => {
  const time = 'http://hl7.org/fhir/StructureDefinition/patient-birthTime';
  const timed = [
    {
      id: 'Patient.birthDate.extension',
      path: 'Patient.birthDate.extension',
      slicing: { discriminator: [{ type: 'value', path: 'url' }], rules: 'open' },
    },
    {
      id: 'Patient.birthDate.extension:time',
      path: 'Patient.birthDate.extension',
      sliceName: 'time',
      min: 1,
      type: [{ code: 'Extension', profile: [time] }],
    },
  ];
  assert.deepEqual(inShort(await by(patient, timed)), ['error Patient.birthDate.extension required']);
  const good = {
    ...patient,
    _birthDate: { extension: [{ url: time, valueDateTime: '1985-02-07T08:00:00+07:00' }] },
  };
  assert.deepEqual(await by(good as never, timed), []);
  const wrong = { ...patient, _birthDate: { extension: [{ url: time, valueString: 'x' }] } };
  assert.deepEqual(inShort(await by(wrong as never, timed)), [
    'error Patient.birthDate.extension[0].valueString structure',
  ]);
});
