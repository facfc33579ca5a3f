/** Dictionary entries of codes that were met before, by system and code: no text is put together for them again. */
import { Shelf } from './shelf.ts';
import type { CodeEntry } from './sink.ts';

type BySystem = Map<string, Map<string, CodeEntry>>;

const MOST = 20_000;
const filled = new Set<BySystem>();
let count = 0;
/** Codes with another display than the first that was met. */
const others = new Shelf<CodeEntry>();
const displays = others.map();

export class Codes {
  readonly #make: (system: string, code: string, display: string) => CodeEntry;
  readonly #entries: BySystem = new Map();

  constructor(make: (system: string, code: string, display: string) => CodeEntry) {
    this.#make = make;
  }

  /** @param isExact false when an empty display is content with any */
  entry(system: string, code: string, display: string, isExact: boolean): CodeEntry {
    const known = this.#entries.get(system)?.get(code);
    if (known === undefined) return this.#add(system, code, display);
    if (known.display === display || (display === '' && !isExact)) return known;
    const key = `${known.h}|${display}`;
    return displays.get(key) ?? others.keep(displays, key, { ...known, display });
  }

  #add(system: string, code: string, display: string): CodeEntry {
    if (count >= MOST) forgetAll();
    count += 1;
    filled.add(this.#entries);
    const entry = this.#make(system, code, display);
    const ofSystem = this.#entries.get(system) ?? new Map<string, CodeEntry>();
    this.#entries.set(system, ofSystem.set(code, entry));
    return entry;
  }
}

function forgetAll(): void {
  for (const entries of filled) entries.clear();
  filled.clear();
  count = 0;
}
