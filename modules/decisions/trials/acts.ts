/** Acts of the past at which a rule is asked: prescriptions, visits, appointments, newest first. */
import type { Hook, Rule } from '../../../engines/rules/index.ts';
import type { Appointment, Encounter, MedicationRequest, Resource } from '../../../kernel/fhir/types.ts';
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
  type: 'MedicationRequest' | 'Encounter' | 'Appointment';
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

const KINDS: readonly ActKind[] = [
  {
    type: 'MedicationRequest',
    hooks: ['order-sign', 'order-select', 'order-dispense', 'medication-refill'],
    date: 'authoredon',
    keyOf: (one) => (one as MedicationRequest).groupIdentifier?.value ?? `${one.id}`,
    actOf: (one) => ofOrder(one as MedicationRequest),
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

/** The kinds of acts at which a rule speaks, each with the rule's own hooks. */
export function kindsOf({ actions }: Pick<Rule, 'actions'>): ActKind[] {
  const own = new Set(actions.flatMap(({ triggers }) => triggers));
  return KINDS.map((kind) => ({ ...kind, hooks: kind.hooks.filter((hook) => own.has(hook)) })).filter(
    ({ hooks }) => hooks.length > 0,
  );
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

function ofOrder(order: MedicationRequest): Found | null {
  const patient = idIn(order.subject?.reference);
  if (patient === '' || order.authoredOn === undefined || order.status === 'entered-in-error') return null;
  return {
    ...EMPTY,
    reference: `MedicationRequest/${order.id}`,
    at: order.authoredOn,
    patient,
    drafts: [order],
    encounter: idIn(order.encounter?.reference) || null,
    practitioner: idIn(order.requester?.reference) || null,
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
