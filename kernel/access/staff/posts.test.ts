/** What the staff register means for an account. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PractitionerRole } from '../../fhir/types.ts';
import { type Post, postOf, rolesAfter, signInName, standingOn } from './posts.ts';

const ROWS = [
  { system: 'vai-tro', code: 'doctor', roles: 'doctor' },
  { system: 'vai-tro', code: 'head', roles: 'station-head doctor' },
];

const post = (more: Partial<Post>): Post => ({
  role: 'r1',
  practitioner: 'p',
  unit: 'u1',
  roles: ['doctor'],
  starts: null,
  ends: null,
  ...more,
});

const resource = (more: object): PractitionerRole =>
  ({
    resourceType: 'PractitionerRole',
    id: 'r1',
    practitioner: { reference: 'Practitioner/p' },
    organization: { reference: 'Organization/u1' },
    code: [{ coding: [{ system: 'vai-tro', code: 'head' }] }],
    ...more,
  }) as PractitionerRole;

test('a PractitionerRole gives the roles of its codes, from the first to the last day of its period', () => {
  assert.deepEqual(postOf(resource({ period: { start: '2026-11', end: '2026-12-31T20:00:00Z' } }), ROWS), {
    ...post({ roles: ['station-head', 'doctor'], starts: '2026-11-01', ends: '2027-01-01' }),
  });
});

test('what is inactive, names nobody, or has no code of the table gives no account', () => {
  assert.equal(postOf(resource({ active: false }), ROWS), null);
  assert.equal(postOf(resource({ practitioner: { display: 'Hà' } }), ROWS), null);
  assert.equal(postOf(resource({ organization: undefined }), ROWS), null);
  assert.equal(
    postOf(resource({ code: [{ coding: [{ system: 'vai-tro', code: 'administrator' }] }] }), ROWS),
    null,
  );
});

test('both ends of a post are days of work', () => {
  const one = [post({ starts: '2026-11-10', ends: '2026-11-20' })];
  assert.deepEqual(
    ['2026-11-09', '2026-11-10', '2026-11-20', '2026-11-21'].map((day) => standingOn(one, day) !== null),
    [false, true, true, false],
  );
  assert.equal(standingOn(one, '2026-11-12')!.endsOn, '2026-11-20');
});

test('of two units the one begun last counts, with all roles held there; an open post has no last day', () => {
  const posts = [
    post({ role: 'a', starts: '2026-01-01', ends: '2026-12-31' }),
    post({ role: 'b', unit: 'u2', roles: ['nurse'], starts: '2026-06-01' }),
    post({ role: 'c', unit: 'u2', roles: ['reception'], starts: '2026-07-01' }),
  ];
  assert.deepEqual(standingOn(posts, '2026-08-01'), {
    unit: 'u2',
    roles: ['nurse', 'reception'],
    endsOn: null,
  });
  assert.equal(standingOn(posts.slice(0, 1), '2026-08-01')!.endsOn, '2026-12-31');
});

test('roles that the register does not know stay as they were given by hand', () => {
  assert.deepEqual(rolesAfter(['administrator', 'doctor'], ['station-head'], ROWS), [
    'administrator',
    'station-head',
  ]);
});

test('a sign-in name is the given name and the initials', () => {
  assert.equal(signInName('Nguyễn Thị Thu Hà'), 'ha.ntt');
  assert.equal(signInName('Đỗ Ý'), 'y.d');
  assert.equal(signInName('Ý'), 'y1');
});
