/** The fields of an open form: each question at each place, its occurrences, and the response as JSON, made anew only where it changed. */
import type {
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '../../../kernel/fhir/types.ts';
import { answerOf } from '../answer.ts';
import type { Question } from '../question.ts';
import { repeatId } from '../repeat.ts';
import type { Rule } from '../rule.ts';
import type { FieldState, Value } from './types.ts';

/** One repeat of a group, one answer with what stands under it, or the form itself. */
export class Occurrence {
  /** Null for the form itself. */
  readonly field: Field | null;
  readonly question: Question;
  readonly path: string;
  readonly fields: Field[] = [];
  readonly byLink = new Map<string, Field>();
  readonly results = new Map<Rule, unknown>();
  /** The answer under which the fields stand; undefined for a group. */
  value: Value = undefined;
  /** Of a repeat: what it is known by in every version of the response. */
  number = 0;
  #items: readonly QuestionnaireResponseItem[] | null = null;

  constructor(field: Field | null, question: Question, path: string) {
    this.field = field;
    this.question = question;
    this.path = path;
    for (const child of question.children) {
      const made = new Field(
        this,
        child,
        path === '' ? segment(child.linkId) : `${path}/${segment(child.linkId)}`,
      );
      this.fields.push(made);
      if (!this.byLink.has(child.linkId)) this.byLink.set(child.linkId, made);
    }
  }

  /** Items of the response under this occurrence: enabled ones that say something. */
  get items(): readonly QuestionnaireResponseItem[] {
    this.#items ??= this.fields.flatMap((field) => (field.enabled ? field.items : []));
    return this.#items;
  }

  /** The JSON of this and of everything above is to be made anew. */
  forget(): void {
    if (this.#items === null) return;
    this.#items = null;
    this.field?.forget();
  }
}

export class Field {
  readonly parent: Occurrence;
  readonly question: Question;
  readonly path: string;
  values: readonly Value[] = [];
  /** By its own condition; what stands above is asked by `isThere`. */
  enabled = true;
  /** What its calculation gives, whether or not a person overwrote it. */
  computed: readonly Value[] | null = null;
  /** What a resumed response had here, until the form is open. */
  stored: readonly Value[] | null = null;
  /** A person overwrote what is calculated. */
  edited = false;
  occurrences: Occurrence[] = [];
  /** Given once to each repeat that is drawn. */
  serial = 0;
  /** Given once to each repeat that is stored. */
  nextNumber = 0;
  readonly results = new Map<Rule, unknown>();
  readonly listeners = new Set<() => void>();
  state: FieldState | null = null;
  #items: readonly QuestionnaireResponseItem[] | null = null;

  constructor(parent: Occurrence, question: Question, path: string) {
    this.parent = parent;
    this.question = question;
    this.path = path;
    if (question.isGroup) this.grow();
  }

  /** One more repeat of a group, or one more answer with questions under it. */
  grow(value?: Value): Occurrence {
    const { isGroup, repeats } = this.question;
    const path = isGroup && !repeats ? this.path : `${this.path}#${this.serial++}`;
    const made = new Occurrence(this, this.question, path);
    made.value = value;
    made.number = this.nextNumber++;
    this.occurrences.push(made);
    return made;
  }

  /** It, and everything above, is enabled: it stands in the response. */
  get isThere(): boolean {
    for (let one: Field | null = this; one; one = one.parent.field) if (!one.enabled) return false;
    return true;
  }

  get parentIsThere(): boolean {
    return this.parent.field?.isThere ?? true;
  }

  /** What stands in the response for it, whether or not it is enabled. */
  get items(): readonly QuestionnaireResponseItem[] {
    this.#items ??= this.#made();
    return this.#items;
  }

  /** What an expression of it stands on: its item, also when that says nothing yet. */
  get context(): QuestionnaireResponseItem {
    return this.items[0] ?? { linkId: this.question.linkId };
  }

  forget(): void {
    if (this.#items === null) return;
    this.#items = null;
    this.parent.forget();
  }

  #made(): QuestionnaireResponseItem[] {
    const { linkId, isGroup, repeats } = this.question;
    if (isGroup)
      return this.occurrences
        .filter(({ items }) => items.length > 0)
        .map(({ items, number }, at) => ({
          ...(repeats ? repeatId(number, at) : {}),
          linkId,
          item: [...items],
        }));
    if (this.values.length === 0) return [];
    return [{ linkId, answer: this.values.map((value, at) => this.#answer(value, at)) }];
  }

  #answer(value: Value, at: number): QuestionnaireResponseItemAnswer {
    const answer = answerOf(this.question.item, value);
    const items = this.occurrences[at]?.items ?? [];
    return items.length > 0 ? { ...answer, item: [...items] } : answer;
  }
}

/** Signs that paths use are written `%2F`, `%23`, `%25`. */
const segment = (linkId: string) =>
  /[/#%]/.test(linkId)
    ? linkId.replace(/[/#%]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    : linkId;

/** Every field under an occurrence, in order of the form. */
export function* fieldsUnder(occurrence: Occurrence): Generator<Field> {
  for (const field of occurrence.fields) {
    yield field;
    for (const one of field.occurrences) yield* fieldsUnder(one);
  }
}

/** Fields of a question within an occurrence. */
export function fieldsOf(within: Occurrence, question: Question): Field[] {
  let places = [within];
  const from = within.question.lineage.length;
  for (let depth = from; depth < question.lineage.length; depth++) {
    const { linkId } = question.lineage[depth]!;
    const fields = places.flatMap((place) => place.byLink.get(linkId) ?? []);
    if (depth === question.lineage.length - 1) return fields;
    places = fields.flatMap((field) => field.occurrences);
  }
  return [];
}

/** Occurrences of a group (or of the form) within an occurrence, which may be itself. */
export function occurrencesOf(within: Occurrence, question: Question): Occurrence[] {
  return within.question === question
    ? [within]
    : fieldsOf(within, question).flatMap((field) => field.occurrences);
}

/** The occurrence of a question in which a field lies. */
export function enclosing(field: Field, question: Question): Occurrence | null {
  for (let one: Occurrence | null = field.parent; one; one = one.field?.parent ?? null)
    if (one.question === question) return one;
  return null;
}
