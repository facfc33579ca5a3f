/**
 * What policy and audit cost: the mixture of requests of bench `mixed` over HTTP in the name of a doctor, with both, and with
 * neither, in slices that take turns. `node bench/policy.ts [resources] [pairs of slices] [seconds of a slice]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../kernel/store/index.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { report } from './bench.ts';
import { beginLives, growLives } from './lives.ts';
import { askMixture, SHARES } from './mix.ts';
import { databaseSeconds } from './processes.ts';
import { systemToken } from './program.ts';
import { QUESTIONS } from './questions.ts';
import { skipViews } from './reading.ts';

const RESOURCES = Number(process.argv[2] ?? 50_000);
const PAIRS = Number(process.argv[3] ?? 8);
const SECONDS = Number(process.argv[4] ?? 4);
const AT_ONCE = 16;
const CLIENT = { id: 'bench', secret: 'a secret that lives as long as the bench' };

const server = await startTestServer();
const folder = mkdtempSync(join(tmpdir(), 'yba-policy-'));
const child = fork(join(import.meta.dirname, 'policy-program.ts'), [
  server.url,
  folder,
  CLIENT.id,
  CLIENT.secret,
]);
const [address] = (await once(child, 'message')) as [string];
const store = await openStore({ url: server.url, sealEvery: 0 });

/** CPU milliseconds of the program so far, when it has heard. */
async function tell(message: boolean | 'cpu'): Promise<number> {
  const heard = once(child, 'message');
  child.send(message);
  const [{ user, system }] = (await heard) as [NodeJS.CpuUsage];
  return (user + system) / 1000;
}

interface Slice {
  rate: number;
  /** Milliseconds of the program and its database for a request. */
  cpu: number;
}

const lives = await beginLives(store);
await growLives(store, lives, RESOURCES);
await skipViews(store);
const asked = { address, lives, authorization: await systemToken(address, CLIENT) };

async function slice(policy: boolean, seconds = SECONDS): Promise<Slice> {
  const own = await tell(policy);
  const base = await databaseSeconds(store.pool);
  const { rate, times } = await askMixture(asked, AT_ONCE, seconds);
  const spent = (await tell('cpu')) - own + ((await databaseSeconds(store.pool)) - base) * 1000;
  return { rate, cpu: spent / times.length };
}

/** Otherwise half of the answers would be quick because they are empty. */
async function answerAlike(): Promise<void> {
  const texts: string[][] = [];
  for (const policy of [true, false]) {
    await tell(policy);
    const urls = (['read', 'lastOfCode', 'visits', 'byNumber', 'everything'] as const).flatMap((kind) =>
      Array.from({ length: 20 }, (_, n) => `${address}${QUESTIONS[kind](asked, n)}`),
    );
    const headers = { authorization: asked.authorization };
    texts.push(await Promise.all(urls.map(async (url) => (await fetch(url, { headers })).text())));
  }
  const [withPolicy, without] = texts;
  if (!withPolicy!.every((text, at) => text.length === without![at]!.length))
    throw new Error('the doctor sees something else');
}

await answerAlike();
for (const policy of [true, false]) await slice(policy, 8);
const slices = { with: [] as Slice[], without: [] as Slice[] };
for (let n = 0; n < PAIRS; n++) {
  for (const kind of n % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const))
    slices[kind].push(await slice(kind === 'with'));
}
const mean = (kind: keyof typeof slices, of: keyof Slice) =>
  slices[kind].reduce((sum, one) => sum + one[of], 0) / slices[kind].length;
const lost = (on: number, off: number) => 100 * (1 - on / off);

report({
  bench: 'policy',
  what: `the mixture of bench mixed (${Object.entries(SHARES)
    .map(([name, share]) => `${share} % ${name}`)
    .join(
      ', ',
    )}) in the name of a doctor among ${lives.resources} resources, ${AT_ONCE} at once, ${PAIRS} pairs of slices of ${SECONDS} s`,
  figures: [
    { name: 'requests with policy and audit', value: mean('with', 'rate'), unit: '/s' },
    { name: 'requests without', value: mean('without', 'rate'), unit: '/s' },
    {
      name: 'throughput that policy and audit cost',
      value: lost(mean('with', 'rate'), mean('without', 'rate')),
      unit: '%',
      bar: { atMost: 15 },
    },
    { name: 'CPU a request with policy and audit', value: mean('with', 'cpu'), unit: 'ms' },
    { name: 'CPU a request without', value: mean('without', 'cpu'), unit: 'ms' },
  ],
});
child.send('stop');
await once(child, 'exit');
await store.close();
await server.stop();
rmSync(folder, { recursive: true, force: true });
