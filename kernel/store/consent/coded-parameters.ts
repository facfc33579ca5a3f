/**
 * By which search parameters a code is looked for in a resource. R4 says of Consent.provision.code: the rule applies when the
 * code is found in an instance. What is found is what the index holds: every CodeableConcept and Coding of a search parameter.
 */
import { patientCompartmentParameters, searchParametersOf } from '../../fhir/definitions/index.ts';
import { RESOURCE_TYPES, typeName } from '../resource-types.ts';
import { mainCodeOf } from '../search/main-columns.ts';
import { resolvePaths } from '../search/paths.ts';

const known = new Map<string, readonly string[]>();

/** Names as they stand in the keys of column `tok`: `Observation.component-code`. @param types numbers; null = all types */
export function codedParameters(types: readonly number[] | null): readonly string[] {
  const names = types === null ? RESOURCE_TYPES : types.map(typeName);
  return names.flatMap((type) => {
    const found = known.get(type) ?? ofType(type);
    known.set(type, found);
    return found;
  });
}

function ofType(type: string): string[] {
  const main = mainCodeOf(type)?.code;
  const isOfPersons = type === 'Patient' || patientCompartmentParameters(type).length > 0;
  return [...searchParametersOf(type).values()]
    .filter(({ code, kind, expression }) => {
      if (code === main) return true;
      // A combo is the union of others; labels have a condition of their own.
      if (!isOfPersons || kind !== 'token' || /^(_|combo-)/.test(code)) return false;
      // Expressions that only say yes or no hold no coding.
      return !expression.includes('exists()') && isCoded(type, expression);
    })
    .map(({ code }) => `${type}.${code}`);
}

function isCoded(type: string, expression: string): boolean {
  return resolvePaths(type, expression).some(
    (path) => path.type === 'CodeableConcept' || path.type === 'Coding',
  );
}
