/**
 * The bill as FHIR: one ChargeItem a line, one Claim a visit whose items stand in the same order. The money fields of
 * the insurance tables ride on Claim.item and Claim as one extension each (README.md of this room lists them).
 */
import { cs, ext, sid } from '../../kernel/fhir/systems.ts';
import type {
  ChargeItem,
  Claim,
  ClaimItem,
  Coverage,
  Extension,
  Reference,
} from '../../kernel/fhir/types.ts';
import { referenceTo } from './bill-lines.ts';
import type { PricedLine } from './bill-visit.ts';
import { add, type Decimal, decimal, toNumber, ZERO } from './decimal.ts';
import type { VisitFacts } from './facts.ts';
import type { LineAmounts } from './line-amounts.ts';
import type { VisitAmounts } from './visit-amounts.ts';

/** MA_LK of a visit: the identifier that reception gave; never changed on re-send. */
export function episodeOf(encounter: VisitFacts['encounter']): string {
  return encounter.identifier?.find((each) => each.system === sid.episode)?.value ?? encounter.id ?? '';
}

export function chargeItems(facts: VisitFacts, lines: readonly PricedLine[]): ChargeItem[] {
  const episode = episodeOf(facts.encounter);
  return lines.map((line) => ({
    resourceType: 'ChargeItem',
    ...label(facts),
    identifier: [{ system: sid.chargeLine, value: `${episode}.${line.number}` }],
    status: line.amounts ? 'billable' : 'planned',
    code: {
      coding: [
        ...productCoding(line),
        ...(line.costGroup ? [{ system: cs.costGroup, code: line.costGroup }] : []),
      ],
      text: line.name,
    },
    subject: { reference: referenceTo(facts, facts.patient) },
    context: { reference: referenceTo(facts, facts.encounter) },
    ...(facts.encounter.period?.end ? { occurrenceDateTime: facts.encounter.period.end } : {}),
    performer: [{ actor: { reference: referenceTo(facts, facts.practitioner) } }],
    performingOrganization: { reference: referenceTo(facts, facts.organization) },
    quantity: { value: toNumber(line.quantity), ...(line.unit ? { unit: line.unit } : {}) },
    ...(line.price ? { priceOverride: dong(line.price) } : {}),
    ...(line.request ? { supportingInformation: [{ reference: referenceTo(facts, line.request) }] } : {}),
  }));
}

export function claimOf(facts: VisitFacts, lines: readonly PricedLine[], amounts: VisitAmounts): Claim {
  return {
    resourceType: 'Claim',
    ...label(facts),
    extension: [visitMoney(amounts)],
    identifier: [{ system: sid.episode, value: episodeOf(facts.encounter) }],
    status: 'active',
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/claim-type', code: 'institutional' }] },
    use: 'claim',
    patient: { reference: referenceTo(facts, facts.patient) },
    ...(facts.encounter.period ? { billablePeriod: facts.encounter.period } : {}),
    created: facts.encounter.period?.end ?? facts.date,
    provider: { reference: referenceTo(facts, facts.organization) },
    priority: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/processpriority', code: 'normal' }],
    },
    ...(facts.conditions.length > 0
      ? {
          diagnosis: facts.conditions.map((each, at) => ({
            sequence: at + 1,
            diagnosisReference: { reference: referenceTo(facts, each) },
          })),
        }
      : {}),
    insurance: [{ sequence: 1, focal: true, coverage: coverageOf(facts) }],
    ...(lines.length > 0 ? { item: lines.map((line) => claimItem(facts, line)) } : {}),
    total: dong(amounts.total),
  };
}

function claimItem(facts: VisitFacts, line: PricedLine): ClaimItem {
  return {
    ...(line.amounts ? { extension: [lineMoney(line, line.amounts)] } : {}),
    sequence: line.number,
    productOrService: { ...(line.code ? { coding: productCoding(line) } : {}), text: line.name },
    quantity: { value: toNumber(line.quantity), ...(line.unit ? { unit: line.unit } : {}) },
    ...(line.price ? { unitPrice: dong(line.price) } : {}),
    ...(line.amounts ? { net: dong(line.amounts.total) } : {}),
    encounter: [{ reference: referenceTo(facts, facts.encounter) }],
  };
}

/** Nothing is coded when the facility's list has no code for it; the text still says what it was. */
function productCoding(line: PricedLine): { system: string; code: string; display: string }[] {
  if (line.code === '') return [];
  return [{ system: line.table === 'XML2' ? cs.medicine : cs.service, code: line.code, display: line.name }];
}

/** A visit without insurance still has one entry (Claim.insurance is 1..*): the patient pays. */
function coverageOf(facts: VisitFacts): Reference<Coverage> {
  if (!facts.coverage || !facts.entitlement.insured) return { display: 'Người bệnh tự trả' };
  const version = facts.coverage.meta?.versionId;
  return {
    ...(version ? { extension: [{ url: ext.billedVersion, valueString: version }] } : {}),
    reference: referenceTo(facts, facts.coverage),
  };
}

/** Sub-extension names are the field names of tables 2 and 3 in lower case with dashes. */
function lineMoney(line: PricedLine, amounts: LineAmounts): Extension {
  const service = line.table === 'XML3';
  return {
    url: ext.lineMoney,
    extension: [
      { url: 'bang', valueCode: line.table },
      { url: 'ma-nhom', valueCode: line.costGroup },
      { url: 'pham-vi', valueCode: line.scope },
      ...numbers({
        ...(service ? { 'don-gia-bh': line.insuredPrice, 'tyle-tt-dv': line.serviceRate } : {}),
        'tyle-tt-bh': line.insuredRate,
        'muc-huong': line.level,
        'thanh-tien-bv': amounts.total,
        'thanh-tien-bh': amounts.insured,
        ...sourcesOf(amounts),
        't-bhtt': amounts.fund,
      }),
      { url: 'ma-pttt', valueCode: line.paymentMethod },
    ],
  };
}

function visitMoney(amounts: VisitAmounts): Extension {
  return {
    url: ext.visitMoney,
    extension: numbers({
      't-thuoc': amounts.drugs,
      't-vtyt': amounts.supplies,
      't-tongchi-bv': amounts.total,
      't-tongchi-bh': amounts.insured,
      ...sourcesOf(amounts),
      't-bhtt': amounts.fundAsPrinted,
      't-bhtt-gdv': amounts.fundByService,
    }),
  };
}

/** What others than the fund pay, of a line or of the visit. */
function sourcesOf(amounts: {
  otherSources: Decimal;
  own: Decimal;
  copay: Decimal;
}): Record<string, Decimal> {
  return { 't-nguonkhac': amounts.otherSources, 't-bntt': amounts.own, 't-bncct': amounts.copay };
}

function numbers(values: Record<string, Decimal>): Extension[] {
  return Object.entries(values).map(([url, value]) => ({ url, valueDecimal: toNumber(value) }));
}

function dong(value: Decimal): { value: number; currency: 'VND' } {
  return { value: toNumber(value), currency: 'VND' };
}

/** Test data stays marked as test data in everything that is derived from it. */
function label(facts: VisitFacts): {
  meta?: { security: NonNullable<NonNullable<Claim['meta']>['security']> };
} {
  const security = facts.encounter.meta?.security;
  return security && security.length > 0 ? { meta: { security } } : {};
}

/** One decimal field of a money extension, or null when it is not there. */
export function moneyField(
  holder: { extension?: Extension[] } | undefined,
  url: string,
  field: string,
): Decimal | null {
  const value = moneyPart(holder, url, field)?.valueDecimal;
  return value === undefined ? null : decimal(value);
}

/** One code of a money extension (`bang`, `ma-nhom`, `pham-vi`, `ma-pttt`), or ''. */
export function moneyCode(
  holder: { extension?: Extension[] } | undefined,
  url: string,
  field: string,
): string {
  return moneyPart(holder, url, field)?.valueCode ?? '';
}

function moneyPart(
  holder: { extension?: Extension[] } | undefined,
  url: string,
  field: string,
): Extension | undefined {
  return holder?.extension?.find((each) => each.url === url)?.extension?.find((each) => each.url === field);
}

/** What patient and fund owe of a recorded Claim; screens and papers read the shares from here. */
export function sharesOf(claim: Claim): { total: Decimal; insurer: Decimal; copay: Decimal; own: Decimal } {
  const field = (name: string) => moneyField(claim, ext.visitMoney, name) ?? ZERO;
  const insurer = add(
    ZERO,
    ...(claim.item ?? []).map((item) => moneyField(item, ext.lineMoney, 't-bhtt') ?? ZERO),
  );
  return { total: field('t-tongchi-bv'), insurer, copay: field('t-bncct'), own: field('t-bntt') };
}
