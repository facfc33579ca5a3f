import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuestionnaireItem } from '../../kernel/fhir/types.ts';
import { checkForm } from './check/check.ts';
import { openForm } from './form/open.ts';
import { CORE, fhirPath, form, NOW, SDC, variable } from './testing.ts';

const errors = (given: Parameters<typeof checkForm>[0]) =>
  checkForm(given).filter(({ severity }) => severity === 'error');

test('variables stand on each other in any order; only those that name each other are a loop', () => {
  const sum: QuestionnaireItem = {
    linkId: 'sum',
    type: 'integer',
    extension: [variable('last', '%second + 1'), fhirPath('calculatedExpression', '%last')],
  };
  const given = form([{ linkId: 'a', type: 'integer' }, sum], {
    extension: [
      variable('first', "%resource.item.where(linkId='a').answer.value"),
      variable('second', "%'third' + %`first`"),
      variable('third', '%first * 10'),
    ],
  });
  assert.deepEqual(errors(given), []);
  const opened = openForm(given, { now: NOW });
  opened.set('a', [2]);
  assert.deepEqual(opened.read('sum')!.values, [23]);
  const round = form([sum], { extension: [variable('second', '%third'), variable('third', '%second')] });
  assert.ok(errors(round).some(({ textEn }) => textEn?.includes('name each other')));
});

test('a score of the codes of a group may stand in that group', () => {
  const choice = (linkId: string): QuestionnaireItem => ({
    linkId,
    type: 'choice',
    answerOption: [0, 1, 2].map((score) => ({
      valueCoding: { code: `c${score}`, extension: [{ url: `${CORE}ordinalValue`, valueDecimal: score }] },
    })),
  });
  const total: QuestionnaireItem = {
    linkId: 'total',
    type: 'integer',
    extension: [
      fhirPath(
        'calculatedExpression',
        "%resource.item.where(linkId='g').item.answer.value.ordinal().aggregate($this + $total, 0)",
      ),
    ],
  };
  const given = form([{ linkId: 'g', type: 'group', item: [choice('a'), choice('b'), total] }]);
  assert.deepEqual(errors(given), []);
  const opened = openForm(given, { now: NOW });
  opened.set('g/a', [{ code: 'c2' }]);
  opened.set('g/b', [{ code: 'c1' }]);
  assert.deepEqual(opened.read('g/total')!.values, [3]);
});

test('a part of a modular form may name what it gets where it is put in', () => {
  const asked = form([
    { linkId: 'n', type: 'string', extension: [fhirPath('initialExpression', '%person.name')] },
  ]);
  assert.equal(errors(asked).length, 1);
  const needs = { url: `${SDC}assembleContext`, valueString: 'person' };
  assert.deepEqual(errors({ ...asked, extension: [needs] }), []);
});
