/**
 * Commits that wait at the same time are sent together: one statement, one transaction, one wait for the disk, measured
 * at half the database's work a commit (docs/adr/0001-store-layout.md). A single commit is sent at once; while a statement
 * is on its way all others gather. Only commits that can wait for nobody are grouped: small ones of new resources, which
 * take no lock. When a group fails, each of its commits is tried by itself, so that nobody pays for another's conflict.
 */
import type { Pool } from 'pg';
import { type Call, type Done, runCall, runGroup } from './call.ts';
import { isConnectionFault } from './faults.ts';

/**
 * A statement of more rows would hold up the others in it, and the program: while it is on its way there is little else to do when
 * most of those who ask are in it.
 */
const LARGEST_GROUP = 120;
/** A commit of more rows goes by itself. */
const LARGEST_CALL = 64;

interface Waiting {
  call: Call;
  resolve: (done: Done[]) => void;
  reject: (error: unknown) => void;
}

export class Grouping {
  readonly #pool: Pool;
  readonly #era: number;
  readonly #waiting: Waiting[] = [];
  readonly #together: boolean;
  #isSending = false;

  /** @param together false where the tables are distributed: a statement must concern one person there */
  constructor(pool: Pool, era: number, together: boolean) {
    this.#pool = pool;
    this.#era = era;
    this.#together = together;
  }

  /** Applies one call in a transaction of its own or of a group. */
  run(call: Call): Promise<Done[]> {
    if (!this.#together || !isQuick(call)) return runCall(this.#pool, this.#era, call);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      if (!this.#isSending) void this.#send();
    });
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const group = takeGroup(this.#waiting);
      try {
        const results = await runGroup(
          this.#pool,
          this.#era,
          group.map(({ call }) => call),
        );
        for (const [i, done] of results.entries()) group[i]!.resolve(done);
      } catch (error) {
        await this.#alone(group, error);
      }
    }
    this.#isSending = false;
  }

  /** After a group failed. A broken connection leaves open whether it was committed, so nothing is sent again then. */
  async #alone(group: Waiting[], error: unknown): Promise<void> {
    if (group.length === 1 || isConnectionFault(error)) {
      for (const { reject } of group) reject(error);
      return;
    }
    await Promise.all(
      group.map(({ call, resolve, reject }) => runCall(this.#pool, this.#era, call).then(resolve, reject)),
    );
  }
}

function isQuick({ pt, locks, writes }: Call): boolean {
  return pt !== 0n && locks.length === 0 && writes.length <= LARGEST_CALL;
}

/** Takes the first and what fits to it: no resource named twice, few enough rows. The others keep their order. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  const group: Waiting[] = [];
  const named = new Set<bigint>();
  let rows = 0;
  for (let i = 0; i < waiting.length; ) {
    const { call } = waiting[i]!;
    const fits =
      group.length === 0 ||
      (rows + call.writes.length <= LARGEST_GROUP &&
        call.sure === group[0]!.call.sure &&
        !call.writes.some((write) => named.has(write.idh)));
    // A later commit of the same resource must not overtake this one.
    for (const write of call.writes) named.add(write.idh);
    if (!fits) {
      i += 1;
      continue;
    }
    rows += call.writes.length;
    group.push(...waiting.splice(i, 1));
  }
  return group;
}
