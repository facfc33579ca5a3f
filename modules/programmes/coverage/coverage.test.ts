/** Coverage: numbers in SQL are those of the pure function, each opens to its people, and by right. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type CoverageDefinition,
  type CoverageMeasure,
  checkCoverage,
  courseOf,
  coverageOn,
  dayOf,
  dayText,
  isMissed,
  plus,
  programmesOn,
  reachedBy,
  readPerson,
  type Taken,
  takenOf,
} from '../../../engines/programmes/index.ts';
import { cs, ext } from '../../../kernel/fhir/systems.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import type { CoverageRow } from './queries.ts';

const EPI = 'tiem-chung-mo-rong';
const TODAY = '2026-11-22';
/** Who comes of age after today is not counted yet. */
const PERIOD = 'from=2025-12-01&to=2026-12-31';
const COMMUNE = { url: ext.unit, valueCoding: { system: cs.unit, code: '08824' } };
const VILLAGES = ['Thôn Đoài', 'Thôn Đông', 'Xóm Mới'];
const CVX = 'http://hl7.org/fhir/sid/cvx';

let world: World;
let nurse: Browser;

interface Numbers {
  code: string;
  target: number;
  given: number;
  valid: number;
  timely: number;
}
interface Read {
  measures: Numbers[];
  groups: (Numbers & { group: string })[];
  dropOuts: { code: string; began: number; lost: number }[];
  lists: { code: string; people: number }[];
}
interface Child {
  patient: string;
  name: string;
  village: string;
  birth: number;
  taken: Taken[];
}

let children: Child[] = [];

before(async () => {
  world = await openWorld();
  await put({
    resourceType: 'Organization',
    id: 'cs-25D01',
    name: 'Trạm Y tế',
    type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
    address: [{ text: 'xã Tam Dương', extension: [COMMUNE] }],
  });
  nurse = await world.signIn('dieuduong');
  await makeChildren();
  await world.program.kernel.events.settled();
  children = await judged();
});
after(() => world.stop());

async function put(...resources: Resource[]): Promise<void> {
  await world.program.kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
    })),
  });
}

/** The same children each time: a small generator of whole numbers. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const DOSES = [
  ['08', 0],
  ['19', 10],
  ['102', 62],
  ['102', 94],
  ['102', 127],
  ['02', 62],
  ['02', 94],
  ['02', 127],
  ['10', 155],
  ['10', 275],
  ['119', 62],
  ['119', 94],
  ['05', 275],
  ['04', 550],
  ['01', 550],
  ['39', 366],
  ['39', 376],
] as const;

async function makeChildren(): Promise<void> {
  const roll = dice(7);
  for (let at = 0; at < 90; at += 1) {
    const id = world.program.kernel.store.newId('Patient');
    const birth = dayOf('2023-11-01')! + roll(1_100);
    const village = VILLAGES[roll(3)]!;
    const died = at === 5 ? { deceasedDateTime: '2026-10-01' } : {};
    const chance = [0, 7, 10, 10][roll(4)]!;
    const late = roll(3) * 15;
    const doses = DOSES.flatMap(([cvx, age]) => {
      const day = birth + age + (roll(8) === 0 ? -12 : late + roll(3));
      if (roll(10) >= chance || day > dayOf(TODAY)! || day < birth) return [];
      return [
        {
          resourceType: 'Immunization' as const,
          id: world.program.kernel.store.newId('Immunization', id),
          status: 'completed' as const,
          vaccineCode: { coding: [{ system: CVX, code: cvx }] },
          patient: { reference: `Patient/${id}` },
          occurrenceDateTime: dayText(day),
        },
      ];
    });
    const address = [{ text: village, line: [village], extension: [COMMUNE] }];
    const name = [{ text: `Trẻ Số ${at}` }];
    await put({ resourceType: 'Patient', id, name, birthDate: dayText(birth), address, ...died }, ...doses);
  }
}

/** Every child who is of the target, judged by the engine from the record itself. */
async function judged(): Promise<Child[]> {
  const { kernel } = world.program;
  const open = (await programmesOn(kernel, TODAY)).find(({ programme }) => programme.key === EPI)!;
  const { rows } = await kernel.pool.query<{ patient: string; village: string }>(
    `select patient, village from programmes.member where programme = $1 and state = 'enrolled' and silence not in ('died', 'moved')`,
    [EPI],
  );
  return Promise.all(
    rows.map(async ({ patient, village }) => {
      const read = await readPerson(kernel.gate.system('test'), patient, open.asker.types);
      const facts = open.asker.factsOf(read.patient, read.resources, kernel.settings.now());
      const taken = takenOf(courseOf(open, facts, dayOf(TODAY)!));
      return { patient, village, name: read.patient.name![0]!.text!, birth: facts.birth!, taken };
    }),
  );
}

async function coverage() {
  const { kernel } = world.program;
  const open = (await programmesOn(kernel, TODAY)).find(({ programme }) => programme.key === EPI)!;
  return coverageOn(kernel.content, open.programme, TODAY)!;
}

const inCohort = ({ by }: CoverageMeasure, { birth }: Child) => {
  const day = dayText(plus(birth, by));
  return day >= '2025-12-01' && day <= TODAY;
};

function countOf(measure: CoverageMeasure, of: readonly Child[]): Numbers {
  const cohort = of.filter((child) => inCohort(measure, child));
  const reached = cohort.map(({ birth, taken }) => reachedBy(measure, birth, taken));
  const count = (name: 'given' | 'valid' | 'timely') => reached.filter((one) => one[name]).length;
  return {
    code: measure.code,
    target: cohort.length,
    given: count('given'),
    valid: count('valid'),
    timely: count('timely'),
  };
}

const pick = ({ code, target, given, valid, timely }: Numbers) => ({ code, target, given, valid, timely });

async function read(more = ''): Promise<Read> {
  const { status, body } = await nurse.call<Read>('GET', `/api/programmes/${EPI}/coverage?${PERIOD}${more}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

async function people(query: string, browser = nurse): Promise<CoverageRow[]> {
  const rows: CoverageRow[] = [];
  for (let cursor: string | undefined = '0'; cursor !== undefined; ) {
    const path: string = `/api/programmes/${EPI}/coverage/people?${PERIOD}&${query}&cursor=${cursor}`;
    const { status, body } = await browser.call<{ rows: CoverageRow[]; next?: string }>('GET', path);
    assert.equal(status, 200, JSON.stringify(body));
    rows.push(...body.rows);
    cursor = body.next;
  }
  return rows;
}

test('coverage, valid coverage and timeliness of each dose are those of the doses as the forecast judges them', async () => {
  const { measures } = await coverage();
  const expected = measures.map((one) => countOf(one, children));
  const found = (await read()).measures;
  assert.deepEqual(found.map(pick), expected);
  const dpt = found.find(({ code }) => code === 'dpt-3')!;
  assert.ok(
    dpt.target > 10 && dpt.given < dpt.target && dpt.valid < dpt.given && dpt.timely < dpt.valid,
    JSON.stringify(dpt),
  );
});

test('by village and by month the numbers add up to the whole, and each is that of its people', async () => {
  const { measures } = await coverage();
  const all = (await read()).measures;
  for (const by of ['village', 'month'])
    for (const { code, target, given, valid, timely } of all) {
      const parts = (await read(`&by=${by}`)).groups.filter((one) => one.code === code);
      const sum = (name: 'target' | 'given' | 'valid' | 'timely') =>
        parts.reduce((n, one) => n + one[name], 0);
      assert.deepEqual(
        [sum('target'), sum('given'), sum('valid'), sum('timely')],
        [target, given, valid, timely],
        `${code} ${by}`,
      );
    }
  const measure = measures.find(({ code }) => code === 'soi-1')!;
  const [village] = VILLAGES;
  const of = children.filter((child) => child.village === village && inCohort(measure, child));
  const missing = of.filter(({ birth, taken }) => !reachedBy(measure, birth, taken).given);
  assert.ok(missing.length > 0);
  const shown = await people(`of=soi-1&part=missing&by=village&group=${encodeURIComponent(village!)}`);
  assert.deepEqual(shown.map(({ fullName }) => fullName).sort(), missing.map(({ name }) => name).sort());
});

test('every number opens to as many people as it says', async () => {
  const { measures, dropOuts, lists } = await read();
  for (const one of measures)
    for (const part of ['target', 'given', 'valid', 'timely'] as const)
      assert.equal((await people(`of=${one.code}&part=${part}`)).length, one[part], `${one.code} ${part}`);
  assert.ok(dropOuts.some(({ lost, began }) => lost > 0 && lost < began));
  for (const { code, began, lost } of dropOuts) {
    assert.equal((await people(`of=${code}&part=began`)).length, began, code);
    assert.equal((await people(`of=${code}&part=lost`)).length, lost, code);
  }
  for (const { code, people: count } of lists) assert.equal((await people(`of=${code}`)).length, count, code);
});

test('zero-dose and missed children stand there by name, with what they had', async () => {
  const { lists } = await coverage();
  for (const list of lists) {
    const expected = children.filter(({ birth, taken }) => {
      const ofAge = plus(birth, list.ageFrom) <= dayOf(TODAY)! && plus(birth, list.ageTo) > dayOf(TODAY)!;
      return ofAge && isMissed(list, taken);
    });
    assert.ok(expected.length > 0, list.code);
    const shown = await people(`of=${list.code}`);
    assert.deepEqual(
      shown.map(({ fullName }) => fullName).sort(),
      expected.map(({ name }) => name).sort(),
      list.code,
    );
    for (const row of shown)
      assert.equal(
        row.doses.length,
        expected
          .find(({ name }) => name === row.fullName)!
          .taken.filter(({ series }) => [...list.has, ...list.lacks].some((one) => one.series === series))
          .length,
      );
  }
  const [first] = await people('of=chua-tiem-mui-nao');
  assert.deepEqual(
    (await people(`of=chua-tiem-mui-nao&q=${encodeURIComponent(first!.fullName)}`))
      .map(({ patient }) => patient)
      .includes(first!.patient),
    true,
  );
});

test('who keeps a part of the record from the unit is behind no number by name; other units and roles see nothing', async () => {
  const [child] = await people('of=chua-tiem-mui-nao');
  await put({
    resourceType: 'Consent',
    id: world.program.kernel.store.newId('Consent', child!.patient),
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    policy: [{ uri: 'http://yba.vn/chinh-sach/quyen-rieng-tu' }],
    patient: { reference: `Patient/${child!.patient}` },
    provision: {
      type: 'deny',
      class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Immunization' }],
    },
  });
  assert.ok(
    (await people('of=chua-tiem-mui-nao&part=target&by=none&group=')).every(
      ({ patient }) => patient !== child!.patient,
    ),
  );
  const other = await world.hire('khac-bp', 'nurse', 'cs-25D02');
  assert.deepEqual(await people('of=chua-tiem-mui-nao', other), []);
  const desk = await world.hire('tiepdon-bp', 'reception');
  for (const path of ['', '/people?of=bcg'])
    assert.equal((await desk.call('GET', `/api/programmes/${EPI}/coverage${path}`)).status, 403);
});

test('a question that cannot be answered is refused by name', async () => {
  for (const [query, status, words] of [
    ['coverage?from=2026-13-01', 422, /Ngày này không có thật/],
    ['coverage?from=2026-10-01&to=2026-09-01', 422, /Ngày cuối/],
    ['coverage?by=planet', 400, /không đúng/],
    ['coverage/people?of=nothing', 400, /không có/],
    ['coverage/people?of=bcg&part=half', 400, /không đúng/],
    ['coverage/people?of=bcg&cursor=-1', 400, /Số trang/],
  ] as const) {
    const answer = await nurse.call('GET', `/api/programmes/${EPI}/${query}`);
    assert.equal(answer.status, status, query);
    assert.match(JSON.stringify(answer.body), words, query);
  }
  assert.equal((await nurse.call('GET', '/api/programmes/tang-huyet-ap/coverage')).status, 404);
});

test('a definition with a wrong series, dose, span or name is refused with its place', async () => {
  const { kernel } = world.program;
  const open = (await programmesOn(kernel, TODAY)).find(({ programme }) => programme.key === EPI)!;
  const one = { code: 'a', title: '', titleEn: '', series: 'lao', dose: '1', by: '12mo', onTime: '1mo' };
  const definition: CoverageDefinition = {
    title: '',
    titleEn: '',
    source: '',
    status: '',
    measures: [one, { ...one, dose: '9', by: 'soon' }],
    dropOuts: [{ code: 'd', title: '', titleEn: '', from: 'a', to: 'z' }],
    lists: [{ code: 'l', title: '', titleEn: '', has: ['y'], lacks: [], ageFrom: '1mo', ageTo: '' }],
  };
  assert.deepEqual(
    checkCoverage(definition, open.programme).map(({ place }) => place),
    [
      'measures[1].dose',
      'measures[1].by',
      'measures[1].code',
      'dropOuts[0].to',
      'lists[0]',
      'lists[0].lacks',
      'lists[0].ageTo',
    ],
  );
  assert.equal(checkCoverage(definition, null).length, 1);
});
