/** `yba subscriptions` beside a program at work: what it lists, and that its repair reaches the subscriber. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import {
  openSubscriber,
  type Subscriber,
  topicSubscription,
  until,
} from '../../kernel/fhir/subscriptions/subscriber.testing.ts';
import { type FhirWorld, openFhirWorld } from '../../kernel/fhir/testing.ts';

const YBA = join(import.meta.dirname, '..', 'bin', 'yba');
const folder = mkdtempSync(join(tmpdir(), 'yba-subscriptions-'));
let peer: Subscriber;
let world: FhirWorld;
before(async () => {
  peer = await openSubscriber();
  world = await openFhirWorld({ peers: [peer.host] }, { notificationPauses: [] });
});
after(async () => {
  peer.stop();
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    YBA_DATA: folder,
    YBA_DEMO: 'off',
    YBA_PEERS: peer.host,
    DATABASE_URL: world.program.kernel.pool.options.connectionString!,
  };
  return (await promisify(execFile)(YBA, ['subscriptions', ...words], { env })).stdout;
}

const isStatus = (status: string) =>
  until(async () =>
    (await world.send('GET', '/fhir/Subscription/doi-tac')).body.status === status ? true : undefined,
  );

test('list and dead say what is the matter, retry sends it again, drop throws it away', async () => {
  assert.equal(await run('dead'), 'Không có thư chết.\n');
  peer.answer('/doi-tac', 200, 503);
  const wish = topicSubscription('doi-tac', 'patient-registered', `http://${peer.host}/doi-tac`);
  assert.equal((await world.send('PUT', '/fhir/Subscription/doi-tac', wish)).status, 201);
  await isStatus('active');
  await world.send('PUT', '/fhir/Patient/lan', { resourceType: 'Patient', id: 'lan' });
  await isStatus('error');
  assert.match(await run('list'), /^doi-tac +error +rest-hook .*1 đang chờ, 1 thư chết\n +HTTP 503/m);
  assert.match(await run('dead'), /^doi-tac +Patient\/lan sự kiện 1, .*\n +HTTP 503 \| HTTP 503: not now/m);
  assert.match(await run('retry', 'doi-tac'), /sẽ gửi lại/);
  await isStatus('active');
  await until(() => (peer.at('/doi-tac').length >= 4 ? true : undefined));
  assert.equal(await run('dead'), 'Không có thư chết.\n');

  peer.answer('/doi-tac', 503);
  await world.send('PUT', '/fhir/Patient/minh', { resourceType: 'Patient', id: 'minh' });
  await isStatus('error');
  assert.match(await run('drop', 'doi-tac', '--all'), /đã bỏ 1/);
  await assert.rejects(run('drop', 'doi-tac'), /There is no dead letter/);
  await assert.rejects(run('retry'), /needs the id/);
  await assert.rejects(run('bury', 'doi-tac'), /--help/);
  const { rows } = await world.program.kernel.pool.query<{ action: string }>(
    "select action from audit where what like 'Subscription/doi-tac%' and action in ('retry', 'drop') order by ts",
  );
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['retry', 'drop'],
  );
});
