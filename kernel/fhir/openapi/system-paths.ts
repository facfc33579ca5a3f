/** The addresses that belong to no resource type. Pure. */
import { answer, body, FHIR, failures, parameterRef, SEARCH_FORM } from './components.ts';
import { historyOf, needs, type Paths } from './type-paths.ts';

const FORMED = ['_format', '_pretty'].map(parameterRef);
const PART = ['_summary', '_elements'].map(parameterRef);
const TYPES = {
  name: '_type',
  in: 'query',
  description:
    'Resource types, with commas; without it all of them, by _id, _lastUpdated, _tag, _profile, _security, _source, _text or _list.',
  schema: { type: 'string' },
};
const PAGES = ['_count', '_sort', '_total', '_cursor'].map(parameterRef);
const TAG = 'system';

const search = (operationId: string, more: object): object => ({
  operationId,
  tags: [TAG],
  summary: 'Search several types',
  security: needs('*', 'search'),
  parameters: [TYPES, ...PAGES, ...FORMED, ...PART, parameterRef('Prefer')],
  ...more,
});

const open = { tags: [TAG], security: [] };

export function systemPaths(): Paths {
  return {
    '/': {
      get: search('searchSystem', {
        responses: { '200': answer('A searchset.', 'Bundle'), ...failures('202') },
      }),
      post: {
        operationId: 'bundle',
        tags: [TAG],
        summary: 'A batch or a transaction',
        security: [{ bearer: [] }],
        parameters: [parameterRef('Prefer'), ...FORMED],
        requestBody: body(['Bundle']),
        responses: {
          '200': answer('A batch-response or a transaction-response.', 'Bundle'),
          ...failures('202', '404', '409', '410', '412', '413', '415', '422'),
        },
      },
    },
    '/_search': {
      post: search('searchSystemByForm', {
        parameters: [...PAGES, ...FORMED, ...PART, parameterRef('Prefer')],
        requestBody: SEARCH_FORM,
        responses: { '200': answer('A searchset.', 'Bundle'), ...failures('202', '413', '415') },
      }),
    },
    '/_history': { get: historyOf('*', 'historyOfSystem', []) },
    '/metadata': { get: METADATA },
    '/.well-known/smart-configuration': {
      get: {
        ...open,
        operationId: 'smartConfiguration',
        summary: 'Where tokens are had (SMART App Launch)',
        responses: { '200': anyJson('The configuration.') },
      },
    },
    '/ws': { get: SOCKET },
    '/openapi.json': { get: OPENAPI },
    '/openapi/{type}.json': { get: OPENAPI_OF_TYPE },
    ...jobPaths(),
  };
}

const anyJson = (description: string) => ({
  description,
  content: { 'application/json': { schema: { type: 'object' } } },
});

const METADATA = {
  ...open,
  operationId: 'metadata',
  summary: 'What the server does',
  parameters: [
    {
      name: 'mode',
      in: 'query',
      description: 'terminology: what is known of codes.',
      schema: { type: 'string', enum: ['full', 'normative', 'terminology'] },
    },
    ...FORMED,
    ...PART,
  ],
  responses: {
    '200': {
      description: 'A CapabilityStatement or TerminologyCapabilities.',
      content: { [FHIR]: { schema: { $ref: '#/components/schemas/Resource' } } },
    },
    ...failures(),
  },
};

/** Bound by a token of `Subscription/$get-ws-binding-token`, `kernel/fhir/subscriptions`. */
const SOCKET = {
  ...open,
  operationId: 'socket',
  summary: 'The websocket of subscriptions: an upgrade',
  responses: { '101': { description: 'The connection is a websocket.' }, ...failures() },
};

const OPENAPI = {
  ...open,
  operationId: 'openapi',
  summary: 'This document',
  parameters: [
    {
      name: '_type',
      in: 'query',
      description: 'Only these resource types, with commas.',
      schema: { type: 'string' },
    },
    parameterRef('IfNoneMatch'),
  ],
  responses: { '200': anyJson('OpenAPI 3.1.'), ...failures('304', '404') },
};

const OPENAPI_OF_TYPE = {
  ...open,
  operationId: 'openapiOfType',
  summary: 'The document of one resource type',
  parameters: [
    { name: 'type', in: 'path', required: true, description: 'Resource type.', schema: { type: 'string' } },
    parameterRef('IfNoneMatch'),
  ],
  responses: { '200': anyJson('OpenAPI 3.1.'), ...failures('304', '404') },
};

/** Answers that are fetched later, `kernel/fhir/jobs`. */
function jobPaths(): Paths {
  const job = { tags: [TAG], security: [{ bearer: [] }], parameters: [parameterRef('id')] };
  const name = {
    name: 'name',
    in: 'path',
    required: true,
    description: 'Name of the file, as the manifest says it.',
    schema: { type: 'string' },
  };
  return {
    '/_job/{id}': {
      get: {
        ...job,
        operationId: 'job',
        summary: 'Whether the answer is there',
        responses: { '200': anyJson('The answer, or its manifest.'), ...failures('202', '404') },
      },
      delete: {
        ...job,
        operationId: 'cancelJob',
        summary: 'Not wanted any more',
        responses: { ...failures('202', '404') },
      },
    },
    '/_job/{id}/answer': {
      get: {
        ...job,
        operationId: 'jobAnswer',
        summary: 'The answer that a manifest names',
        responses: { '200': file('The answer.'), ...failures('404') },
      },
    },
    '/_job/{id}/files/{name}': {
      get: {
        ...job,
        parameters: [parameterRef('id'), name],
        operationId: 'jobFile',
        summary: 'A file of an export',
        responses: { '200': file('The file.'), ...failures('404') },
      },
    },
  };
}

const file = (description: string) => ({
  description,
  content: { 'application/fhir+ndjson': { schema: { type: 'string' } } },
});
