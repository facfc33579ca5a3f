/**
 * A change of one answer and what follows from it: rules are asked again in the order of their ranks, each only where something
 * that it stands on has changed.
 */

import { Box } from '../../../kernel/fhir/path/index.ts';
import { truthOf } from '../../../kernel/fhir/path/nodes.ts';
import type { QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import { answerFrom, areSameValues, isObject, isSameValue } from '../answer.ts';
import { isEnabled } from '../enable.ts';
import type { Edge, Plan } from '../plan.ts';
import { type Question, withDescendants } from '../question.ts';
import { isPerOccurrence, type Rule } from '../rule.ts';
import { Evaluator } from './evaluate.ts';
import { enclosing, Field, fieldsOf, fieldsUnder, Occurrence, occurrencesOf } from './tree.ts';
import type { FormStart, Value } from './types.ts';
import { fixedUnit } from './units.ts';

/** How often one rule is asked again after one change, in a form whose rules stand on themselves. */
const ROUNDS = 20;

export class Engine {
  readonly plan: Plan;
  readonly root: Occurrence;
  readonly evaluator: Evaluator;
  /** Fields whose state is to be made anew. */
  readonly changed = new Set<Field>();
  readonly #head: Partial<QuestionnaireResponse>;
  #response: QuestionnaireResponse | null = null;
  #responseItems: unknown = null;
  /** Rules to ask, with the occurrences in which. */
  #pending = new Map<Rule, Set<Occurrence>>();
  /** Initial values are given while the form is opened, and to repeats that are added. */
  #initialIn: Occurrence | null = null;
  isLooping = false;

  /** Answers are taken as they are: nothing is filled in or calculated, and what stands on more than is known is not asked. */
  readonly #isFrozen: boolean;
  readonly #handed: ReadonlySet<string>;
  readonly #showsAsides: boolean;

  constructor(plan: Plan, start: FormStart, head: Partial<QuestionnaireResponse>, isFrozen = false) {
    this.plan = plan;
    this.#isFrozen = isFrozen;
    this.#handed = new Set(Object.keys(start.context ?? {}));
    this.#showsAsides = start.asides === true;
    this.#head = head;
    this.root = new Occurrence(null, plan.questions.root, '');
    this.evaluator = new Evaluator(plan, start, this.root, () => this.response);
  }

  /** The response as expressions see it. */
  get response(): QuestionnaireResponse {
    const { items } = this.root;
    if (!this.#response || this.#responseItems !== items) {
      this.#responseItems = items;
      this.#response = {
        resourceType: 'QuestionnaireResponse',
        status: 'in-progress',
        ...this.#head,
        ...(items.length > 0 ? { item: [...items] } : {}),
      };
    }
    return this.#response;
  }

  /** Asks every rule. @param initial whether initial values are given */
  settle(initial: boolean, within: Occurrence = this.root): void {
    this.#initialIn = initial ? within : null;
    for (const rule of this.plan.rules)
      if (within === this.root || rule.holder.lineage.includes(within.question)) this.#await(rule, within);
    this.#run();
    this.#initialIn = null;
  }

  /** Asks again whatever names a search that has been answered. */
  askQueries(): void {
    for (const rule of this.plan.rules) if (rule.compiled?.language === 'query') this.#await(rule, this.root);
    this.#run();
  }

  /** @returns whether the values are others than before */
  setValues(field: Field, values: readonly Value[]): boolean {
    if (!this.#assign(field, values)) return false;
    this.#run();
    return true;
  }

  /** Values given before the rules are asked for the first time. */
  give(field: Field, values: readonly Value[]): void {
    this.#assign(field, values);
  }

  /**
   * A calculated answer of a response that differs from what is calculated now was overwritten by a person (SDC), unless nobody
   * can write there.
   */
  restore(field: Field): void {
    const { stored } = field;
    field.stored = null;
    if (field.computed === null || stored === null || stored.length === 0) return;
    if (field.question.item.readOnly === true || areSameValues(stored, field.computed)) return;
    field.edited = true;
    this.setValues(field, stored);
  }

  /** Gives written initial values to an occurrence that was born while answering. */
  onBorn: (made: Occurrence) => void = () => undefined;

  /** After a repeat was added or taken away. */
  repeatsChanged(field: Field, added: Occurrence | null): void {
    this.#forget(field);
    this.#tell(field, withDescendants(field.question));
    if (added) {
      this.onBorn(added);
      this.settle(true, added);
    } else this.#run();
  }

  #assign(field: Field, values: readonly Value[]): boolean {
    if (areSameValues(field.values, values)) return false;
    field.values = values;
    if (field.question.children.length > 0) this.#alignAnswers(field);
    this.#forget(field);
    this.#tell(
      field,
      field.question.children.length > 0 ? withDescendants(field.question) : [field.question],
    );
    return true;
  }

  /** Questions under an answer go with their answer: found by its value, else by its place. */
  #alignAnswers(field: Field): void {
    const before = [...field.occurrences];
    const { values } = field;
    field.occurrences = [];
    const kept = values.map((value) => {
      const at = before.findIndex((one) => isSameValue(one.value, value));
      return at < 0 ? null : before.splice(at, 1)[0]!;
    });
    for (const [at, value] of values.entries()) {
      const old = kept[at] ?? (field.question.repeats ? null : (before.pop() ?? null));
      if (old) {
        old.value = value;
        field.occurrences.push(old);
        continue;
      }
      this.#begin(field.grow(value));
    }
  }

  /** Rules of a new occurrence are asked, and its initial values given. */
  #begin(made: Occurrence): void {
    this.#newborn.push(made);
    this.onBorn(made);
    for (const one of fieldsUnder(made)) this.changed.add(one);
  }

  #newborn: Occurrence[] = [];

  #forget(field: Field): void {
    field.forget();
    if (field.enabled) field.parent.forget();
    this.changed.add(field);
  }

  /** Those who read the questions are asked again, where the field lies. */
  #tell(field: Field, questions: readonly Question[]): void {
    for (const question of questions)
      for (const edge of this.plan.readers.get(question) ?? []) this.#awaitNear(edge, field);
  }

  #awaitNear({ rule, common }: Edge, field: Field): void {
    this.#await(rule, enclosing(field, common) ?? this.root);
  }

  #await(rule: Rule, within: Occurrence): void {
    const set = this.#pending.get(rule);
    if (set) set.add(within);
    else this.#pending.set(rule, new Set([within]));
  }

  #run(): void {
    const rounds = new Map<Rule, number>();
    for (;;) {
      this.#takeNewborn();
      const rule = this.#next();
      if (!rule) break;
      const within = this.#pending.get(rule)!;
      this.#pending.delete(rule);
      const count = (rounds.get(rule) ?? 0) + 1;
      rounds.set(rule, count);
      if (count > ROUNDS) {
        this.isLooping = true;
        continue;
      }
      for (const one of within) this.#askWithin(rule, one);
    }
    this.#fresh.clear();
  }

  #takeNewborn(): void {
    for (const made of this.#newborn.splice(0))
      for (const question of withDescendants(made.question))
        for (const rule of this.plan.ofQuestion.get(question) ?? [])
          if (rule.holder !== made.question) {
            this.#fresh.add(made);
            this.#await(rule, made);
          }
  }

  /** Occurrences that were born while an answer was given: their initial values are given once. */
  readonly #fresh = new Set<Occurrence>();

  #isNew(field: Field): boolean {
    for (let one: Occurrence | null = field.parent; one; one = one.field?.parent ?? null)
      if (one === this.#initialIn || this.#fresh.has(one)) return true;
    return false;
  }

  #next(): Rule | null {
    let best: Rule | null = null;
    for (const rule of this.#pending.keys()) if (!best || rule.rank < best.rank) best = rule;
    return best;
  }

  #askWithin(rule: Rule, within: Occurrence): void {
    const { holder } = rule;
    if (this.#isUnknown(rule) && rule.kind !== 'enable') return;
    if (rule.kind === 'aside' && !this.#showsAsides) return;
    if (isPerOccurrence(rule)) {
      for (const one of occurrencesOf(within, holder)) this.#keep(rule, one);
      return;
    }
    if (holder.parent === null) {
      this.#keep(rule, this.root);
      return;
    }
    const fields = within.question === holder && within.field ? [within.field] : fieldsOf(within, holder);
    for (const field of fields) this.#askField(rule, field);
  }

  #askField(rule: Rule, field: Field): void {
    if (rule.kind === 'enable') this.#enable(rule, field);
    else if (rule.kind === 'calculated') this.#calculate(rule, field);
    else if (rule.kind !== 'initial' && rule.kind !== 'context') this.#keep(rule, field);
    else if (!this.#isNew(field)) return;
    else if (rule.kind === 'initial') this.#initialise(rule, field);
    else this.#fillRepeats(rule, field);
  }

  #enable(rule: Rule, field: Field): void {
    const enabled = this.#isUnknown(rule) ? field.items.length > 0 : this.#holds(rule, field);
    if (enabled === field.enabled) return;
    field.enabled = enabled;
    field.parent.forget();
    this.changed.add(field);
    for (const one of field.occurrences) for (const child of fieldsUnder(one)) this.changed.add(child);
    this.#tell(field, withDescendants(field.question));
  }

  /** What was neither handed in nor answered is not judged. */
  #isUnknown({ isElsewhere, launch }: Rule): boolean {
    return this.#isFrozen && (isElsewhere || [...launch].some((name) => !this.#handed.has(name)));
  }

  #holds(rule: Rule, field: Field): boolean {
    if (rule.conditions) return isEnabled(field, rule);
    return truthOf(this.evaluator.ask(rule, field).values.slice(0, 1), '') === true;
  }

  #calculate(rule: Rule, field: Field): void {
    const { values } = this.evaluator.ask(rule, field);
    this.#keepNamed(rule, field, values);
    if (field.computed === null) field.stored = field.values;
    field.computed = this.#answers(field, values);
    if (!field.edited && !this.#isFrozen) this.#assign(field, field.computed);
  }

  #initialise(rule: Rule, field: Field): void {
    const { values } = this.evaluator.ask(rule, field);
    this.#keepNamed(rule, field, values);
    if (field.values.length === 0) this.#assign(field, this.#answers(field, values));
  }

  /** One repeat for each resource; the first stays when there is none. */
  #fillRepeats(rule: Rule, field: Field): void {
    const { values } = this.evaluator.ask(rule, field);
    const { repeats, isGroup } = field.question;
    const wanted = isGroup && repeats ? Math.max(values.length, 1) : 1;
    while (field.occurrences.length < wanted && isGroup) this.#begin(field.grow());
    for (const [at, one] of field.occurrences.entries()) one.results.set(rule, values.slice(at, at + 1));
    if (!isGroup) field.results.set(rule, values);
    for (const { rule: user } of this.plan.users.get(rule) ?? []) this.#await(user, field.parent);
    this.#forget(field);
  }

  #answers(field: Field, values: readonly unknown[]): Value[] {
    const { item, repeats } = field.question;
    const unit = fixedUnit(item);
    const answers = values.flatMap((node) => {
      const value = node instanceof Box ? node.value : node;
      const found = value === undefined || value === null ? undefined : answerFrom(item, value, unit);
      return found === undefined ? [] : [found];
    });
    return repeats ? answers : answers.slice(0, 1);
  }

  /** What a rule gives is kept where it was asked; those who name it are asked when it is another. */
  #keep(rule: Rule, at: Field | Occurrence): void {
    const { values, failure } = this.evaluator.ask(rule, at);
    const before = at.results.get(rule) as readonly unknown[] | undefined;
    at.results.set(rule, values);
    if (failure) this.failures.set(rule, failure.textEn ?? failure.text);
    if (before && sameNodes(before, values)) return;
    const field = at instanceof Field ? at : at.field;
    if (field) this.changed.add(field);
    this.#tellUsers(rule, at);
  }

  /** Expressions that could not be evaluated, with the reason in English. */
  readonly failures = new Map<Rule, string>();

  #keepNamed(rule: Rule, field: Field, values: readonly unknown[]): void {
    if (rule.name === null) return;
    field.results.set(rule, values);
    this.#tellUsers(rule, field);
  }

  #tellUsers(rule: Rule, at: Field | Occurrence): void {
    for (const { rule: user, common } of this.plan.users.get(rule) ?? []) {
      if (at instanceof Field) this.#await(user, enclosing(at, common) ?? this.root);
      else
        this.#await(
          user,
          at.question === common ? at : (at.field && enclosing(at.field, common)) || this.root,
        );
    }
  }
}

function sameNodes(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, at) => sameNode(one, b[at]));
}

function sameNode(a: unknown, b: unknown): boolean {
  if (a instanceof Box && b instanceof Box)
    return a.type === b.type && sameNode(a.value, b.value) && a.beside === b.beside;
  return a === b || (isObject(a) && isObject(b) && JSON.stringify(a) === JSON.stringify(b));
}
