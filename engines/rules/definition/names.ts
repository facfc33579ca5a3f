/** Addresses of what a rule says beyond R4's PlanDefinition. */
const EXT = 'http://yba.vn/fhir/ext/';

export const RULE_URL = 'http://yba.vn/fhir/PlanDefinition/';

export const ruleExt = {
  /** PlanDefinition: `name`, `calculator`, and an `input` for each of its inputs (`name`, `value`). */
  calculator: `${EXT}may-tinh`,
  /** PlanDefinition: a named expression, as SDC and R5 have it (valueExpression with name). */
  variable: 'http://hl7.org/fhir/StructureDefinition/variable',
  /** Action: one card for each value that the expression gives, which is `%found` (valueExpression). */
  each: `${EXT}moi-ket-qua`,
  /** Action: something to open from the card: `label`, `url`, `type` (absolute, smart), `appContext`, `autolaunchable`. */
  link: `${EXT}lien-ket`,
  /** Action of an action: carried out by the client's system, not offered to its user (valueBoolean). */
  system: `${EXT}he-thong-lam`,
  /** Action: a coded reason for going on against the card (valueCoding); left out: those that fit the kind. */
  reason: `${EXT}ly-do-bo-qua`,
  translation: 'http://hl7.org/fhir/StructureDefinition/translation',
} as const;

export const TRIGGERS = [
  'patient-view',
  'order-select',
  'order-sign',
  'order-dispense',
  'encounter-start',
  'encounter-discharge',
  'appointment-book',
  'medication-refill',
] as const;

/** Hooks of CDS Hooks that a rule may be asked at. */
export type Hook = (typeof TRIGGERS)[number];

export const isHook = (name: string): name is Hook => (TRIGGERS as readonly string[]).includes(name);

/** Parts of a card that an expression may fill. */
export const DYNAMIC = ['title', 'description', 'priority', 'key', 'kind', 'management', 'source'] as const;
export type DynamicPart = (typeof DYNAMIC)[number];
