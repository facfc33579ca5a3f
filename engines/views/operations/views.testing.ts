/** A small record, and views of it that requests bring along. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type FhirWorld, openFhirWorld } from '../../../kernel/fhir/testing.ts';

/** A record of three persons, two observations and a group. */
export async function openViewWorld(): Promise<FhirWorld> {
  const world = await openFhirWorld();
  const put = (type: string, id: string, more: object) =>
    world.send('PUT', `/fhir/${type}/${id}`, { resourceType: type, id, ...more });
  await put('Patient', 'a', {
    name: [{ family: 'Nguyễn', given: ['Thị', 'An'] }],
    active: true,
    gender: 'female',
  });
  await put('Patient', 'b', { name: [{ family: 'Trần, "Bé"' }], active: false });
  await put('Patient', 'c', {});
  await put('Observation', 'oa', {
    status: 'final',
    code: { text: 'x' },
    subject: { reference: 'Patient/a' },
    valueQuantity: { value: 1.5 },
  });
  await put('Observation', 'ob', {
    status: 'final',
    code: { text: 'x' },
    subject: { reference: 'Patient/b' },
    valueInteger: 2,
  });
  await put('Group', 'g', { type: 'person', actual: true, member: [{ entity: { reference: 'Patient/b' } }] });
  return world;
}

export const names = {
  resourceType: 'ViewDefinition',
  name: 'ten',
  resource: 'Patient',
  status: 'active',
  select: [
    {
      column: [
        { name: 'id', path: 'getResourceKey()' },
        { name: 'active', path: 'active', type: 'boolean' },
      ],
    },
    {
      forEachOrNull: 'name',
      column: [
        { name: 'family', path: 'family' },
        { name: 'given', path: 'given', collection: true },
      ],
    },
  ],
};
export const observations = {
  resourceType: 'ViewDefinition',
  name: 'do',
  resource: 'Observation',
  status: 'active',
  select: [
    {
      column: [
        { name: 'person', path: 'subject.getReferenceKey(Patient)' },
        { name: 'value', path: 'value.ofType(Quantity).value', type: 'decimal' },
      ],
    },
  ],
};

export const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
export const inline = (view: object) => ({ name: 'viewResource', resource: view });
export const rowsIn = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
export const byId = (rows: { id: string }[]) => rows.toSorted((x, y) => (x.id < y.id ? -1 : 1));

export const EXPECTED = [
  { id: 'a', active: true, family: 'Nguyễn', given: ['Thị', 'An'] },
  { id: 'b', active: false, family: 'Trần, "Bé"', given: [] },
  { id: 'c', active: null, family: null, given: null },
];

/** What an export answers when it is done, and the path of its job. */
export async function exported(world: FhirWorld, ...parameter: object[]) {
  const taken = await world.send('POST', '/fhir/$viewdefinition-export', parameters(...parameter), {
    prefer: 'respond-async',
  });
  assert.equal(taken.status, 202, taken.text);
  const path = new URL(taken.headers.get('content-location')!).pathname;
  for (let i = 0; i < 600; i++) {
    const answer = await world.send('GET', path);
    if (answer.status !== 202) return { path, answer };
    await pause(20);
  }
  throw new Error('the export does not end');
}

export interface Part {
  name: string;
  part?: Part[];
  valueString?: string;
  valueUri?: string;
  valueCode?: string;
}

/** Name and address of each file. */
export const outputsOf = (body: { parameter: Part[] }) =>
  body.parameter
    .filter(({ name }) => name === 'output')
    .map(({ part = [] }) => ({
      name: part.find((one) => one.name === 'name')!.valueString,
      address: new URL(part.find((one) => one.name === 'location')!.valueUri!).pathname,
    }));

export async function bytesOf(
  world: FhirWorld,
  path: string,
  headers: Record<string, string> = {},
): Promise<ArrayBuffer> {
  const authorization = `Bearer ${await world.token()}`;
  const answer = await fetch(`${world.program.address}${path}`, { headers: { authorization, ...headers } });
  assert.equal(answer.status, 200);
  return answer.arrayBuffer();
}
