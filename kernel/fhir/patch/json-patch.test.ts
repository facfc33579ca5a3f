import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import { readJson } from '../json/read.ts';
import { applyJsonPatch } from './json-patch.ts';

interface Case {
  comment: string;
  doc: unknown;
  patch: unknown;
  expected?: unknown;
  error?: string;
}

const { cases } = JSON.parse(
  readFileSync(new URL('cases/json-patch-tests.json', import.meta.url), 'utf8'),
) as {
  cases: Case[];
};

for (const one of cases) {
  test(`RFC 6902 ${one.comment}`, () => {
    const before = structuredClone(one.doc);
    if (one.error === undefined) assert.deepEqual(applyJsonPatch(one.doc, one.patch), one.expected);
    else assert.throws(() => applyJsonPatch(one.doc, one.patch), Failure);
    assert.deepEqual(one.doc, before, 'the document that came in is not changed');
  });
}

test('R4 patch: a test that does not hold is answered 422', () => {
  const patch = [{ op: 'test', path: '/active', value: true }];
  assert.throws(
    () => applyJsonPatch({ active: false }, patch),
    (error) => error instanceof Failure && error.status === 422 && error.issues[0]!.expression === 'patch[0]',
  );
});

test('RFC 5789 section 2.2: what a patch names and is not there is 422, a pointer that is none 400', () => {
  const statusOf = (patch: unknown) => {
    try {
      applyJsonPatch({ list: [1] }, patch);
    } catch (error) {
      return error instanceof Failure ? error.status : error;
    }
    return 200;
  };
  assert.equal(statusOf([{ op: 'test', path: '/name', value: 1 }]), 422);
  assert.equal(statusOf([{ op: 'remove', path: '/list/1' }]), 422);
  assert.equal(statusOf([{ op: 'replace', path: '/name', value: 1 }]), 422);
  assert.equal(statusOf([{ op: 'remove', path: 'list' }]), 400);
  assert.equal(statusOf([{ op: 'remove' }]), 400);
});

test('faulty patches are refused by operation', () => {
  const faulty: unknown[] = [
    {},
    [1],
    [{ op: 'jump', path: '/a' }],
    [{ op: 'add', path: 'a', value: 1 }],
    [{ op: 'add', path: '/a' }],
    [{ op: 'copy', path: '/a' }],
    [{ op: 'remove', path: '' }],
    [{ op: 'remove', path: '/list/01' }],
    [{ op: 'remove', path: '/list/5' }],
    [{ op: 'add', path: '/list/9', value: 1 }],
    [{ op: 'add', path: '/__proto__/x', value: 1 }],
    [{ op: 'add', path: '/a/__proto__', value: 1 }],
    [{ op: 'move', from: '/a', path: '/a/b' }],
    [{ op: 'add', path: '/a~2', value: 1 }],
    [{ op: 'add', path: '/constructor/prototype', value: 1 }],
  ];
  for (const patch of faulty) {
    assert.throws(() => applyJsonPatch({ a: {}, list: [1] }, patch), Failure, JSON.stringify(patch));
  }
});

test('a patch keeps the precision of decimals it does not touch', () => {
  const document = readJson(Buffer.from('{"valueQuantity":{"value":5.10,"unit":"mmol/L"}}'));
  const patched = applyJsonPatch(document, [{ op: 'replace', path: '/valueQuantity/unit', value: 'mg' }]);
  assert.equal(JSON.stringify(patched), '{"valueQuantity":{"value":5.10,"unit":"mg"}}');
});

test('what a patch has emptied is left out; what it sends empty stays, to be refused', () => {
  const person = {
    telecom: [{ value: '1' }],
    link: [{ other: { display: 'x' } }],
    _given: [{ id: 'a' }, { id: 'b' }],
  };
  const patched = applyJsonPatch(person, [
    { op: 'remove', path: '/telecom/0' },
    { op: 'remove', path: '/link/0/other/display' },
    { op: 'remove', path: '/_given/0/id' },
    { op: 'add', path: '/name', value: [] },
  ]);
  assert.deepEqual(patched, { _given: [null, { id: 'b' }], name: [] });
  const moved = applyJsonPatch({ a: [1] }, [{ op: 'move', from: '/a/0', path: '/b' }]);
  assert.deepEqual(moved, { b: 1 });
});

test('an emptied list can still be filled by the operations after', () => {
  const patch = [
    { op: 'remove', path: '/telecom/0' },
    { op: 'test', path: '/telecom', value: [] },
    { op: 'add', path: '/telecom/-', value: 'new' },
  ];
  assert.deepEqual(applyJsonPatch({ telecom: ['old'] }, patch), { telecom: ['new'] });
});
