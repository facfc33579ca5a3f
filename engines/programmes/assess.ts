/** Which doses of a person count in a path of a series, and why the others do not. Pure; order of input does not matter. */
import { type Day, minus, plus } from './days.ts';
import type { Dose } from './facts.ts';
import type { Campaign, DoseRule, Path, Product, Programme, Series } from './model.ts';
import { type AnchorDay, type Dates, datesOf } from './windows.ts';

/** Why a dose does not count. */
export type Fault =
  | 'too-early'
  | 'interval'
  | 'too-late'
  | 'expired-lot'
  | 'wrong-product'
  | 'not-in-product'
  | 'product-age'
  | 'spacing';

export interface Judged {
  dose: Dose;
  /** `extra`: nothing was missing; it does no harm. */
  verdict: 'valid' | 'invalid' | 'extra';
  /** Of the rule it counts for, or was judged by. */
  label: string;
  faults: readonly Fault[];
  /** First day on which it would have counted, when it came too soon. */
  notBefore: Day | null;
}

/** How far a person has come on a path. */
export interface Standing {
  path: Path;
  judged: readonly Judged[];
  /** Index of the rule that is next; the number of rules = complete. */
  next: number;
  lastValid: Day | null;
  /** Last dose that did not count, after the last valid one. */
  lastInvalid: Day | null;
}

/** What judging needs to know besides the doses. */
export interface Setting {
  programme: Programme;
  products: ReadonlyMap<string, Product>;
  birth: Day;
  anchorDay: AnchorDay;
  /** Days of doses of each spacing group, rising. */
  spaced: ReadonlyMap<string, readonly Day[]>;
}

/** A dose with its product, when that is known. */
export interface Given {
  dose: Dose;
  product: Product | null;
}

/** Doses by day, then by what they are: the same for any order of input. */
export function inOrder(doses: readonly Dose[], products: ReadonlyMap<string, Product>): Given[] {
  const key = (dose: Dose) => `${dose.products.join()}|${dose.id}`;
  return [...doses]
    .sort((a, b) => a.day - b.day || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
    .map((dose) => ({ dose, product: productOf(dose, products) }));
}

/** Doses that hold or claim each component, in their order: most doses of a person concern few of the series. */
export function byComponent(given: readonly Given[]): ReadonlyMap<string, readonly Given[]> {
  const found = new Map<string, Given[]>();
  for (const one of given) {
    const { dose, product } = one;
    for (const component of new Set([
      ...(product?.components ?? []),
      ...dose.claims.map((claim) => claim.component),
    ])) {
      const known = found.get(component);
      if (known) known.push(one);
      else found.set(component, [one]);
    }
  }
  return found;
}

function productOf(dose: Dose, products: ReadonlyMap<string, Product>): Product | null {
  for (const code of dose.products) {
    const product = products.get(code);
    if (product) return product;
  }
  return null;
}

/** Days of doses of each spacing group, rising. */
export function spacedDays(given: readonly Given[]): Map<string, Day[]> {
  const days = new Map<string, Day[]>();
  for (const { dose, product } of given) {
    const group = product?.spacing;
    if (group) days.set(group, [...(days.get(group) ?? []), dose.day]);
  }
  return days;
}

/** @param given what holds or claims the component, in order, until the day of judgement */
export function walk(series: Series, path: Path, given: readonly Given[], setting: Setting): Standing {
  const judged: Judged[] = [];
  let next = 0;
  let lastValid: Day | null = null;
  // What was given before a campaign belongs to the routine: it keeps its distance, and counts for nothing here.
  const begins = setting.programme.campaign?.from ?? null;
  const before = begins === null ? undefined : given.findLast(({ dose }) => dose.day < begins);
  let lastInvalid: Day | null = before?.dose.day ?? null;
  for (const { dose, product } of given) {
    if (begins !== null && dose.day < begins) continue;
    const claim = dose.claims.find(({ component }) => component === series.component);
    const held = product ? product.components.includes(series.component) : claim !== undefined;
    const isAnother = claim?.alike.some((one) => product?.components.includes(one)) ?? true;
    if (!held && isAnother) continue;
    next = passOver(path, next, dose.day, lastValid, setting);
    const rule = path.doses[next];
    if (!held) {
      judged.push({
        dose,
        verdict: 'invalid',
        label: rule?.label ?? '',
        faults: ['not-in-product'],
        notBefore: null,
      });
      continue;
    }
    if (rule === undefined || dose.day === lastValid) {
      judged.push({ dose, verdict: 'extra', label: '', faults: [], notBefore: null });
      continue;
    }
    const { faults, notBefore } = judge(
      dose,
      product,
      { series, rule, lastValid, lastInvalid: lastInvalid === dose.day ? null : lastInvalid },
      setting,
    );
    judged.push({
      dose,
      verdict: faults.length === 0 ? 'valid' : 'invalid',
      label: rule.label,
      faults,
      notBefore,
    });
    if (faults.length > 0) {
      lastInvalid = dose.day;
    } else {
      next += 1;
      lastValid = dose.day;
      lastInvalid = null;
    }
  }
  return { path, judged, next, lastValid, lastInvalid };
}

/** Optional doses whose time was over on a day are left out, as long as another follows. */
export function passOver(
  path: Path,
  from: number,
  day: Day,
  lastValid: Day | null,
  setting: Setting,
): number {
  let next = from;
  for (;;) {
    const rule = path.doses[next];
    if (!rule?.optional || next + 1 >= path.doses.length) return next;
    const latest = ruleDates(rule, lastValid, setting)?.latest ?? null;
    if (latest === null || day <= latest) return next;
    next += 1;
  }
}

/** The dose's own windows, without the intervals to others. */
export function ruleDates(rule: DoseRule, lastValid: Day | null, setting: Setting): Dates | null {
  const anchor: AnchorDay = (key) => (key === 'previous' ? lastValid : setting.anchorDay(key));
  const dates = datesOf(rule.windows, anchor, setting.birth);
  return dates && withinCampaign(dates, setting.programme.campaign);
}

/** In a campaign a dose is due from its first day, and not after its last. */
function withinCampaign(dates: Dates, campaign: Campaign | null): Dates {
  if (campaign === null) return dates;
  const earliest = Math.max(dates.earliest, campaign.from);
  const due = Math.max(dates.due, earliest);
  const latest = dates.latest === null ? campaign.to : Math.min(dates.latest, campaign.to);
  return { earliest, due, overdue: Math.max(due, campaign.to), latest };
}

/** Not before the interval to the valid dose, and to one that has to be repeated; null = neither. */
export function intervalFloor(
  series: Series,
  rule: DoseRule,
  { lastValid, lastInvalid }: Pick<Standing, 'lastValid' | 'lastInvalid'>,
): Day | null {
  const floors = [
    ...(lastValid !== null && rule.interval ? [plus(lastValid, rule.interval)] : []),
    ...(lastInvalid !== null ? [plus(lastInvalid, rule.interval ?? series.repeat)] : []),
  ];
  return floors.length === 0 ? null : Math.max(...floors);
}

interface At extends Pick<Standing, 'lastValid' | 'lastInvalid'> {
  series: Series;
  rule: DoseRule;
}

function judge(dose: Dose, product: Product | null, at: At, setting: Setting) {
  const { series, rule, lastValid } = at;
  const { grace } = setting.programme;
  const faults: Fault[] = [];
  let notBefore: Day | null = null;
  const dates = ruleDates(rule, lastValid, setting);
  const early = (floor: Day | null, fault: Fault) => {
    if (floor === null || dose.day >= minus(floor, grace)) return;
    faults.push(fault);
    notBefore = Math.max(notBefore ?? floor, floor);
  };
  early(dates?.earliest ?? null, 'too-early');
  early(intervalFloor(series, rule, at), 'interval');
  if (dates?.latest != null && dose.day > dates.latest) faults.push('too-late');
  if (product && !fitsAge(product, dose.day, setting.birth)) faults.push('product-age');
  if (rule.only && !dose.products.some((code) => rule.products.includes(code))) faults.push('wrong-product');
  if (dose.expires !== null && dose.expires < dose.day) faults.push('expired-lot');
  if (product?.spacing) {
    const before = lastSpaced(product.spacing, dose.day, setting);
    early(before === null ? null : before + setting.programme.spacingDays, 'spacing');
  }
  return { faults, notBefore };
}

/** The last day before this one on which something of the group was given. */
export function lastSpaced(group: string, day: Day, { spaced }: Setting): Day | null {
  return (spaced.get(group) ?? []).filter((one) => one < day).at(-1) ?? null;
}

export function fitsAge(product: Product, day: Day, birth: Day): boolean {
  const { ageFrom, ageTo } = product;
  return (!ageFrom || day >= plus(birth, ageFrom)) && (!ageTo || day <= plus(birth, ageTo));
}
