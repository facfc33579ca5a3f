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
  /** What is not offered and was left out, because `Prefer: handling=lenient` allows it. */
  leftOut: Failure[];
}

const FORMATS = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);
/** Without these the answer would hold other data than was asked for, not only more of it. */
const NEVER_LEFT_OUT = new Set(['_outputFormat', '_since', 'patient']);

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
  const ask: ExportAsk = { level, filters: new Map(), leftOut: [] };
  const attempt = (name: string, take: () => void) => {
    try {
      take();
    } catch (error) {
      if (!lenient || NEVER_LEFT_OUT.has(name) || !(error instanceof Failure)) throw error;
      ask.leftOut.push(error);
    }
  };
  for (const [name, value] of given) {
    for (const one of partsOf(name, value)) attempt(name, () => take(ask, name, one, posted));
  }
  for (const type of ask.filters.keys()) {
    if (ask.types === undefined || ask.types.includes(type)) continue;
    attempt('_typeFilter', () => {
      ask.filters.delete(type);
      throw unasked(type);
    });
  }
  if (ask.types?.length === 0) throw ask.leftOut[0]!;
  return ask;
}

/** The values of a parameter that takes a list: commas are the same as repeating it. */
function partsOf(name: string, value: string): string[] {
  if (name === '_type' || name === '_elements') return value.split(',').map((one) => one.trim());
  // A comma inside a search stays where no type follows.
  if (name === '_typeFilter') return value.split(/,(?=[A-Z][A-Za-z]+\?)/).map((one) => one.trim());
  return [value];
}

function take(ask: ExportAsk, name: string, value: string, posted: boolean): void {
  switch (name) {
    case '_outputFormat':
      checkFormat(value);
      return;
    case '_since':
      if (ask.since !== undefined) throw twice(name);
      ask.since = sinceOf(value);
      return;
    case '_type':
      ask.types ??= [];
      ask.types.push(typeOf(value));
      return;
    case '_typeFilter':
      addFilter(ask.filters, value);
      return;
    case '_elements':
      ask.elements = [...(ask.elements ?? []), elementOf(value)];
      return;
    case 'includeAssociatedData':
      throw unoffered(name, value);
    case 'patient':
      if (!posted || ask.level === 'system') throw misplaced(ask.level);
      ask.patients = [...(ask.patients ?? []), patientOf(value)];
      return;
    default:
      throw unknownOrWrong(name, value, []);
  }
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

function typeOf(name: string): ResourceType {
  const type = asExported(name);
  if (type === null) throw unknownOrWrong('_type', name, ['_type']);
  return type;
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

/** `Type?query`. */
function addFilter(filters: ExportAsk['filters'], value: string): void {
  const [name = '', query = ''] = splitOnce(value, '?');
  const type = asExported(name);
  const params = pairsOf(query);
  if (type === null || params.length === 0) throw unknownOrWrong('_typeFilter', value, ['_typeFilter']);
  const result = params.find(([param]) => RESULT.test(param));
  if (result) throw noCriterion(result[0]);
  checkSearch({ type, params });
  filters.set(type, [...(filters.get(type) ?? []), params]);
}

/** The pairs of a query; the `+` of a zone stays one. */
function pairsOf(query: string): [string, string][] {
  const zone = /(T[\d:.]+)\+(?=\d\d:\d\d)/g;
  return [...new URLSearchParams(query.replace(zone, '$1%2B'))];
}

/** Parameters of the form and order of an answer. */
const RESULT = /^_(sort|count|total|cursor|include|revinclude|summary|elements|format|pretty|explain)\b/;

function splitOnce(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}

/** `Type.element`, or an element of every type. */
function elementOf(element: string): string {
  const [, type, name] = /^(?:([A-Z][A-Za-z]+)\.)?([A-Za-z]\w*)$/.exec(element) ?? [];
  const known = type === undefined ? null : asExported(type);
  const isKnown =
    name !== undefined &&
    (type === undefined || (known !== null && elementsOf(known).some((one) => one.name === name)));
  if (!isKnown) throw unknownOrWrong('_elements', element, ['_elements']);
  return element;
}

function patientOf(value: string): string {
  const [, id] = /^(?:\S+\/)?Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(value) ?? [];
  if (id === undefined) throw unknownOrWrong('patient', value, ['patient']);
  return id;
}

function noCriterion(name: string): Failure {
  return new Failure('invalid-parameter', `_typeFilter chỉ nhận điều kiện tìm, không nhận ${name}.`, {
    textEn: `_typeFilter takes criteria of a search only, not ${name}.`,
    expression: '_typeFilter',
  });
}

function unasked(type: ResourceType): Failure {
  return new Failure('invalid-parameter', `_typeFilter có ${type} nhưng _type không có.`, {
    textEn: `_typeFilter names ${type}, which _type does not ask for.`,
    expression: '_typeFilter',
  });
}

function twice(name: string): Failure {
  return new Failure('invalid-parameter', `Tham số ${name} chỉ được cho một lần.`, {
    textEn: `Parameter ${name} may be given once.`,
    expression: name,
  });
}

/** Provenance is a type like others: all of it comes, unless `_type` leaves it out. */
function unoffered(name: string, value: string): Failure {
  return new Failure(
    'invalid-parameter',
    `Không chọn được ${name}=${value}: Provenance luôn được xuất cùng dữ liệu, trừ khi _type không có.`,
    {
      textEn: `${name}=${value} is not offered: every Provenance is exported, unless _type leaves it out.`,
      expression: name,
    },
  );
}

function misplaced(level: Level): Failure {
  const isSystem = level === 'system';
  return new Failure(
    'invalid-parameter',
    isSystem
      ? 'Không chọn được người bệnh khi xuất toàn hệ thống; hãy dùng Patient/$export.'
      : 'Tham số patient chỉ được gửi bằng POST, trong một tài nguyên Parameters.',
    {
      textEn: isSystem
        ? 'Persons cannot be chosen at system level: use Patient/$export.'
        : 'Parameter patient is taken by POST only, in a Parameters resource.',
      expression: 'patient',
    },
  );
}
