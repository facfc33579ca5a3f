/** Medicines that are about to be handed out (`order-dispense`), as the orders that rules are asked about. Pure. */
import type { CardSuggestion } from '../../../engines/rules/index.ts';
import type { MedicationDispense, MedicationRequest, Resource } from '../../../kernel/fhir/types.ts';

/** A dispense is asked as the order that it would be; whatever else stays as it is. */
export function asOrders(given: readonly Resource[]): Resource[] {
  return given.map((one) => (one.resourceType === 'MedicationDispense' ? orderOf(one) : one));
}

function orderOf(dispense: MedicationDispense): MedicationRequest {
  const { id, subject, medicationCodeableConcept, medicationReference, dosageInstruction } = dispense;
  const { contained, whenHandedOver, quantity, daysSupply } = dispense;
  return {
    resourceType: 'MedicationRequest',
    ...(id === undefined ? {} : { id }),
    ...(contained ? { contained } : {}),
    status: 'active',
    intent: 'order',
    subject: subject ?? {},
    ...(medicationCodeableConcept ? { medicationCodeableConcept } : {}),
    ...(medicationReference ? { medicationReference } : {}),
    ...(dosageInstruction ? { dosageInstruction } : {}),
    ...(whenHandedOver ? { authoredOn: whenHandedOver } : {}),
    dispenseRequest: {
      ...(quantity ? { quantity } : {}),
      ...(daysSupply ? { expectedSupplyDuration: daysSupply } : {}),
    },
  };
}

/**
 * Orders of the record that stand again among what is asked about: the very orders, and those that a dispense hands out. They are
 * no earlier medicines beside it.
 */
export function coveredOrders(given: readonly Resource[]): ReadonlySet<string> {
  return new Set(
    given.flatMap((one) => [
      ...(one.id === undefined ? [] : [`${one.resourceType}/${one.id}`]),
      ...(one.resourceType === 'MedicationDispense'
        ? (one.authorizingPrescription ?? []).flatMap(({ reference }) => reference ?? [])
        : []),
    ]),
  );
}

/** What a suggestion takes away by the name under which it was sent. */
export function asSent(one: CardSuggestion, given: readonly Resource[]): CardSuggestion {
  const sent = given.find(
    ({ resourceType, id }) =>
      resourceType === 'MedicationDispense' && `MedicationRequest/${id}` === one.resourceId,
  );
  return sent ? { ...one, resourceId: `MedicationDispense/${sent.id}` } : one;
}
