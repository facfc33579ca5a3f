/** Searches within R4's compartments: `Patient/x/Observation`, `Encounter/x/*`. Pure. */
import { compartmentMembers, isCompartment } from '../definitions/index.ts';
import { announcedTypes } from '../http/capability.ts';
import { answer, failures, parameterRef, SEARCH_FORM } from './components.ts';
import { needs, type Paths } from './type-paths.ts';

const PAGES = ['_count', '_sort', '_total', '_cursor', '_format', '_pretty'].map(parameterRef);
const INCLUDES = ['_include', '_revinclude'].map(parameterRef);

/**
 * @param types of the document
 * @param search search parameters of a type, as parameters of a query
 */
export function compartmentPaths(
  types: readonly string[],
  search: (type: string) => readonly object[],
): Paths {
  const paths: Paths = {};
  for (const centre of announcedTypes.filter((one) => isCompartment(one))) {
    const members = compartmentMembers(centre);
    for (const type of types) {
      const known = new Set(members.get(type));
      const isIn = type === centre ? known.size > 0 : search(type).some((one) => known.has(nameIn(one)));
      if (isIn) add(paths, centre, type, type, [...search(type), ...INCLUDES, ...PAGES]);
    }
    if (types.includes(centre)) add(paths, centre, '*', 'All', PAGES);
  }
  return paths;
}

/** `#/components/parameters/Patient.birthdate` → birthdate. */
function nameIn(reference: object): string {
  return (reference as { $ref: string }).$ref.replace(/^.*\/\w+\./, '');
}

function add(paths: Paths, centre: string, type: string, name: string, parameters: readonly object[]): void {
  const shared = {
    tags: [type === '*' ? centre : type],
    summary:
      type === '*' ? `All that lies in the compartment of one ${centre}` : `Search ${type} of one ${centre}`,
    security: needs(type, 'search'),
    parameters: [parameterRef('id'), ...parameters],
    responses: { '200': answer('A searchset.', 'Bundle'), ...failures('202', '404') },
  };
  paths[`/${centre}/{id}/${type}`] = { get: { ...shared, operationId: `search${name}Of${centre}` } };
  paths[`/${centre}/{id}/${type}/_search`] = {
    post: { ...shared, operationId: `search${name}Of${centre}ByForm`, requestBody: SEARCH_FORM },
  };
}
