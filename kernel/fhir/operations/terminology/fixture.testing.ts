/** What the tests of the operations share: systems, sets and maps of a partner, and asking. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type FhirWorld, type HttpAnswer, issueOf, openFhirWorld } from '../../testing.ts';
import type { OperationDefinition } from '../../types.ts';
import { definitionId, type Operation, type OperationParameter } from '../definition.ts';
import { USE_SUPPLEMENT } from './supplements.ts';

export const ICD = 'http://hl7.org/fhir/sid/icd-10';
export const VISIT = 'http://yba.vn/fhir/cs/loai-kcb';
export const UNIT = 'http://yba.vn/fhir/cs/don-vi-hanh-chinh';
export const ANIMAL = 'http://example.org/cs/con-vat';

/** con-vat ⊃ thu ⊃ cho ⊃ cun, meo; chim is not used any more. */
export const ANIMALS = {
  resourceType: 'CodeSystem',
  id: 'con-vat',
  url: ANIMAL,
  version: '2',
  name: 'ConVat',
  title: 'Con vật',
  language: 'vi',
  status: 'active',
  content: 'complete',
  concept: [
    {
      code: 'con-vat',
      display: 'Con vật',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'thu',
          display: 'Thú',
          definition: 'Loài có vú',
          concept: [
            {
              code: 'cho',
              display: 'Chó',
              designation: [
                { language: 'en', value: 'Dog' },
                { use: { system: 'http://example.org/use', code: 'ngan' }, value: 'Khuyển' },
              ],
              property: [{ code: 'tieng', valueString: 'gâu' }],
              concept: [{ code: 'cun', display: 'Chó con' }],
            },
            { code: 'meo', display: 'Mèo' },
          ],
        },
        { code: 'chim', display: 'Chim', property: [{ code: 'inactive', valueBoolean: true }] },
      ],
    },
  ],
};

/** @param more resources that are stored before the questions, each with an id */
export async function openTerms(...more: object[]): Promise<FhirWorld> {
  const world = await openFhirWorld();
  for (const resource of [ANIMALS, ...more] as { resourceType: string; id: string }[]) {
    const answer = await world.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
    assert.equal(answer.status, 201, answer.text);
  }
  return world;
}

export interface Out {
  [name: string]: unknown;
}

/** Parameters as an object: the value of each name, of several the last. */
export function outOf(answer: HttpAnswer): Out {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.resourceType, 'Parameters');
  return Object.fromEntries(
    answer.body.parameter.map((one: { name: string; [value: string]: unknown }) => [one.name, valueIn(one)]),
  );
}

/** All parameters of a name, their parts as objects. */
export function partsOf(answer: HttpAnswer, name: string): Out[] {
  return answer.body.parameter
    .filter((one: { name: string }) => one.name === name)
    .map(({ part }: { part: { name: string }[] }) =>
      Object.fromEntries(part.map((one) => [one.name, valueIn(one as never)])),
    );
}

function valueIn(one: { name: string; [value: string]: unknown }): unknown {
  const key = Object.keys(one).find((name) => name.startsWith('value'));
  return key === undefined ? one.part : one[key];
}

/** The answer is an OperationOutcome with this status that names the parameter, in both languages. */
export function assertRefused(answer: HttpAnswer, status: number, expression: string): void {
  assert.equal(answer.status, status, answer.text);
  const issue = issueOf(answer);
  assert.deepEqual(issue.expression, [expression], answer.text);
  assert.ok(issue.details?.text && issue.diagnostics, answer.text);
}

export function parameters(...parameter: object[]): object {
  return { resourceType: 'Parameters', parameter };
}

/** `/metadata` announces it, its definition is served and found, and it has HL7's inputs and outputs. */
export async function assertAnnounced(world: FhirWorld, operation: Operation): Promise<void> {
  const { rest } = (await world.bare('GET', '/fhir/metadata')).body;
  const resource = rest[0].resource.find((one: { type: string }) => one.type === operation.resource[0]);
  assert.ok(
    resource.operation.some(
      (one: { name: string; definition: string }) =>
        one.name === operation.name && one.definition === operation.definition,
    ),
  );
  const read = await world.send('GET', `/fhir/OperationDefinition/${definitionId(operation)}`);
  assert.equal(read.status, 200, read.text);
  const found = await world.send('GET', `/fhir/OperationDefinition?url=${operation.definition}`);
  assert.deepEqual(found.body.entry[0].resource, read.body);
  const official = officialDefinition(operation);
  assert.equal(read.body.url, official.url);
  assert.equal(read.body.instance, official.instance);
  // R5's useSupplement is beside R4's own.
  const own = read.body.parameter.filter(({ name }: { name: string }) => name !== USE_SUPPLEMENT);
  assert.deepEqual(own.map(shapeOf), official.parameter!.map(shapeOf as never));
}

function shapeOf({ name, use, max, type, part }: OperationParameter): object {
  return { name, use, max, type, part: part?.map(({ name: inner }) => inner) };
}

function officialDefinition(operation: Operation): OperationDefinition {
  const path = createRequire(import.meta.url).resolve(
    `hl7.fhir.r4.examples/OperationDefinition-${definitionId(operation)}.json`,
  );
  return JSON.parse(readFileSync(path, 'utf8')) as OperationDefinition;
}
