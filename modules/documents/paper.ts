/** What the papers of a visit have in common: head of the unit, person, dates and numbers in the Vietnamese manner. */

import type { PaperOptions, UnitOnPaper } from '../../engines/documents/index.ts';
import { ageInMonths } from '../../engines/rules/index.ts';
import { DEMO_LABEL, ext, sid } from '../../kernel/fhir/systems.ts';
import type { Encounter, Observation, Organization, Patient, Resource } from '../../kernel/fhir/types.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Decimal, formatDecimal } from '../billing/index.ts';
import type { ClaimFacts } from '../insurance/index.ts';

/** The facts of a visit and, above its unit, the authority the paper's head names. */
export interface PaperFacts extends ClaimFacts {
  authority?: Organization;
}

/** Everything the engine needs to set one paper. */
export interface Paper {
  /** Folder of the template. */
  name: string;
  /** ISO day whose template is used. */
  date: string;
  data: unknown;
  options: PaperOptions;
  /** Number that the record has given it. */
  number: string;
  /** The versions of the record by which it is the same paper when it is printed again. */
  sources: readonly string[];
  /** What is written on it of the person's care; it is as sensitive as they are. */
  about: readonly Resource[];
  /** File name for the reader, without its ending. */
  fileName: string;
  /** What the audit says was printed. */
  said: string;
}

export interface PersonOnPaper {
  name: string;
  sex: string;
  birth: string;
  age: string;
  weight: string;
  identity: string;
  address: string;
  card: string;
  code: string;
  companion: string;
  /** Under 72 months: the companion's line stands even when nobody was named. */
  small: boolean;
}

const SEX: Record<string, string> = { male: 'Nam', female: 'Nữ' };
/** Under 72 months the age is written in months, with weight and companion (Circular 26/2025, article 6.4). */
const SMALL_CHILD_MONTHS = 72;

export function personOnPaper(facts: PaperFacts, day: string): PersonOnPaper {
  const { patient, encounter } = facts;
  const age = ageInMonths(patient.birthDate, day);
  const months = age === null ? null : Math.max(0, age);
  const small = months !== null && months < SMALL_CHILD_MONTHS;
  return {
    name: patient.name?.[0]?.text ?? '',
    sex: SEX[patient.gender ?? ''] ?? 'Chưa xác định',
    birth: viDay(patient.birthDate ?? ''),
    age: months === null ? '' : small ? `${months} tháng` : `${Math.floor(months / 12)} tuổi`,
    weight: weightOf(facts.observations),
    identity:
      [sid.cccd, sid.cmnd, sid.passport].map((system) => numberOf(patient, system)).find(Boolean) ?? '',
    address: addressOf(patient),
    card: numberOf(facts.coverage ?? {}, sid.bhyt),
    code: patientCode(facts),
    companion: companionOf(encounter),
    small,
  };
}

export function unitOnPaper({
  organization,
  authority,
}: Pick<PaperFacts, 'organization' | 'authority'>): UnitOnPaper {
  return {
    authority: authority?.name ?? organization.partOf?.display ?? '',
    name: organization.name ?? '',
    code: numberOf(organization, sid.cskcb),
    address: organization.address?.[0]?.text ?? '',
    phone: organization.telecom?.find((each) => each.system === 'phone')?.value ?? '',
  };
}

/** `Tam Dương, ngày 20 tháng 11 năm 2026`; without a known place only the day. */
export function placeAndDay(organization: Organization, day: string): string {
  const [year, month, date] = day.split('-');
  const place = (organization.address?.[0]?.city ?? '').replace(/^(Xã|Phường|Thị trấn|Đặc khu) /u, '');
  const said = `ngày ${date} tháng ${month} năm ${year}`;
  return place ? `${place}, ${said}` : `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
}

/** Numbers of a day for Typst's `datetime(…)`. */
export function dayParts(day: string): { year: number; month: number; day: number } {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { year, month, day: date };
}

/** `2026-11-20` → `20/11/2026`, `1968-04` → `04/1968`, `1968` → `1968`. */
export function viDay(day: string): string {
  return day.slice(0, 10).split('-').reverse().join('/');
}

/** `07:42 ngày 20/11/2026`; '' stays ''. */
export function viMoment(instant: string | undefined): string {
  if (!instant) return '';
  const local = vietnamInstant(new Date(instant));
  return `${local.slice(11, 16)} ngày ${viDay(local.slice(0, 10))}`;
}

/** `1234567.5` → `1.234.567,5`. */
export function viNumber(value: Decimal | null): string {
  if (value === null) return '';
  const [whole = '', fraction] = formatDecimal(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  return fraction ? `${grouped},${fraction}` : grouped;
}

/** The newest instant among the versions a paper is made from: what makes its bytes repeat. */
export function newestOf(resources: readonly (Resource | undefined)[]): string {
  const instants = resources.map((each) => each?.meta?.lastUpdated ?? '').filter((each) => each !== '');
  return instants.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? '2025-01-01T00:00:00+07:00';
}

/** `Claim/x/_history/3` */
export function versionOf({ resourceType, id, meta }: Resource): string {
  return `${resourceType}/${id}/_history/${meta?.versionId ?? '1'}`;
}

export function isDemo(resource: Resource): boolean {
  return (
    resource.meta?.security?.some(
      (each) => each.code === DEMO_LABEL.code && each.system === DEMO_LABEL.system,
    ) ?? false
  );
}

export function numberOf(
  holder: { identifier?: { system?: string; value?: string }[] },
  system: string,
): string {
  return holder.identifier?.find((each) => each.system === system)?.value ?? '';
}

/** MA_BN: the code the unit gave; a person without one is known by the record's own id. */
export function patientCode({ patient, organization }: PaperFacts): string {
  const codes = patient.identifier?.filter((each) => each.system === sid.patientCode) ?? [];
  const own = codes.find((each) => each.assigner?.reference === `Organization/${organization.id}`);
  return (own ?? codes[0])?.value ?? patient.id ?? '';
}

function weightOf(observations: readonly Observation[]): string {
  const found = observations
    .filter(
      (each) =>
        each.code?.coding?.some((coding) => coding.code === '29463-7') && each.status !== 'entered-in-error',
    )
    .sort((a, b) => (a.effectiveDateTime ?? '').localeCompare(b.effectiveDateTime ?? ''))
    .at(-1)?.valueQuantity?.value;
  return found === undefined ? '' : `${String(found).replace('.', ',')} kg`;
}

function addressOf(patient: Patient): string {
  const current = patient.address?.filter((each) => !each.period?.end) ?? [];
  return (current.find((each) => each.use === 'home') ?? current[0])?.text ?? '';
}

/** Who brought the child (Circular 26/2025, article 6.4): participant of kind ESC. */
function companionOf(encounter: Encounter): string {
  const escort = encounter.participant?.find((each) =>
    each.type?.some((type) => type.coding?.some((coding) => coding.code === 'ESC')),
  );
  return escort?.individual?.display ?? '';
}

export function categoryOf(encounter: Encounter): string {
  return encounter.extension?.find((each) => each.url === ext.patientCategory)?.valueCoding?.code ?? '';
}
