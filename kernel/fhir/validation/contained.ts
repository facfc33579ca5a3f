/** dom-2 to dom-5: what holds of contained resources. http://hl7.org/fhir/R4/domainresource.html#invs */
import type { Context, Json } from './context.ts';

const REFERRING = new Set(['reference', 'url']);

export function checkContained(resource: Json, context: Context): void {
  if (context.contained) {
    context.report(
      'invariant',
      'dom-2: tài nguyên chứa trong không được chứa tài nguyên khác.',
      'dom-2: a contained resource shall not contain others.',
      'contained',
    );
    return;
  }
  if (!Array.isArray(resource.contained)) return;
  const local = new Set<string>();
  collectFragments(resource, local, 0);
  resource.contained.forEach((item: Json | null, i) => {
    if (typeof item !== 'object' || item === null) return;
    const place = `contained[${i}]`;
    const meta = item.meta as Json | undefined;
    if (meta?.versionId !== undefined || meta?.lastUpdated !== undefined) {
      context.report(
        'invariant',
        'dom-4: tài nguyên chứa trong không có meta.versionId, meta.lastUpdated.',
        'dom-4: a contained resource shall not have meta.versionId or meta.lastUpdated.',
        place,
      );
    }
    if (meta?.security !== undefined) {
      context.report(
        'invariant',
        'dom-5: tài nguyên chứa trong không có nhãn bảo mật.',
        'dom-5: a contained resource shall not have a security label.',
        place,
      );
    }
    if (!local.has(`#${item.id}`) && !refersBack(item, 0)) {
      context.report(
        'invariant',
        `dom-3: không chỗ nào tham chiếu đến "#${item.id ?? ''}".`,
        `dom-3: nothing refers to "#${item.id ?? ''}".`,
        place,
      );
    }
  });
}

/** Every `#…` in a place that can refer: references, and uri, url and canonical values. */
function collectFragments(value: unknown, found: Set<string>, depth: number): void {
  if (typeof value === 'string') {
    if (value.startsWith('#')) found.add(value);
  } else if (typeof value === 'object' && value !== null && depth < 100) {
    for (const item of Object.values(value)) collectFragments(item, found, depth + 1);
  }
}

/** A contained resource that refers to its container with `#`. */
function refersBack(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > 100) return false;
  return Object.entries(value).some(
    ([key, item]) => (item === '#' && REFERRING.has(key)) || refersBack(item, depth + 1),
  );
}
