/** Keeps one typesetting process: started by the first paper, ended when idle, replaced when it dies or hangs. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { Failure } from '../../kernel/failure.ts';
import type { Job, Outcome } from './typesetter.ts';

export interface PressOptions {
  /** A paper that takes longer is given up and the process with it. */
  timeoutMs?: number;
  /** The process ends after this long without work, so that the program at rest stays small. */
  idleMs?: number;
}

export interface Press {
  set(job: Omit<Job, 'id'>): Promise<Buffer>;
  /** Papers that are waited for. */
  waiting(): number;
  /** True while the typesetting process lives. */
  isRunning(): boolean;
  close(): void;
}

interface Waiting {
  resolve(bytes: Buffer): void;
  reject(error: unknown): void;
  timer: NodeJS.Timeout;
}

export function openPress({ timeoutMs = 15_000, idleMs = 20_000 }: PressOptions = {}): Press {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let next = 1;

  const end = (failure?: Failure) => {
    const dying = child;
    child = null;
    clearTimeout(idle);
    dying?.removeAllListeners();
    dying?.on('error', () => undefined);
    dying?.kill('SIGKILL');
    for (const each of waiting.values()) {
      clearTimeout(each.timer);
      each.reject(failure ?? unavailable('the press was closed'));
    }
    waiting.clear();
  };

  const rest = () => {
    clearTimeout(idle);
    if (waiting.size > 0) return;
    idle = setTimeout(() => end(), idleMs);
    idle.unref();
  };

  const receive = (outcome: Outcome) => {
    const asked = waiting.get(outcome.id);
    if (!asked) return;
    waiting.delete(outcome.id);
    clearTimeout(asked.timer);
    if ('bytes' in outcome) asked.resolve(Buffer.from(outcome.bytes));
    else asked.reject(faulty(outcome.fault));
    rest();
  };

  const running = (): ChildProcess => {
    if (child) return child;
    const started = fork(join(import.meta.dirname, 'typesetter.ts'), [], {
      serialization: 'advanced',
      execArgv: ['--max-old-space-size=256'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    started.on('message', receive);
    started.on('error', (error) => end(unavailable(error.message)));
    started.on('exit', (code, signal) => end(unavailable(`the typesetter ended (${signal ?? code})`)));
    started.unref();
    started.channel?.unref();
    child = started;
    return started;
  };

  const set = (job: Omit<Job, 'id'>): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const id = next;
      next += 1;
      const press = running();
      const timer = setTimeout(() => end(unavailable('the paper took too long')), timeoutMs);
      waiting.set(id, { resolve, reject, timer });
      press.channel?.ref();
      press.send({ ...job, id } satisfies Job, (error) => {
        if (error) end(unavailable(error.message));
      });
    });

  const whenDone = async (job: Omit<Job, 'id'>): Promise<Buffer> => {
    try {
      return await set(job);
    } finally {
      if (waiting.size === 0) child?.channel?.unref();
    }
  };

  return { set: whenDone, waiting: () => waiting.size, isRunning: () => child !== null, close: () => end() };
}

/** Papers that one process may have before it the next process is used. */
const QUEUE = 3;

/** Several presses behind one: the first alone while it keeps up, so that a quiet program has one process or none. */
export function openPresses(count: number, options: PressOptions = {}): Press {
  const presses = Array.from({ length: count }, () => openPress(options));
  const free = () =>
    presses.find((press) => press.waiting() < QUEUE) ??
    presses.reduce((least, press) => (press.waiting() < least.waiting() ? press : least));
  return {
    set: (job) => free().set(job),
    waiting: () => presses.reduce((sum, press) => sum + press.waiting(), 0),
    isRunning: () => presses.some((press) => press.isRunning()),
    close: () => {
      for (const press of presses) press.close();
    },
  };
}

function unavailable(cause: string): Failure {
  return new Failure('overloaded', 'Chưa in được giấy này, dữ liệu không bị mất: thử in lại sau ít phút.', {
    textEn: `The paper could not be printed: ${cause}`,
  });
}

function faulty(cause: string): Failure {
  return new Failure(
    'business-rule',
    'Mẫu giấy có lỗi nên chưa in được: báo quản trị kiểm tra mẫu trong content/documents.',
    {
      textEn: `The template failed: ${cause}`,
    },
  );
}
