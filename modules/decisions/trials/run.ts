/**
 * A rule asked about prescriptions (or visits) of the past, in the program's own name: it shows nothing to anybody, and what comes
 * out are numbers. Examples are names of resources, which everybody sees as far as they may see the resource.
 */
import { evaluateRules, type Hook, type Rule, readFacts } from '../../../engines/rules/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { MemberOf } from '../../../kernel/fhir/person/index.ts';
import type { Encounter, MedicationRequest, Patient, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { knownAt } from './past.ts';
import { beat } from './table.ts';
import { type Act, TrialTally } from './tally.ts';

/** Acts of one run, acts between two marks of progress, and how long a run may last. */
export const MOST_ACTS = 5_000;
const MARK = 20;
const LONGEST_MS = 30 * 60_000;
const PAGE = '200';

interface PastAct extends Act {
  patient: string;
  drafts: Resource[];
  encounter: string | null;
  practitioner: string | null;
}

interface Running {
  id: string;
  rule: Rule;
  memberOf: MemberOf;
  from: string;
  to: string;
}

export async function runTrial(kernel: Kernel, { id, rule, memberOf, from, to }: Running): Promise<void> {
  const { pool, settings, gate } = kernel;
  const session = gate.system('rule-trial');
  const tally = new TrialTally();
  const ends = Date.now() + LONGEST_MS;
  const posts = postsOf(session);
  try {
    let done = 0;
    for await (const act of actsOf(session, rule, from, to)) {
      await askOf(kernel, session, { rule, memberOf }, await withPost(act, posts), tally);
      done += 1;
      const isMark = done % MARK === 0;
      if (isMark && !(await beat(pool, id, tally.result(), settings.now()))) return;
      if (done >= MOST_ACTS || Date.now() > ends) break;
    }
    await beat(pool, id, tally.result(), settings.now(), 'done');
  } catch (error) {
    await beat(pool, id, tally.result(), settings.now(), 'failed');
    throw error;
  }
}

/** A rule of orders is asked at prescriptions, every other one at visits. */
export const hookOf = (rule: Rule): Hook => {
  const triggers = new Set(rule.actions.flatMap((action) => action.triggers));
  return triggers.has('order-sign') ? 'order-sign' : [...triggers][0]!;
};

async function* actsOf(
  session: RecordSession,
  rule: Rule,
  from: string,
  to: string,
): AsyncGenerator<PastAct> {
  const isOrder = hookOf(rule) === 'order-sign';
  const type = isOrder ? 'MedicationRequest' : 'Encounter';
  const date = isOrder ? 'authoredon' : 'date';
  let query: string | [string, string][] | undefined = [
    [date, `ge${from}`],
    [date, `le${to}`],
    ['_sort', `-${date}`],
    ['_count', PAGE],
  ];
  let open = new Map<string, PastAct>();
  while (query !== undefined) {
    const page: { matches: Resource[]; next?: string } = await session.search(type, query);
    const met = new Map<string, PastAct>();
    for (const one of page.matches) {
      const key = isOrder ? prescriptionOf(one as MedicationRequest) : `${one.id}`;
      const known = met.get(key) ?? open.get(key);
      if (known) known.drafts.push(one);
      const act = known ?? (isOrder ? ofOrder(one as MedicationRequest) : ofVisit(one as Encounter));
      if (act) met.set(key, act);
    }
    // Lines of one prescription lie together: those of the page before are whole, unless this page goes on with them.
    for (const [key, act] of open) if (!met.has(key)) yield act;
    open = met;
    query = page.next;
  }
  yield* open.values();
}

const prescriptionOf = ({ groupIdentifier, id }: MedicationRequest): string =>
  groupIdentifier?.value ?? `${id}`;
const idIn = (reference: string | undefined): string => reference?.split('/').at(-1) ?? '';

function ofOrder(order: MedicationRequest): PastAct | null {
  const patient = idIn(order.subject?.reference);
  if (patient === '' || order.authoredOn === undefined || order.status === 'entered-in-error') return null;
  return {
    reference: `MedicationRequest/${order.id}`,
    at: order.authoredOn,
    role: '',
    unit: '',
    patient,
    drafts: [order],
    encounter: idIn(order.encounter?.reference) || null,
    practitioner: idIn(order.requester?.reference) || null,
  };
}

function ofVisit(visit: Encounter): PastAct | null {
  const patient = idIn(visit.subject?.reference);
  const at = visit.period?.end ?? visit.period?.start;
  if (patient === '' || at === undefined) return null;
  const practitioner = visit.participant
    ?.map(({ individual }) => individual?.reference)
    .find((one) => one?.startsWith('Practitioner/'));
  return {
    reference: `Encounter/${visit.id}`,
    at,
    role: '',
    unit: idIn(visit.serviceProvider?.reference),
    patient,
    drafts: [],
    encounter: visit.id ?? null,
    practitioner: idIn(practitioner) || null,
  };
}

type Posts = (practitioner: string) => Promise<{ role: string; unit: string }>;

/** In which role and unit a practitioner works; asked once each. */
function postsOf(session: RecordSession): Posts {
  const known = new Map<string, Promise<{ role: string; unit: string }>>();
  const ask = async (practitioner: string) => {
    const { matches } = await session.search('PractitionerRole', [
      ['practitioner', `Practitioner/${practitioner}`],
      ['_count', '1'],
    ]);
    return {
      role: matches[0]?.code?.[0]?.coding?.[0]?.code ?? '',
      unit: idIn(matches[0]?.organization?.reference),
    };
  };
  return (practitioner) => {
    const made = known.get(practitioner) ?? ask(practitioner);
    known.set(practitioner, made);
    return made;
  };
}

async function withPost(act: PastAct, posts: Posts): Promise<PastAct> {
  if (act.practitioner === null) return act;
  const { role, unit } = await posts(act.practitioner);
  return { ...act, role, unit: act.unit || unit };
}

async function askOf(
  { content }: Kernel,
  session: RecordSession,
  { rule, memberOf }: Pick<Running, 'rule' | 'memberOf'>,
  act: PastAct,
  tally: TrialTally,
): Promise<void> {
  const facts = await readFacts(session, act.patient, [rule]);
  if (!facts.patient) return;
  const at = Date.parse(act.at);
  const own = new Set(act.drafts.map((one) => `${one.resourceType}/${one.id}`));
  const known = (resources: readonly Resource[]) =>
    knownAt(resources, at).filter((one) => !own.has(`${one.resourceType}/${one.id}`));
  const { cards, faults } = evaluateRules(
    [{ ...rule, from: '', to: null }],
    {
      hook: hookOf(rule),
      day: act.at.slice(0, 10),
      now: new Date(at),
      patient: facts.patient as Patient,
      resources: known(facts.resources),
      queried: new Map([...facts.queried].map(([key, found]) => [key, known(found)])),
      memberOf,
      drafts: act.drafts,
      encounter:
        act.encounter === null ? null : ({ resourceType: 'Encounter', id: act.encounter } as Encounter),
      roles: null,
      place: null,
    },
    content,
  );
  tally.add(act, cards, faults.length > 0);
}

export function requireAlone(begun: boolean): void {
  if (begun) return;
  throw new Failure('conflict', 'Một quy tắc khác đang chạy thử. Chờ xong, hoặc dừng lần chạy đó.', {
    textEn: 'Another rule is being tried. Wait for it, or stop it.',
  });
}
