/** What every one of thousands of questions asks is found out once: a long form is checked in a time that grows as the form does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePath } from '../../kernel/fhir/path/index.ts';
import type { Observation, QuestionnaireItem } from '../../kernel/fhir/types.ts';
import { checkForm } from './check/check.ts';
import { questionsOf } from './question.ts';
import { readsOf } from './reads.ts';
import { form, SDC } from './testing.ts';

const MANY = 600;
const many = <T>(make: (n: number) => T): T[] => Array.from({ length: MANY }, (_, n) => make(n));

test('what lies under the form is gathered once for all expressions that search there', () => {
  const questions = questionsOf(form(many((n) => ({ linkId: `q${n}`, type: 'string' as const }))));
  const focus = { questions: new Set([questions.root]), part: 'item', common: questions.root } as const;
  for (const text of ['%resource.item', '%resource.descendants()', '%resource.repeat(item)']) {
    const found = () =>
      readsOf(parsePath(text), { questions, focus, variable: () => null }).result!.questions;
    assert.equal(found().size, MANY, text);
    assert.equal(found(), found(), text);
  }
});

test('a template of its own for each question: the templates are not looked through for each of them', () => {
  let looks = 0;
  const template = (n: number): Observation => ({
    resourceType: 'Observation',
    get id() {
      looks += 1;
      return `t${n}`;
    },
    status: 'final',
    code: { text: 'x' },
  });
  const item = many(
    (n): QuestionnaireItem => ({
      linkId: `q${n}`,
      type: 'string',
      text: 'x',
      extension: [
        {
          url: `${SDC}templateExtract`,
          extension: [{ url: 'template', valueReference: { reference: `#t${n}` } }],
        },
      ],
    }),
  );
  assert.deepEqual(checkForm(form(item, { contained: many(template) })), []);
  assert.ok(looks < 10 * MANY, `${looks} looks at ${MANY} templates`);
});
