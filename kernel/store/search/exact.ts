/**
 * Tests on the resource itself, for what the index only narrows down: `:exact`, `_content`, identifiers (hashes of 64
 * bits), and operators of `_filter` on what only hashes are kept of. Pure.
 */
import type { SearchRequest } from '../contract.ts';
import { plainText } from './emit-special.ts';
import { type IndexedParameter, isInDictionary } from './parameters.ts';
import { parseQuery } from './parse.ts';
import { type JsonPath, valuesAt } from './paths.ts';
import { textTest } from './plan-operator.ts';
import type { Criterion } from './query.ts';
import { hasPhrase, textAskTest } from './text-ask.ts';
import { parseToken, unescapeValue } from './values.ts';

export type Recheck = (resource: unknown) => boolean;

/** The tests that the outermost criteria ask for. */
export function rechecksOf(criteria: readonly Criterion[]): Recheck[] {
  return criteria.flatMap((criterion) => {
    const test = testOf(criterion);
    if (test) return [test];
    const isPlain = criterion.kind === 'parameter' && criterion.modifier === undefined && !criterion.operator;
    return isPlain && isIdentifier(criterion.parameter)
      ? [identifierTest(criterion.parameter, criterion.values)]
      : [];
  });
}

/** The test without which a criterion would find too much; null when the index decides it. */
export function testOf(criterion: Criterion): Recheck | null {
  if (criterion.kind === 'text') return wordsTest(criterion);
  if (criterion.kind !== 'parameter') return null;
  const { parameter, modifier, operator, values } = criterion;
  if (modifier === 'exact') return exactTest(parameter, values);
  if (operator === undefined || isIndexed(parameter)) return null;
  const tests = values.map((value) => textTest(operator, unescapeValue(value)));
  return (resource) =>
    textsIn(parameter, resource).some((texts) => tests.some((test) => every(operator, texts, test)));
}

/** "Unequal" is said of all ways to write a value, the others of any. */
function every(operator: string, texts: readonly string[], test: (text: string) => boolean): boolean {
  return operator === 'ne' ? texts.every(test) : texts.some(test);
}

/** True where `planOperator` decides by the index alone. */
function isIndexed(parameter: IndexedParameter): boolean {
  const { storage } = parameter;
  if (['words', 'strings', 'names', 'dates', 'main-date', 'uris'].includes(storage)) return true;
  return storage !== 'references' && storage !== 'sounds' && isInDictionary(parameter);
}

/** The values of a parameter, each in the ways it may be written. */
function textsIn(parameter: IndexedParameter, resource: unknown): string[][] {
  return parameter.paths.flatMap((path) => valuesAt(resource, path).map((value) => textsOf(path, value)));
}

function textsOf({ type }: JsonPath, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  const { system, value: own, reference } = value as Record<string, unknown>;
  if (type === 'Reference') return typeof reference === 'string' ? [reference] : [];
  if (type === 'Identifier' || type === 'ContactPoint')
    return typeof own === 'string' ? [own, `${String(system ?? '')}|${own}`] : [];
  return stringsOf(value);
}

/** `_content` of everything that is written; `_text` where the index has the words and not their order. */
function wordsTest({ content, values }: Criterion & { kind: 'text' }): Recheck | null {
  const test = textAskTest(values);
  if (content) {
    return (resource) => {
      const texts: string[] = [];
      gather(resource, texts);
      return test(texts.join(' '));
    };
  }
  if (!values.some(hasPhrase)) return null;
  return (resource) => {
    const div = (resource as { text?: { div?: unknown } }).text?.div;
    return test(typeof div === 'string' ? plainText(div) : '');
  };
}

/** Everything written in the values; a narrative without its markup. */
function gather(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value.includes('</') ? plainText(value) : value);
  else if (typeof value === 'number') texts.push(String(value));
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) gather(item, texts);
}

/**
 * Whether a resource fulfils criteria that it shows by itself (identifiers): a test for resources that are not stored
 * yet. Null when a criterion needs the index. Fails as the search would.
 */
export function matcherOf(request: SearchRequest): Recheck | null {
  const { criteria } = parseQuery(request);
  const tests = rechecksOf(criteria);
  if (tests.length === 0 || tests.length < criteria.length) return null;
  return (resource) => tests.every((test) => test(resource));
}

function isIdentifier({ storage, paths }: IndexedParameter): boolean {
  return storage === 'tokens' && paths.length > 0 && paths.every((path) => path.type === 'Identifier');
}

/** R4 `:exact`: the whole string, with its case and marks. */
function exactTest(parameter: IndexedParameter, values: string[]): Recheck {
  const wanted = new Set(values.map((value) => unescapeValue(value).normalize('NFC')));
  return (resource) =>
    parameter.paths.some((path) =>
      valuesAt(resource, path).some((value) =>
        stringsOf(value).some((text) => wanted.has(text.normalize('NFC'))),
      ),
    );
}

const TEXT_PARTS = [
  'text',
  'family',
  'given',
  'prefix',
  'suffix',
  'line',
  'city',
  'district',
  'state',
  'postalCode',
  'country',
];

/** The strings of a value: itself, or the parts of a name or an address. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const parts = TEXT_PARTS.flatMap((name) => (value as Record<string, unknown>)[name] ?? []);
  return parts.filter((part) => typeof part === 'string');
}

function identifierTest(parameter: IndexedParameter, values: string[]): Recheck {
  const wanted = values.map(parseToken);
  return (resource) =>
    parameter.paths.some((path) =>
      valuesAt(resource, path).some((identifier) => {
        const { system, value } = identifier as { system?: unknown; value?: unknown };
        return wanted.some(
          (asked) =>
            asked !== null &&
            (asked.system === undefined || asked.system === (system ?? '')) &&
            (asked.code === undefined || asked.code === value),
        );
      }),
    );
}
