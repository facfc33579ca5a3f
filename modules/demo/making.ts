/** What every maker of demo resources is handed. */
import type { Content } from '../../kernel/content/content.ts';
import { DEMO_LABEL } from '../../kernel/fhir/systems.ts';
import type { Patient, Reference, Resource } from '../../kernel/fhir/types.ts';
import type { Units } from '../places/index.ts';
import { personId } from './numbers.ts';
import type { Person } from './person.ts';
import type { DemoTables } from './tables.ts';
import type { Words } from './words.ts';

export interface Making {
  seed: string;
  /** ISO day on which the lives end. */
  today: string;
  /** `hh:mm` in Viet Nam: nothing of today happens later. */
  time: string;
  /** First day of the recorded visits. */
  from: string;
  content: Content;
  tables: DemoTables;
  units: Units;
  words: Words;
  /**
   * Makes ids that carry a person's shard key.
   * @param patient id of the person @param tail 12 characters that the person has once
   */
  idWithin(patient: string, tail: string): string;
}

export const LABEL = { meta: { security: [DEMO_LABEL] } };

/** Gives the resources of one person their ids, in the order in which they are made. */
export interface Shelf {
  readonly patient: Reference<Patient>;
  readonly resources: Resource[];
  /** Puts a resource on the shelf under the next id and answers with a reference to it. */
  add(resource: Resource): string;
}

/** @param kind a letter that keeps the ids of two shelves of one person apart */
export function openShelf(making: Making, person: Person, kind: string): Shelf {
  const id = personId(person.serial);
  const resources: Resource[] = [];
  return {
    patient: { reference: `Patient/${id}`, display: person.name },
    resources,
    add: (resource) => {
      const tail = `${kind}${String(person.serial).padStart(7, '0')}${String(resources.length).padStart(4, '0')}`;
      resource.id = making.idWithin(id, tail);
      resource.meta = { security: [DEMO_LABEL] };
      resources.push(resource);
      return `${resource.resourceType}/${resource.id}`;
    },
  };
}
