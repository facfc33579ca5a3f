/** CDS Hooks 2.0, Link and systemActions: what a rule may open, and what the client's system does by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Extension, PlanDefinition } from '../../../kernel/fhir/types.ts';
import { evaluateRules } from '../evaluate.ts';
import { content } from '../testing.ts';
import { ruleExt } from './names.ts';
import { readRule } from './read.ts';

const link = (parts: Record<string, Partial<Extension>>): Extension => ({
  url: ruleExt.link,
  extension: Object.entries(parts).map(([url, value]) => ({ url, ...value })),
});
const page = {
  label: { valueString: 'Mở hồ sơ' },
  url: { valueUrl: '/ho-so/{{context.patientId}}' },
  type: { valueCode: 'absolute' },
};
const app = {
  label: { valueString: 'Tính liều' },
  url: { valueUrl: 'https://app.example/launch' },
  type: { valueCode: 'smart' },
  appContext: { valueString: 'lieu=1' },
  autolaunchable: { valueBoolean: true },
};

function ruleWith(links: Extension[], actions: PlanDefinition['action'] = []) {
  const value: PlanDefinition = {
    resourceType: 'PlanDefinition',
    url: 'http://yba.vn/fhir/PlanDefinition/dieu',
    status: 'active',
    type: { coding: [{ code: 'eca-rule' }] },
    relatedArtifact: [{ type: 'citation', label: 'Sổ diều' }],
    contained: [{ resourceType: 'Flag', id: 'co', status: 'active', code: { text: 'Diều' }, subject: {} }],
    action: [
      {
        title: 'Diều',
        description: 'Vì sao',
        trigger: [{ type: 'named-event', name: 'patient-view' }],
        extension: links,
        action: actions,
      },
    ],
  };
  return readRule({ key: 'dieu', from: '2026-01-01', to: null, file: 'x', value }, content);
}

const cardOf = (rule: ReturnType<typeof ruleWith>, encounter: string | null = null) =>
  evaluateRules(
    [rule],
    {
      hook: 'patient-view',
      day: '2026-11-23',
      now: new Date('2026-11-23T08:00:00+07:00'),
      patient: { resourceType: 'Patient', id: 'a b' },
      resources: [],
      drafts: [],
      encounter: encounter === null ? null : ({ resourceType: 'Encounter', id: encounter } as never),
      roles: null,
      place: null,
    },
    content,
  ).cards[0]!;

test('a link carries the ids of the call; one that asks for a visit is not there without one', () => {
  const visit = { ...page, url: { valueUrl: 'https://bv.example/kham?l={{context.encounterId}}' } };
  const rule = ruleWith([link(page), link(app), link(visit)]);
  assert.deepEqual(cardOf(rule).links, [
    { label: 'Mở hồ sơ', url: '/ho-so/a%20b', type: 'absolute', appContext: null, autolaunchable: false },
    {
      label: 'Tính liều',
      url: 'https://app.example/launch',
      type: 'smart',
      appContext: 'lieu=1',
      autolaunchable: true,
    },
  ]);
  assert.equal(cardOf(rule, 'v1').links[2]!.url, 'https://bv.example/kham?l=v1');
});

test('a link that nobody could open is refused with its place', () => {
  const at = (parts: Record<string, Partial<Extension>>, place: string) =>
    assert.throws(
      () => ruleWith([link(parts)]),
      (error: { issues: { expression: string }[] }) =>
        error.issues[0]!.expression === `PlanDefinition.action[0].extension[0].${place}`,
      JSON.stringify(parts),
    );
  at({ ...page, label: {} }, 'label');
  at({ ...page, type: { valueCode: 'popup' } }, 'type');
  at({ ...page, appContext: { valueString: 'x' } }, 'appContext');
  for (const url of ['', 'javascript:alert(1)', 'http://app.example', '//app.example', 'https://', 'ho-so'])
    at({ ...page, url: { valueUrl: url } }, 'url');
  at({ ...page, url: { valueUrl: '/ho-so/{{context.patient.name}}' } }, 'url');
});

test('what the system does by itself is no choice of its user', () => {
  const create = {
    title: 'Gắn cờ',
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/action-type', code: 'create' }],
    },
    definitionUri: '#co',
  };
  const card = cardOf(
    ruleWith([], [create, { ...create, extension: [{ url: ruleExt.system, valueBoolean: true }] }]),
  );
  assert.equal(card.suggestions.length, 1);
  assert.deepEqual(
    card.systemActions.map(({ type, resource }) => [type, (resource as { subject: object }).subject]),
    [['create', { reference: 'Patient/a b' }]],
  );
});
