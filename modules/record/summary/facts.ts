/** Any clinical resource as one line of a table: when, what, and what about it. Reads elements by their R4 names. Pure. */
import type { CodeableConcept, Period, Quantity, Reference, Resource } from '../../../kernel/fhir/types.ts';

export interface Fact {
  /** As it is recorded, with its precision; '' when it is not. */
  date: string;
  what: string;
  detail: string;
}

type Elements = Record<string, unknown>;

const WHAT = ['code', 'medicationCodeableConcept', 'vaccineCode', 'type'];
const DATES = [
  'effectiveDateTime',
  'effectiveInstant',
  'occurrenceDateTime',
  'performedDateTime',
  'onsetDateTime',
  'recordedDate',
  'authoredOn',
  'dateAsserted',
  'recordedOn',
  'created',
  'issued',
];
const PERIODS = ['effectivePeriod', 'performedPeriod', 'onsetPeriod', 'timingPeriod', 'period'];

export function factOf(resource: Resource): Fact {
  const elements = resource as unknown as Elements;
  return { date: dateOf(elements), what: whatOf(elements), detail: detailOf(elements) };
}

function whatOf(elements: Elements): string {
  const concept = WHAT.map((name) => textOf(elements[name])).find((text) => text !== '');
  const reference = (elements.medicationReference ?? elements.device) as Reference | undefined;
  return (
    concept ??
    reference?.display ??
    (elements.title as string | undefined) ??
    (elements.description as string | undefined) ??
    ''
  );
}

function dateOf(elements: Elements): string {
  const date = DATES.map((name) => elements[name]).find((value) => typeof value === 'string');
  const period = PERIODS.map((name) => elements[name] as Period | undefined).find((value) => value?.start);
  return (date as string | undefined) ?? period?.start ?? '';
}

function detailOf(elements: Elements): string {
  const parts = [
    measured(elements),
    ...listOf(elements.component).map((one) => `${textOf(one.code)}: ${measured(one)}`),
    ...listOf(elements.interpretation).map(textOf),
    ...listOf(elements.dosageInstruction).map((one) => String(one.text ?? '')),
    ...listOf(elements.dosage).map((one) => String(one.text ?? '')),
    ...listOf(elements.reaction).flatMap((one) => listOf(one.manifestation).map(textOf)),
    ...listOf(elements.protocolApplied).map((one) => dose(one)),
    ...listOf(elements.bodySite).map(textOf),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function measured(elements: Elements): string {
  const quantity = elements.valueQuantity as Quantity | undefined;
  if (quantity?.value !== undefined) {
    const number = `${quantity.comparator ?? ''}${String(quantity.value).replace('.', ',')}`;
    return [number, quantity.unit ?? quantity.code ?? ''].join(' ').trim();
  }
  const simple = elements.valueString ?? elements.valueInteger ?? elements.valueDateTime;
  if (simple !== undefined) return String(simple);
  if (elements.valueBoolean !== undefined) return elements.valueBoolean ? 'có' : 'không';
  return textOf(elements.valueCodeableConcept ?? elements.dataAbsentReason);
}

function dose({ doseNumberPositiveInt, doseNumberString }: Elements): string {
  const number = doseNumberPositiveInt ?? doseNumberString;
  return number === undefined ? '' : `Mũi ${number}`;
}

/** Text, else the first display, else the first code. */
function textOf(value: unknown): string {
  const { text, coding = [] } = (value ?? {}) as CodeableConcept;
  return (
    text ?? coding.find(({ display }) => display)?.display ?? coding.find(({ code }) => code)?.code ?? ''
  );
}

function listOf(value: unknown): Elements[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as Elements[]) : [value as Elements];
}
