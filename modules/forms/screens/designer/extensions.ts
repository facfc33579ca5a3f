/** Extensions of an item that the designer writes, as plain values. Pure. */
import type { Extension, QuestionnaireItem } from '../../../../kernel/fhir/types.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';

export const EXPRESSIONS = {
  calculated: `${SDC}calculatedExpression`,
  initial: `${SDC}initialExpression`,
  enabled: `${SDC}enableWhenExpression`,
} as const;
const UNIT = `${CORE}questionnaire-unit`;
const CONSTRAINT = `${CORE}questionnaire-constraint`;
const UCUM = 'http://unitsofmeasure.org';

const find = (item: QuestionnaireItem, url: string) => item.extension?.find((one) => one.url === url);

function put(item: QuestionnaireItem, url: string, next: Extension | null): QuestionnaireItem {
  const others = (item.extension ?? []).filter((one) => one.url !== url);
  const extension = next ? [...others, next] : others;
  const { extension: _, ...rest } = item;
  return extension.length > 0 ? { ...rest, extension } : rest;
}

export const expressionIn = (item: QuestionnaireItem, url: string) =>
  find(item, url)?.valueExpression?.expression ?? '';

export function withExpression(item: QuestionnaireItem, url: string, expression: string): QuestionnaireItem {
  const valueExpression = { language: 'text/fhirpath' as const, expression };
  return put(item, url, expression === '' ? null : { url, valueExpression });
}

const CHOICES: readonly string[] = ['choice', 'open-choice'];
const NUMBERS: readonly string[] = ['integer', 'decimal', 'quantity'];
const OF_NUMBERS = [UNIT, `${CORE}minValue`, `${CORE}maxValue`];

/** Another type: what only the type before could have goes with it, since there is no field to take it away by. */
export function withType(item: QuestionnaireItem, type: QuestionnaireItem['type']): QuestionnaireItem {
  const { answerOption, answerValueSet, initial: _, ...rest } = item;
  const choices = CHOICES.includes(type)
    ? { ...(answerOption ? { answerOption } : {}), ...(answerValueSet ? { answerValueSet } : {}) }
    : {};
  const dropped = NUMBERS.includes(type) && NUMBERS.includes(item.type) ? [] : OF_NUMBERS;
  const limits = (['minValue', 'maxValue'] as const).map((name) => [name, limitIn(item, name)] as const);
  const bare = dropped.reduce((one, url) => put(one, url, null), { ...rest, ...choices, type });
  // A limit is written in the type of its question.
  return dropped.length > 0
    ? bare
    : limits.reduce((one, [name, value]) => withLimit(one, name, value), bare as QuestionnaireItem);
}

export const unitIn = (item: QuestionnaireItem) => find(item, UNIT)?.valueCoding?.code ?? '';

export function withUnit(item: QuestionnaireItem, code: string): QuestionnaireItem {
  return put(
    item,
    UNIT,
    code === '' ? null : { url: UNIT, valueCoding: { system: UCUM, code, display: code } },
  );
}

/** `minValue` or `maxValue`, of whole numbers as integers. */
export function limitIn(item: QuestionnaireItem, name: 'minValue' | 'maxValue'): number | null {
  const found = find(item, CORE + name);
  return found?.valueInteger ?? found?.valueDecimal ?? null;
}

export function withLimit(
  item: QuestionnaireItem,
  name: 'minValue' | 'maxValue',
  value: number | null,
): QuestionnaireItem {
  const url = CORE + name;
  if (value === null) return put(item, url, null);
  return put(
    item,
    url,
    item.type === 'integer' ? { url, valueInteger: Math.round(value) } : { url, valueDecimal: value },
  );
}

const OBSERVATION = `${SDC}observationExtract`;

/** Whether the answer becomes an Observation of its own, found by the code of the question. */
export const isObserved = (item: QuestionnaireItem) => find(item, OBSERVATION)?.valueBoolean === true;

export function withObserved(item: QuestionnaireItem, on: boolean): QuestionnaireItem {
  return put(item, OBSERVATION, on ? { url: OBSERVATION, valueBoolean: true } : null);
}

/** Types of resources that a form or a group begins (SDC definitionExtract): `Patient`. */
export const beginsIn = ({ extension = [] }: { extension?: Extension[] }): string[] =>
  extension.flatMap(({ url, extension: parts = [] }) => {
    const definition = parts.find((part) => part.url === 'definition');
    const address = definition?.valueCanonical ?? definition?.valueUri ?? '';
    return url === `${SDC}definitionExtract` && address.startsWith(CORE) ? [address.slice(CORE.length)] : [];
  });

/** `…/Patient#Patient.maritalStatus` → `Patient.maritalStatus`. */
export const elementIn = ({ definition = '' }: QuestionnaireItem) => definition.split('#')[1] ?? '';

export function withElement(item: QuestionnaireItem, element: string): QuestionnaireItem {
  const { definition: _, ...rest } = item;
  const [type = ''] = element.split('.');
  return element === '' ? rest : { ...rest, definition: `${CORE}${type}#${element}` };
}

export interface Constraint {
  expression: string;
  human: string;
}

export function constraintIn(item: QuestionnaireItem): Constraint {
  const parts = find(item, CONSTRAINT)?.extension ?? [];
  const part = (name: string) => parts.find(({ url }) => url === name)?.valueString ?? '';
  return { expression: part('expression'), human: part('human') };
}

export function withConstraint(
  item: QuestionnaireItem,
  { expression, human }: Constraint,
): QuestionnaireItem {
  if (expression === '' && human === '') return put(item, CONSTRAINT, null);
  return put(item, CONSTRAINT, {
    url: CONSTRAINT,
    extension: [
      { url: 'key', valueId: `${item.linkId}-1`.replace(/[^A-Za-z0-9\-.]/g, '-') },
      { url: 'severity', valueCode: 'error' },
      { url: 'expression', valueString: expression },
      { url: 'human', valueString: human },
    ],
  });
}
