/** Every operation holds what its OperationDefinition says: announced, served, valid, called by tests, its inputs taken and no others. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  definitionId,
  type Operation,
  type OperationParameter,
} from '../kernel/fhir/operations/definition.ts';
import { type FhirWorld, issueOf, openFhirWorld } from '../kernel/fhir/testing.ts';
import type {
  CapabilityStatement,
  OperationDefinition,
  OperationDefinitionParameter,
} from '../kernel/fhir/types.ts';
import { OPERATIONS } from './operations.ts';

const ROOT = join(import.meta.dirname, '..');
let world: FhirWorld;

before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

test('/metadata announces every operation where its definition says, and no other', async () => {
  const [rest] = ((await world.bare('GET', '/fhir/metadata')).body as CapabilityStatement).rest!;
  const announced = (list: readonly { definition?: string }[] | undefined) =>
    (list ?? []).map((one) => one.definition).toSorted();
  const named = (list: readonly Operation[]) => list.map(({ definition }) => definition).toSorted();
  assert.deepEqual(announced(rest!.operation), named(OPERATIONS.filter(({ at }) => at.includes('system'))));
  for (const { type, operation } of rest!.resource!) {
    if (operation === undefined) continue;
    const own = OPERATIONS.filter(
      ({ resource, at }) =>
        (resource.includes('Resource') || resource.includes(type as never)) &&
        at.some((one) => one !== 'system'),
    );
    assert.deepEqual(announced(operation), named(own), type);
  }
});

test('each definition is read by its id and found by its address, valid by R4, with words in English and Vietnamese', async () => {
  for (const operation of OPERATIONS) {
    const path = `/fhir/OperationDefinition/${definitionId(operation)}`;
    const { status, body } = await world.send('GET', path);
    assert.equal(status, 200, path);
    const found = await world.send(
      'GET',
      `/fhir/OperationDefinition?url=${encodeURIComponent(operation.definition)}`,
    );
    assert.deepEqual(
      found.body.entry?.map((one: { resource: object }) => one.resource),
      [body],
      operation.definition,
    );
    const verdict = await world.send('POST', '/fhir/OperationDefinition/$validate', body);
    assert.equal(issueOf(verdict).severity, 'information', `${path}: ${verdict.text}`);
    checkWords(body);
    if (operation.definition.startsWith('http://yba.vn/')) assert.ok(operation.definition.endsWith(path));
  }
});

function checkWords(definition: OperationDefinition): void {
  const { url, version, name, title, status, kind, code, description, system, type, instance } = definition;
  for (const one of [url, version, name, title, status, kind, code, description]) assert.ok(one, url);
  assert.ok(system || type || instance, url);
  const checkParameter = (one: OperationDefinitionParameter) => {
    const translated = (
      one as { _documentation?: { extension: { extension: { valueString?: string }[] }[] } }
    )._documentation;
    assert.ok(one.documentation && translated?.extension[0]?.extension[1]?.valueString, `${url} ${one.name}`);
    assert.ok(one.type !== undefined || (one.part ?? []).length > 0, `${url} ${one.name}`);
    for (const part of one.part ?? []) checkParameter(part);
  };
  for (const one of definition.parameter ?? []) checkParameter(one);
}

test('each operation is called by a test, by its name and on its type', () => {
  const files = globSync('{kernel,engines,modules,main,tests}/**/*.test.ts', { cwd: ROOT })
    .filter((path) => path !== 'main/operations.test.ts')
    .map((path) => readFileSync(join(ROOT, path), 'utf8'));
  for (const { name, resource } of OPERATIONS) {
    const isCalled = files.some(
      (text) =>
        text.includes(`$${name}`) &&
        (resource.length === 0 || resource.some((type) => type === 'Resource' || text.includes(`${type}/`))),
    );
    assert.ok(isCalled, `${resource.join()} $${name} is called by no test`);
  }
});

const COLOUR = { resourceType: 'Parameters', parameter: [{ name: 'colour', valueString: 'red' }] };

/** Addresses of an operation, with ids of nobody. */
function addressesOf({ name, resource, at }: Operation): string[] {
  const types = resource.map((type) => (type === 'Resource' ? 'Basic' : type));
  return at.flatMap((level) =>
    level === 'system'
      ? [`/fhir/$${name}`]
      : types.map((type) => `/fhir/${type}/${level === 'instance' ? 'nobody/' : ''}$${name}`),
  );
}

for (const operation of OPERATIONS) {
  const inputs = operation.parameters.filter(({ use }) => use === 'in');
  test(`${operation.resource.join()} $${operation.name} (${operation.at.join(', ')}) refuses what its definition does not name, and takes what it names`, async () => {
    for (const address of addressesOf(operation)) {
      const ask = (query: string, body?: object) =>
        body !== undefined
          ? world.send('POST', `${address}${query}`, body)
          : world.send('GET', `${address}${query}`);
      const byGet =
        operation.postOnly === undefined || (operation.postOnly === 'type' && address.includes('/nobody/'));
      const query = `?colour=red${operation.searches ? '&patient=nobody&code=x' : ''}`;
      const refused = await ask(query, byGet ? undefined : COLOUR);
      assert.equal(refused.status, 400, `${address}: ${refused.text}`);
      assert.deepEqual(issueOf(refused).expression, ['colour'], `${address}: ${refused.text}`);
      for (const one of inputs) {
        const sample = samples(one);
        if (sample.text !== undefined && !one.postOnly && byGet) {
          const answer = await ask(`?${one.name}=${encodeURIComponent(sample.text)}`);
          assert.ok(!isUnknown(answer.text, one.name), `GET ${address}?${one.name}: ${answer.text}`);
        }
        const answer = await ask('', { resourceType: 'Parameters', parameter: [sample.json] });
        assert.ok(!isUnknown(answer.text, one.name), `POST ${address} ${one.name}: ${answer.text}`);
      }
    }
  });
}

function isUnknown(text: string, name: string): boolean {
  return text.includes(`Unknown parameter \\"${name}\\"`);
}

const TEXTS: Readonly<Record<string, string>> = {
  boolean: 'false',
  integer: '1',
  positiveInt: '1',
  date: '2026-01-01',
  dateTime: '2026-01-01',
  instant: '2026-01-01T00:00:00Z',
  Reference: 'Patient/nobody',
};
const OBJECTS: Readonly<Record<string, object>> = {
  Coding: { system: 'http://hl7.org/fhir/administrative-gender', code: 'male' },
  CodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/administrative-gender', code: 'male' }] },
  Reference: { reference: 'Patient/nobody' },
  Identifier: { system: 'urn:none', value: '1' },
};
const RESOURCES = ['Resource', 'CodeSystem', 'ValueSet', 'ConceptMap', 'Parameters'];

/** A value of a parameter in an address (undefined when it cannot stand there) and in a Parameters resource. */
function samples({ name, type = '', part }: OperationParameter): { text?: string; json: object } {
  if (part) return { json: { name, part: part.map((one) => samples(one).json) } };
  if (RESOURCES.includes(type))
    return { json: { name, resource: { resourceType: type === 'Resource' ? 'Basic' : type } } };
  const key = `value${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  const text = TEXTS[type] ?? 'x';
  if (OBJECTS[type])
    return { ...(type === 'Reference' ? { text } : {}), json: { name, [key]: OBJECTS[type] } };
  const value = type === 'boolean' ? false : ['integer', 'positiveInt'].includes(type) ? 1 : text;
  return { text, json: { name, [key]: value } };
}
