/** Bundles and their entries for the tests of this folder. */
import { after, before } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';

export type Entry = Record<string, unknown>;

/** A program of its own for the tests of a file, and Bundles sent to it. */
export function withBundles() {
  let world: FhirWorld | undefined;
  before(async () => {
    world = await openFhirWorld();
  });
  after(() => world?.stop());
  return {
    get world(): FhirWorld {
      return world!;
    },
    post: (type: 'batch' | 'transaction', ...entry: Entry[]) =>
      world!.send('POST', '/fhir', bundle(type, ...entry)),
  };
}

export const bundle = (type: string, ...entry: Entry[]) => ({ resourceType: 'Bundle', type, entry });

export const PATIENT = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
export const VISIT = 'urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059';

export const patient = (more: object = {}) => ({
  resourceType: 'Patient',
  name: [{ text: 'Trần Văn B' }],
  ...more,
});

export const observation = (subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'cân nặng' },
  subject: { reference: subject },
  ...more,
});

export const create = (
  resource: { resourceType: string },
  more: Entry = {},
  request: object = {},
): Entry => ({
  resource,
  request: { method: 'POST', url: resource.resourceType, ...request },
  ...more,
});

export const idOf = (entry: { response: { location: string } }) => entry.response.location.split('/')[1]!;
