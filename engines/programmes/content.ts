/** Programmes of the content (`content/programmes/<key>/<valid-from>.json`): as resources, and ready to be carried out. */
import type { Content } from '../../kernel/content/content.ts';
import { type Dated, datedFiles } from '../../kernel/content/dated.ts';
import { type Subject, subjectOf } from '../../kernel/fhir/person/index.ts';
import type { Rendered } from '../../kernel/fhir/terminology/index.ts';
import type { Patient, PlanDefinition, Resource } from '../../kernel/fhir/types.ts';
import type { Shelf } from './course.ts';
import type { Product } from './model.ts';
import { type Asker, openAsker } from './person-facts.ts';
import { productsOf } from './products.ts';
import { readProgramme } from './read.ts';

const FOLDER = 'programmes';
const PRODUCTS = 'vaccines/products';

/** A programme as it is carried out on a day. */
export interface OpenProgramme extends Shelf {
  definition: PlanDefinition;
  asker: Asker;
  /** Where its text came from: `content`, or id and version in the record. */
  mark: string;
}

export function programmeVersions(content: Content): Dated<PlanDefinition>[] {
  return datedFiles<PlanDefinition>(content, FOLDER);
}

/** The catalogue of products of an ISO day; the same object as long as the day is asked for. */
export function catalogueOn(content: Content, day: string): ReadonlyMap<string, Product> {
  const known = catalogues.get(content) ?? new Map<string, ReadonlyMap<string, Product>>();
  catalogues.set(content, known);
  const before = known.get(day);
  if (before) return before;
  if (known.size >= MOST_DAYS) known.clear();
  const products = productsOf(content.inForce(PRODUCTS, day));
  known.set(day, products);
  return products;
}

const MOST_DAYS = 20;
const catalogues = new WeakMap<Content, Map<string, ReadonlyMap<string, Product>>>();

/**
 * Of each person all programmes are asked in one go, and what is known of her is grouped once; then nothing of her is kept. In a
 * WeakMap by her resources, which it holds, it would be moved to the old objects.
 */
function subjectAmong(patient: Patient, resources: readonly Resource[]): Subject {
  if (asked?.resources === resources && asked.patient === patient) return asked.subject;
  if (asked === null) queueMicrotask(forgetAsked);
  asked = { patient, resources, subject: subjectOf({ patient, resources }) };
  return asked.subject;
}

let asked: { patient: Patient; resources: readonly Resource[]; subject: Subject } | null = null;

function forgetAsked(): void {
  asked = null;
}

/** A definition ready to be carried out. @param mark of its text. @throws Failure for an expression that cannot be carried out */
export function openProgramme(
  definition: PlanDefinition,
  products: ReadonlyMap<string, Product>,
  mark: string,
): OpenProgramme {
  const { programme } = readProgramme(definition);
  const asker = openAsker(programme, subjectAmong);
  return { definition, programme, products, asker, mark };
}

/** What is read at `/fhir/PlanDefinition/<key>`: the version in force today, else the newest. */
export function contentProgrammes(content: Content, day: string): Rendered[] {
  const versions = programmeVersions(content);
  return [...new Set(versions.map(({ key }) => key))].map((key) => {
    const own = versions.filter((one) => one.key === key);
    const { value } = own.findLast(({ from }) => from <= day) ?? own.at(-1)!;
    return {
      type: 'PlanDefinition',
      id: key,
      url: value.url!,
      name: value.name!,
      title: value.title!,
      version: value.version!,
      make: () => ({ ...value, id: key }),
    };
  });
}
