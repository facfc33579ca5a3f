/** Pages forwards and backwards: every order, every way in, nothing twice, nothing left out, and the same pages on the way back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import type { ResourceType } from '../../fhir/types.ts';
import type { SearchAnswer } from '../contract.ts';
import { loadFixture } from './fixture.testing.ts';
import { loadSpecial } from './fixture-special.testing.ts';
import { idsOf as ids, withStored } from './stored.testing.ts';

const stored = withStored(loadFixture, loadSpecial);

function search(type: string, query: string): Promise<SearchAnswer> {
  const params = [...new URLSearchParams(query)] as [string, string][];
  return stored.store.search({ type: type as ResourceType, params });
}

const SEARCHES = [
  'Observation?',
  'Observation?patient=lan',
  'Observation?date=ge2026-11',
  'Observation?_sort=date',
  'Observation?_sort=-date,_id',
  'Observation?_sort=code,-value-quantity',
  'Observation?_sort=subject,-date',
  'Observation?_sort=-encounter,code',
  'Observation?_sort=performer',
  'Observation?_sort=-_lastUpdated',
  'Observation?_sort=_lastUpdated,status',
  'Observation?_filter=code sw 2 or status eq final',
  'Observation?_content=final',
  'Patient?',
  'Patient?_sort=birthdate',
  'Patient?_sort=-birthdate',
  'Patient?_sort=identifier',
  'Patient?_sort=-identifier,name',
  'Patient?_sort=telecom,-_id',
  'Patient?_sort=name',
  'Patient?name=anh',
  'Patient?name=lê',
  'Patient?name=thi',
  'Patient?name=thị hoà',
  'Patient?name=th l',
  'Patient?family:contains=an',
  'Patient?given=thị,văn',
  'Organization?name=phòng,trạm,sở',
  'Organization?_sort=-name',
  'ValueSet?_sort=url',
  'ValueSet?_sort=-url',
  'Encounter?_sort=location,-patient',
  'Location?_sort=partof,-name',
];

test('next leads through every match once, previous back through the same pages (R4 http.html#paging)', async () => {
  for (const address of SEARCHES) {
    const [type = '', query = ''] = address.split('?');
    const all = ids(await search(type, `${query}&_count=100`));
    assert.ok(all.length > 1, address);
    const pages: string[][] = [];
    let answer = await search(type, `${query}&_count=2`);
    assert.equal(answer.previous, undefined, address);
    for (;;) {
      pages.push(ids(answer));
      assert.ok(pages.length < 60, address);
      if (answer.next === undefined) break;
      answer = await search(type, answer.next);
      assert.notEqual(answer.previous, undefined, address);
    }
    assert.deepEqual(pages.flat(), all, address);
    for (let at = pages.length - 2; at >= 0; at--) {
      answer = await search(type, answer.previous!);
      assert.deepEqual(ids(answer), pages[at], `${address} back to ${at}`);
      assert.notEqual(answer.next, undefined, address);
    }
    assert.equal(answer.previous, undefined, address);
  }
});

test('a page that stands before the first whole page is the first page', async () => {
  const first = await search('Patient', '_sort=_id&_count=3');
  const second = await search('Patient', first.next!);
  const params: [string, string][] = [...new URLSearchParams(second.previous!)] as [string, string][];
  await stored.store.commit([{ op: 'delete', type: 'Patient', id: ids(first)[0]! }], []);
  const again = await stored.store.search({ type: 'Patient', params });
  assert.equal(again.matches.length, 3);
  assert.equal(again.previous, undefined);
  assert.deepEqual(ids(again).slice(0, 2), ids(first).slice(1));
});

test('pages do not shift when rows are added or removed before them', async () => {
  const first = await search('Observation', '_sort=_id&_count=4');
  const before = ids(await search('Observation', first.next!));
  const added = {
    resourceType: 'Observation',
    id: '0-new',
    status: 'final',
    code: { text: 'x' },
  };
  await stored.store.commit([{ op: 'update', resource: added as never }], []);
  assert.deepEqual(ids(await search('Observation', first.next!)), before);
  await stored.store.commit([{ op: 'delete', type: 'Observation', id: '0-new' }], []);
});

test('a cursor is refused with what it is good for, when it was changed, or belongs to another search', async () => {
  const { next = '' } = await search('Observation', '_count=2');
  for (const [type, query] of [
    ['Observation', next.replace(/_cursor=../, '_cursor=xx')],
    ['Observation', `${next}0`],
    ['Observation', `status=final&${next}`],
    ['Patient', next],
    ['Observation', '_count=2&_cursor='],
    ['Observation', '_count=2&_cursor=1'],
    ['Observation', '_count=2&_cursor=W10.AAAAAAAAAAAAAAAAAAAAAA'],
  ] as const) {
    await assert.rejects(search(type, query), (error: unknown) => {
      assert.ok(error instanceof Failure, query);
      assert.equal(error.code, 'invalid-parameter');
      assert.equal(error.issues[0]?.expression, '_cursor');
      assert.match(error.issues[0]?.textEn ?? '', /without _cursor/);
      return true;
    });
  }
});

test('the next page may have another length', async () => {
  const { next = '', matches } = await search('Observation', '_count=2');
  const whole = ids(await search('Observation', '_count=6'));
  const rest = await search('Observation', next.replace('_count=2', '_count=4'));
  assert.deepEqual([...matches.map(({ id }) => id), ...ids(rest)], whole);
});

test('a page goes on for somebody whose persons have changed, and is limited to those of now', async () => {
  const params: [string, string][] = [
    ['_count', '1'],
    ['_sort', '_id'],
  ];
  const first = await stored.store.search({ type: 'Encounter', params, patients: ['lan', 'minh'] });
  const next = [...new URLSearchParams(first.next)] as [string, string][];
  assert.deepEqual(
    ids(await stored.store.search({ type: 'Encounter', params: next, patients: ['lan'] })),
    [],
  );
  assert.deepEqual(ids(await stored.store.search({ type: 'Encounter', params: next, patients: ['minh'] })), [
    'e2',
  ]);
});

test('_total: none leaves the number out, estimate and accurate give it on every page, _count=0 is the number alone', async () => {
  const all = (await search('Observation', '_count=100')).matches.length;
  assert.equal((await search('Observation', '_count=100&_total=none')).total, undefined);
  assert.equal((await search('Observation', '_count=2')).total, undefined);
  for (const total of ['estimate', 'accurate']) {
    const page = await search('Observation', `_count=2&_total=${total}`);
    assert.equal(page.total, all);
    assert.equal((await search('Observation', page.next!)).total, all);
  }
  const none = await search('Observation', '_count=0');
  assert.deepEqual([none.total, none.matches.length, none.next], [all, 0, undefined]);
});
