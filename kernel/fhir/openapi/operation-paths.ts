/** The addresses of operations, from their OperationDefinitions. Pure. */
import { isPrimitive } from '../definitions/index.ts';
import type { Operation, OperationParameter } from '../operations/definition.ts';
import { answer, body, FHIR, failures, parameterRef } from './components.ts';
import { schemaRef } from './schemas.ts';
import type { Paths } from './type-paths.ts';

export interface OperationPathsAsk {
  operations: readonly Operation[];
  /** Types that are written here, on which operations of every type are answered; */
  types: readonly string[];
  /** Search parameters of a type, for operations that take them. */
  search(type: string): readonly object[];
}

const FORMED = ['_format', '_pretty'].map(parameterRef);

/** @param system with those on the whole system */
export function operationPaths(ask: OperationPathsAsk, system: boolean): Paths {
  const paths: Paths = {};
  for (const operation of ask.operations) {
    for (const { url, type, name } of addressesOf(operation, ask.types, system)) {
      paths[url] = methodsOf(operation, type, name, url.includes('{id}'), ask);
    }
  }
  return paths;
}

interface Address {
  url: string;
  type: string;
  /** Beginning of the operationId. */
  name: string;
}

function addressesOf(
  { name, resource, at, alsoAt = [] }: Operation,
  types: readonly string[],
  system: boolean,
): Address[] {
  const asked = types.filter((type) => resource.includes('Resource') || resource.includes(type as never));
  const id = name.replaceAll('-', '_');
  return [
    ...(system && at.includes('system') ? [{ url: `/$${name}`, type: 'system', name: `system_${id}` }] : []),
    ...(system
      ? alsoAt.map((url) => ({ url, type: 'system', name: url.replaceAll(/\W+/g, '_').slice(1) }))
      : []),
    ...asked.flatMap((type) => [
      ...(at.includes('type') ? [{ url: `/${type}/$${name}`, type, name: `${type}_${id}` }] : []),
      ...(at.includes('instance') ? [{ url: `/${type}/{id}/$${name}`, type, name: `${type}_id_${id}` }] : []),
    ]),
  ];
}

function methodsOf(
  operation: Operation,
  type: string,
  name: string,
  onInstance: boolean,
  { search }: OperationPathsAsk,
): Record<string, object> {
  const inputs = operation.parameters.filter(({ use }) => use === 'in');
  const id = onInstance ? [parameterRef('id')] : [];
  const searched = operation.searches ? search(type) : [];
  const shared = {
    tags: [type],
    summary: operation.title.en,
    description: `${operation.description.en} ${operation.definition}`,
    security: [{ bearer: [] }],
  };
  const inQuery = inputs.filter(isInQuery);
  const own = new Set(inQuery.map((one) => one.name));
  const formed = FORMED.filter(({ $ref }) => !own.has($ref.split('/').at(-1)!));
  const get = {
    ...shared,
    operationId: `${name}_get`,
    parameters: [
      ...id,
      ...searched,
      ...inQuery.filter(({ postOnly }) => !postOnly).map((one) => queryParameter(one)),
      ...formed,
    ],
    responses: responsesOf(operation),
  };
  const post = {
    ...shared,
    operationId: `${name}_post`,
    parameters: [...id, ...formed],
    requestBody: bodyOf(operation, inputs, onInstance),
    responses: responsesOf(operation),
  };
  const byGet = operation.postOnly === undefined || (operation.postOnly === 'type' && onInstance);
  return byGet ? { get, post } : { post };
}

/** Written as text in an address; what has parts or is a resource or a Coding goes in a body. */
function isInQuery({ type, part }: OperationParameter): boolean {
  return part === undefined && type !== undefined && (isPrimitive(type) || type === 'Reference');
}

function queryParameter({ name, type = 'string', min, max, documentation }: OperationParameter): object {
  const one = type === 'Reference' ? { type: 'string' } : { $ref: schemaRef(type) };
  const schema = max === '*' ? { type: 'array', items: { type: 'string' } } : one;
  return {
    name,
    in: 'query',
    description: `${documentation.en} ${documentation.vi}`,
    ...(min > 0 ? { required: true } : {}),
    schema,
  };
}

/** A Parameters resource, or the one resource that the operation takes. */
function bodyOf(operation: Operation, inputs: readonly OperationParameter[], onInstance: boolean): object {
  const resources = inputs.filter(({ type, part }) => part === undefined && isResource(type));
  const alone = resources.length === 1 && !onInstance ? [resources[0]!.type!] : [];
  const needed = inputs.some(({ min }) => min > 0) && operation.postOnly === true;
  return body(['Parameters', ...alone], FHIR, needed);
}

function isResource(type: string | undefined): boolean {
  return type !== undefined && ['Resource', 'CodeSystem', 'ValueSet', 'ConceptMap'].includes(type);
}

function responsesOf(operation: Operation): object {
  const { later, produces, parameters } = operation;
  const shown = failures('202', '404', '410', '413', '415', '422');
  if (later) return shown;
  const outputs = parameters.filter(({ use }) => use === 'out');
  const [only] = outputs;
  const single = outputs.length === 1 && only?.name === 'return' ? only.type : undefined;
  if (produces) {
    const content = Object.fromEntries(produces.map((one) => [one, { schema: { type: 'string' } }]));
    return { '200': { description: operation.title.en, content }, ...shown };
  }
  return { '200': answer(operation.title.en, single ?? 'Parameters'), ...shown };
}
