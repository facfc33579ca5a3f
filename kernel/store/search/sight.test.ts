/**
 * What a reader does not see is as if it were not there: for random records and readers, the database and the program decide
 * alike of every row, and every search answers as it does in a world in which the unseen was never written.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Resource, ResourceType } from '../../fhir/types.ts';
import { pick, randomFrom } from '../../fhir/validation/random.testing.ts';
import type { StoredVersion } from '../contract.ts';
import { type OpenStore, openStore } from '../index.ts';
import type { Mask, Sight } from '../sight.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import { CATEGORY_BITS } from './labels.ts';
import { organizationNumber } from './owner.ts';
import { randomQuestion } from './questions.testing.ts';
import { requestOf } from './stored.testing.ts';

const SEED = Number(process.env.SEED ?? 20261122);
const random = randomFrom(SEED);
const chance = (share: number) => random() < share;
const { HIV, PSY, R } = CATEGORY_BITS;
const PERSONS = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
const UNITS = ['u1', 'u2'];
const DOCTORS = ['d1', 'd2', 'd3'];
const CODES = ['a', 'b', 'c', 'd'];
const NOW = Date.parse('2026-11-22T10:00:00+07:00');

const meta = () => {
  const labels = ['HIV', 'PSY', 'R'].filter(() => chance(0.2));
  return labels.length === 0 ? {} : { meta: { security: labels.map((code) => ({ code })) } };
};
const ref = (type: string, id: string) => ({ reference: `${type}/${id}` });
const code = (value: string) => ({ coding: [{ system: 'http://test/cs', code: value }] });
const day = () => `2026-${pick(random, ['01', '04', '09'])}-${pick(random, ['03', '11', '25'])}`;

function randomRecord(): Resource[] {
  const all: object[] = [
    ...UNITS.map((id) => ({ resourceType: 'Organization', id, name: `Đơn vị ${id}` })),
    ...DOCTORS.map((id) => ({ resourceType: 'Practitioner', id, name: [{ text: `Bác sĩ ${id}` }] })),
    ...PERSONS.map((id) => ({
      resourceType: 'Patient',
      id,
      gender: pick(random, ['male', 'female']),
      name: [{ family: pick(random, ['Nguyễn', 'Trần']), given: [id] }],
    })),
  ];
  const visits = new Map<string, string[]>(PERSONS.map((id) => [id, []]));
  for (let i = 0; i < 14; i++) {
    const person = pick(random, PERSONS);
    visits.get(person)!.push(`v${i}`);
    all.push({
      resourceType: 'Encounter',
      id: `v${i}`,
      ...meta(),
      status: 'finished',
      class: { code: 'AMB' },
      subject: ref('Patient', person),
      period: { start: day() },
      ...(chance(0.8) ? { serviceProvider: ref('Organization', pick(random, UNITS)) } : {}),
    });
  }
  for (let i = 0; i < 60; i++) {
    const person = pick(random, PERSONS);
    const visit = chance(0.6) ? visits.get(person)![0] : undefined;
    all.push({
      resourceType: pick(random, ['Observation', 'Condition']),
      id: `f${i}`,
      ...meta(),
      code: {
        coding: [pick(random, CODES), ...(chance(0.2) ? ['b'] : [])].flatMap((one) => code(one).coding),
      },
      ...(visit === undefined ? {} : { encounter: ref('Encounter', visit) }),
      ...(chance(0.95) ? { subject: ref('Patient', person) } : {}),
    });
  }
  return all.map((one) => finished(one as Record<string, unknown>)) as unknown as Resource[];
}

function finished(one: Record<string, unknown>): object {
  const by = () =>
    chance(0.5) ? ref('Practitioner', pick(random, DOCTORS)) : ref('Organization', pick(random, UNITS));
  if (one.resourceType === 'Observation') {
    return {
      ...one,
      status: 'final',
      effectiveDateTime: day(),
      ...(chance(0.4) ? { performer: [by()] } : {}),
    };
  }
  if (one.resourceType === 'Condition') {
    return {
      ...one,
      recordedDate: day(),
      ...(chance(0.4) ? { recorder: ref('Practitioner', pick(random, DOCTORS)) } : {}),
    };
  }
  return one;
}

/**
 * People's wishes: one hides everything from the second unit, one denies PSY to all, one opens HIV to the first by name; one
 * denies what the second holds, one opens that to the first, one denies a code.
 */
const CONSENTS = [
  [
    'p1',
    { type: 'deny', actor: [{ role: { coding: [{ code: 'PRCP' }] }, reference: ref('Organization', 'u2') }] },
  ],
  [
    'p2',
    {
      type: 'deny',
      securityLabel: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }],
    },
  ],
  [
    'p3',
    {
      type: 'permit',
      actor: [{ role: { coding: [{ code: 'PRCP' }] }, reference: ref('Organization', 'u1') }],
      securityLabel: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }],
    },
  ],
  [
    'p4',
    {
      type: 'deny',
      actor: [{ role: { coding: [{ code: 'CST' }] }, reference: ref('Organization', 'u2') }],
    },
  ],
  [
    'p5',
    {
      type: 'permit',
      actor: [
        { role: { coding: [{ code: 'PRCP' }] }, reference: ref('Organization', 'u1') },
        { role: { coding: [{ code: 'CST' }] }, reference: ref('Organization', 'u2') },
      ],
    },
  ],
  ['p6', { type: 'deny', code: [code('b')] }],
].map(([person, provision]) => ({
  resourceType: 'Consent',
  id: `consent-${person}`,
  status: 'active',
  scope: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
  },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: ref('Patient', person as string),
  policyRule: { coding: [{ code: 'OPTIN' }] },
  provision,
})) as unknown as Resource[];

const NO_MASKS = new Map<string, Mask>();
const reader = (unit: string, doctor: string) => ({
  names: [`Organization/${unit}`, `Practitioner/${doctor}`],
  purpose: 'TREAT',
  citizen: false,
  unit: organizationNumber(unit),
  open: [],
  now: NOW,
});
const SIGHTS: [string, Sight][] = [
  [
    'a doctor of a unit who sees sensitive data of the own unit alone, and asks for consent',
    {
      masks: new Map([['Patient', { elsewhere: 0, own: 0 }]]),
      mask: { elsewhere: HIV | PSY | R, own: R },
      unit: 'u1',
      practitioner: 'd1',
      unitOnly: new Set(['Condition']),
      opened: ['p2'],
      reader: reader('u1', 'd1'),
    },
  ],
  [
    'a clerk of another unit who sees nothing sensitive',
    {
      masks: NO_MASKS,
      mask: { elsewhere: HIV | PSY | R, own: HIV | PSY | R },
      unit: 'u2',
      practitioner: null,
      opened: [],
      reader: reader('u2', 'nobody'),
    },
  ],
  [
    'a citizen with a child',
    {
      persons: ['p2', 'p4'],
      common: new Set(['Organization', 'Practitioner']),
      masks: NO_MASKS,
      mask: { elsewhere: 0, own: 0 },
      unit: null,
      practitioner: null,
      opened: [],
    },
  ],
];

const QUESTIONS = [
  'Observation?_sort=code,-date&_count=4',
  'Observation?_sort=-_id&_count=3&_total=accurate',
  'Observation?code=a&_total=accurate',
  'Observation?_summary=count',
  'Observation?patient=p1&_sort=-date',
  'Observation?patient=p3&_sort=-date&_count=2&_total=accurate',
  'Observation?patient=p2&code=a,b&_include=Observation:encounter&_include=Observation:patient',
  'Observation?_id=f1,f2,f3,f4,f5,f6,f7,f8,f9&_sort=_id',
  'Observation?encounter.service-provider=u1&_sort=_id',
  'Observation?subject:Patient._has:Condition:patient:code=a&_sort=_id',
  'Patient?_has:Condition:patient:code=a&_sort=_id',
  'Patient?_has:Observation:patient:code=b&_has:Condition:patient:code=c&_sort=_id',
  'Patient?_has:Encounter:patient:_has:Observation:encounter:code=a&_sort=_id&_total=accurate',
  'Patient?_filter=not (_has:Condition:patient:code eq a)&_sort=_id',
  'Patient?name=nguyen&_count=2&_total=accurate',
  'Patient?_id=p1&_revinclude=Observation:patient&_revinclude=Condition:patient',
  'Patient?_id=p2,p5&_revinclude=Encounter:patient&_revinclude:iterate=Observation:encounter',
  'Encounter?_has:Observation:encounter:code=a&_sort=_id',
  'Encounter?service-provider=u1&_sort=-date,_id&_count=2&_revinclude=Condition:encounter',
  'Condition?code=a,b&_sort=patient,_id&_count=5&_total=accurate',
  'Condition?encounter:Encounter.date=ge2026-04-01&_sort=_id',
  'Condition?_content=http&_sort=_id&_total=accurate',
  'Condition?_security=HIV&_total=accurate',
  'Consent?_sort=_id',
  'Organization?_has:Encounter:service-provider:patient=p1&_sort=_id',
  'Practitioner?_has:Observation:performer:code=a&_sort=_id',
];

interface World {
  database: TestDatabase;
  store: OpenStore;
}

async function worldOf(resources: readonly Resource[]): Promise<World> {
  const database = await withDatabase();
  const store = await openStore({ pool: database.pool, sealEvery: 0 });
  for (const resource of resources) await store.commit([{ op: 'update', resource }], []);
  return { database, store };
}

const record = [...randomRecord(), ...CONSENTS];
/** Random questions beside those above; thousands by `ROUNDS`. */
const ROUNDS = Number(process.env.ROUNDS ?? 60);
const ASKED = [...QUESTIONS, ...Array.from({ length: ROUNDS }, () => randomQuestion(random))];
let whole: World;
const others: World[] = [];

before(async () => {
  whole = await worldOf(record);
});
after(async () => {
  for (const { store, database } of [whole, ...others]) {
    await store.close();
    await database.stop();
  }
});

const allVersions = async ({ store }: World) =>
  store.readMany(record.map(({ resourceType, id }) => ({ type: resourceType as ResourceType, id: id! })));
const nameOf = ({ type, id }: { type: string; id: string }) => `${type}/${id}`;

for (const [who, sight] of SIGHTS) {
  test(`${who}: the database finds of each type the rows that the program shows, from the row, from the body, in a record (seed ${SEED})`, async () => {
    const versions = await allVersions(whole);
    const shown = await whole.store.seen(versions, sight);
    const bare = versions.map(({ sec: _sec, ruled: _ruled, ...version }): StoredVersion => version);
    assert.deepEqual(await whole.store.seen(bare, sight), shown);
    const seen = new Set(versions.filter((_, at) => shown[at]).map(nameOf));
    for (const type of new Set(versions.map((version) => version.type))) {
      const { matches } = await whole.store.search({ ...requestOf(`${type}?_count=1000`), sight });
      const expected = versions.filter((one) => one.type === type && seen.has(nameOf(one))).map(nameOf);
      assert.deepEqual(matches.map(nameOf).sort(), expected.sort(), type);
    }
    for (const patient of PERSONS) {
      const { own } = await whole.store.personRows({ patient, count: 1000, sight });
      const expected = versions.filter(
        (one) => (one.patient === patient || nameOf(one) === `Patient/${patient}`) && seen.has(nameOf(one)),
      );
      assert.deepEqual(own.map(nameOf).sort(), expected.map(nameOf).sort(), patient);
    }
    assert.ok(seen.size > 5 && seen.size < versions.length);
  });

  test(`${who}: records of many persons hold what the record of each one alone holds, of the types asked for (seed ${SEED})`, async () => {
    const types: ResourceType[] = ['Patient', 'Encounter', 'Observation', 'Consent'];
    const together = new Map<string, string[]>();
    for await (const piece of whole.store.personsRows({ patients: [...PERSONS, 'nobody'], types, sight }))
      for (const { patient, own } of piece) together.set(patient, own.map(describe));
    assert.deepEqual([...together.keys()], [...PERSONS, 'nobody']);
    assert.deepEqual(together.get('nobody'), []);
    for (const patient of PERSONS) {
      const { own } = await whole.store.personRows({ patient, types, part: 'own', count: 1000, sight });
      assert.deepEqual(together.get(patient), own.map(describe), patient);
    }
    // Not of whom nothing else is seen: one person's rules must not be asked of another's rows.
    for (const patient of PERSONS)
      for await (const [alone] of whole.store.personsRows({ patients: [patient], types, sight }))
        assert.deepEqual(alone!.own.map(describe), together.get(patient), patient);
  });

  test(`${who}: every search answers as if the unseen had never been written (seed ${SEED})`, async () => {
    const versions = await allVersions(whole);
    const shown = await whole.store.seen(versions, sight);
    const seen = new Set(versions.filter((_, at) => shown[at]).map(nameOf));
    // Consents decide, seen or not; they are looked at by a question of their own. So do visits, of what names no facility itself: who holds
    // it is said by them (consent of role CST).
    const deciding = new Set(
      record
        .filter((one) => seen.has(`${one.resourceType}/${one.id}`))
        .map((one) => (one as { encounter?: { reference: string } }).encounter?.reference),
    );
    const left = record.filter((one) => {
      const name = `${one.resourceType}/${one.id}`;
      return seen.has(name) || one.resourceType === 'Consent' || deciding.has(name);
    });
    const world = await worldOf(left);
    others.push(world);
    for (const question of ASKED) {
      assert.deepEqual(
        await answered(whole, question, sight),
        await answered(world, question, sight),
        question,
      );
    }
  });
}

const describe = ({ type, id, version, patient, lastUpdated, body }: StoredVersion) =>
  `${type}/${id} ${version} ${patient} ${lastUpdated} ${body}`;

/** All pages: matches in order, includes, totals; the last page backwards, too. */
async function answered({ store }: World, question: string, sight: Sight): Promise<unknown> {
  const pages: unknown[] = [];
  let request = { ...requestOf(question), sight };
  for (let turn = 0; turn < 40; turn++) {
    const answer = await store.search(request).catch((error: Error) => ({ failed: error.message }));
    if ('failed' in answer) return [...pages, answer];
    const { matches, includes, total, next, previous } = answer;
    pages.push([
      matches.map(nameOf),
      includes.map(nameOf).sort(),
      total,
      next !== undefined,
      previous !== undefined,
    ]);
    if (next === undefined) break;
    request = { ...request, params: [...new URLSearchParams(next)] as [string, string][] };
  }
  return pages;
}
