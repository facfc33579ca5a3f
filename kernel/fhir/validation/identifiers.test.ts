import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateResource } from './index.ts';

const patient = { resourceType: 'Patient', name: [{ text: 'Nguyễn Thị Ánh Đào' }] };

/** `code expression` of every issue. */
function faults(resource: unknown): string[] {
  return validateResource(resource).map((issue) => `${issue.code} ${issue.expression}`);
}

test('a citizen number has twelve digits, wherever it stands; numbers of other systems are not judged', () => {
  const numbered = (...values: string[]) => ({
    ...patient,
    identifier: values.map((value) => ({ system: 'http://yba.vn/fhir/sid/cccd', value })),
  });
  const place = 'value Patient.identifier[0].value';
  for (const wrong of ['09912345678', '0991234567890', '09912345678O', '099 123 456 789', '099.123.456.789'])
    assert.deepEqual(faults(numbered(wrong)), [place], wrong);
  assert.deepEqual(faults(numbered('099123456789', '1')), ['value Patient.identifier[1].value']);
  const [issue] = validateResource(numbered('099'));
  assert.match(issue?.text ?? '', /12 chữ số/);
  assert.match(issue?.textEn ?? '', /12 digits/);
  const entry = [{ resource: numbered('099') }];
  assert.deepEqual(faults({ resourceType: 'Bundle', type: 'collection', entry }), [
    'value Bundle.entry[0].resource.identifier[0].value',
  ]);
  assert.deepEqual(
    faults({ ...patient, identifier: [{ system: 'http://x.vn', value: '1' }, { value: '1' }] }),
    [],
  );
});
