/**
 * What must be kept, and how long: `content/access/retention.csv` carried out on a person's resources. Pure. "No physical
 * deletion before the retention end; legal hold stops destruction." The longest class of any part wins.
 */
import type { Row } from '../../content/content.ts';
import { vietnamDay } from '../../text/vietnam-time.ts';
import { intervalOf } from '../dates.ts';
import type { Condition, Encounter, Meta, Patient, Resource } from '../types.ts';

/** Why something may not be erased yet. */
export interface Hold {
  /** Name of the rule, in Vietnamese. */
  rule: string;
  /** `Encounter/x` */
  what: string;
  /** Last day on which it must be kept (`yyyy-mm-dd`); null = no end is known. */
  until: string | null;
}

/** Tag on any resource of a person that stops every erasure: a dispute, an inspection, a court. */
export const LEGAL_HOLD = { system: 'http://yba.vn/fhir/cs/luu-giu', code: 'legal-hold' } as const;

const VOID = new Set(['entered-in-error', 'cancelled']);

/**
 * @param resources the last version of each resource of the person, also of deleted ones
 * @param rules rows in force
 * @param today `yyyy-mm-dd` in Vietnam
 * @returns what still holds, the longest first
 */
export function holdsOf(resources: readonly Resource[], rules: readonly Row[], today: string): Hold[] {
  const file = new File(resources);
  const holds = resources.flatMap((resource): Hold[] => {
    const what = `${resource.resourceType}/${resource.id}`;
    const tagged = resource.meta?.tag?.some(isLegalHold) ? [{ rule: 'lệnh lưu giữ', what, until: null }] : [];
    const kept = rules.filter((rule) => concerns(rule, resource));
    return [...tagged, ...kept.map((rule) => ({ rule: rule.name!, what, until: file.end(rule, resource) }))];
  });
  return holds
    .filter(({ until }) => until === null || until >= today)
    .sort((a, b) => ((a.until ?? '9') < (b.until ?? '9') ? 1 : -1));
}

function isLegalHold(tag: NonNullable<Meta['tag']>[number]): boolean {
  return tag.system === LEGAL_HOLD.system && tag.code === LEGAL_HOLD.code;
}

function concerns(rule: Row, resource: Resource): boolean {
  if (!(rule.types ?? '').split(' ').includes(resource.resourceType)) return false;
  if (VOID.has((resource as { status?: string }).status ?? '')) return false;
  if (resource.resourceType === 'Patient' && rule.counted_from === 'death') return isDead(resource);
  const codes = (rule.codes ?? '').split(' ').filter((code) => code !== '');
  if (codes.length === 0) return true;
  const { code, verificationStatus } = resource as Condition;
  if (verificationStatus?.coding?.some((one) => one.code === 'entered-in-error')) return false;
  return (code?.coding ?? []).some((one) => codes.some((start) => one.code?.startsWith(start)));
}

function isDead({ deceasedBoolean, deceasedDateTime }: Patient): boolean {
  return deceasedBoolean === true || deceasedDateTime !== undefined;
}

/** The days from which the years of a person's file are counted. */
class File {
  readonly #encounters: ReadonlyMap<string, Encounter>;
  readonly #patient: Patient | undefined;

  constructor(resources: readonly Resource[]) {
    this.#patient = resources.find((one) => one.resourceType === 'Patient');
    this.#encounters = new Map(
      resources.flatMap((one) =>
        one.resourceType === 'Encounter' ? [[`Encounter/${one.id}`, one] as const] : [],
      ),
    );
  }

  /** The last day of keeping; null while the file is open, the person lives, or for ever. */
  end(rule: Row, resource: Resource): string | null {
    const from = rule.counted_from === 'death' ? this.#death() : this.#closing(resource);
    if (from === null || (rule.years ?? '') === '') return null;
    return `${Number(from.slice(0, 4)) + Number(rule.years)}-12-31`;
  }

  #death(): string | null {
    const patient = this.#patient;
    if (!patient || !isDead(patient)) return null;
    return dayOf(patient.deceasedDateTime) ?? dayOf(patient.meta?.lastUpdated);
  }

  /** Of the visit that a diagnosis belongs to; without one, of the diagnosis. */
  #closing(resource: Resource): string | null {
    const visit =
      resource.resourceType === 'Encounter'
        ? resource
        : this.#encounters.get((resource as Condition).encounter?.reference ?? '');
    const changed = dayOf(resource.meta?.lastUpdated);
    if (!visit) return dayOf((resource as Condition).recordedDate) ?? changed;
    return visit.status === 'finished' ? (dayOf(visit.period?.end ?? visit.period?.start) ?? changed) : null;
  }
}

/** The last day that a date of any precision may mean, in Vietnam. */
function dayOf(date: string | undefined): string | null {
  const interval = date === undefined ? null : intervalOf(date);
  return interval === null ? null : vietnamDay(new Date(interval.high - 1));
}
