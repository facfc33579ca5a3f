import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuestionnaireResponse, Resource } from '../../kernel/fhir/types.ts';
import { openForm } from './browser.ts';
import { extractInto } from './extract/extract.ts';
import { repeatNumbers } from './repeat.ts';
import { form, NOW, SDC } from './testing.ts';

const CHILDREN = form([
  {
    linkId: 'child',
    type: 'group',
    repeats: true,
    item: [
      {
        linkId: 'sex',
        type: 'string',
        code: [{ system: 'http://loinc.org', code: '1-8' }],
        extension: [{ url: `${SDC}observationExtract`, valueBoolean: true }],
      },
    ],
  },
]);

const child = (sex: string, id?: string) => ({
  ...(id ? { id } : {}),
  linkId: 'child',
  item: [{ linkId: 'sex', answer: [{ valueString: sex }] }],
});

const response = (item: QuestionnaireResponse['item']): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  id: 'r',
  status: 'completed',
  questionnaire: CHILDREN.url!,
  item,
});

const open = (stored: QuestionnaireResponse) => openForm(CHILDREN, { now: NOW, response: stored });

/** What is stored of each child: its number, if it says one, and its sex. */
const stored = (of: QuestionnaireResponse) =>
  (of.item ?? []).map(({ id, item }) => [id, item![0]!.answer![0]!.valueString]);

test('what is left when a repeat is taken away keeps its number, and a new one takes nobody’s', () => {
  const opened = open(response([child('girl'), child('boy')]));
  opened.remove(opened.read('child')!.repeats[0]!.path);
  const amended = opened.response('amended');
  assert.deepEqual(stored(amended), [['repeat-1', 'boy']]);

  const again = open(amended);
  const added = again.add('child')!;
  again.set(`${added}/sex`, ['girl']);
  assert.deepEqual(stored(again.response('amended')), [
    ['repeat-1', 'boy'],
    ['repeat-2', 'girl'],
  ]);
});

test('repeats that stand where they began say no number', () => {
  const opened = open(response([child('girl'), child('boy')]));
  const added = opened.add('child')!;
  opened.set(`${added}/sex`, ['boy']);
  assert.deepEqual(stored(opened.response('amended')), [
    [undefined, 'girl'],
    [undefined, 'boy'],
    [undefined, 'boy'],
  ]);
});

test('of two repeats that claim one number the later has one of its own; other ids say nothing', () => {
  assert.deepEqual(repeatNumbers([child('a', 'repeat-1'), child('b'), child('c', 'x')]), [1, 3, 2]);
  assert.deepEqual(repeatNumbers([]), []);
});

test('what came of a repeat is found again by its number when one before it was taken away', () => {
  const first = extractInto(response([child('girl'), child('boy')]), CHILDREN).bundle.entry!;
  const made = first.map(
    ({ resource }, at) => ({ ...resource, id: `o${at}` }) as Resource & { identifier: { value: string }[] },
  );
  const existing = new Map(made.map((one) => [one.identifier[0]!.value, one as Resource]));
  const left = extractInto(response([child('boy', 'repeat-1')]), CHILDREN, { existing }).bundle.entry!;
  assert.deepEqual(
    left.map(({ request, resource }) => [request!.url, (resource as { valueString: string }).valueString]),
    [['Observation/o1', 'boy']],
  );
});
