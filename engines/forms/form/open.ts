/** Opens a form: fields, initial values, the answers that are there already. */
import type { Questionnaire, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import { optionValue, valueIn } from '../answer.ts';
import { EXT, numberOf } from '../extension.ts';
import { type Plan, planForm } from '../plan.ts';
import { Engine } from './engine.ts';
import { OpenForm } from './form.ts';
import { observedValues } from './observed.ts';
import { resume } from './resume.ts';
import { type Field, fieldsUnder, type Occurrence } from './tree.ts';
import type { Form, FormStart, Value } from './types.ts';

/**
 * A form to be filled, resumed or checked.
 * @param questionnaire the same object gives the same compiled plan
 */
export function openForm(questionnaire: Questionnaire, start: FormStart): Form {
  return openWith(planForm(questionnaire), start);
}

/** The same of a plan, as the form's own class: for tests and for checks of responses. */
export function openWith(plan: Plan, start: FormStart): OpenForm {
  const engine = new Engine(plan, start, headOf(plan.questionnaire, start));
  if (start.response) resume(engine.root, start.response.item, (field, values) => engine.give(field, values));
  else {
    growLeast(engine.root);
    initialise(engine, engine.root, start);
  }
  engine.onBorn = (made) => {
    growLeast(made);
    initialise(engine, made, start);
  };
  engine.settle(start.response === undefined);
  if (start.response) for (const field of fieldsUnder(engine.root)) engine.restore(field);
  engine.changed.clear();
  return new OpenForm(engine, start);
}

/** The answers of a response as they are, with what is wrong with them: nothing is filled in or calculated anew. */
export function openAsAnswered(plan: Plan, start: FormStart & { response: QuestionnaireResponse }): OpenForm {
  const engine = new Engine(plan, start, headOf(plan.questionnaire, start), true);
  resume(engine.root, start.response.item, (field, values) => engine.give(field, values));
  engine.settle(false);
  return new OpenForm(engine, start);
}

function headOf(
  questionnaire: Questionnaire,
  { response, context }: FormStart,
): Partial<QuestionnaireResponse> {
  const {
    item: _item,
    resourceType: _type,
    status: _status,
    ...head
  } = response ?? ({} as QuestionnaireResponse);
  const { url, version } = questionnaire;
  const reference = (name: string) => {
    const one = context?.[name];
    const { resourceType, id } = (Array.isArray(one) ? one[0] : one) ?? {};
    return resourceType && id ? { reference: `${resourceType}/${id}` } : null;
  };
  const [subject, encounter, author] = [reference('patient'), reference('encounter'), reference('user')];
  return {
    ...(url ? { questionnaire: version ? `${url}|${version}` : url } : {}),
    ...(subject ? { subject } : {}),
    ...(encounter ? { encounter } : {}),
    ...(author ? { author } : {}),
    ...head,
  };
}

/** As many repeats as there must be. */
function growLeast(occurrence: Occurrence): void {
  for (const field of fieldsUnder(occurrence)) {
    if (!field.question.isGroup || !field.question.repeats) continue;
    const least = numberOf(field.question.item, EXT.minOccurs) ?? 1;
    while (field.occurrences.length < Math.min(least, MOST_AT_FIRST)) field.grow();
  }
}

const MOST_AT_FIRST = 50;

/** Written initial values, chosen options, and observations: of every field under an occurrence that has none. */
function initialise(engine: Engine, occurrence: Occurrence, start: FormStart): void {
  for (const field of occurrence.fields) {
    if (field.values.length === 0) {
      const values = initialValues(field, start);
      if (values.length > 0) engine.give(field, values);
    }
    for (const one of field.occurrences) initialise(engine, one, start);
  }
}

function initialValues(field: Field, start: FormStart): Value[] {
  const { item, repeats } = field.question;
  if (field.question.isGroup) return [];
  const written = (item.initial ?? []).flatMap((one) => valueIn(one)?.value ?? []);
  const chosen = (item.answerOption ?? []).filter((one) => one.initialSelected === true).map(optionValue);
  const values = written.length > 0 ? written : chosen;
  const found = values.length > 0 ? values : observedValues(field.question, start);
  return repeats ? found : found.slice(0, 1);
}
