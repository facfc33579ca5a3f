/** The body of a saved consultation, read and checked. */

import type { Terminology } from '../../../kernel/fhir/terminology/index.ts';
import type { ConsultationInput, VitalLimits } from '../contract.ts';
import { readFields } from '../fields.ts';
import { objectOf } from '../http.ts';
import { readDiagnoses } from './diagnoses.ts';
import { readVitals } from './vitals.ts';

/** Fails with `business-rule`, one issue a field. */
export function readConsultation(
  body: unknown,
  context: { limits: VitalLimits[]; terminology: Terminology; day: string },
): ConsultationInput {
  const given = objectOf(body);
  const fields = readFields();
  const input: ConsultationInput = {
    vitals: readVitals(given, fields, context.limits),
    complaint: fields.text(given, 'complaint'),
    illness: fields.text(given, 'illness'),
    exam: fields.text(given, 'exam'),
    advice: fields.text(given, 'advice'),
    diagnoses: readDiagnoses(given, fields, context.terminology, context.day),
  };
  fields.done();
  return input;
}
