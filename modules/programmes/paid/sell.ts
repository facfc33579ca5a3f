/** Selling a dose: what is asked is planned against prices, stock and times, held, and then written; what cannot be held is refused. */
import { catalogueOn } from '../../../engines/programmes/index.ts';
import type { Appointment, Bundle, Invoice, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { inTransaction } from '../../../kernel/store/index.ts';
import { vietnamDay, vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { type VaccinePrices, vaccinePrices } from '../../billing/index.ts';
import { refusal } from '../asking.ts';
import type { Writing } from '../write.ts';
import {
  bookedOn,
  dropReservations,
  freeDoses,
  inTurnOf,
  keepReservation,
  nextNumber,
  unusedOf,
} from './queries.ts';
import { appointmentOf, type Booking, invoiceOf, reservedIn, type Sale, type SoldDose } from './resources.ts';
import { type Slot, slotsOn } from './slots.ts';

/** Where a unit sells from, and for how much on the day. */
export interface Shop {
  unit: string;
  /** A Location of the unit: Appointments belong to it. */
  location: string;
  prices: VaccinePrices;
}

/** @throws Failure `business-rule` when the unit has no place in the record */
export async function shopOf(kernel: Kernel, { session, actor, day }: Writing): Promise<Shop> {
  const unit = actor.unit!;
  const organization = await session.read('Organization', unit);
  const { matches } = await session.search('Location', [
    ['organization', `Organization/${unit}`],
    ['_sort', '_id'],
    ['_count', '1'],
  ]);
  const location = matches[0]?.id;
  if (location === undefined)
    throw refusal(
      'unit',
      'Cơ sở chưa khai phòng nào nên chưa đặt lịch được. Hãy báo quản trị khai phòng của cơ sở.',
      'The unit has no Location to which an appointment could belong.',
    );
  return { unit, location, prices: vaccinePrices(kernel.content, organization, day) };
}

/** Times of a day, with the places that are left. */
export async function timesOn(
  kernel: Kernel,
  { unit, prices }: Pick<Shop, 'unit' | 'prices'>,
  day: string,
): Promise<(Slot & { left: number })[]> {
  const slots = slotsOn(kernel.content.inForce('vaccines/paid-hours', day), prices.priceClass, day);
  const booked = await bookedOn(kernel.pool, unit, day);
  return slots.map((slot) => ({
    ...slot,
    left: Math.max(0, slot.people - (booked.get(Date.parse(slot.start)) ?? 0)),
  }));
}

/** What is asked for: doses with a time each, of the price list, of a package, or of a bill that was paid before. */
export interface Order {
  patient: string;
  /** Products that get a time now, and the instant; '' = now, for who stands at the desk. */
  products: readonly string[];
  start: string;
  /** Code of a package; '' = none. */
  package: string;
  /** Invoice of which unused doses are taken; '' = a new bill. */
  bill: string;
}

export interface Sold {
  bill: string;
  reservations: string[];
}

/** @throws Failure `business-rule` that names what is missing: price, dose, time */
export async function sell(kernel: Kernel, writing: Writing, shop: Shop, order: Order): Promise<Sold> {
  const bookings = await bookingsOf(kernel, writing, shop, order);
  const { patient } = order;
  const bill = order.bill || kernel.store.newId('Invoice', patient);
  const appointments = bookings.map((booking) =>
    appointmentOf(
      writing,
      {
        id: kernel.store.newId('Appointment', patient),
        patient,
        invoice: bill,
        location: shop.location,
      },
      booking,
    ),
  );
  const number = await hold(kernel, writing, shop, { ...order, bill }, appointments, order.bill === '');
  const resources: Resource[] = [
    ...(order.bill === ''
      ? [invoiceOf(writing, bill, patient, { number, ...saleOf(kernel, writing, shop, order) })]
      : []),
    ...appointments,
  ];
  try {
    await writing.session.transaction(putAll(resources));
  } catch (error) {
    await inTransaction(kernel.pool, (client) =>
      dropReservations(
        client,
        patient,
        appointments.map(({ id }) => id!),
      ),
    );
    throw error;
  }
  return { bill, reservations: appointments.map(({ id }) => id!) };
}

function saleOf(kernel: Kernel, { day }: Writing, { prices }: Shop, order: Order): Omit<Sale, 'number'> {
  const catalogue = catalogueOn(kernel.content, day);
  const dose = (product: string): SoldDose => {
    const found = prices.doses.find((one) => one.product === product);
    const name = catalogue.get(product)?.name ?? product;
    if (!found)
      throw refusal(
        'products',
        `${name} chưa có giá hôm nay: không bán được.`,
        `${product} has no price today.`,
      );
    return { ...found, name };
  };
  if (order.package === '') return { doses: order.products.map(dose), package: null };
  const bought = prices.packages.find(({ code }) => code === order.package);
  if (!bought)
    throw refusal('package', 'Gói này không còn bán hôm nay.', 'The package is not offered today.');
  const all = bought.doses.flatMap(({ product, count }) =>
    Array.from({ length: count }, () => dose(product)),
  );
  return { doses: all, package: bought };
}

async function bookingsOf(kernel: Kernel, writing: Writing, shop: Shop, order: Order): Promise<Booking[]> {
  const { products, start } = order;
  if (new Set(products).size !== products.length)
    throw refusal(
      'products',
      'Mỗi vắc xin chỉ một mũi một lần hẹn. Mũi sau hẹn ngày khác.',
      'One dose of a vaccine at a time.',
    );
  const offered = order.bill === '' ? saleOf(kernel, writing, shop, order).doses : null;
  for (const product of products)
    if (offered !== null && !offered.some((one) => one.product === product))
      throw refusal('products', 'Vắc xin này không thuộc gói.', 'The package does not hold this vaccine.');
  const slot = start === '' ? nowSlot(kernel) : await slotAt(kernel, shop, start);
  const catalogue = catalogueOn(kernel.content, writing.day);
  return products.map((product) => ({
    product,
    name: catalogue.get(product)?.name ?? product,
    start: slot.start,
    end: slot.end,
  }));
}

const MINUTE_MS = 60_000;
const AT_THE_DESK_MINUTES = 15;

function nowSlot({ settings }: Kernel): Pick<Slot, 'start' | 'end'> {
  const minute = Math.floor(settings.now().getTime() / MINUTE_MS) * MINUTE_MS;
  return {
    start: vietnamInstant(new Date(minute)),
    end: vietnamInstant(new Date(minute + AT_THE_DESK_MINUTES * MINUTE_MS)),
  };
}

/** A time that the unit offers and that is still to come. */
export async function slotAt(kernel: Kernel, shop: Shop, start: string): Promise<Slot> {
  const at = Date.parse(start);
  const day = Number.isNaN(at) ? '' : vietnamDay(new Date(at));
  const slots = day === '' ? [] : await timesOn(kernel, shop, day);
  const found = slots.find((one) => Date.parse(one.start) === at);
  if (!found || Date.parse(found.end) <= kernel.settings.now().getTime())
    throw refusal(
      'start',
      'Giờ này không nằm trong giờ tiêm dịch vụ, hoặc đã qua. Hãy chọn giờ khác.',
      'start is no time that the unit offers.',
    );
  return found;
}

/** Takes the doses and the places, one unit's reservations after the other. @returns number of the new bill; '' when there is none */
async function hold(
  kernel: Kernel,
  { day }: Writing,
  shop: Shop,
  order: Order,
  appointments: readonly Appointment[],
  isNewBill: boolean,
): Promise<string> {
  const rows = appointments.map((one) => reservedIn(one)!);
  return inTransaction(kernel.pool, async (client) => {
    await inTurnOf(client, shop.unit);
    if (!isNewBill) {
      const unused = await unusedOf(client, order.patient, order.bill);
      for (const { product } of rows)
        if ((unused.get(product) ?? 0) < 1)
          throw refusal(
            'products',
            'Phiếu thu này không còn mũi nào như vậy chưa hẹn.',
            'The bill has no such dose left.',
          );
    }
    for (const row of rows) {
      const free = await freeDoses(client, shop.unit, vietnamDay(new Date(row.starts)), day);
      if ((free.get(row.product) ?? 0) < 1)
        throw refusal(
          'products',
          'Kho vắc xin dịch vụ không còn liều nào chưa giữ chỗ cho ngày này. Hãy chọn ngày khác hoặc nhập thêm.',
          'No dose bought to be sold is free for the day.',
        );
      await keepReservation(client, shop.unit, row);
    }
    const [first] = rows;
    if (first && order.start !== '') await refuseFull(kernel, shop, first.starts, client);
    return isNewBill ? nextNumber(client, shop.unit, Number(day.slice(0, 4))) : '';
  });
}

/** Counted after the own rows were written, in the same turn. */
async function refuseFull(
  kernel: Kernel,
  { unit, prices }: Shop,
  starts: string,
  client: import('pg').PoolClient,
): Promise<void> {
  const day = vietnamDay(new Date(starts));
  const at = Date.parse(starts);
  const slot = slotsOn(kernel.content.inForce('vaccines/paid-hours', day), prices.priceClass, day).find(
    (one) => Date.parse(one.start) === at,
  );
  const booked = (await bookedOn(client, unit, day)).get(at) ?? 0;
  if (slot && booked > slot.people)
    throw refusal('start', 'Giờ này đã đủ người. Hãy chọn giờ khác.', 'This time is full.');
}

/** Moves a reservation to another time, in the same turn as those who reserve. @throws Failure as `sell` */
export async function moveTo(
  kernel: Kernel,
  writing: Writing,
  shop: Shop,
  appointment: Appointment,
  start: string,
): Promise<void> {
  const slot = await slotAt(kernel, shop, start);
  const moved: Appointment = { ...appointment, start: slot.start, end: slot.end };
  const [before, after] = [reservedIn(appointment)!, reservedIn(moved)!];
  await inTransaction(kernel.pool, async (client) => {
    await inTurnOf(client, shop.unit);
    // Its own dose is free for itself.
    await dropReservations(client, before.patient, [before.appointment]);
    const free = await freeDoses(client, shop.unit, vietnamDay(new Date(slot.start)), writing.day);
    if ((free.get(after.product) ?? 0) < 1)
      throw refusal(
        'start',
        'Kho vắc xin dịch vụ không còn liều nào chưa giữ chỗ cho ngày này. Hãy chọn ngày khác.',
        'No dose is free for that day.',
      );
    await keepReservation(client, shop.unit, after);
    await refuseFull(kernel, shop, slot.start, client);
  });
  try {
    await writing.session.update<Appointment>(moved, versionOf(appointment));
  } catch (error) {
    await inTransaction(kernel.pool, (client) => keepReservation(client, shop.unit, before));
    throw error;
  }
}

export const versionOf = ({ meta }: Resource) => Number(meta?.versionId ?? 1);

export function putAll(resources: readonly (Resource | Invoice | Appointment)[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: {
        method: 'PUT',
        url: `${resource.resourceType}/${resource.id}`,
        ...(resource.meta?.versionId ? { ifMatch: `W/"${resource.meta.versionId}"` } : {}),
      },
    })),
  };
}
