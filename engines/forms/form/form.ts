/** A form that is open: what its drawer reads, subscribes to and sets. */
import type { Questionnaire, QuestionnaireResponse, Resource } from '../../../kernel/fhir/types.ts';
import { EXT, type Extended, numberOf, textOf, translated } from '../extension.ts';
import { earlierAnswers } from './earlier.ts';
import type { Engine } from './engine.ts';
import { faceOf } from './face.ts';
import { asidesOfForm, constraintFaults, type Setting, stateOf } from './state.ts';
import { type Field, fieldsUnder, type Occurrence } from './tree.ts';
import type {
  Aside,
  EntryMode,
  Fault,
  FieldFace,
  FieldState,
  Form,
  FormStart,
  Path,
  Value,
} from './types.ts';

export class OpenForm implements Form {
  readonly engine: Engine;
  readonly language: string;
  readonly #start: FormStart;
  readonly #setting: Setting;
  readonly #fields = new Map<Path, Field>();
  readonly #repeats = new Map<Path, Occurrence>();
  readonly #faces = new Map<Field, FieldFace>();
  readonly #listeners = new Set<() => void>();
  #asides: readonly Aside[] = [];

  constructor(engine: Engine, start: FormStart) {
    this.engine = engine;
    this.language = start.language ?? 'vi';
    this.#start = start;
    this.#setting = { plan: engine.plan, start, language: this.language };
    this.#index();
  }

  get questionnaire(): Questionnaire {
    return this.engine.plan.questionnaire;
  }

  get entryMode(): EntryMode {
    const code = textOf(this.questionnaire as Extended, EXT.entryMode);
    return code === 'sequential' || code === 'prior-edit' ? code : 'random';
  }

  get paths(): readonly Path[] {
    return this.engine.root.fields.map(({ path }) => path);
  }

  #index(): void {
    this.#fields.clear();
    this.#repeats.clear();
    for (const field of fieldsUnder(this.engine.root)) {
      this.#fields.set(field.path, field);
      for (const one of field.occurrences) this.#repeats.set(one.path, one);
    }
  }

  field(path: Path): Field | undefined {
    return this.#fields.get(path);
  }

  read(path: Path): FieldState | null {
    const field = this.#fields.get(path);
    if (!field) return null;
    field.state ??= stateOf(field, this.#setting);
    return field.state;
  }

  face(path: Path): FieldFace | null {
    const field = this.#fields.get(path);
    if (!field) return null;
    let face = this.#faces.get(field);
    if (!face) {
      face = faceOf(field.question.item, this.language);
      this.#faces.set(field, face);
    }
    return face;
  }

  subscribe(path: Path, listener: () => void): () => void {
    const field = this.#fields.get(path);
    field?.listeners.add(listener);
    return () => field?.listeners.delete(listener);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(path: Path, values: readonly Value[]): void {
    const field = this.#fields.get(path);
    if (!field || field.question.isGroup) return;
    const given = values.filter((value) => value !== undefined && value !== null && value !== '');
    if (field.computed !== null) field.edited = given.length > 0;
    const next = field.computed !== null && !field.edited ? field.computed : given;
    if (this.engine.setValues(field, next)) this.#tell(field.question.children.length > 0);
    else this.#tellOne(field);
  }

  add(path: Path): Path | null {
    const field = this.#fields.get(path);
    const most = field && (numberOf(field.question.item, EXT.maxOccurs) ?? Number.POSITIVE_INFINITY);
    if (!field?.question.isGroup || !field.question.repeats || field.occurrences.length >= most!) return null;
    const made = field.grow();
    this.engine.repeatsChanged(field, made);
    this.#tell(true);
    return made.path;
  }

  remove(repeat: Path): void {
    const one = this.#repeats.get(repeat);
    const field = one?.field;
    if (!one || !field?.question.repeats) return;
    const at = field.occurrences.indexOf(one);
    if (!field.question.isGroup) {
      this.set(
        field.path,
        field.values.filter((_, index) => index !== at),
      );
      return;
    }
    field.occurrences.splice(at, 1);
    const least = Math.max(1, numberOf(field.question.item, EXT.minOccurs) ?? 1);
    const fresh = field.occurrences.length < least ? field.grow() : null;
    this.engine.repeatsChanged(field, fresh);
    this.#tell(true);
  }

  previous(path: Path): readonly Value[] {
    const field = this.#fields.get(path);
    return field && this.#start.previous ? earlierAnswers(field, this.#start.previous.item) : [];
  }

  /** The same list until a search is answered, or asked anew. */
  get asides(): readonly Aside[] {
    const found = asidesOfForm(this.engine.root, this.#setting);
    if (JSON.stringify(found) !== JSON.stringify(this.#asides)) this.#asides = found;
    return this.#asides;
  }

  wanted(): readonly string[] {
    return this.engine.evaluator.wanted;
  }

  supply(query: string, found: Resource | readonly Resource[] | null): void {
    this.engine.evaluator.supply(query, found);
    this.engine.askQueries();
    this.#tell(true);
  }

  issues(whole = false): readonly (Fault & { field: Path })[] {
    const found = constraintFaults(this.engine.root, '', this.#setting).map((one) => ({ ...one, field: '' }));
    for (const field of fieldsUnder(this.engine.root)) {
      if (!field.isThere) continue;
      const state = this.read(field.path)!;
      found.push(...state.issues.map((one) => ({ ...one, field: field.path })));
      const missing = whole && !isInSpareRepeat(field) ? missingOf(field, state, this.language) : null;
      if (missing) found.push({ ...missing, field: field.path });
    }
    return found;
  }

  response(status: QuestionnaireResponse['status']): QuestionnaireResponse {
    const { response } = this.engine;
    const item = withTexts(response.item, this.engine.root, this.language);
    const { item: _, ...head } = response;
    return { ...head, status, ...(item.length > 0 ? { item } : {}) };
  }

  #tellOne(field: Field): void {
    field.state = null;
    for (const listener of [...field.listeners]) listener();
  }

  /** @param grown whether fields may have come or gone */
  #tell(grown: boolean): void {
    if (grown) this.#index();
    const changed = [...this.engine.changed];
    this.engine.changed.clear();
    for (const field of changed) field.state = null;
    for (const field of changed) for (const listener of [...field.listeners]) listener();
    for (const listener of [...this.#listeners]) listener();
  }
}

/** In a repeat that nobody has begun and the form does not need: it is drawn so that one may begin, and is not stored. */
function isInSpareRepeat(field: Field): boolean {
  for (let one: Occurrence | null = field.parent; one?.field; one = one.field.parent) {
    const { question, occurrences } = one.field;
    if (!question.isGroup || !question.repeats || one.items.length > 0) continue;
    const least = Math.max(numberOf(question.item, EXT.minOccurs) ?? 0, question.item.required ? 1 : 0);
    if (occurrences.indexOf(one) >= least) return true;
  }
  return false;
}

function missingOf(field: Field, state: FieldState, language: string): Fault | null {
  const { question } = field;
  const least = Math.max(numberOf(question.item, EXT.minOccurs) ?? 0, state.required ? 1 : 0);
  const count = question.isGroup ? field.items.length : state.values.length;
  if (count >= least || question.type === 'display') return null;
  const name = translated(question.item, 'text', language) ?? question.linkId;
  return {
    severity: 'error',
    code: 'required',
    text: least > 1 ? `"${name}" cần ít nhất ${least} câu trả lời.` : `Chưa trả lời "${name}".`,
    textEn: least > 1 ? `"${name}" needs at least ${least} answers.` : `"${name}" is not answered.`,
    expression: state.path,
  };
}

type Items = NonNullable<QuestionnaireResponse['item']>;

/** The words of each question as it was asked, beside its answer: what was signed can be read without the form. */
function withTexts(items: QuestionnaireResponse['item'], at: Occurrence, language: string): Items {
  return (items ?? []).map((one) => {
    const field = at.byLink.get(one.linkId);
    const text = field && translated(field.question.item, 'text', language);
    const under = (of: QuestionnaireResponse['item']) => {
      const place = field?.occurrences[0];
      return of && place ? { item: withTexts(of, place, language) } : {};
    };
    const { linkId, item, answer, ...rest } = one;
    return {
      linkId,
      ...(text ? { text } : {}),
      ...rest,
      ...(answer
        ? { answer: answer.map(({ item: below, ...value }) => ({ ...value, ...under(below) })) }
        : {}),
      ...under(item),
    };
  });
}
