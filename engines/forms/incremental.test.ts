import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Extension, QuestionnaireItem, QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import { pick, type Random, randomFrom } from '../../kernel/fhir/validation/random.testing.ts';
import type { OpenForm } from './form/form.ts';
import { openWith } from './form/open.ts';
import { fieldsUnder } from './form/tree.ts';
import { planForm } from './plan.ts';
import { fhirPath, form, NOW, variable } from './testing.ts';

const SEED = Number(process.env.YBA_SEED ?? 7);
const FORMS = 150;
const CHANGES = 40;

interface Place {
  linkId: string;
  inRow: boolean;
  calculated: boolean;
}

/** Questions in a row and outside, each calculated from, or enabled by, some that stand before it. */
function randomForm(random: Random): { items: QuestionnaireItem[]; places: Place[] } {
  const places: Place[] = [];
  const top: QuestionnaireItem[] = [];
  const row: QuestionnaireItem[] = [];
  const variables: Extension[] = [];
  for (let at = 0; at < 12; at++) {
    const inRow = at > 2 && random() < 0.5;
    const linkId = `q${at}`;
    const item: QuestionnaireItem = { linkId, type: 'integer' };
    const extension: Extension[] = [];
    const calculated = places.length > 0 && random() < 0.4;
    if (calculated)
      extension.push(fhirPath('calculatedExpression', expressionOf(random, places, inRow, variables)));
    if (places.length > 0 && random() < 0.4)
      item.enableWhen = [
        {
          question: pick(random, places).linkId,
          operator: pick(random, ['>', '!=', '='] as const),
          answerInteger: Math.floor(random() * 3),
        },
      ];
    if (extension.length > 0) item.extension = extension;
    (inRow ? row : top).push(item);
    places.push({ linkId, inRow, calculated });
  }
  const group: QuestionnaireItem = {
    linkId: 'row',
    type: 'group',
    repeats: true,
    extension: variables,
    item: row,
  };
  if (random() < 0.5) group.enableWhen = [{ question: 'q0', operator: '!=', answerInteger: 1 }];
  return { items: row.length > 0 ? [...top, group] : top, places };
}

/** A sum of answers before it: of the row by a variable, of everything by a path. */
function expressionOf(
  random: Random,
  places: readonly Place[],
  inRow: boolean,
  variables: Extension[],
): string {
  const parts = [0, 1].map(() => {
    const { linkId, inRow: isOfRow } = pick(random, places);
    if (!isOfRow) return `%resource.item.where(linkId = '${linkId}').answer.value`;
    if (!inRow) return `%resource.item.where(linkId = 'row').item.where(linkId = '${linkId}').answer.value`;
    const name = `v${linkId}`;
    if (!variables.some(({ valueExpression }) => valueExpression?.name === name))
      variables.push(variable(name, `item.where(linkId = '${linkId}').answer.value`));
    return `%${name}`;
  });
  return `(${parts.join(' | ')} | 1).sum() mod 5`;
}

const statesOf = (opened: OpenForm) =>
  [...fieldsUnder(opened.engine.root)].map((field) => [field.path, field.isThere, field.values]);

test('what is asked after each change is what evaluating everything gives', () => {
  const random = randomFrom(SEED);
  for (let n = 0; n < FORMS; n++) {
    const { items, places } = randomForm(random);
    const plan = planForm(form(items));
    assert.deepEqual(plan.faults, []);
    assert.equal(plan.loops.length, 0, `seed ${SEED}, form ${n}: ${JSON.stringify(items)}`);
    const opened = openWith(plan, { now: NOW });
    const given = new Map<string, number[]>();
    for (let change = 0; change < CHANGES; change++) {
      const rows = opened.read('row')?.repeats ?? [];
      if (rows.length > 0 && random() < 0.1) opened.add('row');
      else if (rows.length > 1 && random() < 0.1) {
        const gone = pick(random, rows).path;
        opened.remove(gone);
        for (const path of given.keys()) if (path.startsWith(`${gone}/`)) given.delete(path);
      } else {
        const place = pick(
          random,
          places.filter(({ calculated }) => !calculated),
        );
        const path = place.inRow ? `${pick(random, rows).path}/${place.linkId}` : place.linkId;
        const values = random() < 0.2 ? [] : [Math.floor(random() * 4)];
        opened.set(path, values);
        given.set(path, values);
      }
    }
    const before = statesOf(opened);
    opened.engine.settle(false);
    assert.deepEqual(
      statesOf(opened),
      before,
      `seed ${SEED}, form ${n}: evaluating everything changes something`,
    );
    const answers = [replayed(opened, given), opened.response('completed')].map(withoutNumbers);
    assert.deepEqual(answers[0], answers[1], `seed ${SEED}, form ${n}`);
    assert.equal(opened.engine.isLooping, false);
  }
});

/** Rows that are added again are numbered from the first. */
const withoutNumbers = (response: QuestionnaireResponse): unknown =>
  JSON.parse(JSON.stringify(response, (name, value) => (name === 'id' ? undefined : value)));

/** The same answers given to a new form, from its last question to its first. */
function replayed(opened: OpenForm, given: ReadonlyMap<string, number[]>) {
  const again = openWith(opened.engine.plan, { now: NOW });
  const rows = opened.read('row')?.repeats.map(({ path }) => path) ?? [];
  const renamed = new Map(
    rows.map((path, at) => [path, at === 0 ? again.read('row')!.repeats[0]!.path : again.add('row')!]),
  );
  for (const [path, values] of [...given].reverse()) {
    const row = path.split('/')[0]!;
    again.set(path.replace(row, renamed.get(row) ?? row), values);
  }
  return again.response('completed');
}

test('a change in a form of 500 questions asks those that stand on it, and no others', () => {
  const items: QuestionnaireItem[] = Array.from({ length: 500 }, (_, at) => ({
    linkId: `q${at}`,
    type: 'integer',
    ...(at % 5 === 4
      ? {
          extension: [
            fhirPath('calculatedExpression', `%resource.item.where(linkId = 'q${at - 1}').answer.value + 1`),
          ],
        }
      : {}),
  }));
  const opened = openWith(planForm(form(items)), { now: NOW });
  const told: string[] = [];
  for (const path of opened.paths) opened.subscribe(path, () => told.push(path));
  opened.set('q3', [1]);
  opened.set('q0', [1]);
  assert.deepEqual(told, ['q3', 'q4', 'q0']);
});
