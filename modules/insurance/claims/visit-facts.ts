/** Facts of table 1: person, card, visit, diagnoses, vital signs. Each reads one thing from the record; none decides. */
import { supplyDays } from '../../../engines/rules/index.ts';
import { cs, ext, sid } from '../../../kernel/fhir/systems.ts';
import type { Condition, Extension, Observation } from '../../../kernel/fhir/types.ts';
import { type Decimal, decimal } from '../../billing/index.ts';
import {
  codeIn,
  dayOf,
  diagnosesOf,
  episodeDay,
  extensionOf,
  identifierOf,
  linesOf,
  type View,
  verification,
} from './facts.ts';
import type { FactValue } from './format.ts';
import { codeOn, versionsOf } from './lookup.ts';

export type FactReader = (view: View) => FactValue;

const SEX: Record<string, string> = { male: '1', female: '2' };
/** Nobody recorded an ethnic group or a job: the lists have a code for exactly that. */
const ETHNICITY_UNKNOWN = '56';
const OCCUPATION_NONE = '00';
const NATIONALITY_VIETNAM = '000';
const NATIONALITY = 'http://hl7.org/fhir/StructureDefinition/patient-nationality';

const patientFacts: Record<string, FactReader> = {
  'patient.code': ({ visit }) => {
    const own = visit.patient.identifier?.filter((each) => each.system === sid.patientCode) ?? [];
    const here = own.find((each) => each.assigner?.reference === `Organization/${visit.organization.id}`);
    return (here ?? own[0])?.value ?? visit.patient.id ?? '';
  },
  'patient.name': ({ visit }) => visit.patient.name?.[0]?.text ?? '',
  'patient.identity': ({ visit }) =>
    [sid.cccd, sid.cmnd, sid.passport].map((system) => identifierOf(visit.patient, system)).find(Boolean) ??
    '',
  'patient.birth': ({ visit }) => visit.patient.birthDate ?? '',
  'patient.sex': ({ visit }) => SEX[visit.patient.gender ?? ''] ?? '3',
  'patient.blood-group': ({ visit }) => valueText(latest(visit.observations, '882-1')),
  'patient.nationality': ({ visit }) => {
    const stated = extensionOf(visit.patient, NATIONALITY)?.extension?.find((each) => each.url === 'code');
    if (stated) return stated.valueCodeableConcept?.coding?.[0]?.code ?? '';
    return identifierOf(visit.patient, sid.passport) ? '' : NATIONALITY_VIETNAM;
  },
  'patient.ethnicity': ({ visit }) => codingOf(visit.patient, ext.ethnicity) || ETHNICITY_UNKNOWN,
  'patient.occupation': ({ visit }) => codingOf(visit.patient, ext.occupation).slice(0, 2) || OCCUPATION_NONE,
  'patient.address': ({ visit }) => home(visit.patient)?.text ?? '',
  'patient.commune': ({ visit }) => communeOf(visit.patient),
  'patient.province': ({ visit, content, date }) => provinceOf(communeOf(visit.patient), content, date),
  'patient.district': () => '',
  'patient.phone': ({ visit }) => visit.patient.telecom?.find((each) => each.system === 'phone')?.value ?? '',
};

const cardFacts: Record<string, FactReader> = {
  'card.number': ({ visit }) => identifierOf(visit.coverage, sid.bhyt),
  'card.registered': ({ visit }) =>
    extensionOf(visit.coverage, ext.registeredFacility)?.valueIdentifier?.value ?? '',
  'card.from': ({ visit }) => visit.coverage?.period?.start ?? '',
  'card.to': ({ visit }) => visit.coverage?.period?.end ?? '',
  'card.exempt-from': ({ visit }) => extensionOf(visit.coverage, ext.copayExemption)?.valueDate ?? '',
  'card.living-area': ({ visit }) => extensionOf(visit.coverage, ext.livingArea)?.valueCode ?? '',
  'card.five-years': ({ visit }) => extensionOf(visit.coverage, ext.fiveYears)?.valueDate ?? '',
};

const visitFacts: Record<string, FactReader> = {
  episode: ({ visit }) => identifierOf(visit.encounter, sid.episode),
  'line.number': ({ number }) => decimal(number),
  department: ({ visit, content, date }) => departmentOf({ visit, content, date }),
  'facility.code': ({ visit }) => identifierOf(visit.organization, sid.cskcb),
  'facility.head': ({ visit }) => identifierOf(visit.head, sid.gphn),
  'visit.reason': ({ visit }) =>
    visit.encounter.reasonCode
      ?.map((each) => each.text ?? '')
      .filter(Boolean)
      .join('; ') ?? '',
  'visit.category': ({ visit }) => codingOf(visit.encounter, ext.patientCategory),
  'visit.type': ({ visit }) => codeIn(visit.encounter.type?.[0], cs.visitType),
  'visit.from': ({ visit }) => facilityCode(visit.encounter.hospitalization?.origin?.reference),
  'visit.to': ({ visit }) => facilityCode(visit.encounter.hospitalization?.destination?.reference),
  'visit.transfer-paper': ({ visit }) => visit.encounter.hospitalization?.preAdmissionIdentifier?.value ?? '',
  'visit.start': ({ visit }) => visit.encounter.period?.start ?? '',
  'visit.end': ({ visit }) => visit.encounter.period?.end ?? '',
  'visit.days': treatmentDays,
  'visit.outcome': ({ visit }) => codingOf(visit.encounter, ext.outcome),
  'visit.discharge': ({ visit }) =>
    codeIn(visit.encounter.hospitalization?.dischargeDisposition, cs.dischargeType),
  'visit.advice': ({ visit }) => valueText(latest(visit.observations, '18776-5')),
  'visit.claim-year': ({ visit }) => decimal(Number(episodeDay(visit.encounter).slice(0, 4))),
  'visit.claim-month': ({ visit }) => decimal(Number(episodeDay(visit.encounter).slice(5, 7))),
  'visit.follow-up': ({ visit }) =>
    visit.appointments
      .filter((each) => !['cancelled', 'entered-in-error'].includes(each.status ?? ''))
      .map((each) => each.start ?? '')
      .filter((start) => start !== '')
      .sort(),
  'visit.record-number': ({ visit }) => identifierOf(visit.encounter, sid.episode),
};

const diagnosisFacts: Record<string, FactReader> = {
  /** What was thought on reception, also what was ruled out later; without suspicions the discharge diagnosis. */
  'diagnosis.arrival': ({ visit }) => {
    const suspected = visit.conditions.filter((each) =>
      ['provisional', 'differential', 'unconfirmed', 'refuted'].includes(verification(each)),
    );
    return namesOf(suspected.length > 0 ? suspected : diagnosesOf(visit));
  },
  'diagnosis.discharge': ({ visit }) => namesOf(diagnosesOf(visit)),
  'diagnosis.main': ({ visit }) => codeIn(diagnosesOf(visit)[0]?.code, cs.icd10),
  'diagnosis.others': ({ visit }) =>
    diagnosesOf(visit)
      .slice(1)
      .map((each) => codeIn(each.code, cs.icd10)),
};

const vitalFacts: Record<string, FactReader> = {
  'vitals.weight': ({ visit }) => quantityOf(latest(visit.observations, '29463-7')),
  'vitals.height': ({ visit }) => quantityOf(latest(visit.observations, '8302-2')),
};

export const VISIT_FACTS: Readonly<Record<string, FactReader>> = {
  ...patientFacts,
  ...cardFacts,
  ...visitFacts,
  ...diagnosisFacts,
  ...vitalFacts,
};

/** Department code of the room of the visit; a room of a kind that is no department stands under the examination department. */
function departmentOf({ visit, content, date }: Pick<View, 'visit' | 'content' | 'date'>): string {
  const room = visit.location?.type?.map((each) => codeIn(each, cs.department)).find(Boolean) ?? '';
  const rows = content.inForce('insurance/room-departments', date);
  return (
    rows.find((row) => row.room === room)?.department ??
    rows.find((row) => row.room === '*')?.department ??
    room
  );
}

/** SO_NGAY_DTRI by visit type: content/insurance/xml/treatment-days.csv. */
function treatmentDays(view: View): Decimal {
  const { visit, content, date } = view;
  const type = codeIn(visit.encounter.type?.[0], cs.visitType);
  const rows = content.inForce('insurance/xml/treatment-days', date);
  const count = (rows.find((row) => row.visit_type === type) ?? rows.find((row) => row.visit_type === '*'))
    ?.count;
  if (count === 'zero') return decimal(0);
  if (count === 'service-days') {
    const days = linesOf(visit, 'XML3').map((line) =>
      dayOf(line.service?.authoredOn ?? visit.encounter.period?.start ?? ''),
    );
    return decimal(new Set(days).size);
  }
  if (count === 'medicine-days') {
    return decimal(Math.max(0, ...visit.medicationRequests.map((each) => supplyDays(each) ?? 0)));
  }
  const start = Date.parse(dayOf(visit.encounter.period?.start ?? ''));
  const end = Date.parse(episodeDay(visit.encounter));
  return decimal(Number.isNaN(end - start) ? 0 : Math.round((end - start) / 86_400_000) + 1);
}

function namesOf(conditions: readonly Condition[]): string {
  return conditions
    .map((each) => each.code?.text ?? each.code?.coding?.find((coding) => coding.display)?.display ?? '')
    .filter(Boolean)
    .join('; ');
}

/** Climbs from a commune to its province; an address written in codes of another time still finds it. */
function provinceOf(commune: string, content: View['content'], date: string): string {
  const unit =
    codeOn(content, 'places/units', commune, date) ?? versionsOf(content, 'places/units', commune)[0];
  if (!unit) return '';
  return unit.level === 'province' ? (unit.code ?? '') : provinceOf(unit.parent ?? '', content, date);
}

function home(patient: View['visit']['patient']) {
  const current = patient.address?.filter((each) => !each.period?.end) ?? [];
  return current.find((each) => each.use === 'home') ?? current[0];
}

function communeOf(patient: View['visit']['patient']): string {
  return codingOf(home(patient), ext.unit);
}

function codingOf(holder: { extension?: Extension[] } | undefined, url: string): string {
  return extensionOf(holder, url)?.valueCoding?.code ?? '';
}

/** `Organization/cs-25D01` → `25D01` (docs/model.md). */
function facilityCode(reference: string | undefined): string {
  return reference?.match(/^Organization\/cs-(.+)$/)?.[1] ?? '';
}

/** The newest valid Observation with a LOINC code. */
export function latest(observations: readonly Observation[], loinc: string): Observation | undefined {
  return observations
    .filter((each) => codeIn(each.code, cs.loinc) === loinc && each.status !== 'entered-in-error')
    .sort((a, b) => (a.effectiveDateTime ?? '').localeCompare(b.effectiveDateTime ?? ''))
    .at(-1);
}

function quantityOf(observation: Observation | undefined): FactValue {
  const value = observation?.valueQuantity?.value;
  return value === undefined ? null : decimal(value);
}

function valueText(observation: Observation | undefined): string {
  return observation?.valueString ?? observation?.valueCodeableConcept?.text ?? '';
}
