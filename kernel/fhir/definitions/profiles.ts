/** R4's own profiles, extensions and value sets, read when first asked for. */
import { readJson } from './table-file.ts';

type Element = { path: string; [other: string]: unknown };

interface Source {
  name: string;
  kind: string;
  type: string;
  baseDefinition: string;
  context?: { type: string; expression: string }[];
  element: Element[];
}

export interface BaseProfile {
  resourceType: 'StructureDefinition';
  url: string;
  version: string;
  name: string;
  kind: string;
  type: string;
  baseDefinition: string;
  derivation: 'constraint';
  context?: { type: string; expression: string }[];
  differential: { element: Element[] };
}

const VERSION = '4.0.1';
/** Types of a value that the Extensions Pack has added to an extension of R4, and that guides written for R4 use (SDC: limits that are calculated). */
const LATER_TYPES: Readonly<Record<string, readonly string[]>> = {
  'http://hl7.org/fhir/StructureDefinition/cqf-calculatedValue': ['Expression'],
};
let profiles: Record<string, Source> | undefined;
let valueSets: Record<string, Record<string, string>> | undefined;

/** A profile or an extension that R4 4.0.1 publishes, by its differential: `http://hl7.org/fhir/StructureDefinition/bp`. */
export function baseProfile(url: string): BaseProfile | undefined {
  profiles ??= readJson<NonNullable<typeof profiles>>('profiles.gen.json');
  if (!Object.hasOwn(profiles, url)) return undefined;
  const { element, ...rest } = profiles[url]!;
  return {
    resourceType: 'StructureDefinition',
    url,
    version: VERSION,
    derivation: 'constraint',
    ...rest,
    differential: { element: withLaterTypes(element, LATER_TYPES[url]) },
  };
}

function withLaterTypes(elements: Element[], types: readonly string[] | undefined): Element[] {
  if (!types) return elements;
  return elements.map((one) =>
    one.path === 'Extension.value[x]'
      ? { ...one, type: [...(one.type as { code: string }[]), ...types.map((code) => ({ code }))] }
      : one,
  );
}

/** Canonicals of R4's profiles of a resource type, sorted. */
export function baseProfilesOf(type: string): string[] {
  profiles ??= readJson<NonNullable<typeof profiles>>('profiles.gen.json');
  return Object.entries(profiles).flatMap(([url, one]) =>
    one.kind === 'resource' && one.type === type ? [url] : [],
  );
}

/** Code system → codes of a value set of R4 that can be told code by code, by its canonical; undefined for any other. */
export function baseValueSetCodes(url: string): ReadonlyMap<string, readonly string[]> | undefined {
  valueSets ??= readJson<NonNullable<typeof valueSets>>('value-sets.gen.json');
  if (!Object.hasOwn(valueSets, url)) return undefined;
  return new Map(Object.entries(valueSets[url]!).map(([system, codes]) => [system, codes.split(' ')]));
}
