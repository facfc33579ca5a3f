/**
 * When the next dose of each series may be, should be and is late; and which product. Products hold several components: one is
 * proposed on a day on which it counts for each of its series that still needs one, so that keeping an appointment never spoils
 * another series. Pure.
 */
import {
  byComponent,
  fitsAge,
  type Given,
  inOrder,
  intervalFloor,
  type Judged,
  passOver,
  ruleDates,
  type Setting,
  type Standing,
  spacedDays,
  walk,
} from './assess.ts';
import { type Day, plus } from './days.ts';
import { daysAt, type Facts, holds } from './facts.ts';
import type { DoseRule, Product, Programme, Series } from './model.ts';
import { type AnchorDay, type Dates, withFloor } from './windows.ts';

export type SeriesStatus =
  | 'complete'
  | 'immune'
  | 'contraindicated'
  | 'deferred'
  | 'due'
  | 'overdue'
  | 'not-yet-due'
  | 'aged-out'
  | 'not-applicable';

/** A dose that is still to come. */
export interface NextDose extends Dates {
  label: string;
  title: string;
  /** What would be given, `system|code`; null = whatever holds the component. */
  product: string | null;
}

export interface SeriesCourse {
  key: string;
  title: string;
  component: string;
  componentTitle: string;
  status: SeriesStatus;
  path: string;
  /** Every dose that holds or claims the component, in order of day. */
  judged: readonly Judged[];
  /** Doses of the path that are valid, and all of it. */
  valid: number;
  total: number;
  /** What is still to come, each as if the one before were given when it is due. */
  next: readonly NextDose[];
  /** Why it is contraindicated, immune or put off. */
  reason: string;
  /** Put off until. */
  until: Day | null;
}

interface Open {
  series: Series;
  standing: Standing;
  rule: DoseRule;
  dates: Dates;
  product: Product | null;
}

/** @param day on which it is judged; later doses are not looked at */
export function forecast(
  programme: Programme,
  products: ReadonlyMap<string, Product>,
  facts: Facts,
  anchorDay: AnchorDay,
  day: Day,
): SeriesCourse[] {
  const { birth } = facts;
  if (birth === null) return [];
  const given = inOrder(
    facts.doses.filter((dose) => dose.day <= day),
    products,
  );
  const setting: Setting = { programme, products, birth, anchorDay, spaced: spacedDays(given) };
  const concerning = byComponent(given);
  const standings = programme.series.map((series) =>
    standingOf(series, concerning.get(series.component) ?? NONE, facts, setting, day),
  );
  const open = programme.series.map((series, at) => openOf(series, standings[at]!, facts, setting, day));
  const placed = open.map((one) => one && place(one, open, setting, day));
  return programme.series.map((series, at) =>
    courseOf(series, standings[at]!, placed[at] ?? null, { facts, setting, day }),
  );
}

const NONE: readonly Given[] = [];

/** A path that is complete, else one that is still possible; of several the one on which most doses count, then the first. */
function standingOf(
  series: Series,
  given: readonly Given[],
  facts: Facts,
  setting: Setting,
  day: Day,
): Standing {
  const paths = series.paths.filter((path) => path.applies.every(({ place: at }) => holds(facts, at)));
  const standings = (paths.length > 0 ? paths : series.paths.slice(0, 1)).map((path) =>
    walk(series, path, given, setting),
  );
  const complete = standings.filter(({ path, next }) => next >= path.doses.length);
  const possible = standings.filter((one) => !isOver(one, setting, day));
  const best = [complete, possible, standings].find(({ length }) => length > 0)!;
  return best.reduce((a, b) => (validOf(b) > validOf(a) ? b : a));
}

const validOf = ({ judged }: Standing) => judged.filter(({ verdict }) => verdict === 'valid').length;

function isOver(standing: Standing, setting: Setting, day: Day): boolean {
  const next = passOver(standing.path, standing.next, day, standing.lastValid, setting);
  const rule = standing.path.doses[next];
  const latest = rule && ruleDates(rule, standing.lastValid, setting)?.latest;
  return latest != null && latest < day;
}

/** The next dose with its own dates; null when none is to come. */
function openOf(series: Series, standing: Standing, facts: Facts, setting: Setting, day: Day): Open | null {
  if (!series.applies.every(({ place: at }) => holds(facts, at))) return null;
  const from = passOver(standing.path, standing.next, day, standing.lastValid, setting);
  const rule = standing.path.doses[from];
  if (!rule?.applies.every(({ place: at }) => holds(facts, at))) return null;
  const own = ruleDates(rule, standing.lastValid, setting);
  if (own === null) return null;
  const floor = Math.max(
    own.earliest,
    intervalFloor(series, rule, standing) ?? own.earliest,
    ...deferrals(series, facts, day),
  );
  const dates = withFloor(own, floor, 'kept');
  if (dates.latest !== null && dates.latest < Math.max(day, dates.earliest)) return null;
  return { series, standing: { ...standing, next: from }, rule, dates, product: null };
}

function deferrals(series: Series, facts: Facts, day: Day): Day[] {
  return series.deferred.flatMap(({ place: at }) => daysAt(facts, at).filter((until) => until > day));
}

/** Chooses the product, and moves the dose to a day on which it counts for all that it is for. */
function place(open: Open, all: readonly (Open | null)[], setting: Setting, day: Day): Open {
  const { rule, series, dates } = open;
  const choices = rule.products
    .map((code) => setting.products.get(code))
    .filter((product) => product?.components.includes(series.component))
    .map((product) => ({ product: product!, earliest: floorOf(product!, open, all, setting, day) }));
  const fitting = choices.filter(({ product, earliest }) =>
    fitsAge(product, Math.max(dates.due, earliest, day), setting.birth),
  );
  const [first, ...others] = fitting;
  if (first === undefined) return open;
  const soonest = others.reduce(
    (a, b) => (Math.max(b.earliest, dates.due) < Math.max(a.earliest, dates.due) ? b : a),
    first,
  );
  const moved = withFloor(dates, soonest.earliest, 'kept');
  return { ...open, product: soonest.product, dates: moved };
}

function floorOf(
  product: Product,
  { dates }: Open,
  all: readonly (Open | null)[],
  setting: Setting,
  day: Day,
): Day {
  const others = all.flatMap((one) =>
    one && product.components.includes(one.series.component) ? [one.dates.earliest] : [],
  );
  const age = product.ageFrom ? plus(setting.birth, product.ageFrom) : dates.earliest;
  const spaced = spacedFloor(product, setting, day) ?? dates.earliest;
  return Math.max(dates.earliest, age, spaced, ...others);
}

/** On the day of another of its group, or so long after the last; null = nothing of the group was given. */
function spacedFloor({ spacing }: Product, { spaced, programme }: Setting, day: Day): Day | null {
  const days = (spacing && spaced.get(spacing)) || [];
  const last = days.at(-1);
  if (last === undefined) return null;
  const before = days.filter((one) => one < day).at(-1);
  const isFree = before === undefined || before + programme.spacingDays <= day;
  return last === day && isFree ? day : last + programme.spacingDays;
}

interface Circumstances {
  facts: Facts;
  setting: Setting;
  day: Day;
}

function courseOf(series: Series, standing: Standing, open: Open | null, about: Circumstances): SeriesCourse {
  const { facts, setting, day } = about;
  const told = (questions: Series['immune']) => questions.find(({ place: at }) => holds(facts, at))?.says;
  const until = Math.max(...deferrals(series, facts, day), 0) || null;
  const complete = standing.next >= standing.path.doses.length;
  const contraindicated = told(series.contraindicated);
  const immune = told(series.immune);
  const stops = complete || immune !== undefined || contraindicated !== undefined;
  const next = stops || open === null ? [] : upcoming(open, setting, day, facts);
  const status = (): SeriesStatus => {
    if (complete) return 'complete';
    if (immune !== undefined) return 'immune';
    if (contraindicated !== undefined) return 'contraindicated';
    const [first] = next;
    if (!first)
      return isOver(standing, setting, day) || wasPossible(series, facts) ? 'aged-out' : 'not-applicable';
    if (until !== null && until > day && first.earliest >= until) return 'deferred';
    return first.due > day ? 'not-yet-due' : first.overdue < day ? 'overdue' : 'due';
  };
  return {
    key: series.key,
    title: series.title,
    component: series.component,
    componentTitle: series.componentTitle,
    status: status(),
    path: standing.path.key,
    judged: standing.judged,
    valid: validOf(standing),
    total: standing.path.doses.length,
    next,
    reason: contraindicated ?? immune ?? (until === null ? '' : (told(series.deferred) ?? '')),
    until,
  };
}

/** Nothing is to come: because the time is over, or because nobody asked it of this person. */
function wasPossible(series: Series, facts: Facts): boolean {
  return (
    series.applies.every(({ place: at }) => holds(facts, at)) &&
    series.paths.some(({ doses }) => doses.every(({ applies }) => applies.length === 0))
  );
}

/** The next dose, and those after it as if each were given when it is due (today, when that is over). */
function upcoming(open: Open, setting: Setting, day: Day, facts: Facts): NextDose[] {
  const { series, standing } = open;
  const first = nextDose(open.rule, open.dates, open.product?.code ?? null);
  const doses = [first];
  let given = Math.max(first.due, day);
  for (let at = standing.next + 1; at < standing.path.doses.length; at += 1) {
    const rule = standing.path.doses[at]!;
    if (!rule.applies.every(({ place: where }) => holds(facts, where))) break;
    const own = ruleDates(rule, given, setting);
    if (own === null) break;
    const floor = intervalFloor(series, rule, { lastValid: given, lastInvalid: null }) ?? own.earliest;
    const dates = withFloor(own, Math.max(floor, own.earliest), 'kept');
    if (dates.latest !== null && dates.latest < dates.earliest) break;
    doses.push(nextDose(rule, dates, productFor(rule, dates.due, setting)));
    given = dates.due;
  }
  return doses;
}

function productFor(rule: DoseRule, day: Day, { products, birth }: Setting): string | null {
  const known = rule.products.flatMap((code) => products.get(code) ?? []);
  return (known.find((product) => fitsAge(product, day, birth)) ?? known[0])?.code ?? null;
}

function nextDose(rule: DoseRule, dates: Dates, product: string | null): NextDose {
  return { ...dates, label: rule.label, title: rule.title, product };
}
