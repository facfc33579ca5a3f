/** `yba reindex`: gives older records the index entries of the definitions of now. */
import { setTimeout as pause } from 'node:timers/promises';
import { doneOf, type Reindexing, type Scope, type TypeState } from '../../kernel/store/reindex/index.ts';
import { type Command, print, tellOperator, UsageError, withHouse } from './command.ts';

const LOOK_MS = 500;
const BAR = 30;

export const reindex: Command = {
  name: 'reindex',
  summary: 'indexes older records by the search parameters of now',
  options: {
    type: { type: 'string' },
    parameter: { type: 'string' },
    all: { type: 'boolean' },
    status: { type: 'boolean' },
    stop: { type: 'boolean' },
  },
  help: `yba reindex [--type T] [--parameter P] [--all]

Makes every older record findable by the search parameters of now: after a parameter was defined, or after an update
that finds records by other rules. A running program does so by itself, at half speed; this command does it at full speed
and shows how far it is. The record is read and written meanwhile. Ctrl-C stops; the next call goes on where it stopped.

  --type T       the records of one type, also when nothing is known to be missing
  --parameter P  the records of all types (or of T) that have the parameter P
  --all          all records
  --status       shows how far it is and ends
  --stop         stops it everywhere until the next yba reindex
`,
  async run(values) {
    const scope = scopeOf(values);
    return withHouse(async ({ kernel }) => {
      const { reindexing } = kernel.store;
      if (values.status === true) return showStatus(reindexing);
      if (values.stop === true) {
        const stopped = await reindexing.stop(scope);
        print(`${stopped} loại đã dừng; "yba reindex" chạy tiếp từ chỗ dừng.`);
        return 0;
      }
      if (scope.type !== undefined || scope.parameter !== undefined || values.all === true)
        await reindexing.ask(scope);
      await reindexing.resume(scope);
      return carryOut(reindexing);
    });
  },
};

function scopeOf({ type, parameter, all }: Record<string, unknown>): Scope {
  if (all === true && (type !== undefined || parameter !== undefined))
    throw new UsageError('--all stands alone: leave out --type and --parameter.');
  return {
    ...(type === undefined ? {} : { type: type as string }),
    ...(parameter === undefined ? {} : { parameter: parameter as string }),
  };
}

async function showStatus(reindexing: Reindexing): Promise<number> {
  const states = await reindexing.states();
  for (const state of states) {
    print(`${state.type}: ${state.state}, ${percentOf(state)} %${state.error ? ` (${state.error})` : ''}`);
  }
  if (states.length === 0) print('Mọi bản ghi đã theo đúng các tham số tìm kiếm hiện hành.');
  return 0;
}

/** Makes the passes, or looks on while another program does. */
async function carryOut(reindexing: Reindexing): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const ended = new AbortController();
  const shown = show(reindexing, ended.signal);
  try {
    while (!stop.signal.aborted && (await isOpen(reindexing))) {
      const mine = await reindexing.runNow(stop.signal, tellOperator);
      if (!mine) await pause(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    ended.abort();
    await shown;
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
  const left = await reindexing.states();
  if (left.length === 0) {
    print('Mọi bản ghi đã theo đúng các tham số tìm kiếm hiện hành.');
    return 0;
  }
  print('Đã dừng; "yba reindex" chạy tiếp từ chỗ dừng.');
  return left.some(({ state }) => state === 'failed') ? 1 : 0;
}

async function isOpen(reindexing: Reindexing): Promise<boolean> {
  return (await reindexing.states()).some(({ state }) => state === 'waiting' || state === 'running');
}

/** A bar that moves on a terminal, a line for each tenth elsewhere. */
async function show(reindexing: Reindexing, ended: AbortSignal): Promise<void> {
  let last = '';
  const before = new Map<string, { seen: number; at: number }>();
  while (!ended.aborted) {
    const running = (await reindexing.states().catch(() => [])).find(({ state }) => state === 'running');
    if (running) last = draw(running, before, last);
    await pause(LOOK_MS, undefined, { signal: ended }).catch(() => undefined);
  }
  if (process.stdout.isTTY && last !== '') process.stdout.write('\n');
}

function draw(state: TypeState, before: Map<string, { seen: number; at: number }>, last: string): string {
  const { type, seen, total } = state;
  const from = before.get(type) ?? { seen, at: performance.now() };
  before.set(type, from);
  const seconds = (performance.now() - from.at) / 1000;
  const rate = seconds > 0 ? Math.round((seen - from.seen) / seconds) : 0;
  const full = Math.round(doneOf(state) * BAR);
  const bar = '█'.repeat(full) + '░'.repeat(BAR - full);
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\u001b[K${type} ${bar} ${percentOf(state)} %  ${seen}/${total}  ${rate}/s`);
    return type;
  }
  const line = `${type} ${Math.floor(percentOf(state) / 10) * 10} %`;
  if (line !== last) print(line);
  return line;
}

const percentOf = (state: TypeState) => Math.floor(doneOf(state) * 100);
