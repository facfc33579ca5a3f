/** Immunizations of either side as lines that can be compared, and one of theirs as ours. Pure. */
import type { Product } from '../../../engines/programmes/index.ts';
import type { Immunization, Patient } from '../../../kernel/fhir/types.ts';
import { foldText } from '../../../kernel/text/fold.ts';
import { organizationOf, patientRef, performerOf, type Writing } from '../write.ts';
import { dayOfDose } from './client.ts';
import type { LinkedDose } from './compare.ts';

/** Number by which the other side knows a dose. */
export const THEIR_DOSE = 'http://yba.vn/fhir/sid/mui-tiem-noi-khac';
const ORIGIN = 'http://terminology.hl7.org/CodeSystem/immunization-origin';

/** @param codes our code of theirs; a code that is in our catalogue needs none */
export function linkedOf(
  dose: Immunization,
  products: ReadonlyMap<string, Product>,
  codes: ReadonlyMap<string, string>,
): LinkedDose | null {
  const day = dayOfDose(dose.occurrenceDateTime);
  if (day === null || !dose.id) return null;
  const coding = dose.vaccineCode?.coding ?? [];
  const own = coding
    .map(({ system = '', code = '' }) => `${system}|${code}`)
    .map((code) => (products.has(code) ? code : codes.get(code)))
    .find((code) => code !== undefined && products.has(code));
  const unit = (dose.performer ?? []).find(
    ({ actor }) => actor?.display && !actor.reference?.startsWith('Practitioner/'),
  );
  return {
    id: dose.id,
    product: own ?? '',
    name:
      (own && products.get(own)?.name) ||
      dose.vaccineCode?.text ||
      coding[0]?.display ||
      coding[0]?.code ||
      '?',
    day,
    lot: dose.lotNumber?.trim() ?? '',
    place: dose.location?.display ?? unit?.actor.display ?? '',
    known: (dose.identifier ?? []).flatMap(({ system, value }) =>
      system === THEIR_DOSE && value ? [value] : [],
    ),
  };
}

/** A dose of theirs as it stands here: told by others, of no stock of ours. */
export function takenDose(
  { actor, now }: Omit<Writing, 'session'>,
  patient: string,
  dose: LinkedDose,
  { product, title, why }: { product: Pick<Product, 'code' | 'name'>; title: string; why: string },
): Immunization {
  const [system = '', code = ''] = product.code.split('|');
  return {
    resourceType: 'Immunization',
    identifier: [{ system: THEIR_DOSE, value: dose.id }],
    status: 'completed',
    vaccineCode: { coding: [{ system, code }], text: product.name },
    patient: patientRef(patient),
    occurrenceDateTime: dose.day,
    recorded: now,
    primarySource: false,
    reportOrigin: { coding: [{ system: ORIGIN, code: 'record' }], text: title },
    ...(dose.lot === '' ? {} : { lotNumber: dose.lot }),
    ...(dose.place === '' ? {} : { location: { display: dose.place } }),
    // Who took it over: by it the unit may put it right.
    performer: [
      {
        function: { text: 'Nhập từ hệ thống khác' },
        actor: { ...organizationOf(actor), display: title },
      },
    ],
    note: [
      { text: `Lấy từ ${title}, ${performerOf(actor).display}${why === '' ? '' : `: ${why}`}`, time: now },
    ],
  };
}

/** Ours put right by theirs in what differs. */
export function corrected(
  { actor, now }: Omit<Writing, 'session'>,
  ours: Immunization,
  dose: LinkedDose,
  { product, title, why }: { product: Pick<Product, 'code' | 'name'>; title: string; why: string },
): Immunization {
  const [system = '', code = ''] = product.code.split('|');
  return {
    ...ours,
    identifier: [...(ours.identifier ?? []), { system: THEIR_DOSE, value: dose.id }],
    vaccineCode: { coding: [{ system, code }], text: product.name },
    ...(dayOfDose(ours.occurrenceDateTime) === dose.day ? {} : { occurrenceDateTime: dose.day }),
    ...(dose.lot === '' ? {} : { lotNumber: dose.lot }),
    note: [
      ...(ours.note ?? []),
      { text: `Sửa theo ${title}, ${performerOf(actor).display}: ${why}`, time: now },
    ],
  };
}

/** Ours as it is sent: what the other side needs and no more. */
export function sentDose(ours: Immunization, person: Pick<Patient, 'id'>, place: string): Immunization {
  const { status, vaccineCode, occurrenceDateTime, lotNumber, expirationDate, site, route, protocolApplied } =
    ours;
  return {
    resourceType: 'Immunization',
    identifier: [{ system: THEIR_DOSE, value: ours.id! }],
    status,
    vaccineCode,
    patient: { reference: `Patient/${person.id}` },
    ...(occurrenceDateTime === undefined ? {} : { occurrenceDateTime }),
    primarySource: true,
    ...(lotNumber === undefined ? {} : { lotNumber }),
    ...(expirationDate === undefined ? {} : { expirationDate }),
    ...(site === undefined ? {} : { site }),
    ...(route === undefined ? {} : { route }),
    ...(protocolApplied === undefined ? {} : { protocolApplied }),
    location: { display: place },
  };
}

/** In what the other side's person differs from ours; nothing = the same. */
export function personDifferences(ours: Patient, theirs: Patient): ('name' | 'birthDate' | 'gender')[] {
  const name = ({ name: names = [] }: Patient) =>
    foldText(names[0]?.text ?? [names[0]?.family, ...(names[0]?.given ?? [])].join(' '));
  const known = (value: string | undefined) => value !== undefined && value !== '' && value !== 'unknown';
  return [
    ...(name(ours) === name(theirs) ? [] : (['name'] as const)),
    ...(ours.birthDate === theirs.birthDate ? [] : (['birthDate'] as const)),
    ...(known(ours.gender) && known(theirs.gender) && ours.gender !== theirs.gender
      ? (['gender'] as const)
      : []),
  ];
}
