/** Which modifiers each kind of parameter takes: for parsing, and for the capability statement. */
import { isCanonical, isOnlyCanonical } from './canonical.ts';
import { hierarchyOf, type IndexedParameter } from './parameters.ts';

const BY_KIND: Record<string, readonly string[]> = {
  string: ['exact', 'contains', 'missing'],
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  uri: ['below', 'above', 'missing'],
  reference: ['identifier', 'missing'],
  composite: [],
  special: ['missing'],
};

const CODED = ['CodeableConcept', 'Coding', 'code'];

/** Modifiers of a parameter beside `:[type]` of references. Pure. */
export function modifiersOf(parameter: IndexedParameter): readonly string[] {
  if (parameter.storage === 'carried' || parameter.storage === 'sounds') return ['missing'];
  if (parameter.kind === 'reference') {
    const canClimb =
      isCanonical(parameter) || parameter.targets.some((target) => hierarchyOf(target) !== undefined);
    // R4 search.html#reference: a canonical has no identifier beside itself.
    const called = isOnlyCanonical(parameter) ? [] : ['identifier'];
    return canClimb ? [...called, 'above', 'below', 'missing'] : [...called, 'missing'];
  }
  if (parameter.kind !== 'token') return BY_KIND[parameter.kind] ?? [];
  const types = new Set(parameter.paths.map((path) => path.type));
  const modifiers = ['not', 'missing'];
  if (parameter.storage === 'contact') return modifiers;
  if (types.has('CodeableConcept') || types.has('Coding') || types.has('Identifier')) modifiers.push('text');
  if (CODED.some((type) => types.has(type))) modifiers.push('in', 'not-in', 'below', 'above');
  if (types.has('Identifier')) modifiers.push('of-type');
  return modifiers;
}
