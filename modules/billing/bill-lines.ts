/** From the facts of a visit to the lines of its bill: what is charged, at which price, in which table. Pure. */
import { cs } from '../../kernel/fhir/systems.ts';
import type {
  CodeableConcept,
  MedicationRequest,
  Resource,
  ServiceRequest,
} from '../../kernel/fhir/types.ts';
import { type Decimal, decimal, ZERO } from './decimal.ts';
import type { VisitFacts } from './facts.ts';
import type { LineTable } from './line-amounts.ts';
import type { PriceBook } from './prices.ts';

/** Something that keeps a line, or the visit, from being billed rightly. Shown to the person, never swallowed. */
export interface BillFault {
  code: 'price-missing' | 'quantity-missing' | 'code-missing' | 'not-performed';
  /** Vietnamese sentence: what is missing and who puts it right. */
  text: string;
  /** Name of the service or medicine. */
  item: string;
}

export interface BillLine {
  /** 1-based, in the order of the bill. */
  number: number;
  table: LineTable;
  kind: 'examination' | 'service' | 'medicine';
  code: string;
  name: string;
  unit: string;
  /** MA_NHOM. */
  costGroup: string;
  /** PHAM_VI. */
  scope: '1' | '2';
  quantity: Decimal;
  /** DON_GIA / DON_GIA_BV; null when the price list has none: the line stands, unpriced, with its fault. */
  price: Decimal | null;
  insuredPrice: Decimal;
  serviceRate: Decimal;
  insuredRate: Decimal;
  /** MA_PTTT. */
  paymentMethod: string;
  /** The request that the line comes from; the examination has none. */
  request: ServiceRequest | MedicationRequest | null;
}

const NOT_BILLED = new Set(['draft', 'cancelled', 'stopped', 'revoked', 'entered-in-error']);

/** Examination first, then services in the order of their requests, then medicines. */
export function billLines(facts: VisitFacts, prices: PriceBook): { lines: BillLine[]; faults: BillFault[] } {
  const faults: BillFault[] = [];
  const drafts: Omit<BillLine, 'number'>[] = [
    ...examinationLine(facts, prices, faults),
    ...facts.serviceRequests.flatMap((request) => serviceLine(request, facts, prices, faults)),
    ...facts.medicationRequests.flatMap((request) => medicineLine(request, facts, prices, faults)),
  ];
  const lines = drafts.map((line, at) => ({ ...line, number: at + 1 }));
  setExaminationRates(lines, prices);
  return { lines, faults };
}

type Draft = Omit<BillLine, 'number'>;

function examinationLine(facts: VisitFacts, prices: PriceBook, faults: BillFault[]): Draft[] {
  const visitType = codeOf(facts.encounter.type?.[0], cs.visitType) ?? '';
  const code = prices.examination(visitType);
  if (!code) return [];
  return [pricedService(code, 'Khám bệnh', 'examination', decimal(1), null, facts, prices, faults)];
}

function serviceLine(
  request: ServiceRequest,
  facts: VisitFacts,
  prices: PriceBook,
  faults: BillFault[],
): Draft[] {
  if (NOT_BILLED.has(request.status ?? '')) return [];
  const name = nameOf(request.code) ?? 'dịch vụ';
  if (!isPerformed(request, facts)) {
    faults.push({
      code: 'not-performed',
      item: name,
      text: `Chỉ định “${name}” chưa có kết quả nên chưa tính tiền: nhập kết quả hoặc hủy chỉ định.`,
    });
    return [];
  }
  const code = codeOf(request.code, cs.service) ?? '';
  if (code === '') faults.push(codeMissing(name, 'mã dịch vụ kỹ thuật'));
  const quantity = decimal(request.quantityQuantity?.value ?? 1);
  if (quantity.digits <= 0n) {
    faults.push(quantityWrong(name, 'mở chỉ định và ghi số lượng'));
    return [];
  }
  return [pricedService(code, name, 'service', quantity, request, facts, prices, faults)];
}

function pricedService(
  code: string,
  name: string,
  kind: 'examination' | 'service',
  quantity: Decimal,
  request: ServiceRequest | null,
  facts: VisitFacts,
  prices: PriceBook,
  faults: BillFault[],
): Draft {
  const price = prices.service(code);
  if (!price && code !== '') faults.push(priceMissing(name, code, facts));
  const insured = facts.entitlement.insured && price !== null && price.insuredRate.digits > 0n;
  return {
    table: 'XML3',
    kind,
    code,
    name: price?.name || name,
    unit: price?.unit ?? '',
    costGroup: price?.costGroup ?? '',
    scope: insured ? '1' : '2',
    quantity,
    price: price?.price ?? null,
    insuredPrice: insured ? price.insuredPrice : ZERO,
    serviceRate: decimal(100),
    insuredRate: insured ? price.insuredRate : ZERO,
    paymentMethod: prices.paymentMethod,
    request,
  };
}

function medicineLine(
  request: MedicationRequest,
  facts: VisitFacts,
  prices: PriceBook,
  faults: BillFault[],
): Draft[] {
  if (NOT_BILLED.has(request.status ?? '')) return [];
  const name = nameOf(request.medicationCodeableConcept) ?? 'thuốc';
  const code = codeOf(request.medicationCodeableConcept, cs.medicine) ?? '';
  if (code === '') faults.push(codeMissing(name, 'mã thuốc của cơ sở'));
  const price = prices.medicine(code);
  if (!price && code !== '') faults.push(priceMissing(name, code, facts));
  const quantity = request.dispenseRequest?.quantity;
  const amount = decimal(Math.max(0, quantity?.value ?? 0));
  if (amount.digits === 0n) faults.push(quantityWrong(name, 'mở đơn thuốc và ghi số lượng'));
  const insured = facts.entitlement.insured && price !== null && price.insuredRate.digits > 0n;
  return [
    {
      table: 'XML2',
      kind: 'medicine',
      code,
      name,
      unit: quantity?.unit ?? '',
      costGroup: price?.costGroup ?? '4',
      scope: insured ? '1' : '2',
      quantity: amount,
      price: price?.price ?? null,
      insuredPrice: price?.price ?? ZERO,
      serviceRate: decimal(100),
      insuredRate: insured ? price.insuredRate : ZERO,
      paymentMethod: prices.paymentMethod,
      request,
    },
  ];
}

/** Examination 1st 100 %, 2nd–4th 30 %, 5th 10 %, from the 6th 0 (TYLE_TT_DV, Decision 4750). */
function setExaminationRates(lines: BillLine[], prices: PriceBook): void {
  const group = lines.find((line) => line.kind === 'examination')?.costGroup;
  if (!group) return;
  let ordinal = 0;
  for (const line of lines) {
    if (line.table !== 'XML3' || line.costGroup !== group) continue;
    ordinal += 1;
    line.serviceRate = prices.examinationRate(ordinal);
  }
}

/** A laboratory order is charged when it was done: completed, or with a result in hand. */
function isPerformed(request: ServiceRequest, facts: VisitFacts): boolean {
  if (request.status === 'completed') return true;
  const reference = referenceTo(facts, request);
  return facts.observations.some((each) => each.basedOn?.some((basis) => basis.reference === reference));
}

export function referenceTo(facts: VisitFacts, resource: Resource): string {
  return facts.referenceTo?.(resource) ?? `${resource.resourceType}/${resource.id}`;
}

export function codeOf(concept: CodeableConcept | undefined, system: string): string | undefined {
  return concept?.coding?.find((each) => each.system === system)?.code;
}

function nameOf(concept: CodeableConcept | undefined): string | undefined {
  return concept?.text ?? concept?.coding?.find((each) => each.display)?.display;
}

function quantityWrong(name: string, remedy: string): BillFault {
  return { code: 'quantity-missing', item: name, text: `“${name}” chưa có số lượng lớn hơn 0: ${remedy}.` };
}

function codeMissing(name: string, what: string): BillFault {
  return {
    code: 'code-missing',
    item: name,
    text: `“${name}” chưa có ${what}: chọn lại từ danh mục của cơ sở.`,
  };
}

function priceMissing(name: string, code: string, facts: VisitFacts): BillFault {
  const day = facts.date.split('-').reverse().join('/');
  return {
    code: 'price-missing',
    item: name,
    text: `“${name}” (${code}) không có trong bảng giá của cơ sở ngày ${day}: bổ sung giá rồi tính lại lượt khám.`,
  };
}
