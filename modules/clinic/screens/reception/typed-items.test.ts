import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TypedItems } from './typed-items.ts';

test('an answer of before that is asked about when the next is typed already opens nothing anew: the next would be lost', () => {
  const none: object[] = [];
  const items = new TypedItems<object[]>(none);
  const [first, second] = [[{ linkId: 'a' }], [{ linkId: 'a' }, { linkId: 'b' }]];
  items.type(first);
  items.type(second);
  assert.equal(items.isNew(first), false);
  assert.equal(items.isNew(second), false);
});

test('a draft that is taken up, and one that is thrown away, open the form anew, once', () => {
  const none: object[] = [];
  const items = new TypedItems<object[]>(none);
  assert.equal(items.isNew(none), false);
  const draft = [{ linkId: 'a' }];
  assert.equal(items.isNew(draft), true);
  assert.equal(items.isNew(draft), false);
  const typed = [{ linkId: 'b' }];
  items.type(typed);
  assert.equal(items.isNew(typed), false);
  assert.equal(items.isNew(none), true);
});
