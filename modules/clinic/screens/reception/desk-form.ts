/** The desk's form while it is filled in: values by linkId, followed by the engine, which knows what is asked, required and wrong. */
import { type FieldFace, type FieldState, type Form, openForm } from '../../../../engines/forms/browser.ts';
import type { Coding, QuestionnaireResponse } from '../../../../kernel/fhir/types.ts';
import { language } from '../../../../web/ui/index.ts';
import type { DeskForm, PersonForm as PersonFacts } from '../../../people/index.ts';

/** Values as FHIR has them, by linkId; null is none. */
export type Values = Record<string, unknown>;

export interface DeskField {
  state: FieldState;
  face: FieldFace;
}

/** Opened once; `follow` brings it to what is typed. */
export interface OpenDesk {
  form: Form;
  /** Fields that are asked now, groups before what is in them. */
  follow(values: Values): DeskField[];
  /** What is wrong or missing, by linkId. */
  faults(values: Values): Record<string, string>;
  answers(values: Values): QuestionnaireResponse;
}

export function openDesk({ form: definition, sets }: DeskForm): OpenDesk {
  const form = openForm(definition, {
    now: new Date(),
    language: language(),
    options: (valueSet) => sets[valueSet] ?? null,
  });
  const put = new Map<string, unknown>();
  const set = (values: Values) => {
    for (const { state } of fieldsOf(form)) {
      const value = values[state.linkId];
      if (value === undefined || put.get(state.linkId) === value) continue;
      put.set(state.linkId, value);
      form.set(state.path, value === null || value === '' ? [] : [value]);
    }
  };
  return {
    form,
    follow(values) {
      set(values);
      return fieldsOf(form).filter(({ state }) => state.enabled && !state.hidden);
    },
    faults(values) {
      set(values);
      const wrong = form.issues(true).filter(({ severity }) => severity === 'error');
      return Object.fromEntries(
        wrong.toReversed().map(({ field, text }) => [form.read(field)?.linkId ?? field, text]),
      );
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
      return [{ state, face }, ...state.repeats.flatMap(({ children }) => below(children))];
    });
  return below(form.paths);
}

/** What the card said, or the name that was typed, as values of the form. */
export function valuesOf(desk: OpenDesk, from: Partial<PersonFacts>): Values {
  const { phones, ...facts } = from;
  const known: Record<string, unknown> = { ...facts, phone: phones?.[0] };
  return Object.fromEntries(
    fieldsOf(desk.form).map(({ state }) => [state.linkId, givenOf(state, known[state.linkId])]),
  );
}

function givenOf(state: FieldState, fact: unknown): unknown {
  if (typeof fact !== 'string' || fact === '') return state.values[0] ?? null;
  if (state.type !== 'choice') return fact;
  const offered = state.options?.find(({ value }) => (value as Coding).code === fact)?.value;
  return offered ?? { code: fact, display: fact };
}
