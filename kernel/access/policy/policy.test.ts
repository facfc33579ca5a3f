/** The tables of access: what their rows mean, that they change by date without a restart, and that faults are found. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Content, openContent, type Row } from '../../content/content.ts';
import { CATEGORY_BITS } from '../../store/search/labels.ts';
import type { Actor } from '../contract.ts';
import { compilePolicies } from '../decide.ts';
import { checkAccess } from './check.ts';
import { compileMasks } from './masks.ts';
import { compilePurposes } from './purposes.ts';
import { accessRules } from './rules.ts';

const content = openContent(join(import.meta.dirname, '..', '..', '..', 'content'));
const { HIV, PSY } = CATEGORY_BITS;

/** The content with some tables replaced. */
const changed = (tables: Record<string, Row[]>): Content => ({
  ...content,
  table: (name) => tables[name] ?? content.table(name),
  inForce: (name, date) =>
    (tables[name] ?? content.table(name)).filter(
      ({ valid_from: from = '', valid_to: to = '' }) =>
        (from === '' || from <= date) && (to === '' || date <= to),
    ),
});

test('a row counts for its purposes alone; several roles and rows give the widest', () => {
  const policies = compilePolicies([
    { role: 'doctor', actions: 'read', types: 'Condition', scope: 'care', purposes: '' },
    { role: 'doctor', actions: 'read', types: 'Condition', scope: 'province', purposes: 'PUBHLTH ETREAT' },
  ]);
  assert.equal(policies.reach(['doctor'], 'read', 'Condition', 'TREAT'), 'care');
  assert.equal(policies.reach(['doctor'], 'read', 'Condition', 'ETREAT'), 'province');
  assert.equal(policies.reach(['nurse'], 'read', 'Condition', 'ETREAT'), 'none');
});

test('what no row opens is hidden; a row opens its categories in its unit or everywhere', () => {
  const masks = compileMasks([
    { role: 'doctor', purposes: 'TREAT', categories: 'HIV PSY', types: '*', scope: 'unit' },
    { role: 'nurse', purposes: '', categories: 'PSY', types: 'Condition', scope: 'province' },
  ]);
  const doctor = masks(['doctor'], 'TREAT');
  assert.equal(doctor.others.own & (HIV | PSY), 0);
  assert.equal(doctor.others.elsewhere & HIV, HIV);
  assert.equal(masks(['doctor'], 'HRESCH').others.own & HIV, HIV);
  const both = masks(['doctor', 'nurse'], 'TREAT').byType.get('Condition')!;
  assert.deepEqual([both.elsewhere & PSY, both.elsewhere & HIV, both.own & HIV], [0, HIV, 0]);
  assert.equal(masks([], 'TREAT').none, false);
});

test('the tables change at midnight in Vietnam, without a restart', () => {
  let now = '2026-12-31T16:59:59Z';
  const row = { role: 'doctor', actions: 'read', types: 'Condition' };
  const rules = accessRules(
    changed({
      'access/policies': [
        { ...row, scope: 'care', valid_from: '', valid_to: '2026-12-31' },
        { ...row, scope: 'unit', valid_from: '2027-01-01', valid_to: '' },
      ],
      'access/sensitive-reading': [
        {
          role: 'doctor',
          purposes: '',
          categories: '*',
          types: '*',
          scope: 'province',
          valid_to: '2026-12-31',
        },
      ],
    }),
    () => new Date(now),
  );
  const asked = () => [
    rules.policies.reach(['doctor'], 'read', 'Condition', 'TREAT'),
    rules.sight().masks(['doctor'], 'TREAT').none,
  ];
  assert.deepEqual(asked(), ['care', true]);
  now = '2026-12-31T17:00:00Z';
  assert.deepEqual(asked(), ['unit', false]);
});

test('a purpose is that of the role, or another that the role may state', () => {
  const purposes = compilePurposes(content.table('access/purposes'));
  assert.equal(purposes.standard(['doctor']), 'TREAT');
  assert.equal(purposes.standard(['insurance', 'cashier']), 'HPAYMT');
  assert.equal(purposes.standard(['cashier', 'nurse']), 'TREAT');
  assert.equal(purposes.standard(['surveillance']), 'PUBHLTH');
  assert.equal(purposes.standard(['citizen']), 'PATRQT');
  assert.equal(purposes.standard([]), 'HOPERAT');
  const doctor = { roles: ['doctor'], purpose: { code: 'TREAT' } } as Actor;
  assert.equal(purposes.stated(doctor, 'ETREAT').purpose.code, 'ETREAT');
  assert.throws(() => purposes.stated(doctor, 'PUBHLTH'), { code: 'forbidden' });
  assert.throws(() => purposes.stated(doctor, 'BTG'), { code: 'forbidden' });
  const broken = { roles: ['doctor'], purpose: { code: 'BTG', reason: 'x' } } as Actor;
  assert.equal(purposes.stated(broken, 'TREAT').purpose.code, 'BTG', 'a stated reason is not taken back');
});

test('the content has no fault, and a faulty row is found by its table and place', () => {
  assert.deepEqual(checkAccess(content), []);
  const policy = { role: 'doctor', actions: 'read', types: 'Condition', scope: 'care' };
  const found = checkAccess(
    changed({
      'access/policies': [
        { ...policy, scope: 'ward' },
        { ...policy, types: 'Diagnosis' },
        { ...policy, purposes: 'treat' },
        { ...policy, valid_from: '2027-01-01', valid_to: '2026-01-01' },
        { ...policy, role: 'wizard' },
      ],
      'access/sensitive-reading': [{ role: 'doctor', categories: 'AIDS', types: '*', scope: 'unit' }],
      'access/purposes': [{ role: 'doctor', purpose: 'BTG', standard: '' }],
      'access/care': [{ kind: 'friendship', days: '3' }],
      'access/sensitivity': [{ category: 'HIV', system: 'icd', codes: 'B20' }],
    }),
  ).map(({ where, text }) => `${where}: ${text}`);
  for (const part of [
    /policies 1: unknown scope "ward"/,
    /policies 2: "Diagnosis" is no resource type/,
    /policies 3: "treat" is no v3/,
    /policies 4: it ends on 2026-01-01/,
    /sensitive-reading 1: unknown category "AIDS"/,
    /purposes 1: BTG is stated/,
    /care 1: "friendship"/,
    /sensitivity 1: "icd" is no code system/,
    /purposes: the role "wizard"/,
  ]) {
    assert.ok(
      found.some((one) => part.test(one)),
      `${part} in ${found.join('; ')}`,
    );
  }
});
