/** A scan as facts of a person and as the beginning of a form; and as what an insurance card says. Pure. */
import type { Content } from '../../kernel/content/content.ts';
import { splitAddress } from './commune-of-address.ts';
import { type PersonForm, titleName } from './person-form.ts';
import type { Scan } from './scan.ts';

/** What the card says; what it does not say is null. */
export function formOfScan(scan: Scan, today: string, content: Content): PersonForm {
  switch (scan.kind) {
    case 'citizen-number':
      return { ...EMPTY, citizenNumber: scan.number };
    case 'citizen-card':
      return {
        ...EMPTY,
        name: titleName(scan.name),
        birthDate: scan.birthDate,
        sex: scan.sex,
        citizenNumber: scan.number,
        oldNumber: scan.oldNumber,
        ...placeOf(scan.address, today, content),
      };
    case 'insurance-card':
      return {
        ...EMPTY,
        name: titleName(scan.name ?? ''),
        birthDate: scan.birthDate,
        sex: scan.sex,
        insuranceNumber: scan.insuranceNumber,
        mother: scan.parent ? titleName(scan.parent) : null,
        ...placeOf(scan.address ?? '', today, content),
      };
  }
}

const EMPTY: PersonForm = {
  name: '',
  birthDate: null,
  sex: null,
  citizenNumber: null,
  oldNumber: null,
  passport: null,
  insuranceNumber: null,
  phones: [],
  address: null,
  commune: null,
  mother: null,
  line: null,
  ethnicity: null,
  occupation: null,
};

/** The address as printed; commune and line only when the commune in force is sure, else the whole text is the line. */
function placeOf(
  address: string,
  today: string,
  content: Content,
): Pick<PersonForm, 'address' | 'commune' | 'line'> {
  if (address === '') return { address: null, commune: null, line: null };
  const { commune, line } = splitAddress(address, today, content);
  return commune ? { address, commune: commune.code, line } : { address, commune: null, line: address };
}
