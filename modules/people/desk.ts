/** The desk's form as it is in force: what a screen opens, and what is handed in, read as a person. */
import { Failure } from '../../kernel/failure.ts';
import type { Questionnaire, QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { openDefinitions } from '../forms/index.ts';
import { answerFaults, answersOfFacts, type Facts, factsOfAnswers, smallSets } from './desk-answers.ts';
import { DESK_FORM, type DeskForm } from './desk-form.ts';
import { type ReadForm, readPersonForm } from './person-form.ts';

/** What was handed in: the version that it answers, the answers, and the facts of them. */
export interface Asked {
  form: Questionnaire;
  response: QuestionnaireResponse;
  read: ReadForm;
}

export interface Desk {
  form(): Promise<DeskForm>;
  /**
   * @param body `{answers}` of a version of the form, or the facts alone by their names. Faults are in `read.issues`
   */
  read(body: unknown): Promise<Asked>;
}

export function openDesk({ content, gate, settings }: Kernel): Desk {
  const definitions = openDefinitions(content, gate);
  const today = () => vietnamDay(settings.now());
  const inForce = async () => {
    const found = await definitions.find(DESK_FORM, today());
    if (found) return found.form;
    throw new Failure('not-found', 'Chưa có biểu mẫu người mới (nguoi-benh) đang có hiệu lực.', {
      textEn: 'No form of a new person (nguoi-benh) is in force.',
    });
  };
  /** A form that was opened before a new version came into force is handed in as it was opened. */
  const answered = async (response: QuestionnaireResponse | null) => {
    if (!response?.questionnaire) return inForce();
    const [url = '', version = ''] = response.questionnaire.split('|');
    const known = (await definitions.all()).find(
      (one) => one.key === DESK_FORM && one.url === url && one.version === version,
    );
    return known?.form ?? (await inForce());
  };
  return {
    async form() {
      const form = await inForce();
      return { form, sets: smallSets(form, content, today()) };
    },
    async read(body) {
      const day = today();
      const given = answersIn((body as { answers?: unknown } | null)?.answers);
      const form = await answered(given);
      const facts = given ? factsOfAnswers(given) : body;
      const read = readPersonForm(facts, day, content);
      const response = given ?? answersOfFacts(form, (facts ?? {}) as Facts, smallSets(form, content, day));
      const said = new Set(read.issues.map(({ expression }) => expression));
      const further = answerFaults(form, response, { content, now: settings.now(), day });
      const issues = [...read.issues, ...further.filter(({ expression }) => !said.has(expression))];
      return { form, response, read: { ...read, issues } };
    },
  };
}

/** The facts of `answers` of a request; null when it has none. */
export function factsGiven(answers: unknown): Facts | null {
  const response = answersIn(answers);
  return response && factsOfAnswers(response);
}

function answersIn(given: unknown): QuestionnaireResponse | null {
  const response = given as QuestionnaireResponse | null | undefined;
  return response?.resourceType === 'QuestionnaireResponse' ? response : null;
}
