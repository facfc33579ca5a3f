/** What the generated extractors call. */
import { stretchEmitter as stretchEmitterOf } from './emit-special.ts';
import { baseParametersOf } from './parameters.ts';
import type { Sink } from './sink.ts';
import { type Site, siteOf } from './site.ts';

export { emitPair } from './emit-composite.ts';
export { emitDate, emitMainDate, emitNumber, emitQuantity } from './emit-order.ts';
export { emitAttachment, emitReference, emitUri } from './emit-reference.ts';
export { emitDeceased, emitPosition, emitSounds } from './emit-special.ts';
export {
  emitAddress,
  emitName,
  emitNameParts,
  emitString,
  emitWholeAddress,
  emitWord,
} from './emit-text.ts';
export {
  emitCode,
  emitCoding,
  emitConcept,
  emitContact,
  emitIdentifier,
  emitOrderedIdentifier,
  emitToken,
} from './emit-token.ts';
export { targetTypeOf } from './paths.ts';
export { emitCarried } from './walk.ts';

/** A resource, an element or a value of one, as JSON has it; what is not there reads as undefined. */
// biome-ignore lint/suspicious/noExplicitAny: the parse boundary of the generated code
export type Json = any;

export type { Sink };

/** The sites of a type's parameters, by code. */
export function sitesOf(type: string): (code: string) => Site {
  return (code) => siteOf(`${type}.${code}`);
}

/** Reads a whole MolecularSequence. */
export function stretchEmitter(type: string, code: string): (resource: Json, sink: Sink) => void {
  return stretchEmitterOf(baseParametersOf(type).get(code)!);
}

const NOTHING: readonly Json[] = [];

/** The items of an element that repeats. */
export function itemsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? NOTHING : [value];
}
