/** Doses that the patient pays for, /api/programmes/paid…: prices, times, reservations, bills. Giving one is the route of every dose. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { catalogueOn, programmesOn } from '../../../engines/programmes/index.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Appointment, Invoice, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { addDays } from '../../../kernel/text/vietnam-time.ts';
import {
  type Body,
  dayIn,
  LONGEST_TEXT,
  memberOfUnit,
  pageOf,
  reasonOf,
  refusal,
  SELLERS,
  textOf,
  todayOf,
  writingOf,
} from '../asking.ts';
import { TOPIC } from '../follow.ts';
import { givesDoses } from '../session-routes.ts';
import type { Writing } from '../write.ts';
import { freeDoses, PAID_LISTS, type PaidRow, paidRows } from './queries.ts';
import { refundableOf, refundRest } from './refund.ts';
import { billedIn, paidInvoice, reservedIn, voidInvoice } from './resources.ts';
import { moveTo, type Order, putAll, sell, shopOf, timesOn, versionOf } from './sell.ts';

interface Ask {
  Params: { id: string };
  Querystring: Record<string, string | undefined>;
  Body: Body | undefined;
}

const PAGE = 50;
/** Doses of one visit. */
const MOST_AT_ONCE = 10;
const LONGEST_AHEAD_DAYS = 366;

/** A line of the price list. */
export interface PriceRow {
  product: string;
  name: string;
  /** Đồng. */
  price: number;
  fee: number;
  /** Doses that may still be promised for today. */
  free: number;
}

export interface PackageRow {
  code: string;
  title: string;
  titleEn: string;
  price: number;
  /** Đồng that its doses cost one by one. */
  listed: number;
  doses: { product: string; name: string; count: number }[];
}

export interface PaidListRow extends PaidRow {
  vaccine: string;
  /** Programme in whose screen the dose is written. */
  programme: string;
}

export function paidRoutes(app: FastifyInstance, kernel: Kernel): void {
  readingRoutes(app, kernel);
  reservationRoutes(app, kernel);
  billRoutes(app, kernel);
  refundRoute(app, kernel);
}

function readingRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/paid/prices', async (request) => {
    const writing = sellingOf(kernel, request);
    const { unit, prices } = await shopOf(kernel, writing);
    const free = await freeDoses(kernel.pool, unit, writing.day, writing.day);
    const catalogue = catalogueOn(kernel.content, writing.day);
    const nameOf = (product: string) => catalogue.get(product)?.name ?? product;
    const costOf = (product: string) => {
      const found = prices.doses.find((one) => one.product === product)!;
      return found.price + found.fee;
    };
    return {
      rows: prices.doses.map(
        (one): PriceRow => ({
          ...one,
          name: nameOf(one.product),
          free: free.get(one.product) ?? 0,
        }),
      ),
      packages: prices.packages.map(
        (one): PackageRow => ({
          ...one,
          listed: one.doses.reduce((all, { product, count }) => all + count * costOf(product), 0),
          doses: one.doses.map((dose) => ({ ...dose, name: nameOf(dose.product) })),
        }),
      ),
      methods: methodsOn(kernel),
    };
  });

  app.get<Ask>('/api/programmes/paid/times', async (request) => {
    const writing = sellingOf(kernel, request);
    const day = dayAhead(request.query.day ?? writing.day, writing.day);
    return { day, rows: await timesOn(kernel, await shopOf(kernel, writing), day) };
  });

  app.get<Ask>('/api/programmes/paid/reservations', async (request) => {
    const { unit } = memberOfUnit(kernel, request, SELLERS);
    const list = PAID_LISTS.find((one) => one === (request.query.list ?? 'today'));
    if (!list) throw refusal('list', 'Danh sách này không có.', `list is one of ${PAID_LISTS.join(', ')}.`);
    const page = pageOf(request.query.cursor);
    const text = (request.query.q ?? '').slice(0, LONGEST_TEXT).trim();
    const asked = { unit, list, text, today: todayOf(kernel) };
    const found = await paidRows(kernel.pool, asked, { first: page * PAGE, count: PAGE });
    const rows = await seenRows(kernel, kernel.gate.session(request) as FhirSession, found.rows);
    return {
      rows,
      // How many there are of one name would say of somebody who is not shown that he is in.
      ...(text === '' ? { total: found.total } : {}),
      ...(found.total > (page + 1) * PAGE ? { next: String(page + 1) } : {}),
    };
  });
}

const sellingOf = (kernel: Kernel, request: FastifyRequest) => writingOf(kernel, request, SELLERS);

function methodsOn(kernel: Kernel): { code: string; title: string; titleEn: string }[] {
  return kernel.content
    .inForce('prices/payment-methods', todayOf(kernel))
    .map(({ code = '', title = '', title_en = '' }) => ({ code, title, titleEn: title_en }));
}

function dayAhead(text: string, today: string): string {
  const day = dayIn(text, 'day');
  if (day >= today && day <= addDays(today, LONGEST_AHEAD_DAYS)) return day;
  throw refusal(
    'day',
    'Chỉ đặt lịch từ hôm nay đến một năm sau.',
    'A day from today to a year ahead can be asked for.',
  );
}

/** Of the rows those whose Appointment or Invoice the reader may read, as policy and consent have it. */
async function seenRows(
  kernel: Kernel,
  session: FhirSession,
  rows: readonly PaidRow[],
): Promise<PaidListRow[]> {
  const records = await session.recordsAmong(
    [...new Set(rows.map(({ patient }) => patient))],
    ['Patient', 'Appointment', 'Invoice'],
  );
  const sees = (patient: string, type: string, id: string) =>
    (records.get(patient) ?? []).some((one: Resource) => one.resourceType === type && one.id === id);
  const shown = rows.filter(
    ({ patient, appointment, bill }) =>
      sees(patient, 'Patient', patient) &&
      (appointment === '' || sees(patient, 'Appointment', appointment)) &&
      sees(patient, 'Invoice', bill),
  );
  const catalogue = catalogueOn(kernel.content, todayOf(kernel));
  const open = (await programmesOn(kernel, todayOf(kernel))).filter(
    ({ programme }) => programme.series.length > 0,
  );
  const first = open.find(givesDoses) ?? open[0];
  return shown.map((row) => {
    const components = catalogue.get(row.product)?.components ?? [];
    const found = open.find(({ programme }) =>
      programme.series.some(({ component }) => components.includes(component)),
    );
    return {
      ...row,
      vaccine: catalogue.get(row.product)?.name ?? row.product,
      programme: (found ?? first)?.programme.key ?? '',
    };
  });
}

function reservationRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/paid/reservations', async (request) => {
    const writing = sellingOf(kernel, request);
    const order = readOrder(request.body ?? {});
    await writing.session.read('Patient', order.patient);
    if (order.bill !== '') await readBill(writing.session.read('Invoice', order.bill), order.patient);
    const sold = await sell(kernel, writing, await shopOf(kernel, writing), order);
    return told(kernel, request, sold);
  });

  app.post<Ask>('/api/programmes/paid/reservations/:id/move', async (request) => {
    const writing = sellingOf(kernel, request);
    const appointment = await bookedAppointment(await writing.session.read('Appointment', request.params.id));
    const start = textOf(request.body ?? {}, 'start');
    await moveTo(kernel, writing, await shopOf(kernel, writing), appointment, start);
    return told(kernel, request, { reservation: appointment.id });
  });

  app.post<Ask>('/api/programmes/paid/reservations/:id/cancel', async (request) => {
    const writing = sellingOf(kernel, request);
    const why = reasonOf(request.body ?? {});
    const appointment = await bookedAppointment(await writing.session.read('Appointment', request.params.id));
    const { bill, patient } = reservedIn(appointment)!;
    const invoice = await writing.session.read('Invoice', bill);
    const cancelled: Appointment = { ...appointment, status: 'cancelled', cancelationReason: { text: why } };
    // Of a bill that nobody paid nothing is left when its last dose is cancelled.
    const others = (await appointmentsOf(writing, patient, bill)).filter(
      (one) => one.id !== appointment.id && reservedIn(one)?.state !== 'cancelled',
    );
    const isVoid = invoice.status === 'issued' && others.length === 0;
    await writing.session.transaction(
      putAll([cancelled, ...(isVoid ? [voidInvoice(writing, invoice, why)] : [])]),
    );
    return told(kernel, request, {
      reservation: appointment.id,
      bill: isVoid ? 'cancelled' : invoice.status,
    });
  });
}

function billRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/paid/bills/:id', async (request) => {
    const writing = sellingOf(kernel, request);
    const invoice = await writing.session.read('Invoice', request.params.id);
    const bill = readKind(invoice);
    const appointments = await appointmentsOf(writing, bill.patient, invoice.id!);
    const { amount, given } = refundableOf(kernel, invoice, appointments);
    const totals = invoice.totalPriceComponent ?? [];
    const sumOf = (kind: 'discount' | 'deduction') =>
      totals.reduce((all, one) => all + (one.type === kind ? (one.amount?.value ?? 0) : 0), 0);
    return {
      ...bill,
      lines: (invoice.lineItem ?? []).map((line) => ({
        name: line.chargeItemCodeableConcept?.text ?? '',
        amount: (line.priceComponent ?? []).reduce((all, one) => all + (one.amount?.value ?? 0), 0),
      })),
      discount: sumOf('discount'),
      refunded: -sumOf('deduction'),
      // What would go back now of the doses that were not given.
      refundable: amount,
      given,
      notes: (invoice.note ?? []).map(({ text = '', time = '' }) => ({ text, time })),
    };
  });

  app.post<Ask>('/api/programmes/paid/bills/:id/payment', async (request) => {
    const writing = sellingOf(kernel, request);
    const method = methodsOn(kernel).find(({ code }) => code === request.body?.method);
    if (!method)
      throw refusal(
        'method',
        'Hãy chọn hình thức thu tiền.',
        `method is one of ${methodsOn(kernel).map(({ code }) => code)}.`,
      );
    const invoice = await writing.session.read('Invoice', request.params.id);
    readKind(invoice);
    if (invoice.status !== 'issued')
      throw refusal(
        'bill',
        invoice.status === 'balanced' ? 'Phiếu này đã thu tiền.' : 'Phiếu này đã huỷ.',
        `The bill is ${invoice.status}.`,
      );
    await writing.session.update<Invoice>(paidInvoice(writing, invoice, method), versionOf(invoice));
    return told(kernel, request, { bill: invoice.id });
  });

  app.post<Ask>('/api/programmes/paid/bills/:id/void', async (request) => {
    const writing = sellingOf(kernel, request);
    const why = reasonOf(request.body ?? {});
    const invoice = await writing.session.read('Invoice', request.params.id);
    const { patient, state } = readKind(invoice);
    if (state === 'cancelled') throw refusal('bill', 'Phiếu này đã huỷ.', 'The bill is void already.');
    const appointments = await appointmentsOf(writing, patient, invoice.id!);
    if (appointments.some(({ status }) => status === 'fulfilled'))
      throw refusal(
        'bill',
        'Đã tiêm một mũi của phiếu này nên không huỷ cả phiếu được. Hãy hoàn phần chưa tiêm.',
        'A dose of this bill was given: it cannot be void as a whole.',
      );
    const booked = appointments
      .filter((one) => reservedIn(one)?.state === 'booked')
      .map((one): Appointment => ({ ...one, status: 'cancelled', cancelationReason: { text: why } }));
    await writing.session.transaction(putAll([voidInvoice(writing, invoice, why), ...booked]));
    return told(kernel, request, { bill: invoice.id, refund: state === 'balanced' });
  });
}

function refundRoute(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/paid/bills/:id/refund', async (request) => {
    const writing = sellingOf(kernel, request);
    const why = reasonOf(request.body ?? {});
    const invoice = await writing.session.read('Invoice', request.params.id);
    const { patient } = readKind(invoice);
    const appointments = await appointmentsOf(writing, patient, invoice.id!);
    const refund = await refundRest(kernel, writing, invoice, appointments, why);
    return told(kernel, request, { bill: invoice.id, refund });
  });
}

async function appointmentsOf(
  { session }: Writing,
  patient: string,
  invoice: string,
): Promise<Appointment[]> {
  const { matches } = await session.search('Appointment', [
    ['patient', patient],
    ['supporting-info', `Invoice/${invoice}`],
    ['_count', '100'],
  ]);
  return matches;
}

function readOrder(body: Body): Order {
  const products = body.products ?? [];
  if (
    !Array.isArray(products) ||
    products.length > MOST_AT_ONCE ||
    products.some((one) => typeof one !== 'string' || one === '')
  )
    throw refusal('products', 'Hãy chọn vắc xin.', `products is a list of at most ${MOST_AT_ONCE} codes.`);
  const order = {
    patient: textOf(body, 'patient'),
    products: products as string[],
    start: textOf(body, 'start'),
    package: textOf(body, 'package'),
    bill: textOf(body, 'bill'),
  };
  if (order.patient === '') throw refusal('patient', 'Hãy chọn người được tiêm.', 'patient is missing.');
  // A package may be bought without a time for any of its doses.
  if (order.products.length === 0 && order.package === '')
    throw refusal('products', 'Hãy chọn vắc xin.', 'products is empty.');
  return order;
}

async function readBill(reading: Promise<Invoice>, patient: string): Promise<void> {
  const bill = readKind(await reading);
  if (bill.patient !== patient)
    throw refusal('bill', 'Phiếu thu này của người khác.', 'The bill is of somebody else.');
  if (bill.state !== 'balanced')
    throw refusal('bill', 'Phiếu thu này chưa thu tiền hoặc đã huỷ.', `The bill is ${bill.state}.`);
}

function readKind(invoice: Invoice) {
  const bill = billedIn(invoice);
  if (bill === null)
    throw refusal('bill', 'Đây không phải phiếu thu tiêm dịch vụ.', 'This Invoice is no bill of paid doses.');
  return bill;
}

function bookedAppointment(appointment: Appointment): Appointment {
  const reserved = reservedIn(appointment);
  if (reserved === null)
    throw refusal(
      'reservation',
      'Đây không phải lịch tiêm dịch vụ.',
      'This Appointment is no reservation of a paid dose.',
    );
  if (reserved.state !== 'booked')
    throw refusal(
      'reservation',
      reserved.state === 'fulfilled' ? 'Lịch này đã tiêm rồi.' : 'Lịch này đã huỷ.',
      `The reservation is ${reserved.state}.`,
    );
  return appointment;
}

function told<T>(kernel: Kernel, request: FastifyRequest, answer: T): T {
  const { unit } = memberOfUnit(kernel, request, SELLERS);
  kernel.events.publish(`${TOPIC}/${unit}`, { changed: true });
  return answer;
}
