/**
 * A Consent (R4, scope patient-privacy) as rules. What cannot be carried out is named with its place: nothing that a person
 * denies is passed over in silence. Pure: care teams and roles are looked up by the caller.
 */
import type { Issue } from '../../failure.ts';
import type { Consent, ConsentProvision } from '../../fhir/types.ts';
import { actorsOf, type LookUp } from './actors.ts';
import { type Conditions, conditionsOf, narrowed, OPEN } from './conditions.ts';
import { fault } from './fault.ts';
import type { ConsentRule } from './rule.ts';

export interface ReadConsent {
  rules: ConsentRule[];
  /** What cannot be carried out, as errors with their places; the rules are then incomplete and not to be used. */
  issues: Issue[];
}

/** Provisions in provisions; R4 sets no limit, a person's wishes have one. */
const DEEPEST = 6;
/** Rows of one Consent: choices of labels times choices of recipients. */
const MOST = 500;

/**
 * Rules of a Consent; none when it is not active, has another scope than privacy, or says nothing that can be computed.
 * @param lookUp CareTeams and PractitionerRoles, whose members are the recipients
 */
export function readConsent(consent: Consent, lookUp: LookUp): ReadConsent {
  if (consent.status !== 'active' || !isOfPrivacy(consent)) return { rules: [], issues: [] };
  if (!/^Patient\//.test(consent.patient?.reference ?? '')) {
    const text = 'Consent về quyền riêng tư phải ghi rõ người dân (patient = Patient/…).';
    const issue = fault('Consent.patient', text, 'A privacy Consent names its person: patient = Patient/….');
    return { rules: [], issues: [issue] };
  }
  const reading: Reading = { consent: consent.id ?? '', rules: [], issues: [], lookUp, next: 0 };
  const root = consent.provision ?? {};
  const permit = effectOfRoot(consent, root);
  readProvision(reading, root, {
    permit,
    parent: null,
    around: OPEN,
    depth: 0,
    place: 'Consent.provision',
  });
  const { rules, issues } = reading;
  if (rules.length > MOST) {
    issues.push(
      fault(
        'Consent.provision',
        `Có quá ${MOST} cách kết hợp nhãn và người nhận; hãy chia thành nhiều Consent.`,
        `More than ${MOST} combinations of labels and recipients; use several Consents.`,
      ),
    );
  }
  return { rules, issues };
}

function isOfPrivacy({ scope }: Consent): boolean {
  return (scope?.coding ?? []).some(({ code }) => code === 'patient-privacy');
}

/**
 * The effect of the outermost provision: its own type; else that of the base policy. R4 calls a provision "an exception to
 * the base policy", and HL7's examples withhold by one that names a recipient and no type: so one with conditions denies.
 */
function effectOfRoot({ policyRule }: Consent, root: ConsentProvision): boolean | null {
  if (root.type !== undefined) return root.type === 'permit';
  const { id: _id, period: _period, provision: _nested, extension: _extension, ...conditions } = root;
  if (Object.keys(conditions).length > 0) return false;
  const base = (policyRule?.coding ?? []).map(({ code }) => code);
  if (base.includes('OPTOUT')) return false;
  return base.includes('OPTIN') ? true : null;
}

interface Reading {
  consent: string;
  rules: ConsentRule[];
  issues: Issue[];
  lookUp: LookUp;
  /** Number of the next provision. */
  next: number;
}

interface Around {
  /** Null: the provision only bounds those within it. */
  permit: boolean | null;
  parent: number | null;
  around: Conditions;
  depth: number;
  place: string;
}

function readProvision(reading: Reading, provision: ConsentProvision, at: Around): void {
  const { place, depth } = at;
  if (depth >= DEEPEST) {
    const text = `Quy định lồng nhau quá ${DEEPEST} tầng; hãy viết phẳng hơn.`;
    reading.issues.push(fault(place, text, `Provisions are nested deeper than ${DEEPEST}.`));
    return;
  }
  const own = conditionsOf(provision, place, depth === 0);
  const recipients = actorsOf(provision.actor ?? [], `${place}.actor`, reading.lookUp);
  reading.issues.push(...own.issues, ...recipients.issues);
  if (recipients.holders.length > 1) {
    const text = 'Chỉ nêu được một cơ sở giữ dữ liệu (CST) trong một quy định.';
    reading.issues.push(fault(`${place}.actor`, text, 'At most one custodian (CST) in a provision.'));
  }
  const inside = narrowed(at.around, own.conditions, recipients);
  const n = reading.next++;
  if (at.permit !== null && inside !== null) {
    reading.rules.push(...rulesOf(reading.consent, n, at.parent, at.permit, inside));
  }
  for (const [index, nested] of (provision.provision ?? []).entries()) {
    const inner = `${place}.provision[${index}]`;
    if (nested.type === undefined) {
      const text = 'Quy định bên trong phải ghi rõ cho phép (permit) hay từ chối (deny).';
      reading.issues.push(fault(`${inner}.type`, text, 'A nested provision must say permit or deny.'));
      continue;
    }
    readProvision(reading, nested, {
      permit: nested.type === 'permit',
      parent: at.permit === null ? null : n,
      around: inside ?? at.around,
      depth: depth + 1,
      place: inner,
    });
  }
}

/** One rule for each choice of a label, a recipient and a thing. */
function rulesOf(
  consent: string,
  n: number,
  parent: number | null,
  permit: boolean,
  { labels, actors, things, ...rest }: Conditions,
): ConsentRule[] {
  const { purposes, types, codes, holder, from, until, dataFrom, dataUntil, sources } = rest;
  return labels.flatMap((bits) =>
    (actors ?? [null]).flatMap((names) =>
      (things ?? [null]).map((idh) => ({
        consent,
        n,
        parent,
        permit,
        bits,
        actors: names,
        purposes,
        types,
        codes,
        holder,
        idh,
        from,
        until,
        dataFrom,
        dataUntil,
        sources,
      })),
    ),
  );
}
