/** What this process has seen committed, so that it need not be sent again. Forgetting is always safe. */
import type { Queryable } from './rows.ts';
import { int8s, texts } from './wire.ts';
import type { PreparedWrite } from './writes.ts';

const LIMIT = 100_000;

export class Memory {
  /** Shard key → person's id, known to stand in table `person`. */
  readonly #persons = new Map<bigint, string>();
  /** Hashes known to stand in table `code`. */
  readonly #words = new Set<bigint>();

  knowsPerson(pt: bigint, id: string): boolean {
    return this.#persons.get(pt) === id;
  }

  rememberPerson(pt: bigint, id: string): void {
    if (this.#persons.size >= LIMIT) this.#persons.clear();
    this.#persons.set(pt, id);
  }

  /** The id behind a key; null for 0 and for keys nobody has. */
  async personOf(pt: bigint, db: Queryable): Promise<string | null> {
    if (pt === 0n) return null;
    const known = this.#persons.get(pt);
    if (known !== undefined) return known;
    const found = await db.query<{ id: string }>({
      name: 'person',
      text: 'select id from person where pt = $1',
      values: [pt.toString()],
    });
    const id = found.rows[0]?.id ?? null;
    if (id !== null) this.rememberPerson(pt, id);
    return id;
  }

  /**
   * Writes new words of the dictionary before the commit: a word without a resource does no harm, a lock on one would.
   * It does not wait for the disk: the log is written in order, so the commit's own wait covers the words before it.
   */
  async writeWords(prepared: readonly Pick<PreparedWrite, 'row'>[], db: Queryable): Promise<void> {
    const unknown = new Map<bigint, { p: string; sys: string; code: string; display: string }>();
    for (const { row } of prepared) {
      if (row) for (const word of row.codes) if (!this.#words.has(word.h)) unknown.set(word.h, word);
    }
    if (unknown.size === 0) return;
    const hashes = [...unknown.keys()].sort((a, b) => (a < b ? -1 : 1));
    const words = hashes.map((h) => unknown.get(h)!);
    await db.query({
      name: 'code',
      text: `insert into code (h, p, sys, code, display)
        select u.* from (select set_config('synchronous_commit', 'off', true)) as unhurried,
          unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[]) as u
        on conflict (h) do nothing`,
      values: [
        int8s(hashes),
        texts(words.map((word) => word.p)),
        texts(words.map((word) => word.sys)),
        texts(words.map((word) => word.code)),
        texts(words.map((word) => word.display)),
      ],
    });
    if (this.#words.size >= LIMIT) this.#words.clear();
    for (const h of hashes) this.#words.add(h);
  }
}
