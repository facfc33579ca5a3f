/** An AllergyIntolerance as it is typed and shown, and back (docs/model.md). Pure. */
import { cs } from '../../../kernel/fhir/systems.ts';
import type { AllergyIntolerance, Meta, Reference } from '../../../kernel/fhir/types.ts';
import { NO_KNOWN_ALLERGY, saysNone, stands } from '../../people/index.ts';
import type { AllergiesView, AllergyInput, AllergyRow } from '../contract.ts';
import { codeOf, nameOf, versionOf } from '../text.ts';

const HL7 = 'http://terminology.hl7.org/CodeSystem';

/** Who writes about whom. */
export interface Recording {
  patient: string;
  /** Security label that everything of a demo person carries. */
  label: { meta?: Meta };
  by: { id: string; name: string };
  /** ISO instant with +07:00. */
  now: string;
}

/** The allergies that stand; the statement that there is none counts only while there is none. */
export function allergiesView(patient: string, found: AllergyIntolerance[]): AllergiesView {
  const standing = found.filter(stands);
  const rows = standing.filter((one) => !saysNone(one)).map(allergyRow);
  const said = rows.length === 0 ? standing.find(saysNone) : undefined;
  return {
    patient,
    state: rows.length > 0 ? 'some' : said ? 'none' : 'unasked',
    none: said ? { id: said.id!, version: versionOf(said), ...recordedOf(said) } : null,
    rows: rows.sort((a, b) => rank(a) - rank(b) || a.input.text.localeCompare(b.input.text, 'vi')),
  };
}

function rank(row: AllergyRow): number {
  return row.input.criticality === 'high' ? 0 : 1;
}

export function allergyRow(allergy: AllergyIntolerance): AllergyRow {
  return {
    id: allergy.id!,
    version: versionOf(allergy),
    input: {
      substance: codeOf(allergy.code, cs.ingredient),
      text: nameOf(allergy.code) || (allergy.code?.coding?.[0]?.code ?? ''),
      category: allergy.category?.[0] ?? '',
      criticality: allergy.criticality ?? '',
      reaction: reactionOf(allergy),
      onset: allergy.onsetDateTime ?? null,
    },
    ...recordedOf(allergy),
  };
}

function recordedOf(allergy: AllergyIntolerance): { recordedAt: string; recordedBy: string } {
  return {
    recordedAt: allergy.recordedDate ?? allergy.meta?.lastUpdated ?? '',
    recordedBy: allergy.recorder?.display ?? '',
  };
}

function reactionOf(allergy: AllergyIntolerance): string {
  const signs = (allergy.reaction ?? []).flatMap((one) => one.manifestation.map(nameOf));
  return signs.filter((one) => one !== '').join(', ');
}

/** No encounter: the fact is the person's, and every unit that cares for them may put it right. */
export function newAllergy(input: AllergyInput, recording: Recording): AllergyIntolerance {
  return said(input, null, {
    resourceType: 'AllergyIntolerance',
    ...recording.label,
    clinicalStatus: clinical('active'),
    verificationStatus: verification('confirmed'),
    type: 'allergy',
    ...recordedBy(recording),
  });
}

/** The same allergy with what was typed; what the form does not show stays as it was. */
export function changedAllergy(known: AllergyIntolerance, input: AllergyInput): AllergyIntolerance {
  return said(input, allergyRow(known).input, known);
}

function said(input: AllergyInput, before: AllergyInput | null, on: AllergyIntolerance): AllergyIntolerance {
  const { onsetDateTime: _onset, reaction, ...rest } = on;
  const sameSubstance = before?.substance === input.substance && before.text === input.text;
  const manifested = input.reaction === '' ? undefined : [{ manifestation: [{ text: input.reaction }] }];
  const kept = before?.reaction === input.reaction ? reaction : manifested;
  return {
    ...rest,
    ...(input.category === '' ? {} : { category: [input.category] }),
    ...(input.criticality === '' ? {} : { criticality: input.criticality }),
    code: sameSubstance ? on.code : codeFor(input),
    ...(input.onset === null ? {} : { onsetDateTime: input.onset }),
    ...(kept ? { reaction: kept } : {}),
  };
}

function codeFor(input: AllergyInput): AllergyIntolerance['code'] {
  const coding = [{ system: cs.ingredient, code: input.substance, display: input.text }];
  return { ...(input.substance === '' ? {} : { coding }), text: input.text };
}

/** "No known allergy", an assertion of its own (IPS: SNOMED CT 716186003). */
export function noAllergy(recording: Recording): AllergyIntolerance {
  return {
    resourceType: 'AllergyIntolerance',
    ...recording.label,
    clinicalStatus: clinical('active'),
    verificationStatus: verification('confirmed'),
    code: {
      coding: [{ system: cs.snomed, code: NO_KNOWN_ALLERGY, display: 'No known allergy' }],
      text: 'Không có dị ứng đã biết',
    },
    ...recordedBy(recording),
  };
}

/** An allergy became known: the statement that there is none no longer holds, and stays readable as refuted. */
export function refuted(none: AllergyIntolerance): AllergyIntolerance {
  return { ...none, clinicalStatus: clinical('inactive'), verificationStatus: verification('refuted') };
}

/** Never the person's: written by mistake. Such a one has no clinical status (R4 ait-2). */
export function enteredInError(allergy: AllergyIntolerance): AllergyIntolerance {
  const { clinicalStatus: _status, ...rest } = allergy;
  return { ...rest, verificationStatus: verification('entered-in-error') };
}

function recordedBy({ patient, by, now }: Recording) {
  const recorder: Reference<never> = { reference: `Practitioner/${by.id}`, display: by.name };
  return { patient: { reference: `Patient/${patient}` }, recordedDate: now, recorder };
}

function clinical(code: string) {
  return { coding: [{ system: `${HL7}/allergyintolerance-clinical`, code }] };
}

function verification(code: string) {
  return { coding: [{ system: `${HL7}/allergyintolerance-verification`, code }] };
}
