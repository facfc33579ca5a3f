/** The examples say what the engine says, and the profiles are true of the demo province. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { profilesOf } from '../../kernel/content/profiles.ts';
import type { Issue } from '../../kernel/failure.ts';
import { placeRecords } from '../../modules/demo/generate.ts';
import { TODAY, testHouseholds, testMaking, testRecords } from '../../modules/demo/testing.ts';
import { badResource, examplesOf } from './profiles/examples.ts';
import { openJudge, profileFor } from './profiles/judge.testing.ts';

const content = openContent(join(import.meta.dirname, '..'));
const judge = openJudge(content, TODAY);
// `today()` of the rules is the day of the demo province, whatever day it is.
before(() => mock.timers.enable({ apis: ['Date'], now: new Date(`${TODAY}T16:00:00+07:00`) }));
after(() => mock.timers.reset());

const told = ({ severity, code, text, expression }: Issue) => {
  const key = /^(yba-[a-z0-9-]+):/.exec(text)?.[1];
  return { severity, code, ...(key ? { key } : {}), expression };
};

for (const { id } of profilesOf(content)) {
  test(`${id}: the good example has nothing against it, each bad one exactly what is written`, async () => {
    const examples = examplesOf(content, id);
    assert.deepEqual((await judge(examples.good, examples.against)).map(told), []);
    for (const bad of examples.bad) {
      const found = (await judge(badResource(examples, bad), examples.against)).map(told);
      const inOrder = (issues: object[]) => issues.map((one) => JSON.stringify(one)).sort();
      assert.deepEqual(inOrder(found), inOrder(bad.issues), bad.rule);
      const [first] = bad.issues;
      if (!bad.rule.includes(':')) assert.equal(first!.key, bad.rule, 'the broken rule is told first');
    }
  });
}

test('a broken rule is told in Vietnamese and in English', async () => {
  const examples = examplesOf(content, 'the-bhyt');
  const bad = examples.bad.find(({ rule }) => rule === 'yba-the-1')!;
  const [issue] = await judge(badResource(examples, bad), 'the-bhyt');
  assert.match(issue!.text, /^yba-the-1: Số thẻ BHYT gồm đúng 15 ký tự/);
  assert.match(issue!.textEn!, /^yba-the-1: A card number has 15 characters/);
});

test('every resource of the demo province fits its profile', async () => {
  const making = testMaking();
  const records = [...placeRecords(making).resources, ...testRecords(making, testHouseholds(making, 1))];
  const known = new Set(profilesOf(content).map(({ url }) => url));
  const addresses = JSON.stringify(records).matchAll(/"url":"(http:\/\/yba\.vn\/[^"]+)"/g);
  assert.deepEqual(
    [...new Set([...addresses].map(([, url]) => url!))].filter((url) => !known.has(url)),
    [],
    'extensions without a definition',
  );
  const wrong = new Set<string>();
  const seen = new Set<string>();
  for (const resource of records) {
    const profile = profileFor(resource);
    if (profile === undefined) continue;
    seen.add(profile);
    for (const issue of await judge(resource, profile)) {
      if (issue.severity === 'error') wrong.add(`${profile} ${issue.expression} ${issue.textEn}`);
    }
  }
  assert.deepEqual([...wrong], []);
  const meant = profilesOf(content).filter(({ kind, type }) => kind === 'resource' && type !== 'Extension');
  assert.deepEqual(
    meant.map(({ id }) => id).filter((id) => !seen.has(id)),
    [],
    'profiles that nothing in the demo province is meant to fit',
  );
});
