/**
 * What an operation is: its OperationDefinition as data, from which come the reading of its input, `/metadata`, the resource
 * served at `/fhir/OperationDefinition/<id>` and the OpenAPI document. A room that answers an operation writes one of these.
 */
import type { OperationDefinition, Resource, ResourceType } from '../types.ts';

/** A sentence for people: English is the resource's language, Vietnamese its translation. */
export interface Words {
  en: string;
  vi: string;
}

export interface OperationParameter {
  name: string;
  use: 'in' | 'out';
  min: 0 | 1;
  /** `*`: repeats; in a query, codes may also be a list with commas. */
  max: '1' | '*';
  /** A FHIR type; undefined when it has parts. */
  type?: string;
  documentation: Words;
  /** Taken in a body alone. */
  postOnly?: true;
  part?: readonly OperationParameter[];
}

export interface Operation {
  /** Without the `$`. */
  name: string;
  /** Canonical URL of the OperationDefinition; what follows its last `/` is the id it is served under. */
  definition: string;
  version: string;
  title: Words;
  description: Words;
  /** `Resource`: every type that is kept here. Empty for the whole system alone. */
  resource: readonly (ResourceType | 'Resource')[];
  at: readonly ('system' | 'type' | 'instance')[];
  /** Addresses beside those: `/ViewDefinition/{id}/$viewdefinition-run`, since R4 has no such type. */
  alsoAt?: readonly string[];
  /** True when it changes the record; absent = only reads. */
  affectsState?: true;
  /** True when it also takes the search parameters of its type, which an OperationDefinition cannot list. */
  searches?: true;
  /** True when it is asked by POST alone; `type`: on a type, not on an instance. */
  postOnly?: true | 'type';
  /** True when the answer is fetched later (202 with `Content-Location`). */
  later?: true;
  /** Media types of an answer that is no resource. */
  produces?: readonly string[];
  parameters: readonly OperationParameter[];
}

/** `start:date`, `_type:code*`, `reason:string!` (must be there). */
export function input(line: string, en: string, vi: string): OperationParameter {
  return { ...parameterOf(line), use: 'in', documentation: { en, vi } };
}

/** `return:Bundle!`: always there. */
export function output(line: string, en: string, vi: string): OperationParameter {
  return { ...parameterOf(line), use: 'out', documentation: { en, vi } };
}

/** Taken in the body of a POST alone. */
export function inBody(one: OperationParameter): OperationParameter {
  return { ...one, postOnly: true };
}

/** A parameter of parts: `view!*`. Its parts have its use. */
export function withParts(
  one: OperationParameter,
  ...part: readonly OperationParameter[]
): OperationParameter {
  const { type: _none, ...rest } = one;
  return { ...rest, part: part.map((inner) => ({ ...inner, use: one.use })) };
}

function parameterOf(line: string): Pick<OperationParameter, 'name' | 'min' | 'max' | 'type'> {
  const [, name = '', type, marks = ''] = /^([\w-]+)(?::(\w+))?([!*]*)$/.exec(line) ?? [];
  return {
    name,
    min: marks.includes('!') ? 1 : 0,
    max: marks.includes('*') ? '*' : '1',
    ...(type === undefined ? {} : { type }),
  };
}

/** `Patient-everything`, `viewdefinition-run`: an id has no `$`. */
export function definitionId({ definition }: Operation): string {
  return definition.slice(definition.lastIndexOf('/') + 1).replace('$', '');
}

/** Those of a list that `/metadata` announces with a type. */
export function operationsOn(all: readonly Operation[], type: ResourceType): Operation[] {
  return all.filter(
    ({ resource, at }) =>
      (resource.includes(type) || resource.includes('Resource')) && at.some((one) => one !== 'system'),
  );
}

/** The resource that is served; valid by R4. */
export function definitionOf(operation: Operation): OperationDefinition {
  const { name, definition, version, title, resource, at, parameters } = operation;
  return {
    resourceType: 'OperationDefinition',
    id: definitionId(operation),
    language: 'en',
    url: definition,
    version,
    name: nameOf(title.en),
    ...both('title', title),
    status: 'active',
    kind: 'operation',
    experimental: false,
    publisher: 'Y Bạ',
    ...both('description', searchesToo(operation)),
    affectsState: operation.affectsState ?? false,
    code: name,
    ...(resource.length > 0 ? { resource: [...resource] } : {}),
    system: at.includes('system'),
    type: at.includes('type'),
    instance: at.includes('instance'),
    parameter: parameters.map(asDefined),
  } as OperationDefinition;
}

function searchesToo({ description, searches, resource }: Operation): Words {
  if (!searches) return description;
  return {
    en: `${description.en} It also takes the search parameters of ${resource.join(', ')}.`,
    vi: `${description.vi} Nhận cả các tham số tìm kiếm của ${resource.join(', ')}.`,
  };
}

function asDefined({ documentation, part, postOnly: _address, ...rest }: OperationParameter): object {
  return {
    ...rest,
    ...both('documentation', documentation),
    ...(part === undefined ? {} : { part: part.map(asDefined) }),
  };
}

/** An element and its translation. R4 extension-translation.html. */
function both(element: string, { en, vi }: Words): object {
  const translation = {
    url: 'http://hl7.org/fhir/StructureDefinition/translation',
    extension: [
      { url: 'lang', valueCode: 'vi' },
      { url: 'content', valueString: vi },
    ],
  };
  return { [element]: en, [`_${element}`]: { extension: [translation] } };
}

/** A name for machines (constraint opd-0): `Concept Look Up` → `ConceptLookUp`. */
export function nameOf(title: string): string {
  return title
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** As the resources that the program serves itself (`kernel/fhir/terminology/code-lists.ts`). */
export function renderedDefinitions(operations: readonly Operation[]) {
  return operations.map((one) => ({
    type: 'OperationDefinition' as const,
    id: definitionId(one),
    url: one.definition,
    name: nameOf(one.title.en),
    title: one.title.en,
    version: one.version,
    make: () => definitionOf(one) as Resource,
  }));
}
