/** ActivityDefinition → the request it describes (R4 activitydefinition-operation-apply.html): a draft that nobody has taken up. Pure. */
import type { ActivityDefinition, Resource } from '../../kernel/fhir/types.ts';
import type { ApplyFor } from './apply.ts';

/** Kinds of which a request can be made, by `ActivityDefinition.kind`. */
type Make = (definition: ActivityDefinition, about: ApplyFor) => object;

const MAKE: Readonly<Record<string, Make>> = {
  Task: (definition, about) => ({
    instantiatesCanonical: about.canonical,
    ...shared(definition, about),
    ...(definition.code ? { code: definition.code } : {}),
    ...(definition.description ? { description: definition.description } : {}),
    for: about.patient,
    ...(about.organization ? { owner: about.organization } : {}),
    ...(definition.timingPeriod ? { restriction: { period: definition.timingPeriod } } : {}),
  }),
  ServiceRequest: (definition, about) => ({
    instantiatesCanonical: [about.canonical],
    ...shared(definition, about),
    ...refused(definition),
    ...(definition.code ? { code: definition.code } : {}),
    ...(definition.bodySite ? { bodySite: definition.bodySite } : {}),
    ...(definition.quantity ? { quantityQuantity: definition.quantity } : {}),
    ...(definition.location ? { locationReference: [definition.location] } : {}),
    subject: about.patient,
    ...occurrence(definition),
  }),
  MedicationRequest: (definition, about) => ({
    instantiatesCanonical: [about.canonical],
    ...shared(definition, about),
    ...refused(definition),
    ...(definition.productCodeableConcept
      ? { medicationCodeableConcept: definition.productCodeableConcept }
      : {}),
    ...(definition.productReference ? { medicationReference: definition.productReference } : {}),
    ...(definition.dosage ? { dosageInstruction: definition.dosage } : {}),
    ...(definition.quantity ? { dispenseRequest: { quantity: definition.quantity } } : {}),
    subject: about.patient,
  }),
  CommunicationRequest: (definition, about) => ({
    ...shared(definition, about, false),
    ...refused(definition),
    ...(definition.code ? { category: [definition.code] } : {}),
    ...(definition.description ? { payload: [{ contentString: definition.description }] } : {}),
    subject: about.patient,
    recipient: [about.patient],
    ...(definition.timingDateTime ? { occurrenceDateTime: definition.timingDateTime } : {}),
    ...(definition.timingPeriod ? { occurrencePeriod: definition.timingPeriod } : {}),
  }),
  DeviceRequest: (definition, about) => ({
    instantiatesCanonical: [about.canonical],
    ...shared(definition, about),
    ...(definition.productReference
      ? { codeReference: definition.productReference }
      : { codeCodeableConcept: definition.productCodeableConcept ?? definition.code }),
    subject: about.patient,
    ...occurrence(definition),
  }),
  SupplyRequest: (definition, about) => {
    const { encounter: _visit, ...rest } = shared(definition, about, false) as { encounter?: object };
    return {
      ...rest,
      ...(definition.productReference
        ? { itemReference: definition.productReference }
        : { itemCodeableConcept: definition.productCodeableConcept ?? definition.code }),
      ...(definition.quantity ? { quantity: definition.quantity } : {}),
      deliverTo: about.patient,
      ...occurrence(definition),
    };
  },
};

export const ACTIVITY_KINDS: readonly string[] = Object.keys(MAKE);

/** @param definition of one of `ACTIVITY_KINDS` */
export function activityRequest(definition: ActivityDefinition, about: ApplyFor): Resource {
  return { resourceType: definition.kind, ...MAKE[definition.kind!]!(definition, about) } as Resource;
}

function shared(
  { intent, priority }: Pick<ActivityDefinition, 'intent' | 'priority'>,
  { encounter, practitioner, now }: ApplyFor,
  hasIntent = true,
): object {
  return {
    status: 'draft',
    ...(hasIntent ? { intent: intent ?? 'proposal' } : {}),
    ...(priority ? { priority } : {}),
    ...(encounter ? { encounter } : {}),
    authoredOn: now,
    ...(practitioner ? { requester: practitioner } : {}),
  };
}

const refused = ({ doNotPerform }: Pick<ActivityDefinition, 'doNotPerform'>) =>
  doNotPerform === undefined ? {} : { doNotPerform };

function occurrence({ timingDateTime, timingPeriod, timingTiming }: ActivityDefinition): object {
  if (timingDateTime) return { occurrenceDateTime: timingDateTime };
  if (timingPeriod) return { occurrencePeriod: timingPeriod };
  return timingTiming ? { occurrenceTiming: timingTiming } : {};
}
