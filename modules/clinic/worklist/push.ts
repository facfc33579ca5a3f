/** Pushes to browsers: a room's worklist, a visit or a person's allergies have changed. Messages carry no data of a person. */
import type { Role } from '../../../kernel/access/contract.ts';
import type { Encounter, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Change, StoredVersion } from '../../../kernel/store/contract.ts';
import { idOf } from '../text.ts';

export const WORKLIST_TOPIC = 'clinic/worklist';
export const VISIT_TOPIC = 'clinic/visit';
export const LABORATORY_TOPIC = 'clinic/laboratory';
export const ALLERGIES_TOPIC = 'clinic/allergies';

const CLINICAL: readonly Role[] = ['doctor', 'nurse', 'laboratory', 'station-head', 'reception'];
const OF_VISIT = new Set([
  'Observation',
  'Condition',
  'ServiceRequest',
  'MedicationRequest',
  'DiagnosticReport',
]);

const TOLD = new Set([...OF_VISIT, 'Encounter', 'AllergyIntolerance']);

export function startPush(kernel: Kernel): void {
  const isClinical = (roles: readonly Role[]) => roles.some((role) => CLINICAL.includes(role));
  kernel.events.allowTopic(
    WORKLIST_TOPIC,
    (actor, topic) => isClinical(actor.roles) && isRoomOf(topic.slice(WORKLIST_TOPIC.length + 1), actor.unit),
  );
  kernel.events.allowTopic(VISIT_TOPIC, (actor) => isClinical(actor.roles));
  kernel.events.allowTopic(ALLERGIES_TOPIC, (actor) => isClinical(actor.roles));
  kernel.events.allowTopic(
    LABORATORY_TOPIC,
    (actor, topic) => isClinical(actor.roles) && topic === `${LABORATORY_TOPIC}/${actor.unit}`,
  );
  kernel.events.consume(
    'clinic-worklist',
    async (changes) => {
      const messages = await messagesOf(kernel, changes.filter(isRecent(kernel)));
      return () => {
        for (const { topic, message } of messages) kernel.events.publish(topic, message);
      };
    },
    { concerns: ({ type }) => TOLD.has(type) },
  );
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

interface Message {
  topic: string;
  message: unknown;
}

/** Each topic once, whatever the number of changes. */
async function messagesOf(kernel: Kernel, changes: Change[]): Promise<Message[]> {
  const encounters = changes.filter((change) => change.type === 'Encounter');
  const facts = changes.filter((change) => OF_VISIT.has(change.type) && change.op !== 'delete');
  const orders = facts.filter((change) => change.type === 'ServiceRequest');
  const [rooms, ofFacts, ofOrders] = await Promise.all([
    roomsOf(kernel, encounters),
    visitsOf(kernel, facts),
    visitsOf(kernel, orders),
  ]);
  const allergic = new Set(
    changes.flatMap((change) => (change.type === 'AllergyIntolerance' ? (change.patient ?? []) : [])),
  );
  const visits = new Set([...encounters.map((change) => change.id), ...ofFacts]);
  return [
    ...[...rooms].map((room) => ({ topic: `${WORKLIST_TOPIC}/${room}`, message: { room } })),
    ...[...visits].map((encounter) => ({ topic: `${VISIT_TOPIC}/${encounter}`, message: { encounter } })),
    ...[...allergic].map((patient) => ({ topic: `${ALLERGIES_TOPIC}/${patient}`, message: { patient } })),
    ...(await unitsOf(kernel, ofOrders)).map((unit) => ({
      topic: `${LABORATORY_TOPIC}/${unit}`,
      message: { unit },
    })),
  ];
}

/** Rooms of the visits now and before the change: a visit that moved is told to both. */
async function roomsOf(kernel: Kernel, encounters: Change[]): Promise<Set<string>> {
  const before = encounters
    .filter(({ version }) => version > 1)
    .map(({ id, version }) => kernel.store.vread('Encounter', id, version - 1));
  const [now, past] = await Promise.all([kernel.store.latest(encounters), Promise.all(before)]);
  const found = [...now.values(), ...past.map(parsed)].flatMap((one) =>
    ((one as Encounter | null)?.location ?? []).map(({ location }) => idOf(location)),
  );
  return new Set(found.filter((room) => room !== ''));
}

async function visitsOf(kernel: Kernel, changes: Change[]): Promise<string[]> {
  const found = await kernel.store.latest(changes);
  return [...found.values()].flatMap((one) => {
    const { encounter } = one as Resource & { encounter?: { reference?: string } };
    return encounter ? [idOf(encounter)] : [];
  });
}

async function unitsOf(kernel: Kernel, encounters: string[]): Promise<string[]> {
  const stored = await kernel.store.readMany(
    [...new Set(encounters)].map((id) => ({ type: 'Encounter' as const, id })),
  );
  const units = stored.map((one) => idOf(parsed<Encounter>(one)?.serviceProvider));
  return [...new Set(units)].filter((unit) => unit !== '');
}

function parsed<T extends Resource>(stored: StoredVersion | null): T | null {
  return stored && !stored.deleted ? (JSON.parse(stored.body.toString('utf8')) as T) : null;
}
