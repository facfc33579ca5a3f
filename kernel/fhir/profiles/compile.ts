/** A tree of demands → closures over JSON. What R4 demands already is left to the base validation. */
import type { Issue } from '../../failure.ts';
import { elementsOf } from '../definitions/index.ts';
import { valueChecks } from './check-value.ts';
import { FHIR, isObject, type Json, type StructureDefinitionJson } from './definition.ts';
import type { Tools } from './discriminator.ts';
import { invariantChecks } from './invariant.ts';
import { enter, type Item, type ItemCheck, itemsOf, keysOf } from './items.ts';
import type { Library, Profile } from './library.ts';
import { referenceCheck } from './reference.ts';
import type { Run } from './run.ts';
import { slicingCheck } from './slicing.ts';
import { type Node, ownerOf, structuresOf } from './tree.ts';

type ParentCheck = (parent: Json, run: Run) => void;

/**
 * Compiled when it is first asked: profiles may name each other in circles.
 * @param issues what was wrong with the tree; what is wrong with its expressions is added
 */
export function compileProfile(
  definition: StructureDefinitionJson,
  root: Node,
  library: Library,
  issues: Issue[],
): Profile {
  const { url, version, type } = definition;
  let compiled: ItemCheck | null | undefined;
  const whole = () => {
    if (compiled === undefined) compiled = new Compiler(url, root, library, issues).item(root);
    return compiled;
  };
  return {
    url,
    version,
    type,
    root,
    definition,
    faults: () => {
      whole();
      return issues;
    },
    check: (item, run) => {
      const check = whole();
      if (check && issues.length === 0) run.within(url, item.value, () => check(item, run));
    },
  };
}

class Compiler {
  readonly #root: Node;
  readonly #library: Library;
  readonly #issues: Issue[];
  /** Of invariants: one of HL7's own definitions names what is not there, and is left out. */
  readonly #wrongRules: Issue[];
  readonly #tools: Tools;
  readonly #known = new Map<Node, ItemCheck | null>();

  constructor(url: string, root: Node, library: Library, issues: Issue[]) {
    this.#wrongRules = url.startsWith(FHIR) ? [] : issues;
    this.#root = root;
    this.#library = library;
    this.#issues = issues;
    this.#tools = { library, checkOf: (node) => this.item(node) };
  }

  /** Everything that is demanded of one value. */
  item(node: Node): ItemCheck | null {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const checks = [
      ...valueChecks(node.facets, node.base, this.#library),
      ...this.#typeProfiles(node),
      ...this.#children(node),
      ...invariantChecks(node, this.#library, this.#wrongRules),
    ];
    const check = together(checks);
    this.#known.set(node, check);
    return check;
  }

  #typeProfiles(node: Node): ItemCheck[] {
    const reference = referenceCheck(node, this.#library);
    const profiles = (node.facets.types ?? []).filter((type) => type.profiles.length > 0);
    const checks = reference ? [reference] : [];
    if (profiles.length > 0) checks.push(profilesCheck(profiles, this.#library));
    return checks;
  }

  /** Children, of a choice those that the type at hand has. */
  #children(node: Node): ItemCheck[] {
    const children = [...node.children.values()].flatMap((child) => {
      const check = this.#element(child);
      return check ? [{ name: child.base!.name, check }] : [];
    });
    const again = this.#contentReferences(node);
    if (children.length === 0) return again;
    const all = children.map(({ check }) => check);
    if (structuresOf(node).length <= 1 && !isResourceLike(node)) return [childrenCheck(all), ...again];
    const byType = new Map<string, ParentCheck[]>();
    return [
      (item, run) => {
        let checks = byType.get(item.type);
        if (checks === undefined) {
          const owner = ownerOf(item.type);
          if (owner === null) return;
          const names = new Set(elementsOf(owner).map(({ name }) => name));
          checks = children.filter(({ name }) => names.has(name)).map(({ check }) => check);
          byType.set(item.type, checks);
        }
        for (const check of checks) check(item.inside ?? {}, run);
      },
      ...again,
    ];
  }

  /** One element with its count, its values and its slices. */
  #element(node: Node): ParentCheck | null {
    const base = node.base!;
    const { min = 0, max = Infinity } = node.facets;
    const counts = min > base.min || max < base.max;
    const check = this.item(node);
    const slices = slicingCheck(node, this.#tools, this.#issues);
    if (!counts && !check && !slices) return null;
    const keys = keysOf(base);
    return (parent, run) => {
      if (run.decided) return;
      const items = itemsOf(parent, keys);
      if (!run.spend(items.length + 1)) return;
      if (counts) judgeCount(node, items, min, max, run);
      if (check) for (const item of items) enter(item, run, check);
      slices?.(items, run);
    };
  }

  /** An element whose content is that of another one of this profile: `Questionnaire.item.item`. */
  #contentReferences(node: Node): ItemCheck[] {
    return structuresOf(node).flatMap((structure) => {
      const owner = ownerOf(structure);
      if (owner === null || !structure.includes('.')) return [];
      return elementsOf(owner).flatMap((element) => {
        const path = element.types[0]!.code;
        if (!path.includes('.') || path === `${structure}.${element.name}` || node.children.has(element.name))
          return [];
        const target = this.#at(path);
        if (target === null) return [];
        const keys = keysOf(element);
        let check: ItemCheck | null | undefined;
        return [
          (item: Item, run: Run) => {
            check ??= this.item(target);
            if (!check || item.inside === undefined) return;
            for (const one of itemsOf(item.inside, keys)) enter(one, run, check);
          },
        ];
      });
    });
  }

  #at(path: string): Node | null {
    const [type, ...steps] = path.split('.');
    if (type !== this.#root.name) return null;
    let node: Node | undefined = this.#root;
    for (const step of steps) node = node?.children.get(step) ?? node?.children.get(`${step}[x]`);
    return node ?? null;
  }
}

function isResourceLike(node: Node): boolean {
  return node.types.some(({ code }) => code === 'Resource');
}

function childrenCheck(checks: readonly ParentCheck[]): ItemCheck {
  return (item, run) => {
    const inside = item.inside ?? NOTHING;
    for (const check of checks) check(inside, run);
  };
}

const NOTHING: Json = Object.freeze({});

function together(checks: readonly ItemCheck[]): ItemCheck | null {
  if (checks.length < 2) return checks[0] ?? null;
  return (item, run) => {
    for (const check of checks) if (!run.decided) check(item, run);
  };
}

function judgeCount(node: Node, items: readonly Item[], min: number, max: number, run: Run): void {
  const count = items.length;
  if (count < min) {
    run.report(
      'required',
      count === 0 ? `Thiếu phần tử bắt buộc ${node.path}.` : `${node.path} có ${count}, cần ít nhất ${min}.`,
      count === 0
        ? `${node.path} is required (min ${min}).`
        : `There are ${count} of ${node.path}; at least ${min} are needed.`,
      node.base!.name,
    );
  } else if (count > max) {
    run.report(
      'structure',
      max === 0 ? `${node.path} không được có.` : `${node.path} có ${count}, tối đa ${max}.`,
      max === 0
        ? `${node.path} is not allowed (max 0).`
        : `There are ${count} of ${node.path}; at most ${max} are allowed.`,
      items[0]!.key,
    );
  }
}

/** A value conforms to one of the profiles that its type names. */
function profilesCheck(
  types: readonly { code: string; profiles: readonly string[] }[],
  library: Library,
): ItemCheck {
  return (item, run) => {
    const named = types.filter(({ code }) => fitsType(code, item)).flatMap(({ profiles }) => profiles);
    if (named.length === 0 || !isObject(item.value)) return;
    const found = named.map((url) => ({ url, profile: library.profile(url) }));
    const unknown = found.filter(({ url, profile }) => profile === null && !isBaseType(url));
    if (unknown.length > 0) {
      reportUnknown(
        unknown.map(({ url }) => url),
        run,
      );
      return;
    }
    const known = found.flatMap(({ profile }) => (profile ? [profile] : []));
    if (known.length === 0 || known.length < found.length) return;
    const fitting = known.filter(
      ({ type }) => type === item.type || type === 'Resource' || type === 'DomainResource',
    );
    if (fitting.length === 1 && known.length === 1) fitting[0]!.check(item, run);
    else if (!fitting.some((profile) => run.holds(() => profile.check(item, run)))) {
      // The one of its type says best what is wrong.
      if (fitting.length === 1) fitting[0]!.check(item, run);
      else reportNone(named, run);
    }
  };
}

function fitsType(code: string, item: Item): boolean {
  return code === item.type || code === 'Resource' || code === 'DomainResource';
}

/** `Duration`, `SimpleQuantity`: R4's own types, checked by the base validation. */
function isBaseType(url: string): boolean {
  const type = url.split('|')[0]!.replace('http://hl7.org/fhir/StructureDefinition/', '');
  return ownerOf(type) !== null;
}

export function reportUnknown(urls: readonly string[], run: Run): void {
  run.report(
    'not-found',
    `Hồ sơ mẫu ${urls.join(', ')} không có ở đây nên không kiểm được.`,
    `Profile ${urls.join(', ')} is not known here and was not checked.`,
    undefined,
    'warning',
  );
}

function reportNone(urls: readonly string[], run: Run): void {
  run.report(
    'structure',
    `Giá trị không theo hồ sơ mẫu nào trong số: ${urls.join(', ')}.`,
    `The value conforms to none of the profiles ${urls.join(', ')}.`,
  );
}
