/**
 * Index entries of composites: the leading token goes into the key of the second part, so that both are found in one
 * element. The dictionary keeps `system␟system` and `code␟code`, for questions that leave a system or a unit open.
 */
import type { SearchParameter } from '../../fhir/definitions/index.ts';
import { foldText } from '../../text/fold.ts';
import { dateInterval, quantityValue } from './emit-order.ts';
import { referenceTarget } from './emit-reference.ts';
import { referenceKey, STRING_LIMIT } from './keys.ts';
import { isPair } from './pairs.ts';
import { type JsonPath, resolvePaths, valuesAt } from './paths.ts';
import type { CodeEntry, Sink } from './sink.ts';
import type { Site } from './site.ts';

export interface Token {
  system: string;
  code: string;
  display: string;
}

/** How the second part of a composite is kept. */
export type SecondKind = 'token' | 'quantity' | 'number' | 'date' | 'string' | 'reference';

const KINDS: Record<string, SecondKind> = {
  CodeableConcept: 'token',
  Coding: 'token',
  code: 'token',
  boolean: 'token',
  Quantity: 'quantity',
  SimpleQuantity: 'quantity',
  MoneyQuantity: 'quantity',
  Age: 'quantity',
  Duration: 'quantity',
  Count: 'quantity',
  Distance: 'quantity',
  Range: 'quantity',
  decimal: 'number',
  integer: 'number',
  positiveInt: 'number',
  unsignedInt: 'number',
  date: 'date',
  dateTime: 'date',
  instant: 'date',
  Period: 'date',
  Timing: 'date',
  string: 'string',
  markdown: 'string',
  Reference: 'reference',
};

export function kindOfPart(type: string): SecondKind | undefined {
  return KINDS[type];
}

export interface CompositeParts {
  /** Codes: what goes into the key. */
  first: JsonPath[];
  second: JsonPath[];
  /** The definition names the code behind the other part, and a question does so, too (`date$code`). */
  swapped: boolean;
}

/** @param structure of the elements that the parts stand in */
export function partsOf(
  structure: string,
  { components }: Pick<SearchParameter, 'components'>,
): CompositeParts {
  const [one, other] = components.map((part) => resolvePaths(structure, part.expression));
  const swapped = !one!.every(isCode) && other!.every(isCode);
  return swapped ? { first: other!, second: one!, swapped } : { first: one!, second: other!, swapped };
}

function isCode({ type }: JsonPath): boolean {
  return kindOfPart(type) === 'token';
}

/** Entries of one element (`Observation`, `Observation.component`, `UsageContext`) of the composite. */
export function compositeEmitter(site: Site, structure: string, parameter: SearchParameter) {
  const { first, second } = partsOf(structure, parameter);
  return (value: unknown, sink: Sink): void => {
    // Most elements have no second part of this kind: the codes are read for those that do.
    for (const path of second) {
      for (const item of valuesAt(value, path)) {
        for (const one of first)
          for (const token of valuesAt(value, one)) emitPair(site, one.type, token, path.type, item, sink);
      }
    }
  };
}

/** The codes of a value: one for a code, each coding of a concept. */
export function tokensOf(type: string, value: unknown): Token[] {
  if (type === 'code' || type === 'boolean') return [{ system: '', code: String(value), display: '' }];
  const codings = type === 'CodeableConcept' ? (value as { coding?: unknown }).coding : [value];
  if (!Array.isArray(codings)) return [];
  return codings
    .filter((c) => typeof c?.code === 'string')
    .map((c) => ({
      system: typeof c.system === 'string' ? c.system : '',
      code: c.code,
      display: typeof c.display === 'string' ? c.display : '',
    }));
}

/** One element's entries: its leading codes, each with what stands beside them. */
export function emitPair(
  site: Site,
  firstType: string,
  first: unknown,
  type: string,
  second: unknown,
  sink: Sink,
): void {
  if (first === undefined || first === null) return;
  for (const { system, code } of tokensOf(firstType, first)) {
    const pairs = site.pairs(system, code);
    const kind = kindOfPart(type);
    if (kind === 'token') {
      for (const other of tokensOf(type, second))
        sink.entry(pairs.entry(other.system, other.code, '', false));
    } else if (kind === 'quantity') {
      const quantity = quantityValue(type, second);
      if (!quantity) continue;
      const entry = pairs.entry(quantity.system, quantity.code, quantity.unit, false);
      if (sink.word(entry) && isPair(site.q)) sink.paired.push(second);
      sink.ord.push({ p: entry.h, lo: quantity.lo, hi: quantity.hi });
    } else emitKeyed(pairs.entry('', '', '', false), kind, type, second, sink);
  }
}

/** A second part that the dictionary says nothing of. */
function emitKeyed(
  entry: CodeEntry,
  kind: SecondKind | undefined,
  type: string,
  value: unknown,
  sink: Sink,
): void {
  if (kind === 'date') {
    const interval = dateInterval(type, value);
    if (!interval) return;
    sink.ord.push({ p: entry.h, lo: interval.low / 1000, hi: interval.high / 1000 });
  } else if (kind === 'number') {
    if (typeof value !== 'number') return;
    sink.ord.push({ p: entry.h, lo: value, hi: value });
  } else if (kind === 'string') {
    const s = foldText(String(value)).slice(0, STRING_LIMIT);
    if (s !== '') sink.str.push({ p: entry.h, s });
  } else if (kind === 'reference') {
    const { reference } = value as { reference?: unknown };
    const target = typeof reference === 'string' ? referenceTarget(reference) : null;
    if (target !== null) sink.token(referenceKey(String(entry.h), target));
  }
  sink.word(entry);
}
