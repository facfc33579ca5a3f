/**
 * Units of measure as factors of base units, so that 1 g is found as 1000 mg. The grammar is UCUM's (unitsofmeasure.org,
 * sections 2.1–2.4): prefixes × atoms, exponents, products, quotients, annotations, parentheses.
 *
 * Amount of substance stays a dimension of its own: UCUM counts a mole as 6.02·10²³, which would make mmol/L and 10*9/L
 * comparable. Units on scales of their own (pH, decibel) and arbitrary units ([iU]) are comparable with themselves only.
 */
import { ATOMS, PREFIXES } from './ucum-atoms.ts';

/** value in base units = value × factor + offset. */
export interface Unit {
  factor: number;
  /** Zero but for temperatures. */
  offset: number;
  /** Base units with their exponents, sorted: `g1m-3`. Equal = comparable. */
  dimension: string;
}

export const UCUM = 'http://unitsofmeasure.org';

interface Term {
  factor: number;
  powers: Map<string, number>;
}

const known = new Map<string, Unit | null>();
const MOST_KNOWN = 5_000;
const LONGEST = 100;

/** The unit a code stands for; null when it is not UCUM, or a unit that no factor leads to. */
export function unitOf(code: string): Unit | null {
  const found = known.get(code);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const unit = code.length > LONGEST ? null : read(code);
  known.set(code, unit);
  return unit;
}

/** A value of one unit in another of the same dimension. Fifteen digits, so that no dust of the factors is left. */
export function convert(value: number, from: Unit, to: Unit): number {
  if (!Number.isFinite(value)) return value;
  const converted = (value * from.factor + from.offset - to.offset) / to.factor;
  return Number(converted.toPrecision(13));
}

const CELSIUS: Unit = { factor: 1, offset: 273.15, dimension: 'K1' };
const FAHRENHEIT: Unit = { factor: 5 / 9, offset: 459.67 * (5 / 9), dimension: 'K1' };
/** Scales whose zero is not nothing: only by themselves, not in products. */
const SCALES: Record<string, Unit> = { Cel: CELSIUS, '[degF]': FAHRENHEIT };

function read(code: string): Unit | null {
  const bare = code.replace(/\{[^{}]*\}/g, '');
  if (Object.hasOwn(SCALES, bare)) return SCALES[bare]!;
  const reader = new Reader(code);
  const term = reader.whole();
  if (term === null || !Number.isFinite(term.factor) || term.factor <= 0) return null;
  const powers = [...term.powers].filter(([, power]) => power !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return { factor: term.factor, offset: 0, dimension: powers.map(([base, power]) => base + power).join(' ') };
}

/** Recursive descent over one code. Every method answers null where the text is no unit. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Term | null {
    const term = this.#term(0);
    return this.#at === this.#text.length ? term : null;
  }

  /** `kg.m/s2`: a stroke divides by the one component behind it. */
  #term(depth: number): Term | null {
    const result: Term = { factor: 1, powers: new Map() };
    let divides = this.#take('/');
    for (;;) {
      const part = this.#component(depth);
      if (part === null) return null;
      multiply(result, part, divides ? -1 : 1);
      if (this.#take('.')) divides = false;
      else if (this.#take('/')) divides = true;
      else return result;
    }
  }

  #component(depth: number): Term | null {
    if (this.#take('(')) {
      const inner = depth < 10 ? this.#term(depth + 1) : null;
      return inner !== null && this.#take(')') ? inner : null;
    }
    const annotated = this.#match(/\{[^{}]*\}/y);
    if (annotated !== null) return { factor: 1, powers: new Map() };
    // Ten to the power of: the one atom that is written in digits.
    const power = this.#match(/10[*^]([+-]?\d{1,3})?/y);
    if (power !== null) return { factor: Number(`1e${power.slice(3) || '1'}`), powers: new Map() };
    const number = this.#match(/\d{1,15}/y);
    if (number !== null) return { factor: Number(number), powers: new Map() };
    return this.#unit();
  }

  #unit(): Term | null {
    const symbol = this.#match(/(?:\[[^[\]{}]*\]|[A-Za-z%'"*_])+/y);
    const atom = symbol === null ? null : atomOf(symbol);
    if (atom === null) return null;
    const exponent = Number(this.#match(/[+-]?\d{1,2}/y) ?? 1);
    this.#match(/\{[^{}]*\}/y);
    const result: Term = { factor: 1, powers: new Map() };
    multiply(result, atom, exponent);
    return result;
  }

  #take(sign: string): boolean {
    if (!this.#text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return null;
    this.#at += match[0].length;
    return match[0];
  }
}

function multiply(result: Term, part: Term, exponent: number): void {
  result.factor *= part.factor ** exponent;
  for (const [base, power] of part.powers) {
    result.powers.set(base, (result.powers.get(base) ?? 0) + power * exponent);
  }
}

/** An atom, or a metric one with a prefix. What stands in brackets and is not in the table is an arbitrary unit. */
function atomOf(symbol: string): Term | null {
  const plain = plainAtom(symbol);
  if (plain) return plain;
  for (const [prefix, factor] of PREFIXES) {
    if (!symbol.startsWith(prefix)) continue;
    const rest = symbol.slice(prefix.length);
    const atom = isMetric(rest) ? plainAtom(rest) : null;
    if (atom) return { factor: atom.factor * factor, powers: atom.powers };
  }
  return null;
}

function isMetric(symbol: string): boolean {
  return Object.hasOwn(ATOMS, symbol) ? ATOMS[symbol]!.metric : isArbitrary(symbol);
}

function isArbitrary(symbol: string): boolean {
  return /^\[[^[\]]+\]$/.test(symbol) && !Object.hasOwn(SCALES, symbol);
}

function plainAtom(symbol: string): Term | null {
  if (!Object.hasOwn(ATOMS, symbol)) {
    // [IU] is another spelling of [iU].
    return isArbitrary(symbol) ? { factor: 1, powers: new Map([[symbol.replace('[IU]', '[iU]'), 1]]) } : null;
  }
  const { factor, is } = ATOMS[symbol]!;
  if (is === undefined) return { factor: 1, powers: new Map([[symbol, 1]]) };
  const base = new Reader(is).whole();
  return base && { factor: base.factor * factor, powers: base.powers };
}
