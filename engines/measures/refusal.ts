/** A measure that is sound, but would hold the program for too long. */
import { Failure } from '../../kernel/failure.ts';

export function tooCostly(text: string, textEn: string): Failure {
  return new Failure('too-costly', text, { textEn });
}
