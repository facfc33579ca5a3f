/** What the other side says of a person, in FHIR R4. It is believed in nothing: other persons, other types and broken dates are left out. */

import type { Bundle, Immunization, Patient, Resource } from '../../../kernel/fhir/types.ts';
import { type Service, ServiceFault } from '../../../kernel/outbound/service.ts';
import { isDay, vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import type { LinkDefinition } from './definition.ts';

export interface TheirHistory {
  /** Null = they do not know the number. */
  person: Patient | null;
  doses: Immunization[];
  /** Lines of theirs that could not be read, or were of somebody else. */
  leftOut: number;
}

const MOST_PAGES = 10;

/** @param number of a system that the definition names. @throws ServiceFault */
export async function historyOf(
  service: Service,
  definition: LinkDefinition,
  number: { system: string; value: string },
): Promise<TheirHistory> {
  const found = await pages(service, filled(definition.find, number));
  const people = found.filter((one): one is Patient => one.resourceType === 'Patient' && isOf(one, number));
  if (people.length > 1)
    throw new ServiceFault(
      'Hệ thống kia có nhiều người cùng số này: báo nơi quản lý hệ thống kia gộp hồ sơ trước.',
      'They have several persons of this number.',
    );
  const [person] = people;
  if (!person?.id) return { person: null, doses: [], leftOut: 0 };
  const lines = await pages(service, filled(definition.history, { patient: person.id }));
  const doses = lines.filter((one): one is Immunization => isReadable(one, person.id!));
  return { person, doses, leftOut: lines.length - doses.length };
}

const isOf = ({ identifier = [] }: Patient, { system, value }: { system: string; value: string }) =>
  identifier.some((one) => one.system === system && one.value === value);

function filled(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

/** Doses that were given, of this person, on a day that exists. */
function isReadable(one: Resource, person: string): boolean {
  if (one.resourceType !== 'Immunization') return false;
  const { id, status, patient, occurrenceDateTime } = one as Immunization;
  return (
    typeof id === 'string' &&
    status === 'completed' &&
    patient?.reference?.split('/').slice(-2).join('/') === `Patient/${person}` &&
    dayOfDose(occurrenceDateTime) !== null
  );
}

/** ISO day of a dose; null for a partial or impossible date. */
export function dayOfDose(text: string | undefined): string | null {
  if (text === undefined || text.length < 10) return null;
  const at = text.length === 10 ? null : new Date(text);
  if (at && Number.isNaN(at.getTime())) return null;
  const day = at ? vietnamDay(at) : text;
  return isDay(day) ? day : null;
}

async function pages(service: Service, first: string): Promise<Resource[]> {
  const all: Resource[] = [];
  let next: string | undefined = first;
  for (let page = 0; next !== undefined; page += 1) {
    if (page >= MOST_PAGES)
      throw new ServiceFault('Hệ thống kia trả lời không dứt.', 'Its answer has no end.');
    const bundle = (await service.get(next)) as Bundle | null;
    if (bundle?.resourceType !== 'Bundle')
      throw new ServiceFault('Hệ thống kia trả lời không đúng FHIR.', 'Its answer is no FHIR Bundle.');
    all.push(
      ...(bundle.entry ?? []).flatMap(({ resource, search }) =>
        resource && search?.mode !== 'outcome' ? [resource] : [],
      ),
    );
    next = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return all;
}
