/** Check-in: read, decide, take a number, write once. */
import { createHash } from 'node:crypto';
import type { RecordSession } from '../../../kernel/access/contract.ts';
import { Failure } from '../../../kernel/failure.ts';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { Bundle, Encounter } from '../../../kernel/fhir/types.ts';
import type { InTurn } from '../../../kernel/in-turn.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Remark } from '../../../kernel/text/remark.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import type { Entitlement } from '../../insurance/index.ts';
import { episodeOf, ticketOf } from '../text.ts';
import {
  type Arrival,
  type Decided,
  decideEntitlement,
  facilityCode,
  readArrival,
  refuseGone,
  refuseSecondVisit,
  remarksOf,
  todaysOpen,
} from './arrival.ts';
import { checkInBundle, episodeNumber } from './check-in-bundle.ts';
import { type CheckInRequest, readCheckIn } from './check-in-request.ts';
import { waitingBefore } from './queue.ts';
import { findTicket, keepTicket, returnTicket, type Ticket, takeTicket, ticketText } from './tickets.ts';

export interface CheckInAnswer {
  /** Encounter id. */
  encounter: string;
  /** `007` */
  ticket: string;
  room: { id: string; name: string };
  /** How many wait before this person. */
  waitingBefore: number;
  entitlement: Entitlement;
  warnings: Remark[];
  /** True when this request had been carried out before: nothing was written now. */
  repeated: boolean;
}

/**
 * @param key Idempotency-Key of the caller; '' = none, then only the open-visit rule guards against doubles
 * Fails with `business-rule`, `conflict`, `not-found`, `forbidden`; then nothing is written.
 */
export async function checkIn(
  body: Record<string, unknown>,
  key: string,
  session: RecordSession,
  kernel: Kernel,
  inTurn: InTurn,
): Promise<CheckInAnswer> {
  const request = readCheckIn(body, vietnamDay(kernel.settings.now()), kernel.content);
  return inTurn(request.patient, () => carryOut(request, key, session, kernel));
}

/** How often a check-in that another desk overtook is decided anew. */
const TRIES = 3;

async function carryOut(
  request: CheckInRequest,
  key: string,
  session: RecordSession,
  kernel: Kernel,
  tries = TRIES,
): Promise<CheckInAnswer> {
  // One instant for the day of the ticket and the time of the visit, so that midnight cannot fall between them.
  const at = kernel.settings.now();
  const today = vietnamDay(at);
  const arrival = await readArrival(request, session);
  const decided = decideEntitlement(request, arrival, today, kernel.content);
  const own = key === '' ? crypto.randomUUID() : `${session.actor.id}|${key}`;
  const unit = { id: arrival.unit.id!, code: facilityCode(arrival.unit), name: arrival.unit.name ?? '' };
  const reply = (encounter: string, ticket: Ticket, repeated: boolean) =>
    answer({ encounter, ticket, repeated }, arrival, decided, today, kernel);
  const done = key === '' ? null : await alreadyDone(request, own, unit.code, session, kernel);
  if (done) return reply(done.encounter, done.ticket, true);

  refuseGone(arrival.patient);
  refuseSecondVisit(todaysOpen(arrival.openVisits, today), request.confirmedOpenVisits);
  const ticket = await takeTicket(kernel.pool, {
    key: own,
    digest: digestOf(request),
    unit: unit.id,
    room: request.room,
    day: today,
    at,
  });
  const room = { id: request.room, name: arrival.room.name ?? '' };
  const { patient, coverages } = arrival;
  const { category } = decided;
  const beside = arrival.openVisits;
  const bundle = checkInBundle(
    { request, patient, coverages, unit, room, category, ticket, today, beside },
    kernel.content,
  );
  const episode = episodeNumber(unit.code, request.room, ticket);
  const isNew = ticket.at.getTime() === at.getTime();
  const encounter = await writeOrReturn(bundle, { key: own, episode, isNew }, session, kernel);
  if (encounter === null) {
    if (tries === 1) throw overtaken();
    return carryOut(request, key, session, kernel, tries - 1);
  }
  await keepTicket(kernel.pool, own, encounter);
  return reply(encounter, ticket, false);
}

function overtaken(): Failure {
  return new Failure('conflict', 'Bàn khác đang tiếp đón người này. Chưa tạo gì: tải lại rồi làm lại.', {
    textEn: 'Another desk is checking this person in. Nothing was created.',
    expression: 'patient',
  });
}

/** The visit that an earlier request with this ticket wrote before it was cut off; null when it wrote none. */
async function visitOf(episode: string, session: RecordSession): Promise<string | null> {
  const { matches } = await session.search('Encounter', [['identifier', `${sid.episode}|${episode}`]]);
  return matches[0]?.id ?? null;
}

/** What an earlier request with this key made; fails with `conflict` when it was another request. */
async function alreadyDone(
  request: CheckInRequest,
  own: string,
  facility: string,
  session: RecordSession,
  kernel: Kernel,
): Promise<{ encounter: string; ticket: Ticket } | null> {
  const ticket = await findTicket(kernel.pool, own);
  if (!ticket) return null;
  refuseOtherRequest(ticket, digestOf(request));
  if (ticket.encounter) return { encounter: ticket.encounter, ticket };
  const encounter = await visitOf(episodeNumber(facility, request.room, ticket), session);
  if (encounter) await keepTicket(kernel.pool, own, encounter);
  return encounter ? { encounter, ticket } : null;
}

/** Who asks again with the key gets the first answer; another request with it is refused. */
function refuseOtherRequest(taken: Ticket, digest: string): void {
  if (taken.digest === digest) return;
  throw new Failure(
    'conflict',
    'Khóa chống gửi trùng này đã dùng cho một lượt tiếp đón khác: tải lại trang rồi làm lại.',
    { textEn: 'This Idempotency-Key was used for another request.', expression: 'Idempotency-Key' },
  );
}

/**
 * @returns id of the visit with this episode number; null when another desk has just made one, then the number went back
 */
async function writeOrReturn(
  bundle: Bundle,
  ticket: { key: string; episode: string; isNew: boolean },
  session: RecordSession,
  kernel: Kernel,
): Promise<string | null> {
  const giveBack = async () => {
    if (ticket.isNew) await returnTicket(kernel.pool, ticket.key);
  };
  try {
    const written = (await session.transaction(bundle)).entry?.[0]?.response;
    const id = /Encounter\/([^/]+)/.exec(written?.location ?? '')?.[1] ?? '';
    if (written?.status?.startsWith('201')) return id;
    if (episodeOf(await session.read('Encounter', id)) === ticket.episode) return id;
  } catch (error) {
    if (error instanceof Failure && error.status < 500) await giveBack();
    if (error instanceof Failure && OVERTAKEN.has(error.code)) return null;
    throw error;
  }
  await giveBack();
  return null;
}

/** The visit or the card changed between reading and writing. */
const OVERTAKEN = new Set<string>(['version-conflict', 'multiple-matches']);

function digestOf(request: CheckInRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

async function answer(
  { encounter, ticket, repeated }: { encounter: string; ticket: Ticket; repeated: boolean },
  arrival: Arrival,
  { entitlement, card }: Decided,
  today: string,
  { store, content }: Kernel,
): Promise<CheckInAnswer> {
  const room = { id: arrival.room.id!, name: arrival.room.name ?? '' };
  return {
    encounter,
    ticket: ticketText(ticket.number),
    room,
    waitingBefore: await waitingBefore(encounter, room.id, today, store),
    entitlement,
    warnings: remarksOf(arrival, card, today, content),
    repeated,
  };
}

/** Answer of the preview: what a check-in would do, without writing. */
export interface CheckInPreview {
  entitlement: Entitlement | null;
  category: string | null;
  /** Why it would be refused, in sentences; empty = it may go on. */
  refusals: { code: string; text: string; textEn: string | undefined }[];
  openVisits: { id: string; ticket: string; start: string }[];
  warnings: Remark[];
}

/** @param body as for `checkIn`; reason may be missing */
export async function previewCheckIn(
  body: Record<string, unknown>,
  session: RecordSession,
  kernel: Kernel,
): Promise<CheckInPreview> {
  const today = vietnamDay(kernel.settings.now());
  const request = readCheckIn({ ...body, reason: body.reason || '-' }, today, kernel.content);
  const arrival = await readArrival(request, session);
  const refusals: CheckInPreview['refusals'] = [];
  const attempt = <T>(act: () => T): T | null => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { text, textEn, code } = error.issues[0]!;
      refusals.push({ code: (error.details as { kind?: string } | undefined)?.kind ?? code, text, textEn });
      return null;
    }
  };
  attempt(() => refuseGone(arrival.patient));
  const open = todaysOpen(arrival.openVisits, today);
  attempt(() => refuseSecondVisit(open, request.confirmedOpenVisits));
  const decided = attempt(() => decideEntitlement(request, arrival, today, kernel.content));
  return {
    entitlement: decided?.entitlement ?? null,
    category: decided?.category ?? null,
    refusals,
    openVisits: open.map((visit: Encounter) => ({
      id: visit.id ?? '',
      ticket: ticketOf(visit),
      start: visit.period?.start ?? '',
    })),
    warnings: remarksOf(arrival, decided?.card ?? null, today, kernel.content),
  };
}
