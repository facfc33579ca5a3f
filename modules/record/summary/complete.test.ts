import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation, Resource } from '../../../kernel/fhir/types.ts';
import { completed } from './complete.ts';

const whole: Observation = {
  resourceType: 'Observation',
  id: 'du',
  status: 'final',
  code: { text: 'Glucose' },
  subject: { reference: 'Patient/lan' },
  effectiveDateTime: '2026-01-01',
  performer: [{ reference: 'Practitioner/an' }],
  valueQuantity: { value: 5.5 },
};

test('a resource that has what IPS requires stays as it is', () => {
  assert.deepEqual(completed(whole), whole);
  const flag = { resourceType: 'Flag', id: 'f' } as Resource;
  assert.equal(completed(flag), flag);
});

test('a time of another form becomes dateTime or Period, as exactly as it is known', () => {
  const { effectiveDateTime, ...timeless } = whole;
  const at = (more: object) => {
    const { effectiveDateTime, effectivePeriod } = completed({ ...timeless, ...more } as Observation);
    return effectiveDateTime ?? effectivePeriod;
  };
  assert.equal(at({ effectiveInstant: '2026-01-01T08:00:00.123+07:00' }), '2026-01-01T08:00:00.123+07:00');
  assert.equal(at({ effectiveTiming: { event: ['2026-02-01', '2026-01-01'] } }), '2026-01-01');
  const bounds = { start: '2026-01-01', end: '2026-01-05' };
  assert.deepEqual(at({ effectiveTiming: { repeat: { boundsPeriod: bounds } } }), bounds);
  assert.equal(
    at({ effectiveTiming: { repeat: { frequency: 2 } }, issued: '2026-03-01T00:00:00Z' }),
    '2026-03-01T00:00:00Z',
  );
  assert.equal(at({}), undefined);
});

test('what is missing carries the reason, and nothing else is said of it', () => {
  const { effectiveDateTime, performer, valueQuantity, ...bare } = whole;
  const told = completed(bare as Observation) as unknown as Record<string, unknown>;
  for (const name of ['_effectiveDateTime', 'performer', 'dataAbsentReason'])
    assert.match(JSON.stringify(told[name]), /unknown/, name);
});
