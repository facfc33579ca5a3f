import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFailure, networkFailure } from './failure.ts';

test("the sentence, code, places and details of our own routes' errors reach the screen", () => {
  const failure = decodeFailure(412, {
    error: {
      code: 'version-conflict',
      text: 'Người khác vừa sửa hồ sơ này.',
      issues: [{ severity: 'error', code: 'conflict', text: 'Trùng', expression: 'Patient.birthDate' }],
      details: { theirs: { name: 'A' } },
    },
  });
  assert.equal(failure.message, 'Người khác vừa sửa hồ sơ này.');
  assert.equal(failure.conflict, true);
  assert.deepEqual(failure.details, { theirs: { name: 'A' } });
  assert.equal(failure.issues[0]?.expression, 'Patient.birthDate');
});

test('an OperationOutcome is read by its diagnostics or its text', () => {
  const failure = decodeFailure(422, {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        code: 'value',
        diagnostics: 'Ngày sinh ở tương lai.',
        expression: ['Patient.birthDate'],
      },
      { severity: 'error', code: 'required', details: { text: 'Thiếu họ tên.' } },
    ],
  });
  assert.equal(failure.message, 'Ngày sinh ở tương lai.');
  assert.equal(failure.code, 'value');
  assert.deepEqual(
    failure.issues.map((issue) => issue.text),
    ['Ngày sinh ở tương lai.', 'Thiếu họ tên.'],
  );
});

test('an answer that is no error of ours still becomes a sentence that says what to do', () => {
  for (const [status, body] of [
    [500, null],
    [404, undefined],
    [403, '<html>'],
    [418, { error: 'teapot' }],
    [502, { resourceType: 'OperationOutcome', issue: [] }],
  ] as const) {
    const failure = decodeFailure(status, body);
    assert.match(failure.message, /\.$/);
    assert.equal(failure.status, status);
  }
});

test('a lost network and a busy server pass by themselves, a refusal does not', () => {
  assert.equal(networkFailure().passing, true);
  assert.equal(decodeFailure(503, null).passing, true);
  assert.equal(decodeFailure(422, null).passing, false);
});
