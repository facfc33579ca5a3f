/** Acts of the past at which a rule is asked: orders, what was handed out, visits, appointments, newest first. */
import { type Hook, type OrderType, orderTypesOf, type Rule } from '../../../engines/rules/index.ts';
import type {
  Appointment,
  Encounter,
  Identifier,
  MedicationDispense,
  Reference,
  Resource,
} from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import type { Act } from './tally.ts';

export interface PastAct extends Act {
  /** Of the act among those of its type. */
  key: string;
  /** Query of the page on which it begins; null for the first. */
  page: string | null;
  patient: string;
  drafts: Resource[];
  appointments: Resource[];
  encounter: string | null;
  practitioner: string | null;
}

/** What is looked at for some hooks. */
export interface ActKind {
  type: OrderType | 'MedicationDispense' | 'Encounter' | 'Appointment';
  hooks: readonly Hook[];
  /** Search parameter of its day. */
  date: string;
  /** Resources with the same key are one act. */
  keyOf(one: Resource): string;
  /** Null for what cannot be asked about: nobody is named, or it was a mistake. */
  actOf(one: Resource): Found | null;
}

type Found = Omit<PastAct, 'key' | 'page'>;

const PAGE = '200';

/** Search parameter of the day on which an order was made. */
const ORDERED_ON: Readonly<Record<OrderType, string>> = {
  MedicationRequest: 'authoredon',
  ServiceRequest: 'authored',
  NutritionOrder: 'datetime',
  DeviceRequest: 'authored-on',
  VisionPrescription: 'datewritten',
  CommunicationRequest: 'authored',
};
const ORDERING: readonly Hook[] = ['order-sign', 'order-select'];

const KINDS: readonly ActKind[] = [
  ...(Object.keys(ORDERED_ON) as OrderType[]).map(
    (type): ActKind => ({
      type,
      hooks: type === 'MedicationRequest' ? [...ORDERING, 'medication-refill'] : ORDERING,
      date: ORDERED_ON[type],
      keyOf: (one) => groupOf(one as Ordered) ?? `${one.id}`,
      actOf: ofOrder,
    }),
  ),
  {
    type: 'MedicationDispense',
    hooks: ['order-dispense'],
    date: 'whenhandedover',
    keyOf: (one) => handedOverAt(one as MedicationDispense) ?? `${one.id}`,
    actOf: (one) => ofDispense(one as MedicationDispense),
  },
  {
    type: 'Encounter',
    hooks: ['patient-view', 'encounter-start', 'encounter-discharge'],
    date: 'date',
    keyOf: (one) => `${one.id}`,
    actOf: (one) => ofVisit(one as Encounter),
  },
  {
    type: 'Appointment',
    hooks: ['appointment-book'],
    date: 'date',
    keyOf: (one) => `${one.id}`,
    actOf: (one) => ofAppointment(one as Appointment),
  },
];

/** The kinds of acts at which a rule speaks, each with the rule's own hooks; of orders those that it looks at. */
export function kindsOf(rule: Pick<Rule, 'actions' | 'variables' | 'definition'>): ActKind[] {
  const own = new Set(rule.actions.flatMap(({ triggers }) => triggers));
  const orders: readonly string[] = orderTypesOf(rule);
  return KINDS.map((kind) => ({ ...kind, hooks: kind.hooks.filter((hook) => own.has(hook)) })).filter(
    ({ type, hooks }) => hooks.length > 0 && (!(type in ORDERED_ON) || orders.includes(type)),
  );
}

/** Of kinds of acts those of which there is one between the days: only they share the acts of a run. */
export async function kindsThere(
  session: RecordSession,
  kinds: readonly ActKind[],
  { from, to }: { from: string; to: string },
): Promise<ActKind[]> {
  const there: ActKind[] = [];
  for (const kind of kinds) {
    const { matches } = await session.search(kind.type, [
      [kind.date, `ge${from}`],
      [kind.date, `le${to}`],
      ['_count', '1'],
    ]);
    if (matches.length > 0) there.push(kind);
  }
  return there;
}

/** Acts from a day to a day, newest first. @param begin page to go on with; null for the first */
export async function* actsOf(
  session: RecordSession,
  { type, date, keyOf, actOf }: ActKind,
  { from, to, begin }: { from: string; to: string; begin: string | null },
): AsyncGenerator<PastAct> {
  const first: [string, string][] = [
    [date, `ge${from}`],
    [date, `le${to}`],
    ['_sort', `-${date}`],
    ['_count', PAGE],
  ];
  let query: string | null | undefined = begin;
  let open = new Map<string, PastAct>();
  while (query !== undefined) {
    const page: { matches: Resource[]; next?: string } = await session.search(type, query ?? first);
    const met = new Map<string, PastAct>();
    for (const one of page.matches) {
      const key = keyOf(one);
      const known = met.get(key) ?? open.get(key);
      if (known) known.drafts.push(one);
      const found = known ?? actOf(one);
      if (found) met.set(key, { key, page: query, ...found });
    }
    // Lines of one prescription lie together: those of the page before are whole, unless this page goes on with them.
    for (const [key, act] of open) if (!met.has(key)) yield act;
    open = met;
    query = page.next;
  }
  yield* open.values();
}

export const idIn = (reference: string | undefined): string => reference?.split('/').at(-1) ?? '';

const EMPTY = { role: '', unit: '', drafts: [], appointments: [], encounter: null, practitioner: null };

/** What orders of all types have, each under names of its own. */
interface Ordered {
  status?: string;
  groupIdentifier?: Identifier;
  requisition?: Identifier;
  subject?: Reference;
  patient?: Reference;
  encounter?: Reference;
  authoredOn?: string;
  dateTime?: string;
  dateWritten?: string;
  requester?: Reference;
  orderer?: Reference;
  prescriber?: Reference;
}

/** What was signed together. */
const groupOf = ({ groupIdentifier, requisition }: Ordered): string | undefined =>
  (groupIdentifier ?? requisition)?.value;

function ofOrder(one: Resource): Found | null {
  const order = one as Ordered;
  const patient = idIn((order.subject ?? order.patient)?.reference);
  const at = order.authoredOn ?? order.dateTime ?? order.dateWritten;
  if (patient === '' || at === undefined || order.status === 'entered-in-error') return null;
  return {
    ...EMPTY,
    reference: `${one.resourceType}/${one.id}`,
    at,
    patient,
    drafts: [one],
    encounter: idIn(order.encounter?.reference) || null,
    practitioner: idIn((order.requester ?? order.orderer ?? order.prescriber)?.reference) || null,
  };
}

/** What a person takes home at one time is one act. */
const handedOverAt = ({ subject, whenHandedOver }: MedicationDispense): string | null =>
  whenHandedOver === undefined ? null : `${idIn(subject?.reference)} ${whenHandedOver}`;

function ofDispense(dispense: MedicationDispense): Found | null {
  const { id, status, subject, context, performer, whenHandedOver } = dispense;
  const patient = idIn(subject?.reference);
  if (patient === '' || whenHandedOver === undefined || status === 'entered-in-error') return null;
  const giver = performer
    ?.map(({ actor }) => actor?.reference)
    .find((reference) => reference?.startsWith('Practitioner/'));
  return {
    ...EMPTY,
    reference: `MedicationDispense/${id}`,
    at: whenHandedOver,
    patient,
    drafts: [dispense],
    encounter: idIn(context?.reference) || null,
    practitioner: idIn(giver) || null,
  };
}

function ofVisit(visit: Encounter): Found | null {
  const patient = idIn(visit.subject?.reference);
  const at = visit.period?.end ?? visit.period?.start;
  if (patient === '' || at === undefined) return null;
  const practitioner = visit.participant
    ?.map(({ individual }) => individual?.reference)
    .find((one) => one?.startsWith('Practitioner/'));
  return {
    ...EMPTY,
    reference: `Encounter/${visit.id}`,
    at,
    unit: idIn(visit.serviceProvider?.reference),
    patient,
    encounter: visit.id ?? null,
    practitioner: idIn(practitioner) || null,
  };
}

function ofAppointment(booked: Appointment): Found | null {
  const named = (type: string) =>
    idIn(
      booked.participant
        ?.map(({ actor }) => actor?.reference)
        .find((reference) => reference?.startsWith(`${type}/`)),
    );
  const [patient, at] = [named('Patient'), booked.start ?? booked.created];
  if (patient === '' || at === undefined || booked.status === 'entered-in-error') return null;
  return {
    ...EMPTY,
    reference: `Appointment/${booked.id}`,
    at,
    patient,
    appointments: [booked],
    practitioner: named('Practitioner') || null,
  };
}
