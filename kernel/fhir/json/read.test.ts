import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import { readJson, readStoredJson } from './read.ts';

const read = (text: string) => readJson(Buffer.from(text));

function fault(text: string | Buffer): Failure {
  try {
    readJson(Buffer.from(text as string));
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error;
  }
  assert.fail(`was taken: ${text}`);
}

test('malformed JSON is refused with line and column', () => {
  const failure = fault('{\n  "resourceType": "Patient",\n  "active": tru\n}');
  assert.equal(failure.code, 'malformed-json');
  assert.match(failure.issues[0]!.textEn!, /line 3, column 13/);
  assert.match(failure.issues[0]!.text, /dòng 3, cột 13/);
});

test('every kind of broken text is a malformed-json failure, never another error', () => {
  const texts = [
    '',
    ' ',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,}',
    '[1,]',
    '[1 2]',
    '"abc',
    '"\\x"',
    '"\\u12"',
    '01',
    '1.',
    '+1',
    'nul',
    '{a:1}',
    "{'a':1}",
    '{"a":1}}',
    '\u0000',
    '"a\nb"',
    'NaN',
    '-',
    '{"a":1 "b":2}',
  ];
  for (const text of texts) assert.equal(fault(text).code, 'malformed-json', JSON.stringify(text));
});

test('a name given twice is refused by name and place, also when escaped', () => {
  assert.match(
    fault('{"id":"a","active":true,"id":"b"}').issues[0]!.textEn!,
    /Duplicate JSON name "id" at line 1, column 25/,
  );
  assert.match(fault('{"a":[{"id":1,"\\u0069d":2}]}').message, /Duplicate/);
  assert.equal(fault('{"a":[{"id":1,"id":2}]}').issues[0]!.expression, 'a[0].id');
});

test('prototype keys are refused, escaped or not', () => {
  assert.match(fault('{"__proto__":{"admin":true}}').message, /Forbidden JSON name/);
  assert.match(fault('{"a":{"\\u005f_proto__":1}}').message, /Forbidden JSON name/);
  assert.equal(({} as Record<string, unknown>).admin, undefined);
});

test('NUL characters and lone surrogates are refused, escaped backslashes before u0000 are not', () => {
  assert.match(fault('{"a":"x\\u0000y"}').message, /Forbidden character/);
  assert.match(fault('{"a":"\\ud800"}').message, /Forbidden character/);
  assert.deepEqual(read('{"a":"\\\\u0000"}'), { a: '\\u0000' });
  assert.deepEqual(read('{"a":"\\ud83d\\ude00"}'), { a: '😀' });
});

test('nesting bombs are refused without recursion', () => {
  assert.match(fault(`${'['.repeat(100_000)}`).message, /nested deeper/);
  assert.match(fault(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`).message, /nested deeper/);
});

test('bytes that are no UTF-8 are refused; a byte-order mark is dropped', () => {
  assert.throws(() => readJson(Buffer.from([0x22, 0xff, 0x22])), /UTF-8/);
  assert.deepEqual(read('\uFEFF{"a":1}'), { a: 1 });
});

test('R4 decimal: precision is preserved on the round trip ("1.10" stays "1.10")', () => {
  const text =
    '{"a":{"value":1.10,"unit":"mg"},"b":[{"value":0.00},{"value":1e3}],"c":12345678901234567890.5,"d":7}';
  const value = read(text) as { a: { value: number } };
  assert.equal(value.a.value, 1.1);
  assert.equal(JSON.stringify(value), text);
  assert.equal(JSON.stringify(readStoredJson(Buffer.from(text))), text);
  assert.deepEqual(Object.keys(value.a), ['value', 'unit']);
});

test('a number that is changed after reading is written as changed', () => {
  const value = read('{"a":{"value":1.10}}') as { a: { value: number } };
  value.a.value = 2.5;
  assert.equal(JSON.stringify(value), '{"a":{"value":2.5}}');
});
