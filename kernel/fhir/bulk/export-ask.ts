/** What a `$export` asks for, from its query or its Parameters. Bulk Data Access 2.0, "kick-off request". Pure. */
import { Failure } from '../../failure.ts';
import { checkSearch } from '../../store/search/index.ts';
import { intervalOf } from '../dates.ts';
import { elementsOf } from '../definitions/index.ts';
import { unknownOrWrong } from '../http/context.ts';
import { asResourceType, CARRIERS, RENDERED } from '../names.ts';
import type { ResourceType } from '../types.ts';

export type Level = 'system' | 'patient' | 'group';

export interface ExportAsk {
  level: Level;
  /** Undefined = every type that the client may read. */
  types?: ResourceType[];
  /** Epoch milliseconds: changed later. */
  since?: number;
  /** Of a type: it must match one of the searches. */
  filters: Map<ResourceType, [string, string][][]>;
  /** `_elements`. */
  elements?: string[];
  /** Ids of the persons that are asked for; undefined = all of the level. */
  patients?: string[];
}

const FORMATS = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);

/**
 * @param posted the parameters came in a body: only there persons may be named
 * @param lenient leave out what is not offered (`Prefer: handling=lenient`)
 * @throws Failure `unknown-parameter` or `invalid-parameter`, naming the parameter
 */
export function readExportAsk(
  level: Level,
  given: readonly [string, string][],
  { posted, lenient }: { posted: boolean; lenient: boolean },
): ExportAsk {
  const ask: ExportAsk = { level, filters: new Map() };
  for (const [name, value] of given) {
    if (name === '_outputFormat') checkFormat(value);
    else if (name === '_since') ask.since = sinceOf(value);
    else if (name === '_type') ask.types = [...(ask.types ?? []), ...typesOf(value)];
    else if (name === '_typeFilter') addFilters(ask.filters, value);
    else if (name === '_elements') ask.elements = [...(ask.elements ?? []), ...listOf(value, name)];
    else if (name === 'patient' && posted && level !== 'system')
      ask.patients = [...(ask.patients ?? []), patientOf(value)];
    else if (!lenient || name === 'patient') throw unknownOrWrong(name, value, []);
  }
  checkElements(ask);
  for (const type of ask.filters.keys()) {
    if (ask.types && !ask.types.includes(type)) throw unasked(type);
  }
  return ask;
}

function checkFormat(value: string): void {
  // `+` of a query that was not encoded arrives as a space.
  if (!FORMATS.has(value.replace(' ', '+').toLowerCase()))
    throw unknownOrWrong('_outputFormat', value, ['_outputFormat']);
}

function sinceOf(value: string): number {
  const interval = intervalOf(value.replace(' ', '+'));
  if (!interval) throw unknownOrWrong('_since', value, ['_since']);
  return interval.low;
}

function listOf(value: string, name: string): string[] {
  const list = value.split(',').map((one) => one.trim());
  if (list.includes('')) throw unknownOrWrong(name, value, [name]);
  return list;
}

function typesOf(value: string): ResourceType[] {
  return listOf(value, '_type').map((name) => {
    const type = asExported(name);
    if (type === null) throw unknownOrWrong('_type', name, ['_type']);
    return type;
  });
}

/** Null for what is no resource type or has no rows of its own. */
function asExported(name: string): ResourceType | null {
  try {
    const type = asResourceType(name);
    return CARRIERS.has(type) || RENDERED.has(type) ? null : type;
  } catch {
    return null;
  }
}

/** `Type?query`, several with commas between them; a comma inside a query stays where no type follows. */
function addFilters(filters: ExportAsk['filters'], value: string): void {
  for (const one of value.split(/,(?=[A-Z][A-Za-z]+\?)/)) {
    const [name = '', query = ''] = splitOnce(one.trim(), '?');
    const type = asExported(name);
    const params = [...new URLSearchParams(query)] as [string, string][];
    if (type === null || params.length === 0) throw unknownOrWrong('_typeFilter', one, ['_typeFilter']);
    const result = params.find(([param]) => RESULT.test(param));
    if (result) throw unknownOrWrong(result[0], result[1], []);
    checkSearch({ type, params });
    filters.set(type, [...(filters.get(type) ?? []), params]);
  }
}

/** Parameters of the form and order of an answer. */
const RESULT = /^_(sort|count|total|cursor|include|revinclude|summary|elements|format|pretty|explain)\b/;

function splitOnce(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}

/** `Type.element`, or an element of every type. */
function checkElements({ elements = [] }: ExportAsk): void {
  for (const element of elements) {
    const [, type, name] = /^(?:([A-Z][A-Za-z]+)\.)?([A-Za-z]\w*)$/.exec(element) ?? [];
    const known = type === undefined ? null : asExported(type);
    const isKnown =
      name !== undefined &&
      (type === undefined || (known !== null && elementsOf(known).some((one) => one.name === name)));
    if (!isKnown) throw unknownOrWrong('_elements', element, ['_elements']);
  }
}

function patientOf(value: string): string {
  const [, id] = /^(?:\S+\/)?Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(value) ?? [];
  if (id === undefined) throw unknownOrWrong('patient', value, ['patient']);
  return id;
}

function unasked(type: ResourceType): Failure {
  return new Failure('invalid-parameter', `_typeFilter có ${type} nhưng _type không có.`, {
    textEn: `_typeFilter names ${type}, which _type does not ask for.`,
    expression: '_typeFilter',
  });
}
