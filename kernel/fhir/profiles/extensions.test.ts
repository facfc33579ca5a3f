/** Extensions are held to their own definition, declared or not. R4 extensibility.html. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBy, inShort, profileOf } from './check.testing.ts';

const BIRTH_PLACE = 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace';
const patient = (...extension: object[]) => ({ resourceType: 'Patient', extension });

test('one that R4 publishes: its type of value and its place', async () => {
  const good = { url: BIRTH_PLACE, valueAddress: { city: 'Việt Trì' } };
  assert.deepEqual(await checkBy(patient(good), {}), []);
  assert.deepEqual(inShort(await checkBy(patient({ url: BIRTH_PLACE, valueString: 'Việt Trì' }), {})), [
    'error Patient.extension[0].valueString structure',
  ]);
  const misplaced = { resourceType: 'Patient', contact: [{ name: { text: 'x' }, extension: [good] }] };
  assert.deepEqual(await checkBy(misplaced, {}), [], 'no write is stopped');
  const [issue] = await checkBy(misplaced, { warnings: true });
  assert.equal(issue?.severity, 'warning');
  assert.equal(issue?.expression, 'Patient.contact[0].extension[0]');
  assert.match(issue!.textEn!, /is not allowed here; its context is Patient/);
});

test('places: an element, a datatype wherever it is used, a choice, any element, another extension', async () => {
  const placed = (expression: string, type = 'element') =>
    profileOf('e', 'Extension', [{ path: 'Extension.value[x]', type: [{ code: 'string' }] }], {
      context: [{ type, expression }],
    });
  const at = async (definition: ReturnType<typeof placed>, resource: object) =>
    inShort(await checkBy(resource, { definitions: [definition], warnings: true })).filter((one) =>
      one.startsWith('warning'),
    );
  const extension = [{ url: placed('').url, valueString: 'x' }];
  const named = { resourceType: 'Patient', name: [{ text: 'x', extension }] };
  const valued = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    valueQuantity: { value: 1, extension },
  };
  const dated = { resourceType: 'Patient', birthDate: '1985-02-07', _birthDate: { extension } };
  const within = { resourceType: 'Patient', extension: [{ url: 'http://example.org/outer', extension }] };
  for (const [context, resource] of [
    ['Patient.name', named],
    ['HumanName', named],
    ['Element', named],
    ['Observation.value[x]', valued],
    ['Quantity', valued],
    ['Patient.birthDate', dated],
    ['date', dated],
    ['Element', within],
  ] as const) {
    assert.deepEqual(await at(placed(context), resource), [], context);
  }
  for (const [context, resource] of [
    ['Patient', named],
    ['Address', named],
    ['Observation', valued],
    ['dateTime', dated],
  ] as const) {
    assert.equal((await at(placed(context), resource)).length, 1, context);
  }
  assert.deepEqual(await at(placed('http://example.org/outer', 'extension'), within), []);
  assert.equal((await at(placed('http://example.org/other', 'extension'), within)).length, 1);
});

test('a modifier stands in modifierExtension, any other one in extension', async () => {
  const modifier = profileOf('m', 'Extension', [{ path: 'Extension', isModifier: true }]);
  const plain = profileOf('p', 'Extension', [{ path: 'Extension', isModifier: false }]);
  const definitions = [modifier, plain];
  const carrying = (key: string, { url }: { url: string }) => ({
    resourceType: 'Basic',
    code: { text: 'x' },
    [key]: [{ url, valueString: 'x' }],
  });
  assert.deepEqual(await checkBy(carrying('modifierExtension', modifier), { definitions }), []);
  assert.deepEqual(await checkBy(carrying('extension', plain), { definitions }), []);
  assert.deepEqual(inShort(await checkBy(carrying('extension', modifier), { definitions })), [
    'error Basic.extension[0] structure',
  ]);
  assert.deepEqual(inShort(await checkBy(carrying('modifierExtension', plain), { definitions })), [
    'error Basic.modifierExtension[0] structure',
  ]);
});

test('one that nobody knows stops nothing; $validate tells, of a modifier as a warning', async () => {
  const unknown = { url: 'http://example.org/none', valueString: 'x' };
  const basic = {
    resourceType: 'Basic',
    code: { text: 'x' },
    extension: [unknown],
    modifierExtension: [unknown],
  };
  assert.deepEqual(await checkBy(basic, {}), []);
  assert.deepEqual(inShort(await checkBy(basic, { warnings: true })), [
    'information Basic.extension[0] extension',
    'warning Basic.modifierExtension[0] extension',
  ]);
});
