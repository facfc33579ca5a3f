/**
 * Every address of the program as an OpenAPI 3.1 document, made of the tables that say who may call what
 * (`endpoints.csv`) and what the addresses take (`endpoint-inputs.csv`). The FHIR interface has a document of its own,
 * which this one links to. Pure.
 */
import type { Row } from '../kernel/content/content.ts';

export interface InterfaceTables {
  /** path, methods, who, why */
  endpoints: readonly Row[];
  /** path, method, query, body: names, separated by blanks */
  inputs: readonly Row[];
  /** By `GET /api/…`: JSON Schema of the answer (`generate-answers.ts`). */
  answers: Readonly<Record<string, object>>;
}

type Operation = Record<string, unknown>;

export interface InterfaceDocument {
  openapi: '3.1.0';
  info: object;
  servers: { url: string }[];
  externalDocs: { url: string; description: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

/** Where the whole FHIR interface is described. */
const FHIR_DOCUMENT = '/fhir/openapi.json';
/** Media types of answers by how an address ends. */
const BY_ENDING: Record<string, string> = {
  csv: 'text/csv',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  txt: 'text/plain',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** @param version of the program */
export function interfaceDocument(
  { endpoints, inputs, answers }: InterfaceTables,
  version: string,
): InterfaceDocument {
  const taken = new Map(inputs.map((row) => [`${row.method} ${row.path}`, row]));
  const paths: InterfaceDocument['paths'] = {};
  for (const row of endpoints) {
    const { path = '', methods = '' } = row;
    const address = addressOf(path);
    for (const method of methods.split(' ')) {
      paths[address] = {
        ...paths[address],
        [method.toLowerCase()]: operationOf(
          method,
          row,
          taken.get(`${method} ${path}`),
          answers[`${method} ${path}`],
        ),
      };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Y Bạ',
      version,
      description: `Every address of the program: who may call it and why. The FHIR interface is described in full at ${FHIR_DOCUMENT}; systems of partners use that one. The addresses below /api serve the program's own screens and may change with them.`,
    },
    servers: [{ url: '/' }],
    externalDocs: { url: FHIR_DOCUMENT, description: 'The FHIR interface' },
    tags: [...new Set(endpoints.map(({ path = '' }) => tagOf(path)))].sort().map((name) => ({ name })),
    paths,
    components: COMPONENTS,
  };
}

/** `/api/people/:id/*` → `/api/people/{id}/{rest}`. */
export function addressOf(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{rest}');
}

function operationOf(
  method: string,
  row: Row,
  input: Row | undefined,
  answer: object | undefined,
): Operation {
  const { path = '', who = '', why = '' } = row;
  const address = addressOf(path);
  const roles = who.split(' ');
  const inPath = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter(name!, 'path'));
  const inQuery = words(input?.query).map((name) => parameter(name, 'query'));
  const body = words(input?.body);
  return {
    operationId: `${method.toLowerCase()}${address.replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: [tagOf(path)],
    summary: why,
    description: `Called by: ${roles.join(', ')}.`,
    'x-yba-who': roles,
    security: roles.includes('anyone') ? [] : [{ session: [] }, { bearer: [] }],
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(WITH_BODY.has(method) && { requestBody: bodyOf(path, body) }),
    responses: answersOf(path, roles, answer),
  };
}

function words(text = ''): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function tagOf(path: string): string {
  const [first = '', second] = path.split('/').slice(1);
  return first === 'api' && second !== undefined && !second.startsWith('*')
    ? `api/${second}`
    : first || 'pages';
}

function parameter(name: string, place: 'path' | 'query'): object {
  return { name, in: place, ...(place === 'path' && { required: true }), schema: { type: 'string' } };
}

function bodyOf(path: string, names: readonly string[]): object {
  if (path.startsWith('/fhir'))
    return { content: { 'application/fhir+json': { schema: { type: 'object' } } } };
  if (path.startsWith('/oauth2'))
    return { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } } };
  const properties = Object.fromEntries(names.map((name) => [name, {}]));
  const schema = { type: 'object', ...(names.length > 0 && { properties }) };
  return { content: { 'application/json': { schema } } };
}

function mediaOf(path: string): string {
  if (path === '/api/events') return 'text/event-stream';
  if (path.startsWith('/fhir')) return 'application/fhir+json';
  if (path === '/metrics' || path.endsWith('/checkpoint') || path.endsWith('/witnessed')) return 'text/plain';
  const ending = /\.(\w+)$/.exec(path)?.[1] ?? '';
  if (BY_ENDING[ending]) return BY_ENDING[ending];
  return path === '/' || path.endsWith('*') ? 'text/html' : 'application/json';
}

const isJson = (path: string): boolean => mediaOf(path) === 'application/json';

function answersOf(path: string, roles: readonly string[], schema: object | undefined): object {
  const failed = (name: string) => ({
    $ref: `#/components/responses/${path.startsWith('/fhir') ? 'Outcome' : 'Failed'}${name}`,
  });
  return {
    200: { description: 'Done.', content: { [mediaOf(path)]: schema && isJson(path) ? { schema } : {} } },
    ...(!roles.includes('anyone') && { 401: failed('401'), 403: failed('403') }),
    '4XX': failed('4XX'),
    503: failed('503'),
  };
}

const SENTENCES = {
  401: 'Nobody is signed in, or the session waits for its password.',
  403: 'The role does not allow it, the record is closed, or a fresh proof is asked (details.proof).',
  '4XX': 'What is wrong with the request, in a sentence, with its place; 429 with Retry-After.',
  503: 'Overloaded, or the database is away: try again after Retry-After.',
};

const FAILURE = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'text'],
      properties: {
        code: { type: 'string', description: 'A stable code.' },
        text: { type: 'string', description: 'What happened and what to do, in Vietnamese.' },
        textEn: { type: 'string' },
        issues: { type: 'array', items: { type: 'object' } },
        details: {},
      },
    },
  },
};

const COMPONENTS = {
  schemas: { Failure: FAILURE },
  responses: Object.fromEntries(
    Object.entries(SENTENCES).flatMap(([status, description]) => [
      [
        `Failed${status}`,
        {
          description,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
        },
      ],
      [`Outcome${status}`, { description, content: { 'application/fhir+json': {} } }],
    ]),
  ),
  securitySchemes: {
    session: { type: 'apiKey', in: 'cookie', name: 'yba_session' },
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  },
};
