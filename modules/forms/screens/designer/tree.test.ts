import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Questionnaire, QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import { changesBetween } from './changes.ts';
import { limitIn, unitIn, withLimit, withType, withUnit } from './extensions.ts';
import { readOptions, writeOptions } from './options.ts';
import { duplicate, flatten, freshLinkId, indent, moveBy, outdent, removeAt, renameLink } from './tree.ts';

const item = (linkId: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem => ({
  linkId,
  type: 'string',
  text: linkId,
  ...more,
});
const TREE = [
  item('a'),
  item('nhom', {
    type: 'group',
    item: [
      item('b'),
      item('c', { enableWhen: [{ question: 'b', operator: 'exists', answerBoolean: true }] }),
    ],
  }),
  item('d'),
];
const links = (items: QuestionnaireItem[]) =>
  flatten(items).map(({ path, item }) => `${path.join('.')} ${item.linkId}`);

test('an item moves among its siblings, into the group before it and out again; the old tree stays', () => {
  const before = JSON.stringify(TREE);
  assert.deepEqual(links(moveBy(TREE, [2], -1)!.items)[1], '1 d');
  assert.equal(moveBy(TREE, [0], -1), null);
  const inside = indent(TREE, [2])!;
  assert.deepEqual(inside.path, [1, 2]);
  assert.deepEqual(links(inside.items).at(-1), '1.2 d');
  const out = outdent(TREE, [1, 0])!;
  assert.deepEqual(links(out.items), ['0 a', '1 nhom', '1.0 c', '2 b', '3 d']);
  assert.deepEqual(links(removeAt(TREE, [1, 1])), ['0 a', '1 nhom', '1.0 b', '2 d']);
  assert.equal(JSON.stringify(TREE), before);
});

test('a copy of a group has link ids of its own, and its conditions ask the copy', () => {
  const { items, path } = duplicate(TREE, [1])!;
  assert.deepEqual(path, [2]);
  const copy = items[2]!;
  assert.deepEqual(
    flatten([copy]).map(({ item }) => item.linkId),
    ['nhom-2', 'b-2', 'c-2'],
  );
  assert.equal(copy.item![1]!.enableWhen![0]!.question, 'b-2');
  assert.equal(new Set(flatten(items).map(({ item }) => item.linkId)).size, flatten(items).length);
  assert.equal(freshLinkId(new Set(['x', 'x-2']), 'x-2'), 'x-3');
});

test('a new link id is carried into the conditions and expressions that ask it', () => {
  const expression = (text: string) => ({
    url: 'http://example.org/expression',
    valueExpression: { language: 'text/fhirpath' as const, expression: text },
  });
  const constraint = {
    url: 'http://example.org/constraint',
    extension: [
      { url: 'expression', valueString: "%resource.item.where(linkId!='b').exists() and 'b' = 'b'" },
    ],
  };
  const asked = "item.where(linkId = 'b').answer.value = 'b' and item.where(linkId = 'b-2').exists()";
  const renamed = renameLink(
    {
      item: [...TREE, item('tong', { extension: [expression(asked), constraint] })],
      extension: [expression(asked)],
    },
    'b',
    'huyet-ap',
  );
  assert.equal(renamed.item![1]!.item![1]!.enableWhen![0]!.question, 'huyet-ap');
  const told = "item.where(linkId = 'huyet-ap').answer.value = 'b' and item.where(linkId = 'b-2').exists()";
  const [calculated, judged] = renamed.item!.at(-1)!.extension!;
  assert.equal(calculated!.valueExpression!.expression, told);
  assert.equal(renamed.extension![0]!.valueExpression!.expression, told);
  assert.equal(
    judged!.extension![0]!.valueString,
    "%resource.item.where(linkId!='huyet-ap').exists() and 'b' = 'b'",
  );
});

test('another type takes with it what only the type before could have', () => {
  const choice = item('m', {
    type: 'choice',
    required: true,
    answerOption: [{ valueCoding: { code: 'do' } }],
    answerValueSet: 'http://example.org/mau',
  });
  assert.deepEqual(withType(choice, 'integer'), item('m', { type: 'integer', required: true }));
  assert.deepEqual(withType(choice, 'open-choice').answerOption, choice.answerOption);
  const number = withUnit(withLimit(item('n', { type: 'integer' }), 'maxValue', 5), 'kg');
  const decimal = withType(number, 'decimal');
  assert.equal(limitIn(decimal, 'maxValue'), 5);
  assert.equal(decimal.extension!.find(({ valueDecimal }) => valueDecimal === 5)?.valueInteger, undefined);
  assert.equal(unitIn(decimal), 'kg');
  assert.deepEqual(withType(number, 'string'), item('n'));
});

test('options are pasted from a spreadsheet: code and words, words alone, doubles once', () => {
  const options = readOptions('1\tCó\r\n2\tKhông\n\nKhông rõ\n1\tLại', 'http://x');
  assert.deepEqual(
    options.map(({ valueCoding }) => [valueCoding!.code, valueCoding!.display]),
    [
      ['1', 'Có'],
      ['2', 'Không'],
      ['khong-ro', 'Không rõ'],
    ],
  );
  assert.deepEqual(readOptions(writeOptions(options), 'http://x'), options);
});

test('what changes between versions: added, removed, another type breaks what was typed', () => {
  const form = (items: QuestionnaireItem[]): Questionnaire => ({
    resourceType: 'Questionnaire',
    status: 'active',
    item: items,
  });
  const after = [
    item('a', { type: 'integer', required: true }),
    item('nhom', { type: 'group', item: [item('c')] }),
    item('b'),
    item('moi'),
  ];
  const changes = changesBetween(form(TREE), form(after));
  assert.deepEqual(
    changes.map(({ linkId, kind, aspects, breaks }) => [linkId, kind, aspects.join(' '), breaks]),
    [
      ['a', 'changed', 'type required', true],
      ['c', 'changed', 'condition', false],
      ['b', 'changed', 'place', true],
      ['moi', 'added', '', false],
      ['d', 'removed', '', true],
    ],
  );
  assert.equal(changesBetween(null, form(after)).length, 5);
});

test('an item that is moved is told as moved, and those it passes are not', () => {
  const form = (...links: string[]): Questionnaire => ({
    resourceType: 'Questionnaire',
    status: 'active',
    item: links.map((linkId) => item(linkId)),
  });
  const changes = changesBetween(form('a', 'b', 'c', 'd'), form('d', 'a', 'b', 'c'));
  assert.deepEqual(
    changes.map(({ linkId, aspects }) => [linkId, aspects.join(' ')]),
    [['d', 'order']],
  );
  const words = changesBetween(form('a'), { ...form('a'), item: [{ ...item('a'), text: 'khác' }] });
  assert.equal(words[0]!.after!.text, 'khác');
  assert.notEqual(words[0]!.before!.text, 'khác');
});
