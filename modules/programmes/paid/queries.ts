/** Reservations and bills of a unit: what is held, what is free, and the lists. */
import type { Pool, PoolClient } from 'pg';
import { hash64 } from '../../../kernel/store/hash.ts';
import { foldWords } from '../../../kernel/text/fold.ts';
import { addDays } from '../../../kernel/text/vietnam-time.ts';
import { usableOf } from '../../stock/index.ts';
import { vaccinesOf } from '../stock/keeper.ts';
import type { Billed, Reserved } from './resources.ts';

const ptOf = (patient: string) => hash64(`Patient/${patient}`).toString();

export async function keepReservation(
  client: PoolClient,
  unit: string,
  { appointment, patient, product, bill, starts, state }: Omit<Reserved, 'location'>,
): Promise<void> {
  await client.query(
    `insert into programmes.reservation (pt, appointment, unit, patient, product, bill, starts, state)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (pt, appointment) do update set unit = $3, product = $5, bill = $6, starts = $7, state = $8`,
    [ptOf(patient), appointment, unit, patient, product, bill, starts, state],
  );
}

export async function dropReservations(
  client: PoolClient,
  patient: string,
  appointments: readonly string[],
): Promise<void> {
  await client.query('delete from programmes.reservation where pt = $1 and appointment = any($2)', [
    ptOf(patient),
    appointments,
  ]);
}

export async function keepBill(client: PoolClient, bill: Billed): Promise<void> {
  await client.query(
    `insert into programmes.bill (pt, invoice, unit, patient, number, total, state, issued, doses)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict (pt, invoice) do update set unit = $3, number = $5, total = $6, state = $7, issued = $8, doses = $9`,
    [
      ptOf(bill.patient),
      bill.invoice,
      bill.unit,
      bill.patient,
      bill.number,
      bill.total,
      bill.state,
      bill.issued,
      JSON.stringify(bill.doses),
    ],
  );
}

export async function dropBill(client: PoolClient, patient: string, invoice: string): Promise<void> {
  await client.query('delete from programmes.bill where pt = $1 and invoice = $2', [ptOf(patient), invoice]);
}

/** Of a person who is erased nothing stays, of decisions about doses elsewhere either. */
export async function forgetPerson(client: PoolClient, patient: string): Promise<void> {
  for (const table of ['reservation', 'bill', 'link_decision'])
    await client.query(`delete from programmes.${table} where pt = $1`, [ptOf(patient)]);
}

/** `<unit>/<year>/<number>`, each number once. */
export async function nextNumber(client: PoolClient, unit: string, year: number): Promise<string> {
  const { rows } = await client.query<{ last: number }>(
    `insert into programmes.bill_number (unit, year, last) values ($1, $2, 1)
      on conflict (unit, year) do update set last = programmes.bill_number.last + 1 returning last`,
    [unit, year],
  );
  return `${unit.replace(/^cs-/, '')}/${year}/${String(rows[0]!.last).padStart(6, '0')}`;
}

/** One who reserves at a unit after the other: what is free is read and taken in one turn. */
export async function inTurnOf(client: PoolClient, unit: string): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended($1, 7))`, [`paid doses of ${unit}`]);
}

/**
 * Doses of each product that may still be promised for a day: of lots that were bought to be sold, are not held and last until then, less
 * those that are promised. A promise ends with its day: who did not come holds nothing on the next.
 */
export async function freeDoses(
  db: Pool | PoolClient,
  unit: string,
  day: string,
  today: string,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ product: string; held: number }>(
    `select product, count(*)::int as held from programmes.reservation
      where unit = $1 and state = 'booked' and starts >= $2::timestamptz group by product`,
    [unit, `${today}T00:00:00+07:00`],
  );
  const held = new Map(rows.map((row) => [row.product, row.held]));
  const bought = await usableOf(db, vaccinesOf(unit), day, true);
  return new Map(
    [...bought].map(([product, doses]) => [product, Math.max(0, doses - (held.get(product) ?? 0))]),
  );
}

/** People booked from each instant of a day, by its time in milliseconds. */
export async function bookedOn(
  db: Pool | PoolClient,
  unit: string,
  day: string,
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await db.query<{ starts: Date; people: number }>(
    `select starts, count(distinct pt)::int as people from programmes.reservation
      where unit = $1 and state = 'booked' and starts >= $2 and starts < $3 group by starts`,
    [unit, `${day}T00:00:00+07:00`, `${addDays(day, 1)}T00:00:00+07:00`],
  );
  return new Map(rows.map(({ starts, people }) => [starts.getTime(), people]));
}

/** Appointments of a bill that are promised or were given. */
export async function standingOf(db: PoolClient, patient: string, invoice: string): Promise<string[]> {
  const { rows } = await db.query<{ appointment: string }>(
    `select appointment from programmes.reservation where pt = $1 and bill = $2 and state <> 'cancelled'`,
    [ptOf(patient), invoice],
  );
  return rows.map(({ appointment }) => appointment);
}

/** Doses of a bill that are neither promised nor given, by product. */
export async function unusedOf(
  db: Pool | PoolClient,
  patient: string,
  invoice: string,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ product: string; left: number }>(
    `with bought as (
        select d->>'product' as product, count(*)::int as n from programmes.bill b, jsonb_array_elements(b.doses) d
        where b.pt = $1 and b.invoice = $2 group by 1),
      used as (
        select product, count(*)::int as n from programmes.reservation
        where pt = $1 and bill = $2 and state <> 'cancelled' group by product)
      select product, (bought.n - coalesce(used.n, 0))::int as left from bought left join used using (product)`,
    [ptOf(patient), invoice],
  );
  return new Map(rows.map(({ product, left }) => [product, left]));
}

export const PAID_LISTS = ['today', 'coming', 'unpaid', 'unused', 'missed', 'done', 'cancelled'] as const;
export type PaidList = (typeof PAID_LISTS)[number];

export interface PaidRow {
  /** '' for a dose that was bought and has no time yet. */
  appointment: string;
  patient: string;
  fullName: string;
  gender: string | null;
  birthDate: string | null;
  product: string;
  starts: string | null;
  state: string;
  bill: string;
  number: string;
  total: number;
  billState: string;
}

const OF_LIST: Record<Exclude<PaidList, 'unused' | 'unpaid'>, string> = {
  today: `r.state = 'booked' and r.starts >= $2::timestamptz and r.starts < $3::timestamptz`,
  coming: `r.state = 'booked' and r.starts >= $3::timestamptz`,
  missed: `r.state = 'booked' and r.starts < $2::timestamptz`,
  done: `r.state = 'fulfilled'`,
  cancelled: `r.state = 'cancelled'`,
};

const ROW = `p.resource_key as patient, coalesce(p.full_name, '') as "fullName", p.gender, p.birth_date as "birthDate"`;
const OF_BILL = `b.invoice as bill, b.number, b.total::float8 as total, b.state as "billState"`;
const RESERVED = `select r.appointment, r.product, r.starts, r.state, ${ROW}, ${OF_BILL}
  from programmes.reservation r join programmes.bill b on b.pt = r.pt and b.invoice = r.bill
  join views.patient p on p.resource_key = r.patient`;
/** A line for each dose that is paid for and neither promised nor given. */
const UNUSED = `select '' as appointment, left_over.product, null::timestamptz as starts, 'unused' as state, ${ROW}, ${OF_BILL}
  from programmes.bill b join views.patient p on p.resource_key = b.patient
  cross join lateral (
    select bought.product, bought.n - (select count(*) from programmes.reservation r
      where r.pt = b.pt and r.bill = b.invoice and r.product = bought.product and r.state <> 'cancelled') as n
    from (select d->>'product' as product, count(*) as n from jsonb_array_elements(b.doses) d group by 1) bought
  ) left_over cross join lateral generate_series(1, left_over.n::int)`;

/** A line for each bill that waits for its money, with its first time. */
const UNPAID = `select coalesce(r.appointment, '') as appointment, coalesce(r.product, b.doses->0->>'product') as product, r.starts,
    coalesce(r.state, 'unused') as state, ${ROW}, ${OF_BILL}
  from programmes.bill b join views.patient p on p.resource_key = b.patient
  left join lateral (
    select appointment, product, starts, state from programmes.reservation r
    where r.pt = b.pt and r.bill = b.invoice and r.state <> 'cancelled' order by starts, appointment limit 1
  ) r on true`;

const FOLDED = `lower(regexp_replace(normalize(translate(concat_ws(' ', p.full_name, b.number), 'đĐ', 'dd'), NFD), '[\\u0300-\\u036f]', '', 'g'))`;

/** Rows of the own unit by time, newest first in what is over. */
export async function paidRows(
  pool: Pool,
  { unit, list, text, today }: { unit: string; list: PaidList; text: string; today: string },
  { first, count }: { first: number; count: number },
): Promise<{ rows: PaidRow[]; total: number }> {
  const words = foldWords(text).map((word) => `%${word}%`);
  const day = [`${today}T00:00:00+07:00`, `${addDays(today, 1)}T00:00:00+07:00`];
  const which = whichRows(list);
  const found = `${which} and ($2::timestamptz, $3::timestamptz) is not null
    and (cardinality($4::text[]) = 0 or ${FOLDED} like all($4::text[]))`;
  const order = ['done', 'cancelled', 'missed'].includes(list) ? 'desc' : 'asc';
  const values = [unit, ...day, words];
  const [page, all] = await Promise.all([
    pool.query<Omit<PaidRow, 'starts'> & { starts: Date | null }>(
      `${found} order by starts ${order} nulls last, "fullName", number, appointment limit $5 offset $6`,
      [...values, count, first],
    ),
    pool.query<{ total: number }>(`select count(*)::int as total from (${found}) f`, values),
  ]);
  return {
    rows: page.rows.map((row) => ({ ...row, starts: row.starts?.toISOString() ?? null })),
    total: all.rows[0]!.total,
  };
}

function whichRows(list: PaidList): string {
  if (list === 'unused') return `${UNUSED} where b.unit = $1 and b.state = 'balanced'`;
  if (list === 'unpaid') return `${UNPAID} where b.unit = $1 and b.state = 'issued'`;
  return `${RESERVED} where r.unit = $1 and ${OF_LIST[list]}`;
}
