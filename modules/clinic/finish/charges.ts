/** The bill of a visit: its facts gathered for modules/billing and modules/insurance, and the answer for screens. */

import type { Content } from '../../../kernel/content/content.ts';
import { ext } from '../../../kernel/fhir/systems.ts';
import type { Encounter, Organization, Practitioner } from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import { firstDayOf } from '../../../kernel/text/vietnam-time.ts';
import { type Bill, billVisit } from '../../billing/index.ts';
import { coverageFacts, coverageOn, type Entitlement, entitlementOn } from '../../insurance/index.ts';
import { diagnosesOf } from '../consultation/diagnoses.ts';
import type { ChargesView } from '../contract.ts';
import { attendingOf, dayOfVisit, extensionOf, idOf } from '../text.ts';
import type { Visit } from '../visit/visit.ts';

export interface BilledVisit {
  bill: Bill;
  /** As it follows from the bill: below 15 % of the base salary the whole is paid. */
  entitlement: Entitlement;
}

export function categoryOf(encounter: Encounter): string {
  return extensionOf(encounter, ext.patientCategory)?.valueCoding?.code ?? '';
}

/** Bills the visit as it stands in `encounter`; reads the unit and the doctor of the visit. */
export async function billOf(
  session: RecordSession,
  visit: Visit,
  encounter: Encounter,
  content: Content,
  doctor: string,
): Promise<BilledVisit> {
  const day = dayOfVisit(encounter) || firstDayOf(encounter.period?.end ?? '');
  const [organization, practitioner] = await Promise.all([
    session.read('Organization', idOf(encounter.serviceProvider)),
    session.read('Practitioner', attendingOf(encounter)?.id ?? doctor),
  ]);
  const coverage = coverageOn(visit.coverages, day, content) ?? undefined;
  const entitled = (insuredTotal: number | null) =>
    entitlementOn(
      coverage ? coverageFacts(coverage) : null,
      {
        category: categoryOf(encounter),
        setting: 'outpatient',
        arrivedOn: day,
        insuredTotal,
        copaidThisYear: null,
      },
      day,
      content,
    );
  const bill = billVisit(
    {
      patient: visit.patient,
      encounter,
      coverage,
      entitlement: entitled(null),
      conditions: diagnosesOf(encounter, visit.conditions),
      observations: visit.observations,
      serviceRequests: visit.orders,
      medicationRequests: visit.medications,
      practitioner: practitioner as Practitioner,
      organization: organization as Organization,
      date: day,
    },
    content,
  );
  return { bill, entitlement: entitled(bill.summary.insured) };
}

export function chargesView({ bill, entitlement }: BilledVisit): ChargesView {
  const { summary } = bill;
  return {
    lines: summary.lines.map((line) => ({
      name: line.name,
      quantity: line.quantity,
      unit: line.unit,
      price: line.price,
      total: line.total,
      insurer: line.insurer,
      copay: line.copay,
      own: line.own,
    })),
    total: summary.total,
    insurer: summary.insurer,
    copay: summary.copay,
    own: summary.own,
    level: summary.level,
    reasons: entitlement.reasons.map(({ vi, en }) => ({ vi, en })),
    faults: bill.faults.map((fault) => fault.text),
    notes: entitlement.warnings.map(({ vi, en }) => ({ vi, en })),
  };
}
