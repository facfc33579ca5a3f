import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Questionnaire, QuestionnaireItem, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import { CORE, form, SDC } from '../testing.ts';
import { extractInto } from './extract.ts';

const response = (item: QuestionnaireResponse['item']): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  id: 'r',
  status: 'completed',
  questionnaire: 'http://example.org/q|1',
  subject: { reference: 'Patient/p' },
  author: { reference: 'Practitioner/d' },
  authored: '2026-07-01T08:00:00+07:00',
  item: item!,
});
const entriesOf = (
  items: QuestionnaireItem[],
  answers: QuestionnaireResponse['item'],
  more: Partial<Questionnaire> = {},
) => {
  const { bundle, issues } = extractInto(response(answers), form(items, more));
  for (const { resource } of bundle.entry ?? [])
    assert.deepEqual(
      validateResource(resource!).filter(({ severity }) => severity === 'error'),
      [],
    );
  assert.deepEqual(issues, []);
  return bundle.entry ?? [];
};
const code = (value: string) => [{ system: 'http://loinc.org', code: value }];
const extracts = (value: object) => ({ url: `${SDC}observationExtract`, ...value });
const MMHG = {
  url: `${CORE}questionnaire-unit`,
  valueCoding: { system: 'http://unitsofmeasure.org', code: 'mm[Hg]', display: 'mmHg' },
};

test('observation-based: a group with a code is one Observation with components, for each of its repeats', () => {
  const part = (linkId: string, loinc: string): QuestionnaireItem => ({
    linkId,
    type: 'integer',
    code: code(loinc),
    extension: [extracts({ valueCode: 'component' }), MMHG],
  });
  const entries = entriesOf(
    [
      {
        linkId: 'bp',
        type: 'group',
        repeats: true,
        code: code('85354-9'),
        extension: [extracts({ valueBoolean: true })],
        item: [part('s', '8480-6'), part('d', '8462-4')],
      },
    ],
    [120, 130].map((systolic) => ({
      linkId: 'bp',
      item: [
        { linkId: 's', answer: [{ valueInteger: systolic }] },
        { linkId: 'd', answer: [{ valueInteger: 80 }] },
      ],
    })),
  );
  assert.equal(entries.length, 2);
  const [first] = entries;
  assert.partialDeepStrictEqual(first!.resource, {
    resourceType: 'Observation',
    status: 'final',
    subject: { reference: 'Patient/p' },
    performer: [{ reference: 'Practitioner/d' }],
    effectiveDateTime: '2026-07-01T08:00:00+07:00',
    derivedFrom: [{ reference: 'QuestionnaireResponse/r' }],
    component: [
      { valueQuantity: { value: 120, code: 'mm[Hg]' } },
      { valueQuantity: { value: 80, code: 'mm[Hg]' } },
    ],
  });
  assert.notEqual(entries[0]!.fullUrl, entries[1]!.fullUrl);
});

test('observation-based: codes that say so alone; categories of what stands above; each answer of several its own', () => {
  const entries = entriesOf(
    [
      {
        linkId: 'g',
        type: 'group',
        extension: [
          {
            url: `${SDC}observation-extract-category`,
            valueCodeableConcept: {
              coding: [
                { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'survey' },
              ],
            },
          },
        ],
        item: [
          {
            linkId: 'a',
            type: 'string',
            repeats: true,
            code: [{ ...code('1-8')[0]!, extension: [extracts({ valueBoolean: true })] }, ...code('2-6')],
          },
          { linkId: 'not', type: 'string', code: code('3-4') },
        ],
      },
    ],
    [
      {
        linkId: 'g',
        item: [
          { linkId: 'a', answer: [{ valueString: 'x' }, { valueString: 'y' }] },
          { linkId: 'not', answer: [{ valueString: 'z' }] },
        ],
      },
    ],
  );
  assert.deepEqual(
    entries.map(({ resource }) => (resource as { valueString?: string }).valueString),
    ['x', 'y'],
  );
  const [{ resource }] = entries as unknown as [
    { resource: { code: { coding: object[] }; category: { coding: { code: string }[] }[] } },
  ];
  assert.deepEqual(resource.code.coding, code('1-8'));
  assert.equal(resource.category[0]!.coding[0]!.code, 'survey');
});

const PATIENT = 'http://hl7.org/fhir/StructureDefinition/Patient';

test('definition-based: groups are elements, answers their parts, fixed and calculated values beside them', () => {
  const definition = (path: string) => `${PATIENT}#${path}`;
  const entries = entriesOf(
    [
      {
        linkId: 'person',
        type: 'group',
        extension: [
          { url: `${SDC}definitionExtract`, extension: [{ url: 'definition', valueCanonical: PATIENT }] },
        ],
        item: [
          {
            linkId: 'name',
            type: 'group',
            repeats: true,
            definition: definition('Patient.name'),
            item: [
              { linkId: 'family', type: 'string', definition: definition('Patient.name.family') },
              {
                linkId: 'given',
                type: 'string',
                repeats: true,
                definition: definition('Patient.name.given'),
              },
            ],
          },
          {
            linkId: 'sex',
            type: 'choice',
            definition: definition('Patient.gender'),
            answerOption: [{ valueCoding: { code: 'female' } }],
          },
          { linkId: 'born', type: 'date', definition: definition('Patient.birthDate') },
          {
            linkId: 'number',
            type: 'string',
            definition: definition('Patient.identifier.value'),
            extension: [
              {
                url: `${SDC}definitionExtractValue`,
                extension: [
                  { url: 'definition', valueUri: definition('Patient.identifier.system') },
                  { url: 'fixed-value', valueUri: 'http://example.org/numbers' },
                ],
              },
            ],
          },
        ],
      },
    ],
    [
      {
        linkId: 'person',
        item: [
          {
            linkId: 'name',
            item: [
              { linkId: 'family', answer: [{ valueString: 'Nguyễn' }] },
              { linkId: 'given', answer: [{ valueString: 'Thị' }, { valueString: 'An' }] },
            ],
          },
          { linkId: 'name', item: [{ linkId: 'family', answer: [{ valueString: 'Ng' }] }] },
          { linkId: 'sex', answer: [{ valueCoding: { code: 'female' } }] },
          { linkId: 'born', answer: [{ valueDate: '1990-01-02' }] },
          { linkId: 'number', answer: [{ valueString: '17' }] },
        ],
      },
    ],
  );
  assert.equal(entries.length, 1);
  assert.equal(entries[0]!.request?.url, 'Patient');
  assert.partialDeepStrictEqual(entries[0]!.resource, {
    resourceType: 'Patient',
    name: [{ family: 'Nguyễn', given: ['Thị', 'An'] }, { family: 'Ng' }],
    gender: 'female',
    birthDate: '1990-01-02',
    identifier: [{ value: '17', system: 'http://example.org/numbers' }],
  });
});

test('definition-based: a hidden id makes an update; the person is named where the form does not', () => {
  const ALLERGY = 'http://hl7.org/fhir/StructureDefinition/AllergyIntolerance';
  const [entry] = entriesOf(
    [
      {
        linkId: 'g',
        type: 'group',
        extension: [{ url: `${SDC}itemExtractionContext`, valueCode: 'AllergyIntolerance' }],
        item: [
          { linkId: 'id', type: 'string', definition: `${ALLERGY}#AllergyIntolerance.id` },
          { linkId: 'what', type: 'open-choice', definition: `${ALLERGY}#AllergyIntolerance.code` },
          { linkId: 'status', type: 'choice', definition: `${ALLERGY}#AllergyIntolerance.clinicalStatus` },
        ],
      },
    ],
    [
      {
        linkId: 'g',
        item: [
          { linkId: 'id', answer: [{ valueString: 'a1' }] },
          { linkId: 'what', answer: [{ valueString: 'tôm' }] },
          {
            linkId: 'status',
            answer: [
              {
                valueCoding: {
                  system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
                  code: 'active',
                },
              },
            ],
          },
        ],
      },
    ],
  );
  assert.deepEqual(entry!.request, { method: 'PUT', url: 'AllergyIntolerance/a1' });
  assert.partialDeepStrictEqual(entry!.resource, {
    patient: { reference: 'Patient/p' },
    code: { text: 'tôm' },
  });
});

const value = (expression: string) => ({
  extension: [{ url: `${SDC}templateExtractValue`, valueString: expression }],
});
const template = (reference: string, more: object[] = []) => ({
  url: `${SDC}templateExtract`,
  extension: [{ url: 'template', valueReference: { reference } }, ...more],
});

test('template-based: contexts repeat, values replace, what has no answer goes; names that were allocated are shared', () => {
  const entries = entriesOf(
    [
      { linkId: 'name', type: 'string' },
      { linkId: 'phone', type: 'string', repeats: true },
      { linkId: 'height', type: 'decimal', extension: [template('#height') as never] },
    ],
    [
      { linkId: 'name', answer: [{ valueString: 'An' }] },
      { linkId: 'phone', answer: [{ valueString: '0000' }, { valueString: '0001' }] },
      { linkId: 'height', answer: [{ valueDecimal: 1.6 }] },
    ],
    {
      extension: [
        { url: `${SDC}extractAllocateId`, valueString: 'newPatient' },
        template('#patient', [{ url: 'fullUrl', valueString: '%newPatient' }]) as never,
      ],
      contained: [
        {
          resourceType: 'Patient',
          id: 'patient',
          name: [{ _text: value("item.where(linkId = 'name').answer.value.first()") }],
          telecom: [
            {
              extension: [
                {
                  url: `${SDC}templateExtractContext`,
                  valueString: "item.where(linkId = 'phone').answer.value",
                },
              ],
              system: 'phone',
              _value: value('first()'),
            },
          ],
          _birthDate: value("item.where(linkId = 'none').answer.value"),
        } as never,
        {
          resourceType: 'Observation',
          id: 'height',
          status: 'final',
          code: { coding: code('8302-2') },
          subject: { _reference: value('%newPatient') },
          valueQuantity: { unit: 'cm', _value: value('answer.value * 100') },
        } as never,
      ],
    },
  );
  const [patient, height] = entries;
  assert.deepEqual(
    [(patient!.resource as { name: object }).name, (patient!.resource as { telecom: object }).telecom],
    [
      [{ text: 'An' }],
      [
        { system: 'phone', value: '0000' },
        { system: 'phone', value: '0001' },
      ],
    ],
  );
  assert.ok(!('birthDate' in patient!.resource!));
  assert.partialDeepStrictEqual(height!.resource, {
    subject: { reference: patient!.fullUrl },
    valueQuantity: { value: 160, unit: 'cm' },
  });
});

test('the same answers give the same Bundle; what was extracted before is amended', () => {
  const questionnaire = form([
    { linkId: 'a', type: 'string', code: code('1-8'), extension: [extracts({ valueBoolean: true })] },
  ]);
  const answered = response([{ linkId: 'a', answer: [{ valueString: 'x' }] }]);
  const { bundle } = extractInto(answered, questionnaire);
  assert.deepEqual(extractInto(answered, questionnaire).bundle, bundle);
  const made = { ...bundle.entry![0]!.resource!, id: 'o' } as never;
  const again = extractInto(answered, questionnaire, { existing: new Map([['r/a', made]]) }).bundle
    .entry![0]!;
  assert.deepEqual(
    [again.request, (again.resource as { status: string }).status],
    [{ method: 'PUT', url: 'Observation/o' }, 'amended'],
  );
});

test('of a resource that lives on by itself an update changes what the form names, of the version that was read, and nothing else', () => {
  const questionnaire = form([{ linkId: 'name', type: 'string' }], {
    extension: [
      template('#person', [
        { url: 'http://yba.vn/fhir/ext/phieu-sua', valueString: 'birthDate' },
        { url: 'http://yba.vn/fhir/ext/phieu-sua', valueString: 'deceasedDateTime' },
      ]) as never,
    ],
    contained: [
      {
        resourceType: 'Patient',
        id: 'person',
        name: [{ _text: value('item.answer.value') }],
        birthDate: '2026-11-27',
      } as never,
    ],
  });
  const answered = response([{ linkId: 'name', answer: [{ valueString: 'An' }] }]);
  const made = extractInto(answered, questionnaire).bundle.entry![0]!.resource as {
    identifier: { value: string }[];
  };
  const standing = {
    ...made,
    id: 'p',
    meta: { versionId: '4' },
    name: [{ text: 'Bảo An' }],
    birthDate: '2026-11-26',
    deceasedDateTime: '2026-11-27',
  };
  const existing = new Map([[made.identifier[0]!.value, standing as never]]);
  const { resource, request } = extractInto(answered, questionnaire, { existing }).bundle.entry![0]!;
  assert.deepEqual(request, { method: 'PUT', url: 'Patient/p', ifMatch: 'W/"4"' });
  const { deceasedDateTime: _, ...alive } = standing;
  assert.deepEqual(resource, { ...alive, birthDate: '2026-11-27' });
});
