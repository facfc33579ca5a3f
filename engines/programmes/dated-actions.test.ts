/** relatedAction of an applied plan becomes days (R4 action-relationship-type): each distance, chains, ranges, hours, and what cannot be counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../kernel/failure.ts';
import type { RequestGroupAction, Resource } from '../../kernel/fhir/types.ts';
import { datedActions, datedRequests } from './dated-actions.ts';

const NOW = '2026-11-22T08:30:00+07:00';
const AT = { now: NOW, birth: '2026-01-31' };
const failAt = (place: string, vi: string, en: string) =>
  new Failure('business-rule', `${place}: ${vi}`, { textEn: en, expression: place });

type Related = NonNullable<RequestGroupAction['relatedAction']>[number];
const duration = (value: number, code: string) => ({ value, code, system: 'http://unitsofmeasure.org' });
const after = (actionId: string, value: number, code: string, relationship = 'after-end'): Related => ({
  actionId,
  relationship: relationship as Related['relationship'],
  offsetDuration: duration(value, code),
});
const act = (id: string, ...relatedAction: Related[]): RequestGroupAction => ({
  id,
  ...(relatedAction.length > 0 ? { relatedAction } : {}),
});
const dates = (...actions: RequestGroupAction[]) =>
  Object.fromEntries(
    datedActions(actions, AT, failAt).map(({ id, timingDateTime, timingPeriod }) => [
      id,
      timingDateTime ?? (timingPeriod ? `${timingPeriod.start}..${timingPeriod.end}` : null),
    ]),
  );

test('so long after an action without a time is counted from the day of applying; the first keeps none of its own', () => {
  assert.deepEqual(
    dates(
      act('a'),
      act('b', after('a', 3, 'd')),
      act('c', after('b', 2, 'wk')),
      act('e', after('c', 1, 'mo')),
    ),
    {
      a: null,
      b: '2026-11-25',
      c: '2026-12-09',
      e: '2027-01-09',
    },
  );
});

test('from a time that the plan says, of an instant the hour stays, and months end with the month', () => {
  assert.deepEqual(
    dates(
      { id: 'a', timingDateTime: '2026-12-31' },
      act('b', after('a', 2, 'mo')),
      { id: 'c', timingDateTime: '2026-12-01T07:15:00+07:00' },
      act('e', after('c', 1, 'a')),
    ),
    { a: '2026-12-31', b: '2027-02-28', c: '2026-12-01T07:15:00+07:00', e: '2027-12-01T07:15:00+07:00' },
  );
});

test('before, at the start and at the end of a period; at an age', () => {
  const period = { id: 'a', timingPeriod: { start: '2026-12-01', end: '2026-12-10' } };
  assert.deepEqual(
    dates(
      period,
      act('truoc', after('a', 1, 'wk', 'before-start')),
      act('sau-dau', after('a', 1, 'd', 'after-start')),
      act('sau-cuoi', after('a', 1, 'd', 'after-end')),
      act('cung', { actionId: 'a', relationship: 'concurrent-with-start' }),
      act('cung-cuoi', { actionId: 'a', relationship: 'concurrent-with-end' }),
    ),
    {
      a: '2026-12-01..2026-12-10',
      truoc: '2026-11-24',
      'sau-dau': '2026-12-02',
      'sau-cuoi': '2026-12-11',
      cung: '2026-12-01',
      'cung-cuoi': '2026-12-10',
    },
  );
  const aged = datedActions(
    [{ id: 't', timingAge: duration(1, 'mo') }, act('s', after('t', 1, 'd'))],
    AT,
    failAt,
  );
  assert.deepEqual([aged[0]?.timingDateTime, aged[1]?.timingDateTime], [undefined, '2026-03-01']);
});

test('a range is a period; hours are counted from the hour of applying', () => {
  const range: Related = {
    actionId: 'a',
    relationship: 'after-end',
    offsetRange: { low: duration(4, 'wk'), high: duration(6, 'wk') },
  };
  assert.deepEqual(
    dates(
      act('a'),
      act('b', range),
      act('c', after('a', 30, 'min')),
      act('e', after('b', 1, 'd', 'after-end')),
    ),
    {
      a: null,
      b: '2026-12-20..2027-01-03',
      c: '2026-11-22T09:00:00+07:00',
      e: '2027-01-04',
    },
  );
});

test('of several distances the last one counts; only an order makes no day', () => {
  assert.deepEqual(
    dates(
      { id: 'a', timingDateTime: '2026-12-01' },
      { id: 'b', timingDateTime: '2026-12-20' },
      act('c', after('a', 2, 'wk'), after('b', 1, 'd')),
      act('e', { actionId: 'a', relationship: 'after-end' }),
      act('g', after('khong-co', 1, 'd')),
    ),
    { a: '2026-12-01', b: '2026-12-20', c: '2026-12-21', e: null, g: null },
  );
});

test('actions within actions are counted from each other', () => {
  const [group] = datedActions(
    [{ id: 'nhom', action: [act('a'), act('b', after('a', 1, 'd'))] }],
    AT,
    failAt,
  );
  assert.equal(group?.action?.[1]?.timingDateTime, '2026-11-23');
});

test('a loop and a distance that cannot be counted are refused with their place', () => {
  const told = (work: () => unknown) => {
    assert.throws(
      work,
      (error) => error instanceof Failure && /relatedAction/.test(error.issues[0]?.expression ?? ''),
    );
  };
  told(() => dates(act('a', after('b', 1, 'd')), act('b', after('a', 1, 'd'))));
  told(() => dates(act('a', after('a', 1, 'd'))));
  told(() => dates(act('a'), act('b', after('a', 1.5, 'mo'))));
  told(() => dates(act('a'), act('b', after('a', 1, 'tuần trăng'))));
});

test('what an action asks for says the same day, unless it says one itself', () => {
  const actions: RequestGroupAction[] = [
    { id: 'a', timingDateTime: '2026-12-01', resource: { reference: '#viec-1' } },
    { id: 'b', timingPeriod: { start: '2026-12-01', end: '2026-12-09' }, resource: { reference: '#viec-2' } },
    { id: 'c', timingDateTime: '2026-12-02', resource: { reference: '#viec-3' } },
  ];
  const requests = [
    { resourceType: 'Task', id: 'viec-1' },
    { resourceType: 'ServiceRequest', id: 'viec-2' },
    { resourceType: 'ServiceRequest', id: 'viec-3', occurrenceDateTime: '2027-01-01' },
  ] as Resource[];
  assert.deepEqual(datedRequests(actions, requests), [
    { resourceType: 'Task', id: 'viec-1', restriction: { period: { start: '2026-12-01' } } },
    {
      resourceType: 'ServiceRequest',
      id: 'viec-2',
      occurrencePeriod: { start: '2026-12-01', end: '2026-12-09' },
    },
    { resourceType: 'ServiceRequest', id: 'viec-3', occurrenceDateTime: '2027-01-01' },
  ]);
});
