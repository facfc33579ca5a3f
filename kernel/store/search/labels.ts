/**
 * Which categories of sensitive data a resource belongs to: by what `meta.security` says, and by its codes (content
 * `access/sensitivity`). Kept as bits in column `sec`. A program serves one content: this is what it says, in memory; the
 * caller gives it (`followLabels`), the store knows no disease.
 */
import { createHash } from 'node:crypto';

/** HL7 v3 Confidentiality above normal, and sensitivity codes of v3 ActCode. Bits are on disk: never given anew. */
export const CATEGORY_BITS = {
  R: 1,
  V: 2,
  HIV: 4,
  PSY: 8,
  SUD: 16,
  SEX: 32,
  SDV: 64,
  GDIS: 128,
} as const;

export type Category = keyof typeof CATEGORY_BITS;

export const CATEGORIES = Object.keys(CATEGORY_BITS) as Category[];

/** Every bit. */
export const ALL_BITS = Object.values(CATEGORY_BITS).reduce((all, bit) => all | bit, 0);

export function isCategory(text: string): text is Category {
  return Object.hasOwn(CATEGORY_BITS, text);
}

/** The bits of some categories; `*` is all of them. */
export function bitsOf(categories: Iterable<string>): number {
  let bits = 0;
  for (const one of categories) bits |= one === '*' ? ALL_BITS : isCategory(one) ? CATEGORY_BITS[one] : 0;
  return bits;
}

/** Other codes of v3 ActCode that mean one of the categories. */
const SAME_AS: Record<string, Category> = { ETH: 'SUD', OPIOIDUD: 'SUD', STD: 'SEX', BH: 'PSY', MH: 'PSY' };

/** Confidentiality and sensitivity bits of `meta.security`. */
export function securityBits(labels: readonly { code?: unknown }[] | undefined): number {
  let bits = 0;
  for (const label of labels ?? []) {
    const code = String(label.code);
    bits |= bitsOf([SAME_AS[code] ?? (code === '*' ? '' : code)]);
  }
  return bits;
}

/** Codes of one system that imply a category: `Z21` exactly, `B20*` that beginning, `F00-F99` those three characters and what is below. */
export interface LabelRule {
  category: Category;
  system: string;
  codes: readonly string[];
}

interface SystemLabels {
  readonly exact: ReadonlyMap<string, number>;
  readonly others: readonly { fits(code: string): boolean; bits: number }[];
  /** What was decided for codes that came before. */
  readonly known: Map<string, number>;
}

const MOST_KNOWN = 20_000;

let rules: readonly LabelRule[] = [];
let systems: ReadonlyMap<string, SystemLabels> = new Map();
let print = '';

/** Takes the place of what was known before; rows are labelled by it from then on. */
export function followLabels(wanted: readonly LabelRule[]): void {
  rules = wanted;
  systems = new Map(
    [...Map.groupBy(wanted, ({ system }) => system)].map(([system, of]) => [system, compile(of)]),
  );
  print =
    wanted.length === 0
      ? ''
      : createHash('sha256').update(JSON.stringify(wanted)).digest('base64url').slice(0, 10);
}

/** What is followed, for a thread that labels rows by itself. */
export function labelRules(): readonly LabelRule[] {
  return rules;
}

/** A short text that changes whenever rows would be labelled otherwise; empty while there are no rules. */
export function labelsPrint(): string {
  return print;
}

function compile(of: readonly LabelRule[]): SystemLabels {
  const exact = new Map<string, number>();
  const others: { fits(code: string): boolean; bits: number }[] = [];
  for (const { category, codes } of of) {
    const bits = CATEGORY_BITS[category];
    for (const code of codes) {
      const range = /^([^-]+)-([^-]+)$/.exec(code);
      if (code.endsWith('*')) {
        const start = code.slice(0, -1);
        others.push({ bits, fits: (one) => one.startsWith(start) });
      } else if (range && range[1]!.length === range[2]!.length && /^[A-Z]/.test(code)) {
        const [, low = '', high = ''] = range;
        const inside = (one: string) => one >= low && one.slice(0, high.length) <= high;
        others.push({ bits, fits: (one) => one.length >= low.length && inside(one) });
      } else exact.set(code, (exact.get(code) ?? 0) | bits);
    }
  }
  return { exact, others, known: new Map() };
}

function bitsOfCode({ exact, others, known }: SystemLabels, code: string): number {
  const before = known.get(code);
  if (before !== undefined) return before;
  let bits = exact.get(code) ?? 0;
  for (const other of others) if (other.fits(code)) bits |= other.bits;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(code, bits);
  return bits;
}

/** Bits that the codings anywhere in a resource imply, in what it contains, too. */
export function codedBits(node: object): number {
  if (systems.size === 0) return 0;
  return walk(node, 0);
}

/** Deeper than any resource that is accepted. */
const DEEPEST = 64;

/** Every member is looked at once: two questions by name to each object cost half of the walk. */
function walk(node: object, depth: number): number {
  let bits = 0;
  if (Array.isArray(node)) {
    for (const item of node)
      if (typeof item === 'object' && item !== null && depth < DEEPEST) bits |= walk(item, depth + 1);
    return bits;
  }
  let system: unknown;
  let code: unknown;
  for (const name in node) {
    const value = (node as Record<string, unknown>)[name];
    if (typeof value === 'object') {
      if (value !== null && depth < DEEPEST) bits |= walk(value, depth + 1);
    } else if (name === 'system') system = value;
    else if (name === 'code') code = value;
  }
  if (typeof code !== 'string' || typeof system !== 'string') return bits;
  const labels = systems.get(system);
  return labels ? bits | bitsOfCode(labels, code) : bits;
}
