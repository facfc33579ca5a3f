/** Choices of an item in the form's language: from the form itself, from a contained value set, or from an expression. Pure. */
import type { Coding, Questionnaire, QuestionnaireItem, ValueSet } from '../../../kernel/fhir/types.ts';
import { isObject, isSameValue, labelOf, optionValue, valueIn } from '../answer.ts';
import { EXT, extensionValue, textOf, translated } from '../extension.ts';
import { weightOf } from './evaluate.ts';
import { mediaOf } from './media.ts';
import type { Option, Value } from './types.ts';

const option = (value: Value, label: string): Option => ({
  value,
  label,
  prefix: null,
  exclusive: false,
  initial: false,
  weight: weightOf(value),
  enabled: true,
  media: null,
});

/** Options that the item lists; null when it lists none. */
export function listedOptions(item: QuestionnaireItem, language: string): Option[] | null {
  if (!item.answerOption) return null;
  return item.answerOption.map((one) => {
    const value = optionValue(one);
    return {
      ...option(value, labelIn(value, one, language)),
      prefix: textOf(one, EXT.optionPrefix) ?? (isObject(value) ? textOf(value, EXT.optionPrefix) : null),
      exclusive: extensionValue(one, EXT.optionExclusive) === true,
      initial: one.initialSelected === true,
      weight: weightOf(one) ?? weightOf(value),
      media: mediaOf(one, EXT.itemAnswerMedia),
    };
  });
}

/** A Coding by its display in the language; a text by the translation beside it. */
function labelIn(value: Value, holder: object, language: string): string {
  if (isObject(value)) return translated(value, 'display', language) ?? labelOf(value);
  const found = valueIn(holder);
  const name = found ? `value${found.type.charAt(0).toUpperCase()}${found.type.slice(1)}` : 'valueString';
  return translated(holder, name, language) ?? labelOf(value);
}

/** Codings as choices. */
export function codedOptions(codings: readonly Coding[], language: string): Option[] {
  return codings.map((one) => ({
    ...option(one, translated(one, 'display', language) ?? labelOf(one)),
    weight: weightOf(one),
  }));
}

/** What an expression gave as choices. */
export const givenOptions = (values: readonly Value[]): Option[] =>
  values.map((one) => option(one, labelOf(one)));

/** Codes of a value set that lies in the Questionnaire (`#id`), when it lists them itself; null otherwise. */
export function containedOptions(questionnaire: Questionnaire, address: string): readonly Coding[] | null {
  if (!address.startsWith('#')) return null;
  const set = questionnaire.contained?.find(
    (one): one is ValueSet => one.resourceType === 'ValueSet' && one.id === address.slice(1),
  );
  if (!set) return null;
  const expanded = set.expansion?.contains;
  if (expanded)
    return expanded.map(({ system, code, display }) => ({
      ...(system ? { system } : {}),
      code,
      ...(display ? { display } : {}),
    }));
  const included = set.compose?.include ?? [];
  if (included.length === 0 || included.some((one) => !one.concept || one.valueSet || one.filter))
    return null;
  return included.flatMap(({ system, concept }) =>
    concept!.map(({ code, display, extension }) => ({
      ...(system ? { system } : {}),
      code,
      ...(display ? { display } : {}),
      ...(extension ? { extension } : {}),
    })),
  );
}

/** Options that a toggle names, by their values. */
export function isToggled(value: Value, toggled: readonly Value[]): boolean {
  return toggled.some((one) => isSameValue(one, value));
}
