/** A parameter of a type as the emitters see it: its name, its keys, and what was made for values that came before. */
import { Codes } from './codes.ts';
import {
  identifierParameter,
  orderKey,
  PART,
  parameterKey,
  referenceKey,
  systemKey,
  textKey,
  tokenKey,
} from './keys.ts';
import { Shelf } from './shelf.ts';
import type { CodeEntry } from './sink.ts';

const systems = new Shelf<bigint>();
const addresses = new Shelf<CodeEntry>();
const words = new Shelf<readonly CodeEntry[]>();
const sounds = new Shelf<readonly bigint[]>();
const pairs = new Shelf<Codes>();

export class Site {
  /** `Observation.code` */
  readonly q: string;
  #p: bigint | undefined;
  #text: bigint | undefined;
  #order: bigint | undefined;
  #identifiers: Site | undefined;
  #codes: Codes | undefined;
  #systems: Map<string, bigint> | undefined;
  #addresses: Map<string, CodeEntry> | undefined;
  #words: Map<string, readonly CodeEntry[]> | undefined;
  #sounds: Map<string, readonly bigint[]> | undefined;
  #pairs: Map<string, Codes> | undefined;

  constructor(q: string) {
    this.q = q;
  }

  /** Column `p` of its rows in `ord` and `str`. */
  get p(): bigint {
    this.#p ??= parameterKey(this.q);
    return this.#p;
  }

  /** Column `p` of the texts of its concepts. */
  get text(): bigint {
    this.#text ??= textKey(this.q);
    return this.#text;
  }

  /** Column `p` of values that are kept for their order alone. */
  get order(): bigint {
    this.#order ??= orderKey(this.q);
    return this.#order;
  }

  /** Where the identifiers of its references belong. */
  get identifiers(): Site {
    this.#identifiers ??= new Site(identifierParameter(this.q));
    return this.#identifiers;
  }

  /** The dictionary entry of a code; an empty display is content with any. */
  code(system: string, code: string, display: string): CodeEntry {
    this.#codes ??= codesOf(this.q, '', '');
    return this.#codes.entry(system, code, display, false);
  }

  /** The dictionary entry of the unit of a quantity. */
  unit(system: string, code: string, written: string): CodeEntry {
    this.#codes ??= codesOf(this.q, '', '');
    return this.#codes.entry(system, code, written, true);
  }

  /** The dictionary entries of a composite whose leading token is this; beside it stand a system and a code. */
  pairs(system: string, code: string): Codes {
    this.#pairs ??= pairs.map();
    const key = system + PART + code;
    const known = this.#pairs.get(key);
    return known ?? pairs.keep(this.#pairs, key, codesOf(this.q, system + PART, code + PART));
  }

  /** Token of any identifier of a system. */
  system(system: string): bigint {
    this.#systems ??= systems.map();
    return this.#systems.get(system) ?? systems.keep(this.#systems, system, systemKey(this.q, system));
  }

  /** The dictionary entry of an address. */
  address(code: string): CodeEntry {
    this.#addresses ??= addresses.map();
    const known = this.#addresses.get(code);
    if (known !== undefined) return known;
    const entry = { h: referenceKey(this.q, code), p: this.q, sys: '', code, display: '' };
    return addresses.keep(this.#addresses, code, entry);
  }

  /** What `make` gives for a spelling. */
  words(text: string, make: (q: string, text: string) => readonly CodeEntry[]): readonly CodeEntry[] {
    this.#words ??= words.map();
    return this.#words.get(text) ?? words.keep(this.#words, text, make(this.q, text));
  }

  /** What `make` gives for a word. */
  sounds(word: string, make: (q: string, word: string) => readonly bigint[]): readonly bigint[] {
    this.#sounds ??= sounds.map();
    return this.#sounds.get(word) ?? sounds.keep(this.#sounds, word, make(this.q, word));
  }
}

function codesOf(p: string, beforeSystem: string, beforeCode: string): Codes {
  return new Codes((system, code, display) => {
    const [sys, whole] = [beforeSystem + system, beforeCode + code];
    return { h: tokenKey(p, sys, whole), p, sys, code: whole, display };
  });
}

const sites = new Map<string, Site>();

/** The site of a parameter: one for each. */
export function siteOf(q: string): Site {
  const known = sites.get(q);
  if (known) return known;
  const site = new Site(q);
  sites.set(q, site);
  return site;
}
