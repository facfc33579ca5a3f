/**
 * A saved consultation as one transaction: what changed since the record was read is created, updated or marked as
 * entered in error; what did not change is left alone. The Encounter is always written: its version is the visit's.
 */
import type { Content } from '../../../kernel/content/content.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Terminology } from '../../../kernel/fhir/terminology/index.ts';
import type {
  Bundle,
  Condition,
  Encounter,
  EncounterDiagnosis,
  Observation,
} from '../../../kernel/fhir/types.ts';
import { type Draft, draftBundle } from '../bundle.ts';
import type { ConsultationInput, DiagnosisInput } from '../contract.ts';
import { codeOf } from '../text.ts';
import type { Visit } from '../visit/visit.ts';
import { written } from '../visit/written.ts';
import { diagnosesOf, diagnosisInput } from './diagnoses.ts';
import { noteFields } from './notes.ts';
import { type VitalFact, vitalCodes, vitalFacts } from './vitals.ts';

export interface Writer {
  /** Practitioner id and name of who writes. */
  practitioner: { id: string; name: string };
  /** ISO instant with +07:00. */
  now: string;
  content: Content;
  terminology: Terminology;
}

const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const CONDITION = 'http://terminology.hl7.org/CodeSystem';

export function consultationBundle(visit: Visit, input: ConsultationInput, writer: Writer): Bundle {
  const draft = draftBundle();
  writeObservations(draft, visit, input, writer);
  const diagnosis = writeConditions(draft, visit, input.diagnoses, writer);
  const encounter: Encounter = {
    ...written(visit.encounter, writer.now),
    ...(diagnosis.length > 0 ? { diagnosis } : {}),
  };
  if (diagnosis.length === 0) delete encounter.diagnosis;
  draft.update(encounter);
  return draft.bundle();
}

function writeObservations(draft: Draft, visit: Visit, input: ConsultationInput, writer: Writer): void {
  const wanted = new Map<string, Observation>();
  for (const fact of vitalFacts(writer.content, input.vitals))
    wanted.set(fact.code, vitalSign(fact, visit, writer));
  const notes = noteFields(writer.content);
  for (const note of notes) {
    const text = input.notes[note.key] ?? '';
    if (text !== '') wanted.set(note.code, noteOf(note, text, visit, writer));
  }
  const owned = new Set([...vitalCodes(writer.content), ...notes.map((note) => note.code)]);
  for (const known of visit.observations) {
    const code = codeOf(known.code, cs.loinc);
    if (!owned.has(code) || known.basedOn) continue;
    const next = wanted.get(code);
    wanted.delete(code);
    if (!next) draft.update({ ...known, status: 'entered-in-error' });
    else if (!sayTheSame(known, next)) draft.update(replaced(known, next));
  }
  for (const observation of wanted.values()) draft.create(observation);
}

/** The same fact written again keeps its identity and says that it was changed. */
function replaced(known: Observation, next: Observation): Observation {
  return { ...next, id: known.id, meta: known.meta };
}

function sayTheSame(known: Observation, next: Observation): boolean {
  const said = (one: Observation) =>
    JSON.stringify([
      one.valueString,
      one.valueQuantity?.value,
      one.component?.map((part) => part.valueQuantity?.value),
    ]);
  return said(known) === said(next);
}

function vitalSign(fact: VitalFact, visit: Visit, writer: Writer): Observation {
  return {
    ...observation('vital-signs', fact.code, fact.name, visit, writer),
    ...(fact.value ? { valueQuantity: fact.value } : {}),
    ...(fact.parts
      ? {
          component: fact.parts.map((part) => ({
            code: { coding: [{ system: cs.loinc, code: part.code }], text: part.name },
            valueQuantity: part.value,
          })),
        }
      : {}),
  };
}

function noteOf(
  note: { code: string; name: string },
  text: string,
  visit: Visit,
  writer: Writer,
): Observation {
  return { ...observation('exam', note.code, note.name, visit, writer), valueString: text };
}

function observation(
  category: string,
  code: string,
  name: string,
  visit: Visit,
  writer: Writer,
): Observation {
  return {
    resourceType: 'Observation',
    ...visit.label,
    status: 'final',
    category: [{ coding: [{ system: OBSERVATION_CATEGORY, code: category }] }],
    code: { coding: [{ system: cs.loinc, code }], text: name },
    subject: visit.encounter.subject,
    encounter: { reference: `Encounter/${visit.encounter.id}` },
    effectiveDateTime: writer.now,
    performer: [performer(writer)],
  };
}

function performer(writer: Writer) {
  return { reference: `Practitioner/${writer.practitioner.id}`, display: writer.practitioner.name };
}

/** @returns Encounter.diagnosis in the order of the input: rank 1 is the main one */
function writeConditions(
  draft: Draft,
  visit: Visit,
  diagnoses: DiagnosisInput[],
  writer: Writer,
): EncounterDiagnosis[] {
  const known = diagnosesOf(visit.encounter, visit.conditions);
  const kept = new Set<Condition>();
  const entries = diagnoses.map((diagnosis, index) => {
    const same = known.find((one) => codeOf(one.code, cs.icd10) === diagnosis.code);
    if (same) kept.add(same);
    return {
      condition: { reference: conditionReference(draft, visit, diagnosis, same, writer) },
      use: { coding: [{ system: `${CONDITION}/diagnosis-role`, code: 'DD' }] },
      rank: index + 1,
    };
  });
  for (const gone of known.filter((one) => !kept.has(one))) {
    const { clinicalStatus: _status, ...rest } = gone;
    draft.update({ ...rest, verificationStatus: verification('entered-in-error') });
  }
  return entries;
}

function conditionReference(
  draft: Draft,
  visit: Visit,
  diagnosis: DiagnosisInput,
  same: Condition | undefined,
  writer: Writer,
): string {
  if (!same) return draft.create(newCondition(visit, diagnosis, writer));
  if (diagnosisInput(same).status !== diagnosis.status) {
    draft.update({ ...same, verificationStatus: verification(diagnosis.status) });
  }
  return `Condition/${same.id}`;
}

function newCondition(visit: Visit, diagnosis: DiagnosisInput, writer: Writer): Condition {
  const display = writer.terminology.lookup(cs.icd10, diagnosis.code, writer.now.slice(0, 10))?.display ?? '';
  return {
    resourceType: 'Condition',
    ...visit.label,
    clinicalStatus: { coding: [{ system: `${CONDITION}/condition-clinical`, code: 'active' }] },
    verificationStatus: verification(diagnosis.status),
    category: [{ coding: [{ system: `${CONDITION}/condition-category`, code: 'encounter-diagnosis' }] }],
    code: { coding: [{ system: cs.icd10, code: diagnosis.code, display }], text: display },
    subject: visit.encounter.subject!,
    encounter: { reference: `Encounter/${visit.encounter.id}` },
    recordedDate: writer.now,
    recorder: performer(writer),
  };
}

function verification(code: string) {
  return { coding: [{ system: `${CONDITION}/condition-ver-status`, code }] };
}
