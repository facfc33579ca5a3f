/**
 * What a ValueSet contains, as a question that can be put to any code: `compose` with concepts, whole systems, filters and
 * other value sets, or the expansion when it has no `compose`. R4 valueset.html#compositions. Pure but for the two functions
 * that fetch.
 */
import { cs } from '../../fhir/systems.ts';
import { type Concepts, isBelow, reach } from './code-system.ts';

export interface CodeSet {
  has(system: string, code: string): boolean;
}

/** Where other resources come from; both fail by name when there is none. */
export interface Sources {
  valueSet(url: string): Promise<CodeSet>;
  /** Undefined when the system is not stored: its codes are then known by their system alone. */
  concepts(system: string): Promise<Concepts | undefined>;
  /** The system cannot answer a filter. */
  refuse(system: string, filter: string): Error;
}

export interface ValueSetJson {
  compose?: { include?: unknown; exclude?: unknown };
  expansion?: { contains?: unknown };
}

interface PartJson {
  system?: unknown;
  concept?: unknown;
  filter?: unknown;
  valueSet?: unknown;
}

interface FilterJson {
  property?: unknown;
  op?: unknown;
  value?: unknown;
}

/** The set that a ValueSet describes. */
export async function codeSetOf(valueSet: ValueSetJson, sources: Sources): Promise<CodeSet> {
  const { compose, expansion } = valueSet;
  if (!Array.isArray(compose?.include)) return listed(expansion?.contains);
  const parts = async (list: unknown) =>
    Promise.all((Array.isArray(list) ? (list as PartJson[]) : []).map((part) => partOf(part, sources)));
  const included = await parts(compose.include);
  const excluded = await parts(compose.exclude);
  return {
    has: (system, code) =>
      included.some((set) => set.has(system, code)) && !excluded.some((set) => set.has(system, code)),
  };
}

/** `expansion.contains`, nested; abstract entries are no codes. */
function listed(contains: unknown): CodeSet {
  const codes = new Set<string>();
  const gather = (list: unknown): void => {
    for (const one of Array.isArray(list) ? (list as Record<string, unknown>[]) : []) {
      if (typeof one?.code === 'string' && one.abstract !== true)
        codes.add(`${String(one.system ?? '')}|${one.code}`);
      gather(one?.contains);
    }
  };
  gather(contains);
  return { has: (system, code) => codes.has(`${system}|${code}`) };
}

/** One include: all its conditions must hold. */
async function partOf({ system, concept, filter, valueSet }: PartJson, sources: Sources): Promise<CodeSet> {
  const tests: ((system: string, code: string) => boolean)[] = [];
  for (const url of Array.isArray(valueSet) ? valueSet : []) {
    const set = await sources.valueSet(String(url));
    tests.push((s, code) => set.has(s, code));
  }
  if (typeof system === 'string') {
    tests.push((s) => s === system);
    if (Array.isArray(concept)) {
      const codes = new Set(concept.map((one) => (one as { code?: unknown } | null)?.code));
      tests.push((_s, code) => codes.has(code));
    }
    for (const one of Array.isArray(filter) ? (filter as FilterJson[]) : []) {
      tests.push(await filterOf(system, one, sources));
    }
  }
  return { has: (s, code) => tests.length > 0 && tests.every((test) => test(s, code)) };
}

/** R4 filter-operator: all nine. */
async function filterOf(system: string, { property, op, value }: FilterJson, sources: Sources) {
  const [name, operator, wanted] = [String(property), String(op), String(value)];
  const concepts = await sources.concepts(system);
  if (concepts === undefined) {
    if (system !== cs.icd10 || !['is-a', 'descendent-of'].includes(operator))
      throw sources.refuse(system, `${name} ${operator} ${wanted}`);
    return (_s: string, code: string) => isBelow(code, wanted) && (operator === 'is-a' || code !== wanted);
  }
  const valuesOf = (code: string): readonly string[] => {
    if (name === 'code' || name === 'concept') return [code];
    if (name === 'display') return [concepts.get(code)?.display ?? ''];
    if (name === 'parent') return [...(concepts.get(code)?.parents ?? [])];
    if (name === 'child') return [...(concepts.get(code)?.children ?? [])];
    return concepts.get(code)?.properties.get(name) ?? [];
  };
  const within = (codes: ReadonlySet<string>) => (_s: string, code: string) => codes.has(code);
  switch (operator) {
    case 'is-a':
      return within(reach(concepts, wanted, 'children'));
    case 'descendent-of': {
      const below = reach(concepts, wanted, 'children');
      below.delete(wanted);
      return within(below);
    }
    case 'is-not-a': {
      const below = reach(concepts, wanted, 'children');
      return (_s: string, code: string) => concepts.has(code) && !below.has(code);
    }
    case 'generalizes':
      return within(reach(concepts, wanted, 'parents'));
    case '=':
      return (_s: string, code: string) => concepts.has(code) && valuesOf(code).includes(wanted);
    case 'in':
    case 'not-in': {
      const list = new Set(wanted.split(',').map((one) => one.trim()));
      return (_s: string, code: string) =>
        concepts.has(code) && valuesOf(code).some((one) => list.has(one)) === (operator === 'in');
    }
    case 'exists':
      return (_s: string, code: string) =>
        concepts.has(code) && valuesOf(code).length > 0 === (wanted === 'true');
    case 'regex': {
      const pattern = patternOf(wanted);
      if (pattern === null) throw sources.refuse(system, `${name} ${operator} ${wanted}`);
      return (_s: string, code: string) =>
        concepts.has(code) && valuesOf(code).some((one) => pattern.test(one));
    }
    default:
      throw sources.refuse(system, `${name} ${operator} ${wanted}`);
  }
}

/** The whole value must fit. A pattern that could run for ever (a repeated group that repeats) is none. */
function patternOf(text: string): RegExp | null {
  if (text.length > 200 || /[+*}]\)?[+*{]/.test(text) || /\([^()]*[+*{][^()]*\)[+*{]/.test(text)) return null;
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch {
    return null;
  }
}
