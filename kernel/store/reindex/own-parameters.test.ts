/** Search parameters of our own: R4 searchparameter.html, search.html. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Failure } from '../../failure.ts';
import type { Resource } from '../../fhir/types.ts';
import { type OpenStore, openStore } from '../index.ts';
import { supportedSearchParameters } from '../search/index.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';

let database: TestDatabase;
let store: OpenStore;
before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
});
after(async () => {
  await store.close();
  await database.stop();
});

const EXT = 'http://example.org/ext';
const quiet = () => undefined;
const put = (resource: object) => store.commit([{ op: 'update', resource: resource as Resource }], []);
const extension = (name: string, value: object) => ({ url: `${EXT}/${name}`, ...value });

function parameter(id: string, more: object) {
  const { code = id, ...rest } = more as { code?: string };
  const url = `http://example.org/SearchParameter/${id}`;
  return {
    resourceType: 'SearchParameter',
    id,
    url,
    name: id,
    status: 'active',
    description: id,
    code,
    ...rest,
  };
}

const find = async (type: string, query: string) =>
  (await store.search({ type: type as 'Patient', params: [...new URLSearchParams(query)] })).matches
    .map(({ id }) => id)
    .sort();

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Failure, `no failure: ${error}`);
  return error;
};

const finish = () => store.reindexing.runNow(new AbortController().signal, quiet);

function patient(id: string, more: object) {
  return { resourceType: 'Patient', id, name: [{ family: 'Nguyễn', given: ['Thị', id] }], ...more };
}

const coding = (code: string) => ({ system: `${EXT}/cs`, code, display: `Mã ${code}` });

/** One of each kind, in an extension: what stands before the definition and what is written after it. */
const KINDS: { code: string; kind: string; of: (n: number) => object; hit: string; more?: object }[] = [
  { code: 'dan-toc', kind: 'token', of: (n) => ({ valueCoding: coding(`0${n}`) }), hit: `${EXT}/cs|01` },
  {
    code: 'so-the',
    kind: 'token',
    of: (n) => ({ valueIdentifier: { system: 'urn:x', value: `A${n}` } }),
    hit: 'A1',
  },
  { code: 'biet-danh', kind: 'string', of: (n) => ({ valueString: `Cậu Út ${n}` }), hit: 'cau ut 1' },
  { code: 'ngay-vao', kind: 'date', of: (n) => ({ valueDate: `202${n}-05-01` }), hit: 'lt2022' },
  { code: 'so-con', kind: 'number', of: (n) => ({ valueInteger: n }), hit: 'le1' },
  {
    code: 'can-nang',
    kind: 'quantity',
    of: (n) => ({ valueQuantity: { value: n * 10, unit: 'kg' } }),
    hit: '10||kg',
  },
  {
    code: 'nguoi-gt',
    kind: 'reference',
    of: (n) => ({ valueReference: { reference: `Practitioner/gt${n}` } }),
    hit: 'Practitioner/gt1',
    more: { target: ['Practitioner'] },
  },
  {
    code: 'trang',
    kind: 'uri',
    of: (n) => ({ valueUrl: `http://example.org/trang/${n}` }),
    hit: 'http://example.org/trang/1',
  },
];

const expressionOf = (code: string) => `Patient.extension.where(url='${EXT}/${code}').value`;

test('every kind of parameter finds what was written before it and after it, with :missing, and never the older versions', async () => {
  const extensions = (n: number) => KINDS.map(({ code, of }) => extension(code, of(n)));
  await put({ resourceType: 'Practitioner', id: 'gt1', name: [{ family: 'Trần' }] });
  await put(patient('truoc', { extension: extensions(1) }));
  await put(patient('da-sua', { extension: extensions(1) }));
  await put(patient('da-sua', { extension: extensions(3) }));
  await put(patient('khong', {}));
  for (const { code, kind, more } of KINDS)
    await put(parameter(code, { base: ['Patient'], type: kind, expression: expressionOf(code), ...more }));
  await put(patient('sau', { extension: extensions(1) }));

  const refused = await failureOf(find('Patient', 'dan-toc=01'));
  assert.deepEqual([refused.code, refused.status], ['unknown-parameter', 400]);
  assert.match(refused.message, /yet.*indexed/);
  await finish();
  for (const { code, hit } of KINDS) {
    assert.deepEqual(await find('Patient', `${code}=${encodeURIComponent(hit)}`), ['sau', 'truoc'], code);
    assert.deepEqual(await find('Patient', `${code}:missing=true`), ['khong'], `${code}:missing`);
    assert.deepEqual(
      await find('Patient', `${code}:missing=false`),
      ['da-sua', 'sau', 'truoc'],
      `${code}:missing=false`,
    );
  }
});

test('modifiers, sorting, chains, _has and includes work as with those of R4', async () => {
  assert.deepEqual(await find('Patient', `dan-toc:not=01`), ['da-sua', 'khong']);
  assert.deepEqual(await find('Patient', 'dan-toc:text=ma%2003'), ['da-sua']);
  assert.deepEqual(await find('Patient', 'biet-danh:exact=C%E1%BA%ADu%20%C3%9At%203'), ['da-sua']);
  assert.deepEqual(await find('Patient', 'biet-danh:contains=ut%203'), ['da-sua']);
  assert.deepEqual(await find('Patient', 'nguoi-gt:Practitioner.family=tran'), ['sau', 'truoc']);
  assert.deepEqual(await find('Practitioner', '_has:Patient:nguoi-gt:so-con=1'), ['gt1']);
  const included = await store.search({
    type: 'Patient',
    params: [
      ['_id', 'truoc'],
      ['_include', 'Patient:nguoi-gt'],
    ],
  });
  assert.deepEqual(
    included.includes.map(({ id }) => id),
    ['gt1'],
  );
  const reverse = await store.search({
    type: 'Practitioner',
    params: [
      ['_id', 'gt1'],
      ['_revinclude', 'Patient:nguoi-gt'],
    ],
  });
  assert.deepEqual(reverse.includes.map(({ id }) => id).sort(), ['sau', 'truoc']);
  for (const sort of ['-so-con', '-ngay-vao', '-can-nang', '-dan-toc', '-so-the', '-biet-danh']) {
    const { matches } = await store.search({
      type: 'Patient',
      params: [
        ['so-con:missing', 'false'],
        ['_sort', sort],
      ],
    });
    assert.equal(matches[0]!.id, 'da-sua', sort);
  }
});

test('an expression that is no plain path is evaluated by FHIRPath, on old and new resources', async () => {
  await put(
    parameter('ten-chinh', {
      base: ['Patient'],
      type: 'string',
      expression: "Patient.name.where(use = 'official' or use.empty()).given.first()",
    }),
  );
  await put(
    parameter('nhieu-ten', { base: ['Patient'], type: 'token', expression: 'Patient.name.count() > 1' }),
  );
  await put(patient('hai-ten', { name: [{ given: ['Đào'] }, { use: 'old', given: ['Mận'] }] }));
  await finish();
  assert.deepEqual(await find('Patient', 'ten-chinh=dao'), ['hai-ten']);
  assert.deepEqual(await find('Patient', 'ten-chinh=man'), []);
  assert.deepEqual(await find('Patient', 'nhieu-ten=true'), ['hai-ten']);
  assert.equal((await find('Patient', 'nhieu-ten=false')).length, 4);
});

test('a composite joins a code and a value of one element', async () => {
  const component = (code: string, value: number) => ({
    code: { coding: [coding(code)] },
    valueQuantity: { value, unit: 'mm', system: 'http://unitsofmeasure.org', code: 'mm' },
  });
  const status = { status: 'final', code: { text: 'đo' }, subject: { reference: 'Patient/truoc' } };
  await put({
    resourceType: 'Observation',
    id: 'o1',
    ...status,
    component: [component('dai', 5), component('rong', 9)],
  });
  await put(
    parameter('kich-thuoc', {
      base: ['Observation'],
      type: 'composite',
      expression: 'Observation.component',
      component: [
        { definition: 'http://hl7.org/fhir/SearchParameter/clinical-code', expression: 'code' },
        {
          definition: 'http://hl7.org/fhir/SearchParameter/Observation-value-quantity',
          expression: 'value.as(Quantity)',
        },
      ],
    }),
  );
  await finish();
  const pair = (code: string, value: string) => encodeURIComponent(`${EXT}/cs|${code}$${value}`);
  assert.deepEqual(await find('Observation', `kich-thuoc=${pair('dai', '5')}`), ['o1']);
  assert.deepEqual(await find('Observation', `kich-thuoc=${pair('dai', '9')}`), []);
});

test('a composite joins a code with a value of each kind, whichever of them its definition names first', async () => {
  const parts = {
    method: 'method',
    date: 'effective',
    device: 'device',
    days: 'component.value.ofType(integer)',
  };
  const composite = (code: string, first: string, second: string) =>
    parameter(code, {
      base: ['Observation'],
      type: 'composite',
      expression: 'Observation',
      component: [{ expression: first }, { expression: second }].map((part) => ({
        definition: 'http://hl7.org/fhir/SearchParameter/clinical-code',
        ...part,
      })),
    });
  await put({
    resourceType: 'Observation',
    id: 'o2',
    status: 'final',
    code: { text: 'đo' },
    method: { coding: [coding('may')] },
    effectiveDateTime: '2026-02-01',
    device: { reference: 'Device/d' },
    component: [{ code: { text: 'ngày' }, valueInteger: 7 }],
  });
  await put(composite('cach-ngay', parts.method, parts.date));
  await put(composite('ngay-cach', parts.date, parts.method));
  await put(composite('cach-may', parts.method, parts.device));
  await put(composite('cach-so', parts.method, parts.days));
  await finish();
  const found = (name: string, value: string) => find('Observation', `${name}=${encodeURIComponent(value)}`);
  const full = `${EXT}/cs|may`;
  for (const [name, value] of [
    ['cach-ngay', 'may$2026-02-01'],
    ['cach-ngay', `${full}$ge2026`],
    ['ngay-cach', 'lt2026-03$may'],
    ['ngay-cach', `2026-02-01$${full}`],
    ['cach-may', 'may$Device/d'],
    ['cach-may', `${full}$Device/d`],
    ['cach-so', 'may$7'],
    ['cach-so', `${full}$gt6`],
  ] as const)
    assert.deepEqual(await found(name, value), ['o2'], `${name}=${value}`);
  for (const [name, value] of [
    ['cach-ngay', 'may$2025'],
    ['cach-ngay', 'tay$2026-02-01'],
    ['ngay-cach', 'gt2026-03$may'],
    ['cach-may', 'may$Device/e'],
    ['cach-may', `${EXT}/khac|may$Device/d`],
    ['cach-so', 'may$8'],
  ] as const)
    assert.deepEqual(await found(name, value), [], `${name}=${value}`);
  assert.equal((await failureOf(found('ngay-cach', 'may$2026'))).status, 400);
});

test('what cannot be answered is refused as it is written, with its place', async () => {
  const refusals: [object, string][] = [
    [{ type: 'token', expression: 'Patient.nothing' }, 'SearchParameter.expression'],
    [{ type: 'token', expression: 'Patient.name.given.((' }, 'SearchParameter.expression'],
    [{ type: 'token', expression: 'Patient.name.khong()' }, 'SearchParameter.expression'],
    [{ type: 'date', expression: 'Patient.maritalStatus' }, 'SearchParameter.expression'],
    [{ type: 'token' }, 'SearchParameter.expression'],
    [{ type: 'special', expression: 'Patient.address' }, 'SearchParameter.type'],
    [{ type: 'token', expression: 'Patient.active', code: '_tham-so' }, 'SearchParameter.code'],
    [{ type: 'token', expression: 'Patient.active', code: 'gender' }, 'SearchParameter.code'],
    [{ type: 'token', expression: 'Patient.active', code: 'dan-toc' }, 'SearchParameter.code'],
    [{ type: 'token', expression: 'Observation.code' }, 'SearchParameter.expression'],
    [
      {
        type: 'composite',
        expression: 'Patient.contact',
        component: [{ expression: 'name' }, { expression: 'gender' }],
      },
      'SearchParameter.expression',
    ],
  ];
  for (const [more, place] of refusals) {
    const failure = await failureOf(put(parameter('sai', { base: ['Patient'], ...more })));
    assert.deepEqual([failure.status, failure.issues[0]!.expression], [422, place], JSON.stringify(more));
  }
  assert.equal(await store.read('SearchParameter', 'sai'), null);
  await put({
    ...parameter('sai', { base: ['Patient'], type: 'token', expression: 'Patient.((' }),
    status: 'draft',
  });
});

test("a copy of R4's own definition is stored and changes nothing", async () => {
  const generation = (await store.reindexing.states()).length;
  await put(
    parameter('r4-code', {
      code: 'code',
      base: ['Observation'],
      type: 'token',
      expression: 'AllergyIntolerance.code | Observation.code',
    }),
  );
  await put(
    parameter('r4-value', {
      code: 'value-quantity',
      base: ['Observation'],
      type: 'quantity',
      expression: '(Observation.value as Quantity) | (Observation.value as SampledData)',
    }),
  );
  assert.equal((await store.reindexing.states()).length, generation);
});

test('a definition that was changed is answered again only when all rows follow the new one; a retired one is unknown', async () => {
  await put(parameter('biet-danh', { base: ['Patient'], type: 'string', expression: 'Patient.name.given' }));
  assert.equal((await failureOf(find('Patient', 'biet-danh=dao'))).status, 400);
  await finish();
  assert.deepEqual(await find('Patient', 'biet-danh=dao'), ['hai-ten']);
  assert.deepEqual(await find('Patient', 'biet-danh=cau'), []);
  const listed = () => supportedSearchParameters('Patient').some(({ name }) => name === 'biet-danh');
  assert.equal(listed(), true);
  await put({
    ...parameter('biet-danh', { base: ['Patient'], type: 'string', expression: 'Patient.name.given' }),
    status: 'retired',
  });
  const unknown = await failureOf(find('Patient', 'biet-danh=dao'));
  assert.equal(unknown.status, 400);
  assert.match(unknown.message, /no search parameter/);
  assert.equal(listed(), false);
  await put(patient('them', { name: [{ given: ['Đào'] }] }));
  await put(parameter('biet-danh', { base: ['Patient'], type: 'string', expression: 'Patient.name.given' }));
  assert.match((await failureOf(find('Patient', 'biet-danh=dao'))).message, /yet/);
  await finish();
  assert.deepEqual(await find('Patient', 'biet-danh=dao'), ['hai-ten', 'them']);
});
