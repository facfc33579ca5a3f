/**
 * R4 http.html#patch: the server "SHALL ensure that the narrative in a resource is not clinically unsafe after the PATCH". What
 * was made of the data is left out when the data change. What says more than the data stays as long as everything that it may
 * tell of is still there; when something was changed or taken away, it is left out as well, and stands in the version before.
 * Pure.
 */
import type { Resource } from '../types.ts';

type Tree = Record<string, unknown>;

/** @param patched may be changed */
export function withSafeNarrative(before: object, patched: Resource): Resource {
  const { text } = patched as { text?: { status?: unknown } };
  if (text === undefined || text.status === 'empty') return patched;
  // Who changes the narrative as well knows what it says.
  if (JSON.stringify(text) !== JSON.stringify((before as Tree).text)) return patched;
  const [was, is] = [dataOf(before), dataOf(patched)];
  if (JSON.stringify(was) === JSON.stringify(is)) return patched;
  if (text.status === 'additional' && holds(is, was)) return patched;
  delete (patched as { text?: unknown }).text;
  return patched;
}

/** Everything that a narrative tells of. */
function dataOf(resource: object): Tree {
  const { text: _, meta: __, ...data } = resource as Tree;
  return data;
}

/** True when everything of the second is in the first, items in their order. */
function holds(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    if (!Array.isArray(whole)) return false;
    let at = 0;
    return part.every((item) => {
      while (at < whole.length && !holds(whole[at], item)) at += 1;
      at += 1;
      return at <= whole.length;
    });
  }
  if (typeof part === 'object' && part !== null) {
    if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return false;
    return Object.entries(part).every(([name, value]) => holds((whole as Tree)[name], value));
  }
  return whole === part;
}
