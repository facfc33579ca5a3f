/**
 * When each action of an applied plan is to be done: a time that the plan says itself, or one so long before or after another action
 * (`relatedAction.offsetDuration`, `offsetRange`; R4 plandefinition.html, "Related actions"). An action from which others are counted and
 * which has no time itself begins when the plan is applied. Pure.
 */
import type { Duration, Range, RequestGroupAction, Resource } from '../../kernel/fhir/types.ts';
import { firstDayOf, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { dayOf, dayText, plus, type Span } from './days.ts';
import type { FailAt } from './fail-at.ts';

/** A day, or an instant where hours or minutes are counted. */
type When = string;

interface Times {
  start: When;
  /** Of a range, or of a period that the plan says. */
  end: When | null;
}

export interface AppliedAt {
  /** Instant. */
  now: string;
  /** ISO day; null = not known. */
  birth: string | null;
}

/**
 * @returns the same actions, those that are counted from others with `timingDateTime` or `timingPeriod`
 * @throws Failure at an action whose distances loop, or are of no unit that is counted
 */
export function datedActions(
  actions: readonly RequestGroupAction[],
  at: AppliedAt,
  failAt: FailAt,
): RequestGroupAction[] {
  const all = allOf(actions);
  const byId = new Map(all.flatMap((action) => (action.id ? [[action.id, action] as const] : [])));
  const found = new Map<RequestGroupAction, Times | null>();
  const timesOf = (action: RequestGroupAction, within: readonly RequestGroupAction[]): Times | null => {
    const known = found.get(action);
    if (known !== undefined) return known;
    const place = `PlanDefinition.action(${action.id ?? action.title ?? ''}).relatedAction`;
    if (within.includes(action)) throw failAt(place, 'dẫn vòng về chính nó', 'leads back to itself');
    const counted = (action.relatedAction ?? []).flatMap(
      ({ actionId, relationship, offsetDuration, offsetRange }) => {
        const other = byId.get(actionId);
        const offset = offsetDuration ?? offsetRange;
        // Without a distance only the order is said, which no day follows from.
        if (!other || (!offset && !relationship.startsWith('concurrent'))) return [];
        const from = timesOf(other, [...within, action]) ?? { start: at.now.slice(0, 10), end: null };
        return [{ relationship, times: counting(from, relationship, offset, { at, place, failAt }) }];
      },
    );
    const own = ownTimes(action, at, { place, failAt });
    const times = own ?? latest(counted);
    found.set(action, times);
    return times;
  };
  for (const action of all) timesOf(action, []);
  const dated = (action: RequestGroupAction): RequestGroupAction => {
    const times = hasTiming(action) ? null : (found.get(action) ?? null);
    return {
      ...action,
      ...(times === null
        ? {}
        : times.end === null
          ? { timingDateTime: times.start }
          : { timingPeriod: { start: times.start, end: times.end } }),
      ...(action.action ? { action: action.action.map(dated) } : {}),
    };
  };
  return actions.map(dated);
}

/** What the actions ask for, with their times where they say none of their own. */
export function datedRequests(
  actions: readonly RequestGroupAction[],
  requests: readonly Resource[],
): Resource[] {
  const times = new Map(
    allOf(actions).flatMap(({ resource, timingDateTime, timingPeriod }) =>
      resource?.reference && (timingDateTime || timingPeriod)
        ? [[resource.reference.slice(1), { timingDateTime, timingPeriod }] as const]
        : [],
    ),
  );
  return requests.map((request) => {
    const { timingDateTime, timingPeriod } = times.get(request.id ?? '') ?? {};
    const period = timingPeriod ?? (timingDateTime ? { start: timingDateTime } : null);
    if (period === null) return request;
    if (request.resourceType === 'Task')
      return 'restriction' in request ? request : ({ ...request, restriction: { period } } as Resource);
    if (
      !OCCURRING.has(request.resourceType) ||
      Object.keys(request).some((name) => name.startsWith('occurrence'))
    )
      return request;
    return {
      ...request,
      ...(timingDateTime ? { occurrenceDateTime: timingDateTime } : { occurrencePeriod: period }),
    } as Resource;
  });
}

const OCCURRING = new Set(['ServiceRequest', 'CommunicationRequest', 'DeviceRequest', 'SupplyRequest']);

const allOf = (actions: readonly RequestGroupAction[]): RequestGroupAction[] =>
  actions.flatMap((action) => [action, ...allOf(action.action ?? [])]);

const hasTiming = (action: RequestGroupAction) =>
  Object.keys(action).some((name) => name.startsWith('timing'));

interface Failing {
  place: string;
  failAt: FailAt;
}

/** What the plan says of the action itself; a Timing and a length of time are no day. */
function ownTimes(action: RequestGroupAction, { birth }: AppliedAt, failing: Failing): Times | null {
  const { timingDateTime, timingPeriod, timingAge } = action;
  if (timingDateTime) return { start: timingDateTime, end: null };
  if (timingPeriod?.start) return { start: timingPeriod.start, end: timingPeriod.end ?? null };
  if (timingAge && birth !== null) return { start: moved(birth, timingAge, 1, failing), end: null };
  return null;
}

interface Counting extends Failing {
  at: AppliedAt;
}

function counting(
  from: Times,
  relationship: string,
  offset: Duration | Range | undefined,
  { at, ...failing }: Counting,
): Times {
  const isBefore = relationship.startsWith('before');
  const isAtEnd = relationship.endsWith('end');
  const base = isAtEnd ? (from.end ?? from.start) : from.start;
  if (offset === undefined) return { start: base, end: null };
  const sign = isBefore ? -1 : 1;
  const shift = (by: Duration) => moved(isFine(by) ? instantOf(base, at) : base, by, sign, failing);
  if ('low' in offset || 'high' in offset) {
    const { low, high } = offset as Range;
    const ends = [low, high].flatMap((one) => (one ? [shift(one as Duration)] : [])).sort();
    return { start: ends[0] ?? base, end: ends.length > 1 ? ends.at(-1)! : null };
  }
  return { start: shift(offset as Duration), end: null };
}

/** Of several distances the one that is over last; of those before others the first. */
function latest(counted: readonly { relationship: string; times: Times }[]): Times | null {
  const after = counted.filter(({ relationship }) => !relationship.startsWith('before'));
  const [first, last] = [counted, after].map((all) => [...all].sort((a, b) => order(a.times, b.times)));
  return (last!.at(-1) ?? first![0])?.times ?? null;
}

const order = (a: Times, b: Times) => Date.parse(a.start) - Date.parse(b.start);

const FINE: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000 };
const WHOLE: ReadonlySet<string> = new Set<Span['unit']>(['d', 'wk', 'mo', 'a']);

const unitOf = ({ code, unit }: Duration) => code ?? unit ?? '';
const isFine = (by: Duration) => unitOf(by) in FINE;

/** The moment of a day on which the plan was applied is its hour; of another day its beginning. */
function instantOf(when: When, { now }: AppliedAt): When {
  if (when.includes('T')) return when;
  return when === now.slice(0, 10) ? now : `${firstDayOf(when)}T00:00:00+07:00`;
}

function moved(when: When, by: Duration, sign: 1 | -1, { place, failAt }: Failing): When {
  const value = sign * (by.value ?? Number.NaN);
  const unit = unitOf(by);
  if (!Number.isFinite(value) || (!(unit in FINE) && !(WHOLE.has(unit) && Number.isInteger(value))))
    throw failAt(
      place,
      `khoảng cách "${by.value ?? ''} ${unit}" không đếm được: dùng số nguyên d, wk, mo, a, hoặc h, min, s`,
      `"${by.value ?? ''} ${unit}" cannot be counted: whole d, wk, mo, a, or h, min, s`,
    );
  if (unit in FINE) return vietnamInstant(new Date(Date.parse(when) + value * FINE[unit]!));
  const day = dayText(plus(dayOf(firstDayOf(when))!, { value, unit: unit as Span['unit'] }));
  return when.includes('T') ? `${day}${when.slice(10)}` : day;
}
