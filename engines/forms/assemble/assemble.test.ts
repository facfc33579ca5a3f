/** SDC, modular forms: http://hl7.org/fhir/uv/sdc/modular.html. The forms are cut after the examples there: root, contact, name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../kernel/failure.ts';
import type { ElementDefinition, Questionnaire, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import { checkForm } from '../check/check.ts';
import { CORE, fhirPath, form, launch, SDC, variable } from '../testing.ts';
import { assemble, isModular } from './assemble.ts';

const URL = 'http://example.org/Questionnaire/';
const LIBRARY = 'http://example.org/StructureDefinition/library';
const needs = (name: string) => ({ url: `${SDC}assembleContext`, valueString: name });
const expectation = (valueCode: string) => ({ url: `${SDC}assemble-expectation`, valueCode });
const part = (linkId: string, name: string): QuestionnaireItem => ({
  linkId,
  type: 'display',
  text: `"${name}" is not there`,
  extension: [{ url: `${SDC}subQuestionnaire`, valueCanonical: `${URL}${name}|1` }],
});
const named = (name: string, item: QuestionnaireItem[], more: Partial<Questionnaire> = {}) =>
  form(item, { url: URL + name, ...more });

const NAME = named(
  'name',
  [
    {
      linkId: '1',
      type: 'choice',
      text: 'Title',
      answerValueSet: '#titles',
      extension: [fhirPath('initialExpression', '%name.prefix.first()')],
    },
    {
      linkId: '2',
      type: 'string',
      definition: `${LIBRARY}#library.first`,
      enableWhen: [{ question: '1', operator: 'exists', answerBoolean: true }],
    },
  ],
  {
    extension: [
      expectation('assemble-child'),
      needs('linkIdPrefix'),
      needs('person'),
      variable('name', '%person.name.first()'),
    ],
    contained: [
      {
        resourceType: 'ValueSet',
        id: 'titles',
        status: 'active',
        compose: { include: [{ system: 'http://example.org/titles', concept: [{ code: 'mr' }] }] },
      },
    ],
  },
);
const CONTACT = named(
  'contact',
  [
    {
      linkId: '1',
      type: 'group',
      extension: [variable('linkIdPrefix', "%linkIdPrefix + 'name.'")],
      item: [part('1.1', 'name')],
    },
    { linkId: '2', type: 'string', text: 'Phone', definition: 'http://example.org/nowhere#Stuff.phone' },
  ],
  { extension: [needs('linkIdPrefix'), needs('person'), launch('user', 'Practitioner')] },
);
const ROOT = named(
  'root',
  [
    {
      linkId: '1',
      type: 'group',
      text: 'Own name',
      extension: [variable('linkIdPrefix', "'own.'")],
      item: [part('1.1', 'name')],
    },
    { linkId: 'sex', type: 'choice', definition: `${URL}library#sex` },
    {
      linkId: '5',
      type: 'group',
      text: 'Contact',
      repeats: true,
      extension: [
        variable('linkIdPrefix', "'contact.'"),
        {
          url: `${SDC}itemPopulationContext`,
          valueExpression: { name: 'person', language: 'text/fhirpath', expression: '%patient.contact' },
        },
      ],
      item: [part('5.1', 'contact')],
    },
  ],
  {
    extension: [expectation('assemble-root'), launch('patient', 'Patient'), variable('person', '%patient')],
  },
);
const QUESTIONS = named('library', [
  {
    linkId: 'sex',
    type: 'choice',
    text: 'Gender',
    answerValueSet: 'http://hl7.org/fhir/ValueSet/administrative-gender',
  },
]);

const sourceOf = (...forms: Questionnaire[]) => ({
  form: async (canonical: string) => forms.find(({ url }) => url === canonical.split('|')[0]) ?? null,
  element: async (definition: string): Promise<ElementDefinition | null | undefined> => {
    if (!definition.startsWith(LIBRARY)) return null;
    return definition.endsWith('#library.first')
      ? ({
          id: 'library.first',
          path: 'library.first',
          label: 'First',
          min: 1,
          max: '1',
          maxLength: 100,
        } as never)
      : undefined;
  },
});
const ALL = [NAME, CONTACT, ROOT, QUESTIONS];

test('parts are put in with the prefix of their place, with what they contain and what they declare', async () => {
  assert.equal(isModular(ROOT), true);
  const { form: made, issues } = await assemble(ROOT, sourceOf(...ALL));
  assert.equal(isModular(made), false);
  const links = (items: readonly QuestionnaireItem[] | undefined): string[] =>
    (items ?? []).flatMap(({ linkId, item }) => [linkId, ...links(item)]);
  assert.deepEqual(links(made.item), [
    '1',
    'own.1',
    'own.2',
    'sex',
    '5',
    'contact.1',
    'contact.name.1',
    'contact.name.2',
    'contact.2',
  ]);
  const [own, sex, contact] = made.item!;
  assert.equal(own!.item![0]!.answerValueSet, '#own.titles');
  assert.equal(own!.item![1]!.enableWhen![0]!.question, 'own.1');
  assert.partialDeepStrictEqual(own!.item![1], { text: 'First', required: true, maxLength: 100 });
  assert.partialDeepStrictEqual(sex, { linkId: 'sex', text: 'Gender' });
  // Variables of a part stand at the item that it was put into.
  assert.deepEqual(
    contact!.item![0]!.extension!.map(({ valueExpression }) => valueExpression!.name),
    ['linkIdPrefix', 'name'],
  );
  assert.deepEqual(
    made.contained!.map(({ id }) => id),
    ['own.titles', 'contact.name.titles'],
  );
  const at = (url: string) => made.extension!.filter((one) => one.url === SDC + url);
  assert.deepEqual(
    at('assembledFrom').map(({ valueCanonical }) => valueCanonical),
    [`${URL}name|1`, `${URL}contact|1`],
  );
  assert.equal(at('launchContext').length, 2);
  assert.deepEqual(at('assemble-expectation'), []);
  assert.equal(made.version, '1-assembled');
  assert.deepEqual(
    issues.map(({ expression }) => expression),
    ['Questionnaire.item[2].item[0].item[1].definition'],
  );
  const faults = [...validateResource(made), ...checkForm(made)];
  assert.deepEqual(
    faults.filter(({ severity }) => severity === 'error'),
    [],
  );
});

const at = (more: Partial<QuestionnaireItem>[], extension: Questionnaire['extension'] = []) =>
  named('root', more as QuestionnaireItem[], { extension: extension! });

test('what cannot be put together is refused with its place', async () => {
  const circle = named('circle', [{ linkId: 'g', type: 'group', text: 'x', item: [part('p', 'circle')] }]);
  const bare = named('bare', [{ linkId: 'x', type: 'string', text: 'x' }]);
  const cases: readonly (readonly [Questionnaire, Questionnaire[], string])[] = [
    [at([part('a', 'nobody')]), [], 'Questionnaire.item[0]'],
    [at([part('a', 'circle')]), [circle], 'Questionnaire.item[0].item[0].item[0]'],
    [at([part('a', 'bare'), part('b', 'bare')]), [bare], 'Questionnaire.item[1].linkId'],
    [
      at([{ linkId: 'x', type: 'string', text: 'x' }, part('a', 'bare')]),
      [bare],
      'Questionnaire.item[1].linkId',
    ],
    [at([part('a', 'name')]), [NAME], 'Questionnaire.item[0]'],
    [at([{ ...part('a', 'bare'), type: 'string' }]), [bare], 'Questionnaire.item[0].type'],
    [
      at([part('a', 'bare')]),
      [{ ...bare, extension: [{ url: `${SDC}observationExtract`, valueBoolean: true }] }],
      'Questionnaire.item[0]',
    ],
    [at([part('a', 'bare')]), [{ ...bare, language: 'en' }], 'Questionnaire.item[0]'],
    [
      at([part('a', 'bare')], [variable('v', '1')]),
      [{ ...bare, extension: [variable('v', '2')] }],
      'Questionnaire',
    ],
    [
      at([{ linkId: 'g', type: 'group', text: 'g', extension: [variable('linkIdPrefix', '1 +')] }]),
      [],
      'Questionnaire.item[0]',
    ],
    [
      at([{ linkId: 'q', type: 'string', definition: `${LIBRARY}#library.none` }]),
      [],
      'Questionnaire.item[0].definition',
    ],
    [at([{ linkId: 'q', type: 'string', definition: `${CORE}Own#x` }]), [], ''],
    [
      at([{ linkId: 'q', type: 'string', definition: 'http://example.org/no#x' }]),
      [],
      'Questionnaire.item[0].definition',
    ],
  ];
  for (const [given, parts, place] of cases) {
    const made = await assemble(given, sourceOf(given, ...parts)).catch((error: unknown) => error);
    if (place === '') assert.ok(!(made instanceof Error), String(made));
    else {
      assert.ok(made instanceof Failure, `${place}: ${JSON.stringify(made)}`);
      assert.equal(made.issues[0]!.expression, place);
      assert.ok(made.issues[0]!.text.length > 10 && made.issues[0]!.textEn);
    }
  }
});

test('a linkId of the form itself that a part has, too, is told with both', async () => {
  const bare = named('bare', [
    { linkId: 'g', type: 'group', text: 'g', item: [{ linkId: 'x', type: 'string', text: 'x' }] },
  ]);
  const given = at([{ linkId: 'x', type: 'string', text: 'x' }, part('a', 'bare')]);
  await assert.rejects(
    assemble(given, sourceOf(given, bare)),
    (failure: Failure) =>
      failure.issues[0]!.expression === 'Questionnaire.item[1].item[0].linkId' &&
      failure.issues[0]!.textEn!.includes('in the form itself') &&
      failure.issues[0]!.textEn!.includes('put in at Questionnaire.item[1]'),
  );
});
