/** One process of the program behind the shared port. Started by workers.ts, told by messages, ended with the one that started it. */

import { announce } from './announce.ts';
import { tellFault, tellOperator } from './commands/command.ts';
import { surviveDefects } from './defects.ts';
import { type FollowerKeeper, keepFollower } from './follower/keeper.ts';
import type { Snapshot } from './health.ts';
import { type Program, startProgram } from './program.ts';
import type { Order, Report } from './workers.ts';

const waiting = new Map<number, (snapshots: Snapshot[]) => void>();
let question = 0;
let counts: (() => Snapshot) | undefined;
let program: Program | undefined;
let follower: FollowerKeeper | undefined;

const tell = (report: Report) => process.send!(report);

// Ctrl-C reaches every process of the terminal; the one that started this one says when to stop.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
surviveDefects();

process.on('message', (order: Order) => {
  if ('start' in order) void start(order.start);
  else if ('announce' in order) program && void announce(program);
  else if ('stop' in order) void stop();
  else if ('count' in order) counts && tell({ count: order.count, snapshot: counts() });
  else waiting.get(order.counted)?.(order.snapshots);
});

async function start({ settings, first, embedded }: Extract<Order, { start: unknown }>['start']) {
  try {
    program = await startProgram(settings, {
      log: tellOperator,
      shared: { first, embedded, others: askOthers, counts: (given) => (counts = given) },
    });
    const { house, address } = program;
    if (first) follower = keepFollower({ house, settings, embedded, address, log: tellOperator });
    tell({ ready: address });
  } catch (error) {
    tellFault(error);
    process.exit(1);
  }
}

async function stop(): Promise<void> {
  await follower?.stop();
  await program?.stop();
  process.exit(0);
}

function askOthers(): Promise<Snapshot[]> {
  const ask = question++;
  return new Promise((resolve) => {
    waiting.set(ask, (snapshots) => {
      waiting.delete(ask);
      resolve(snapshots);
    });
    tell({ ask });
  });
}
