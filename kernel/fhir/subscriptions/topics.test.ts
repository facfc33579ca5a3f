/** The topics of the content: each names a step that fires and steps that do not; what they say of filters and includes can be carried out. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../content/content.ts';
import { knowsSearchParameter, supportedIncludes } from '../../store/search/index.ts';
import { cs } from '../systems.ts';
import { validateResource } from '../validation/index.ts';
import { basicOf } from './rendered-topics.ts';
import { focusOf, openTopics } from './topics.ts';
import { isEvent } from './trigger.ts';

const content = openContent(join(import.meta.dirname, '../../../content'));
const topics = openTopics(content, () => '2026-11-22');

type Steps = [previous: object | null, current: object, fires: boolean][];

const encounter = (status: string) => ({ resourceType: 'Encounter', id: 'a', status });
const request = (status: string, intent = 'order') => ({
  resourceType: 'MedicationRequest',
  id: 'a',
  status,
  intent,
});
const report = (status: string) => ({ resourceType: 'DiagnosticReport', id: 'a', status });
const result = (status: string, value?: number, category = 'laboratory') => ({
  resourceType: 'Observation',
  id: 'a',
  status,
  category: [{ coding: [{ code: category }] }],
  ...(value !== undefined && { valueQuantity: { value } }),
});
const diagnosis = (code: string, verification = 'confirmed') => ({
  resourceType: 'Condition',
  id: 'a',
  code: { coding: [{ system: cs.icd10, code }] },
  verificationStatus: { coding: [{ code: verification }] },
});
const person = { resourceType: 'Patient', id: 'a' };

const STEPS: Record<string, Steps> = {
  'patient-registered': [
    [null, person, true],
    [person, person, false],
  ],
  'patient-changed': [
    [null, person, false],
    [person, { ...person, gender: 'female' }, true],
  ],
  'encounter-start': [
    [null, encounter('arrived'), true],
    [null, encounter('planned'), false],
    [encounter('planned'), encounter('in-progress'), true],
    [encounter('arrived'), encounter('in-progress'), false],
    [encounter('onleave'), encounter('in-progress'), false],
  ],
  'encounter-end': [
    [encounter('in-progress'), encounter('finished'), true],
    [null, encounter('finished'), true],
    [encounter('finished'), encounter('finished'), false],
    [encounter('in-progress'), encounter('cancelled'), false],
  ],
  'laboratory-result-final': [
    [null, result('final', 1), true],
    [result('final', 1), result('final', 1), false],
    [result('final', 1), result('final', 2), true],
    [result('final'), result('final'), false],
    [result('final', 1), result('corrected', 2), true],
    [null, result('preliminary', 1), false],
    [null, result('final', 1, 'vital-signs'), false],
  ],
  'diagnostic-report-final': [
    [report('partial'), report('final'), true],
    [report('final'), report('final'), false],
    [report('final'), report('amended'), true],
    [null, report('registered'), false],
  ],
  'condition-notifiable': [
    [null, diagnosis('A91'), true],
    [null, diagnosis('A91.1'), true],
    [null, diagnosis('J06.9'), false],
    [null, diagnosis('A91', 'entered-in-error'), false],
    [diagnosis('A91'), diagnosis('A91'), false],
    [diagnosis('A91', 'provisional'), diagnosis('A91'), true],
    [diagnosis('J06.9'), diagnosis('A91'), true],
  ],
  'medication-request-signed': [
    [request('draft'), request('active'), true],
    [request('active'), request('active'), false],
    [null, request('active', 'proposal'), false],
  ],
};

test('each topic fires at the step that it names, and at no other', () => {
  assert.deepEqual(
    topics
      .all()
      .map(({ id }) => id)
      .sort(),
    Object.keys(STEPS).sort(),
  );
  for (const topic of topics.all()) {
    for (const [previous, current, fires] of STEPS[topic.id]!) {
      const op = previous === null ? 'create' : 'update';
      const step = { op, previous, current } as Parameters<typeof isEvent>[1];
      assert.equal(isEvent(topic, step, topics.notifiable()), fires, `${topic.id} ${JSON.stringify(step)}`);
    }
  }
});

test('every filter of a topic is a search parameter of its focus, every include one of its includes', () => {
  for (const topic of topics.all()) {
    const type = focusOf(topic);
    const includes = supportedIncludes(type).include;
    for (const { filterParameter } of topic.canFilterBy)
      assert.ok(knowsSearchParameter(type, filterParameter), `${topic.id}: ${filterParameter}`);
    for (const { resource, include = [] } of topic.notificationShape) {
      assert.equal(resource, type);
      for (const one of include)
        assert.ok(
          includes.some((known) => one === known || one.startsWith(`${known}:`)),
          `${topic.id}: ${one} is not among ${includes.join(' ')}`,
        );
    }
  }
});

test('as R4 knows it, a topic is a valid Basic', () => {
  for (const topic of topics.all()) assert.deepEqual(validateResource(basicOf(topic)), [], topic.id);
});

test('a topic is offered on the days of its effective period only', () => {
  const before = openTopics(content, () => '2025-12-31');
  assert.deepEqual(before.all(), []);
  assert.equal(before.find(topics.all()[0]!.url), null);
});
