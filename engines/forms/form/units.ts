/** Units of an item: the one it is written in, or those to choose from. Pure. */
import type { Coding, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { EXT, extensionsOf, extensionValue, textOf } from '../extension.ts';

/** The unit of a number (`questionnaire-unit`), or the one unit that a quantity may have. */
export function fixedUnit(item: QuestionnaireItem): Coding | null {
  const unit = extensionValue(item, EXT.unit) ?? extensionValue(item, EXT.preferredUnit);
  if (unit) return unit as Coding;
  const options = unitOptions(item);
  return options?.[0] ?? null;
}

/** What may be written besides the offered units (SDC unitOpen): nothing, a coded unit, or any words. */
export type UnitOpen = 'optionsOnly' | 'optionsOrType' | 'optionsOrString';

export const UNIT_OPEN: readonly string[] = ['optionsOnly', 'optionsOrType', 'optionsOrString'];

export function unitOpenOf(item: QuestionnaireItem): UnitOpen {
  const code = textOf(item, EXT.unitOpen);
  return code === 'optionsOrType' || code === 'optionsOrString' ? code : 'optionsOnly';
}

/** Value set of the units; null when none is named. */
export const unitValueSet = (item: QuestionnaireItem): string | null => textOf(item, EXT.unitValueSet);

/** Units to choose from; null when there is no choice. */
export function unitOptions(item: QuestionnaireItem): readonly Coding[] | null {
  const found = extensionsOf(item, EXT.unitOption).map((one) => one.valueCoding!);
  return found.length > 0 ? found : null;
}
