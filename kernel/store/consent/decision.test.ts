/** Consent as rules against a naive reading of R4's tree, and the table of what counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsentProvision } from '../../fhir/types.ts';
import { hash64 } from '../hash.ts';
import { typeNumber } from '../resource-types.ts';
import { organizationNumber } from '../search/owner.ts';
import {
  coding,
  consentOf,
  DOCTOR,
  HOLDER,
  NOW,
  PARTS,
  readerOf,
  recipient,
  rulesOf,
  subjectOf,
  UNIT,
} from './consents.testing.ts';
import { consentDecision } from './decision.ts';
import { naiveDecision } from './naive.testing.ts';

const decide = (provision: ConsentProvision, reader = readerOf(), subject = subjectOf()) =>
  consentDecision(rulesOf(consentOf(provision)), reader, subject, NOW);

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

test('several holders are a choice', () => {
  const provision: ConsentProvision = {
    type: 'deny',
    actor: [recipient('Organization/cs-9', 'CST'), recipient('Organization/cs-8', 'CST')],
  };
  const rules = rulesOf(consentOf(provision));
  const at = (holder: string) => consentDecision(rules, readerOf(), subjectOf({ holder }), NOW);
  assert.deepEqual(['cs-9', 'cs-8', 'cs-7'].map(at), ['hidden', 'hidden', 'none']);
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
