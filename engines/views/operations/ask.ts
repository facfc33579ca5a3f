/**
 * What `$viewdefinition-run` and `$viewdefinition-export` ask for, from a query or a Parameters resource. Pure. SQL on FHIR v2,
 * OperationDefinitions ViewDefinitionRun and ViewDefinitionExport.
 */
import { Failure } from '../../../kernel/failure.ts';
import { intervalOf } from '../../../kernel/fhir/dates.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import type { ViewDefinition } from '../view-table.ts';

export type Format = 'ndjson' | 'csv' | 'json' | 'parquet';

/** A view as it is given: itself, or where it lies. */
export type GivenView = { resource: ViewDefinition; name?: string } | { reference: string; name?: string };

export interface ViewAsk {
  views: GivenView[];
  format: Format;
  /** First line of CSV. */
  header: boolean;
  /** Ids of persons and of groups; of both empty, everybody's. */
  patients: string[];
  groups: string[];
  /** Epoch milliseconds: changed then or later. */
  since?: number;
  /** Rows at most. */
  limit?: number;
  /** Resources of the request itself: the record is not read. */
  resources?: Resource[];
  tracking?: string;
}

const FORMATS: Record<string, Format> = {
  ndjson: 'ndjson',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/fhir+ndjson': 'ndjson',
  csv: 'csv',
  'text/csv': 'csv',
  json: 'json',
  'application/json': 'json',
  'application/fhir+json': 'json',
  parquet: 'parquet',
  'application/vnd.apache.parquet': 'parquet',
};

/** One parameter: of a query its text, of Parameters its value[x], resource or parts. */
export interface Given {
  name: string;
  value?: unknown;
  resource?: unknown;
  part?: unknown;
}

/** @throws Failure `invalid-request` for what is no Parameters resource */
export function givenOf(body: unknown): Given[] {
  const { resourceType, parameter = [] } = (body ?? {}) as { resourceType?: unknown; parameter?: unknown };
  if (resourceType !== 'Parameters' || !Array.isArray(parameter)) throw noParameters('Parameters');
  return parameter.map((one: unknown, at) => partOf(one, `Parameters.parameter[${at}]`));
}

function partOf(one: unknown, place: string): Given {
  const { name, resource, part, ...rest } = (one ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string') throw noParameters(place);
  const value = Object.entries(rest).find(([key]) => /^value[A-Z]/.test(key))?.[1];
  return { name, value, resource, part };
}

const MINE = {
  run: [
    '_format',
    'header',
    'viewReference',
    'viewResource',
    'patient',
    'group',
    '_since',
    '_limit',
    'resource',
  ],
  export: ['_format', 'header', 'view', 'patient', 'group', '_since', 'clientTrackingId'],
};

/**
 * @param accept Accept header, for a run without `_format`
 * @throws Failure `unknown-parameter`, `invalid-parameter`, `not-acceptable`, naming the parameter
 */
export function readViewAsk(kind: 'run' | 'export', given: readonly Given[], accept = ''): ViewAsk {
  const ask: ViewAsk = { views: [], format: 'ndjson', header: true, patients: [], groups: [] };
  let format: Format | null = null;
  for (const one of given) {
    if (!MINE[kind].includes(one.name)) throw unknownOrWrong(one.name, textOf(one), []);
    if (one.name === '_format') format = formatOf(textOf(one), kind);
    else if (one.name === 'view') ask.views.push(viewOfParts(one));
    else readOne(one, ask);
  }
  ask.format = format ?? (kind === 'run' ? accepted(accept) : 'ndjson');
  if (ask.limit === 0) throw unknownOrWrong('_limit', '0', ['_limit']);
  return ask;
}

function readOne(one: Given, ask: ViewAsk): void {
  const text = textOf(one);
  const wrong = () => unknownOrWrong(one.name, text, [one.name]);
  switch (one.name) {
    case 'header':
      if (text !== 'true' && text !== 'false') throw wrong();
      ask.header = text === 'true';
      return;
    case '_limit':
      if (!/^\d{1,9}$/.test(text)) throw wrong();
      ask.limit = Number(text);
      return;
    case '_since': {
      const interval = intervalOf(text.replace(' ', '+'));
      if (!interval) throw wrong();
      ask.since = interval.low;
      return;
    }
    case 'patient':
      ask.patients.push(idOf('Patient', text, wrong));
      return;
    case 'group':
      ask.groups.push(idOf('Group', text, wrong));
      return;
    case 'viewReference':
      ask.views.push({ reference: text });
      return;
    case 'viewResource':
      ask.views.push({ resource: viewOf(one.resource, 'viewResource') });
      return;
    case 'resource':
      ask.resources = [...(ask.resources ?? []), resourceOf(one)];
      return;
    case 'clientTrackingId':
      ask.tracking = text;
  }
}

function viewOfParts({ part }: Given): GivenView {
  const parts = (Array.isArray(part) ? part : []).map((one, at) => partOf(one, `view.part[${at}]`));
  const name = parts.find((one) => one.name === 'name');
  const resource = parts.find((one) => one.name === 'viewResource');
  const reference = parts.find((one) => one.name === 'viewReference');
  const stranger = parts.find((one) => !['name', 'viewResource', 'viewReference'].includes(one.name));
  if (stranger) throw unknownOrWrong(`view.${stranger.name}`, textOf(stranger), []);
  if ((resource === undefined) === (reference === undefined)) throw oneView('view');
  const called = name === undefined ? {} : { name: textOf(name) };
  return resource
    ? { resource: viewOf(resource.resource, 'view.viewResource'), ...called }
    : { reference: textOf(reference!), ...called };
}

function viewOf(resource: unknown, place: string): ViewDefinition {
  if ((resource as { resourceType?: unknown } | null)?.resourceType === 'ViewDefinition')
    return resource as ViewDefinition;
  throw new Failure('invalid-parameter', `${place} phải là một ViewDefinition.`, {
    textEn: `${place} must be a ViewDefinition resource.`,
    expression: place,
  });
}

/** A resource, or its JSON as a text, as some clients send it. */
function resourceOf(one: Given): Resource {
  let { resource } = one;
  if (resource === undefined && typeof one.value === 'string') {
    try {
      resource = JSON.parse(one.value);
    } catch {
      throw unknownOrWrong('resource', one.value.slice(0, 100), ['resource']);
    }
  }
  if (typeof (resource as Resource | undefined)?.resourceType === 'string') return resource as Resource;
  throw unknownOrWrong('resource', textOf(one), ['resource']);
}

function textOf({ value }: Given): string {
  if (typeof value === 'object' && value !== null)
    return String((value as { reference?: unknown }).reference ?? '');
  return value === undefined ? '' : String(value);
}

function idOf(type: string, text: string, wrong: () => Failure): string {
  const [, id] = new RegExp(`^(?:(?:\\S+/)?${type}/)?([A-Za-z0-9\\-.]{1,64})$`).exec(text) ?? [];
  if (id === undefined) throw wrong();
  return id;
}

function formatOf(text: string, kind: 'run' | 'export'): Format {
  const format = FORMATS[text.toLowerCase().split(';')[0]!.trim().replace(' ', '+')];
  if (
    format === undefined ||
    (kind === 'run' && format === 'parquet') ||
    (kind === 'export' && format === 'json')
  ) {
    const all = kind === 'run' ? 'ndjson, csv, json' : 'ndjson, csv, parquet';
    throw new Failure('invalid-parameter', `_format không nhận "${text}". Hãy dùng một trong: ${all}.`, {
      textEn: `_format does not take "${text}" here: one of ${all}.`,
      expression: '_format',
    });
  }
  return format;
}

function accepted(accept: string): Format {
  if (accept.trim() === '') return 'ndjson';
  for (const part of accept.split(',')) {
    const type = part.split(';')[0]!.trim().toLowerCase();
    if (type === '*/*' || type === 'application/*') return 'ndjson';
    const format = FORMATS[type];
    if (format !== undefined && format !== 'parquet') return format;
  }
  throw new Failure(
    'not-acceptable',
    `Không có định dạng "${accept}". Hãy dùng application/x-ndjson, text/csv hoặc application/json.`,
    {
      textEn: `Format "${accept}" is not available: application/x-ndjson, text/csv or application/json.`,
    },
  );
}

export function oneView(expression: string): Failure {
  return new Failure('invalid-parameter', 'Cần đúng một viewResource hoặc viewReference.', {
    textEn: 'Exactly one viewResource or viewReference is needed.',
    expression,
  });
}

function noParameters(expression: string): Failure {
  return new Failure('invalid-request', 'Cần một tài nguyên Parameters, mỗi tham số có name.', {
    textEn: 'A Parameters resource is expected, each parameter with a name.',
    expression,
  });
}
