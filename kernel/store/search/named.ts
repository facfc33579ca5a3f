/** Statements that come again are named, so that a connection parses and plans them once: most of a small search's cost. */

/** So many are named; each takes about 50 KB in every connection that ran it. */
const MOST_NAMED = 200;
/** Texts that are being counted; requests of strangers must not fill the memory. */
const MOST_COUNTED = 2_000;
/** A text is named when it comes for the third time. */
const OFTEN = 3;

/** Counts texts and names those that come again. A text keeps its name as long as the program runs. */
export class NamedStatements {
  readonly #names = new Map<string, string>();
  #seen = new Map<string, number>();

  /** What the driver takes: with a name for a text that was seen often, without one for others. */
  of(text: string, values: unknown[]): { name?: string; text: string; values: unknown[] } {
    const name = this.#nameOf(text);
    return name === undefined ? { text, values } : { name, text, values };
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MOST_NAMED) return known;
    const times = (this.#seen.get(text) ?? 0) + 1;
    if (times < OFTEN) {
      if (this.#seen.size >= MOST_COUNTED) this.#seen = new Map();
      this.#seen.set(text, times);
      return undefined;
    }
    this.#seen.delete(text);
    const name = `search_${this.#names.size + 1}`;
    this.#names.set(text, name);
    return name;
  }
}

/** One for the program: the same text has the same name in every connection. */
export const namedStatements = new NamedStatements();
