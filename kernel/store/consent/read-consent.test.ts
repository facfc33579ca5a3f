/** A Consent as rules: what is carried out, what is named because it is not, and what is done instead. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Consent, ConsentProvision } from '../../fhir/types.ts';
import { coding, consentOf, HOLDER, NOW, readerOf, recipient, subjectOf, UNIT } from './consents.testing.ts';
import { consentDecision } from './decision.ts';
import { readConsent } from './read-consent.ts';

test('what is not active, or not of privacy, makes no rule', () => {
  for (const change of [{ status: 'inactive' }, { status: 'entered-in-error' }, { status: 'proposed' }]) {
    const read = readConsent({ ...consentOf({ type: 'deny' }), ...change } as Consent, () => null);
    assert.deepEqual(read, { rules: [], issues: [] });
  }
  const research = { ...consentOf({ type: 'deny' }), scope: { coding: [coding('research')] } };
  assert.deepEqual(readConsent(research, () => null).rules, []);
});

test('what cannot be carried out is named with its place', () => {
  const places: [string, Consent][] = [
    ['Consent.provision.securityLabel[0]', consentOf({ type: 'deny', securityLabel: [coding('SPI')] })],
    ['Consent.provision.provision[0].type', consentOf({ type: 'deny', provision: [{ actor: [UNIT] }] })],
    [
      'Consent.provision.actor[1].role',
      consentOf({ type: 'deny', actor: [UNIT, recipient('Practitioner/x', 'AUT')] }),
    ],
    ['Consent.provision.actor[0].reference', consentOf({ type: 'deny', actor: [recipient('Group/x')] })],
    [
      'Consent.provision.actor[0].reference',
      consentOf({ type: 'deny', actor: [recipient('CareTeam/none')] }),
    ],
    [
      'Consent.provision.class[0]',
      consentOf({ type: 'deny', class: [{ system: 'urn:ietf:bcp:13', code: 'application/hl7-cda+xml' }] }),
    ],
    [
      'Consent.provision.data[0]',
      consentOf({ type: 'deny', data: [{ meaning: 'related', reference: { reference: 'Task/x' } }] }),
    ],
    ['Consent.provision.action', consentOf({ type: 'deny', action: [{ coding: [coding('correct')] }] })],
    ['Consent.provision.purpose', consentOf({ type: 'deny', purpose: [coding('BTG')] })],
    ['Consent.provision.code[0]', consentOf({ type: 'deny', code: [{ text: 'x' }] })],
    ['Consent.provision.code[0]', consentOf({ type: 'deny', code: [{ coding: [coding('8867-4')] }] })],
    ['Consent.provision.actor[0].reference', consentOf({ type: 'deny', actor: [HOLDER] })],
    ['Consent.provision.type', consentOf({ actor: [UNIT] })],
    [
      'Consent.policyRule',
      { ...consentOf({ type: 'deny' }), policyRule: { coding: [coding('hipaa-self-pay')] } },
    ],
    ['Consent.scope', { ...consentOf({ type: 'deny' }), scope: { coding: [coding('research')] } }],
    ['Consent.patient', { ...consentOf({ type: 'deny' }), patient: undefined } as unknown as Consent],
  ];
  for (const [place, consent] of places) {
    const { issues } = readConsent(consent, () => null);
    assert.deepEqual(
      issues.map(({ expression, severity }) => [expression, severity]),
      [[place, 'warning']],
    );
    assert.ok(issues[0]!.text.length > 20 && issues[0]!.textEn!.length > 20);
  }
});

const safely = (provision: ConsentProvision, more: Partial<Consent> = {}, reader = readerOf()) => {
  const { rules } = readConsent({ ...consentOf(provision), ...more }, () => null);
  return consentDecision(rules, reader, subjectOf(), NOW);
};

test('a denial that cannot be said hides more, a permission that cannot be said opens nothing', () => {
  const unsaid: ConsentProvision[] = [
    { securityLabel: [coding('SPI')] },
    { class: [{ system: 'urn:ietf:bcp:13', code: 'application/hl7-cda+xml' }] },
    { data: [{ meaning: 'related', reference: { reference: 'Task/x' } }] },
    { data: [{ meaning: 'authoredby', reference: { reference: 'Observation/x' } }] },
    { code: [{ text: 'x' }] },
    { action: [{ coding: [coding('look-at')] }] },
    { actor: [recipient('Practitioner/x', 'AUT')] },
    { actor: [recipient('CareTeam/none')] },
    { actor: [recipient('Practitioner/x', 'CST')] },
  ];
  for (const condition of unsaid) {
    const said = JSON.stringify(condition);
    const actor = condition.actor ?? [UNIT];
    assert.equal(safely({ ...condition, type: 'deny' }), 'hidden', said);
    assert.equal(safely({ ...condition, actor, type: 'permit' }), 'none', said);
    const within = { type: 'deny' as const, provision: [{ ...condition, actor, type: 'permit' as const }] };
    assert.equal(safely(within), 'hidden', `an exception: ${said}`);
    const around = {
      ...condition,
      type: 'deny' as const,
      provision: [{ type: 'permit' as const, actor: [UNIT] }],
    };
    if (condition.actor === undefined) assert.equal(safely(around), 'hidden', `within it: ${said}`);
    const last = {
      type: 'permit' as const,
      actor: [UNIT],
      provision: [{ ...condition, type: 'deny' as const }],
    };
    assert.equal(safely(last), 'hidden', `denied within what is permitted: ${said}`);
  }
});

test('what may be said of a list is permitted, what may not is left out', () => {
  const labels = [coding('HIV'), coding('SPI')];
  const { rules } = readConsent(
    consentOf({ type: 'permit', actor: [UNIT], securityLabel: labels }),
    () => null,
  );
  assert.equal(consentDecision(rules, readerOf(), subjectOf({ sec: 4 }), NOW), 'granted');
  assert.equal(consentDecision(rules, readerOf(), subjectOf(), NOW), 'none');
});

test('what only speaks of writing, or of emergencies, says nothing of reading', () => {
  assert.equal(safely({ type: 'deny', action: [{ coding: [coding('correct')] }] }), 'none');
  assert.equal(safely({ type: 'deny', purpose: [coding('ETREAT')] }), 'none');
});

test('opting out denies everything but what is permitted by name (R4: a provision is an exception to the base policy)', () => {
  const out = { policyRule: { coding: [coding('OPTOUT')] } };
  const permit: ConsentProvision = { type: 'permit', actor: [UNIT] };
  assert.equal(safely(permit, out), 'granted');
  assert.equal(safely(permit, out, readerOf({ names: ['Organization/cs-2'] })), 'hidden');
  assert.equal(safely({ actor: [UNIT] }, out), 'hidden', 'an exception without a type opens nothing');
  assert.equal(safely({ ...permit, period: { end: '2020' } }, out), 'none', 'over for both');
});

test('what is too long or too deep to be kept row by row denies everything, at once', () => {
  const many = (n: number) => Array.from({ length: n }, (_, at) => recipient(`Practitioner/p${at}`));
  const deep = (depth: number): ConsentProvision => ({
    type: 'permit',
    actor: many(90),
    ...(depth > 0 && { provision: [deep(depth - 1)] }),
  });
  const labels = ['HIV', 'PSY', 'SUD', 'SEX', 'SDV', 'GDIS', 'R'].map(coding);
  for (const provision of [
    deep(12),
    { type: 'permit' as const, actor: many(90), securityLabel: labels },
    { type: 'permit' as const, actor: many(3000) },
  ]) {
    const { rules, issues } = readConsent(consentOf(provision), () => null);
    assert.equal(issues.length, 1);
    assert.equal(consentDecision(rules, readerOf(), subjectOf(), NOW), 'hidden');
  }
});

test('a care team is its members, a role its practitioner at its organization', () => {
  const known: Record<string, object> = {
    'CareTeam/t': {
      resourceType: 'CareTeam',
      participant: [
        { member: { reference: 'PractitionerRole/r' } },
        { member: { reference: 'Practitioner/bs-2' } },
      ],
    },
    'PractitionerRole/r': {
      resourceType: 'PractitionerRole',
      practitioner: { reference: 'Practitioner/bs-1' },
      organization: { reference: 'Organization/cs-1' },
    },
  };
  const consent = consentOf({ type: 'deny', actor: [recipient('CareTeam/t')] });
  const { rules } = readConsent(consent, (name) => (known[name] as never) ?? null);
  const hides = (...names: string[]) => consentDecision(rules, readerOf({ names }), subjectOf(), NOW);
  assert.equal(hides('Practitioner/bs-1', 'Organization/cs-1'), 'hidden');
  assert.equal(hides('Practitioner/bs-1', 'Organization/cs-2'), 'none');
  assert.equal(hides('Practitioner/bs-2', 'Organization/cs-2'), 'hidden');
  assert.deepEqual(rules[0]!.sources, ['CareTeam/t', 'PractitionerRole/r']);
});
