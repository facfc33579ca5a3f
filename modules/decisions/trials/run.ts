/**
 * A rule asked about orders, dispensing, visits and appointments of the past, in the program's own name: it shows nothing to anybody, and
 * what comes out are numbers. Examples are names of resources, which everybody sees as far as they may see the resource.
 */
import { type Card, evaluateRules, type Rule, readFacts } from '../../../engines/rules/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { MemberOf } from '../../../kernel/fhir/person/index.ts';
import type { Encounter, Patient, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { asOrders, coveredOrders } from '../hooks/dispenses.ts';
import { type ActKind, actsOf, idIn, kindsOf, kindsThere, type PastAct } from './acts.ts';
import { knownAt } from './past.ts';
import { beat, type TrialState } from './table.ts';
import type { TrialTally } from './tally.ts';

/** Acts of one run, acts between two marks of progress, and how long a run may last; kinds of acts share both. */
const MOST_ACTS = 5_000;
const MARK = 20;
const LONGEST_MS = 30 * 60_000;

interface Running {
  id: string;
  rule: Rule;
  memberOf: MemberOf;
  from: string;
  to: string;
  /** Of a run that goes on where it was stopped; empty at first. */
  tally: TrialTally;
}

/** Keeps what was counted. @returns false when somebody has stopped the run */
type Mark = (state?: TrialState) => Promise<boolean>;

/** @throws what went wrong; the run is marked as failed, and what it has counted stays */
export async function runTrial(kernel: Kernel, running: Running): Promise<void> {
  const { pool, settings } = kernel;
  const { id, tally, rule } = running;
  let before = tally.result().acts;
  const mark: Mark = async (state = 'running') => {
    const result = tally.result();
    const isMine = await beat(pool, id, { result, before, at: settings.now(), state });
    before = result.acts;
    return isMine;
  };
  try {
    const kinds = await kindsThere(kernel.gate.system('rule-trial'), kindsOf(rule), running);
    const begun = kinds.findIndex(({ type }) => type === tally.place?.type);
    for (const kind of kinds.slice(Math.max(0, begun)))
      if (!(await askKind(kernel, running, { kind, shares: kinds.length, mark }))) return;
    await mark('done');
  } catch (error) {
    await mark('failed');
    throw error;
  }
}

/** @returns false when somebody has stopped the run */
async function askKind(
  kernel: Kernel,
  { rule, memberOf, from, to, tally }: Running,
  { kind, shares, mark }: { kind: ActKind; shares: number; mark: Mark },
): Promise<boolean> {
  const session = kernel.gate.system('rule-trial');
  const ends = Date.now() + LONGEST_MS / shares;
  const posts = postsOf(session);
  tally.begin(kind.type);
  const begin = tally.place?.page ?? null;
  for await (const act of actsOf(session, kind, { from, to, begin })) {
    if (tally.done >= MOST_ACTS / shares || Date.now() > ends) break;
    if (tally.isAsked(act)) continue;
    await askOf(kernel, session, { rule, memberOf, kind }, await withPost(act, posts), tally);
    tally.pass(act);
    if (tally.done % MARK === 0 && !(await mark())) return false;
  }
  return mark();
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
  { rule, memberOf, kind }: Pick<Running, 'rule' | 'memberOf'> & { kind: ActKind },
  act: PastAct,
  tally: TrialTally,
): Promise<void> {
  const facts = await readFacts(session, act.patient, [rule]);
  if (!facts.patient) return;
  const at = Date.parse(act.at);
  const own = coveredOrders([...act.drafts, ...act.appointments]);
  const known = (resources: readonly Resource[]) =>
    knownAt(resources, at).filter((one) => !own.has(`${one.resourceType}/${one.id}`));
  const ask = {
    day: act.at.slice(0, 10),
    now: new Date(at),
    patient: facts.patient as Patient,
    resources: known(facts.resources),
    queried: new Map([...facts.queried].map(([key, found]) => [key, known(found)])),
    memberOf,
    drafts: asOrders(act.drafts),
    appointments: act.appointments,
    encounter:
      act.encounter === null ? null : ({ resourceType: 'Encounter', id: act.encounter } as Encounter),
    roles: null,
    place: null,
  };
  const answers = kind.hooks.map((hook) =>
    evaluateRules([{ ...rule, from: '', to: null }], { ...ask, hook }, content),
  );
  const hasFault = answers.some(({ faults }) => faults.length > 0);
  tally.add(
    act,
    onceEach(answers.flatMap(({ cards }) => cards)),
    hasFault,
    kind.hooks.filter((_, place) => answers[place]!.cards.length > 0),
    kind.hooks,
  );
}

/** At two hooks of one act the same card is one alert. */
const onceEach = (cards: readonly Card[]): Card[] => [
  ...new Map(cards.map((card) => [card.key, card])).values(),
];

export function requireAlone(begun: boolean): void {
  if (begun) return;
  throw new Failure('conflict', 'Một quy tắc khác đang chạy thử. Chờ xong, hoặc dừng lần chạy đó.', {
    textEn: 'Another rule is being tried. Wait for it, or stop it.',
  });
}
