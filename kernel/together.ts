/**
 * Short work on many things, kind by kind. What is asked for in one turn of the event loop is done together in the order of its
 * kinds, so that the code and the tables of a kind are still in the processor's caches for the next thing of it: with sixteen
 * transactions at once, bodies are packed and indexed in half the time (docs/adr/0001-store-layout.md).
 */

/** Whoever brings more has things enough of each kind, and would hold up the others: done at once, by itself. */
const LARGEST = 64;

interface Asked<Item, Result> {
  items: readonly Item[];
  kinds: readonly string[];
  results: Result[];
  failed: boolean;
  resolve(results: Result[]): void;
  reject(error: unknown): void;
}

export class Together<Item, Result> {
  readonly #kindOf: (item: Item) => string;
  readonly #work: (item: Item, place: number) => Result;
  #asked: Asked<Item, Result>[] = [];

  /** @param work does one item; `place` is its place among those that were brought with it */
  constructor(kindOf: (item: Item) => string, work: (item: Item, place: number) => Result) {
    this.#kindOf = kindOf;
    this.#work = work;
  }

  /** Results in the order of the items. Fails with what the work on one of these items throws; the others of the turn go on. */
  all(items: readonly Item[]): Promise<Result[]> {
    return new Promise((resolve, reject) => {
      const kinds = items.map(this.#kindOf);
      const asked = {
        items,
        kinds,
        results: new Array<Result>(items.length),
        failed: false,
        resolve,
        reject,
      };
      if (items.length > LARGEST) return this.#do([asked]);
      this.#asked.push(asked);
      if (this.#asked.length === 1) setImmediate(() => this.#do(this.#asked.splice(0)));
    });
  }

  #do(together: Asked<Item, Result>[]): void {
    const places = together.flatMap((asked) => asked.kinds.map((kind, place) => ({ asked, kind, place })));
    for (const alike of Map.groupBy(places, ({ kind }) => kind).values())
      for (const { asked, place } of alike) this.#one(asked, place);
    for (const asked of together) if (!asked.failed) asked.resolve(asked.results);
  }

  #one(asked: Asked<Item, Result>, place: number): void {
    if (asked.failed) return;
    try {
      asked.results[place] = this.#work(asked.items[place]!, place);
    } catch (error) {
      asked.failed = true;
      asked.reject(error);
    }
  }
}
