import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../../kernel/fhir/testing.ts';
import { generateDemo } from '../demo/index.ts';

let world: FhirWorld;
const get = async (path: string) => (await world.send('GET', path)).body;

before(async () => {
  world = await openFhirWorld({ demo: true });
  await generateDemo(world.program.kernel, { people: 12 });
});

after(() => world.stop());

test('the 36 stations of today and their rooms are listed for pick lists, those that are closed are not', async () => {
  const stations = await get('/api/places/facilities?type=tram-y-te');
  assert.equal(stations.length, 36);
  assert.deepEqual(stations[0], {
    id: 'cs-25D01',
    code: '25D01',
    name: 'Trạm Y tế phường Vĩnh Yên',
    type: 'tram-y-te',
    unit: '08707',
    unitName: 'Phường Vĩnh Yên',
  });
  const rooms = await get('/api/places/rooms?facility=cs-25D01');
  assert.deepEqual(
    rooms.map((room: { id: string }) => room.id),
    ['25D01-kham', '25D01-thuoc', '25D01-xn'],
  );
  const points = await get('/api/places/rooms?facility=cs-25D01&kind=point');
  assert.ok(points.length >= 3 && points.every((point: { kind: string }) => point.kind === 'diem-tram'));
});

test('facilities are found by a part of their name, without signs, and by their code', async () => {
  const names = async (q: string) =>
    (await get(`/api/places/facilities?q=${encodeURIComponent(q)}`)).map(({ id }: { id: string }) => id);
  assert.ok((await names('vinh yen')).includes('cs-25D01'));
  assert.deepEqual(await names('25D01'), ['cs-25D01']);
  assert.deepEqual(await names('khong co ten nay'), []);
});

test('units are found by old and new names, with what became of them', async () => {
  const [unit] = await get('/api/places/units?q=quat%20luu&date=any');
  assert.deepEqual([unit.name, unit.validTo], ['Xã Quất Lưu', '2025-06-30']);
  const old = await get(`/api/places/units/${unit.code}?date=2025-06-30`);
  assert.equal(old.successors[0].newCode, '08935');
  assert.equal(old.path.length, 3);
});

test('every facility and unit is also plain FHIR', async () => {
  const station = await get('/fhir/Organization/cs-25D01');
  assert.equal(station.partOf.reference, 'Organization/so-y-te');
  assert.equal((await get('/fhir/Location/dvhc-08935')).physicalType.coding[0].code, 'jdn');
  const found = await get('/fhir/Location?organization=Organization/cs-25D02&_summary=count');
  assert.ok(found.total >= 6);
});

test('wrong parameters are refused by name, and nobody reads without a sign-in', async () => {
  for (const path of [
    'units?limit=0',
    'units?level=x',
    'units?date=2026-02-30',
    'rooms',
    'rooms?facility=cs-25D01&kind=x',
  ]) {
    const answer = await world.send('GET', `/api/places/${path}`);
    assert.equal(answer.status, 400, path);
    assert.equal(answer.body.error.code, 'invalid-parameter');
  }
  assert.equal((await world.send('GET', '/api/places/units/99999')).status, 404);
  for (const path of [
    'places/units',
    'places/facilities',
    'places/rooms?facility=x',
    'terminology/lists',
    'demo/cards',
  ]) {
    assert.equal((await world.bare('GET', `/api/${path}`)).status, 401, path);
  }
});

test('code lists answer at their routes', async () => {
  const [first] = await get('/api/terminology/icd-10/search?q=viem%20hong&limit=1');
  assert.equal(first.code, 'J02.9');
  assert.equal((await get('/api/terminology/loai-kcb/concepts/12?date=2026-08-01')).code, '12');
  assert.equal(
    (await world.send('GET', '/api/terminology/loai-kcb/concepts/12?date=2026-07-31')).status,
    404,
  );
});

test('the demo shows cards to paste', async () => {
  const cards = await get('/api/demo/cards');
  assert.match(cards[0].citizenCard, /^099\d{9}\|/);
});
