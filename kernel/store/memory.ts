/** What this process has seen committed, so that it need not be sent again. Forgetting is always safe. */
import type { IndexRow } from './index-row.ts';
import type { Queryable } from './rows.ts';
import { int8s, texts } from './wire.ts';
import type { PreparedWrite } from './writes.ts';

/** Full within minutes of work, so that the program's size is soon what it will be. */
const LIMIT = 20_000;

export class Memory {
  /** Shard key → person's id, known to stand in table `person`. */
  readonly #persons = new Map<bigint, string>();
  /** Words known to stand in table `code`, by hash, with the display they were seen with. */
  readonly #words = new Map<bigint, string>();
  /** Further displays known to stand there: `hash|display`. */
  readonly #displays = new Set<string>();
  /** Place of a resource → its id; null while nobody reads the feed here. */
  #ids: Map<bigint, string> | null = new Map<bigint, string>();

  knowsPerson(pt: bigint, id: string): boolean {
    return this.#persons.get(pt) === id;
  }

  rememberPerson(pt: bigint, id: string): void {
    if (this.#persons.size >= LIMIT) this.#persons.clear();
    this.#persons.set(pt, id);
  }

  /** The id of a resource that this program has written lately. */
  idAt(idh: bigint): string | undefined {
    return this.#ids?.get(idh);
  }

  rememberId(idh: bigint, id: string): void {
    if (!this.#ids) return;
    if (this.#ids.size >= LIMIT) this.#ids.clear();
    this.#ids.set(idh, id);
  }

  /** After an erasure. */
  forgetIds(): void {
    this.#ids?.clear();
  }

  /** @param here false while another thread follows the feed */
  keepIds(here: boolean): void {
    this.#ids = here ? (this.#ids ?? new Map()) : null;
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
    const unknown = new Map<string, Word>();
    for (const { row } of prepared)
      for (const word of row?.codes ?? [])
        if (!this.#knows(word)) unknown.set(`${word.h}|${word.display}`, word);
    if (unknown.size === 0) return;
    const words = [...unknown.values()].sort((a, b) => (a.h < b.h ? -1 : a.h > b.h ? 1 : 0));
    const made = await insertWords(words, db);
    for (const word of words) {
      if (word.display !== '' && made.get(word.h) !== word.display) await addDisplay(word, db);
      this.#remember(word);
    }
  }

  #knows({ h, display }: Word): boolean {
    const known = this.#words.get(h);
    if (known === undefined) return false;
    return display === '' || display === known || this.#displays.has(`${h}|${display}`);
  }

  #remember({ h, display }: Word): void {
    if (this.#words.size >= LIMIT) this.#words.clear();
    if (this.#displays.size >= LIMIT) this.#displays.clear();
    if (this.#words.has(h)) this.#displays.add(`${h}|${display}`);
    else this.#words.set(h, display);
  }
}

type Word = IndexRow['codes'][number];

/** @returns the display of each word that was new, by its hash */
async function insertWords(words: readonly Word[], db: Queryable): Promise<Map<bigint, string>> {
  const first = new Map<bigint, Word>();
  for (const word of words) if (!first.get(word.h)?.display) first.set(word.h, word);
  const chosen = [...first.values()];
  const { rows } = await db.query<{ h: string }>({
    name: 'code',
    text: `insert into code (h, p, sys, code, display)
      select u.* from (select set_config('synchronous_commit', 'off', true)) as unhurried,
        unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[]) as u
      on conflict (h) do nothing returning h`,
    values: [
      int8s(chosen.map(({ h }) => h)),
      texts(chosen.map(({ p }) => p)),
      texts(chosen.map(({ sys }) => sys)),
      texts(chosen.map(({ code }) => code)),
      texts(chosen.map(({ display }) => display)),
    ],
  });
  const made = new Set(rows.map(({ h }) => BigInt(h)));
  return new Map(chosen.filter(({ h }) => made.has(h)).map(({ h, display }) => [h, display]));
}

/**
 * A code that partners show differently: each display stands on a line of its own, as long as there is room. One row a
 * statement, so that two programs never wait for each other crosswise.
 */
async function addDisplay({ h, display }: Word, db: Queryable): Promise<void> {
  await db.query({
    name: 'display',
    text: `update code set display = case display when '' then $2 else display || E'\\n' || $2 end
      where h = $1 and strpos(E'\\n' || display || E'\\n', E'\\n' || $2 || E'\\n') = 0 and length(display) < 500`,
    values: [h.toString(), display],
  });
}
