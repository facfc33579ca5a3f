/** Test cases of a form: answers, the values that must be calculated from them, the fields where something must be wrong. Pure. */
import { type Form, openForm, type Path } from '../../../engines/forms/browser.ts';
import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '../../../kernel/fhir/types.ts';

export interface Trial {
  name: string;
  /** ISO instant that `today()` and `now()` stand on. */
  now: string;
  response: QuestionnaireResponse;
  expected: Outcome;
}

export interface Outcome {
  /** Values of calculated fields by path. */
  calculated: Record<string, unknown[]>;
  /** Paths of fields with an error or without a required answer. */
  faults: string[];
}

export interface TrialResult {
  name: string;
  passed: boolean;
  /** Paths where something else came out. */
  differing: { path: string; expected: string; got: string }[];
}

const CALCULATED = /calculatedExpression$/;
const isCalculated = (item: QuestionnaireItem) =>
  item.extension?.some(({ url }) => CALCULATED.test(url)) === true;

/** What comes of a form as it is filled in now. */
export function outcomeOf(form: Form): Outcome {
  const calculated: Outcome['calculated'] = {};
  const visit = (path: Path) => {
    const state = form.read(path);
    if (!state) return;
    const face = form.face(path);
    if (face && isCalculated(face.item) && state.enabled) calculated[path] = [...state.values];
    for (const { children } of state.repeats) children.forEach(visit);
  };
  form.paths.forEach(visit);
  const wrong = form.issues(true).filter(({ severity }) => severity === 'error');
  return { calculated, faults: [...new Set(wrong.map(({ field }) => field))].sort() };
}

/** The answers that a person gave, without those that the form calculated. */
export function givenAnswers(form: Questionnaire, response: QuestionnaireResponse): QuestionnaireResponse {
  const calculated = new Set<string>();
  const note = (items: readonly QuestionnaireItem[] = []) => {
    for (const item of items) {
      if (isCalculated(item)) calculated.add(item.linkId);
      note(item.item);
    }
  };
  note(form.item);
  const strip = (items: readonly QuestionnaireResponseItem[]): QuestionnaireResponseItem[] =>
    items
      .filter(({ linkId }) => !calculated.has(linkId))
      .map((item) => (item.item ? { ...item, item: strip(item.item) } : item));
  return { ...response, ...(response.item ? { item: strip(response.item) } : {}) };
}

/** Fills the form in with the answers of a test case. @throws what the form itself cannot be opened for */
export function openTrial(form: Questionnaire, trial: Trial): Form {
  return openForm(form, { response: trial.response, now: new Date(trial.now) });
}

export function runTrial(form: Questionnaire, trial: Trial): TrialResult {
  const got = outcomeOf(openTrial(form, trial));
  const paths = new Set([...Object.keys(trial.expected.calculated), ...Object.keys(got.calculated)]);
  const differing = [...paths].flatMap((path) => {
    const [expected, actual] = [shown(trial.expected.calculated[path]), shown(got.calculated[path])];
    return expected === actual ? [] : [{ path, expected, got: actual }];
  });
  const [expected, actual] = [trial.expected.faults.join(', '), got.faults.join(', ')];
  if (expected !== actual) differing.push({ path: '', expected, got: actual });
  return { name: trial.name, passed: differing.length === 0, differing };
}

/** LinkIds that a test case answers and the form does not have any more: those answers count for nothing. */
export function strayAnswers(form: Questionnaire, { response }: Trial): string[] {
  const known = new Set<string>();
  const note = (items: readonly QuestionnaireItem[] = []) => {
    for (const item of items) {
      known.add(item.linkId);
      note(item.item);
    }
  };
  note(form.item);
  const stray = (items: readonly QuestionnaireResponseItem[] = []): string[] =>
    items.flatMap(({ linkId, item, answer = [] }) => [
      ...(known.has(linkId) ? [] : [linkId]),
      ...stray(item),
      ...answer.flatMap((one) => stray(one.item)),
    ]);
  return [...new Set(stray(response.item))];
}

const shown = (values: unknown[] | undefined) =>
  (values ?? []).map((value) => JSON.stringify(value)).join(', ');
