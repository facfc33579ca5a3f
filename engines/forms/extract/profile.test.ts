/** Definition-based extraction into a profile: slices by their names, and what the profile fixes. https://hl7.org/fhir/uv/sdc/extraction.html */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Extension,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  StructureDefinition,
} from '../../../kernel/fhir/types.ts';
import { sliceFaults } from '../check/slices.ts';
import { form, SDC } from '../testing.ts';
import { extractInto } from './extract.ts';
import { profilesNamed } from './profile.ts';

const PROFILE = 'http://example.org/StructureDefinition/cong-dan';
const into = (path: string) => `${PROFILE}#${path}`;
const started: Extension = {
  url: `${SDC}definitionExtract`,
  extension: [{ url: 'definition', valueCanonical: PROFILE }],
};

const profileOf = (type: string, element: object[]): StructureDefinition =>
  ({ resourceType: 'StructureDefinition', url: PROFILE, type, differential: { element } }) as never;

const CITIZEN = profileOf('Patient', [
  { id: 'Patient', path: 'Patient' },
  { id: 'Patient.identifier', path: 'Patient.identifier' },
  { id: 'Patient.identifier:cccd', path: 'Patient.identifier', sliceName: 'cccd', min: 1 },
  {
    id: 'Patient.identifier:cccd.system',
    path: 'Patient.identifier.system',
    fixedUri: 'http://example.org/cccd',
  },
  {
    id: 'Patient.identifier:cccd.type',
    path: 'Patient.identifier.type',
    patternCodeableConcept: { coding: [{ system: 'http://example.org/kind', code: 'NI' }] },
  },
  { id: 'Patient.identifier:the', path: 'Patient.identifier', sliceName: 'the' },
  {
    id: 'Patient.identifier:the.system',
    path: 'Patient.identifier.system',
    fixedUri: 'http://example.org/the',
  },
  { id: 'Patient.active', path: 'Patient.active', min: 1, fixedBoolean: true },
  { id: 'Patient.gender', path: 'Patient.gender', fixedCode: 'female' },
]);

function extracted(
  items: QuestionnaireItem[],
  answers: QuestionnaireResponseItem[],
  profile: StructureDefinition | null = CITIZEN,
) {
  const response: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    item: answers,
  };
  const questionnaire = form(items, { extension: [started] });
  assert.deepEqual(profilesNamed(questionnaire), [PROFILE]);
  const profiles = new Map(profile ? [[PROFILE, profile] as const] : []);
  const { bundle, issues } = extractInto(response, questionnaire, { profiles });
  return { resources: (bundle.entry ?? []).map(({ resource }) => resource as object), issues };
}

const asked = (linkId: string, path: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem => ({
  linkId,
  type: 'string',
  definition: into(path),
  ...more,
});
const said = (linkId: string, ...texts: string[]): QuestionnaireResponseItem => ({
  linkId,
  answer: texts.map((valueString) => ({ valueString })),
});

test('each slice is an element of its own, whatever stands between its parts; the profile says its fixed parts', () => {
  const { resources, issues } = extracted(
    [
      asked('number', 'Patient.identifier:cccd.value'),
      asked('card', 'Patient.identifier:the.value'),
      asked('place', 'Patient.identifier:cccd.assigner.display'),
      asked('other', 'Patient.identifier.value'),
    ],
    [said('number', '099'), said('card', 'TE1'), said('place', 'Cục'), said('other', 'x')],
  );
  assert.deepEqual(issues, []);
  assert.deepEqual(resources, [
    {
      resourceType: 'Patient',
      meta: { profile: [PROFILE] },
      identifier: [
        {
          value: '099',
          assigner: { display: 'Cục' },
          system: 'http://example.org/cccd',
          type: { coding: [{ system: 'http://example.org/kind', code: 'NI' }] },
        },
        { value: 'TE1', system: 'http://example.org/the' },
        { value: 'x' },
      ],
      active: true,
    },
  ]);
});

test('a group that is a slice begins one for each of its repeats; its children stand in it together', () => {
  const { resources } = extracted(
    [
      {
        linkId: 'cards',
        type: 'group',
        repeats: true,
        definition: into('Patient.identifier:the'),
        item: [
          asked('value', 'Patient.identifier:the.value'),
          asked('by', 'Patient.identifier:the.assigner.display'),
        ],
      },
      asked('number', 'Patient.identifier:cccd.value'),
    ],
    [
      { linkId: 'cards', item: [said('value', 'A'), said('by', 'một')] },
      said('number', '099'),
      { linkId: 'cards', item: [said('value', 'B'), said('by', 'hai')] },
    ],
  );
  assert.partialDeepStrictEqual(resources[0], {
    identifier: [
      { value: 'A', assigner: { display: 'một' }, system: 'http://example.org/the' },
      { value: '099', system: 'http://example.org/cccd' },
      { value: 'B', assigner: { display: 'hai' }, system: 'http://example.org/the' },
    ],
  });
});

test('several answers of what stands once have a repeat each above it; where nothing repeats the form is told', () => {
  const items = [
    asked('contact', 'Patient.contact.name.text', { repeats: true }),
    asked('born', 'Patient.birthDate', { repeats: true }),
  ];
  const { resources, issues } = extracted(items, [
    said('contact', 'Páo', 'Mỷ'),
    said('born', '1990-01-01', '1991-01-01'),
  ]);
  assert.partialDeepStrictEqual(resources[0], {
    contact: [{ name: { text: 'Páo' } }, { name: { text: 'Mỷ' } }],
    birthDate: '1990-01-01',
  });
  assert.deepEqual(
    issues.map(({ expression }) => expression),
    ['Questionnaire.item[1]'],
  );
});

test('what is written stays although the profile fixes it otherwise; nothing is made of fixed values alone', () => {
  const items = [
    asked('system', 'Patient.identifier:the.system'),
    asked('value', 'Patient.identifier:the.value'),
  ];
  const { resources } = extracted(items, [said('system', 'http://example.org/khac'), said('value', 'A')]);
  assert.partialDeepStrictEqual(resources[0], {
    identifier: [{ system: 'http://example.org/khac', value: 'A' }, { system: 'http://example.org/cccd' }],
  });
  assert.deepEqual(extracted(items, []).resources, []);
});

test('a slice that must be there is made of its fixed parts; slices of slices are found', () => {
  const panel = profileOf('Observation', [
    { id: 'Observation.status', path: 'Observation.status', fixedCode: 'final' },
    {
      id: 'Observation.category:vs',
      path: 'Observation.category',
      sliceName: 'vs',
      min: 1,
      patternCodeableConcept: { coding: [{ system: 'http://example.org/category', code: 'vital-signs' }] },
    },
    {
      id: 'Observation.component:tren.code',
      path: 'Observation.component.code',
      patternCodeableConcept: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
    },
    { id: 'Observation.component:tren', path: 'Observation.component', sliceName: 'tren' },
    { id: 'Observation.component:duoi', path: 'Observation.component', sliceName: 'duoi' },
    {
      id: 'Observation.component:duoi.code',
      path: 'Observation.component.code',
      patternCodeableConcept: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] },
    },
  ]);
  const { resources, issues } = extracted(
    [
      asked('d', 'Observation.component:duoi.value[x]:valueQuantity.value', { type: 'decimal' }),
      asked('s', 'Observation.component:tren.value[x]:valueQuantity.value', { type: 'decimal' }),
    ],
    [
      { linkId: 'd', answer: [{ valueDecimal: 80 }] },
      { linkId: 's', answer: [{ valueDecimal: 120 }] },
    ],
    panel,
  );
  assert.deepEqual(issues, []);
  assert.partialDeepStrictEqual(resources[0], {
    status: 'final',
    category: [{ coding: [{ code: 'vital-signs' }] }],
    component: [
      { valueQuantity: { value: 80 }, code: { coding: [{ code: '8462-4' }] } },
      { valueQuantity: { value: 120 }, code: { coding: [{ code: '8480-6' }] } },
    ],
  });
});

test('a slice that the profile does not have is told with its place; without the profile slices stay apart all the same', () => {
  const items = [asked('a', 'Patient.identifier:la.value'), asked('b', 'Patient.identifier:the.value')];
  const answers = [said('a', '1'), said('b', '2')];
  const { issues } = extracted(items, answers);
  assert.deepEqual(
    issues.map(({ expression, textEn }) => [expression, textEn?.includes('"Patient.identifier:la"')]),
    [['Questionnaire.item[0].definition', true]],
  );
  assert.partialDeepStrictEqual(extracted(items, answers, null).resources[0], {
    identifier: [{ value: '1' }, { value: '2' }],
  });
});

test('before anybody fills it a form is told of slices that its profile does not have; an unknown profile is not judged', () => {
  const questionnaire = form(
    [asked('a', 'Patient.identifier:la.value'), asked('b', 'Patient.identifier:the.value')],
    { extension: [started] },
  );
  assert.deepEqual(
    sliceFaults(questionnaire, new Map([[PROFILE, CITIZEN]])).map(({ severity, expression }) => [
      severity,
      expression,
    ]),
    [['error', 'Questionnaire.item[0].definition']],
  );
  assert.deepEqual(sliceFaults(questionnaire, new Map()), []);
});
