/** The addresses of one resource type: R4's interactions. Pure. */
import { JSON_PATCH } from '../patch/read-patch.ts';
import type { CapabilityStatementRestResource } from '../types.ts';
import { answer, body, FHIR, failures, LETTERS, parameterRef, SEARCH_FORM } from './components.ts';

export type Paths = Record<string, Record<string, object>>;

const FORMED = ['_format', '_pretty'].map(parameterRef);
const PART = ['_summary', '_elements'].map(parameterRef);
const PAGES = ['_count', '_sort', '_total', '_cursor', '_include', '_revinclude'].map(parameterRef);
const CONTAINED = ['_contained', '_containedType'].map(parameterRef);
const HISTORY = ['_since', '_at', '_list', '_count', '_sort', '_cursor'].map(parameterRef);

/** @param letters of the scope that is needed */
export const needs = (type: string, ...letters: (keyof typeof LETTERS)[]) => [
  { oauth2: letters.map((one) => `system/${type}.${LETTERS[one]}`) },
];

/**
 * @param resource as the CapabilityStatement announces it: interactions that are not there have no address
 * @param search its search parameters, as parameters of a query
 */
export function typePaths(resource: CapabilityStatementRestResource, search: readonly object[]): Paths {
  const { type } = resource;
  const does = new Set((resource.interaction ?? []).map(({ code }) => code));
  const only = <T extends object>(code: string, one: T) => (does.has(code as never) ? one : {});
  return withoutEmpty({
    [`/${type}`]: {
      ...only('search-type', { get: searchOf(type, search) }),
      ...only('create', { post: createOf(type) }),
      ...only('update', { put: updateOf(type, search, 'conditionalUpdate') }),
      ...only('patch', { patch: patchOf(type, search, 'conditionalPatch') }),
      ...only('delete', { delete: deleteOf(type, search, 'conditionalDelete') }),
    },
    [`/${type}/_search`]: only('search-type', { post: formSearchOf(type, search) }),
    [`/${type}/_history`]: only('history-type', { get: historyOf(type, `historyOfAll${type}`, []) }),
    [`/${type}/{id}`]: {
      ...only('read', { get: readOf(type) }),
      ...only('update', { put: updateOf(type, undefined, 'update') }),
      ...only('patch', { patch: patchOf(type, undefined, 'patch') }),
      ...only('delete', { delete: deleteOf(type, undefined, 'delete') }),
    },
    [`/${type}/{id}/_history`]: only('history-instance', {
      get: historyOf(type, `history${type}`, [parameterRef('id')]),
      delete: forgetOf(type),
    }),
    [`/${type}/{id}/_history/{vid}`]: only('vread', {
      get: {
        operationId: `vread${type}`,
        tags: [type],
        summary: `A version of a ${type}`,
        security: needs(type, 'read'),
        parameters: [parameterRef('id'), parameterRef('vid'), ...FORMED, ...PART],
        responses: { '200': answer('The version.', type), ...failures('304', '404', '410') },
      },
    }),
  });
}

function withoutEmpty(paths: Paths): Paths {
  return Object.fromEntries(Object.entries(paths).filter(([, item]) => Object.keys(item).length > 0));
}

function searchOf(type: string, search: readonly object[]): object {
  return {
    operationId: `search${type}`,
    tags: [type],
    summary: `Search ${type}`,
    security: needs(type, 'search'),
    parameters: [...search, ...PAGES, ...CONTAINED, ...FORMED, ...PART, parameterRef('Prefer')],
    responses: { '200': answer('A searchset.', 'Bundle'), ...failures('202') },
  };
}

function formSearchOf(type: string, search: readonly object[]): object {
  return {
    ...searchOf(type, search),
    operationId: `search${type}ByForm`,
    summary: `Search ${type}, parameters in a form`,
    requestBody: SEARCH_FORM,
    responses: { '200': answer('A searchset.', 'Bundle'), ...failures('202', '413', '415') },
  };
}

function createOf(type: string): object {
  return {
    operationId: `create${type}`,
    tags: [type],
    summary: `Create a ${type}`,
    security: needs(type, 'create'),
    parameters: [parameterRef('IfNoneExist'), parameterRef('Prefer'), ...FORMED],
    requestBody: body([type]),
    responses: {
      '200': answer('There was one that matches If-None-Exist.', type),
      '201': answer('Created; Location names it.', type),
      ...failures('409', '412', '413', '415', '422'),
    },
  };
}

/** @param search undefined on one resource; else criteria choose it */
function updateOf(type: string, search: readonly object[] | undefined, name: string): object {
  return {
    operationId: `${name}${type}`,
    tags: [type],
    summary: search === undefined ? `Write a ${type}` : `Write the ${type} that matches`,
    security: needs(type, 'create', 'update'),
    parameters: [
      ...(search ?? [parameterRef('id')]),
      ...['IfMatch', 'IfNoneMatch', 'Prefer'].map(parameterRef),
      ...FORMED,
    ],
    requestBody: body([type]),
    responses: {
      '200': answer('Written.', type),
      '201': answer('Created under this id.', type),
      ...failures('409', '410', '412', '413', '415', '422'),
    },
  };
}

function patchOf(type: string, search: readonly object[] | undefined, name: string): object {
  return {
    operationId: `${name}${type}`,
    tags: [type],
    summary: search === undefined ? `Patch a ${type}` : `Patch the ${type} that matches`,
    security: needs(type, 'update'),
    parameters: [
      ...(search ?? [parameterRef('id')]),
      parameterRef('IfMatch'),
      parameterRef('Prefer'),
      ...FORMED,
    ],
    requestBody: {
      required: true,
      content: {
        [JSON_PATCH]: { schema: { type: 'array', items: { type: 'object' } } },
        ...(body(['Parameters'], FHIR) as { content: object }).content,
      },
    },
    responses: {
      '200': answer('Written.', type),
      ...failures('404', '409', '410', '412', '413', '415', '422'),
    },
  };
}

function deleteOf(type: string, search: readonly object[] | undefined, name: string): object {
  return {
    operationId: `${name}${type}`,
    tags: [type],
    summary: search === undefined ? `Delete a ${type}` : `Delete the ${type} that matches`,
    security: needs(type, 'delete'),
    parameters:
      search === undefined
        ? [parameterRef('id'), parameterRef('IfMatch'), parameterRef('Prefer')]
        : [...search, parameterRef('_count'), parameterRef('Prefer')],
    responses: {
      '200': answer('Deleted, told as Prefer asks.', 'OperationOutcome'),
      '204': answer('Deleted, or not there.'),
      ...failures('409', '412', '422'),
    },
  };
}

function readOf(type: string): object {
  return {
    operationId: `read${type}`,
    tags: [type],
    summary: `Read a ${type}`,
    security: needs(type, 'read'),
    parameters: [
      parameterRef('id'),
      parameterRef('IfNoneMatch'),
      parameterRef('IfModifiedSince'),
      ...FORMED,
      ...PART,
    ],
    responses: { '200': answer('The resource.', type), ...failures('304', '404', '410') },
  };
}

export function historyOf(type: string, operationId: string, path: readonly object[]): object {
  return {
    operationId,
    tags: [type],
    summary: 'Versions, the newest first',
    security: needs(type, 'read'),
    parameters: [...path, ...HISTORY, ...FORMED, ...PART, parameterRef('Prefer')],
    responses: { '200': answer('A history.', 'Bundle'), ...failures('202', '404', '410') },
  };
}

function forgetOf(type: string): object {
  return {
    operationId: `deleteHistory${type}`,
    tags: [type],
    summary: 'Erase the superseded versions, with a reason',
    security: needs(type, 'delete'),
    parameters: [
      parameterRef('id'),
      {
        name: 'reason',
        in: 'query',
        required: true,
        description: 'Why, in words; kept in the audit.',
        schema: { type: 'string' },
      },
      ...FORMED,
    ],
    responses: { '200': answer('What was erased.', 'OperationOutcome'), ...failures('404', '422') },
  };
}
