/** A dose that the patient pays for, as FHIR: an Appointment that holds it, an Invoice that says what it costs. Pure. */
import type { Appointment, Invoice, InvoiceLineItem } from '../../../kernel/fhir/types.ts';
import { organizationOf, patientRef, performerOf, type Writing } from '../write.ts';

/** Kind of the Appointment and the Invoice. */
export const PAID = { system: 'http://yba.vn/fhir/cs/dich-vu', code: 'tiem-dich-vu' } as const;
/** Number of a bill. */
const BILL = 'http://yba.vn/fhir/sid/phieu-thu';
/** How it was paid: `content/prices/payment-methods.csv`. */
const METHOD = 'http://yba.vn/fhir/cs/hinh-thuc-thu';
/** Of which package of `content/prices/vaccine-packages.csv` a discount is. */
const PACKAGE = 'http://yba.vn/fhir/cs/goi-tiem';
/** Money given back. */
const REFUND = 'http://yba.vn/fhir/cs/hoan-tien';

/** A dose that is sold; đồng. */
export interface SoldDose {
  /** `system|code`. */
  product: string;
  name: string;
  price: number;
  fee: number;
}

export interface Sale {
  number: string;
  doses: readonly SoldDose[];
  /** Null = each by its own price. */
  package: { code: string; title: string; price: number } | null;
}

const dong = (value: number) => ({ value, currency: 'VND' as const });

/** Đồng that a sale comes to. */
export function totalOf({ doses, package: bought }: Pick<Sale, 'doses' | 'package'>): number {
  return bought?.price ?? doses.reduce((all, { price, fee }) => all + price + fee, 0);
}

export function invoiceOf({ actor, now }: Writing, id: string, patient: string, sale: Sale): Invoice {
  const total = totalOf(sale);
  const listed = totalOf({ doses: sale.doses, package: null });
  return {
    resourceType: 'Invoice',
    id,
    identifier: [{ system: BILL, value: sale.number }],
    status: 'issued',
    type: { coding: [PAID], text: 'Tiêm chủng dịch vụ' },
    subject: patientRef(patient),
    date: now,
    issuer: organizationOf(actor),
    participant: [{ actor: organizationOf(actor) }, { actor: performerOf(actor) }],
    lineItem: sale.doses.map(lineOf),
    ...(sale.package === null
      ? {}
      : {
          totalPriceComponent: [
            {
              type: 'discount' as const,
              code: { coding: [{ system: PACKAGE, code: sale.package.code }], text: sale.package.title },
              amount: dong(total - listed),
            },
          ],
        }),
    totalNet: dong(total),
    totalGross: dong(total),
  };
}

function lineOf({ product, name, price, fee }: SoldDose, at: number): InvoiceLineItem {
  const [system = '', code = ''] = product.split('|');
  return {
    sequence: at + 1,
    chargeItemCodeableConcept: { coding: [{ system, code }], text: name },
    priceComponent: [
      { type: 'base', code: { text: 'Vắc xin' }, amount: dong(price) },
      { type: 'surcharge', code: { text: 'Khám sàng lọc, tiêm, theo dõi' }, amount: dong(fee) },
    ],
  };
}

/** The bill after the money was taken. */
export function paidInvoice(
  { actor, now }: Writing,
  invoice: Invoice,
  method: { code: string; title: string },
): Invoice {
  return {
    ...invoice,
    status: 'balanced',
    participant: [
      ...(invoice.participant ?? []),
      {
        role: { coding: [{ system: METHOD, code: method.code }], text: `Thu tiền: ${method.title}` },
        actor: performerOf(actor),
      },
    ],
    note: [...(invoice.note ?? []), { text: `Đã thu tiền: ${method.title}`, time: now }],
  };
}

/** The bill that is void; of one that was paid the money goes back whole. */
export function voidInvoice({ actor, now }: Writing, invoice: Invoice, why: string): Invoice {
  const isPaid = invoice.status === 'balanced';
  return {
    ...invoice,
    status: 'cancelled',
    cancelledReason: why,
    ...(isPaid
      ? {
          participant: [
            ...(invoice.participant ?? []),
            {
              role: { coding: [{ system: REFUND, code: 'hoan-toan-bo' }], text: 'Hoàn tiền' },
              actor: performerOf(actor),
            },
          ],
          note: [...(invoice.note ?? []), { text: `Đã hoàn tiền: ${why}`, time: now }],
        }
      : {}),
  };
}

const PART = 'hoan-mot-phan';

/** A line whose money went back. */
export const isRefunded = ({ priceComponent = [] }: InvoiceLineItem): boolean =>
  priceComponent.some(({ code }) => code?.coding?.some((one) => one.system === REFUND && one.code === PART));

export const productOfLine = ({ chargeItemCodeableConcept: what }: InvoiceLineItem): string =>
  `${what?.coding?.[0]?.system ?? ''}|${what?.coding?.[0]?.code ?? ''}`;

/** The bill of which some lines were not given: it comes to what is kept. @param amount đồng that go back for all of the lines */
export function refundedInvoice(
  { actor, now }: Writing,
  invoice: Invoice,
  lines: readonly number[],
  amount: number,
  why: string,
): Invoice {
  const code = { coding: [{ system: REFUND, code: PART }], text: 'Hoàn tiền mũi chưa tiêm' };
  const kept = dong((invoice.totalNet?.value ?? 0) - amount);
  return {
    ...invoice,
    lineItem: (invoice.lineItem ?? []).map((line, at) =>
      lines.includes(at)
        ? {
            ...line,
            priceComponent: [...(line.priceComponent ?? []), { type: 'informational' as const, code }],
          }
        : line,
    ),
    totalPriceComponent: [
      ...(invoice.totalPriceComponent ?? []),
      { type: 'deduction' as const, code, amount: dong(-amount) },
    ],
    totalNet: kept,
    totalGross: kept,
    participant: [
      ...(invoice.participant ?? []),
      { role: { coding: [{ system: REFUND, code: PART }], text: 'Hoàn tiền' }, actor: performerOf(actor) },
    ],
    note: [
      ...(invoice.note ?? []),
      { text: `Đã hoàn ${amount.toLocaleString('vi-VN')} ₫: ${why}`, time: now },
    ],
  };
}

export interface Booking {
  product: string;
  name: string;
  /** Instant; whole minutes. */
  start: string;
  end: string;
}

/** @param location of the unit: by it the Appointment belongs to the unit */
export function appointmentOf(
  { now }: Writing,
  { id, patient, invoice, location }: { id: string; patient: string; invoice: string; location: string },
  { product, name, start, end }: Booking,
): Appointment {
  const [system = '', code = ''] = product.split('|');
  return {
    resourceType: 'Appointment',
    id,
    status: 'booked',
    serviceCategory: [{ coding: [PAID], text: 'Tiêm chủng dịch vụ' }],
    serviceType: [{ coding: [{ system, code }], text: name }],
    description: name,
    start,
    end,
    created: now,
    supportingInformation: [{ reference: `Invoice/${invoice}` }],
    participant: [
      { actor: patientRef(patient), status: 'accepted' },
      { actor: { reference: `Location/${location}` }, status: 'accepted' },
    ],
  };
}

/** A line of `programmes.reservation`, less its unit. */
export interface Reserved {
  appointment: string;
  patient: string;
  product: string;
  bill: string;
  location: string;
  starts: string;
  state: 'booked' | 'fulfilled' | 'cancelled';
}

const isPaidService = (concepts: readonly { coding?: { system?: string; code?: string }[] }[] | undefined) =>
  (concepts ?? []).some(({ coding = [] }) =>
    coding.some(({ system, code }) => system === PAID.system && code === PAID.code),
  );

const idIn = (references: readonly ({ reference?: string } | undefined)[], type: string) =>
  references.find((one) => one?.reference?.startsWith(`${type}/`))?.reference?.slice(type.length + 1) ?? '';

/** Null for an Appointment of another kind. Who did not come or is written wrongly holds nothing. */
export function reservedIn(appointment: Appointment): Reserved | null {
  const { id, status, serviceCategory, serviceType, supportingInformation, participant, start } = appointment;
  const coding = serviceType?.[0]?.coding?.[0];
  if (!isPaidService(serviceCategory) || !id || !start || !coding?.code) return null;
  const actors = (participant ?? []).map(({ actor }) => actor);
  return {
    appointment: id,
    patient: idIn(actors, 'Patient'),
    product: `${coding.system ?? ''}|${coding.code}`,
    bill: idIn(supportingInformation ?? [], 'Invoice'),
    location: idIn(actors, 'Location'),
    starts: start,
    state: status === 'fulfilled' ? 'fulfilled' : BOOKED.has(status) ? 'booked' : 'cancelled',
  };
}

const BOOKED = new Set<Appointment['status']>(['booked', 'arrived', 'checked-in', 'pending', 'waitlist']);

/** A line of `programmes.bill`. */
export interface Billed {
  invoice: string;
  unit: string;
  patient: string;
  number: string;
  total: number;
  state: string;
  issued: string;
  doses: { product: string; name: string }[];
}

/** Null for an Invoice of another kind. */
export function billedIn(invoice: Invoice): Billed | null {
  const { id, status, type, subject, issuer, identifier, totalNet, date = '', lineItem = [] } = invoice;
  if (!id || !type || !isPaidService([type])) return null;
  return {
    invoice: id,
    unit: idIn([issuer], 'Organization'),
    patient: idIn([subject], 'Patient'),
    number: identifier?.find(({ system }) => system === BILL)?.value ?? '',
    total: totalNet?.value ?? 0,
    state: status === 'entered-in-error' ? 'cancelled' : status,
    issued: date.slice(0, 10),
    doses: lineItem
      .filter((line) => !isRefunded(line))
      .map((line) => ({
        product: productOfLine(line),
        name: line.chargeItemCodeableConcept?.text ?? '',
      })),
  };
}
