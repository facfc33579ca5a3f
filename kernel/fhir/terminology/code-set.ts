/**
 * What a ValueSet contains: a question that can be put to any code, and its members in order. `compose` with concepts, whole
 * systems, filters and other value sets, or the expansion when it has no `compose`. R4 valueset.html#compositions. Pure but for
 * what fetches other resources. Search (`:in`, `:not-in`) and the operations of terminology share it.
 */

import { cs } from '../systems.ts';
import { type Filter, filterTest } from './filters.ts';
import { isPrefixed } from './list-system.ts';
import { designationsOf } from './stored-system.ts';
import type { CodeSystemView, Designation } from './system.ts';
import { openTextSearch } from './text-search.ts';

/** A code of a set; what its own list says of it goes before what the system says. */
export interface Member {
  system: string;
  code: string;
  /** Undefined when the system is not known here. */
  view?: CodeSystemView;
  /** As the value set names the version. */
  version?: string;
  display?: string;
  designations?: readonly Designation[];
  /** As a stored expansion says. */
  inactive?: boolean;
  abstract?: boolean;
}

export interface CodeSet {
  has(system: string, code: string): boolean;
  /**
   * All members in order, or those that fit what was typed, best first. Each code once.
   * @throws what `Sources.refuse` makes, when a system cannot be listed
   */
  members(text?: string): Member[];
  /** The systems whose codes it draws from, as they were found. */
  systems(): CodeSystemView[];
}

/** Where other resources come from; all fail by name when there is none. */
export interface Sources {
  valueSet(url: string): Promise<CodeSet>;
  /** Undefined when the system is not known here: its codes are then known by their system alone. */
  system(url: string, version?: string): Promise<CodeSystemView | undefined>;
  /** The system cannot answer a filter, or cannot be listed. */
  refuse(system: string, filter: string): Error;
  /** More codes than an answer may have. */
  tooMany(most: number): Error;
}

export interface ValueSetJson {
  url?: unknown;
  version?: unknown;
  compose?: { include?: unknown; exclude?: unknown; inactive?: unknown };
  expansion?: { contains?: unknown };
}

interface PartJson {
  system?: unknown;
  version?: unknown;
  concept?: unknown;
  filter?: unknown;
  valueSet?: unknown;
}

/** Codes that are gone through for one answer. */
const MOST = 200_000;

/** The set that a ValueSet describes. */
export async function codeSetOf(valueSet: ValueSetJson, sources: Sources): Promise<CodeSet> {
  const { compose, expansion } = valueSet;
  if (!Array.isArray(compose?.include)) return listed(expansion?.contains);
  const parts = async (list: unknown) =>
    Promise.all((Array.isArray(list) ? (list as PartJson[]) : []).map((part) => partOf(part ?? {}, sources)));
  const included = await parts(compose.include);
  const excluded = await parts(compose.exclude);
  const active = compose.inactive === false;
  const isOut = (member: { system: string; code: string; view?: CodeSystemView | undefined }) =>
    excluded.some((set) => set.has(member.system, member.code)) ||
    (active && member.view?.concept(member.code)?.inactive === true);
  const viewOf = (system: string) =>
    active ? included.flatMap((set) => set.systems()).find(({ url }) => url === system) : undefined;
  return {
    has: (system, code) =>
      included.some((set) => set.has(system, code)) && !isOut({ system, code, view: viewOf(system) }),
    members: (text) => {
      const lists = included.map((set) => set.members(text));
      return distinct(text === undefined ? lists.flat() : inTurns(lists), sources).filter(
        (member) => !isOut(member),
      );
    },
    systems: () => [...new Set(included.flatMap((set) => set.systems()))],
  };
}

/** Of several ranked lists the first ones first. */
function inTurns(lists: Member[][]): Member[] {
  const [only, ...more] = lists;
  if (more.length === 0) return only ?? [];
  return lists
    .flatMap((list) => list.map((member, place) => ({ member, place })))
    .sort((a, b) => a.place - b.place)
    .map(({ member }) => member);
}

function distinct(members: Member[], sources: Sources): Member[] {
  if (members.length > MOST) throw sources.tooMany(MOST);
  const seen = new Map<string, Set<string>>();
  return members.filter(({ system, code }) => {
    const codes = seen.get(system) ?? new Set();
    seen.set(system, codes);
    if (codes.has(code)) return false;
    codes.add(code);
    return true;
  });
}

/** `expansion.contains`, nested; abstract entries are no codes. */
function listed(contains: unknown): CodeSet {
  const found: Member[] = [];
  const gather = (list: unknown): void => {
    for (const one of Array.isArray(list) ? (list as Record<string, unknown>[]) : []) {
      if (typeof one?.code === 'string' && one.abstract !== true) {
        found.push({
          system: String(one.system ?? ''),
          code: one.code,
          ...(typeof one.display === 'string' ? { display: one.display } : {}),
          ...(one.inactive === true ? { inactive: true } : {}),
          designations: designationsOf(one.designation),
        });
      }
      gather(one?.contains);
    }
  };
  gather(contains);
  const keys = new Set(found.map(({ system, code }) => `${system}|${code}`));
  return {
    has: (system, code) => keys.has(`${system}|${code}`),
    members: (text) => searched(found, text),
    systems: () => [],
  };
}

function searched(members: Member[], text: string | undefined): Member[] {
  if (text === undefined) return members;
  const find = openTextSearch(
    members.map(({ code, display, designations = [], view }) => ({
      code,
      display: display ?? view?.concept(code)?.display ?? '',
      others: [...designations, ...(view?.concept(code)?.designations ?? [])].map(({ value }) => value),
    })),
  );
  return find(text).map((at) => members[at]!);
}

/** One include: all its conditions must hold. */
async function partOf(part: PartJson, sources: Sources): Promise<CodeSet> {
  const sets: CodeSet[] = [];
  for (const url of Array.isArray(part.valueSet) ? part.valueSet : []) {
    sets.push(await sources.valueSet(String(url)));
  }
  const own = typeof part.system === 'string' ? await ofSystem(part.system, part, sources) : undefined;
  const all = own === undefined ? sets : [own, ...sets];
  const [first, ...rest] = all;
  return {
    has: (system, code) => first !== undefined && all.every((set) => set.has(system, code)),
    members: (text) =>
      (first?.members(text) ?? []).filter(({ system, code }) => rest.every((set) => set.has(system, code))),
    systems: () => all.flatMap((set) => set.systems()),
  };
}

async function ofSystem(system: string, part: PartJson, sources: Sources): Promise<CodeSet> {
  const version = typeof part.version === 'string' ? part.version : undefined;
  const view = await sources.system(system, version);
  const filters = (Array.isArray(part.filter) ? part.filter : []).map((one) => filterOf(one));
  const tests = filters.map((filter) => testOf(system, view, filter, sources));
  const passes = (code: string) => tests.every((test) => test(code));
  const base = {
    system,
    ...(view === undefined ? {} : { view }),
    ...(version === undefined ? {} : { version }),
  };
  const systems = () => (view === undefined ? [] : [view]);
  if (Array.isArray(part.concept)) {
    const members = conceptsIn(part.concept, base).filter(({ code }) => passes(code));
    const codes = new Set(members.map(({ code }) => code));
    return {
      has: (one, code) => one === system && codes.has(code),
      members: (text) => searched(members, text),
      systems,
    };
  }
  return {
    has: (one, code) => one === system && passes(code),
    members: (text) => {
      if (view === undefined) throw sources.refuse(system, '*');
      if (view.size > MOST) throw sources.tooMany(MOST);
      const codes = text === undefined ? [...view.codes()] : view.search(text);
      return codes.filter(passes).map((code) => ({ ...base, code }));
    },
    systems,
  };
}

function conceptsIn(list: unknown[], base: Omit<Member, 'code'>): Member[] {
  return (list as Record<string, unknown>[]).flatMap((one) =>
    typeof one?.code === 'string'
      ? [
          {
            ...base,
            code: one.code,
            ...(typeof one.display === 'string' ? { display: one.display } : {}),
            designations: designationsOf(one.designation),
          },
        ]
      : [],
  );
}

function filterOf(json: unknown): Filter {
  const { property, op, value } = (json ?? {}) as Record<string, unknown>;
  return { property: String(property), op: String(op), value: String(value) };
}

function testOf(
  system: string,
  view: CodeSystemView | undefined,
  filter: Filter,
  sources: Sources,
): (code: string) => boolean {
  const { property, op, value } = filter;
  if (view === undefined && system === cs.icd10 && (op === 'is-a' || op === 'descendent-of'))
    return (code) => isPrefixed(code, value) && (op === 'is-a' || code !== value);
  const test = view === undefined ? undefined : filterTest(view, filter);
  if (test === undefined) throw sources.refuse(system, `${property} ${op} ${value}`);
  return test;
}
