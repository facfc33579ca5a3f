import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadForCheck } from '../../kernel/fhir/profiles/index.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type {
  Encounter,
  QuestionnaireItem,
  QuestionnaireResponse,
  Resource,
} from '../../kernel/fhir/types.ts';
import { launchedWith } from './launched.ts';
import { planForm } from './plan.ts';
import { fhirPath, form, launch } from './testing.ts';

const LAUNCH = {
  extension: [launch('patient', 'Patient'), launch('encounter', 'Encounter'), launch('club', 'Organization')],
};
const response: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  identifier: { system: sid.response, value: 'phieu-1' },
  subject: { reference: 'Patient/an' },
  encounter: { reference: 'Encounter/v' },
};

/** What the form was opened with, and what was read for it. */
async function launched(item: Partial<QuestionnaireItem>, given = response, visit: Partial<Encounter> = {}) {
  const reads: string[] = [];
  const read: ReadForCheck = async (type, id) => {
    reads.push(`${type}/${id}`);
    return { resourceType: type, id, ...(type === 'Encounter' ? visit : {}) } as Resource;
  };
  const asked = form([{ linkId: 'a', type: 'string', text: 'a', ...item } as QuestionnaireItem], LAUNCH);
  return { context: await launchedWith(given, planForm(asked), read), reads };
}
const calculated = (expression: string, readOnly = true) => ({
  readOnly,
  extension: [fhirPath('calculatedExpression', expression)],
});

test('nothing is read for a form whose answers are not judged by what it was opened with', async () => {
  for (const item of [
    {},
    { extension: [fhirPath('initialExpression', '%patient.id')] },
    // What a person may overwrite is not judged.
    calculated('%patient.id', false),
  ])
    assert.deepEqual(await launched(item), { context: {}, reads: [] });
});

test('only what some rule names is read, each once', async () => {
  const { context, reads } = await launched(calculated('%patient.id & %patient.gender'));
  assert.deepEqual(reads, ['Patient/an']);
  assert.deepEqual(Object.keys(context), ['patient']);
});

test('a name of the type of the subject is the subject; of another type it is not known', async () => {
  const club = calculated('%club.id');
  assert.deepEqual((await launched(club)).context, {});
  const about = { ...response, subject: { reference: 'Organization/o' } };
  assert.deepEqual((await launched(club, about)).reads, ['Organization/o']);
});

test('without a visit, and in the visit that it made itself, a form was opened with none', async () => {
  const visit = calculated('%encounter.id');
  assert.deepEqual((await launched(visit)).context.encounter, { resourceType: 'Encounter', id: 'v' });
  const { encounter: _, ...without } = response;
  assert.deepEqual((await launched(visit, without)).context.encounter, []);
  const own = { identifier: [{ system: sid.answer, value: 'phieu-1!Encounter' }] };
  assert.deepEqual((await launched(visit, response, own)).context.encounter, []);
});
