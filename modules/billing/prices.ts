/**
 * Price lists: dated content per class of facility (`content/prices/`). Since the Law 15/2023 prices are approved per
 * facility or province, so no price and no class stands in code.
 */
import type { Content, Row } from '../../kernel/content/content.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { Organization } from '../../kernel/fhir/types.ts';
import { type Decimal, decimal } from './decimal.ts';

export interface ServicePrice {
  code: string;
  name: string;
  unit: string;
  /** MA_NHOM. */
  costGroup: string;
  /** DON_GIA_BV. */
  price: Decimal;
  /** DON_GIA_BH. */
  insuredPrice: Decimal;
  /** TYLE_TT_BH for an insured patient, percent. */
  insuredRate: Decimal;
}

export interface MedicinePrice {
  code: string;
  /** MA_NHOM. */
  costGroup: string;
  /** DON_GIA: by purchase invoice. */
  price: Decimal;
  /** TYLE_TT_BH for an insured patient, percent; 0 outside the fund's list. */
  insuredRate: Decimal;
}

export interface PriceBook {
  /** Class of the facility in the price lists, for example `tyt`. */
  priceClass: string;
  /** MA_PTTT of the facility's contract: 1 fee for service, 2 capitation, 3 case group. */
  paymentMethod: string;
  service(code: string): ServicePrice | null;
  medicine(code: string): MedicinePrice | null;
  /** Service that a visit of this type is charged as, before anything is ordered; null = no examination fee. */
  examination(visitType: string): string | null;
  /** TYLE_TT_DV of the n-th examination of one visit (1-based), percent. */
  examinationRate(ordinal: number): Decimal;
}

/** The lists in force on a day for a facility. A facility type without a class gives a book that knows no price. */
export function priceBook(content: Content, organization: Organization, date: string): PriceBook {
  const own = facilityClassOf(content, organization, date);
  const priceClass = own?.price_class ?? '';
  const find = (table: string, code: string) =>
    newest(content.inForce(table, date).filter((row) => row.price_class === priceClass && row.code === code));
  return {
    priceClass,
    paymentMethod: own?.payment_method ?? '1',
    service: (code) => servicePrice(find('prices/services', code)),
    medicine: (code) => medicinePrice(find('prices/medicines', code)),
    examination: (visitType) =>
      content
        .inForce('prices/examinations', date)
        .find((row) => row.price_class === priceClass && row.visit_type === visitType)?.service_code ?? null,
    examinationRate: (ordinal) => {
      const steps = content.inForce('prices/examination-rates', date);
      return decimal(
        steps.find((row) => Number(row.from) <= ordinal && ordinal <= Number(row.to))?.rate_percent ?? 100,
      );
    },
  };
}

/** A province's new price begins while the one that the program came with has no end: what began last counts. */
const newest = (rows: readonly Row[]): Row | undefined =>
  rows.reduce<Row | undefined>(
    (last, row) => (last === undefined || (row.valid_from ?? '') > (last.valid_from ?? '') ? row : last),
    undefined,
  );

/** The row of `prices/facility-classes` that a facility falls under on a day. */
export function facilityClassOf(content: Content, organization: Organization, date: string): Row | undefined {
  const type = organization.type
    ?.flatMap((each) => each.coding ?? [])
    .find((each) => each.system === cs.facilityType);
  return content.inForce('prices/facility-classes', date).find((row) => row.facility_type === type?.code);
}

function servicePrice(row: Row | undefined): ServicePrice | null {
  if (!row) return null;
  return {
    code: row.code ?? '',
    name: row.name ?? '',
    unit: row.unit ?? '',
    costGroup: row.cost_group ?? '',
    price: decimal(row.price ?? ''),
    insuredPrice: decimal(row.insured_price ?? ''),
    insuredRate: decimal(row.insured_rate ?? ''),
  };
}

function medicinePrice(row: Row | undefined): MedicinePrice | null {
  if (!row) return null;
  return {
    code: row.code ?? '',
    costGroup: row.cost_group ?? '',
    price: decimal(row.price ?? ''),
    insuredRate: decimal(row.insured_rate ?? ''),
  };
}
