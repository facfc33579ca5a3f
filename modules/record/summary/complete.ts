/**
 * Elements that the IPS profiles require and R4 does not: where the record has nothing, the reason for the absence stands (IPS,
 * "Empty Sections & Missing Data"). Nothing is made up. Pure.
 */
import type {
  CodeableConcept,
  HumanName,
  Patient,
  Reference,
  Resource,
  Timing,
} from '../../../kernel/fhir/types.ts';

type Elements = Record<string, unknown>;

/** Of an element that is no code. */
const UNKNOWN = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};
const UNKNOWN_CODE: CodeableConcept = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
      code: 'unknown',
      display: 'Unknown',
    },
  ],
  text: 'Không rõ',
};
/** A Reference to nothing in particular. */
const UNKNOWN_REFERENCE: Reference = { ...UNKNOWN, display: 'Không rõ' };

/** `effective[x]` and the like: none of its forms is there, also not as a primitive with extensions alone. */
function hasChoice(elements: Elements, name: string): boolean {
  return Object.keys(elements).some((key) => new RegExp(`^_?${name}[A-Z]`).test(key));
}

const COMPLETIONS: Partial<Record<Resource['resourceType'], (elements: Elements) => Elements>> = {
  Patient: completePatient,
  Condition: withCode,
  AllergyIntolerance: withCode,
  Medication: withCode,
  MedicationStatement: (elements) => withDate(elements, 'effective'),
  Procedure: (elements) => withDate(withCode(elements), 'performed'),
  DiagnosticReport: (elements) => withDate(elements, 'effective'),
  DeviceUseStatement: (elements) => withDate(elements, 'timing'),
  Observation: completeObservation,
  Organization: (elements) => (elements.name === undefined ? { ...elements, _name: UNKNOWN } : elements),
  Practitioner: (elements) => ({ ...elements, name: namesOf(elements.name) }),
  Specimen: (elements) => (elements.type === undefined ? { ...elements, type: UNKNOWN_CODE } : elements),
};

/** The resource with what its IPS profile requires; itself when it has all of that. */
export function completed<T extends Resource>(resource: T): T {
  const complete = COMPLETIONS[resource.resourceType];
  return complete === undefined ? resource : (complete(resource as unknown as Elements) as unknown as T);
}

/** Patient-uv-ips: a birth date, and in each name a part that can be read (ips-pat-1). */
function completePatient(elements: Elements): Elements {
  const { birthDate, _birthDate, name } = elements as unknown as Patient & { _birthDate?: unknown };
  return {
    ...elements,
    name: namesOf(name),
    ...(birthDate === undefined && _birthDate === undefined && { _birthDate: UNKNOWN }),
  };
}

function namesOf(names: unknown): unknown[] {
  const list = Array.isArray(names) && names.length > 0 ? (names as HumanName[]) : [{}];
  return list.map((name) => {
    const isRead = name.text !== undefined || name.family !== undefined || (name.given ?? []).length > 0;
    return isRead ? name : { ...name, _text: UNKNOWN };
  });
}

function withCode(elements: Elements): Elements {
  return elements.code === undefined ? { ...elements, code: UNKNOWN_CODE } : elements;
}

function withDate(elements: Elements, name: string): Elements {
  return hasChoice(elements, name) ? elements : { ...elements, [`_${name}DateTime`]: UNKNOWN };
}

/** Observation Results and vital signs: a time as dateTime or Period, who measured, and a value or why there is none (ips-2, ips-3). */
function completeObservation(elements: Elements): Elements {
  const { effectiveInstant, effectiveTiming, component, performer, hasMember, ...rest } = elements;
  const timed = {
    ...rest,
    ...(effectiveInstant !== undefined && { effectiveDateTime: effectiveInstant }),
    ...(effectiveTiming !== undefined && timeOf(effectiveTiming as Timing, rest.issued)),
  };
  const parts = component as Elements[] | undefined;
  const isMade = parts !== undefined || hasMember !== undefined;
  return {
    ...withDate(isMade ? timed : withValue(timed), 'effective'),
    performer: performer ?? [UNKNOWN_REFERENCE],
    ...(hasMember !== undefined && { hasMember }),
    ...(parts !== undefined && { component: parts.map(withValue) }),
  };
}

/** Of a plan of times its first, or its bounds, or when the result was given out. */
function timeOf({ event = [], repeat }: Timing, issued: unknown): Elements {
  if (event.length > 0) return { effectiveDateTime: event.toSorted()[0] };
  if (repeat?.boundsPeriod !== undefined) return { effectivePeriod: repeat.boundsPeriod };
  return issued === undefined ? {} : { effectiveDateTime: issued };
}

function withValue(elements: Elements): Elements {
  if (elements.dataAbsentReason !== undefined || hasChoice(elements, 'value')) return elements;
  return { ...elements, dataAbsentReason: UNKNOWN_CODE };
}
