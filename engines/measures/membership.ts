/**
 * Which items of one subject stand in which population, by set arithmetic. An item is the subject itself (population basis
 * boolean) or one of its resources. Pure. Quality Measure IG, "Measure Scoring": proportion, ratio, continuous variable, cohort.
 */
import type { PopulationCode, Scoring } from './scoring.ts';

export type Items = ReadonlySet<string>;

/** The one item of basis boolean. */
export const SELF = '';

/** One population of a group as far as arithmetic needs it. */
export interface Part {
  code: PopulationCode;
  /** Of numerator and denominator: place of its initial population in the list. Of an observation: of what it observes. */
  of: number | null;
}

/** What a score is made of. */
export type Scored = 'numerator' | 'denominator' | 'measure-population';

export interface Membership {
  /** In the order of the parts. An observation's are the items that it is made on. */
  sets: readonly Items[];
  /** Without exclusions and exceptions. */
  scored: Readonly<Record<Scored, Items>>;
}

const NOTHING: Items = new Set();

/** @param met items that meet the criterion of each part, in the order of the parts; ignored for observations */
export function membershipOf(scoring: Scoring, parts: readonly Part[], met: readonly Items[]): Membership {
  const sets: Items[] = parts.map(() => NOTHING);
  const put = (code: PopulationCode, items: (own: Items, at: number) => Items): Items => {
    const at = parts.findIndex((part) => part.code === code);
    if (at < 0) return NOTHING;
    sets[at] = items(met[at]!, at);
    return sets[at];
  };
  const initial = (at: number) => sets[parts[at]!.of ?? parts.findIndex(isInitial)]!;
  for (const [at, part] of parts.entries()) if (isInitial(part)) sets[at] = met[at]!;

  const denominator = put('denominator', (own, at) => both(own, initial(at)));
  const excluded = put('denominator-exclusion', (own) => both(own, denominator));
  const kept = without(denominator, excluded);
  const numerator = put('numerator', (own, at) => both(own, scoring === 'proportion' ? kept : initial(at)));
  const numeratorExcluded = put('numerator-exclusion', (own) => both(own, numerator));
  const excepted = put('denominator-exception', (own) => without(both(own, kept), numerator));
  const measured = put('measure-population', (own, at) => both(own, initial(at)));
  const measuredExcluded = put('measure-population-exclusion', (own) => both(own, measured));

  const scored = {
    numerator: without(numerator, numeratorExcluded),
    denominator: without(kept, excepted),
    'measure-population': without(measured, measuredExcluded),
  };
  for (const [at, { code, of }] of parts.entries())
    if (code === 'measure-observation') sets[at] = scored[observedBy(of === null ? null : parts[of]!.code)];
  return { sets, scored };
}

export function both(a: Items, b: Items): Items {
  if (a.size === 0 || b.size === 0) return NOTHING;
  return new Set([...a].filter((item) => b.has(item)));
}

function without(a: Items, b: Items): Items {
  return a.size === 0 || b.size === 0 ? a : new Set([...a].filter((item) => !b.has(item)));
}

const isInitial = ({ code }: Part) => code === 'initial-population';

/** What an observation is made on, by the population that it names. */
export function observedBy(code: PopulationCode | null): Scored {
  return code === 'numerator' || code === 'denominator' ? code : 'measure-population';
}
