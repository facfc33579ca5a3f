/** What waits for the laboratory of a unit: open orders of the persons it sees. */
import type { Content } from '../../../kernel/content/content.ts';
import type { Encounter, Patient, ServiceRequest } from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import { addDays, vietnamDayBounds } from '../../../kernel/text/vietnam-time.ts';
import { nameOf as personName } from '../../people/index.ts';
import type { WaitingOrder } from '../contract.ts';
import { idOf, ticketOf } from '../text.ts';
import { isMeant } from '../worklist/is-meant.ts';
import { LABORATORY, orderView } from './orders.ts';

const PAGE = 100;
/** Older orders without a result are the doctor's to revoke. */
const DAYS = 7;

export interface WaitingPage {
  rows: WaitingOrder[];
  total?: number;
  next?: string;
}

/**
 * Oldest first. A page may hold none of what is asked for; the end is where there is no next one.
 * @param query.unit Organization id; orders of other units are left out
 * @param query.text words of the name, or the ticket
 */
export async function waitingOrders(
  session: RecordSession,
  query: { unit: string | null; text: string; cursor: string; day: string },
  content: Content,
): Promise<WaitingPage> {
  const found = await session.search(
    'ServiceRequest',
    query.cursor || [
      ['category', `${LABORATORY.system}|${LABORATORY.code}`],
      ['status', 'active'],
      ['authored', `ge${vietnamDayBounds(addDays(query.day, -DAYS)).from}`],
      ['_sort', 'authored'],
      ['_count', String(PAGE)],
      ['_include', 'ServiceRequest:subject'],
      ['_include', 'ServiceRequest:encounter'],
    ],
  );
  const people = new Map<string, Patient>();
  const visits = new Map<string, Encounter>();
  for (const one of found.included) {
    if (one.resourceType === 'Patient') people.set(one.id!, one);
    if (one.resourceType === 'Encounter') visits.set(one.id!, one);
  }
  const rows = (found.matches as ServiceRequest[]).flatMap((order): WaitingOrder[] => {
    const visit = visits.get(idOf(order.encounter));
    const person = people.get(idOf(order.subject));
    if (!visit || !person || idOf(visit.serviceProvider) !== query.unit) return [];
    if (!isMeant({ name: personName(person), ticket: ticketOf(visit) }, query.text)) return [];
    return [
      {
        encounter: visit.id!,
        ticket: ticketOf(visit),
        name: personName(person),
        gender: person.gender ?? 'unknown',
        birthDate: person.birthDate ?? null,
        orderedBy: order.requester?.display ?? '',
        order: orderView(order, [], person, content, query.day),
      },
    ];
  });
  return { rows, ...(found.next ? { next: found.next } : {}) };
}
