/** The body of a saved consultation, read and checked. */

import type { Content } from '../../../kernel/content/content.ts';
import type { Terminology } from '../../../kernel/fhir/terminology/index.ts';
import type { ConsultationInput, VitalLimits } from '../contract.ts';
import { readFields } from '../fields.ts';
import { objectOf } from '../http.ts';
import { readDiagnoses } from './diagnoses.ts';
import { readNotes } from './notes.ts';
import { readVitals } from './vitals.ts';

/** Fails with `business-rule`, one issue a field. */
export function readConsultation(
  body: unknown,
  context: { limits: VitalLimits[]; content: Content; terminology: Terminology; day: string },
): ConsultationInput {
  const given = objectOf(body);
  const fields = readFields();
  const input: ConsultationInput = {
    vitals: readVitals(given, fields, context.limits, context.content),
    notes: readNotes(given, fields, context.content),
    diagnoses: readDiagnoses(given, fields, context.terminology, context.day),
  };
  fields.done();
  return input;
}
