/** What never changes of a field: how it is drawn. Pure. */
import type { QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { codeOf, EXT, extensionsOf, numberOf, textOf, translated } from '../extension.ts';
import { columnsOf } from './columns.ts';
import { mediaOf } from './media.ts';
import type { FieldFace } from './types.ts';
import { unitOpenOf } from './units.ts';

const MEGABYTE = 1_000_000;

export function faceOf(item: QuestionnaireItem, language: string): FieldFace {
  const display = (control: string) => displayUnder(item, control, language);
  const size = numberOf(item, EXT.maxSize);
  const orientation = codeOf(item, EXT.choiceOrientation);
  const collapsible = codeOf(item, EXT.collapsible);
  return {
    item,
    help: display('help'),
    flyover: display('flyover'),
    instructions: displayWithoutControl(item, language),
    lower: display('lower'),
    upper: display('upper'),
    control: codeOf(item, EXT.itemControl),
    orientation: orientation === 'horizontal' || orientation === 'vertical' ? orientation : null,
    step: numberOf(item, EXT.sliderStepValue),
    shortText: textOf(item, EXT.shortText),
    entryFormat: textOf(item, EXT.entryFormat),
    openLabel: textOf(item, EXT.openLabel),
    collapsible: collapsible === 'default-open' || collapsible === 'default-closed' ? collapsible : null,
    displayCategory: codeOf(item, EXT.displayCategory),
    repeats: item.repeats === true,
    maxLength: item.maxLength ?? null,
    maxDecimalPlaces: numberOf(item, EXT.maxDecimalPlaces),
    maxSize: size === null ? null : size * MEGABYTE,
    mimeTypes: extensionsOf(item, EXT.mimeType).flatMap((one) => one.valueCode ?? []),
    targets: extensionsOf(item, EXT.referenceResource).flatMap((one) => one.valueCode ?? []),
    supportLink: textOf(item, EXT.supportLink),
    lookup: textOf(item, EXT.lookupQuestionnaire),
    keyboard: codeOf(item, EXT.keyboard),
    unitOpen: unitOpenOf(item),
    media: mediaOf(item, EXT.itemMedia),
    columns: columnsOf(item),
  };
}

const displaysUnder = (item: QuestionnaireItem) => (item.item ?? []).filter(({ type }) => type === 'display');

function displayUnder(item: QuestionnaireItem, control: string, language: string): string | null {
  const found = displaysUnder(item).find((one) => codeOf(one, EXT.itemControl) === control);
  return found ? translated(found, 'text', language) : null;
}

/** Under a question a plain display is its instruction; in a group it is a line of its own. */
function displayWithoutControl(item: QuestionnaireItem, language: string): string | null {
  if (item.type === 'group') return null;
  const found = displaysUnder(item).filter((one) => codeOf(one, EXT.itemControl) === null);
  return found.length === 0 ? null : found.map((one) => translated(one, 'text', language) ?? '').join(' ');
}
