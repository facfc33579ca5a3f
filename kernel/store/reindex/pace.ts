/** How soon passes over older rows are done, from how far they have come: for `Retry-After`. Pure but for what it remembers. */

/** Seconds, when nothing is known of the pace yet. */
const UNKNOWN_S = 30;
const LEAST_S = 2;
const MOST_S = 3_600;

export class Paces {
  readonly #first = new Map<string, { at: number; done: number; last: number }>();

  /**
   * @param done share of the type's rows that are done, 0–1 @param now milliseconds of any clock that only rises
   * @returns seconds until the rest may be done, from 2 to 3,600
   */
  left(type: string, done: number, now: number): number {
    const first = this.#first.get(type);
    if (!first || done < first.last) {
      this.#first.set(type, { at: now, done, last: done });
      return UNKNOWN_S;
    }
    first.last = done;
    const gained = done - first.done;
    if (gained <= 0) return UNKNOWN_S;
    const seconds = ((1 - done) * (now - first.at)) / gained / 1000;
    return Math.ceil(Math.min(MOST_S, Math.max(LEAST_S, seconds)));
  }

  /** Of types that are done nothing is remembered. */
  keepOnly(types: ReadonlySet<string>): void {
    for (const type of this.#first.keys()) if (!types.has(type)) this.#first.delete(type);
  }
}
