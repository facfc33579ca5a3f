import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Encounter } from '../../../kernel/fhir/types.ts';
import type { WorklistRow } from '../contract.ts';
import { type Browser, openWorld, type World } from '../testing.ts';
import { byUrgency, cursorOf, placeAt, placeOfCursor } from './order.ts';

let world: World;
let doctor: Browser;

before(async () => {
  world = await openWorld();
  doctor = await world.signIn('bacsi');
});
after(() => world.stop());

const LIST = '/api/clinic/worklist?room=25D01-kham&state=open';
const PEOPLE = 130;
const MINUTE = 60_000;

interface Answer {
  rows: WorklistRow[];
  total?: number;
  next?: string;
}

const read = async (cursor = '') =>
  (await doctor.call<Answer>('GET', `${LIST}&cursor=${encodeURIComponent(cursor)}`)).body;

/** Visits one minute apart, made of one that has arrived; every 40th is an emergency. */
async function manyVisits(): Promise<void> {
  const { patient } = await world.arrive();
  const [first] = (await world.recordOf(patient, 'Encounter')) as Encounter[];
  const { store, gate } = world.program.kernel;
  const begin = Date.parse('2026-11-22T06:00:00+07:00');
  const entry = Array.from({ length: PEOPLE - 1 }, (_, index) => {
    const { meta: _meta, ...rest } = first!;
    const start = new Date(begin + index * MINUTE + 7 * 60 * MINUTE).toISOString().slice(0, 19);
    const resource: Encounter = {
      ...rest,
      id: store.newId('Encounter', patient),
      period: { start: `${start}+07:00` },
      ...(index % 40 === 39 ? { priority: { coding: [{ code: 'EM' }] } } : {}),
    };
    return { resource, request: { method: 'PUT' as const, url: `Encounter/${resource.id}` } };
  });
  await gate.system('test').transaction({ resourceType: 'Bundle', type: 'transaction', entry });
}

test('emergencies stand first over all pages, not within one; every visit stands once', async () => {
  await manyVisits();
  const first = await read();
  assert.deepEqual([first.rows.length, first.total], [100, PEOPLE]);
  assert.deepEqual(
    first.rows.slice(0, 4).map((row) => row.urgent),
    [true, true, true, false],
    'one of them arrived as the 120th',
  );
  const second = await read(first.next);
  assert.deepEqual([second.rows.length, second.next], [PEOPLE - 100, undefined]);
  const all = [...first.rows, ...second.rows];
  assert.equal(new Set(all.map((row) => row.encounter)).size, PEOPLE);
  const waiting = all.filter((row) => !row.urgent).map((row) => row.arrivedAt);
  assert.deepEqual(waiting, waiting.toSorted());
});

test('who looks for one among many has all of them looked through in one answer', async () => {
  const found = await doctor.call<Answer>('GET', `${LIST}&q=khongcoai`);
  assert.deepEqual(found.body, { rows: [] }, 'no second page to ask for');
  const many = (
    await doctor.call<Answer>('GET', `${LIST}&q=${encodeURIComponent((await read()).rows[0]!.name)}`)
  ).body;
  assert.equal(many.rows.length, 100);
  assert.ok(many.next);
});

test('a page goes on behind the last of the one before, also when that one has left; no other cursor is taken', async () => {
  const first = await read();
  const last = first.rows.at(-1)!;
  const session = world.program.kernel.gate.system('test');
  const visit = await session.read('Encounter', last.encounter);
  await session.update({ ...visit, status: 'finished' });
  const second = await read(first.next);
  assert.deepEqual([second.rows.length, second.total], [PEOPLE - 100, PEOPLE - 1]);
  const refused = await doctor.call('GET', `${LIST}&cursor=zz`);
  assert.equal(refused.status, 400);
});

test('the order: urgent, then arrival as an instant, then the key; a cursor reads back', () => {
  const early = placeAt('b', false, '2026-11-22T07:00:00+07:00');
  const late = placeAt('a', false, '2026-11-22T01:00:00Z');
  const same = placeAt('c', false, '2026-11-22T07:00:00+07:00');
  const urgent = placeAt('d', true, '2026-11-22T09:00:00+07:00');
  assert.deepEqual([late, same, urgent, early].sort(byUrgency), [urgent, early, same, late]);
  assert.deepEqual(placeOfCursor(cursorOf(urgent)), urgent);
  assert.equal(placeOfCursor('0 khi-nao x'), null);
});
