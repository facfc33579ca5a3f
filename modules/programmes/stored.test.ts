/** A programme that is stored in the record counts everywhere, by its version and days, beside those of the content. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Failure } from '../../kernel/failure.ts';
import { cs, ext } from '../../kernel/fhir/systems.ts';
import type { PlanDefinition, Resource } from '../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../clinic/testing.ts';
import { catchUp } from './follow.ts';
import type { WorkRow } from './lists.ts';

const COMMUNE = { url: ext.unit, valueCoding: { system: cs.unit, code: '08824' } };
const EXT = 'http://yba.vn/fhir/ext/chuong-trinh-';
const years = (value: number) => ({ value, unit: 'năm', system: 'http://unitsofmeasure.org', code: 'a' });

let world: World;
let nurse: Browser;

const elders = (version: string, more: Partial<PlanDefinition> = {}): PlanDefinition => ({
  resourceType: 'PlanDefinition',
  id: `kham-nguoi-cao-tuoi-${version}`,
  extension: [
    {
      url: `${EXT}ghi-danh`,
      extension: [
        { url: 'tu-dong', valueBoolean: true },
        { url: 'tuoi-tu', valueDuration: years(60) },
      ],
    },
  ],
  url: 'http://yba.vn/fhir/PlanDefinition/kham-nguoi-cao-tuoi',
  version,
  title: `Khám người cao tuổi ${version}`,
  status: 'active',
  effectivePeriod: { start: version },
  action: [
    {
      id: 'kham-nam',
      extension: [
        {
          url: `${EXT}khung`,
          extension: [
            { url: 'moc', valueCode: 'birth' },
            { url: 'den-han', valueDuration: years(61) },
          ],
        },
      ],
      title: 'Khám sức khoẻ hằng năm',
      code: [{ coding: [{ system: 'http://yba.vn/fhir/cs/viec-chuong-trinh', code: 'kham-nam' }] }],
    },
  ],
  ...more,
});

async function put(resource: Resource): Promise<void> {
  await world.program.kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }],
  });
}

async function stored(plan: PlanDefinition): Promise<number> {
  await put(plan);
  await world.program.kernel.events.settled();
  return catchUp(world.program.kernel);
}

const titles = async () =>
  (await nurse.call<{ rows: { key: string; title: string }[] }>('GET', '/api/programmes')).body.rows
    .filter(({ key }) => key === 'kham-nguoi-cao-tuoi')
    .map(({ title }) => title);
const people = async () =>
  (
    await nurse.call<{ rows: WorkRow[] }>('GET', '/api/programmes/kham-nguoi-cao-tuoi/worklist?list=all')
  ).body.rows?.map(({ fullName }) => fullName);

before(async () => {
  world = await openWorld();
  const address = [{ text: 'Thôn Đoài', line: ['Thôn Đoài'], extension: [COMMUNE] }];
  await put({
    resourceType: 'Organization',
    id: 'cs-25D01',
    name: 'Trạm Y tế',
    type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
    address,
  });
  await put({
    resourceType: 'Patient',
    id: world.program.kernel.store.newId('Patient'),
    address,
    birthDate: '1950-03-01',
    name: [{ text: 'Nguyễn Thị Già' }],
  });
  nurse = await world.signIn('dieuduong');
  await world.program.kernel.events.settled();
  await catchUp(world.program.kernel);
});
after(() => world.stop());

test('a programme that is stored follows whom it fits, without anybody being written anew', async () => {
  assert.deepEqual(await titles(), []);
  assert.ok((await stored(elders('2026-11-01'))) > 0, 'everybody was judged');
  assert.equal(await catchUp(world.program.kernel), 0, 'once');
  assert.deepEqual(await titles(), ['Khám người cao tuổi 2026-11-01']);
  assert.deepEqual(await people(), ['Nguyễn Thị Già']);
});

test('the version that began last counts; one that is still to come does not; a draft never', async () => {
  await stored(elders('2026-11-22'));
  await stored(elders('2027-01-01'));
  await stored(elders('2026-11-20', { status: 'draft' }));
  assert.deepEqual(await titles(), ['Khám người cao tuổi 2026-11-22']);
  assert.deepEqual(await people(), ['Nguyễn Thị Già']);
});

test('a version that ended or was retired leaves no gap for an older one, and nobody is followed by it', async () => {
  await stored(elders('2026-11-22', { status: 'retired' }));
  assert.deepEqual([await titles(), await people()], [[], undefined]);
  const { rows } = await world.program.kernel.pool.query(
    `select from programmes.member where programme = 'kham-nguoi-cao-tuoi'`,
  );
  assert.equal(rows.length, 0);
});

test('what the content says under a version is not replaced by the record: it is refused', async () => {
  const [own] = (
    await nurse.call<{ rows: { key: string; title: string; version: string }[] }>('GET', '/api/programmes')
  ).body.rows;
  const other = elders(own!.version, {
    url: `http://yba.vn/fhir/PlanDefinition/${own!.key}`,
    title: 'Bản khác',
  });
  await assert.rejects(put(other), (error: Failure) =>
    error.issues.some(({ expression }) => /\.version$/.test(expression ?? '')),
  );
});

test('a programme of this house without a first day is refused when it is stored', async () => {
  const { effectivePeriod: _, ...plan } = elders('2026-12-01');
  await assert.rejects(put({ ...plan, version: 'moi' }), (error: Failure) =>
    error.issues.some(({ expression }) => /effectivePeriod\.start$/.test(expression ?? '')),
  );
});
