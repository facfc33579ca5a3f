/** References of a profile: which types they may lead to, and the profile of what they lead to when it is at hand. */
import { bareType, isObject } from './definition.ts';
import { type ItemCheck, wholeItem } from './items.ts';
import type { Library, Profile } from './library.ts';
import { resolveReference, type Target, typeSaid } from './resolve.ts';
import type { Run } from './run.ts';
import { type Node, ownerOf } from './tree.ts';

interface Aim {
  url: string;
  /** Null for a profile that is not known here: it may be of any type. */
  type: string | null;
  profile: Profile | null;
}

const ANY = new Set(['Resource', 'DomainResource']);

/** Null when the profile says no more than R4. */
export function referenceCheck(node: Node, library: Library): ItemCheck | null {
  const facets = (node.facets.types ?? []).filter(({ code }) => code === 'Reference');
  const targets = [...new Set(facets.flatMap((one) => one.targets))];
  const ways = new Set(facets.flatMap((one) => one.aggregation));
  const narrowed =
    targets.length > 0 && !isBase(targets, node) && facets.every((one) => one.targets.length > 0);
  if (!narrowed && ways.size === 0) return null;
  let aims: Aim[] | undefined;
  return (item, run) => {
    if (item.type !== 'Reference' || !isObject(item.value)) return;
    const { reference, type } = item.value;
    const target = resolveReference(reference, run.place);
    if (ways.size > 0) judgeWay(reference, target, ways, run);
    if (!narrowed) return;
    aims ??= targets.map((url) => aimOf(url, library));
    const said = target
      ? String(target.resource.resourceType)
      : (typeSaid(reference) ?? (typeof type === 'string' ? type : null));
    judge(said, target, aims, run);
  };
}

function isBase(targets: readonly string[], node: Node): boolean {
  const base = node.base?.types.find(({ code }) => code === 'Reference')?.targets;
  const named = targets.map(bareType);
  if (base === undefined) return named.every((one) => ANY.has(one));
  return named.length === base.length && named.every((one) => base.includes(one));
}

function aimOf(url: string, library: Library): Aim {
  const type = bareType(url);
  if (ownerOf(type) !== null) return { url, type, profile: null };
  const profile = library.profile(url);
  return { url, type: profile?.type ?? null, profile };
}

function judge(said: string | null, target: Target | null, aims: readonly Aim[], run: Run): void {
  if (said === null || ownerOf(said) === null) return;
  const fitting = aims.filter(({ type }) => type === null || type === said || ANY.has(type));
  if (fitting.length === 0) {
    const list = aims.map(({ type, url }) => type ?? url).join(', ');
    run.report(
      'value',
      `Không được tham chiếu đến ${said} ở đây; chỉ nhận ${list}.`,
      `A reference to ${said} is not allowed here; allowed: ${list}.`,
      'reference',
    );
    return;
  }
  if (target === null || fitting.some(({ profile }) => profile === null)) return;
  const item = wholeItem(target.resource, said);
  const holds = fitting.some(({ profile }) =>
    run.holds(() => run.at(target.place, () => profile!.check(item, run))),
  );
  if (holds) return;
  const list = fitting.map(({ url }) => url).join(', ');
  run.report(
    'structure',
    `Tài nguyên được tham chiếu không theo profile ${list}.`,
    `The resource that is referred to does not conform to ${list}.`,
    'reference',
  );
}

/** ElementDefinition.type.aggregation: contained, bundled, or referenced. */
function judgeWay(reference: unknown, target: Target | null, ways: ReadonlySet<string>, run: Run): void {
  if (typeof reference !== 'string') return;
  const way = reference.startsWith('#') ? 'contained' : target ? 'bundled' : 'referenced';
  if (ways.has(way) || (way === 'bundled' && ways.has('referenced'))) return;
  const list = [...ways].join(', ');
  run.report(
    'structure',
    `Tham chiếu "${reference}" phải thuộc loại ${list} (aggregation).`,
    `The reference "${reference}" must be ${list} (aggregation).`,
    'reference',
  );
}
