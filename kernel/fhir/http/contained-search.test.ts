/** `_contained` and `_containedType` over HTTP. R4 search.html#contained. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;

const MEDICINE = 'http://example.org/medicine';
const code = (value: string) => ({ coding: [{ system: MEDICINE, code: value }] });
const medicine = (id: string, value: string, more: object = {}) => ({
  resourceType: 'Medication',
  id,
  code: code(value),
  ...more,
});
const request = (id: string, contained: object[], first = 'm1') => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/an' },
  medicationReference: { reference: `#${first}` },
  ...(contained.length > 1
    ? {
        extension: contained.slice(1).map((one) => ({
          url: 'http://example.org/other',
          valueReference: { reference: `#${(one as { id: string }).id}` },
        })),
      }
    : {}),
  contained,
});

before(async () => {
  world = await openFhirWorld();
  const all = [
    { resourceType: 'Patient', id: 'an', name: [{ family: 'Đỗ' }] },
    { resourceType: 'Organization', id: 'maker', name: 'Dược Hậu Giang' },
    medicine('stored', 'para', { status: 'active' }),
    request('r-para', [
      medicine('m1', 'para', {
        status: 'active',
        amount: { numerator: { value: 1.25 }, denominator: { value: 1 } },
      }),
    ]),
    request('r-two', [
      medicine('m1', 'amox', { status: 'inactive' }),
      medicine('m2', 'para', { status: 'active', manufacturer: { reference: 'Organization/maker' } }),
    ]),
    request('r-amox', [medicine('m1', 'amox', { status: 'active' })]),
    {
      resourceType: 'MedicationStatement',
      id: 's-para',
      status: 'active',
      subject: { reference: 'Patient/an' },
      medicationReference: { reference: '#in' },
      contained: [medicine('in', 'para')],
    },
    medicine('holder', 'mix', {
      ingredient: [{ itemReference: { reference: '#part' } }],
      contained: [medicine('part', 'para')],
    }),
  ];
  for (const one of all) {
    const path = `/fhir/${one.resourceType}/${(one as { id: string }).id}`;
    const answer = await world.send('PUT', path, JSON.stringify(one).replace('1.25', '1.250'));
    assert.equal(answer.status, 201, answer.text);
  }
});
after(() => world.stop());

const found = ({ status, body, text }: HttpAnswer): string[] => {
  assert.equal(status, 200, text);
  return (body.entry ?? []).map((one: { fullUrl: string }) => one.fullUrl.replace(/^.*\/fhir\//, '')).sort();
};
const get = (query: string) => world.send('GET', `/fhir/Medication?${query}`);

const CASES: [query: string, found: string][] = [
  ['code=para', 'Medication/stored'],
  ['code=para&_contained=false&_containedType=contained', 'Medication/stored'],
  [
    'code=para&_contained=true',
    'Medication/holder MedicationRequest/r-para MedicationRequest/r-two MedicationStatement/s-para',
  ],
  [
    'code=para&_contained=true&_containedType=contained',
    'Medication/holder#part MedicationRequest/r-para#m1 MedicationRequest/r-two#m2 MedicationStatement/s-para#in',
  ],
  [
    'code=para&_contained=both&_containedType=contained',
    'Medication/holder#part Medication/stored MedicationRequest/r-para#m1 MedicationRequest/r-two#m2 MedicationStatement/s-para#in',
  ],
  // Each criterion of one and the same.
  ['code=amox&status=active&_contained=true', 'MedicationRequest/r-amox'],
  ['code=para&status=inactive&_contained=true', ''],
  ['status=inactive&_contained=true&_containedType=contained', 'MedicationRequest/r-two#m1'],
  // What one is not, another beside it may be.
  [
    'code:not=para&_contained=true&_containedType=contained',
    'MedicationRequest/r-amox#m1 MedicationRequest/r-two#m1',
  ],
  ['manufacturer:missing=true&status=inactive&_contained=true', 'MedicationRequest/r-two'],
  [
    'status:missing=true&_contained=true&_containedType=contained',
    'Medication/holder#part MedicationStatement/s-para#in',
  ],
  ['manufacturer.name=duoc&_contained=true', 'MedicationRequest/r-two'],
  ['manufacturer=Organization/maker&_contained=true&_containedType=contained', 'MedicationRequest/r-two#m2'],
  ['_id=m2&_contained=true&_containedType=contained', 'MedicationRequest/r-two#m2'],
  [
    '_content=amox&_contained=true&_containedType=contained',
    'MedicationRequest/r-amox#m1 MedicationRequest/r-two#m1',
  ],
  ['_lastUpdated=ge2000&_contained=true', ''],
  ['code=nothing&_contained=both', ''],
];

test('contained resources are found by themselves, as their containers or alone', async () => {
  for (const [query, expected] of CASES) {
    const answer = await get(query);
    const some = expected.split(' ').filter(Boolean);
    assert.deepEqual(found(answer), some, query);
    assert.equal(answer.body.total, some.length, query);
    const { body } = await get(`${query}&_summary=count`);
    assert.deepEqual([body.total, body.entry], [some.length, undefined], `${query} counted`);
  }
});

test('a type that is contained nowhere is found nowhere', async () => {
  assert.deepEqual(found(await world.send('GET', '/fhir/Device?_contained=true')), []);
  assert.equal((await world.send('GET', '/fhir/Device?_contained=true&colour=red')).status, 400);
});

test('what was contained keeps how its decimals were written, and is cut by _elements', async () => {
  const { text } = await get('code=para&status=active&_contained=true&_containedType=contained');
  assert.match(text, /"numerator":\{"value":1\.250\}/);
  const { body } = await get('_id=m2&_contained=true&_containedType=contained&_elements=code');
  assert.deepEqual(Object.keys(body.entry[0].resource).sort(), ['code', 'id', 'meta', 'resourceType']);
});

test('pages go through all of them once, there and back', async () => {
  for (const form of ['container', 'contained']) {
    const query = `code=para&_contained=both&_containedType=${form}`;
    const whole = found(await get(query));
    const pages = [await get(`${query}&_count=2`)];
    const linkOf = (relation: string) =>
      pages.at(-1)!.body.link.find((one: { relation: string }) => one.relation === relation)?.url;
    while (linkOf('next')) pages.push(await world.send('GET', linkOf('next')));
    assert.ok(pages.length > 2);
    assert.deepEqual(pages.flatMap(found).sort(), whole);
    assert.deepEqual(found(await world.send('GET', linkOf('previous'))), found(pages.at(-2)!));
    assert.equal((await get(`${query}&_count=2&_total=accurate`)).body.total, whole.length);
  }
});

test('what cannot be answered so is refused by name', async () => {
  for (const [query, name] of [
    ['_contained=yes', '_contained'],
    ['_contained=true&_containedType=inside', '_containedType'],
    ['_contained=true&_sort=code', '_sort'],
    ['_contained=both&_include=Medication:manufacturer', '_include'],
    ['_contained=true&code:nonsense=x', 'code'],
    ['_contained=true&colour=red', 'colour'],
    ['_contained=true&_cursor=x', '_cursor'],
  ] as const) {
    const answer = await get(query);
    assert.equal(answer.status, 400, query);
    assert.deepEqual(issueOf(answer).expression, [name], query);
  }
  const lenient = await world.send(
    'GET',
    '/fhir/Medication?_contained=true&code=amox&colour=red',
    undefined,
    {
      prefer: 'handling=lenient',
    },
  );
  assert.equal(lenient.status, 200);
  assert.equal(lenient.body.entry.at(-1).search.mode, 'outcome');
});

test('a token that reaches only what holds them, or only the type, finds none of them', async () => {
  const query = '/fhir/Medication?code=para&_contained=true';
  const narrow = async (scope: string) =>
    world.bare('GET', query, undefined, { authorization: `Bearer ${await world.token(scope)}` });
  assert.equal((await narrow('system/MedicationRequest.rs')).status, 403);
  assert.deepEqual(found(await narrow('system/Medication.rs')), ['Medication/holder']);
  assert.deepEqual(found(await narrow('system/Medication.rs system/MedicationStatement.rs')), [
    'Medication/holder',
    'MedicationStatement/s-para',
  ]);
});
