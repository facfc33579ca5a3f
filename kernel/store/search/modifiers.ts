/** Which modifiers each kind of parameter takes: for parsing, and for the capability statement. */
import type { IndexedParameter } from './parameters.ts';

const BY_KIND: Record<string, readonly string[]> = {
  string: ['exact', 'contains', 'missing'],
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  uri: ['below', 'above', 'missing'],
  reference: ['identifier', 'missing'],
  composite: [],
  special: [],
};

/** Modifiers of a parameter beside `:[type]` of references. Pure. */
export function modifiersOf(parameter: IndexedParameter): readonly string[] {
  if (parameter.kind !== 'token') return BY_KIND[parameter.kind] ?? [];
  const types = new Set(parameter.paths.map((path) => path.type));
  const modifiers = ['not', 'missing'];
  if (parameter.storage === 'contact') return modifiers;
  if (types.has('CodeableConcept') || types.has('Coding')) modifiers.push('text', 'below', 'above');
  if (types.has('Identifier')) modifiers.push('of-type');
  return modifiers;
}
