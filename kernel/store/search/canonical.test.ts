/** Chains, reverse chains and includes over canonical addresses (R4 references.html#canonical, search.html#chaining). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../contract.ts';
import { idsOf, withStored } from './stored.testing.ts';

const library = (id: string, url: string, version: string | undefined, name: string, more = {}) => ({
  resourceType: 'Library',
  id,
  url,
  ...(version === undefined ? {} : { version }),
  name,
  status: 'active',
  type: { text: 'logic' },
  ...more,
});

const LIPIDS = 'http://yba.vn/test/Library/lipids';
const SUGAR = 'http://yba.vn/test/Library/sugar';

const resources = [
  library('lipids1', LIPIDS, '1', 'Lipids'),
  library('lipids2', LIPIDS, '2', 'LipidsNew'),
  library('sugar', SUGAR, undefined, 'Sugar', {
    relatedArtifact: [{ type: 'depends-on', resource: `${LIPIDS}|2` }],
  }),
  { resourceType: 'Measure', id: 'versioned', status: 'active', library: [`${LIPIDS}|1`] },
  { resourceType: 'Measure', id: 'parted', status: 'unknown', library: [`${LIPIDS}|1.4.2`] },
  { resourceType: 'Measure', id: 'open', status: 'draft', library: [LIPIDS] },
  { resourceType: 'Measure', id: 'both', status: 'retired', library: [`${LIPIDS}|2`, SUGAR] },
  { resourceType: 'Measure', id: 'elsewhere', status: 'active', library: ['http://other.org/Library/x'] },
  {
    resourceType: 'Questionnaire',
    id: 'cough',
    url: 'http://yba.vn/test/q/cough',
    title: 'Ho',
    status: 'active',
  },
  { resourceType: 'Patient', id: 'cp1' },
  { resourceType: 'Patient', id: 'cp2' },
  ...['cp1', 'cp2'].map((person) => ({
    resourceType: 'QuestionnaireResponse',
    id: `answer-${person}`,
    questionnaire: 'http://yba.vn/test/q/cough',
    subject: { reference: `Patient/${person}` },
    status: person === 'cp1' ? 'completed' : 'stopped',
  })),
];

const { search } = withStored(async (store: Store) => {
  await store.commit(
    resources.map((resource) => ({ op: 'update' as const, resource: resource as never })),
    [],
  );
});

const CASES: [address: string, found: string][] = [
  ['Measure?depends-on:Library.name=Lipids', 'both open versioned'],
  ['Measure?depends-on:Library.name:exact=Lipids', 'open versioned'],
  ['Measure?depends-on:Library.name:exact=LipidsNew', 'both open'],
  ['Measure?depends-on:Library.name=Sugar', 'both'],
  ['Measure?depends-on:Library.depends-on:Library.version=2', 'both'],
  ['Measure?depends-on:Library.version=7', ''],
  [`Library?url=${LIPIDS}`, 'lipids1 lipids2'],
  [`Library?url=${LIPIDS}|2`, 'lipids2'],
  [`Library?url=${LIPIDS}\\|2,${SUGAR}`, 'lipids2 sugar'],
  [`Library?url=${LIPIDS}|9`, ''],
  [`Measure?depends-on:below=${LIPIDS}`, 'both open parted versioned'],
  [`Measure?depends-on:below=${LIPIDS}|1`, 'parted versioned'],
  [`Measure?depends-on:below=${LIPIDS}|1.4`, 'parted'],
  [`Measure?depends-on:below=${LIPIDS}|1.`, ''],
  [`Measure?depends-on:above=${LIPIDS}|1.4.9`, 'versioned'],
  [`Measure?depends-on:above=${LIPIDS}|1.4.2`, 'parted versioned'],
  [`Measure?depends-on:below=http://nowhere.org/x|1`, ''],
  ['QuestionnaireResponse?questionnaire.title=ho', 'answer-cp1 answer-cp2'],
  ['Library?_has:Measure:depends-on:status=active', 'lipids1'],
  ['Library?_has:Measure:depends-on:status=draft', 'lipids1 lipids2'],
  ['Library?_has:Measure:depends-on:status=retired', 'lipids2 sugar'],
  ['Library?_has:Measure:depends-on:_id=elsewhere', ''],
  ['Questionnaire?_has:QuestionnaireResponse:questionnaire:patient=cp1', 'cough'],
  ['Questionnaire?_has:QuestionnaireResponse:questionnaire:status=amended', ''],
  ["Measure?_filter=depends-on:Library.name eq 'Sugar' or status eq draft", 'both open'],
];

test('chains and _has go by the canonical address, an address without a version by any version', async () => {
  for (const [address, expected] of CASES) {
    assert.equal(
      idsOf(await search(address))
        .sort()
        .join(' '),
      expected,
      address,
    );
    const { total } = await search(`${address}&_summary=count`);
    assert.equal(total, expected.split(' ').filter(Boolean).length, `${address} counted`);
  }
});

const INCLUDES: [address: string, included: string][] = [
  ['Measure?_id=versioned&_include=Measure:depends-on', 'lipids1'],
  ['Measure?_id=open&_include=Measure:depends-on', 'lipids1 lipids2'],
  ['Measure?_id=both&_include=Measure:depends-on:Library', 'lipids2 sugar'],
  ['Measure?_id=both&_include=*', 'lipids2 sugar'],
  ['Library?_id=sugar&_include:iterate=Library:depends-on&_revinclude=Measure:depends-on', 'both lipids2'],
  ['Library?_id=lipids1&_revinclude=Measure:depends-on', 'open versioned'],
  ['Library?_id=lipids2&_revinclude=Measure:depends-on&_revinclude=Library:depends-on', 'both open sugar'],
  ['Questionnaire?_id=cough&_revinclude=QuestionnaireResponse:questionnaire', 'answer-cp1 answer-cp2'],
];

test('_include and _revinclude follow canonical addresses, each to the version that it names', async () => {
  for (const [address, expected] of INCLUDES) {
    const { includes } = await search(address);
    assert.equal(
      includes
        .map(({ id }) => id)
        .sort()
        .join(' '),
      expected,
      address,
    );
  }
});

test('a reverse chain looks at the rows of those persons only whom the caller may see', async () => {
  const asked =
    'QuestionnaireResponse?questionnaire:Questionnaire._has:QuestionnaireResponse:questionnaire:status=';
  assert.deepEqual(idsOf(await search(`${asked}stopped`)).sort(), ['answer-cp1', 'answer-cp2']);
  assert.deepEqual(idsOf(await search(`${asked}stopped`, ['cp1'])), []);
  assert.deepEqual(idsOf(await search(`${asked}completed`, ['cp1'])), ['answer-cp1']);
});
