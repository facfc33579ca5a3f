/** Profiles of the tests: definitions and value sets in memory, the same check as on every write. */
import type { Issue } from '../../failure.ts';
import { baseProfile } from '../definitions/index.ts';
import { baseValueSet } from '../terminology/base-codes.ts';
import { codeSetOf, type ValueSetJson } from '../terminology/code-set.ts';
import type { Resource } from '../types.ts';
import { validateResource } from '../validation/index.ts';
import { codesOf } from './codes.ts';
import type { ElementJson, StructureDefinitionJson } from './definition.ts';
import { openProfiles, type ProfileSources } from './profiles.ts';

export const PROFILE = 'http://example.org/fhir/StructureDefinition/';

/** A differential over an R4 type, or over what `more.baseDefinition` names. */
export function profileOf(
  name: string,
  type: string,
  element: ElementJson[],
  more: Partial<StructureDefinitionJson> = {},
): StructureDefinitionJson {
  return {
    resourceType: 'StructureDefinition',
    url: PROFILE + name,
    name,
    kind: /^[A-Z]/.test(type) && type !== 'Extension' ? 'resource' : 'complex-type',
    type,
    baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
    derivation: 'constraint',
    differential: { element },
    ...more,
  };
}

export function sourcesOf(
  definitions: readonly StructureDefinitionJson[],
  valueSets: readonly (ValueSetJson & { url: string })[] = [],
): ProfileSources {
  const refuse = () => new Error('not listed');
  return {
    definition: async (url) =>
      definitions.find((one) => one.url === url) ?? (baseProfile(url) as StructureDefinitionJson | undefined),
    codes: async (canonical) => {
      const url = canonical.split('|')[0]!;
      const found = valueSets.find((one) => one.url === url) ?? baseValueSet(url);
      if (!found) return null;
      return codesOf(
        await codeSetOf(found, {
          valueSet: () => Promise.reject(refuse()),
          system: async () => undefined,
          refuse,
          tooMany: refuse,
        }),
      );
    },
    generation: async () => '',
  };
}

export interface Checking {
  definitions?: readonly StructureDefinitionJson[];
  valueSets?: readonly (ValueSetJson & { url: string })[];
  /** Besides what the resource declares. */
  profiles?: readonly string[];
  warnings?: boolean;
}

/** Right by R4 it must be; what the profiles say. */
export async function checkBy(resource: object, checking: Checking): Promise<Issue[]> {
  const wrong = validateResource(resource);
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
  const { definitions = [], valueSets, ...ask } = checking;
  const check = await openProfiles(sourcesOf(definitions, valueSets)).checkOf([resource as Resource], ask);
  return check(resource as Resource, ask);
}

/** What is wrong with a definition itself. */
export async function faultsOf(
  definition: StructureDefinitionJson,
  others: readonly StructureDefinitionJson[] = [],
): Promise<Issue[]> {
  const check = await openProfiles(sourcesOf(others)).checkOf([definition as unknown as Resource]);
  return check(definition as unknown as Resource);
}

/** `error Observation.component required` of each. */
export function inShort(issues: readonly Issue[]): string[] {
  return issues.map(({ severity, expression, code }) => `${severity} ${expression} ${code}`);
}
