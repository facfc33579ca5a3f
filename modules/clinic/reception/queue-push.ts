/** Tells the browsers that a room's queue has changed: `clinic/queue/<room>` and `clinic/arrivals/<unit>`. No names travel. */
import type { Actor } from '../../../kernel/access/contract.ts';
import type { Encounter } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Change, StoredVersion } from '../../../kernel/store/contract.ts';
import { idOf, ticketOf } from '../text.ts';

export interface QueueMessage {
  room: string;
  unit: string;
  encounter: string;
  ticket: string;
  status: string;
  at: string;
}

export const QUEUE_TOPIC = 'clinic/queue';
export const ARRIVALS_TOPIC = 'clinic/arrivals';

/** Follows the change feed; a visit that moved to another room is told to both rooms. */
export function startQueuePush(kernel: Kernel): void {
  const { events, store } = kernel;
  events.allowTopic(QUEUE_TOPIC, mayHearRoom);
  events.allowTopic(
    ARRIVALS_TOPIC,
    (actor, topic) => actor.unit !== null && topic === `${ARRIVALS_TOPIC}/${actor.unit}`,
  );
  const isVisit = ({ type, op }: Change) => type === 'Encounter' && op !== 'delete';
  events.consume(
    'clinic.queue',
    async (changes) => {
      const visits = changes.filter(isVisit);
      const current = await store.latest(visits);
      const messages = await Promise.all(
        visits.map((change) =>
          messagesOf(change, current.get(`Encounter/${change.id}`) as Encounter | undefined, store.vread),
        ),
      );
      return () => {
        for (const message of messages.flat()) publish(kernel, message);
      };
    },
    { concerns: isVisit },
  );
}

/** A station's rooms are named after its facility, `cs-25D01` → `25D01-kham`; the browser gets no names over this topic. */
function mayHearRoom(actor: Actor, topic: string): boolean {
  const room = topic.slice(QUEUE_TOPIC.length + 1);
  return actor.unit !== null && room.startsWith(`${actor.unit.replace(/^cs-/, '')}-`);
}

type Vread = Kernel['store']['vread'];

async function messagesOf(
  change: Change,
  current: Encounter | undefined,
  vread: Vread,
): Promise<QueueMessage[]> {
  if (!current) return [];
  const before = change.version > 1 ? await vread('Encounter', change.id, change.version - 1) : null;
  const message = messageOf(current, change.at);
  const last = parse(before);
  const lastRoom = last ? roomOf(last) : message.room;
  return lastRoom === message.room ? [message] : [message, { ...message, room: lastRoom }];
}

function messageOf(visit: Encounter, at: string): QueueMessage {
  return {
    room: roomOf(visit),
    unit: idOf(visit.serviceProvider),
    encounter: visit.id ?? '',
    ticket: ticketOf(visit),
    status: visit.status,
    at,
  };
}

function roomOf(visit: Encounter): string {
  return idOf(visit.location?.at(-1)?.location);
}

function parse(version: StoredVersion | null): Encounter | null {
  return version && !version.deleted ? (JSON.parse(version.body.toString('utf8')) as Encounter) : null;
}

function publish({ events }: Kernel, message: QueueMessage): void {
  if (message.room) events.publish(`${QUEUE_TOPIC}/${message.room}`, message);
  if (message.unit) events.publish(`${ARRIVALS_TOPIC}/${message.unit}`, message);
}
