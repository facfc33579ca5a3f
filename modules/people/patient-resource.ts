/** The Patient that a checked form becomes (docs/model.md, row Citizen), and a stored one with what a card says put in. */
import type { Content } from '../../kernel/content/content.ts';
import { cs, DEMO_LABEL, ext, sid } from '../../kernel/fhir/systems.ts';
import type { Extension, Identifier, Patient } from '../../kernel/fhir/types.ts';
import { foldWords } from '../../kernel/text/fold.ts';
import { communeOn } from './commune-of-address.ts';
import type { PersonForm } from './person-form.ts';

interface Making {
  /** ISO day. */
  today: string;
  content: Content;
  /** Labels the Patient as test data (every person made in the demo province). */
  demo: boolean;
}

/** @param form without issues */
export function patientOf(form: PersonForm, { today, content, demo }: Making): Patient {
  const extension = [
    codedExtension(ext.ethnicity, cs.ethnicity, form.ethnicity, 'catalog/dan-toc', today, content),
    codedExtension(ext.occupation, cs.occupation, form.occupation, 'catalog/nghe-nghiep', today, content),
  ].filter((each) => each !== null);
  const identifiers = identifiersOf(form);
  return {
    resourceType: 'Patient',
    ...(demo ? { meta: { security: [DEMO_LABEL] } } : {}),
    active: true,
    ...(extension.length > 0 ? { extension } : {}),
    ...(identifiers.length > 0 ? { identifier: identifiers } : {}),
    name: [nameElement(form.name)],
    gender: form.sex ?? 'unknown',
    ...(form.birthDate ? { birthDate: form.birthDate } : {}),
    ...(form.phones.length > 0
      ? { telecom: form.phones.map((value) => ({ system: 'phone' as const, value, use: 'mobile' as const })) }
      : {}),
    ...addressElement(form, today, content),
    ...(form.mother ? { contact: [contactOf(form.mother)] } : {}),
  };
}

/** `text` whole, `family` the first word, `given` the others. */
export function nameElement(name: string): NonNullable<Patient['name']>[number] {
  const [family, ...given] = name.split(/\s+/);
  return { use: 'official', text: name, family, ...(given.length > 0 ? { given } : {}) };
}

function identifiersOf(form: PersonForm): Identifier[] {
  const numbers: [string, string | null][] = [
    [sid.cccd, form.citizenNumber],
    [sid.bhxh, form.insuranceNumber],
    [sid.cmnd, form.oldNumber],
    [sid.passport, form.passport],
  ];
  return numbers.flatMap(([system, value]) => (value ? [{ system, value }] : []));
}

function addressElement(form: PersonForm, today: string, content: Content): Pick<Patient, 'address'> {
  if (!form.address) return {};
  const unit = form.commune ? communeOn(form.commune, today, content) : null;
  const place = unit
    ? {
        city: unit.name,
        state: unit.province,
        extension: [
          {
            url: ext.unit,
            valueCoding: { system: cs.unit, code: unit.code, display: unit.name },
          } as Extension,
        ],
      }
    : {};
  const line = form.line ? { line: [form.line] } : {};
  return { address: [{ use: 'home', text: form.address, ...line, country: 'VN', ...place }] };
}

/** Mother or guardian; the relation itself is not asked at the desk. */
function contactOf(name: string): NonNullable<Patient['contact']>[number] {
  const system = 'http://terminology.hl7.org/CodeSystem/v2-0131';
  return {
    relationship: [
      { coding: [{ system, code: 'N', display: 'Next-of-Kin' }], text: 'Mẹ hoặc người giám hộ' },
    ],
    name: { text: name },
  };
}

function codedExtension(
  url: string,
  system: string,
  code: string | null,
  list: string,
  today: string,
  content: Content,
): Extension | null {
  if (!code) return null;
  const display = content.inForce(list, today).find((row) => row.code === code)?.display;
  return { url, valueCoding: { system, code, ...(display ? { display } : {}) } };
}

/** Which facts of a card may be written into a stored record. */
export const CARD_FIELDS = [
  'name',
  'birthDate',
  'sex',
  'citizenNumber',
  'oldNumber',
  'insuranceNumber',
] as const;
export type CardField = (typeof CARD_FIELDS)[number];

/**
 * The stored Patient with the chosen facts of the card. A replaced name or number stays in the record with use `old`.
 * @param said facts of the card; null values are not written
 */
export function patientWithCard(
  patient: Patient,
  said: Pick<PersonForm, CardField>,
  fields: readonly CardField[],
): Patient {
  const next: Patient = structuredClone(patient);
  const chosen = new Set<CardField>(fields.filter((field) => said[field] !== null && said[field] !== ''));
  if (chosen.has('name')) next.name = replaceName(next.name ?? [], said.name);
  if (chosen.has('birthDate')) next.birthDate = said.birthDate ?? undefined;
  if (chosen.has('sex')) next.gender = said.sex ?? undefined;
  const numbers: [CardField, string][] = [
    ['citizenNumber', sid.cccd],
    ['oldNumber', sid.cmnd],
    ['insuranceNumber', sid.bhxh],
  ];
  for (const [field, system] of numbers) {
    if (chosen.has(field))
      next.identifier = replaceNumber(next.identifier ?? [], system, String(said[field]));
  }
  return next;
}

function replaceName(names: NonNullable<Patient['name']>, name: string): NonNullable<Patient['name']> {
  const kept = names.filter((each) => foldWords(each.text ?? '').length > 0 && each.text !== name);
  return [nameElement(name), ...kept.map((each) => ({ ...each, use: 'old' as const }))];
}

function replaceNumber(all: Identifier[], system: string, value: string): Identifier[] {
  const others = all.filter((each) => each.system !== system || each.value !== value);
  return [
    { system, value },
    ...others.map((each) => (each.system === system ? { ...each, use: 'old' as const } : each)),
  ];
}
