/** What the paths of the document share: parameters, bodies, answers, ways to sign in. Pure. */
import { schemaRef } from './schemas.ts';

export const FHIR = 'application/fhir+json';
const FORM = 'application/x-www-form-urlencoded';

export const parameterRef = (name: string) => ({ $ref: `#/components/parameters/${name}` });
const responseRef = (name: string) => ({ $ref: `#/components/responses/${name}` });

const query = (name: string, description: string, schema: object = { type: 'string' }) => ({
  name,
  in: 'query',
  description,
  schema,
});
const header = (name: string, description: string) => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});
const WHOLE = { type: 'integer', minimum: 0 };

/** By their names in the document. */
export const PARAMETERS: Readonly<Record<string, object>> = {
  id: {
    name: 'id',
    in: 'path',
    required: true,
    description: 'Id of the resource.',
    schema: { $ref: schemaRef('id') },
  },
  vid: {
    name: 'vid',
    in: 'path',
    required: true,
    description: 'Number of the version.',
    schema: { type: 'string', pattern: '^[1-9]\\d{0,8}$' },
  },
  _format: query('_format', 'json, or a media type of JSON.'),
  _pretty: query('_pretty', 'Indented.', { type: 'boolean' }),
  _summary: query('_summary', 'A part of each resource.', {
    type: 'string',
    enum: ['true', 'text', 'data', 'count', 'false'],
  }),
  _elements: query('_elements', 'Elements that are wanted, with commas.'),
  _count: query('_count', 'Resources of a page.', WHOLE),
  _sort: query('_sort', 'Search parameters, with commas; - for descending.'),
  _total: query('_total', 'Whether the total is counted.', {
    type: 'string',
    enum: ['none', 'estimate', 'accurate'],
  }),
  _cursor: query('_cursor', 'Where a page begins, as the links of an answer say it.'),
  _include: query('_include', 'Type:parameter: also what the found refer to.', {
    type: 'array',
    items: { type: 'string' },
  }),
  _revinclude: query('_revinclude', 'Type:parameter: also what refers to the found.', {
    type: 'array',
    items: { type: 'string' },
  }),
  _contained: query('_contained', 'Whether resources that lie inside others are found.', {
    type: 'string',
    enum: ['false', 'true', 'both'],
  }),
  _containedType: query('_containedType', 'What is answered of them: what holds them, or they alone.', {
    type: 'string',
    enum: ['container', 'contained'],
  }),
  _since: query('_since', 'Versions written then or later.', { type: 'string' }),
  _at: query('_at', 'Versions that were current then.', { type: 'string' }),
  _list: query('_list', 'Of the resources of a List.', { type: 'string' }),
  IfMatch: header('If-Match', 'W/"3": only when this is the newest version.'),
  IfNoneMatch: header('If-None-Match', '* on a PUT: only when there is none; a version on a GET: 304.'),
  IfModifiedSince: header('If-Modified-Since', '304 when it was not changed later.'),
  IfNoneExist: header('If-None-Exist', 'Criteria: only when nothing matches.'),
  Prefer: header(
    'Prefer',
    'return=minimal|representation|OperationOutcome, handling=strict|lenient, respond-async.',
  ),
};

const outcome = (description: string) => ({
  description,
  content: { [FHIR]: { schema: { $ref: schemaRef('OperationOutcome') } } },
});

/** Failures, each an OperationOutcome: Vietnamese in `details.text`, English in `diagnostics`, place in `expression`. */
export const RESPONSES: Readonly<Record<string, object>> = {
  BadRequest: outcome('Not understood: JSON, parameter or Bundle; the place is in expression.'),
  Unauthorized: outcome('No token, or its time is over.'),
  Forbidden: outcome('The scopes do not cover it.'),
  NotFound: outcome('Not there.'),
  Gone: outcome('Deleted or erased.'),
  NotAcceptable: outcome('Only JSON is answered.'),
  Conflict: outcome('Others wrote at the same time; send it again.'),
  PreconditionFailed: outcome('Another version, or criteria that match more than one.'),
  TooLarge: outcome('The body is too large.'),
  UnsupportedMediaType: outcome('Only JSON is taken (a form by _search).'),
  Unprocessable: outcome('Understood, but not valid; the place is in expression.'),
  Later: outcome('Later: Retry-After says when; nothing was half-written.'),
  Accepted: {
    description: 'Taken; the answer will be at Content-Location.',
    headers: { 'Content-Location': { schema: { type: 'string' } } },
  },
  NotModified: { description: 'Not changed.' },
};

const ALWAYS = {
  '400': responseRef('BadRequest'),
  '401': responseRef('Unauthorized'),
  '403': responseRef('Forbidden'),
  '406': responseRef('NotAcceptable'),
  '429': responseRef('Later'),
  '503': responseRef('Later'),
};
const OTHERS: Readonly<Record<string, object>> = {
  '202': responseRef('Accepted'),
  '304': responseRef('NotModified'),
  '404': responseRef('NotFound'),
  '409': responseRef('Conflict'),
  '410': responseRef('Gone'),
  '412': responseRef('PreconditionFailed'),
  '413': responseRef('TooLarge'),
  '415': responseRef('UnsupportedMediaType'),
  '422': responseRef('Unprocessable'),
};

const made = new Map<string, Record<string, object>>();

/** What every address may answer, and those beside it: `'404', '412'`. */
export function failures(...more: readonly string[]): Record<string, object> {
  const key = more.join();
  const known = made.get(key) ?? {
    ...ALWAYS,
    ...Object.fromEntries(more.map((status) => [status, OTHERS[status]!])),
  };
  made.set(key, known);
  return known;
}

/** @param type resource type or data type of the body; undefined = none */
export function answer(description: string, type?: string, media: readonly string[] = [FHIR]): object {
  if (type === undefined) return { description };
  const schema = { $ref: schemaRef(type) };
  return { description, content: Object.fromEntries(media.map((one) => [one, { schema }])) };
}

/** A body of one of the types. */
export function body(types: readonly string[], media = FHIR, required = true): object {
  const schemas = types.map((type) => ({ $ref: schemaRef(type) }));
  return {
    required,
    content: { [media]: { schema: schemas.length === 1 ? schemas[0] : { anyOf: schemas } } },
  };
}

/** Search parameters in a form, as they would stand in the address. */
export const SEARCH_FORM = {
  content: {
    [FORM]: {
      schema: {
        type: 'object',
        additionalProperties: { type: ['string', 'array'], items: { type: 'string' } },
      },
    },
  },
};

/** Scopes of SMART App Launch 2 by what is done. */
export const LETTERS = { create: 'c', read: 'r', update: 'u', delete: 'd', search: 's' } as const;

/** @param tokenUrl of client credentials; @param types whose scopes are named */
export function securitySchemes(tokenUrl: string, types: readonly string[]): object {
  const scopes = ['*', ...types].flatMap((type) =>
    Object.entries(LETTERS).map(([name, letter]) => [
      `system/${type}.${letter}`,
      `${name} ${type === '*' ? 'everything' : type}`,
    ]),
  );
  return {
    oauth2: {
      type: 'oauth2',
      description:
        'OAuth 2 client credentials with scopes of SMART App Launch 2; letters are joined: system/Patient.rs, system/*.cruds.',
      flows: { clientCredentials: { tokenUrl, scopes: Object.fromEntries(scopes) } },
    },
    bearer: { type: 'http', scheme: 'bearer', description: 'The token.' },
  };
}
