/** `yba views` on the database of a program: what it says, and that a login made by it works. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import pg from 'pg';
import { type FhirWorld, openFhirWorld } from '../../kernel/fhir/testing.ts';

const YBA = join(import.meta.dirname, '..', 'bin', 'yba');
const folder = mkdtempSync(join(tmpdir(), 'yba-views-'));
let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(async () => {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    YBA_DATA: folder,
    YBA_DEMO: 'off',
    DATABASE_URL: world.program.kernel.pool.options.connectionString!,
  };
  return (await promisify(execFile)(YBA, ['views', ...words], { env })).stdout;
}

test('status names every table, rebuild says how far it is, beside a program at work', async () => {
  await world.send('PUT', '/fhir/Organization/cs-1', {
    resourceType: 'Organization',
    id: 'cs-1',
    name: 'Trạm',
  });
  await world.program.kernel.events.settled();
  assert.match(await run('rebuild', 'unit'), /unit 100 % \(1\/1\)\nunit: đã dựng lại\./);
  assert.match(await run('status'), /^unit +theo kịp bản ghi, dựng lại lúc 20/m);
  const { rows } = await world.program.kernel.pool.query('select name from views.unit');
  assert.deepEqual(rows, [{ name: 'Trạm' }]);
  await assert.rejects(run('rebuild', 'khong-co'), /no view table/);
});

test('a login is made, listed, used and removed; each is in the audit', async () => {
  const login = `thu_${process.pid}`;
  const made = await run('analyst', 'add', login, '--roles', 'surveillance', '--unit', 'cs-1');
  const [, password] = /^thu_\d+:(\S{20,})\n$/.exec(made) ?? [];
  assert.ok(password, made);
  assert.match(await run('analyst', 'list'), new RegExp(`${login} +surveillance {2}cs-1`));
  const url = new URL(world.program.kernel.pool.options.connectionString!);
  url.username = login;
  url.password = password;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  assert.deepEqual((await client.query('select name from unit')).rows, [{ name: 'Trạm' }]);
  await client.end();
  await run('analyst', 'remove', login);
  const { rows } = await world.program.kernel.pool.query(
    'select action from audit where what = $1 order by ts',
    [`analyst/${login}`],
  );
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['add', 'remove'],
  );
});
