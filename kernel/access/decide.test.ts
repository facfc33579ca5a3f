import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../content/content.ts';
import { boundsOf } from './bounds.ts';
import type { Actor, Role } from './contract.ts';
import { ACTIONS, compilePolicies, covers, decide } from './decide.ts';
import { parseScope } from './scopes.ts';

const content = openContent(join(import.meta.dirname, '..', '..', 'content'));
const policies = compilePolicies(content.table('access/policies'));
const STAFF: Role[] = [
  'reception',
  'nurse',
  'doctor',
  'laboratory',
  'cashier',
  'station-head',
  'insurance',
  'surveillance',
  'province-operator',
  'administrator',
];
const CLINICAL = [
  'Encounter',
  'Condition',
  'Observation',
  'ServiceRequest',
  'MedicationRequest',
  'DiagnosticReport',
  'Procedure',
  'Immunization',
  'AllergyIntolerance',
  'DocumentReference',
];

function actor(roles: Role[], more: Partial<Actor> = {}): Actor {
  return {
    id: 'a',
    name: 'A',
    roles,
    unit: 'cs-1',
    practitioner: null,
    ip: '',
    purpose: { code: 'TREAT' },
    ...more,
  };
}

test('the province operator and the administrator reach no person at all', () => {
  for (const role of ['province-operator', 'administrator'] as Role[]) {
    for (const type of [
      ...CLINICAL,
      'Patient',
      'Coverage',
      'Group',
      'RelatedPerson',
      'Claim',
      'ChargeItem',
    ]) {
      for (const action of ACTIONS) {
        // Who keeps the accounts may erase on a decision, without seeing what.
        const reach = role === 'administrator' && action === 'purge' ? 'province' : 'none';
        assert.equal(policies.reach([role], action, type, 'TREAT'), reach, `${role} ${action} ${type}`);
      }
    }
  }
  assert.equal(policies.reach(['administrator'], 'read', 'AuditEvent', 'TREAT'), 'province');
  assert.equal(policies.reach(['doctor', 'station-head'], 'read', 'AuditEvent', 'TREAT'), 'none');
});

test('reception, nurse and doctor search demographics in the whole province: any citizen may walk in', () => {
  for (const role of ['reception', 'nurse', 'doctor'] as Role[]) {
    for (const type of ['Patient', 'Coverage'])
      assert.equal(policies.reach([role], 'search', type, 'TREAT'), 'province');
  }
});

test('no role of a unit reads clinical data beyond care, and none writes beyond its unit', () => {
  for (const role of STAFF) {
    for (const type of CLINICAL) {
      assert.notEqual(policies.reach([role], 'read', type, 'TREAT'), 'province', `${role} ${type}`);
      for (const action of ['create', 'update', 'delete'] as const) {
        assert.ok(
          ['none', 'unit'].includes(policies.reach([role], action, type, 'TREAT')),
          `${role} ${action} ${type}`,
        );
      }
    }
  }
});

test('what no row allows is refused; several roles give the widest', () => {
  assert.equal(policies.reach([], 'read', 'Patient', 'TREAT'), 'none');
  assert.equal(policies.reach(['reception'], 'read', 'Condition', 'TREAT'), 'none');
  assert.equal(policies.reach(['reception', 'nurse'], 'read', 'Condition', 'TREAT'), 'care');
  assert.equal(policies.reach(['reception'], 'read', 'Organization', 'TREAT'), 'province');
});

test('scopes only take away', () => {
  const scopes = [parseScope('system/Patient.rs')!];
  const client = actor(['system-client'], { scopes, unit: null });
  assert.equal(decide(policies, client, 'read', 'Patient'), 'province');
  assert.equal(decide(policies, client, 'create', 'Patient'), 'none');
  assert.equal(decide(policies, client, 'read', 'Observation'), 'none');
  assert.equal(
    decide(policies, actor(['reception'], { scopes: [parseScope('system/*.*')!] }), 'read', 'Condition'),
    'none',
  );
});

test('a resource of no known unit belongs to the units that care for its person', () => {
  assert.equal(covers('unit', 'cs-1', { units: [], inCare: true }), true);
  assert.equal(covers('unit', 'cs-1', { units: ['cs-2'], inCare: true }), false);
  assert.equal(covers('care', 'cs-1', { units: ['cs-1'], inCare: false }), true);
  assert.equal(covers('care', 'cs-1', { units: ['cs-2'], inCare: false }), false);
  assert.equal(covers('care', null, { units: [], inCare: false }), false);
});

test('a search is bounded: open, filtered, narrowed to care, or refused', () => {
  const reach = (roles: Role[]) => (type: string) => policies.reach(roles, 'search', type, 'TREAT');
  const targets = (type: string, param: string) =>
    `${type}.${param}` === 'Encounter.subject' ? ['Patient', 'Group'] : ['Condition'];
  const bounds = (roles: Role[], type: string, ...params: [string, string][]) =>
    boundsOf({ type, params }, 'cs-1', reach(roles), targets);
  assert.equal(bounds(['reception'], 'Patient', ['name', 'an']), 'open');
  assert.equal(
    bounds(['doctor'], 'Patient', ['_has:Condition:patient:code', 'B20']),
    'care',
    'no probing of diagnoses',
  );
  assert.equal(bounds(['reception'], 'Patient', ['_has:Condition:patient:code', 'B20']), 'forbidden');
  assert.equal(bounds(['doctor'], 'Encounter', ['service-provider', 'Organization/cs-1']), 'open');
  assert.equal(bounds(['doctor'], 'Encounter', ['service-provider', 'Organization/cs-2']), 'care');
  assert.equal(
    bounds(['doctor'], 'Encounter', ['service-provider', 'Organization/cs-1,Organization/cs-2']),
    'care',
  );
  assert.equal(bounds(['doctor'], 'Observation', ['patient', 'x']), 'filter');
  assert.equal(
    bounds(['doctor'], 'Observation', ['patient', 'x'], ['_summary', 'count']),
    'care',
    'a count cannot be filtered',
  );
  assert.equal(bounds(['doctor'], 'Encounter', ['location', 'Location/r'], ['_total', 'accurate']), 'unit');
  assert.equal(bounds(['doctor'], 'Observation', ['code', 'x']), 'care');
  assert.equal(bounds(['reception'], 'Encounter', ['diagnosis:Condition.code', 'B20']), 'forbidden');
  assert.equal(bounds(['reception'], 'Encounter', ['subject.name', 'an']), 'care');
  assert.equal(bounds(['reception'], 'Encounter', ['diagnosis.code', 'B20']), 'forbidden');
  assert.equal(bounds(['province-operator'], 'Patient', ['name', 'an']), 'forbidden');
  assert.equal(bounds(['doctor'], 'Observation', ['patient', 'x'], ['_count', '0']), 'care');
  for (const [name, value] of [
    ['_filter', 'gender eq male and _has:Condition:patient:code eq B20'],
    ['_filter', 'not (_has:Condition:patient:code eq x) or gender eq male'],
    ['_list', 'x'],
  ] as [string, string][]) {
    assert.equal(bounds(['reception'], 'Patient', [name, value]), 'forbidden', value);
  }
  assert.equal(bounds(['reception'], 'Encounter', ['subject:Patient._list', 'x']), 'forbidden');
  assert.equal(bounds(['reception'], 'Patient', ['_filter', 'gender eq male']), 'open');
  assert.equal(bounds(['doctor'], 'Patient', ['_filter', '_has:Condition:patient:code eq B20']), 'care');
  assert.equal(
    bounds(['reception'], 'Encounter', ['_filter', 'diagnosis[code eq B20].code eq B20']),
    'forbidden',
  );
});
