/** One rule at one place: its expression over the response as it stands. An expression that fails gives nothing and says why. */
import { Failure, type Issue } from '../../../kernel/failure.ts';
import { Box, type Path, Work } from '../../../kernel/fhir/path/index.ts';
import type { Coding, QuestionnaireResponse, Resource } from '../../../kernel/fhir/types.ts';
import { isObject, isSameValue, optionValue } from '../answer.ts';
import { EXT, extensionValue } from '../extension.ts';
import { linkOfName } from '../lookup.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';
import type { Rule } from '../rule.ts';
import { Field, fieldsOf, type Occurrence } from './tree.ts';
import type { FormStart, Value } from './types.ts';

/** Values looked at in one evaluation at most: forms answer keys. */
const MOST = 200_000;

export interface Answers {
  values: readonly unknown[];
  /** Why it could not be evaluated. */
  failure: Issue | null;
}

const NOTHING: Answers = { values: [], failure: null };

export class Evaluator {
  readonly #plan: Plan;
  readonly #start: FormStart;
  readonly #root: Occurrence;
  readonly #response: () => QuestionnaireResponse;
  readonly #weights = new Map<string, number>();
  readonly #supplied = new Map<string, readonly unknown[] | null>();
  /** Searches without an answer, and what names them: "none were found" is not said of what was not looked for. */
  readonly #open = new Set<Rule>();
  readonly #wanted = new Set<string>();

  constructor(plan: Plan, start: FormStart, root: Occurrence, response: () => QuestionnaireResponse) {
    this.#plan = plan;
    this.#start = start;
    this.#root = root;
    this.#response = response;
    for (const { item } of plan.questions.all)
      for (const option of item.answerOption ?? []) {
        const value = optionValue(option);
        const weight = weightOf(option) ?? weightOf(value);
        if (weight !== null && isObject(value)) this.#weights.set(codeKey(value), weight);
      }
  }

  get wanted(): readonly string[] {
    return [...this.#wanted];
  }

  supply(query: string, found: Resource | readonly Resource[] | null): void {
    this.#supplied.set(query, listed(found));
    this.#wanted.delete(query);
  }

  /** What a rule gives at a field or an occurrence, as nodes that keep their types. */
  ask(rule: Rule, at: Field | Occurrence): Answers {
    const { compiled, holder } = rule;
    this.#open.delete(rule);
    if (!compiled) return NOTHING;
    if (rule.uses.some((one) => this.#open.has(one))) return this.#unanswered(rule);
    try {
      if (compiled.language === 'path')
        return { values: this.#step(compiled.path, at, holder, 'nodes'), failure: null };
      const found = this.#handed(rule) ?? this.#found(this.#query(compiled.pieces, at, holder));
      return found ? { values: found, failure: null } : this.#unanswered(rule);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { values: [], failure: error.issues[0]! };
    }
  }

  #unanswered(rule: Rule): Answers {
    this.#open.add(rule);
    return NOTHING;
  }

  /** What stands in the place of a search, because whoever opened the form brought it. */
  #handed({ name }: Rule): readonly unknown[] | null {
    const handed = name === null ? undefined : this.#start.context?.[name];
    return handed === undefined ? null : ([] as unknown[]).concat(handed);
  }

  #query(pieces: readonly (string | Path)[], at: Field | Occurrence, holder: Question): string {
    return pieces
      .map((piece) => (typeof piece === 'string' ? piece : this.#filled(piece, at, holder)))
      .join('');
  }

  #step(path: Path, at: Field | Occurrence, holder: Question, as: 'nodes' | 'step'): readonly unknown[] {
    const response = this.#response;
    const work = new Work(MOST, {
      // Made only where it is asked for: most expressions name their questions.
      get resource() {
        return response();
      },
      get rootResource() {
        return response();
      },
      now: this.#start.now,
      variable: (name) => this.#variable(name, at, holder),
      memberOf: (value, _type, valueSet) => this.#memberOf(value, valueSet),
      weight: (value) => this.#weight(value),
    });
    return path[as]([contextOf(at, response)], work);
  }

  #filled(piece: Path, at: Field | Occurrence, holder: Question): string {
    return this.#step(piece, at, holder, 'step')
      .map((value) => encodeURIComponent(String(value)))
      .join(',');
  }

  /** Null for what has no answer, or may not be seen. */
  #found(query: string): readonly unknown[] | null {
    const supplied = this.#supplied.get(query);
    if (supplied !== undefined) return supplied;
    // A gap that nothing fills would search among everybody.
    if (/[=/](&|$)/.test(query)) return null;
    const found = this.#start.found?.(query);
    if (found === undefined) this.#wanted.add(query);
    return listed(found ?? null);
  }

  #variable(name: string, at: Field | Occurrence, holder: Question): readonly unknown[] {
    const link = linkOfName(name);
    if (link !== null) return this.#itemsOf(link);
    for (let one: Field | Occurrence | null = at; one; one = above(one)) {
      const question = one.question;
      if (!holder.lineage.includes(question)) continue;
      for (const rule of this.#plan.ofQuestion.get(question) ?? []) {
        if (rule.name !== name) continue;
        const result = one.results.get(rule);
        if (result !== undefined) return result as readonly unknown[];
      }
    }
    if (name === 'resource' || name === 'rootResource') return [this.#response()];
    if (name === 'questionnaire') return [this.#plan.questionnaire];
    if (name === 'qitem') return [holder.item];
    const given = this.#start.context?.[name];
    return given === undefined ? [] : ([] as unknown[]).concat(given);
  }

  /** All items of a question in the response, in its order. */
  #itemsOf(link: string): readonly unknown[] {
    const question = this.#plan.questions.byLink.get(link);
    if (!question) return [];
    const items: unknown[] = [];
    for (const field of fieldsOf(this.#root, question)) if (field.isThere) items.push(...field.items);
    return items;
  }

  #memberOf(value: unknown, valueSet: string): boolean | null {
    const told = this.#start.memberOf?.(value, valueSet);
    if (told !== undefined && told !== null) return told;
    const members = this.#start.options?.(valueSet);
    return members ? members.some((one) => isSameValue(one, value)) : null;
  }

  /** SDC `weight()` and `ordinal()`: of the answer itself, or of the option that was chosen. */
  #weight(value: unknown): number | null {
    const plain = value instanceof Box ? value.value : value;
    if (!isObject(plain)) return null;
    const coding = Array.isArray(plain.coding) ? (plain.coding as Coding[])[0]! : plain;
    return weightOf(plain) ?? (isObject(coding) ? (this.#weights.get(codeKey(coding)) ?? null) : null);
  }
}

const listed = (found: Resource | readonly Resource[] | null) =>
  found === null ? null : ([] as unknown[]).concat(found);

const above = (one: Field | Occurrence): Field | Occurrence | null =>
  one instanceof Field ? one.parent : one.field;

function contextOf(at: Field | Occurrence, response: () => QuestionnaireResponse): unknown {
  if (at instanceof Field) return at.context;
  if (!at.field) return response();
  return { linkId: at.question.linkId, ...(at.items.length > 0 ? { item: at.items } : {}) };
}

const codeKey = (coding: object) => {
  const { system, code } = coding as Coding;
  return `${system ?? ''}|${code ?? ''}`;
};

export function weightOf(holder: Value): number | null {
  if (!isObject(holder)) return null;
  const value = extensionValue(holder, EXT.itemWeight) ?? extensionValue(holder, EXT.ordinalValue);
  return typeof value === 'number' ? value : null;
}
