/** The desk's form while it is filled in: values by linkId, followed by the engine, which knows what is asked, required and wrong. */
import {
  type FieldFace,
  type FieldState,
  type Form,
  openForm,
  type Path,
} from '../../../../engines/forms/browser.ts';
import type { Coding, QuestionnaireResponse } from '../../../../kernel/fhir/types.ts';
import { language } from '../../../../web/ui/index.ts';
import type { DeskForm, PersonForm as PersonFacts } from '../../../people/index.ts';

/** Values as FHIR has them, by linkId; null is none. */
export type Values = Record<string, unknown>;

export interface DeskField {
  state: FieldState;
  face: FieldFace;
  /** Drawn as in every other form, with everything under it: what repeats, and what the desk's close grid has no box for. */
  isWhole: boolean;
}

/** Answers that are typed into the form itself, as the draft keeps them. */
export type Items = NonNullable<QuestionnaireResponse['item']>;

/** Opened once; `follow` brings it to what is typed. */
export interface OpenDesk {
  form: Form;
  /** One answer of a question that is not drawn whole. */
  set(linkId: string, value: unknown): void;
  /** Fields that are asked now, groups before what is in them. */
  follow(values: Values): DeskField[];
  /** What is wrong or missing: by linkId, by path within what is drawn whole. */
  faults(values: Values): Record<string, string>;
  answers(values: Values): QuestionnaireResponse;
}

/** @param items answers to begin with, of a draft */
export function openDesk({ form: definition, sets }: DeskForm, items: Items = []): OpenDesk {
  const form = openForm(definition, {
    now: new Date(),
    language: language(),
    options: (valueSet) => sets[valueSet] ?? null,
    ...(items.length > 0
      ? { response: { resourceType: 'QuestionnaireResponse', status: 'in-progress', item: items } }
      : {}),
  });
  const put = new Map<string, unknown>();
  const setAt = ({ state }: DeskField, value: unknown) => {
    if (put.get(state.linkId) === value) return;
    put.set(state.linkId, value);
    form.set(state.path, value === null || value === '' ? [] : [value]);
  };
  const set = (values: Values) => {
    for (const field of fieldsOf(form)) {
      const value = values[field.state.linkId];
      if (!field.isWhole && value !== undefined) setAt(field, value);
    }
  };
  const keyOf = (path: Path) => {
    const field = fieldsOf(form).find(({ state, isWhole }) => state.path === path && !isWhole);
    return field?.state.linkId ?? path;
  };
  return {
    form,
    set(linkId, value) {
      const field = fieldsOf(form).find(({ state, isWhole }) => state.linkId === linkId && !isWhole);
      if (field) setAt(field, value);
    },
    follow(values) {
      set(values);
      return fieldsOf(form).filter(({ state }) => state.enabled && !state.hidden);
    },
    faults(values) {
      set(values);
      const wrong = form.issues(true).filter(({ severity }) => severity === 'error');
      return Object.fromEntries(wrong.toReversed().map(({ field, text }) => [keyOf(field), text]));
    },
    answers(values) {
      set(values);
      return form.response('completed');
    },
  };
}

function fieldsOf(form: Form): DeskField[] {
  const below = (paths: readonly string[]): DeskField[] =>
    paths.flatMap((path) => {
      const state = form.read(path);
      const face = form.face(path);
      if (!state || !face) return [];
      const isWhole = face.repeats || !IN_THE_GRID.has(state.type);
      const inside = isWhole ? [] : state.repeats.flatMap(({ children }) => below(children));
      return [{ state, face, isWhole }, ...inside];
    });
  return below(form.paths);
}

/** Types that have a box of their own in the desk's close grid. */
const IN_THE_GRID: ReadonlySet<FieldState['type']> = new Set([
  'group',
  'display',
  'string',
  'text',
  'url',
  'date',
  'boolean',
  'integer',
  'decimal',
  'choice',
]);

/** What the card said, or the name that was typed, as values of the form. */
export function valuesOf(desk: OpenDesk, from: Partial<PersonFacts>): Values {
  const { phones, ...facts } = from;
  const known: Record<string, unknown> = { ...facts, phone: phones?.[0] };
  return Object.fromEntries(
    fieldsOf(desk.form).map(({ state, isWhole }) => [
      state.linkId,
      isWhole ? null : givenOf(state, known[state.linkId]),
    ]),
  );
}

function givenOf(state: FieldState, fact: unknown): unknown {
  if (typeof fact !== 'string' || fact === '') return state.values[0] ?? null;
  if (state.type !== 'choice') return fact;
  const offered = state.options?.find(({ value }) => (value as Coding).code === fact)?.value;
  return offered ?? { code: fact, display: fact };
}
