/** Small lists that the consultation needs once. */
import type { Content } from '../../kernel/content/content.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { Terminology } from '../../kernel/fhir/terminology/index.ts';
import type { ClinicLists, DayOff } from './contract.ts';
import { labServices } from './laboratory/tests.ts';

export function clinicLists(content: Content, terminology: Terminology, day: string): ClinicLists {
  const names = new Map(content.table('clinic/lab-tests').map((row) => [row.key!, row.name_vi!]));
  const codes = (system: string) =>
    terminology
      .search(system, '', { limit: 100, date: day })
      .map(({ code, display }) => ({ code, name: display }));
  return {
    services: labServices(content, day).map((service) => ({
      code: service.code,
      name: service.name,
      tests: service.tests.map((key) => names.get(key) ?? key),
    })),
    outcomes: codes(cs.outcome),
    dischargeTypes: codes(cs.dischargeType),
    abbreviations: content.table('clinic/abbreviations').map((row) => ({
      short: row.abbreviation!,
      text: row.text!,
      fields: row.fields!.split('|'),
    })),
    daysOff: daysOff(content, day),
  };
}

/** Public holidays of `content/clinic/days-off.csv` from a day on. */
export function daysOff(content: Content, from: string): DayOff[] {
  return content
    .table('clinic/days-off')
    .filter((row) => row.day! >= from)
    .map((row) => ({ day: row.day!, name: row.name_vi!, nameEn: row.name_en! }));
}
