/**
 * Discriminators: which slice a value belongs to. The path of a discriminator is gone twice: over the profile, for what the
 * slice demands there, and over the value, for what it has. R4 profiling.html#discriminator.
 */
import type { Issue } from '../../failure.ts';
import { baseTypeOf, elementsOf } from '../definitions/index.ts';
import { isMember } from './check-value.ts';
import { bareType, isObject, type Json } from './definition.ts';
import { type Discriminator, hasPattern, isFixed } from './facets.ts';
import { type Item, type ItemCheck, itemsOf, type Key, keysOf, wholeItem } from './items.ts';
import type { Library } from './library.ts';
import { resolveReference, typeSaid } from './resolve.ts';
import type { Place, Run } from './run.ts';
import { type Node, ownerOf, structuresOf } from './tree.ts';

export type Step =
  | { do: 'child'; name: string }
  | { do: 'resolve' }
  | { do: 'extension'; url: string }
  | { do: 'ofType'; type: string };

const STEP =
  /^(?:\$this|(resolve)\(\)|extension\(\s*(?:'([^']*)'|"([^"]*)")\s*\)|(?:ofType|as)\(\s*(?:FHIR\.)?(\w+)\s*\)|([A-Za-z]\w*)(?:\[x\])?)(?:\.|$)/;

/** Null for a path outside of what R4 lets a discriminator say. */
export function readDiscriminatorPath(path: string): Step[] | null {
  const steps: Step[] = [];
  for (let rest = path.trim(); rest !== ''; ) {
    const found = STEP.exec(rest);
    if (!found || (found[0].endsWith('.') && found[0].length === rest.length)) return null;
    const [whole, resolve, url, url2, type, name] = found;
    if (resolve) steps.push({ do: 'resolve' });
    else if (url ?? url2) steps.push({ do: 'extension', url: (url ?? url2)! });
    else if (type) steps.push({ do: 'ofType', type });
    else if (name) steps.push({ do: 'child', name });
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** What a slice demands where a path leads: an element of a profile, or a part of a fixed value or pattern. */
interface Want {
  node?: Node;
  fixed?: unknown;
  pattern?: unknown;
  /** A type that a reference leads to. */
  type?: string;
  /** A profile that is asked for where the path leads. */
  profile?: string;
}

/** A value where a path leads, and in which resource it stands. */
interface Spot {
  item: Item;
  place: Place;
  /** A reference that leads out: only its type may be known. */
  unresolved?: true;
}

export interface Tools {
  library: Library;
  /** The whole check of an element of a profile; null when it demands nothing. */
  checkOf(node: Node): ItemCheck | null;
}

export type Match = (item: Item, run: Run) => boolean;

/** Whether a value is of the slice, by one discriminator; null when the slice says nothing where it leads. */
export function matchOf(
  slice: Node,
  discriminator: Discriminator,
  steps: Step[],
  tools: Tools,
): Match | null {
  const wants = steps.reduce((found, step) => found.flatMap((one) => wanted(one, step, tools)), [
    { node: slice },
  ] as Want[]);
  const spots = (item: Item, run: Run) => spotsAt(item, steps, run);
  switch (discriminator.type) {
    case 'exists':
      return existsMatch(wants, spots);
    case 'type':
      return typeMatch(wants, spots, tools);
    case 'profile':
      return profileMatch(wants, spots, tools);
    default:
      return quickly(wants, steps, valueMatch(wants, spots, tools));
  }
}

/** The usual case, `url` or `system`: one property that holds a text is compared at once. */
function quickly(wants: Want[], steps: Step[], match: Match | null): Match | null {
  const [step] = steps;
  if (match === null || steps.length !== 1 || step?.do !== 'child') return match;
  const texts = wants.map(({ node, fixed, pattern }) => {
    return fixed ?? node?.facets.fixed ?? pattern ?? node?.facets.pattern;
  });
  if (!texts.every((text) => typeof text === 'string')) return match;
  const known = new Set<unknown>(texts);
  return (item, run) => {
    const value = item.inside?.[step.name];
    return typeof value === 'string' ? known.has(value) : match(item, run);
  };
}

function wanted(want: Want, step: Step, tools: Tools): Want[] {
  switch (step.do) {
    case 'child':
      return childWants(want, step.name, tools);
    case 'extension':
      return extensionWants(want, step.url, tools);
    case 'ofType':
      return want.node ? ofTypeWants(want.node, step.type) : [want];
    case 'resolve':
      return (want.node?.facets.types ?? []).flatMap(({ targets }) =>
        targets.flatMap((target) => targetWants(target, tools)),
      );
  }
}

function childWants({ node, fixed, pattern }: Want, name: string, { library }: Tools): Want[] {
  const found: Want[] = [];
  for (const [kind, value] of [
    ['fixed', fixed],
    ['pattern', pattern],
  ] as const) {
    for (const one of partsOf(value, name)) found.push({ [kind]: one });
  }
  if (node === undefined) return found;
  if (node.facets.fixed !== undefined) {
    for (const one of partsOf(node.facets.fixed, name)) found.push({ fixed: one });
  }
  if (node.facets.pattern !== undefined) {
    for (const one of partsOf(node.facets.pattern, name)) found.push({ pattern: one });
  }
  const child = node.children.get(name) ?? node.children.get(`${name}[x]`);
  if (child) found.push({ node: child }, ...child.slices.map((one) => ({ node: one })));
  for (const { profiles } of node.facets.types ?? []) {
    for (const profile of profiles) found.push(...profileChild(profile, name, library));
  }
  return found;
}

/** What a profile of the type says; of an extension that is not known here its address is its url. */
function profileChild(profile: string, name: string, library: Library): Want[] {
  const known = library.profile(profile);
  const child = known?.root.children.get(name) ?? known?.root.children.get(`${name}[x]`);
  if (child) return [{ node: child }, ...child.slices.map((node) => ({ node }))];
  return name === 'url' && !known ? [{ fixed: profile.split('|')[0] }] : [];
}

/** Parts of a value under a name; a choice under any of its types. */
function partsOf(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => partsOf(one, name));
  if (!isObject(value)) return [];
  const choice = new RegExp(`^${name}[A-Z]`);
  const key = Object.hasOwn(value, name) ? name : Object.keys(value).find((one) => choice.test(one));
  return key === undefined ? [] : [value[key]].flat();
}

function extensionWants({ node }: Want, url: string, tools: Tools): Want[] {
  const slices = node?.children.get('extension')?.slices ?? [];
  return slices
    .filter((slice) => childWants({ node: slice }, 'url', tools).some((one) => urlOf(one) === url))
    .map((one) => ({ node: one }));
}

const urlOf = ({ node, fixed }: Want): unknown => fixed ?? node?.facets.fixed;

function ofTypeWants(node: Node, type: string): Want[] {
  const slices = node.slices.filter((one) => structuresOf(one).includes(type));
  return [node, ...slices].map((one) => ({ node: one }));
}

function targetWants(target: string, { library }: Tools): Want[] {
  const type = bareType(target);
  if (ownerOf(type) !== null) return [{ type }];
  const profile = library.profile(target);
  return profile ? [{ node: profile.root, type: profile.type, profile: target }] : [{ profile: target }];
}

function spotsAt(item: Item, steps: Step[], run: Run): Spot[] {
  let spots: Spot[] = [{ item, place: run.place }];
  for (const step of steps) spots = spots.flatMap((spot) => spotStep(spot, step));
  run.spend(spots.length);
  return spots;
}

function spotStep({ item, place }: Spot, step: Step): Spot[] {
  switch (step.do) {
    case 'child':
      return item.inside === undefined
        ? []
        : itemsOf(item.inside, childKeys(item.type, step.name)).map((one) => ({ item: one, place }));
    case 'extension':
      return extensionsOf(item, step.url).map((one) => ({ item: one, place }));
    case 'ofType':
      return item.type === step.type ? [{ item, place }] : [];
    case 'resolve': {
      const { reference, type } = isObject(item.value) ? item.value : ({} as Json);
      const target = resolveReference(item.type === 'Reference' ? reference : item.value, place);
      if (target) {
        const { resource } = target;
        return [{ item: wholeItem(resource, String(resource.resourceType)), place: target.place }];
      }
      const said = typeSaid(reference) ?? (typeof type === 'string' ? type : null);
      return said === null ? [] : [{ item: wholeItem({}, said), place, unresolved: true }];
    }
  }
}

function extensionsOf({ inside }: Item, url: string): Item[] {
  const list = Array.isArray(inside?.extension) ? (inside.extension as Json[]) : [];
  return list.filter((one) => one?.url === url).map((one) => wholeItem(one, 'Extension'));
}

const keys = new Map<string, readonly Key[]>();

function childKeys(type: string, name: string): readonly Key[] {
  const id = `${type} ${name}`;
  const known = keys.get(id);
  if (known) return known;
  const owner = ownerOf(type);
  const element = owner === null ? undefined : elementsOf(owner).find((one) => one.name === name);
  const found = element ? keysOf(element) : [];
  // Types come from the data: only those of R4 are kept.
  if (owner !== null) keys.set(id, found);
  return found;
}

type Spots = (item: Item, run: Run) => Spot[];

function existsMatch(wants: Want[], spots: Spots): Match | null {
  const nodes = wants.flatMap(({ node }) => (node ? [node] : []));
  if (nodes.some(({ facets }) => facets.max === 0)) return (item, run) => spots(item, run).length === 0;
  if (nodes.some(({ facets }) => (facets.min ?? 0) > 0)) return (item, run) => spots(item, run).length > 0;
  return null;
}

function typeMatch(wants: Want[], spots: Spots, { library }: Tools): Match | null {
  const types = new Set<string>();
  for (const { node, type } of wants) {
    if (type !== undefined) types.add(type);
    else if (node?.facets.types) {
      for (const { code, profiles } of node.facets.types) {
        const named = profiles.map((one) => library.profile(one)?.type ?? bareType(one));
        for (const one of code === 'Resource' && named.length > 0 ? named : [baseTypeOf(code)])
          types.add(one);
      }
    }
  }
  if (types.size === 0) return null;
  return (item, run) => spots(item, run).some((spot) => types.has(spot.item.type));
}

function profileMatch(wants: Want[], spots: Spots, { library }: Tools): Match | null {
  const profiles = [
    ...new Set(
      wants.flatMap(({ node, profile }) =>
        profile !== undefined ? [profile] : (node?.facets.types ?? []).flatMap((type) => type.profiles),
      ),
    ),
  ];
  const types = wants.flatMap(({ type, profile }) =>
    type !== undefined && profile === undefined ? [type] : [],
  );
  if (profiles.length === 0) return typeMatch(wants, spots, { library, checkOf: () => null });
  return (item, run) =>
    spots(item, run).some((spot) => {
      if (types.includes(spot.item.type)) return true;
      return profiles.some((canonical) => conforms(canonical, spot, run, library));
    });
}

function conforms(canonical: string, { item, place, unresolved }: Spot, run: Run, library: Library): boolean {
  const profile = library.profile(canonical);
  if (!profile) return bareType(canonical) === item.type;
  if (profile.type !== item.type) return false;
  return unresolved === true || run.holds(() => run.at(place, () => profile.check(item, run)));
}

function valueMatch(wants: Want[], spots: Spots, tools: Tools): Match | null {
  const tests = wants.flatMap((want) => {
    const test = testOf(want, tools);
    return test ? [test] : [];
  });
  if (tests.length === 0) return null;
  return (item, run) =>
    spots(item, run).some(({ item: one, place }) => tests.some((test) => test(one, run, place)));
}

type Test = (item: Item, run: Run, place: Place) => boolean;

function testOf({ node, fixed, pattern }: Want, { library, checkOf }: Tools): Test | null {
  const exact = fixed ?? node?.facets.fixed;
  if (exact !== undefined) return ({ value }) => isFixed(value, exact);
  const part = pattern ?? node?.facets.pattern;
  if (part !== undefined) return ({ value }) => hasPattern(value, part);
  if (node === undefined) return null;
  const { binding, types } = node.facets;
  if (binding?.strength === 'required') {
    return (item) => {
      const codes = library.codes(binding.valueSet);
      return codes !== null && isMember(item, codes) === true;
    };
  }
  if (node.children.size === 0 && !types?.some(({ profiles }) => profiles.length > 0)) return null;
  const check = checkOf(node);
  return check && ((item, run, place) => run.holds(() => run.at(place, () => check(item, run))));
}

/** Told at the definition when a path cannot be gone. */
export function pathFault(path: string, place: string): Issue {
  return {
    severity: 'error',
    code: 'invalid',
    text: `Đường dẫn phân biệt "${path}" không dùng được: chỉ gồm tên phần tử, $this, resolve(), extension('url'), ofType(Kiểu).`,
    textEn: `The discriminator path "${path}" cannot be carried out: element names, $this, resolve(), extension('url') and ofType(Type) are known.`,
    expression: place,
  };
}
