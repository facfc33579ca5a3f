/** What a code becomes in another system, by a ConceptMap (R4 conceptmap.html). Pure. */

export interface MapConcept {
  system?: string;
  code?: string;
  display?: string;
}

export interface MapMatch {
  equivalence: string;
  concept?: MapConcept;
  products: { element: string; concept: MapConcept }[];
  /** Canonical of the map. */
  source?: string;
  comment?: string;
}

export interface MapQuestion {
  system: string | undefined;
  code: string;
  /** Only codes of this system. */
  targetSystem?: string;
  /** From the target to the source. */
  reverse: boolean;
  /** What the map may ask for beside the code: element → codes that fit it. */
  dependencies: ReadonlyMap<string, readonly MapConcept[]>;
}

interface TargetJson {
  code?: string;
  display?: string;
  equivalence?: string;
  comment?: string;
  dependsOn?: DependencyJson[];
  product?: DependencyJson[];
}

interface DependencyJson {
  property: string;
  system?: string;
  value: string;
  display?: string;
}

interface ElementJson {
  code?: string;
  display?: string;
  target?: TargetJson[];
}

interface GroupJson {
  source?: string;
  target?: string;
  element?: ElementJson[];
  unmapped?: { mode?: string; code?: string; display?: string; url?: string };
}

export interface ConceptMapJson {
  url?: string;
  group?: GroupJson[];
}

interface Index {
  forward: Map<string, ElementJson[]>;
  backward: Map<string, { element: ElementJson; target: TargetJson }[]>;
}

const indexes = new WeakMap<GroupJson, Index>();

/** The other map that a group leaves unmapped codes to, when it does. */
export interface Answer {
  matches: MapMatch[];
  otherMaps: string[];
}

/** Everything that the map says of a code, in the order of the map. */
export function translate(map: ConceptMapJson, question: MapQuestion): Answer {
  const answer: Answer = { matches: [], otherMaps: [] };
  for (const group of map.group ?? []) {
    const [from, to] = question.reverse ? [group.target, group.source] : [group.source, group.target];
    if (question.system !== undefined && from !== undefined && from !== question.system) continue;
    if (question.targetSystem !== undefined && to !== question.targetSystem) continue;
    const found = question.reverse ? backwards(group, question) : forwards(group, question);
    if (found.length > 0 || question.reverse || indexOf(group).forward.has(question.code)) {
      answer.matches.push(...found.map((one) => withSource(one, map.url)));
      continue;
    }
    unmapped(group, question, map.url, answer);
  }
  return answer;
}

function forwards(group: GroupJson, { code, dependencies }: MapQuestion): MapMatch[] {
  return (indexOf(group).forward.get(code) ?? []).flatMap(({ target = [] }) =>
    target
      .filter(({ dependsOn = [] }) => dependsOn.every((one) => depends(one, dependencies)))
      .map((one) => matchOf(group.target, one)),
  );
}

function backwards(group: GroupJson, { code }: MapQuestion): MapMatch[] {
  return (indexOf(group).backward.get(code) ?? []).map(({ element, target }) => ({
    equivalence: turned(target.equivalence ?? 'relatedto'),
    concept: conceptOf(group.source, element),
    products: [],
    ...(target.comment === undefined ? {} : { comment: target.comment }),
  }));
}

function unmapped(group: GroupJson, { code }: MapQuestion, url: string | undefined, answer: Answer): void {
  const { mode, code: fixed, display, url: other } = group.unmapped ?? {};
  if (mode === 'provided') {
    const concept = conceptOf(group.target, { code });
    answer.matches.push(withSource({ equivalence: 'equal', concept, products: [] }, url));
  } else if (mode === 'fixed' && fixed !== undefined) {
    const concept = conceptOf(group.target, { code: fixed, ...(display === undefined ? {} : { display }) });
    answer.matches.push(withSource({ equivalence: 'inexact', concept, products: [] }, url));
  } else if (mode === 'other-map' && other !== undefined) answer.otherMaps.push(other);
}

/** What is asked for is given, with the code that is asked for (its text stands in `value`). */
function depends({ property, system, value }: DependencyJson, given: MapQuestion['dependencies']): boolean {
  return (given.get(property) ?? []).some(
    (one) => one.code === value && (system === undefined || system === one.system),
  );
}

function matchOf(system: string | undefined, target: TargetJson): MapMatch {
  const { equivalence = 'relatedto', code, comment, product = [] } = target;
  return {
    equivalence,
    ...(code === undefined ? {} : { concept: conceptOf(system, target) }),
    products: product.map(({ property, system: of, value, display }) => ({
      element: property,
      concept: {
        ...(of === undefined ? {} : { system: of }),
        code: value,
        ...(display === undefined ? {} : { display }),
      },
    })),
    ...(comment === undefined ? {} : { comment }),
  };
}

function conceptOf(system: string | undefined, { code, display }: MapConcept): MapConcept {
  return {
    ...(system === undefined ? {} : { system }),
    ...(code === undefined ? {} : { code }),
    ...(display === undefined ? {} : { display }),
  };
}

const TURNED: Record<string, string> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

function turned(equivalence: string): string {
  return TURNED[equivalence] ?? equivalence;
}

function withSource(match: MapMatch, source: string | undefined): MapMatch {
  return source === undefined ? match : { ...match, source };
}

function indexOf(group: GroupJson): Index {
  const known = indexes.get(group);
  if (known) return known;
  const index: Index = { forward: new Map(), backward: new Map() };
  for (const element of group.element ?? []) {
    if (element.code === undefined) continue;
    put(index.forward, element.code, element);
    for (const target of element.target ?? [])
      if (target.code !== undefined) put(index.backward, target.code, { element, target });
  }
  indexes.set(group, index);
  return index;
}

function put<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}
