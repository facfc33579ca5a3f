/** What one element of a profile demands, apart from its children and slices. Pure. */
import {
  type ConstraintJson,
  type ElementJson,
  isObject,
  type Json,
  type SlicingJson,
  type TypeJson,
} from './definition.ts';

export interface TypeFacet {
  code: string;
  profiles: readonly string[];
  targets: readonly string[];
  aggregation: readonly string[];
}

export interface Discriminator {
  type: string;
  path: string;
}

export interface Slicing {
  discriminators: readonly Discriminator[];
  rules: 'open' | 'closed' | 'openAtEnd';
  ordered: boolean;
}

export interface Binding {
  strength: string;
  valueSet: string;
}

export interface Constraint {
  key: string;
  severity: 'error' | 'warning';
  /** The sentence in Vietnamese and in English, as far as the definition has translations; else as it is written. */
  human: { vi: string; en: string };
  expression: string;
  source: string | undefined;
  /** Place in the StructureDefinition. */
  place: string;
}

export interface Facets {
  min?: number;
  /** Infinity for `*`. */
  max?: number;
  types?: readonly TypeFacet[];
  fixed?: unknown;
  pattern?: unknown;
  minValue?: unknown;
  maxValue?: unknown;
  maxLength?: number;
  binding?: Binding;
  slicing?: Slicing;
  modifier?: boolean;
  constraints: readonly Constraint[];
}

const SYSTEM_TYPE = 'http://hl7.org/fhirpath/System.';

/** What an element says replaces what stood there before; its invariants come in addition. @param place of the element */
export function facetsOf(element: ElementJson, place: string, before: Facets): Facets {
  const facets: Facets = { ...before };
  if (typeof element.min === 'number') facets.min = element.min;
  if (typeof element.max === 'string') facets.max = element.max === '*' ? Infinity : Number(element.max);
  if (Array.isArray(element.type)) facets.types = element.type.map(typeFacet);
  for (const name of ['fixed', 'pattern', 'minValue', 'maxValue'] as const) {
    const key = valueKey(element, name);
    if (key !== undefined) facets[name] = element[key];
  }
  if (typeof element.maxLength === 'number') facets.maxLength = element.maxLength;
  if (typeof element.binding?.valueSet === 'string') {
    facets.binding = { strength: element.binding.strength ?? 'example', valueSet: element.binding.valueSet };
  }
  if (element.slicing !== undefined) facets.slicing = slicingOf(element.slicing);
  if (typeof element.isModifier === 'boolean') facets.modifier = element.isModifier;
  if (Array.isArray(element.constraint)) {
    const own = element.constraint.flatMap((one, at) => constraintOf(one, `${place}.constraint[${at}]`));
    const keys = new Set(own.map(({ key }) => key));
    facets.constraints = [...before.constraints.filter(({ key }) => !keys.has(key)), ...own];
  }
  return facets;
}

/** `fixedUri` for `fixed`; undefined when there is none. */
export function valueKey(element: ElementJson, name: string): string | undefined {
  return Object.keys(element).find(
    (key) => key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length)) && element[key] !== undefined,
  );
}

function typeFacet({ code = '', profile, targetProfile, aggregation }: TypeJson): TypeFacet {
  return {
    code: code === `${SYSTEM_TYPE}String` ? 'string' : code.replace(SYSTEM_TYPE, ''),
    profiles: texts(profile),
    targets: texts(targetProfile),
    aggregation: texts(aggregation),
  };
}

function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

function slicingOf({ discriminator, rules, ordered }: SlicingJson): Slicing {
  const list = Array.isArray(discriminator) ? discriminator : [];
  return {
    discriminators: list.map(({ type = 'value', path = '$this' }) => ({ type, path })),
    rules: rules === 'closed' || rules === 'openAtEnd' ? rules : 'open',
    ordered: ordered === true,
  };
}

function constraintOf(one: ConstraintJson, place: string): Constraint[] {
  if (typeof one.expression !== 'string' || typeof one.key !== 'string') return [];
  return [
    {
      key: one.key,
      severity: one.severity === 'warning' ? 'warning' : 'error',
      human: wordsOf(one.human ?? one.expression, one._human),
      expression: one.expression,
      source: one.source?.split('|')[0],
      place,
    },
  ];
}

const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation';

function wordsOf(text: string, beside: unknown): { vi: string; en: string } {
  const words = { vi: text, en: text };
  for (const { url, extension } of extensionsIn(beside)) {
    if (url !== TRANSLATION) continue;
    const parts = extensionsIn({ extension });
    const language = parts.find((part) => part.url === 'lang')?.valueCode;
    const content = parts.find((part) => part.url === 'content')?.valueString;
    if ((language === 'vi' || language === 'en') && typeof content === 'string') words[language] = content;
  }
  return words;
}

function extensionsIn(holder: unknown): Json[] {
  const list = isObject(holder) ? holder.extension : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** The same value in every part. */
export function isFixed(value: unknown, wanted: unknown): boolean {
  if (value === wanted) return true;
  if (typeof value !== 'object' || typeof wanted !== 'object' || value === null || wanted === null)
    return false;
  if (Array.isArray(value) || Array.isArray(wanted)) {
    return (
      Array.isArray(value) &&
      Array.isArray(wanted) &&
      value.length === wanted.length &&
      value.every((one, at) => isFixed(one, wanted[at]))
    );
  }
  const keys = Object.keys(wanted);
  return (
    Object.keys(value).length === keys.length &&
    keys.every((key) => isFixed((value as Json)[key], (wanted as Json)[key]))
  );
}

/** Everything the pattern says is there: each item of its lists among the items of the value (R4 ElementDefinition.pattern[x]). */
export function hasPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((one) => value.some((item) => hasPattern(item, one)));
  }
  if (typeof pattern !== 'object' || pattern === null) return value === pattern;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(pattern).every(([key, one]) => hasPattern((value as Json)[key], one));
}
