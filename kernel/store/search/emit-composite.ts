/**
 * Index entries of composites: the leading token goes into the key of the second part, so that both are found in one
 * element. The dictionary keeps `system␟system` and `code␟code`, for questions that leave a system or a unit open.
 */
import type { SearchParameter } from '../../fhir/definitions/index.ts';
import { foldText } from '../../text/fold.ts';
import { dateInterval, quantityValue } from './emit-order.ts';
import { referenceTarget } from './emit-reference.ts';
import { codeEntry } from './emit-token.ts';
import { PART, referenceKey, STRING_LIMIT } from './keys.ts';
import { isPair } from './pairs.ts';
import { type JsonPath, resolvePaths, valuesAt } from './paths.ts';
import type { Sink } from './sink.ts';

export interface Token {
  system: string;
  code: string;
  display: string;
}

/** How the second part of a composite is kept. */
export type SecondKind = 'token' | 'quantity' | 'date' | 'string' | 'reference';

const KINDS: Record<string, SecondKind> = {
  CodeableConcept: 'token',
  Coding: 'token',
  code: 'token',
  boolean: 'token',
  Quantity: 'quantity',
  SimpleQuantity: 'quantity',
  Range: 'quantity',
  dateTime: 'date',
  Period: 'date',
  string: 'string',
  Reference: 'reference',
};

export function kindOfPart(type: string): SecondKind | undefined {
  return KINDS[type];
}

/** Entries of one element (`Observation`, `Observation.component`, `UsageContext`) of the composite. */
export function compositeEmitter(q: string, structure: string, parameter: SearchParameter) {
  const [first, second] = parameter.components.map((c) => resolvePaths(structure, c.expression));
  return (value: unknown, sink: Sink): void => {
    let tokens: Token[] | undefined;
    for (const path of second!) {
      for (const item of valuesAt(value, path)) {
        // Most elements have no second part of this kind: the codes are read for those that do.
        tokens ??= first!.flatMap((one) => valuesAt(value, one).flatMap((v) => tokensOf(one.type, v)));
        for (const token of tokens) emitPair(q, token, path, item, sink);
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

function emitPair(q: string, token: Token, path: JsonPath, value: unknown, sink: Sink): void {
  const kind = kindOfPart(path.type);
  if (kind === 'token') {
    for (const other of tokensOf(path.type, value)) {
      const entry = pairEntry(q, token, other.system, other.code);
      sink.word(entry);
      sink.tok.add(entry.h);
    }
  } else if (kind === 'quantity') {
    const quantity = quantityValue(path.type, value);
    if (!quantity) return;
    const entry = pairEntry(q, token, quantity.system, quantity.code, quantity.unit);
    if (sink.word(entry) && isPair(q)) sink.paired.push(value);
    sink.ord.push({ p: entry.h, lo: quantity.lo, hi: quantity.hi });
  } else emitKeyed(q, token, path.type, value, sink);
}

function emitKeyed(q: string, token: Token, type: string, value: unknown, sink: Sink): void {
  const entry = pairEntry(q, token, '', '');
  const kind = kindOfPart(type);
  if (kind === 'date') {
    const interval = dateInterval(type, value);
    if (!interval) return;
    sink.ord.push({ p: entry.h, lo: interval.low / 1000, hi: interval.high / 1000 });
  } else if (kind === 'string') {
    const s = foldText(String(value)).slice(0, STRING_LIMIT);
    if (s !== '') sink.str.push({ p: entry.h, s });
  } else if (kind === 'reference') {
    const { reference } = value as { reference?: unknown };
    const target = typeof reference === 'string' ? referenceTarget(reference) : null;
    if (target !== null) sink.tok.add(referenceKey(String(entry.h), target));
  }
  sink.word(entry);
}

/** The dictionary entry of a token with what stands beside it. */
export function pairEntry(q: string, token: Token, system: string, code: string, unit = '') {
  return codeEntry(q, `${token.system}${PART}${system}`, `${token.code}${PART}${code}`, unit);
}
