/**
 * Definitions that were asked for, with everything that they lead to, held for as long as the record's definitions do not
 * change. Asking waits; what was asked for is then there at once.
 */
import type { Issue } from '../../failure.ts';
import { isPrimitive } from '../definitions/index.ts';
import { compileProfile } from './compile.ts';
import { bareType, fault, type StructureDefinitionJson } from './definition.ts';
import type { Codes, Library, Profile } from './library.ts';
import { copyTree, layOver, type Node, ownerOf, rootOf } from './tree.ts';

export interface Sources {
  /** By canonical without version, and the version asked for; undefined when nobody has it. */
  definition(url: string, version: string | undefined): Promise<StructureDefinitionJson | undefined>;
  /** Null for a set that is not known, or whose members cannot be told. */
  codes(valueSet: string): Promise<Codes | null>;
}

/** Profiles that one may lead to; more are taken as unknown. */
const MOST = 1_000;
const DEEPEST_BASE = 20;
const ABSTRACT = new Set(['Resource', 'DomainResource', 'Element', 'BackboneElement']);

interface Tree {
  definition: StructureDefinitionJson;
  root: Node;
  issues: Issue[];
}

export class LoadedLibrary implements Library {
  readonly #sources: Sources;
  readonly #trees = new Map<string, Promise<Tree | null>>();
  readonly #profiles = new Map<string, Profile | null>();
  readonly #codes = new Map<string, Codes | null>();
  readonly #whole = new Set<string>();

  /** @param given definitions that stand before those of the sources: others of the same request */
  constructor(sources: Sources, given: readonly StructureDefinitionJson[] = []) {
    this.#sources = sources;
    // The given ones may be the base of each other.
    for (const definition of given) {
      this.#trees.set(
        definition.url,
        Promise.resolve().then(() => this.#treeOf(definition, [])),
      );
    }
  }

  /** How many addresses are held, known or not. */
  get size(): number {
    return this.#profiles.size;
  }

  profile(canonical: string): Profile | null {
    return this.#profiles.get(canonical) ?? null;
  }

  codes(valueSet: string): Codes | null {
    return this.#codes.get(valueSet) ?? null;
  }

  /** Loads definitions and everything they lead to. */
  async need(canonicals: readonly string[]): Promise<void> {
    const open = canonicals.filter((one) => !this.#whole.has(one));
    if (open.length === 0) return;
    const seen = new Set<string>(open);
    const queue = [...open];
    for (let canonical = queue.pop(); canonical !== undefined; canonical = queue.pop()) {
      const profile = await this.#load(canonical);
      if (!profile) continue;
      const { profiles, valueSets } = namedIn(profile.root);
      for (const valueSet of valueSets) await this.#loadCodes(valueSet);
      for (const one of profiles) {
        if (seen.has(one) || this.#whole.has(one) || isCore(one)) continue;
        seen.add(one);
        queue.push(one);
      }
    }
    for (const one of seen) this.#whole.add(one);
  }

  async needCodes(valueSets: readonly string[]): Promise<void> {
    for (const one of valueSets) await this.#loadCodes(one);
  }

  async #load(canonical: string): Promise<Profile | null> {
    const known = this.#profiles.get(canonical);
    if (known !== undefined) return known;
    const tree = this.#profiles.size < MOST ? await this.#tree(canonical, []) : null;
    // Somebody else may have come first while this one waited.
    const again = this.#profiles.get(canonical);
    if (again !== undefined) return again;
    const profile = tree && compileProfile(tree.definition, tree.root, this, [...tree.issues]);
    this.#profiles.set(canonical, profile);
    return profile;
  }

  async #loadCodes(valueSet: string): Promise<void> {
    if (this.#codes.has(valueSet)) return;
    this.#codes.set(valueSet, await this.#sources.codes(valueSet));
  }

  #tree(canonical: string, path: readonly string[]): Promise<Tree | null> {
    const [url = '', version] = canonical.split('|');
    const given = this.#trees.get(canonical) ?? (version === undefined ? undefined : this.#trees.get(url));
    if (given) return given;
    const tree = this.#sources.definition(url, version).then((found) => {
      return found && isProfile(found) ? this.#treeOf(found, path) : null;
    });
    this.#trees.set(canonical, tree);
    // A database that did not answer is asked again.
    tree.catch(() => this.#trees.delete(canonical));
    return tree;
  }

  async #treeOf(definition: StructureDefinitionJson, path: readonly string[]): Promise<Tree> {
    const issues: Issue[] = [];
    const { type } = definition;
    if (typeof type !== 'string' || (ownerOf(type) === null && !isPrimitive(type))) {
      issues.push(
        fault('StructureDefinition.type', `R4 không có kiểu "${type}".`, `R4 has no type "${type}".`),
      );
      return { definition, root: rootOf('Element'), issues };
    }
    if (Array.isArray(definition.snapshot?.element)) {
      const root = rootOf(type);
      layOver(root, definition, 'snapshot', issues);
      return { definition, root, issues };
    }
    const root = await this.#base(definition, path, issues);
    layOver(root, definition, 'differential', issues);
    return { definition, root, issues };
  }

  /** The tree that a differential is laid over: that of a profile, or an empty one of R4's type. */
  async #base(definition: StructureDefinitionJson, path: readonly string[], issues: Issue[]): Promise<Node> {
    const { type, url, baseDefinition = '' } = definition;
    const base = bareType(baseDefinition);
    if (base === type || ABSTRACT.has(base)) return rootOf(type);
    const wrong = (text: string, textEn: string) => {
      issues.push(fault('StructureDefinition.baseDefinition', text, textEn, 'not-found'));
      return rootOf(type);
    };
    const chain = [...path, url];
    if (chain.includes(baseDefinition.split('|')[0]!) || chain.length > DEEPEST_BASE) {
      return wrong(
        `Hồ sơ mẫu dựa vòng lên chính nó: ${[...chain, baseDefinition].join(' → ')}.`,
        `The profile is based on itself: ${[...chain, baseDefinition].join(' → ')}.`,
      );
    }
    if ((ownerOf(base) !== null && isCore(baseDefinition)) || isPrimitive(base)) {
      return wrong(
        `baseDefinition là ${base}, mà type là ${type}: hai bên phải cùng kiểu.`,
        `baseDefinition is of ${base}, but type is ${type}: they must agree.`,
      );
    }
    const found = await this.#tree(baseDefinition, chain);
    if (!found) {
      return wrong(
        `Không có hồ sơ mẫu gốc "${baseDefinition}" ở đây. Hãy gửi nó trước, hoặc gửi kèm snapshot.`,
        `The base "${baseDefinition}" is not here: store it first, or send a snapshot.`,
      );
    }
    if (found.definition.type !== type && !ABSTRACT.has(found.definition.type)) {
      return wrong(
        `Hồ sơ mẫu gốc dành cho ${found.definition.type}, hồ sơ mẫu này cho ${type}.`,
        `The base is a profile of ${found.definition.type}, this one of ${type}.`,
      );
    }
    if (found.issues.length > 0) {
      return wrong(
        `Hồ sơ mẫu gốc "${baseDefinition}" không dùng được: ${found.issues[0]!.text}`,
        `The base "${baseDefinition}" cannot be carried out: ${found.issues[0]!.textEn}`,
      );
    }
    return copyTree(found.root);
  }
}

/** A constraint on a type of R4; types of somebody's own and logical models are none. */
export function isProfile(definition: StructureDefinitionJson): boolean {
  return definition.derivation === 'constraint' && definition.kind !== 'logical';
}

/** A type of R4 itself; SimpleQuantity is a profile of Quantity that has a type's name. */
function isCore(canonical: string): boolean {
  const type = bareType(canonical);
  return ownerOf(type) !== null && type !== 'SimpleQuantity';
}

/** Other profiles and value sets that a tree names. */
function namedIn(root: Node): { profiles: Set<string>; valueSets: Set<string> } {
  const profiles = new Set<string>();
  const valueSets = new Set<string>();
  const walk = (node: Node): void => {
    const { types = [], binding, constraints } = node.facets;
    for (const type of types) for (const url of [...type.profiles, ...type.targets]) profiles.add(url);
    if (binding && (binding.strength === 'required' || binding.strength === 'extensible')) {
      valueSets.add(binding.valueSet);
    }
    for (const { expression } of constraints) {
      for (const [, name, url] of expression.matchAll(/\b(memberOf|conformsTo)\(\s*'([^']+)'\s*\)/g)) {
        (name === 'memberOf' ? valueSets : profiles).add(url!);
      }
    }
    for (const child of node.children.values()) walk(child);
    for (const slice of node.slices) walk(slice);
  };
  walk(root);
  return { profiles, valueSets };
}
