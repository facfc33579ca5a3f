/** Consents, readers and resources for tests. */
import assert from 'node:assert/strict';
import type {
  Coding,
  Consent,
  ConsentProvision,
  ConsentProvisionActor,
  Organization,
  Resource,
} from '../../fhir/types.ts';
import { hash64 } from '../hash.ts';
import { typeNumber } from '../resource-types.ts';
import { tokenKey } from '../search/keys.ts';
import { organizationNumber } from '../search/owner.ts';
import { readConsent } from './read-consent.ts';
import type { ConsentReader, ConsentRule, ConsentSubject } from './rule.ts';

/** 2026-11-22, 10:00 in Vietnam. */
export const NOW = Date.parse('2026-11-22T03:00:00Z');

export const coding = (code: string): Coding => ({ code });

export const recipient = (reference: string, role = 'PRCP'): ConsentProvisionActor => ({
  role: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: role }] },
  reference: { reference },
});

export const UNIT = recipient('Organization/cs-1');
export const DOCTOR = recipient('Practitioner/bs-1');
export const HOLDER = recipient('Organization/cs-9', 'CST');
/** Departments of the holder, a hospital. */
export const PARTS = ['cs-9a', 'cs-9b'];

/** What is told of every holder and every code: how they are found in the data. */
const TOLD = /^(Who holds data is|The code is looked for in)/;

/** Rules of Consents that are carried out to the letter. */
export function rulesOf(...consents: Consent[]): ConsentRule[] {
  const partsOf = (id: string) => (id === 'cs-9' ? [id, ...PARTS] : [id]);
  return consents.flatMap((consent, at) => {
    const { rules, issues } = readConsent({ ...consent, id: `c${at}` }, () => null, partsOf);
    const unkept = issues.filter(({ textEn = '' }) => !TOLD.test(textEn));
    assert.deepEqual(unkept, []);
    return rules;
  });
}

export function consentOf(provision?: ConsentProvision, patient = 'p'): Consent {
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: `Patient/${patient}` },
    policy: [{ uri: 'http://yba.vn/chinh-sach/quyen-rieng-tu' }],
    ...(provision && { provision }),
  };
}

export function readerOf(
  of: {
    names?: string[];
    citizen?: boolean;
    unit?: string | undefined;
    open?: number[];
    purpose?: string;
  } = {},
): ConsentReader {
  return {
    names: of.names ?? ['Organization/cs-1'],
    purpose: of.purpose ?? 'TREAT',
    citizen: of.citizen ?? false,
    unit: of.unit === undefined ? null : organizationNumber(of.unit),
    open: of.open ?? [],
  };
}

export function subjectOf(
  of: {
    sec?: number;
    type?: string;
    holder?: string | undefined;
    /** Owners of the visits that a resource without a holder is of. */
    visitsAt?: string[];
    /** Further codings of the main code. */
    codes?: string[];
    d0?: number | null;
    d1?: number | null;
  } = {},
): ConsentSubject {
  return {
    t: typeNumber(of.type ?? 'Observation')!,
    idh: hash64('Observation/x'),
    sec: of.sec ?? 0,
    org: of.holder === undefined ? null : organizationNumber(of.holder),
    visits: (of.visitsAt ?? []).map(organizationNumber),
    tok: ['8867-4', ...(of.codes ?? [])].map((code) =>
      tokenKey('Observation.code', 'http://loinc.org', code),
    ),
    d0: of.d0 === undefined ? Date.parse('2026-10-01T00:00:00Z') : of.d0,
    d1: of.d1 === undefined ? Date.parse('2026-10-02T00:00:00Z') : of.d1,
  };
}

/** A Consent that can be stored. */
export const storedConsent = (id: string, patient: string, provision: ConsentProvision): Consent => ({
  ...consentOf(provision, patient),
  id,
});

/** @param above Organization of which it is a part @param type code of its kind */
export const organization = (id: string, above?: string, type?: string): Resource => ({
  resourceType: 'Organization',
  id,
  name: id,
  ...(above !== undefined && { partOf: { reference: `Organization/${above}` } }),
  ...(type !== undefined && { type: [{ coding: [{ code: type }] }] }),
});

/** What kind of Organization is an authority, told anew at each question. */
export const authoritiesOf = (kind: () => string) => ({
  is: ({ type = [] }: Organization) => type.some(({ coding: of = [] }) => of[0]?.code === kind()),
  version: kind,
});
