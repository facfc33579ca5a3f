/** StructureDefinitions as they are given, and what is wrong with one. R4 structuredefinition.html, elementdefinition.html. */
import type { Issue } from '../../failure.ts';

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface StructureDefinitionJson {
  resourceType: 'StructureDefinition';
  id?: string;
  url: string;
  version?: string;
  name?: string;
  title?: string;
  kind: string;
  abstract?: boolean;
  type: string;
  baseDefinition?: string;
  derivation?: string;
  context?: { type?: string; expression?: string }[];
  snapshot?: { element: ElementJson[] };
  differential?: { element: ElementJson[] };
}

export interface TypeJson {
  code?: string;
  profile?: string[];
  targetProfile?: string[];
  aggregation?: string[];
}

export interface SlicingJson {
  discriminator?: { type?: string; path?: string }[];
  rules?: string;
  ordered?: boolean;
}

export interface ConstraintJson {
  key?: string;
  severity?: string;
  human?: string;
  /** Its translations (R4 extension-translation.html). */
  _human?: Json;
  expression?: string;
  source?: string;
}

/** One element; `fixed[x]` and its sisters are found by their beginning. */
export interface ElementJson {
  id?: string;
  path: string;
  sliceName?: string;
  min?: number;
  max?: string;
  type?: TypeJson[];
  contentReference?: string;
  slicing?: SlicingJson;
  binding?: { strength?: string; valueSet?: string };
  constraint?: ConstraintJson[];
  maxLength?: number;
  isModifier?: boolean;
  [other: string]: unknown;
}

/** Where HL7's own definitions live. */
export const FHIR = 'http://hl7.org/fhir/StructureDefinition/';

/** `http://hl7.org/fhir/StructureDefinition/Patient` → `Patient`; any other address stays as it is. */
export function bareType(canonical: string): string {
  const url = canonical.split('|')[0]!;
  return url.startsWith(FHIR) ? url.slice(FHIR.length) : url;
}

/** A profile in few words for a message: the end of its address. */
export function shortName(canonical: string): string {
  const url = canonical.split('|')[0]!;
  return url.slice(url.lastIndexOf('/') + 1) || url;
}

/** What cannot be carried out, with its place in the StructureDefinition. */
export function fault(expression: string, text: string, textEn: string, code = 'invalid'): Issue {
  return { severity: 'error', code, text, textEn, expression };
}
