/** Consent as rules against a naive reading of R4's tree, and the table of what counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Consent, ConsentProvision } from '../../fhir/types.ts';
import { hash64 } from '../hash.ts';
import { typeNumber } from '../resource-types.ts';
import { organizationNumber } from '../search/owner.ts';
import { coding, consentOf, NOW, readerOf, recipient, subjectOf } from './consents.testing.ts';
import { consentDecision } from './decision.ts';
import { naiveDecision } from './naive.testing.ts';
import { readConsent } from './read-consent.ts';

/** What is told of every holder and every code: how they are found in the data. */
const TOLD = /^(Who holds data is|The code is looked for in)/;
/** Departments of the hospital cs-9. */
const PARTS = ['cs-9a', 'cs-9b'];
const partsOf = (id: string) => (id === 'cs-9' ? [id, ...PARTS] : [id]);
const rulesOf = (...consents: Consent[]) =>
  consents.flatMap((consent, at) => {
    const { rules, issues } = readConsent({ ...consent, id: `c${at}` }, () => null, partsOf);
    assert.deepEqual(
      issues.filter(({ textEn = '' }) => !TOLD.test(textEn)),
      [],
    );
    return rules;
  });
const decide = (provision: ConsentProvision, reader = readerOf(), subject = subjectOf()) =>
  consentDecision(rulesOf(consentOf(provision)), reader, subject, NOW);

const UNIT = recipient('Organization/cs-1');
const DOCTOR = recipient('Practitioner/bs-1');
const HOLDER = recipient('Organization/cs-9', 'CST');

test('who, what and when of a provision, one at a time', () => {
  const rows: [
    string,
    ConsentProvision,
    Parameters<typeof readerOf>[0],
    Parameters<typeof subjectOf>[0],
    string,
  ][] = [
    ['everything is denied to everyone', { type: 'deny' }, {}, {}, 'hidden'],
    ['but not to the person', { type: 'deny' }, { citizen: true }, {}, 'none'],
    ['a unit by its name', { type: 'deny', actor: [UNIT] }, {}, {}, 'hidden'],
    [
      'another unit is not meant',
      { type: 'deny', actor: [UNIT] },
      { names: ['Organization/cs-2'] },
      {},
      'none',
    ],
    [
      'a representative by name',
      { type: 'deny', actor: [recipient('Patient/me')] },
      { citizen: true, names: ['Patient/me'] },
      {},
      'hidden',
    ],
    ['a member of staff', { type: 'deny', actor: [DOCTOR] }, { names: ['Practitioner/bs-1'] }, {}, 'hidden'],
    ['a category', { type: 'deny', securityLabel: [coding('HIV')] }, {}, { sec: 4 }, 'hidden'],
    ['what is not of the category', { type: 'deny', securityLabel: [coding('HIV')] }, {}, { sec: 8 }, 'none'],
    [
      'any of several categories',
      { type: 'deny', securityLabel: [coding('HIV'), coding('PSY')] },
      {},
      { sec: 8 },
      'hidden',
    ],
    ['a type', { type: 'deny', class: [coding('Observation')] }, {}, {}, 'hidden'],
    ['another type', { type: 'deny', class: [coding('Condition')] }, {}, {}, 'none'],
    ['a purpose', { type: 'deny', purpose: [coding('HRESCH')] }, {}, {}, 'none'],
    ['before its time', { type: 'deny', period: { start: '2026-12-01' } }, {}, {}, 'none'],
    ['after its time', { type: 'deny', period: { end: '2026-11-20' } }, {}, {}, 'none'],
    ['on its last day', { type: 'deny', period: { end: '2026-11-22' } }, {}, {}, 'hidden'],
    [
      'data of its time',
      { type: 'deny', dataPeriod: { start: '2026-01', end: '2026-12' } },
      {},
      {},
      'hidden',
    ],
    ['data of another time', { type: 'deny', dataPeriod: { end: '2025' } }, {}, {}, 'none'],
    [
      'what has no date is denied with them',
      { type: 'deny', dataPeriod: { end: '2025' } },
      {},
      { d0: null, d1: null },
      'hidden',
    ],
    [
      'and not permitted',
      { type: 'permit', actor: [UNIT], dataPeriod: { end: '2025' } },
      {},
      { d0: null, d1: null },
      'none',
    ],
    ['what a facility holds', { type: 'deny', actor: [HOLDER] }, {}, { holder: 'cs-9' }, 'hidden'],
    ['what another holds', { type: 'deny', actor: [HOLDER] }, {}, { holder: 'cs-1' }, 'none'],
    ['what its department holds', { type: 'deny', actor: [HOLDER] }, {}, { holder: 'cs-9a' }, 'hidden'],
    [
      'its department alone',
      { type: 'deny', actor: [recipient('Organization/cs-9a', 'CST')] },
      {},
      { holder: 'cs-9' },
      'none',
    ],
    ['of a visit at it', { type: 'deny', actor: [HOLDER] }, {}, { visitsAt: ['cs-9b'] }, 'hidden'],
    ['of a visit elsewhere', { type: 'deny', actor: [HOLDER] }, {}, { visitsAt: ['cs-1'] }, 'none'],
    [
      'the owner says more than the visit',
      { type: 'deny', actor: [HOLDER] },
      {},
      { holder: 'cs-1', visitsAt: ['cs-9'] },
      'none',
    ],
    ['what nobody is known to hold is denied with it', { type: 'deny', actor: [HOLDER] }, {}, {}, 'hidden'],
    ['and not permitted with it', { type: 'permit', actor: [UNIT, HOLDER] }, {}, {}, 'none'],
    [
      'what its department holds is permitted',
      { type: 'permit', actor: [UNIT, HOLDER] },
      {},
      { holder: 'cs-9a' },
      'granted',
    ],
    [
      'of visits at it and elsewhere: denied',
      { type: 'deny', actor: [HOLDER] },
      {},
      { visitsAt: ['cs-9', 'cs-1'] },
      'hidden',
    ],
    [
      'of visits at it and elsewhere: not permitted',
      { type: 'permit', actor: [UNIT, HOLDER] },
      {},
      { visitsAt: ['cs-9', 'cs-1'] },
      'none',
    ],
    [
      'one thing',
      { type: 'deny', data: [{ meaning: 'instance', reference: { reference: 'Observation/x' } }] },
      {},
      {},
      'hidden',
    ],
    [
      'another thing',
      { type: 'deny', data: [{ meaning: 'instance', reference: { reference: 'Observation/y' } }] },
      {},
      {},
      'none',
    ],
    [
      'a code',
      { type: 'deny', code: [{ coding: [{ system: 'http://loinc.org', code: '8867-4' }] }] },
      {},
      {},
      'hidden',
    ],
    [
      'a further coding of the main code',
      { type: 'deny', code: [{ coding: [{ system: 'http://loinc.org', code: '8480-6' }] }] },
      {},
      { codes: ['8480-6'] },
      'hidden',
    ],
    [
      'another code',
      { type: 'deny', code: [{ coding: [{ system: 'http://loinc.org', code: '8480-6' }] }] },
      {},
      {},
      'none',
    ],
    [
      'what the unit wrote itself stays open to it',
      { type: 'deny' },
      { unit: 'cs-1' },
      { holder: 'cs-1' },
      'none',
    ],
    ['what the law opens stays open', { type: 'deny' }, { open: [typeNumber('Observation')!] }, {}, 'none'],
    ['a grant names its reader', { type: 'permit', actor: [UNIT] }, {}, {}, 'granted'],
    ['a permission for everyone opens nothing more', { type: 'permit' }, {}, {}, 'none'],
    ['an exception', { type: 'deny', provision: [{ type: 'permit', actor: [UNIT] }] }, {}, {}, 'granted'],
    [
      'that others do not have',
      { type: 'deny', provision: [{ type: 'permit', actor: [DOCTOR] }] },
      {},
      {},
      'hidden',
    ],
    [
      'within the provision around it',
      { type: 'deny', actor: [UNIT], provision: [{ type: 'permit', actor: [DOCTOR] }] },
      { names: ['Organization/cs-2', 'Practitioner/bs-1'] },
      {},
      'none',
    ],
    [
      'both names',
      { type: 'deny', actor: [UNIT], provision: [{ type: 'permit', actor: [DOCTOR] }] },
      { names: ['Organization/cs-1', 'Practitioner/bs-1'] },
      {},
      'granted',
    ],
    [
      'a denial beside a permission',
      {
        type: 'deny',
        provision: [
          { type: 'permit', actor: [UNIT] },
          { type: 'deny', securityLabel: [coding('HIV')] },
        ],
      },
      {},
      { sec: 4 },
      'hidden',
    ],
  ];
  for (const [title, provision, reader, subject, expected] of rows) {
    assert.equal(decide(provision, readerOf(reader), subjectOf(subject)), expected, title);
  }
});

test('one Consent denies what another permits: denied', () => {
  const rules = rulesOf(consentOf({ type: 'permit', actor: [UNIT] }), consentOf({ type: 'deny' }));
  assert.equal(consentDecision(rules, readerOf(), subjectOf(), NOW), 'hidden');
});

test('the base policy counts when the outermost provision says nothing else', () => {
  const of = (code: string, provision?: ConsentProvision) =>
    consentDecision(
      rulesOf({ ...consentOf(provision), policyRule: { coding: [coding(code)] } }),
      readerOf(),
      subjectOf(),
      NOW,
    );
  assert.equal(of('OPTOUT'), 'hidden');
  assert.equal(of('OPTIN'), 'none');
  assert.equal(of('OPTIN', { actor: [UNIT] }), 'hidden', 'HL7: "withhold" is an exception to opting in');
  assert.equal(of('OPTOUT', { period: { end: '2020' } }), 'none', 'the period bounds the policy');
});

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

test('several holders are a choice', () => {
  const provision: ConsentProvision = {
    type: 'deny',
    actor: [recipient('Organization/cs-9', 'CST'), recipient('Organization/cs-8', 'CST')],
  };
  const rules = rulesOf(consentOf(provision));
  const at = (holder: string) => consentDecision(rules, readerOf(), subjectOf({ holder }), NOW);
  assert.deepEqual(['cs-9', 'cs-8', 'cs-7'].map(at), ['hidden', 'hidden', 'none']);
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

test('rules decide as a naive reading of the tree does', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const some = <T>(all: T[]): T[] => all.filter(() => random(3) === 0);
  const grow = (depth: number): ConsentProvision => {
    const actor = random(2) ? [] : some([UNIT, DOCTOR, recipient('Practitioner/bs-2'), HOLDER]);
    const labels = random(2) ? [] : some(['HIV', 'PSY', 'SEX'].map(coding));
    const classes = random(3) ? [] : some(['Observation', 'Condition'].map(coding));
    const period = [{ start: '2026-12-01' }, { end: '2026-11-30' }, { start: '2026-01', end: '2026-11' }][
      random(6)
    ];
    const nested = depth < 3 ? Array.from({ length: random(3) }, () => grow(depth + 1)) : [];
    return {
      type: random(2) ? 'deny' : 'permit',
      ...(actor.length > 0 && { actor }),
      ...(labels.length > 0 && { securityLabel: labels }),
      ...(classes.length > 0 && { class: classes }),
      ...(period && { period }),
      ...(nested.length > 0 && { provision: nested }),
    };
  };
  const parts = PARTS.map(organizationNumber);
  const wholes = (unit: number) => (parts.includes(unit) ? [organizationNumber('cs-9')] : []);
  let told = 0;
  for (let turn = 0; turn < 400; turn++) {
    const consents = Array.from({ length: 1 + random(2) }, () => consentOf(grow(0)));
    const rules = rulesOf(...consents);
    for (let look = 0; look < 8; look++) {
      const reader = readerOf({
        names: some(['Organization/cs-1', 'Practitioner/bs-1', 'Practitioner/bs-2']),
        citizen: random(5) === 0,
        unit: [undefined, 'cs-1', 'cs-9'][random(3)],
      });
      const subject = subjectOf({
        sec: random(2) * 4 + random(2) * 8 + random(2) * 32,
        type: random(2) ? 'Observation' : 'Condition',
        holder: [undefined, undefined, 'cs-9', 'cs-9a', 'cs-1'][random(5)],
        visitsAt: [[], ['cs-9b'], ['cs-1'], ['cs-1', 'cs-9']][random(4)]!,
      });
      const expected = naiveDecision(consents, reader, subject, NOW, wholes);
      assert.equal(
        consentDecision(rules, reader, subject, NOW),
        expected,
        JSON.stringify({ consents, reader, sec: subject.sec, t: subject.t }),
      );
      if (expected !== 'none') told += 1;
    }
  }
  assert.ok(told > 300, `${told} decisions that say something`);
  assert.equal(subjectOf().idh, hash64('Observation/x'));
});
