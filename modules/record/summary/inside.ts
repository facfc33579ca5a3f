/** References of a document lead to what is in it, or say that they lead outside. Pure. */
import { copyKeepingDecimals } from '../../../kernel/fhir/json/decimals.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';

const LITERAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/**
 * The resource with each reference to something that was not taken in (`Type/id`) turned into one that names its type and says
 * so: whoever gets the document cannot follow it. References to versions lead to what is in.
 *
 * @param inside names of the resources of the document, `Type/id`
 * @param absent what is said of the others
 */
export function withReferencesInside<T extends Resource>(
  resource: T,
  inside: ReadonlySet<string>,
  absent: string,
): T {
  return walk(resource, inside, absent) as T;
}

function walk(value: unknown, inside: ReadonlySet<string>, absent: string): unknown {
  if (Array.isArray(value)) return value.map((one) => walk(one, inside, absent));
  if (typeof value !== 'object' || value === null) return value;
  const copy = copyKeepingDecimals(value) as Record<string, unknown>;
  for (const [name, one] of Object.entries(copy)) {
    if (typeof one === 'object') copy[name] = walk(one, inside, absent);
  }
  const [, type, id] = typeof copy.reference === 'string' ? (LITERAL.exec(copy.reference) ?? []) : [];
  if (type === undefined) return copy;
  if (inside.has(`${type}/${id}`)) return { ...copy, reference: `${type}/${id}` };
  const { reference, ...rest } = copy;
  return { type, ...rest, display: rest.display ?? absent };
}
