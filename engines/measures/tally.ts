/** Counts of a group, person after person; memory grows with strata and lists, not with persons. */
import { refusedAt } from '../../kernel/fhir/person/index.ts';
import type { CodeableConcept } from '../../kernel/fhir/types.ts';
import { type Items, observedBy } from './membership.ts';
import type { PlannedGroup } from './plan.ts';
import { tooCostly } from './refusal.ts';
import { aggregated } from './scoring.ts';
import type { SubjectResult } from './subject.ts';

/** Strata of one stratifier; entries of all lists of a report. */
const MOST_STRATA = 1_000;
const MOST_LISTED = 200_000;

/** Entries of lists that one report may still take. */
export class Room {
  #left = MOST_LISTED;

  /** @throws Failure `too-costly` */
  take(): void {
    this.#left -= 1;
    if (this.#left < 0)
      throw tooCostly(
        `Danh sách người dài hơn ${MOST_LISTED} dòng. Hãy dùng reportType=population, hoặc subject=Group/… nhỏ hơn.`,
        `The lists of persons have more than ${MOST_LISTED} entries: use reportType=population, or a smaller subject=Group/….`,
      );
  }
}

export interface Score {
  /** Null when it is divided by nothing, or made of nothing. */
  value: number | null;
  unit: string;
}

/** Counts of a group, or of one stratum of it. */
export class Tally {
  readonly counts: number[];
  /** Persons of each population, when they are asked for; in the order in which they came. */
  readonly persons: Set<string>[] | null;
  readonly #group: PlannedGroup;
  readonly #room: Room | null;
  readonly #scored = { numerator: 0, denominator: 0 };
  readonly #observed: number[][];
  readonly #units: (string | undefined)[] = [];

  /** @param room of lists; null when none are asked for */
  constructor(group: PlannedGroup, room: Room | null) {
    this.#group = group;
    this.#room = room;
    this.counts = group.populations.map(() => 0);
    this.#observed = group.populations.map(() => []);
    this.persons = room && group.populations.map(() => new Set());
  }

  /** @param within only these items; null = all. @throws Failure `business-rule` for units that do not go together */
  add({ membership, observed }: SubjectResult, person: string, within: Items | null): void {
    for (const [at, items] of membership.sets.entries()) {
      const values = observed.get(at)?.filter(({ item }) => within === null || within.has(item));
      const count = values ? values.length : sizeWithin(items, within);
      this.counts[at]! += count;
      if (count > 0) this.#list(at, person);
      for (const { value, unit } of values ?? []) this.#observe(at, value, unit);
    }
    this.#scored.numerator += sizeWithin(membership.scored.numerator, within);
    this.#scored.denominator += sizeWithin(membership.scored.denominator, within);
  }

  #list(at: number, person: string): void {
    const persons = this.persons?.[at];
    if (!persons || persons.has(person)) return;
    this.#room?.take();
    persons.add(person);
  }

  #observe(at: number, value: number, unit: string): void {
    this.#observed[at]!.push(value);
    const known = this.#units[at] ?? unit;
    this.#units[at] = known;
    if (known === unit) return;
    throw refusedAt(
      `${this.#group.populations[at]!.place}.criteria`,
      `cho các đơn vị khác nhau ("${known}", "${unit}"), không gộp được`,
      `gives values in different units ("${known}", "${unit}"), which cannot be put together`,
    );
  }

  /** Null for a cohort, which has no score. */
  score(): Score | null {
    switch (this.#group.scoring) {
      case 'cohort':
        return null;
      case 'proportion':
        return quotient(
          { value: this.#scored.numerator, unit: '' },
          { value: this.#scored.denominator, unit: '' },
        );
      case 'ratio':
        return quotient(this.#side('numerator'), this.#side('denominator'));
      case 'continuous-variable':
        return this.#aggregate(
          this.#group.populations.findIndex(({ code }) => code === 'measure-observation'),
        );
    }
  }

  /** What is observed of a side of the ratio, else how many there are. */
  #side(side: 'numerator' | 'denominator'): Score {
    const { populations } = this.#group;
    const at = populations.findIndex(
      ({ code, of }) =>
        code === 'measure-observation' && observedBy(of === null ? null : populations[of]!.code) === side,
    );
    return at < 0 ? { value: this.#scored[side], unit: '' } : this.#aggregate(at);
  }

  #aggregate(at: number): Score {
    const { aggregate } = this.#group.populations[at]!;
    const unit = aggregate === 'count' ? '' : (this.#units[at] ?? '');
    return { value: aggregated(this.#observed[at]!, aggregate), unit };
  }
}

/** Null where the denominator is nothing. */
function quotient(numerator: Score, denominator: Score): Score {
  const { value: above } = numerator;
  const { value: below } = denominator;
  return { value: above === null || !below ? null : above / below, unit: '' };
}

function sizeWithin(items: Items, within: Items | null): number {
  if (within === null) return items.size;
  let size = 0;
  for (const item of items) if (within.has(item)) size += 1;
  return size;
}

export interface Stratum {
  values: CodeableConcept[];
  tally: Tally;
}

/** A group with its strata. */
export class GroupTally {
  readonly total: Tally;
  readonly strata: Map<string, Stratum>[];
  readonly #group: PlannedGroup;
  readonly #room: Room | null;

  constructor(group: PlannedGroup, room: Room | null) {
    this.#group = group;
    this.#room = room;
    this.total = new Tally(group, room);
    this.strata = group.stratifiers.map(() => new Map());
  }

  add(result: SubjectResult, person: string): void {
    this.total.add(result, person, null);
    for (const [at, own] of result.strata.entries()) {
      for (const [key, { values, items }] of own)
        this.#stratum(at, key, values).tally.add(result, person, items);
    }
  }

  #stratum(at: number, key: string, values: CodeableConcept[]): Stratum {
    const strata = this.strata[at]!;
    const known = strata.get(key);
    if (known) return known;
    if (strata.size >= MOST_STRATA)
      throw refusedAt(
        this.#group.stratifiers[at]!.place,
        `chia thành hơn ${MOST_STRATA} nhóm`,
        `divides into more than ${MOST_STRATA} strata`,
      );
    const made = { values, tally: new Tally(this.#group, this.#room) };
    strata.set(key, made);
    return made;
  }
}
