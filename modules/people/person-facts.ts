/** What is compared and shown of a person, read out of a FHIR Patient (docs/model.md, row Citizen). */
import { ext, sid } from '../../kernel/fhir/systems.ts';
import type { Patient } from '../../kernel/fhir/types.ts';

export type Sex = 'male' | 'female' | 'other' | 'unknown';

/** Null = not known. Numbers are digits (or capitals for a passport) without separators. */
export interface PersonFacts {
  name: string;
  /** FHIR date of the precision that is known. */
  birthDate: string | null;
  sex: Sex | null;
  /** 12 digits. */
  citizenNumber: string | null;
  /** 9-digit CMND. */
  oldNumber: string | null;
  passport: string | null;
  /** 10-digit social insurance number. */
  insuranceNumber: string | null;
  phones: string[];
  /** Whole current address as text. */
  address: string | null;
  /** 5-digit unit code of the current address. */
  commune: string | null;
  /** Mother's or guardian's name. */
  mother: string | null;
}

/** @param patient a stored or a drafted Patient; absent elements become null */
export function factsOf(patient: Patient): PersonFacts {
  const number = (system: string) =>
    patient.identifier?.find((each) => each.system === system && each.use !== 'old')?.value ?? null;
  const home = currentAddress(patient);
  return {
    name: nameOf(patient),
    birthDate: patient.birthDate ?? null,
    sex: patient.gender ?? null,
    citizenNumber: number(sid.cccd),
    oldNumber: number(sid.cmnd),
    passport: number(sid.passport),
    insuranceNumber: number(sid.bhxh),
    phones: (patient.telecom ?? [])
      .filter((each) => each.system === 'phone' && each.value)
      .map((each) => normalPhone(each.value!)),
    address: home?.text ?? null,
    commune: communeOf(home),
    mother: patient.contact?.[0]?.name?.text ?? null,
  };
}

/** The whole name with marks; families are written first. */
export function nameOf(patient: Patient): string {
  const name = patient.name?.find((each) => each.use !== 'old') ?? patient.name?.[0];
  return name?.text ?? [name?.family, ...(name?.given ?? [])].filter(Boolean).join(' ');
}

/** The address without an end, else the last one. */
export function currentAddress(patient: Patient): NonNullable<Patient['address']>[number] | undefined {
  return (
    patient.address?.findLast((each) => !each.period?.end && each.use !== 'old') ?? patient.address?.at(-1)
  );
}

/** 5-digit commune code of an address, null without the extension. */
export function communeOf(address: NonNullable<Patient['address']>[number] | undefined): string | null {
  return address?.extension?.find((each) => each.url === ext.unit)?.valueCoding?.code ?? null;
}

/** Digits with the leading 0: `+84 912.345.678` → `0912345678`. */
export function normalPhone(text: string): string {
  const digits = text.replace(/\D/g, '');
  return digits.startsWith('84') && digits.length >= 11 ? `0${digits.slice(2)}` : digits;
}
