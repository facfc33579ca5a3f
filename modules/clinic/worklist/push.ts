/** Pushes to browsers: a room's worklist has changed, a visit has changed. Messages carry no data of a person. */
import type { Role } from '../../../kernel/access/contract.ts';
import type { Encounter, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Change } from '../../../kernel/store/contract.ts';
import { idOf } from '../text.ts';

export const WORKLIST_TOPIC = 'clinic/worklist';
export const VISIT_TOPIC = 'clinic/visit';

const CLINICAL: readonly Role[] = ['doctor', 'nurse', 'laboratory', 'station-head', 'reception'];
const OF_VISIT = new Set([
  'Observation',
  'Condition',
  'ServiceRequest',
  'MedicationRequest',
  'DiagnosticReport',
]);

export function startPush(kernel: Kernel): void {
  const isClinical = (roles: readonly Role[]) => roles.some((role) => CLINICAL.includes(role));
  kernel.events.allowTopic(
    WORKLIST_TOPIC,
    (actor, topic) => isClinical(actor.roles) && isRoomOf(topic.slice(WORKLIST_TOPIC.length + 1), actor.unit),
  );
  kernel.events.allowTopic(VISIT_TOPIC, (actor) => isClinical(actor.roles));
  kernel.events.consume('clinic-worklist', async (changes) => {
    const messages = await messagesOf(kernel, changes.filter(isRecent(kernel)));
    return () => {
      for (const { topic, message } of messages) kernel.events.publish(topic, message);
    };
  });
}

/** Room ids begin with the facility code of the unit: `25D01-kham` of `cs-25D01`. */
function isRoomOf(room: string, unit: string | null): boolean {
  return unit !== null && room.startsWith(`${unit.replace(/^cs-/, '')}-`);
}

/** Screens are told what happens now; what a catching-up consumer reads of last week interests none of them. */
const RECENT_MS = 10 * 60_000;

function isRecent(kernel: Kernel): (change: Change) => boolean {
  const oldest = kernel.settings.now().getTime() - RECENT_MS;
  return (change) => Date.parse(change.at) >= oldest;
}

/** Each topic once, whatever the number of changes. */
async function messagesOf(kernel: Kernel, changes: Change[]): Promise<{ topic: string; message: unknown }[]> {
  const encounters = changes.filter((change) => change.type === 'Encounter');
  const facts = changes.filter((change) => OF_VISIT.has(change.type) && change.op !== 'delete');
  const versions = await Promise.all(
    encounters.flatMap((change) =>
      [change.version, change.version - 1].map((version) =>
        version > 0 ? kernel.store.vread('Encounter', change.id, version) : null,
      ),
    ),
  );
  const rooms = new Set(
    versions.flatMap((stored) => {
      if (!stored || stored.deleted) return [];
      const encounter = JSON.parse(stored.body.toString('utf8')) as Encounter;
      return (encounter.location ?? []).map((one) => idOf(one.location));
    }),
  );
  const visits = new Set([...encounters.map((change) => change.id), ...(await visitsOf(kernel, facts))]);
  return [
    ...[...rooms].filter(Boolean).map((room) => ({ topic: `${WORKLIST_TOPIC}/${room}`, message: { room } })),
    ...[...visits].map((encounter) => ({ topic: `${VISIT_TOPIC}/${encounter}`, message: { encounter } })),
  ];
}

async function visitsOf(kernel: Kernel, changes: Change[]): Promise<string[]> {
  const stored = await kernel.store.readMany(changes.map(({ type, id }) => ({ type, id })));
  return stored.flatMap((one) => {
    if (one.deleted) return [];
    const resource = JSON.parse(one.body.toString('utf8')) as Resource & {
      encounter?: { reference?: string };
    };
    return resource.encounter ? [idOf(resource.encounter)] : [];
  });
}
