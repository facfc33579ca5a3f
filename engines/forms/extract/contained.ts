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
  return (contained && byId(contained).get(templateNamed(extension))) ?? null;
}

const known = new WeakMap<readonly Resource[], ReadonlyMap<string, Resource>>();

/** By `#id`, of several the first: each question of a long form may have a template of its own. */
function byId(contained: readonly Resource[]): ReadonlyMap<string, Resource> {
  let found = known.get(contained);
  if (!found) {
    found = new Map([...contained].reverse().map((one) => [`#${one.id}`, one]));
    known.set(contained, found);
  }
  return found;
}
