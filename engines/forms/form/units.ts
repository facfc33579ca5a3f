/** Units of an item: the one it is written in, or those to choose from. Pure. */
import type { Coding, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { EXT, extensionsOf, extensionValue } from '../extension.ts';

/** The unit of a number (`questionnaire-unit`), or the one unit that a quantity may have. */
export function fixedUnit(item: QuestionnaireItem): Coding | null {
  const unit = extensionValue(item, EXT.unit) ?? extensionValue(item, EXT.preferredUnit);
  if (unit) return unit as Coding;
  const options = unitOptions(item);
  return options?.[0] ?? null;
}

/** Units to choose from; null when there is no choice. */
export function unitOptions(item: QuestionnaireItem): readonly Coding[] | null {
  const found = extensionsOf(item, EXT.unitOption).map((one) => one.valueCoding!);
  return found.length > 0 ? found : null;
}
