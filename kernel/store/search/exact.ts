/** Tests on the resource itself, for what the index only narrows down: `:exact`, `:below`, and identifiers (hashes of 64 bits). */
import type { SearchRequest } from '../contract.ts';
import type { IndexedParameter } from './parameters.ts';
import { parseQuery } from './parse.ts';
import { valuesAt } from './paths.ts';
import type { Criterion } from './query.ts';
import { parseToken, unescapeValue } from './values.ts';

export type Recheck = (resource: unknown) => boolean;

/** The tests that the criteria ask for. Pure. */
export function rechecksOf(criteria: readonly Criterion[]): Recheck[] {
  return criteria.flatMap((criterion) => {
    if (criterion.kind !== 'parameter') return [];
    const { parameter, modifier, values } = criterion;
    if (modifier === 'exact') return [exactTest(parameter, values)];
    if (looksInside(parameter, modifier)) return [belowTest(parameter, values)];
    if (modifier === undefined && isIdentifier(parameter)) return [identifierTest(parameter, values)];
    return [];
  });
}

/** Modifiers that the index only narrows down, by much or by little: `:exact`, and `:below` of addresses. */
export function looksInside({ storage }: IndexedParameter, modifier: string | undefined): boolean {
  return modifier === 'exact' || (modifier === 'below' && storage === 'uris');
}

/** R4 search.html#uri `:below`: the address begins with what was asked for. */
function belowTest(parameter: IndexedParameter, values: string[]): Recheck {
  const wanted = values.map(unescapeValue);
  return (resource) =>
    parameter.paths.some((path) =>
      valuesAt(resource, path).some(
        (value) => typeof value === 'string' && wanted.some((start) => value.startsWith(start)),
      ),
    );
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
