/** The prescription of a visit as data for its template: Circular 26/2025/TT-BYT, articles 5 and 6. Pure. */
import { adviceOf, insuranceDoseOf, quantityText } from '../../engines/rules/index.ts';
import type { Content, Row } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { cs, ext } from '../../kernel/fhir/systems.ts';
import type { CodeableConcept, MedicationRequest, Practitioner } from '../../kernel/fhir/types.ts';
import { foldText } from '../../kernel/text/fold.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import {
  dayParts,
  isDemo,
  newestOf,
  type Paper,
  type PaperFacts,
  personOnPaper,
  placeAndDay,
  unitOnPaper,
  viDay,
} from './paper.ts';

export interface LineOnPaper {
  name: string;
  strength: string;
  quantity: string;
  manner: string;
  advice: string;
}

/** @throws Failure `not-found` while nothing is signed */
export function prescriptionPaper(facts: PaperFacts, content: Content): Paper {
  const requests = signedRequests(facts);
  const first = requests[0];
  const code = first?.groupIdentifier?.value ?? '';
  if (!first || code === '') {
    throw new Failure('not-found', 'Lượt khám này chưa có đơn thuốc đã ký: ký đơn rồi in.', {
      textEn: 'No prescription is signed in this visit',
    });
  }
  const day = vietnamDay(new Date(first.authoredOn ?? facts.encounter.period?.start ?? ''));
  const doctor = facts.practitioners.find((each) => `Practitioner/${each.id}` === first.requester?.reference);
  const { patient, encounter, organization } = facts;
  const data = {
    code,
    signedOn: dayParts(day),
    placeAndDay: placeAndDay(organization, day),
    demo: isDemo(encounter) || isDemo(patient),
    facility: unitOnPaper(facts),
    patient: personOnPaper(facts, day),
    diagnoses: diagnosesOnPaper(facts),
    lines: linesOnPaper(requests, content, day),
    advice: noteOf(facts, '18776-5'),
    followUp: followUpOf(facts),
    doctor: { role: 'BÁC SĨ/Y SĨ KHÁM BỆNH', name: nameOf(doctor) || (first.requester?.display ?? '') },
  };
  return {
    name: 'prescription',
    date: day,
    data,
    options: {
      codes: { qr: { kind: 'qrcode', text: code } },
      createdAt: newestOf([
        patient,
        encounter,
        organization,
        ...requests,
        ...facts.conditions,
        ...facts.observations,
      ]),
    },
    number: code,
    // The signed lines are what is prescribed; that a line is dispensed later does not make another prescription.
    sources: requests.map((each) => `MedicationRequest/${each.id}`),
    about: [...requests, ...facts.conditions],
    fileName: `don-thuoc-${code}`,
    said: `prescription ${code}`,
  };
}

/** The prescription that stands: its number is on the Encounter; a replaced one is never printed again. */
function signedRequests({ encounter, medicationRequests }: PaperFacts): MedicationRequest[] {
  const stands = encounter.extension?.find((each) => each.url === ext.prescription)?.valueIdentifier?.value;
  const signed = medicationRequests.filter((each) => ['active', 'completed'].includes(each.status ?? ''));
  const newest = [...signed].sort((a, b) => (a.authoredOn ?? '').localeCompare(b.authoredOn ?? '')).at(-1);
  const code = stands ?? newest?.groupIdentifier?.value;
  return signed.filter((each) => each.groupIdentifier?.value === code);
}

/** Poison and specially controlled medicines first, else as written (article 6.6). */
export function linesOnPaper(
  requests: readonly MedicationRequest[],
  content: Content,
  day: string,
): LineOnPaper[] {
  const listed = content.inForce('drug/medicines', day);
  const known = requests.map((request) => {
    const code = codeIn(request.medicationCodeableConcept, cs.medicine);
    return { request, row: listed.find((row) => row.code === code) };
  });
  const controlled = known.filter((each) => each.row?.special_control);
  const others = known.filter((each) => !each.row?.special_control);
  return [...controlled, ...others].map(({ request, row }) => lineOnPaper(request, row));
}

function lineOnPaper(request: MedicationRequest, row: Row | undefined): LineOnPaper {
  const quantity = request.dispenseRequest?.quantity;
  const name = medicineName(request, row);
  const strength = row?.strength ?? '';
  return {
    name,
    strength: name.includes(strength) ? '' : strength,
    quantity:
      quantity?.value === undefined
        ? ''
        : `${quantityText(quantity.value).replace('.', ',')} ${quantity.unit ?? ''}`.trim(),
    manner: request.dosageInstruction?.[0]?.text ?? insuranceDoseOf(request),
    advice: capital(adviceOf(request)),
  };
}

/** One substance: its generic name, the trade name in brackets; several: the trade name (article 6.6). */
export function medicineName(request: MedicationRequest, row: Row | undefined): string {
  const given = request.medicationCodeableConcept?.text ?? row?.name ?? '';
  const generic = row?.ingredient_names ?? '';
  const single = generic !== '' && !(row?.ingredients ?? '').includes('+');
  if (!single || foldText(given).includes(foldText(generic))) return given;
  return `${generic} (${given})`;
}

function diagnosesOnPaper({ encounter, conditions }: PaperFacts): { code: string; name: string }[] {
  const ranked = [...(encounter.diagnosis ?? [])].sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99));
  const listed = ranked.flatMap(
    (each) => conditions.find((one) => `Condition/${one.id}` === each.condition?.reference) ?? [],
  );
  return (listed.length > 0 ? listed : conditions).map((each) => ({
    code: codeIn(each.code, cs.icd10),
    name: each.code?.text ?? each.code?.coding?.[0]?.display ?? '',
  }));
}

function followUpOf({ appointments }: PaperFacts): string {
  const starts = appointments.filter((each) => each.status !== 'cancelled').map((each) => each.start ?? '');
  const next = starts.filter((start) => start !== '').sort()[0];
  return next ? viDay(vietnamDay(new Date(next))) : '';
}

function noteOf({ observations }: PaperFacts, loinc: string): string {
  const found = observations.filter(
    (each) => codeIn(each.code, cs.loinc) === loinc && each.status !== 'entered-in-error',
  );
  return (
    found.sort((a, b) => (a.effectiveDateTime ?? '').localeCompare(b.effectiveDateTime ?? '')).at(-1)
      ?.valueString ?? ''
  );
}

function codeIn(concept: CodeableConcept | undefined, system: string): string {
  return concept?.coding?.find((each) => each.system === system)?.code ?? '';
}

function nameOf(person: Practitioner | undefined): string {
  return person?.name?.[0]?.text ?? '';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
