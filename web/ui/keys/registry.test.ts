import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addKeys, handleKey, keyName, validKeys } from './registry.ts';

const press = (key: string, more: object = {}) => {
  const event = {
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    isComposing: false,
    keyCode: 0,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
    ...more,
  };
  handleKey(event as unknown as KeyboardEvent);
  return event.defaultPrevented;
};

test('bare letters, digits and marks are never global shortcuts (ui.md, Behaviour 8)', () => {
  for (const key of ['a', 'Ă', '7', '/', ' ']) {
    assert.throws(() => addKeys([{ key, label: 'x', run: () => {} }]), /must not be global/);
  }
});

test('the newest part of the page wins a key, and gives it back when it goes', () => {
  const ran: string[] = [];
  const under = addKeys([{ key: 'F9', label: 'In', run: () => ran.push('under') }]);
  const over = addKeys([{ key: 'F9', label: 'In đơn', run: () => ran.push('over') }]);
  press('F9');
  over();
  press('F9');
  under();
  assert.equal(press('F9'), false);
  assert.deepEqual(ran, ['over', 'under']);
});

test('a dialog closes off the keys that lie under it', () => {
  const ran: string[] = [];
  const under = addKeys([{ key: 'F3', label: 'Đơn thuốc', run: () => ran.push('under') }]);
  const dialog = addKeys([{ key: 'Ctrl+Enter', label: 'Lưu', run: () => ran.push('dialog') }], true);
  press('F3');
  press('Enter', { ctrlKey: true });
  assert.deepEqual(
    validKeys().map((action) => action.key),
    ['Ctrl+Enter'],
  );
  dialog();
  press('F3');
  under();
  assert.deepEqual(ran, ['dialog', 'under']);
});

test('no key is taken while Telex or VNI composes a letter', () => {
  let ran = 0;
  const remove = addKeys([{ key: 'Ctrl+Enter', label: 'Lưu', run: () => ran++ }]);
  press('Enter', { ctrlKey: true, isComposing: true });
  press('Enter', { ctrlKey: true, keyCode: 229 });
  assert.equal(ran, 0);
  press('Enter', { ctrlKey: true });
  remove();
  assert.equal(ran, 1);
});

test('a disabled act keeps its key from the browser but does not run', () => {
  let ran = 0;
  const remove = addKeys([{ key: 'F5', label: 'x', run: () => ran++, disabled: true }]);
  assert.equal(press('F5'), true);
  remove();
  assert.equal(ran, 0);
});

test('the strip lists function keys in their order, then the others', () => {
  const remove = addKeys(
    ['Ctrl+Enter', 'F12', 'F3', 'F9'].map((key) => ({ key, label: key, run: () => undefined })),
  );
  assert.deepEqual(
    validKeys().map((action) => action.key),
    ['F3', 'F9', 'F12', 'Ctrl+Enter'],
  );
  remove();
});

test('keys are named alike on every keyboard', () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  assert.equal(keyName({ ...plain, key: 'k', ctrlKey: true }), 'Ctrl+K');
  assert.equal(keyName({ ...plain, key: 'k', metaKey: true }), 'Ctrl+K');
  assert.equal(keyName({ ...plain, key: 'Tab', shiftKey: true }), 'Shift+Tab');
});
