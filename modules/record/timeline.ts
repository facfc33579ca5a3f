/** The citizen's timeline: what happened, newest first, built from resources as the reader may see them. Pure. */

import { cs, ext } from '../../kernel/fhir/systems.ts';
import type {
  Condition,
  Encounter,
  Immunization,
  MedicationRequest,
  Observation,
  QuestionnaireResponse,
  Resource,
  ServiceRequest,
} from '../../kernel/fhir/types.ts';
import { unitText } from '../../kernel/text/unit.ts';

export interface TimelineLine {
  kind: 'diagnosis' | 'measurement' | 'note' | 'order' | 'medicine';
  text: string;
  /** `Type/id/_history/version`: every line opens down to the resource it was read from. */
  source: string;
  flag?: string;
}

export interface TimelineItem {
  kind: 'visit' | 'immunization' | 'form';
  id: string;
  /** FHIR dateTime with the precision it was recorded with. */
  at: string;
  title: string;
  /** Organization id and name as recorded. */
  unit: string | null;
  unitName: string | null;
  doctor: string | null;
  status: string;
  outcome: string | null;
  /** When the record received it, and in which version it is shown. */
  received: string | null;
  source: string;
  lines: TimelineLine[];
}

/**
 * Visits with what was written in them, doses, and forms that were filled in outside of a visit with the facts that came of them,
 * newest first. `resources` may hold more than belongs to the page.
 * @param titles of forms by the canonical address that a response names
 */
export function timelineOf(
  resources: Resource[],
  unitNames: Map<string, string>,
  titles: ReadonlyMap<string, string> = new Map(),
): TimelineItem[] {
  const lines = linesByEncounter(resources);
  const items = resources.flatMap((resource): TimelineItem[] => {
    if (resource.resourceType === 'Encounter')
      return [visitItem(resource, lines.get(resource.id ?? '') ?? [], unitNames)];
    if (resource.resourceType === 'Immunization') return [doseItem(resource)];
    if (resource.resourceType === 'QuestionnaireResponse' && !resource.encounter)
      return [formItem(resource, resources, titles)];
    return [];
  });
  return items.sort((a, b) => b.at.localeCompare(a.at) || a.id.localeCompare(b.id));
}

function visitItem(
  encounter: Encounter,
  lines: TimelineLine[],
  unitNames: Map<string, string>,
): TimelineItem {
  const unit = idOf(encounter.serviceProvider?.reference);
  const outcome = encounter.extension?.find((entry) => entry.url === ext.outcome)?.valueCoding;
  return {
    kind: 'visit',
    id: encounter.id ?? '',
    at: encounter.period?.start ?? '',
    title: encounter.reasonCode?.[0]?.text ?? encounter.type?.[0]?.text ?? 'Khám bệnh',
    unit,
    unitName: encounter.serviceProvider?.display ?? (unit ? (unitNames.get(unit) ?? null) : null),
    doctor: encounter.participant?.[0]?.individual?.display ?? null,
    status: encounter.status,
    outcome: outcome?.display ?? outcome?.code ?? null,
    received: encounter.meta?.lastUpdated ?? null,
    source: sourceOf(encounter),
    lines,
  };
}

function doseItem(dose: Immunization): TimelineItem {
  return {
    kind: 'immunization',
    id: dose.id ?? '',
    at: dose.occurrenceDateTime ?? '',
    title: dose.vaccineCode.text ?? dose.vaccineCode.coding?.[0]?.display ?? 'Tiêm chủng',
    unit: idOf(dose.location?.reference),
    unitName: dose.location?.display ?? null,
    doctor: dose.performer?.[0]?.actor.display ?? null,
    status: dose.status,
    outcome: dose.protocolApplied?.[0]?.doseNumberPositiveInt
      ? `Mũi ${dose.protocolApplied[0].doseNumberPositiveInt}`
      : null,
    received: dose.meta?.lastUpdated ?? null,
    source: sourceOf(dose),
    lines: [],
  };
}

function formItem(
  response: QuestionnaireResponse,
  resources: readonly Resource[],
  titles: ReadonlyMap<string, string>,
): TimelineItem {
  const own = `QuestionnaireResponse/${response.id}`;
  const lines = resources.flatMap((one) =>
    one.resourceType === 'Observation' && one.derivedFrom?.some(({ reference }) => reference === own)
      ? (observationLine(one) ?? [])
      : [],
  );
  return {
    kind: 'form',
    id: response.id ?? '',
    at: response.authored ?? '',
    title: titles.get(response.questionnaire ?? '') ?? 'Phiếu đã điền',
    unit: null,
    unitName: null,
    doctor: response.author?.display ?? null,
    status: response.status,
    outcome: null,
    received: response.meta?.lastUpdated ?? null,
    source: sourceOf(response),
    lines,
  };
}

const ORDER: TimelineLine['kind'][] = ['diagnosis', 'note', 'measurement', 'order', 'medicine'];

function linesByEncounter(resources: Resource[]): Map<string, TimelineLine[]> {
  const found = new Map<string, TimelineLine[]>();
  for (const resource of resources) {
    const line = lineOf(resource);
    const encounter =
      'encounter' in resource ? idOf((resource.encounter as { reference?: string })?.reference) : null;
    if (!line || !encounter) continue;
    found.set(encounter, [...(found.get(encounter) ?? []), line]);
  }
  for (const lines of found.values()) {
    lines.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.text.localeCompare(b.text, 'vi'));
  }
  return found;
}

function lineOf(resource: Resource): TimelineLine | null {
  switch (resource.resourceType) {
    case 'Condition':
      return { kind: 'diagnosis', text: diagnosisText(resource), source: sourceOf(resource) };
    case 'Observation':
      return observationLine(resource);
    case 'ServiceRequest':
      return {
        kind: 'order',
        text: conceptText((resource as ServiceRequest).code),
        source: sourceOf(resource),
      };
    case 'MedicationRequest':
      return medicineLine(resource);
    default:
      return null;
  }
}

function diagnosisText(condition: Condition): string {
  const coding = condition.code?.coding?.find((entry) => entry.system === cs.icd10);
  return coding
    ? `${coding.code} ${coding.display ?? condition.code?.text ?? ''}`.trim()
    : conceptText(condition.code);
}

function observationLine(observation: Observation): TimelineLine | null {
  const name = conceptText(observation.code);
  const flag = observation.interpretation?.[0]?.coding?.[0]?.code;
  const line = (kind: TimelineLine['kind'], text: string): TimelineLine => ({
    kind,
    text,
    source: sourceOf(observation),
    ...(flag && flag !== 'N' ? { flag } : {}),
  });
  if (observation.component?.length) {
    const values = observation.component.map((part) => vietnamNumber(part.valueQuantity?.value)).join('/');
    return line(
      'measurement',
      `${name}: ${values} ${unitText(observation.component[0]?.valueQuantity?.unit ?? '')}`.trim(),
    );
  }
  if (observation.valueQuantity?.value !== undefined) {
    return line(
      'measurement',
      `${name}: ${vietnamNumber(observation.valueQuantity.value)} ${unitText(observation.valueQuantity.unit ?? '')}`.trim(),
    );
  }
  const text = plainText(observation);
  return text
    ? line(
        observation.category?.[0]?.coding?.[0]?.code === 'exam' ? 'note' : 'measurement',
        `${name}: ${text}`,
      )
    : null;
}

/** A value that is no quantity, in words. */
function plainText({
  valueString,
  valueInteger,
  valueBoolean,
  valueCodeableConcept,
  valueDateTime,
}: Observation): string {
  if (valueInteger !== undefined) return vietnamNumber(valueInteger);
  if (valueBoolean !== undefined) return valueBoolean ? 'Có' : 'Không';
  if (valueDateTime !== undefined) return valueDateTime.slice(0, 10).split('-').reverse().join('/');
  return valueString ?? conceptText(valueCodeableConcept);
}

function medicineLine(request: MedicationRequest): TimelineLine | null {
  if (request.status === 'cancelled' || request.status === 'entered-in-error' || request.status === 'draft')
    return null;
  const quantity = request.dispenseRequest?.quantity;
  const amount =
    quantity?.value === undefined
      ? ''
      : ` × ${vietnamNumber(quantity.value)} ${quantity.unit ?? ''}`.trimEnd();
  return {
    kind: 'medicine',
    text: `${conceptText(request.medicationCodeableConcept)}${amount}`,
    source: sourceOf(request),
  };
}

function conceptText(
  concept: { text?: string; coding?: { display?: string; code?: string }[] } | undefined,
): string {
  return concept?.text ?? concept?.coding?.[0]?.display ?? concept?.coding?.[0]?.code ?? '';
}

/** `38.6` → `38,6`: the decimal comma of Vietnam; a missing value is a dash. */
function vietnamNumber(value: number | undefined): string {
  return value === undefined ? '–' : String(value).replace('.', ',');
}

function sourceOf(resource: Resource): string {
  return `${resource.resourceType}/${resource.id}/_history/${resource.meta?.versionId ?? '1'}`;
}

/** `Organization/cs-25D01` → `cs-25D01`. */
function idOf(reference: string | undefined): string | null {
  return reference?.split('/')[1] ?? null;
}
