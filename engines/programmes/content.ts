/** Programmes of the content (`content/programmes/<key>/<valid-from>.json`): as resources, and ready to be carried out. */
import type { Content } from '../../kernel/content/content.ts';
import { type Dated, datedFiles } from '../../kernel/content/dated.ts';
import { subjectOf } from '../../kernel/fhir/person/index.ts';
import type { Rendered } from '../../kernel/fhir/terminology/index.ts';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';
import type { Shelf } from './course.ts';
import { type Asker, openAsker } from './person-facts.ts';
import { productsOf } from './products.ts';
import { readProgramme } from './read.ts';

const FOLDER = 'programmes';
const PRODUCTS = 'vaccines/products';

/** A programme as it is carried out on a day. */
export interface OpenProgramme extends Shelf {
  definition: PlanDefinition;
  asker: Asker;
}

export function programmeVersions(content: Content): Dated<PlanDefinition>[] {
  return datedFiles<PlanDefinition>(content, FOLDER);
}

/** Those in force on an ISO day, by key, with the catalogue of that day. @throws Failure for one that cannot be carried out */
export function openProgrammes(content: Content, day: string): readonly OpenProgramme[] {
  const known = opened.get(content);
  if (known?.day === day) return known.programmes;
  const programmes = compileProgrammes(content, day);
  opened.set(content, { day, programmes });
  return programmes;
}

/** The last day that was asked about, for each content. */
const opened = new WeakMap<Content, { day: string; programmes: readonly OpenProgramme[] }>();

function compileProgrammes(content: Content, day: string): readonly OpenProgramme[] {
  const products = productsOf(content.inForce(PRODUCTS, day));
  return programmeVersions(content)
    .filter(({ from, to }) => from <= day && (to === null || day <= to))
    .map(({ value }) => {
      const { programme } = readProgramme(value);
      const asker = openAsker(programme, (patient, resources) => subjectOf({ patient, resources }));
      return { definition: value, programme, products, asker };
    });
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
