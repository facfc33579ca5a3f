/**
 * Supplemental data of a report as contained Observations: of one person her values, of many how often each value is there.
 * R4 measure.html: "supplemental data are reported as observations".
 */
import { refusedAt, type Subject } from '../../kernel/fhir/person/index.ts';
import type {
  CodeableConcept,
  Observation,
  ObservationComponent,
  Quantity,
} from '../../kernel/fhir/types.ts';
import type { PlannedData } from './plan.ts';
import { conceptOf, keyOf } from './value.ts';

/** Different values of one piece of data. */
const MOST_VALUES = 1_000;

/** How many persons have which value. */
export class DataTally {
  readonly #data: readonly PlannedData[];
  readonly #counts: Map<string, { concept: CodeableConcept; persons: number }>[];

  constructor(data: readonly PlannedData[]) {
    this.#data = data;
    this.#counts = data.map(() => new Map());
  }

  /** @throws Failure `business-rule` for what cannot be counted */
  add(subject: Subject): void {
    for (const [at, { criterion, place }] of this.#data.entries()) {
      const counts = this.#counts[at]!;
      const concepts = criterion
        .values(subject, subject.patient)
        .map((value) => conceptOf(value) ?? uncounted(place));
      for (const [key, concept] of new Map(concepts.map((one) => [keyOf(one), one]))) {
        const known = counts.get(key);
        if (known) known.persons += 1;
        else if (counts.size < MOST_VALUES) counts.set(key, { concept, persons: 1 });
        else throw tooMany(place);
      }
    }
  }

  observations(): Observation[] {
    return this.#data.map(({ concept }, at): Observation => {
      const component = [...this.#counts[at]!]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { concept: code, persons }]): ObservationComponent => ({ code, valueInteger: persons }));
      return {
        resourceType: 'Observation',
        id: `supplemental-${at + 1}`,
        status: 'final',
        code: concept,
        ...(component.length === 0 ? {} : { component }),
      };
    });
  }
}

/** One Observation for each value of one person; resources are named by the report itself. */
export function dataOf(data: readonly PlannedData[], subject: Subject): Observation[] {
  return data.flatMap(({ concept, criterion, place }, at) =>
    criterion
      .values(subject, subject.patient)
      .filter((value) => !(typeof value === 'object' && value !== null && 'resourceType' in value))
      .map(
        (value, number): Observation => ({
          resourceType: 'Observation',
          id: `supplemental-${at + 1}-${number + 1}`,
          status: 'final',
          code: concept,
          subject: { reference: `Patient/${subject.patient.id}` },
          ...valueElement(value, place),
        }),
      ),
  );
}

function valueElement(value: unknown, place: string): Partial<Observation> {
  if (typeof value === 'boolean') return { valueBoolean: value };
  if (typeof value === 'string') return { valueString: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { valueInteger: value } : { valueQuantity: { value } };
  if (typeof (value as Quantity).value === 'number') return { valueQuantity: value as Quantity };
  return { valueCodeableConcept: conceptOf(value) ?? uncounted(place) };
}

function uncounted(place: string): never {
  throw refusedAt(
    `${place}.criteria`,
    'phải cho mã hoặc giá trị đơn giản để đếm',
    'must give codes or simple values to be counted',
  );
}

function tooMany(place: string) {
  return refusedAt(
    `${place}.criteria`,
    `cho hơn ${MOST_VALUES} giá trị khác nhau`,
    `gives more than ${MOST_VALUES} different values`,
  );
}
