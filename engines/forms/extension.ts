/** Extensions of R4 and of SDC (http://hl7.org/fhir/uv/sdc) that forms understand, and how they are read. Pure. */
import type { Coding, Expression, Extension } from '../../kernel/fhir/types.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';

/** Addresses by the name that the code uses. */
export const EXT = {
  hidden: `${CORE}questionnaire-hidden`,
  itemControl: `${CORE}questionnaire-itemControl`,
  choiceOrientation: `${CORE}questionnaire-choiceOrientation`,
  sliderStepValue: `${CORE}questionnaire-sliderStepValue`,
  unit: `${CORE}questionnaire-unit`,
  unitOption: `${CORE}questionnaire-unitOption`,
  unitValueSet: `${CORE}questionnaire-unitValueSet`,
  minOccurs: `${CORE}questionnaire-minOccurs`,
  maxOccurs: `${CORE}questionnaire-maxOccurs`,
  constraint: `${CORE}questionnaire-constraint`,
  targetConstraint: `${CORE}targetConstraint`,
  optionExclusive: `${CORE}questionnaire-optionExclusive`,
  optionPrefix: `${CORE}questionnaire-optionPrefix`,
  displayCategory: `${CORE}questionnaire-displayCategory`,
  referenceResource: `${CORE}questionnaire-referenceResource`,
  supportLink: `${CORE}questionnaire-supportLink`,
  ordinalValue: `${CORE}ordinalValue`,
  itemWeight: `${CORE}itemWeight`,
  minValue: `${CORE}minValue`,
  maxValue: `${CORE}maxValue`,
  maxDecimalPlaces: `${CORE}maxDecimalPlaces`,
  minLength: `${CORE}minLength`,
  regex: `${CORE}regex`,
  entryFormat: `${CORE}entryFormat`,
  maxSize: `${CORE}maxSize`,
  mimeType: `${CORE}mimeType`,
  variable: `${CORE}variable`,
  translation: `${CORE}translation`,
  calculatedValue: `${CORE}cqf-calculatedValue`,
  cqfExpression: `${CORE}cqf-expression`,
  preferredUnit: `${CORE}preferredUnit`,
  shortText: `${SDC}shortText`,
  collapsible: `${SDC}collapsible`,
  launchContext: `${SDC}launchContext`,
  initialExpression: `${SDC}initialExpression`,
  calculatedExpression: `${SDC}calculatedExpression`,
  enableWhenExpression: `${SDC}enableWhenExpression`,
  answerExpression: `${SDC}answerExpression`,
  candidateExpression: `${SDC}candidateExpression`,
  optionsToggle: `${SDC}answerOptionsToggleExpression`,
  populationContext: `${SDC}itemPopulationContext`,
  observationLinkPeriod: `${SDC}observationLinkPeriod`,
  observationExtract: `${SDC}observationExtract`,
  observationCategory: `${SDC}observation-extract-category`,
  extractionContext: `${SDC}itemExtractionContext`,
  definitionExtract: `${SDC}definitionExtract`,
  definitionExtractValue: `${SDC}definitionExtractValue`,
  extractAllocateId: `${SDC}extractAllocateId`,
  targetStructureMap: `${SDC}targetStructureMap`,
  sourceStructureMap: `${SDC}sourceStructureMap`,
  cqfLibrary: `${CORE}cqf-library`,
  templateExtract: `${SDC}templateExtract`,
  templateExtractBundle: `${SDC}templateExtractBundle`,
  templateExtractContext: `${SDC}templateExtractContext`,
  templateExtractValue: `${SDC}templateExtractValue`,
  openLabel: `${SDC}openLabel`,
  unitOpen: `${SDC}unitOpen`,
  minQuantity: `${SDC}minQuantity`,
  maxQuantity: `${SDC}maxQuantity`,
  preferredTerminologyServer: `${SDC}preferredTerminologyServer`,
  subQuestionnaire: `${SDC}subQuestionnaire`,
  assembleContext: `${SDC}assembleContext`,
  assembledFrom: `${SDC}assembledFrom`,
  sourceQueries: `${SDC}sourceQueries`,
  isSubject: `${SDC}isSubject`,
  adaptive: `${SDC}questionnaireAdaptive`,
  endpoint: `${SDC}endpoint`,
  signatureRequired: `${CORE}questionnaire-signatureRequired`,
  entryMode: `${SDC}entryMode`,
  choiceColumn: `${SDC}choiceColumn`,
  contextExpression: `${SDC}contextExpression`,
  lookupQuestionnaire: `${SDC}lookupQuestionnaire`,
  keyboard: `${SDC}keyboard`,
  itemMedia: `${SDC}itemMedia`,
  itemAnswerMedia: `${SDC}itemAnswerMedia`,
  /** Within templateExtract: an element that a later version of the response may change; the others stay as the record has them. */
  amends: 'http://yba.vn/fhir/ext/phieu-sua',
} as const;

/** Older addresses of the same extensions, by the newer one. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  [EXT.extractionContext]: [`${CORE}questionnaire-itemExtractionContext`],
  [EXT.initialExpression]: [`${CORE}questionnaire-initialExpression`],
  [EXT.calculatedExpression]: [`${CORE}questionnaire-calculatedExpression`],
  [EXT.enableWhenExpression]: [`${CORE}questionnaire-enableWhenExpression`],
  [EXT.unitOption]: [`${SDC}unitOption`],
  [EXT.optionExclusive]: [`${SDC}optionExclusive`],
};

export interface Extended {
  extension?: Extension[];
  modifierExtension?: Extension[];
}

const NONE: readonly Extension[] = [];

export function extensionsOf(holder: Extended | undefined, url: string): readonly Extension[] {
  // Most questions of a long form have none, and are asked for thirty.
  const own = holder?.extension;
  if (!own) return NONE;
  const also = ALSO[url];
  return own.filter((one) => one.url === url || also?.includes(one.url) === true);
}

export function extensionOf(holder: Extended | undefined, url: string): Extension | undefined {
  return extensionsOf(holder, url)[0];
}

/** The value of an extension, whatever its type; undefined when it has none. */
export function onlyValueOf(extension: Extension | undefined): unknown {
  if (!extension) return undefined;
  for (const [name, value] of Object.entries(extension))
    if (name.startsWith('value') && value !== undefined) return value;
  return undefined;
}

export function extensionValue(holder: Extended | undefined, url: string): unknown {
  return onlyValueOf(extensionOf(holder, url));
}

export function numberOf(holder: Extended | undefined, url: string): number | null {
  const value = extensionValue(holder, url);
  return typeof value === 'number' ? value : null;
}

export function textOf(holder: Extended | undefined, url: string): string | null {
  const value = extensionValue(holder, url);
  return typeof value === 'string' ? value : null;
}

export function codeOf(holder: Extended | undefined, url: string): string | null {
  const value = extensionValue(holder, url) as { coding?: Coding[]; code?: string } | string | undefined;
  if (typeof value === 'string') return value;
  return value?.coding?.[0]?.code ?? value?.code ?? null;
}

export function expressionOf(extension: Extension | undefined): Expression | null {
  return extension?.valueExpression ?? null;
}

/** A part of an extension that has parts: `launchContext.name`. */
export function partOf(extension: Extension, name: string): unknown {
  return onlyValueOf(extension.extension?.find((one) => one.url === name));
}

/** Primitives keep their extensions beside them: `_text` of an item. */
export function besideOf(holder: object, name: string): Extended | undefined {
  return (holder as Record<string, unknown>)[`_${name}`] as Extended | undefined;
}

/** A text in the language asked for, by the translation extension beside it; else as it is written. */
export function translated(holder: object, name: string, language: string): string | null {
  const written = (holder as Record<string, unknown>)[name];
  const found = extensionsOf(besideOf(holder, name), EXT.translation).find(
    (one) => String(partOf(one, 'lang') ?? '').split('-')[0] === language.split('-')[0],
  );
  const text = found ? partOf(found, 'content') : written;
  return typeof text === 'string' ? text : null;
}
