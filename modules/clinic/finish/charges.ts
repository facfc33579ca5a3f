/** The bill of a visit: its facts gathered for modules/billing and modules/insurance, and the answer for screens. */

import type { Content } from '../../../kernel/content/content.ts';
import { ext } from '../../../kernel/fhir/systems.ts';
import type { Coverage, Encounter, Organization, Practitioner } from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import { type Bill, billVisit } from '../../billing/index.ts';
import { coverageFacts, type Entitlement, entitlementOn } from '../../insurance/index.ts';
import { diagnosesOf } from '../consultation/diagnoses.ts';
import type { ChargesView } from '../contract.ts';
import { attendingOf, extensionOf, idOf } from '../text.ts';
import type { Visit } from '../visit/visit.ts';

export interface BilledVisit {
  bill: Bill;
  entitlement: Entitlement;
}

/** The card that holds on a day, the one that lasts longest when there are several. */
export function coverageOn(coverages: Coverage[], day: string): Coverage | undefined {
  return coverages
    .filter((one) => one.status === 'active')
    .filter(
      (one) =>
        (one.period?.start ?? '').slice(0, 10) <= day && day <= (one.period?.end ?? '9999').slice(0, 10),
    )
    .sort((a, b) => (b.period?.end ?? '9999').localeCompare(a.period?.end ?? '9999'))[0];
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
  const day = (encounter.period?.start ?? '').slice(0, 10);
  const [organization, practitioner] = await Promise.all([
    session.read('Organization', idOf(encounter.serviceProvider)),
    session.read('Practitioner', attendingOf(encounter)?.id ?? doctor),
  ]);
  const coverage = coverageOn(visit.coverages, day);
  const entitlement = entitlementOn(
    coverage ? coverageFacts(coverage) : null,
    {
      category: categoryOf(encounter),
      setting: 'outpatient',
      arrivedOn: day,
      insuredTotal: null,
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
      entitlement,
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
  return { bill, entitlement };
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
