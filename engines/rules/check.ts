/** Decision support before signing: one pure function over FHIR resources and the rules in force. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { AllergyIntolerance, Condition, MedicationRequest, Patient } from '../../kernel/fhir/types.ts';
import { type Alert, inOrderOfDanger } from './alert.ts';
import { allergyAlerts } from './allergy.ts';
import { ageInYears } from './dates.ts';
import { duplicateAlerts } from './duplicates.ts';
import { interactionAlerts } from './interactions.ts';
import { limitAlerts } from './limits.ts';
import { codesIn, implicatedOf, type Taken, takenEarlier, takenNow } from './medicine.ts';
import type { RuleTables } from './tables.ts';

export interface PrescriptionCheck {
  /** Lines about to be signed. */
  requests: MedicationRequest[];
  /** Earlier prescriptions, those that ended in the last weeks included (wash-out). */
  activeRequests: MedicationRequest[];
  allergies: AllergyIntolerance[];
  patient: Patient;
  /** Diagnoses of the visit and long-lasting ones. */
  conditions: Condition[];
  /** Latest weight that may still be used for a dose, kg. */
  weightKg?: number;
}

/**
 * Alerts in order of danger; an empty list means that every rule in force was asked and none spoke.
 * Pure: the day is the day of the tables. Medicines that cannot be recognised are said to be unchecked.
 */
export function checkPrescription(check: PrescriptionCheck, tables: RuleTables): Alert[] {
  const lines = takenNow(check.requests, tables);
  const earlier = takenEarlier(check.activeRequests, tables);
  const person = {
    age: ageInYears(check.patient.birthDate, tables.day),
    weightKg: check.weightKg ?? null,
    icd10: check.conditions.flatMap((condition) => codesIn(condition.code, cs.icd10)),
  };
  return inOrderOfDanger([
    ...allergyAlerts(lines, check.allergies, tables),
    ...duplicateAlerts(lines, earlier, tables),
    ...interactionAlerts(lines, earlier, tables),
    ...limitAlerts(lines, earlier, person, tables),
    ...[...lines, ...earlier].filter((medicine) => medicine.ingredients.length === 0).map(unknownAlert),
  ]);
}

function unknownAlert(medicine: Taken): Alert {
  return {
    key: `khong-kiem-tra-duoc:thuoc:${medicine.name}`,
    kind: 'khong-kiem-tra-duoc',
    severity: 'low',
    needsReason: false,
    title: `${medicine.name}: không rõ hoạt chất`,
    reason: 'Thuốc này không có trong danh mục hoạt chất nên chưa được đối chiếu dị ứng, trùng và tương tác.',
    management: 'Bác sĩ tự đối chiếu.',
    source: 'Danh mục hoạt chất',
    implicated: [implicatedOf(medicine)],
  };
}
