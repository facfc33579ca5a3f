/** What a citizen chooses, as a FHIR Consent and back. Pure. */
import type { Consent, ConsentProvision } from '../../kernel/fhir/types.ts';

/** One restriction or grant: what, who, how long. */
export interface Choice {
  /** `deny` restricts, `permit` opens beyond what policy opens. */
  effect: 'deny' | 'permit';
  /** Category of `access/categories`; null = the whole record. */
  category: string | null;
  /** `Organization/x` or `Practitioner/y`; null = everyone (restrictions only). */
  reader: string | null;
  /** ISO days, both inclusive; null = from now, and until it is withdrawn. */
  from: string | null;
  until: string | null;
}

/** Who decided, and when: the proof that the law asks for. */
export interface Proof {
  /** Patient whose record it is. */
  patient: string;
  /** Patient who decided: the same, or who stands for them. */
  by: string;
  /** ISO instant with zone. */
  at: string;
  /** True when a child of seven or more said yes, too. */
  childAgreed: boolean;
}

const SCOPE = 'http://terminology.hl7.org/CodeSystem/consentscope';
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
/** LOINC: "Patient Consent". */
const CATEGORY = { system: 'http://loinc.org', code: '59284-0' };
/** The law under which the person decides. */
const POLICY = 'http://yba.vn/chinh-sach/luat-91-2025';

export function consentOf(choice: Choice, proof: Proof): Consent {
  const { patient, by, at, childAgreed } = proof;
  const verified = (who: string) => ({
    verified: true,
    verifiedWith: { reference: `Patient/${who}` },
    verificationDate: at,
  });
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ system: SCOPE, code: 'patient-privacy' }] },
    category: [{ coding: [CATEGORY] }],
    patient: { reference: `Patient/${patient}` },
    dateTime: at,
    performer: [{ reference: `Patient/${by}` }],
    policy: [{ uri: POLICY }],
    verification: [verified(by), ...(childAgreed && by !== patient ? [verified(patient)] : [])],
    provision: provisionOf(choice),
  };
}

function provisionOf({ effect, category, reader, from, until }: Choice): ConsentProvision {
  const period = { ...(from !== null && { start: from }), ...(until !== null && { end: until }) };
  return {
    type: effect,
    ...(Object.keys(period).length > 0 && { period }),
    ...(reader !== null && {
      actor: [
        { role: { coding: [{ system: PARTICIPATION, code: 'PRCP' }] }, reference: { reference: reader } },
      ],
    }),
    ...(category !== null && { securityLabel: [{ system: ACT_CODE, code: category }] }),
  };
}

/** The choice that a Consent says; null when it says more than a form can show. */
export function choiceOf({ provision }: Consent): Choice | null {
  if (!provision?.type) return null;
  const { type, period, actor = [], securityLabel = [], ...rest } = provision;
  const { id: _id, ...others } = rest;
  if (Object.keys(others).length > 0 || actor.length > 1 || securityLabel.length > 1) return null;
  return {
    effect: type,
    category: securityLabel[0]?.code ?? null,
    reader: actor[0]?.reference?.reference ?? null,
    from: period?.start?.slice(0, 10) ?? null,
    until: period?.end?.slice(0, 10) ?? null,
  };
}
