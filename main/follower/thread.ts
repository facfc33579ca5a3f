/** The thread that follows the change feed while much is written. Started by keeper.ts, told by messages, ended by it. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { CommittedNews } from '../../kernel/store/index.ts';
import { tellFault, tellOperator } from '../commands/command.ts';
import { surviveDefects } from '../defects.ts';
import { openHouse, startFollowers } from '../house.ts';
import type { ProgramSettings } from '../settings.ts';
import { startSubscriptions } from '../subscriptions.ts';

/** What the thread is begun with. */
export interface FollowerStart {
  /** `databaseUrl` names the database, also an embedded one. */
  settings: ProgramSettings;
  embedded: boolean;
  /** Of the program, for links in notifications. */
  address: string;
}

/** To the thread. */
export type FollowerOrder = CommittedNews | 'work' | 'stop';

/** From the thread; what it cannot do it fails with. */
export type FollowerReport = 'ready' | 'stopped';

/** A third of the share of a thread that answers, when both want the same core. */
const NICE = 5;

const port = parentPort!;
const { settings, embedded, address } = workerData as FollowerStart;
const tell = (report: FollowerReport) => port.postMessage(report);

surviveDefects();
yieldToAnswers();
try {
  await follow();
} catch (error) {
  tellFault(error);
  process.exit(1);
}

async function follow(): Promise<void> {
  const log = tellOperator;
  const house = await openHouse({ settings, embedded, follows: false, issuer: () => address, log });
  const { events, store } = house.kernel;
  await startFollowers(house);
  const subscriptions = await startSubscriptions(house, () => `${address}/fhir`, log);
  const stop = async () => {
    await events.rest();
    await subscriptions.close();
    await house.close();
    tell('stopped');
  };
  port.on('message', (order: FollowerOrder) => {
    if (order === 'work') events.work();
    else if (order === 'stop') void stop();
    else store.hearCommitted(order);
  });
  tell('ready');
}

/** Where a thread has a priority of its own: who waits for an answer has the processor before it. */
function yieldToAnswers(): void {
  if (process.platform === 'linux') setPriority(0, NICE);
}
