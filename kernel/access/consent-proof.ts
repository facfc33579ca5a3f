/**
 * Who may write what into a person's privacy Consent. A member of staff, or a unit's system, does not widen access on a person's
 * behalf without the person's proof, and never to themself; a representative does not disclose for a child of seven or more alone.
 */
import { Failure } from '../failure.ts';
import type { Consent, ConsentProvision, Patient } from '../fhir/types.ts';
import type { Store } from '../store/contract.ts';
import type { Actor } from './contract.ts';
import { ageOn } from './guardians/rules.ts';

/** From this age on the child decides, too (Law 91/2025, secondary source). */
const ASKED_FROM = 7;
const OF_AGE = 18;

/**
 * Fails with `business-rule` at the element that is missing.
 * @param before the version that is stored; null for a new Consent
 * @param day today in Vietnam
 */
export async function refuseUnproved(
  store: Store,
  actor: Actor,
  before: Consent | null,
  consent: Consent,
  day: string,
): Promise<void> {
  if (!isOfPrivacy(consent) && !(before && isOfPrivacy(before))) return;
  const patient = consent.patient?.reference?.replace(/^Patient\//, '') ?? '';
  if (actor.roles.includes('citizen')) {
    const self = actor.persons?.[0];
    if (patient !== self && consent.status === 'active' && permitsByName(consent))
      await refuseWithoutChild(store, consent, patient, day);
    return;
  }
  // The program itself and the operator's own systems carry over what was proved elsewhere; a unit's system does not.
  const isOperator =
    actor.roles.length === 0 || (actor.roles.includes('system-client') && actor.unit === null);
  if (isOperator) return;
  const widens = consent.status === 'active' && permitsByName(consent);
  const changes = before !== null && before.status === 'active' && isOfPrivacy(before);
  if (!widens && !changes) return;
  if (
    widens &&
    actor.practitioner !== null &&
    permits(consent.provision, `Practitioner/${actor.practitioner}`)
  ) {
    throw refusal(
      'Consent.provision.actor',
      'Không được tự ghi quyền xem cho chính mình. Hãy để người khác ghi theo giấy của người dân.',
      'Nobody writes a permission for themself.',
    );
  }
  if (!isSigned(consent, before, patient)) {
    throw refusal(
      'Consent.verification',
      'Ghi thay người dân thì phải kèm giấy có chữ ký (source) và xác nhận của chính người đó (verification) sau lần trước.',
      'Who writes for the person adds the signed paper (source) and a verification with the person, later than the one before.',
    );
  }
}

/** A verification with the person, later than what was decided before, and the paper that shows it. */
function isSigned(consent: Consent, before: Consent | null, patient: string): boolean {
  const since = before?.meta?.lastUpdated ?? '';
  const verified = (consent.verification ?? []).some(
    ({ verified, verifiedWith, verificationDate = '' }) =>
      verified &&
      verifiedWith?.reference === `Patient/${patient}` &&
      Date.parse(verificationDate) > (Date.parse(since) || 0),
  );
  const source = consent.sourceAttachment ?? consent.sourceReference;
  const old = before?.sourceAttachment ?? before?.sourceReference;
  return verified && source !== undefined && JSON.stringify(source) !== JSON.stringify(old);
}

async function refuseWithoutChild(
  store: Store,
  consent: Consent,
  patient: string,
  day: string,
): Promise<void> {
  const stored = await store.read('Patient', patient);
  const child = stored && !stored.deleted ? (JSON.parse(stored.body.toString('utf8')) as Patient) : null;
  const age = child?.birthDate === undefined ? ASKED_FROM : ageOn(child.birthDate, day);
  if (age < ASKED_FROM || age >= OF_AGE) return;
  const agreed = (consent.verification ?? []).some(
    ({ verified, verifiedWith }) => verified && verifiedWith?.reference === `Patient/${patient}`,
  );
  if (agreed) return;
  throw refusal(
    'Consent.verification',
    'Trẻ từ 7 tuổi phải cùng đồng ý khi cho thêm người xem hồ sơ.',
    'From seven on the child agrees to a disclosure, too: a verification with the child.',
  );
}

function isOfPrivacy({ scope }: Consent): boolean {
  return (scope?.coding ?? []).some(({ code }) => code === 'patient-privacy');
}

/** Some provision permits by name. */
function permitsByName({ provision }: Consent): boolean {
  const within = (one: ConsentProvision): boolean =>
    (one.type === 'permit' && (one.actor ?? []).length > 0) || (one.provision ?? []).some(within);
  return provision !== undefined && within(provision);
}

function permits(provision: ConsentProvision | undefined, reader: string): boolean {
  if (provision === undefined) return false;
  const named = (provision.actor ?? []).some(({ reference }) => reference?.reference === reader);
  return (
    (provision.type === 'permit' && named) || (provision.provision ?? []).some((one) => permits(one, reader))
  );
}

function refusal(expression: string, text: string, textEn: string): Failure {
  return new Failure('business-rule', text, { textEn, expression });
}
