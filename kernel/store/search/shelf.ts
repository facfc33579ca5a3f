/**
 * What was made of a text, kept for when the text comes again: codes, addresses, words, sounds. The maps of one kind share a
 * bound, because the texts are other people's; when it is reached, everything is forgotten and made again.
 */
export class Shelf<V> {
  readonly #most: number;
  readonly #maps: Map<string, V>[] = [];
  #count = 0;

  /** @param most entries that all its maps may hold together */
  constructor(most = 20_000) {
    this.#most = most;
  }

  /** One map more. It lives as long as the program: one for a parameter, not for a resource. */
  map(): Map<string, V> {
    const map = new Map<string, V>();
    this.#maps.push(map);
    return map;
  }

  /** @returns the value */
  keep(map: Map<string, V>, key: string, value: V): V {
    if (this.#count >= this.#most) {
      for (const each of this.#maps) each.clear();
      this.#count = 0;
    }
    this.#count += 1;
    map.set(key, value);
    return value;
  }
}
