/** What is wrong with a definition is told with its place when it is published, never at the bedside. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openContent } from '../../../kernel/content/content.ts';
import type { PlanDefinition } from '../../../kernel/fhir/types.ts';
import { evaluateRules } from '../evaluate.ts';
import { content } from '../testing.ts';
import { checkRule } from './check.ts';
import { ruleIssues } from './issues.ts';
import { readRule } from './read.ts';

const KEY = 'di-ung';
/** The version that began last, which the test cases of its days are about. */
const FROM = '2026-11-23';
const folder = mkdtempSync(join(tmpdir(), 'yba-rules-'));
after(() => rmSync(folder, { recursive: true }));

const sound = () => structuredClone(content.json<PlanDefinition>(`rules/${KEY}/${FROM}`));
const file = (value: PlanDefinition) => ({
  key: KEY,
  from: FROM,
  to: null,
  file: `rules/${KEY}/${FROM}.json`,
  value,
});
const fhirPath = (expression: string) => ({ language: 'text/fhirpath' as const, expression });

function faults(change: (plan: PlanDefinition) => void): string[] {
  const plan = sound();
  change(plan);
  return checkRule(file(plan), content).map(({ place, text, textEn }) => {
    assert.ok(text.length > 0 && textEn.length > 0);
    return `${place}: ${textEn}`;
  });
}

function told(change: (plan: PlanDefinition) => void, place: string, word: RegExp): void {
  const all = faults(change);
  assert.ok(
    all.some((one) => one.startsWith(place) && word.test(one)),
    `${place} ${word}: ${all.join(' | ')}`,
  );
}

test('a sound definition has no faults', () => {
  assert.deepEqual(
    faults(() => undefined),
    [],
  );
});

const variable = (name: string, expression: string) => ({
  url: 'http://hl7.org/fhir/StructureDefinition/variable',
  valueExpression: { name, ...fhirPath(expression) },
});

test('loops of variables are named', () => {
  told(
    (plan) => plan.extension!.push(variable('a', '%b'), variable('b', '%a')),
    'PlanDefinition.extension',
    /%a → %b → %a/,
  );
  told((plan) => plan.extension!.push(variable('a', '%a')), 'PlanDefinition.extension', /%a → %a/);
});

test('wrong expressions, unknown variables and types of no person are told with their place', () => {
  const condition = (expression: string) => (plan: PlanDefinition) => {
    plan.action![0]!.condition = [{ kind: 'applicability', expression: fhirPath(expression) }];
  };
  const at = 'PlanDefinition.action[0].condition[0].expression';
  told(condition('Condition.where('), at, /not FHIRPath/);
  told(condition('%nothing.exists()'), at, /nothing/);
  told(condition('Condition.colour.exists()'), at, /colour/);
  told(condition('Organization.exists()'), at, /no person/);
  told(
    (plan) => {
      plan.action![0]!.condition = [{ kind: 'start', expression: fhirPath('true') }];
    },
    'PlanDefinition.action[0].condition[0].kind',
    /applicability/,
  );
  told(
    (plan) => {
      plan.action![0]!.condition = [
        { kind: 'applicability', expression: { language: 'text/cql', expression: 'x' } },
      ];
    },
    at,
    /not carried out/,
  );
});

test('calculators: unknown, with an unknown input, without a required one, with a table that is not there', () => {
  const calculator = (plan: PlanDefinition) =>
    plan.extension!.find(({ url }) => url.endsWith('/may-tinh'))!.extension!;
  told(
    (plan) => {
      calculator(plan).find(({ url }) => url === 'calculator')!.valueCode = 'none';
    },
    'PlanDefinition.extension',
    /"none"/,
  );
  told(
    (plan) => {
      calculator(plan).find(({ url }) => url === 'input')!.extension![0]!.valueString = 'colour';
    },
    'PlanDefinition.extension',
    /no input/,
  );
  told(
    (plan) => {
      plan.extension![0]!.extension = calculator(plan).filter(({ url }) => url !== 'input');
    },
    'PlanDefinition.extension',
    /lacks the input "table"/,
  );
  told(
    (plan) => {
      calculator(plan).find(({ url }) => url === 'input')!.extension![1]!.valueString = 'drug/none';
    },
    'PlanDefinition.extension',
    /drug\/none/,
  );
});

test('codes that no list has: role, place, kind, reason', () => {
  const user = (kind: string, system: string) => (plan: PlanDefinition) => {
    plan.useContext = [
      { code: { code: kind }, valueCodeableConcept: { coding: [{ system, code: 'nobody' }] } },
    ];
  };
  told(user('user', 'http://yba.vn/fhir/cs/vai-tro'), 'PlanDefinition.useContext', /"nobody"/);
  told(user('venue', 'http://yba.vn/fhir/cs/loai-co-so'), 'PlanDefinition.useContext', /"nobody"/);
  told(
    (plan) => {
      plan.action![0]!.code = [
        { coding: [{ system: 'http://yba.vn/fhir/cs/loai-canh-bao', code: 'nothing' }] },
      ];
    },
    'PlanDefinition.action[0].code',
    /"nothing"/,
  );
  told(
    (plan) => {
      plan.action![0]!.extension!.push({
        url: 'http://yba.vn/fhir/ext/ly-do-bo-qua',
        valueCoding: { system: 'http://yba.vn/fhir/cs/ly-do-bo-qua-canh-bao', code: 'mood' },
      });
    },
    'PlanDefinition.action[0].extension',
    /"mood"/,
  );
});

test('what every rule must say: when, what, why, by whom, from where; as an eca-rule under its own name and day', () => {
  told(
    (plan) => {
      plan.action![0]!.trigger = [];
    },
    'PlanDefinition.action[0].trigger',
    /missing/,
  );
  told(
    (plan) => {
      plan.action![0]!.trigger = [{ type: 'named-event', name: 'sunrise' }];
    },
    'PlanDefinition.action[0].trigger[0]',
    /order-sign/,
  );
  told(
    (plan) => {
      plan.action![0]!.dynamicValue = [];
    },
    'PlanDefinition.action[0].title',
    /missing/,
  );
  told(
    (plan) => {
      plan.relatedArtifact = [];
    },
    'PlanDefinition.action[0].documentation',
    /source/,
  );
  told(
    (plan) => {
      delete plan.author;
      plan.publisher = undefined as never;
    },
    'PlanDefinition.author',
    /answers for/,
  );
  told(
    (plan) => {
      plan.version = '2026-02-01';
    },
    'PlanDefinition.version',
    /2026-11-23/,
  );
  told(
    (plan) => {
      plan.url = 'http://example.org/x';
    },
    'PlanDefinition.url',
    /di-ung/,
  );
  told(
    (plan) => {
      plan.type = { coding: [{ code: 'order-set' }] };
    },
    'PlanDefinition.type',
    /eca-rule/,
  );
  told(
    (plan) => {
      plan.action![0]!.title = 'x'.repeat(140);
    },
    'PlanDefinition.action[0].title',
    /140/,
  );
  told(
    (plan) => {
      plan.action = [];
    },
    'PlanDefinition.action',
    /at least one/,
  );
});

test('test cases must hold, and must be there', () => {
  told(
    (plan) => {
      plan.action![0]!.condition = [{ kind: 'applicability', expression: fhirPath('false') }];
    },
    'rules/di-ung/cases.json',
    /fails the case/,
  );
  const nameless = { ...file({ ...sound(), url: 'http://yba.vn/fhir/PlanDefinition/moi' }), key: 'moi' };
  assert.match(checkRule(nameless, content)[0]!.textEn, /every rule has test cases/);
});

test('a hard stop needs a name in the approved list of its day; then nobody signs against it', () => {
  const hard = (plan: PlanDefinition) => {
    plan.action![0]!.requiredBehavior = 'must';
  };
  told(hard, 'PlanDefinition.action[0].requiredBehavior', /hard-stops/);
  cpSync(content.path('rules'), join(folder, 'rules'), { recursive: true });
  for (const name of ['drug', 'clinic', 'catalog', 'cvd', 'growth'])
    cpSync(content.path(name), join(folder, name), { recursive: true });
  writeFileSync(
    join(folder, 'rules/hard-stops.csv'),
    `rule,approved_by,approved_on,source,valid_from,valid_to\n${KEY},Chủ tịch Hội đồng thuốc,2025-12-30,Biên bản 12,2026-01-01,\n`,
  );
  const approved = openContent(folder);
  const plan = sound();
  hard(plan);
  assert.deepEqual(checkRule(file(plan), approved), []);
  const rule = readRule(file(plan), approved);
  const [one] = approved
    .json<{ patient: never; resources: never[]; draftOrders: never[]; day: string }[]>(`rules/${KEY}/cases`)
    .filter(({ day }) => day >= FROM);
  const { cards } = evaluateRules(
    [rule],
    {
      hook: 'order-sign',
      day: one!.day,
      now: new Date(`${one!.day}T12:00:00+07:00`),
      patient: one!.patient,
      resources: one!.resources,
      drafts: one!.draftOrders,
      roles: null,
      place: null,
    },
    approved,
  );
  assert.deepEqual([cards[0]!.hardStop, cards[0]!.needsReason], [true, true]);
});

test('roles, places and days: who else is asked hears nothing', () => {
  const plan = sound();
  plan.useContext = [
    {
      code: { code: 'user' },
      valueCodeableConcept: { coding: [{ system: 'http://yba.vn/fhir/cs/vai-tro', code: 'doctor' }] },
    },
    {
      code: { code: 'venue' },
      valueCodeableConcept: { coding: [{ system: 'http://yba.vn/fhir/cs/loai-co-so', code: 'benh-vien' }] },
    },
  ];
  const rule = readRule(file(plan), content);
  const [one] = content.json<{ patient: never; resources: never[]; draftOrders: never[] }[]>(
    `rules/${KEY}/cases`,
  );
  const spoken = (roles: string[] | null, place: string | null, day = FROM) =>
    evaluateRules(
      [rule],
      {
        hook: 'order-sign',
        day,
        now: new Date(`${day}T12:00:00+07:00`),
        patient: one!.patient,
        resources: one!.resources,
        drafts: one!.draftOrders,
        roles,
        place,
      },
      content,
    ).cards.length;
  assert.equal(spoken(['doctor'], 'benh-vien'), 1);
  assert.equal(spoken(null, null), 1);
  assert.equal(spoken(['nurse'], 'benh-vien'), 0);
  assert.equal(spoken(['doctor'], 'tram-y-te'), 0);
  assert.equal(spoken(['doctor'], 'benh-vien', '2026-11-22'), 0);
});

test('a rule of ours that is stored must be one that can be carried out; those of others are kept as they are', () => {
  const broken = sound();
  broken.action![0]!.condition = [{ kind: 'applicability', expression: fhirPath('Condition.where(') }];
  assert.equal(
    ruleIssues(broken, content)[0]!.expression,
    'PlanDefinition.action[0].condition[0].expression.expression',
  );
  assert.deepEqual(ruleIssues({ ...broken, url: 'http://example.org/rule' }, content), []);
  assert.deepEqual(ruleIssues(sound(), content), []);
});
