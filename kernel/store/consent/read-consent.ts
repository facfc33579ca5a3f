/**
 * A Consent (R4, scope patient-privacy) as rules. What cannot be carried out as it stands is carried out safely: a denial
 * hides more, a permission opens less or nothing; and it is named with its place, so that nothing is passed over in silence.
 * Pure: care teams and roles are looked up by the caller.
 */
import type { Issue } from '../../failure.ts';
import type { Consent, ConsentProvision } from '../../fhir/types.ts';
import {
  type Bounds,
  boundsOf,
  type Conditions,
  MOST_CHOICES,
  OPEN,
  refuseMany,
  TooManyChoices,
} from './conditions.ts';
import { fault } from './fault.ts';
import type { Known, LookUp, PartsLookUp } from './known.ts';
import type { ConsentRule } from './rule.ts';

export interface ReadConsent {
  rules: ConsentRule[];
  /** What is not carried out as it stands, with its place and what is done instead. */
  issues: Issue[];
}

/** Lists and provisions of one Consent, in all. */
const MOST_MEMBERS = 2_000;

/**
 * Rules of a Consent; none when it is not active, has another scope than privacy, or says nothing that can be computed.
 * @param lookUp CareTeams and PractitionerRoles, whose members are the recipients
 * @param partsOf holders are with all that is part of them
 */
export function readConsent(
  consent: Consent,
  lookUp: LookUp,
  partsOf: PartsLookUp = (id) => [id],
): ReadConsent {
  if (consent.status !== 'active') return { rules: [], issues: [] };
  const unkept = notAboutReading(consent);
  if (unkept !== null) return { rules: [], issues: unkept };
  const reading: Reading = {
    consent: consent.id ?? '',
    rules: [],
    issues: [],
    known: { lookUp, partsOf },
    next: 0,
  };
  try {
    readAll(reading, consent, consent.provision ?? {});
  } catch (error) {
    if (!(error instanceof TooManyChoices)) throw error;
    return tooMany(reading);
  }
  return { rules: reading.rules, issues: reading.issues };
}

/** Fails with `TooManyChoices`. */
function readAll(reading: Reading, consent: Consent, root: ConsentProvision): void {
  if (membersOf(root) > MOST_MEMBERS) throw new TooManyChoices();
  const parent = readBase(reading, consent, root);
  readProvision(reading, root, {
    permit: effectOfRoot(reading, consent, root),
    parent,
    around: OPEN,
    place: 'Consent.provision',
  });
}

function membersOf(provision: ConsentProvision): number {
  const lists = Object.values(provision).filter((value) => Array.isArray(value));
  const own = lists.reduce((sum, list) => sum + list.length, 1);
  return (provision.provision ?? []).reduce((sum, nested) => sum + membersOf(nested), own);
}

/** What is said of a Consent that makes no rules; null when it makes some. */
function notAboutReading({ scope, patient, provision }: Consent): Issue[] | null {
  const scopes = (scope?.coding ?? []).map(({ code }) => code ?? '');
  if (!scopes.includes('patient-privacy')) {
    if (provision === undefined) return [];
    const text = `Đã lưu, nhưng phạm vi "${scopes.join(', ')}" không quy định ai được xem hồ sơ; chỉ phạm vi patient-privacy có tác dụng đó.`;
    const textEn = `Stored; but the scope "${scopes.join(', ')}" does not say who may see the record: only patient-privacy does.`;
    return [fault('Consent.scope', text, textEn)];
  }
  if (/^Patient\/[A-Za-z0-9\-.]{1,64}$/.test(patient?.reference ?? '')) return null;
  const text = 'Đã lưu, nhưng không có tác dụng: phải ghi rõ người dân (patient = Patient/…).';
  return [
    fault(
      'Consent.patient',
      text,
      'Stored without effect: a privacy Consent names its person by patient = Patient/….',
    ),
  ];
}

/** R4: a provision is an exception to the base policy. Opting out denies everything in its time; the number of that rule. */
function readBase(reading: Reading, { policyRule }: Consent, { period }: ConsentProvision): number | null {
  const codes = (policyRule?.coding ?? []).map(({ code }) => code ?? '');
  const unknown = codes.filter((code) => code !== 'OPTIN' && code !== 'OPTOUT');
  if (unknown.length > 0) {
    const text = `Chính sách gốc "${unknown.join(', ')}" không tính được; chỉ các quy định trong provision có tác dụng.`;
    const textEn = `The base policy "${unknown.join(', ')}" cannot be computed; only what the provisions say counts.`;
    reading.issues.push(fault('Consent.policyRule', text, textEn));
  }
  if (!codes.includes('OPTOUT')) return null;
  const { most } = boundsOf(period ? { period } : {}, OPEN, reading.known, () => undefined);
  const n = reading.next++;
  reading.rules.push(...rulesOf(reading.consent, n, null, false, most!));
  return n;
}

/**
 * The effect of the outermost provision: its own type, else that of an exception to the base policy. HL7's examples withhold
 * by one that names a recipient and no type: so one with conditions denies, and opens nothing of what was opted out of.
 */
function effectOfRoot(reading: Reading, { policyRule }: Consent, root: ConsentProvision): boolean | null {
  if (root.type !== undefined) return root.type === 'permit';
  const base = (policyRule?.coding ?? []).map(({ code }) => code);
  const { id: _id, period: _period, provision: _nested, extension: _extension, ...conditions } = root;
  if (Object.keys(conditions).length === 0) return base.includes('OPTIN') ? true : null;
  if (!base.includes('OPTIN')) {
    const text =
      'Quy định ngoài cùng không ghi cho phép (permit) hay từ chối (deny); hệ thống hiểu là từ chối.';
    const textEn = 'The outermost provision says neither permit nor deny; it is read as a denial.';
    reading.issues.push(fault('Consent.provision.type', text, textEn));
  }
  return false;
}

interface Reading {
  consent: string;
  rules: ConsentRule[];
  issues: Issue[];
  known: Known;
  /** Number of the next provision. */
  next: number;
}

interface Around {
  /** Null: the provision only bounds those within it. */
  permit: boolean | null;
  parent: number | null;
  around: Bounds;
  place: string;
}

function readProvision(reading: Reading, provision: ConsentProvision, at: Around): void {
  const { place, permit } = at;
  const effect = permit === null ? 'bound' : permit ? 'permit' : 'deny';
  const inside = boundsOf(provision, at.around, reading.known, (part, text, textEn, instead) =>
    reading.issues.push(fault(`${place}.${part}`, text, textEn, instead === 'told' ? undefined : effect)),
  );
  const meant = permit === null ? null : permit ? inside.least : inside.most;
  const n = reading.next++;
  if (meant !== null) reading.rules.push(...rulesOf(reading.consent, n, at.parent, permit!, meant));
  if (reading.rules.length > MOST_CHOICES) throw new TooManyChoices();
  for (const [index, nested] of (provision.provision ?? []).entries()) {
    const inner = `${place}.provision[${index}]`;
    if (nested.type === undefined) {
      const text =
        'Quy định bên trong không ghi cho phép (permit) hay từ chối (deny); hệ thống hiểu là từ chối.';
      const textEn = 'A nested provision says neither permit nor deny; it is read as a denial.';
      reading.issues.push(fault(`${inner}.type`, text, textEn));
    }
    readProvision(reading, nested, {
      permit: nested.type === 'permit',
      parent: meant === null ? at.parent : n,
      around: inside,
      place: inner,
    });
  }
}

/** What is too long to be kept row by row denies everything. */
function tooMany({ consent }: Reading): ReadConsent {
  const text = `Có quá ${MOST_CHOICES} cách kết hợp nhãn và người nhận; hãy chia thành nhiều Consent. Cho đến lúc đó hệ thống hạn chế toàn bộ hồ sơ.`;
  const textEn = `More than ${MOST_CHOICES} combinations of labels and recipients; use several Consents. Until then the whole record is denied.`;
  return {
    rules: rulesOf(consent, 0, null, false, OPEN.most!),
    issues: [fault('Consent.provision', text, textEn)],
  };
}

/** One rule for each choice of a label, a recipient and a thing; none where no holder is left. */
function rulesOf(
  consent: string,
  n: number,
  parent: number | null,
  permit: boolean,
  { labels, actors, things, holders, ...rest }: Conditions,
): ConsentRule[] {
  const { purposes, types, codes, from, until, dataFrom, dataUntil, sources } = rest;
  const when = { from, until, dataFrom, dataUntil };
  const about = { consent, n, parent, permit };
  refuseMany(labels.length, ...[actors, things].map((list) => list?.length ?? 1));
  if (holders?.length === 0) return [];
  return labels.flatMap((bits) =>
    (actors ?? [null]).flatMap((names) =>
      (things ?? [null]).map((idh) => ({
        ...about,
        bits,
        actors: names,
        purposes,
        types,
        codes,
        holders,
        idh,
        ...when,
        sources,
      })),
    ),
  );
}
