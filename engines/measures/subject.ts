/** What one person counts in a group: memberships, observations, strata. Pure. */

import { singleOf } from '../../kernel/fhir/path/index.ts';
import { atPlace, refusedAt, type Subject } from '../../kernel/fhir/person/index.ts';
import type { CodeableConcept, Resource } from '../../kernel/fhir/types.ts';
import type { Criterion } from './criterion.ts';
import { type Items, type Membership, membershipOf, SELF } from './membership.ts';
import type { PlannedGroup, PlannedPopulation, PlannedStratifier } from './plan.ts';
import { conceptOf, keyOf, type Measured, measuredOf, UNKNOWN } from './value.ts';

export interface Observed extends Measured {
  item: string;
}

export interface SubjectStratum {
  /** One value of each part of the stratifier. */
  values: CodeableConcept[];
  items: Set<string>;
}

export interface SubjectResult {
  membership: Membership;
  /** Of each population that observes, by its place in the group. */
  observed: ReadonlyMap<number, readonly Observed[]>;
  /** Of each stratifier: strata by key. */
  strata: readonly ReadonlyMap<string, SubjectStratum>[];
}

/**
 * Null for who is in no initial population.
 * @throws Failure `business-rule` or `too-costly` with the place of the criterion
 */
export function resultOf(group: PlannedGroup, subject: Subject): SubjectResult | null {
  const resources = new Map<string, Resource>([[SELF, subject.patient]]);
  const met = group.populations.map((population) =>
    population.code === 'initial-population'
      ? itemsOf(group, population, subject, resources)
      : new Set<string>(),
  );
  if (met.every((items) => items.size === 0)) return null;
  for (const [at, population] of group.populations.entries()) {
    if (population.code !== 'initial-population' && population.code !== 'measure-observation')
      met[at] = itemsOf(group, population, subject, resources);
  }
  const membership = membershipOf(group.scoring, group.populations, met);
  const observed = new Map<number, Observed[]>();
  for (const [at, population] of group.populations.entries()) {
    if (population.code === 'measure-observation')
      observed.set(at, observe(population, membership.sets[at]!, subject, resources));
  }
  const everything = new Set(membership.sets.flatMap((items) => [...items]));
  const strata = group.stratifiers.map((one) => strataOf(one, group, everything, subject));
  return { membership, observed, strata };
}

/** Items that meet a criterion; its resources are remembered by their names. */
function itemsOf(
  group: PlannedGroup,
  { criterion }: PlannedPopulation,
  subject: Subject,
  resources: Map<string, Resource>,
): Set<string> {
  const values = criterion.values(subject, subject.patient);
  if (group.basis === 'boolean') return new Set(isMet(criterion, values) ? [SELF] : []);
  const items = new Set<string>();
  for (const value of values) {
    const name = nameOf(value, group.basis);
    if (name === null)
      throw refusedAt(
        criterion.place,
        `phải cho các ${group.basis} (populationBasis), nhưng cho giá trị khác`,
        `must give resources of the population basis ${group.basis}, but gives something else`,
      );
    resources.set(name, value as Resource);
    items.add(name);
  }
  return items;
}

/** FHIRPath "Singleton evaluation"; a query is met by whatever it finds. */
function isMet({ place, isQuery }: Criterion, values: readonly unknown[]): boolean {
  if (isQuery) return values.length > 0;
  const value = atPlace(place, () => singleOf(values, place));
  return value !== null && value !== false;
}

function nameOf(value: unknown, type: string): string | null {
  const { resourceType, id } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<Resource>;
  return resourceType === type && id !== undefined ? `${type}/${id}` : null;
}

function observe(
  { criterion }: PlannedPopulation,
  items: Items,
  subject: Subject,
  resources: ReadonlyMap<string, Resource>,
): Observed[] {
  const found: Observed[] = [];
  for (const item of items) {
    const values = criterion.values(subject, resources.get(item)!);
    const value = atPlace(criterion.place, () => singleOf(values, criterion.place));
    if (value === null) continue;
    const measured = measuredOf(value);
    if (measured === null)
      throw refusedAt(criterion.place, 'phải cho một số hoặc Quantity', 'must give a number or a Quantity');
    found.push({ item, ...measured });
  }
  return found;
}

/** Every item stands in one stratum of the stratifier. */
function strataOf(
  stratifier: PlannedStratifier,
  group: PlannedGroup,
  items: Items,
  subject: Subject,
): Map<string, SubjectStratum> {
  const strata = new Map<string, SubjectStratum>();
  if (items.size === 0) return strata;
  const valueAt = stratifier.parts.map(({ criterion }) => valuesOf(criterion, group, subject));
  for (const item of items) {
    const values = valueAt.map((one) => one(item));
    const key = values.map(keyOf).join('\n');
    const stratum = strata.get(key) ?? { values, items: new Set() };
    stratum.items.add(item);
    strata.set(key, stratum);
  }
  return strata;
}

/** A value of the person holds for all items; resources of the basis divide the items into those that are among them and the others. */
function valuesOf(
  criterion: Criterion,
  { basis }: PlannedGroup,
  subject: Subject,
): (item: string) => CodeableConcept {
  const values = criterion.values(subject, subject.patient);
  if (basis !== 'boolean' && criterion.type === basis) {
    const names = new Set(values.map((value) => nameOf(value, basis)));
    return (item) => ({ text: String(names.has(item)) });
  }
  if (criterion.isQuery) return () => ({ text: String(values.length > 0) });
  const value = atPlace(criterion.place, () => singleOf(values, criterion.place));
  if (value === null) return () => UNKNOWN;
  const concept = conceptOf(value);
  if (concept) return () => concept;
  throw refusedAt(
    criterion.place,
    'phải cho một mã hoặc giá trị đơn giản để chia nhóm',
    'must give a code or a simple value to divide by',
  );
}
