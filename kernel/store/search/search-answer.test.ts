/** What an answer holds beside its matches, and how: includes, order, pages, totals, and the bound to persons. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../../failure.ts';
import type { SearchAnswer } from '../contract.ts';
import { loadFixture } from './fixture.testing.ts';
import { idsOf as ids, withStored } from './stored.testing.ts';

const { search } = withStored(loadFixture);

test('_include and _revinclude, with a target type, *, and :iterate', async () => {
  const included = async (address: string) =>
    (await search(address)).includes.map((version) => `${version.type}/${version.id}`).sort();
  assert.deepEqual(await included('Observation?code=8867-4&patient=lan&_include=Observation:subject'), [
    'Patient/lan',
  ]);
  assert.deepEqual(await included('Observation?_id=pulse&_include=Observation:subject:Group'), []);
  assert.deepEqual(await included('Observation?_id=pulse&_include=*'), ['Encounter/e1', 'Patient/lan']);
  assert.deepEqual(await included('Observation?_id=glucose&_include=Observation:*'), [
    'Patient/lan',
    'Practitioner/bs',
  ]);
  assert.deepEqual(await included('Patient?_id=minh&_revinclude=Observation:patient'), [
    'Observation/blood-group',
    'Observation/dated',
    'Observation/glucose2',
  ]);
  assert.deepEqual(
    await included('Encounter?_id=e1&_revinclude=Observation:encounter&_revinclude=Task:focus'),
    ['Observation/pulse', 'Task/task'],
  );
  assert.deepEqual(await included('Encounter?_id=e1&_include=Encounter:service-provider'), [
    'Organization/tram',
  ]);
  assert.deepEqual(
    await included(
      'Encounter?_id=e1&_include=Encounter:service-provider&_include:iterate=Organization:partof',
    ),
    ['Organization/so', 'Organization/tram'],
  );
  assert.deepEqual(
    await included('Encounter?_id=e1&_include=Encounter:service-provider&_include=Organization:partof'),
    ['Organization/tram'],
    'without :iterate only the matches are followed',
  );
  assert.deepEqual(
    await included('QuestionnaireResponse?_id=qr&_include=QuestionnaireResponse:questionnaire'),
    ['Questionnaire/q'],
  );
  assert.deepEqual(await included('Encounter?_id=e1&_revinclude=*'), [
    'Condition/c1',
    'Observation/pulse',
    'Task/task',
  ]);
  assert.deepEqual(await included('Encounter?_id=e1&_revinclude=Condition:*'), ['Condition/c1']);
  assert.ok((await included('Practitioner?_id=bs&_revinclude=*')).includes('Encounter/e1'));
  assert.deepEqual(
    await included('Observation?_id=pulse&_include=Observation:encounter&_include:iterate=*'),
    [
      'Encounter/e1',
      'Location/phong',
      'Organization/so',
      'Organization/tram',
      'Patient/lan',
      'Practitioner/bs',
    ],
  );
  assert.deepEqual(
    await included(
      'Organization?_id=so&_revinclude:iterate=Organization:partof&_revinclude:iterate=Encounter:service-provider',
    ),
    ['Encounter/e1', 'Encounter/e2', 'Organization/tram'],
  );
});

test('a resource that is a match is not included a second time', async () => {
  const answer = await search('Organization?_include=Organization:partof');
  assert.deepEqual(ids(answer).sort(), ['so', 'tram']);
  assert.deepEqual(answer.includes, []);
});

const orders: [address: string, expected: string][] = [
  ['Observation?patient=lan', 'pulse glucose bp below note'],
  ['Observation?patient=lan&_sort=date', 'below bp glucose pulse note'],
  ['Observation?patient=lan&_sort=-date', 'pulse glucose bp below note'],
  ['Patient?_sort=birthdate', 'minh lan dao anh1 anh2'],
  ['Patient?_sort=-birthdate,_id', 'dao lan minh anh1 anh2'],
  ['Patient?_sort=name', 'dao anh2 anh1 lan minh'],
  ['Patient?_sort=-name', 'minh lan anh1 anh2 dao'],
  ['Patient?_sort=family,-_id', 'dao anh2 anh1 lan minh'],
  ['Patient?_sort=gender,_id', 'anh2 dao lan anh1 minh'],
  ['Patient?_sort=-_id', 'minh lan dao anh2 anh1'],
  ['Observation?code=2339-0&_sort=-value-quantity', 'glucose2 glucose'],
  ['Observation?code=2339-0,8867-4&_sort=value-quantity,_id', 'glucose glucose2 nobody pulse'],
  ['Condition?_sort=onset-date', 'c2 c1'],
  ['Patient?identifier:missing=false&_sort=identifier,_id', 'lan minh'],
  ['Patient?identifier:missing=false&_sort=-identifier,-_id', 'minh lan'],
  ['Encounter?_sort=-patient', 'e2 e1'],
  ['Encounter?_sort=location,patient', 'e1 e2'],
  ['Encounter?_sort=-service-provider,-subject', 'e2 e1'],
  ['Observation?patient=lan&_sort=encounter,date', 'pulse below bp glucose note'],
  ['DocumentReference?_sort=relatesto', 'doc'],
  ['ValueSet?_sort=url', 'vs'],
  ['Organization?_sort=-identifier', 'so tram'],
  ['Patient?family=nguyen,tran&_sort=telecom', 'lan minh'],
  ['Patient?family=nguyen,tran&_sort=-address,phonetic', 'lan minh'],
  ['Observation?code=2339-0&_sort=performer,-value-quantity', 'glucose glucose2'],
];

test('_sort by dates, names, words, codes, quantities; empty values last (R4 3.1.1.5.1)', async () => {
  for (const [address, expected] of orders) {
    const found = ids(await search(address));
    // Rows without the value stand last in an order of their own.
    if (address.includes('birthdate'))
      assert.deepEqual(found.slice(0, 3), expected.split(' ').slice(0, 3), address);
    else assert.deepEqual(found, expected.split(' '), address);
  }
});

test('pages follow each other without a gap or a repetition, in every order', async () => {
  const addresses = [
    'Observation?patient=lan',
    'Observation?_count=1',
    'Observation?status=final',
    'Patient?_sort=-birthdate',
    'Patient?_sort=name',
    'Patient?_sort=-_lastUpdated',
    'Patient?name=anh',
    'Patient?name=lê',
    'Patient?given=thi',
    'Observation?date=ge2026-11',
    'Observation?_sort=-value-quantity',
    'Patient?_sort=-identifier,name',
    'Observation?_sort=subject,-date',
  ];
  for (const address of addresses) {
    const all = ids(await search(`${address}&_count=100`));
    const paged: string[] = [];
    const type = address.split('?')[0]!;
    let next: string | undefined = `${address.split('?')[1]!.replace('_count=1', 'status=final')}&_count=2`;
    for (let page = 0; next !== undefined; page++) {
      assert.ok(page < 20, address);
      const answer: SearchAnswer = await search(`${type}?${next}`);
      assert.ok(answer.matches.length <= 2);
      paged.push(...ids(answer));
      next = answer.next;
    }
    assert.deepEqual(paged, all, address);
  }
});

test('_count=0 and _summary=count answer the number only; _total on request', async () => {
  const count = await search('Observation?patient=lan&_count=0');
  assert.deepEqual([count.matches.length, count.total, count.next], [0, 5, undefined]);
  assert.equal((await search('Patient?_summary=count')).total, 5);
  assert.equal((await search('Patient?name=anh&_summary=count')).total, 2);
  assert.equal((await search('Organization?name:exact=Sở Y tế Phú Thọ&_summary=count')).total, 1);
  assert.equal((await search('Observation?code=no-such-code&_summary=count')).total, 0);
  const page = await search('Observation?patient=lan&_count=2');
  assert.equal(page.total, undefined);
  assert.equal((await search('Observation?patient=lan&_count=2&_total=accurate')).total, 5);
  assert.equal((await search('Observation?patient=lan')).total, 5);
});

test('a cursor fits its own search only, and cannot be composed', async () => {
  const { next } = await search('Patient?_count=2');
  const cursor = new URLSearchParams(next).get('_cursor')!;
  for (const address of [
    `Patient?_count=2&gender=female&_cursor=${cursor}`,
    `Observation?_count=2&_cursor=${cursor}`,
    `Patient?_count=2&_cursor=${cursor}x`,
    'Patient?_count=2&_cursor=nonsense',
  ]) {
    await assert.rejects(search(address), (error: Failure) => error.code === 'invalid-parameter', address);
  }
});

test('a search limited to persons answers and includes only what is theirs', async () => {
  assert.deepEqual(ids(await search('Observation?code=2339-0', ['minh'])), ['glucose2']);
  assert.deepEqual(ids(await search('Observation?code=8867-4', ['lan', 'minh'])), ['pulse']);
  assert.deepEqual(ids(await search('Patient?name=le', ['anh1'])), ['anh1']);
  assert.deepEqual(ids(await search('Patient?identifier=099185000001', ['minh'])), ['minh']);
  assert.deepEqual(ids(await search('Patient', [])), []);
  assert.equal((await search('Observation?_summary=count', ['minh'])).total, 3);
  const answer = await search('Observation?code=2339-0&_include=Observation:subject', ['minh']);
  assert.deepEqual(
    answer.includes.map((version) => version.id),
    ['minh'],
  );
  assert.deepEqual(ids(await search('Patient?_has:Observation:patient:code=8867-4', ['minh'])), []);
});
