import {
  baseTypeOf,
  elementsOf,
  hasStructure,
  propertyName,
} from '../../../kernel/fhir/definitions/elements.ts';

/** Does R4 have the element of a path such as `Patient.name.given`? Slices (`name:official`) and `[x]` are passed over. Pure. */
export function hasElement(path: string): boolean {
  const [type = '', ...steps] = path.split('.');
  if (!hasStructure(type) || steps.length === 0) return false;
  let structures = [type];
  for (const step of steps) {
    const name = step.split(':')[0]!.replace(/\[x\]$/, '');
    structures = structures.filter(hasStructure).flatMap((one) => typesOf(one, name));
    if (structures.length === 0) return false;
  }
  return true;
}

function typesOf(structure: string, name: string): string[] {
  return elementsOf(structure).flatMap((element) => {
    if (element.name === name) return element.types.map(({ code }) => baseTypeOf(code));
    if (!element.choice) return [];
    return element.types
      .filter((one) => propertyName(element, one) === name)
      .map(({ code }) => baseTypeOf(code));
  });
}
