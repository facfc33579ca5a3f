/** Numbers of the room's day. The SQL is in `../schema/0001-tickets.sql`. */
import type { Pool } from 'pg';

export interface Ticket {
  number: number;
  /** When the check-in was first asked for. */
  at: Date;
  /** Id of the visit, when this request was already carried out. */
  encounter: string | null;
  /** Digest of the request that first used the key. */
  digest: string;
}

export interface TicketRequest {
  key: string;
  digest: string;
  /** Organization id. */
  unit: string;
  /** Location id. */
  room: string;
  /** ISO day in Vietnam. */
  day: string;
  at: Date;
}

interface TicketRow {
  ticket: number;
  at: Date;
  encounter: string | null;
  digest: string;
}

function ticketOf({ ticket, at, encounter, digest }: TicketRow): Ticket {
  return { number: ticket, at, encounter, digest };
}

/** The next number of the room, or the one that this key already has. One round trip. */
export async function takeTicket(pool: Pool, asked: TicketRequest): Promise<Ticket> {
  const { rows } = await pool.query<TicketRow>(
    'select ticket, at, encounter, digest from clinic_take_ticket($1, $2, $3, $4, $5, $6)',
    [asked.key, asked.digest, asked.unit, asked.room, asked.day, asked.at],
  );
  return ticketOf(rows[0]!);
}

/** What the key already has, null when it is new. */
export async function findTicket(pool: Pool, key: string): Promise<Ticket | null> {
  const { rows } = await pool.query<TicketRow>(
    'select ticket, at, encounter, digest from clinic_check_in where key = $1',
    [key],
  );
  return rows[0] ? ticketOf(rows[0]) : null;
}

/** Remembers which visit the key made. */
export async function keepTicket(pool: Pool, key: string, encounter: string): Promise<void> {
  await pool.query('update clinic_check_in set encounter = $2 where key = $1', [key, encounter]);
}

/** The visit could not be written: the number goes back unless a later one was given. */
export async function returnTicket(pool: Pool, key: string): Promise<void> {
  await pool.query('select clinic_return_ticket($1)', [key]);
}

/** Numbers of the room's day go on after `last`, when somebody else gave the first ones; never back. */
export async function ticketsGivenUpTo(
  pool: Pool,
  { unit, room, day, last }: { unit: string; room: string; day: string; last: number },
): Promise<void> {
  await pool.query(
    `insert into clinic_ticket as counter (unit, room, day, last) values ($1, $2, $3, $4)
     on conflict (unit, room, day) do update set last = greatest(counter.last, excluded.last)`,
    [unit, room, day, last],
  );
}

/** `7` → `'007'`. */
export function ticketText(number: number): string {
  return String(number).padStart(3, '0');
}
