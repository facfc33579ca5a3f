/** What a request asks of the answer's form: Accept, `_format`, `_pretty`, `_summary`, `_elements`, Prefer. Pure. */
import { Failure } from '../../failure.ts';
import type { Subset } from './subset.ts';

export interface Demand {
  pretty: boolean;
  subset: Subset | null;
  /** `_summary=count`. */
  countOnly: boolean;
  /** The parameters that are left: those of the search. */
  params: [string, string][];
  /** The form parameters as they stood, to be repeated in links. */
  form: [string, string][];
}

export interface Prefer {
  return: 'minimal' | 'representation' | 'OperationOutcome' | null;
  lenient: boolean;
  /** On a write: references must lead somewhere. */
  strict: boolean;
  respondAsync: boolean;
}

const JSON_FORMATS = new Set(['json', 'application/json', 'application/fhir+json', 'text/json']);
const FORM = new Set(['_format', '_pretty', '_summary', '_elements']);

/** Fails with `not-acceptable` semantics (406) on any format but JSON, `invalid-parameter` on unknown values. */
export function readDemand(query: readonly [string, string][]): Demand {
  const demand: Demand = { pretty: false, subset: null, countOnly: false, params: [], form: [] };
  for (const [name, value] of query) {
    if (!FORM.has(name)) demand.params.push([name, value]);
    else if (name === '_summary' && value === 'count') {
      demand.countOnly = true;
      demand.params.push([name, value]);
    } else {
      if (value !== '') readForm(name, value, demand);
      demand.form.push([name, value]);
    }
  }
  return demand;
}

function readForm(name: string, value: string, demand: Demand): void {
  switch (name) {
    case '_format':
      if (!isJsonFormat(value)) throw notAcceptable(value);
      return;
    case '_pretty':
      if (value !== 'true' && value !== 'false') throw wrongValue(name, value);
      demand.pretty = value === 'true';
      return;
    case '_elements':
      demand.subset = {
        kind: 'elements',
        names: [...namesOf(demand.subset), ...value.split(',').map(trimmed)],
      };
      return;
    case '_summary':
      if (value === 'true') demand.subset = { kind: 'summary' };
      else if (value === 'text' || value === 'data') demand.subset = { kind: value };
      else if (value !== 'false') throw wrongValue(name, value);
  }
}

/** `_elements` that stands twice asks for all that both name. */
function namesOf(subset: Subset | null): readonly string[] {
  return subset?.kind === 'elements' ? subset.names : [];
}

const trimmed = (text: string) => text.trim();

/** `application/fhir json` is what `+` becomes in a query. A `fhirVersion` other than 4.0 is refused. */
export function isJsonFormat(text: string): boolean {
  const [type = '', ...parameters] = text.toLowerCase().split(';');
  const version = parameters.map((part) => part.trim()).find((part) => part.startsWith('fhirversion='));
  if (version !== undefined && !isR4Version(version)) return false;
  return JSON_FORMATS.has(type.trim().replace(' ', '+'));
}

/** `fhirversion=4.0` in lower case, R4 http.html#version-parameter. */
export function isR4Version(parameter: string): boolean {
  return /^fhirversion="?4\.0(\.\d+)?"?$/.test(parameter);
}

/**
 * Fails (406) when the Accept header takes no JSON. `_format` overrides the header.
 * @param query read only when the header alone does not tell
 */
export function checkAccept(accept: string | undefined, query: () => readonly [string, string][]): void {
  if (accept === undefined || accept === '' || takesJson(accept)) return;
  if (!query().some(([name, value]) => name === '_format' && value !== '')) throw notAcceptable(accept);
}

function takesJson(accept: string): boolean {
  return accept.split(',').some((part) => {
    const [type = '', ...parameters] = part.split(';');
    if (parameters.some((one) => /^\s*q=0(\.0*)?\s*$/.test(one))) return false;
    return (
      ['*/*', 'application/*', 'text/*'].includes(type.trim()) ||
      isJsonFormat(part.replace(/;\s*q=[\d.]+/i, ''))
    );
  });
}

/** `Prefer: return=minimal; handling=lenient` in any order, separated by comma or semicolon; names in any case (RFC 7240). */
export function readPrefer(header: string | string[] | undefined): Prefer {
  const prefer: Prefer = { return: null, lenient: false, strict: false, respondAsync: false };
  if (header === undefined) return prefer;
  for (const part of [header].flat().join(',').split(/[,;]/)) {
    const [given = '', value = ''] = part
      .trim()
      .split('=')
      .map((side) => side.trim().replace(/^"|"$/g, ''));
    const name = given.toLowerCase();
    if (name === 'return' && ['minimal', 'representation', 'OperationOutcome'].includes(value)) {
      prefer.return ??= value as 'minimal';
    }
    if (name === 'handling') {
      prefer.lenient = value === 'lenient';
      prefer.strict = value === 'strict';
    }
    if (name === 'respond-async') prefer.respondAsync = true;
  }
  return prefer;
}

function notAcceptable(format: string): Failure {
  return new Failure('not-acceptable', `Không có định dạng "${format}": máy chủ chỉ trả JSON.`, {
    textEn: `Format "${format}" is not available: this server answers application/fhir+json only.`,
  });
}

function wrongValue(name: string, value: string): Failure {
  return new Failure('invalid-parameter', `Tham số ${name} không nhận "${value}".`, {
    textEn: `Parameter ${name} does not take "${value}".`,
    expression: name,
  });
}
