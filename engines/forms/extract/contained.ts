/** Templates that a form contains. Pure. */
import type { Extension, Questionnaire, Resource } from '../../../kernel/fhir/types.ts';
import { onlyValueOf, partOf } from '../extension.ts';

/** `#id` that templateExtract names in its part, templateExtractBundle as its value; '' where it names none. */
export function templateNamed(extension: Extension): string {
  const template = (extension.extension ? partOf(extension, 'template') : onlyValueOf(extension)) as
    | { reference?: string }
    | string
    | undefined;
  return (typeof template === 'string' ? template : template?.reference) ?? '';
}

/** The contained resource that the extension names by `#id`. */
export function templateOf({ contained }: Questionnaire, extension: Extension): Resource | null {
  const reference = templateNamed(extension);
  return contained?.find((one) => `#${one.id}` === reference) ?? null;
}
