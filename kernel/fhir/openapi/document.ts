/**
 * The FHIR interface as an OpenAPI 3.1 document, made of what the server announces: the CapabilityStatement's interactions and
 * search parameters, the OperationDefinitions, the element tables of R4. Pure.
 */

import { announcedResource, announcedTypes, type CapabilityParts } from '../http/capability.ts';
import type { CapabilityStatementRestResource, ResourceType } from '../types.ts';
import { compartmentPaths } from './compartment-paths.ts';
import { PARAMETERS, parameterRef, RESPONSES, securitySchemes } from './components.ts';
import { operationPaths } from './operation-paths.ts';
import { referredBy, type Schema, schemasOf } from './schemas.ts';
import { searchParameter, searchSchemas } from './search-parameters.ts';
import { systemPaths } from './system-paths.ts';
import { type Paths, typePaths } from './type-paths.ts';

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: object;
  externalDocs: { url: string; description: string };
  servers: { url: string }[];
  security: object[];
  tags: { name: string }[];
  paths: Paths;
  components: {
    schemas: Record<string, Schema>;
    parameters: object;
    responses: object;
    securitySchemes: object;
  };
}

/** Relative to the server that the document is fetched from (OpenAPI 3.1, "Relative References in URLs"). */
const BASE = '/fhir';

/**
 * @param types only these; undefined = all, with what belongs to no type
 */
export function openApiDocument(parts: CapabilityParts, types?: readonly ResourceType[]): OpenApiDocument {
  const resources = (types ?? announcedTypes).map((type) => announcedResource(type, withoutIncludes(parts)));
  const search = new Map(
    resources.map(({ type }) => [type as string, searchOf(type as ResourceType, parts)]),
  );
  const parameters = {
    ...PARAMETERS,
    ...Object.fromEntries(
      [...search.values()].flatMap((list) => list.map(({ key, parameter }) => [key, parameter])),
    ),
  };
  const paths = pathsOf(resources, parts, search, types === undefined);
  const named = referredBy([paths, parameters, RESPONSES]);
  const searched = searchSchemas();
  return {
    openapi: '3.1.0',
    info: {
      title: 'Y Bạ FHIR R4',
      version: parts.software.version,
      description:
        'The record of a province by FHIR R4. Failures are OperationOutcomes: Vietnamese in details.text, English in diagnostics. Search parameters also take modifiers (name:exact), chains (subject:Patient.name) and _has, which no document of this kind can list.',
    },
    externalDocs: { url: '/openapi.json', description: 'Every address of the program beside this interface' },
    servers: [{ url: BASE }],
    security: [{ bearer: [] }],
    tags: [...(types === undefined ? ['system', '*'] : []), ...search.keys()].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...schemasOf(named.filter((name) => !Object.hasOwn(searched, name))), ...searched },
      parameters,
      responses: RESPONSES,
      securitySchemes: securitySchemes('/oauth2/token', [...search.keys()]),
    },
  };
}

/** They are not listed here, and long to put together. */
function withoutIncludes(parts: CapabilityParts): CapabilityParts {
  return { ...parts, includes: () => ({ include: [], revinclude: [] }) };
}

interface NamedParameter {
  /** Name of its component: `Patient.birthdate`. */
  key: string;
  parameter: object;
}

function searchOf(type: ResourceType, parts: CapabilityParts): NamedParameter[] {
  const { searchParam = [] } = announcedResource(type, withoutIncludes(parts));
  const modifiers = new Map(parts.searchParameters(type).map((one) => [one.name, one.modifiers ?? []]));
  return searchParam.map(({ name = '', type: kind = '', definition }) => ({
    key: `${type}.${name}`,
    parameter: searchParameter({
      name,
      type: kind,
      modifiers: modifiers.get(name) ?? [],
      ...(definition === undefined ? {} : { definition }),
    }),
  }));
}

function pathsOf(
  resources: readonly CapabilityStatementRestResource[],
  { operations }: CapabilityParts,
  search: ReadonlyMap<string, readonly NamedParameter[]>,
  whole: boolean,
): Paths {
  const of = (type: string) => (search.get(type) ?? []).map(({ key }) => parameterRef(key));
  const written = resources
    .filter(({ operation }) => operation !== undefined)
    .map(({ type }) => type as string);
  return {
    ...(whole ? systemPaths() : {}),
    ...Object.assign({}, ...resources.map((one) => typePaths(one, of(one.type!)))),
    ...compartmentPaths([...search.keys()], of),
    ...operationPaths({ operations, types: written, search: of }, whole),
  };
}
