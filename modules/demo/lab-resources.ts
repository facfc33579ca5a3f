/** A laboratory order with its results: ServiceRequest, Observations, DiagnosticReport (docs/model.md). Pure. */
import type { Row } from '../../kernel/content/content.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { CodeableConcept, Observation, Reference } from '../../kernel/fhir/types.ts';
import { ageOn } from './days.ts';
import { instantOf, type LabOrder, type LabResult } from './visit.ts';
import { observation, type VisitPart } from './visit-part.ts';

const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const DIAGNOSTIC_SERVICE = 'http://terminology.hl7.org/CodeSystem/v2-0074';
const LABORATORY = { system: cs.snomed, code: '108252007', display: 'Laboratory procedure' };
const WORDS: Record<string, string> = { H: 'Cao', L: 'Thấp', A: 'Bất thường' };

export function addLab(order: LabOrder, part: VisitPart): void {
  const code = serviceConcept(order.service, part);
  const { visit, shelf, encounter } = part;
  const done = instantOf(visit.day, visit.time, Math.max(9, visit.minutes - 4));
  const request = addRequest(order, 'completed', part);
  const about = { basedOn: [{ reference: request }], effectiveDateTime: done, issued: done };
  const result = order.results.map((each): Reference<Observation> => {
    return {
      reference: shelf.add({ ...observation('laboratory', part), ...about, ...resultFacts(each, part) }),
    };
  });
  shelf.add({
    resourceType: 'DiagnosticReport',
    ...about,
    status: 'final',
    category: [{ coding: [{ system: DIAGNOSTIC_SERVICE, code: 'LAB', display: 'Laboratory' }] }],
    code,
    subject: shelf.patient,
    encounter,
    result,
  });
}

/** The order alone; an active one waits for the laboratory. Answers with a reference to it. */
export function addRequest(order: LabOrder, status: 'active' | 'completed', part: VisitPart): string {
  const { visit, shelf, encounter, doctor } = part;
  return shelf.add({
    resourceType: 'ServiceRequest',
    status,
    intent: 'order',
    category: [{ coding: [LABORATORY] }],
    code: serviceConcept(order.service, part),
    subject: shelf.patient,
    encounter,
    authoredOn: instantOf(visit.day, visit.time, Math.min(8, visit.minutes)),
    requester: doctor,
  });
}

function serviceConcept(service: string, { making }: VisitPart): CodeableConcept {
  const row = making.content.table('clinic/services').find((each) => each.code === service);
  if (!row)
    throw new Error(`content/demo/labs.csv uses service ${service}, which content/clinic does not have`);
  return {
    coding: [
      { system: cs.loinc, code: row.loinc, ...(row.loinc_name ? { display: row.loinc_name } : {}) },
      { system: cs.service, code: row.code, display: row.name_vi },
    ],
    text: row.name_vi,
  };
}

/** Code, value, range of the person's sex and age, and what lies outside it. */
function resultFacts(
  result: LabResult,
  part: VisitPart,
): Pick<Observation, 'code' | 'valueQuantity' | 'valueString' | 'interpretation' | 'referenceRange'> {
  const row = testRow(result.test, part);
  const code = { coding: [{ system: cs.loinc, code: row.loinc }], text: row.name_vi };
  if (typeof result.value === 'string') {
    return { code, valueString: result.value, ...flagged(result.value === row.abnormal ? 'A' : '') };
  }
  const low = row.low === '' ? null : Number(row.low);
  const high = row.high === '' ? null : Number(row.high);
  const flag = low !== null && result.value < low ? 'L' : high !== null && result.value > high ? 'H' : '';
  const quantity = (value: number) => ({ value, unit: row.unit, system: cs.ucum, code: row.unit });
  return {
    code,
    valueQuantity: quantity(result.value),
    ...flagged(flag),
    ...(low !== null || high !== null
      ? {
          referenceRange: [
            {
              ...(low !== null ? { low: quantity(low) } : {}),
              ...(high !== null ? { high: quantity(high) } : {}),
            },
          ],
        }
      : {}),
  };
}

function flagged(flag: string): Pick<Observation, 'interpretation'> {
  if (flag === '') return {};
  return { interpretation: [{ coding: [{ system: INTERPRETATION, code: flag }], text: WORDS[flag] }] };
}

function testRow(test: string, { making, person, visit }: VisitPart): Row {
  const age = ageOn(person.birthDate, visit.day);
  const rows = making.content.table('clinic/lab-tests').filter((row) => row.key === test);
  const own = rows.find(
    (row) =>
      (row.sex === '' || row.sex === person.sex) &&
      (row.age_from_years === '' || Number(row.age_from_years) <= age) &&
      (row.age_to_years === '' || age < Number(row.age_to_years)),
  );
  const row = own ?? rows[0];
  if (!row) throw new Error(`content/demo/labs.csv uses test ${test}, which content/clinic does not have`);
  return row;
}
