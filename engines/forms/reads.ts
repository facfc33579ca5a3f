/**
 * Which questions an expression looks at: its tree is followed over the tree of the questions instead of over answers, so that
 * `item.where(linkId = 'a').answer.value` is known to read the answer of `a` alone. What is not understood reads everything. Pure.
 */
import type { PathTree } from '../../kernel/fhir/path/tree.ts';
import { ANSWER_TYPE } from './answer.ts';
import { type Question, type Questions, withDescendants } from './question.ts';

/** Places of the response that a part of an expression stands for. */
export interface Nodes {
  questions: ReadonlySet<Question>;
  part: 'item' | 'answer' | 'value';
  /** Of which one occurrence they are taken. */
  common: Question;
}

export interface Reads {
  /** Question → of which one occurrence its answers are read. */
  questions: Map<Question, Question>;
  /** Names of variables. */
  names: Set<string>;
  /** What the expression gives, when that is places of the response. */
  result: Nodes | null;
}

export interface ReadsWithin {
  questions: Questions;
  focus: Nodes;
  /** What a variable stands for, when that is places of the response. */
  variable(name: string): Nodes | null;
}

export function readsOf(tree: PathTree, within: ReadsWithin): Reads {
  const reader = new Reader(within);
  const result = reader.visit(tree, within.focus);
  reader.consume(result);
  return { questions: reader.questions, names: reader.names, result };
}

const PASSING = new Set(['first', 'last', 'tail', 'skip', 'take', 'single', 'distinct', 'trace']);
/** What looks at nothing of what it is asked of. */
const OF_NOTHING = new Set(['iif', 'now', 'today', 'timeOfDay']);
const EACH = new Set(['select', 'all', 'aggregate', 'repeat', 'where', 'exists']);

class Reader {
  readonly questions = new Map<Question, Question>();
  readonly names = new Set<string>();
  readonly #within: ReadsWithin;

  constructor(within: ReadsWithin) {
    this.#within = within;
  }

  /** The values of these places decide. An item is there because of anything under it. */
  consume(nodes: Nodes | null): null {
    if (!nodes) return null;
    for (const question of nodes.questions) {
      if (nodes.part === 'value') this.#read(question, nodes.common);
      else for (const one of withDescendants(question)) this.#read(one, nodes.common);
    }
    return null;
  }

  #read(question: Question, common: Question): void {
    const before = this.questions.get(question);
    if (!before || before.lineage.length > common.lineage.length) this.questions.set(question, common);
  }

  visit(tree: PathTree, focus: Nodes | null): Nodes | null {
    switch (tree.kind) {
      case 'this':
        return focus;
      case 'constant':
        return this.#constant(tree.name);
      case 'member':
        return this.#member(tree, focus);
      case 'call':
        return this.#call(tree, focus);
      case 'index':
        this.consume(this.visit(tree.index, focus));
        return this.visit(tree.base, focus);
      case 'minus':
        return this.consume(this.visit(tree.base, focus));
      case 'binary':
        return this.#binary(tree, focus);
      default:
        return null;
    }
  }

  #constant(name: string): Nodes | null {
    const { questions, focus } = this.#within;
    if (name === 'resource' || name === 'rootResource')
      return { questions: new Set([questions.root]), part: 'item', common: questions.root };
    if (name === 'context') return focus;
    this.names.add(name);
    return this.#within.variable(name);
  }

  #member({ base: baseTree, name }: PathTree & { kind: 'member' }, focus: Nodes | null): Nodes | null {
    const base = baseTree === null ? focus : this.visit(baseTree, focus);
    if (baseTree === null && name === 'QuestionnaireResponse') return this.#constant('resource');
    if (baseTree === null && /^[A-Z]/.test(name)) {
      this.names.add(name);
      return null;
    }
    if (!base) return null;
    const { questions, part, common } = base;
    if (part !== 'value' && name === 'item') return { questions: itemsOf(questions), part: 'item', common };
    if (part === 'item' && name === 'answer') return { questions, part: 'answer', common };
    if (part === 'answer' && name === 'value') return { questions, part: 'value', common };
    // subject, authored and the like lie beside the answers.
    if (part === 'item' && [...questions].every(({ parent }) => parent === null)) return null;
    return this.consume(base);
  }

  #binary({ operator, left, right }: PathTree & { kind: 'binary' }, focus: Nodes | null): Nodes | null {
    const one = this.visit(left, focus);
    const other = this.visit(right, focus);
    if (operator === '|') return this.#union(one, other);
    this.consume(one);
    return this.consume(other);
  }

  #union(a: Nodes | null, b: Nodes | null): Nodes | null {
    if (a && b && a.part === b.part && a.common === b.common)
      return { ...a, questions: new Set([...a.questions, ...b.questions]) };
    this.consume(a);
    return this.consume(b);
  }

  #call(tree: PathTree & { kind: 'call' }, focus: Nodes | null): Nodes | null {
    const { name, args } = tree;
    const base = tree.base === null ? focus : this.visit(tree.base, focus);
    const [first] = args;
    if (base && first && name === 'where') return this.#where(base, first);
    if (base && first && name === 'exists') return this.consume(this.#where(base, first));
    if (base && first && name === 'select') return this.visit(first, base);
    if (base && first && name === 'repeat') return this.#repeat(base, first);
    if (base && name === 'descendants') return { ...base, part: 'item', questions: below(base.questions) };
    if (PASSING.has(name)) {
      for (const one of args) this.consume(this.visit(one, focus));
      return base;
    }
    if (first && (name === 'ofType' || name === 'as')) return this.#cast(base, first);
    if (first && (name === 'union' || name === 'combine')) return this.#union(base, this.visit(first, focus));
    if (first && name === 'is') return this.consume(base);
    if (name === 'weight' || name === 'ordinal') return this.consume(coded(base));
    if (!(tree.base === null && OF_NOTHING.has(name))) this.consume(base);
    for (const one of args) this.consume(this.visit(one, EACH.has(name) ? base : focus));
    return null;
  }

  #where(base: Nodes, criterion: PathTree): Nodes {
    return { ...base, questions: this.#narrowed(base, criterion) };
  }

  /** Questions that may meet a criterion on their linkId; any other criterion is read of all of them. */
  #narrowed(base: Nodes, criterion: PathTree): ReadonlySet<Question> {
    if (base.part === 'item' && criterion.kind === 'binary') {
      const { operator, left, right } = criterion;
      if (operator === 'and')
        return this.#narrowed({ ...base, questions: this.#narrowed(base, left) }, right);
      if (operator === 'or') return new Set([...this.#narrowed(base, left), ...this.#narrowed(base, right)]);
      const links = isLinkId(left) ? textsOf(right) : isLinkId(right) ? textsOf(left) : null;
      if (links && (operator === '=' || operator === '~' || operator === 'in'))
        return this.#withLinks(base.questions, links);
      if (links && operator === '!=') return kept(base.questions, (one) => !links.includes(one.linkId));
    }
    if (base.part === 'item' && criterion.kind === 'call' && criterion.base && isLinkId(criterion.base)) {
      const [text] = criterion.args[0] ? (textsOf(criterion.args[0]) ?? []) : [];
      if (criterion.name === 'startsWith' && text !== undefined)
        return kept(base.questions, (one) => one.linkId.startsWith(text));
    }
    this.consume(this.visit(criterion, base));
    return base.questions;
  }

  /** Those of the linkIds: looked up, where no two questions have the same. */
  #withLinks(questions: ReadonlySet<Question>, links: readonly string[]): ReadonlySet<Question> {
    const { byLink, shared } = this.#within.questions;
    if (links.some((link) => shared.has(link))) return kept(questions, (one) => links.includes(one.linkId));
    const named = links.flatMap((link) => byLink.get(link) ?? []);
    return new Set(named.filter((one) => questions.has(one)));
  }

  #repeat(base: Nodes, step: PathTree): Nodes | null {
    if (step.kind === 'member' && step.name === 'item' && step.base === null && base.part === 'item')
      return { ...base, questions: below(base.questions) };
    const found = new Set<Question>();
    let next: Nodes | null = base;
    while (next && next.questions.size > 0) {
      next = this.visit(step, next);
      if (next?.part !== 'item') {
        this.consume(next);
        return this.consume({ ...base, part: 'item' });
      }
      const fresh = kept(next.questions, (one) => !found.has(one));
      for (const one of fresh) found.add(one);
      next = { ...next, questions: fresh };
    }
    return { ...base, part: 'item', questions: found };
  }

  /** Only questions whose answers may be of the type. */
  #cast(base: Nodes | null, type: PathTree): Nodes | null {
    const name = type.kind === 'member' ? type.name : null;
    if (base?.part !== 'value' || name === null) return base;
    const wanted = name.charAt(0).toLowerCase() + name.slice(1);
    return {
      ...base,
      questions: kept(base.questions, ({ type: own }) => {
        const known = ANSWER_TYPE[own];
        if (known === null || known === undefined) return own !== 'group' && own !== 'display';
        return known.toLowerCase() === wanted.toLowerCase() || known === 'uri';
      }),
    };
  }
}

/** Scores are of codes alone: a sum over a group does not read the number that it gives. */
const coded = (base: Nodes | null): Nodes | null =>
  base?.part === 'value'
    ? { ...base, questions: kept(base.questions, ({ type }) => type === 'choice' || type === 'open-choice') }
    : base;

function kept(questions: ReadonlySet<Question>, keeps: (one: Question) => boolean): ReadonlySet<Question> {
  const found = new Set<Question>();
  for (const one of questions) if (keeps(one)) found.add(one);
  return found;
}

type From = (one: Question) => readonly Question[];

/**
 * What lies under one question is asked by every expression that searches there, and a long form has thousands of both: of one
 * question it is gathered once.
 */
function gathering(from: From): (questions: ReadonlySet<Question>) => ReadonlySet<Question> {
  const known = new WeakMap<Question, ReadonlySet<Question>>();
  return (questions) => {
    const [only] = questions;
    if (questions.size !== 1 || !only) return new Set([...questions].flatMap(from));
    let found = known.get(only);
    if (!found) {
      found = new Set(from(only));
      known.set(only, found);
    }
    return found;
  };
}

const itemsOf = gathering(({ children }) => children);
const below = gathering(({ children }) => children.flatMap(withDescendants));

/** `linkId`, of the item at hand. */
export function isLinkId(tree: PathTree): boolean {
  return (
    tree.kind === 'member' && tree.name === 'linkId' && (tree.base === null || tree.base.kind === 'this')
  );
}

/** `'a'`, `('a' | 'b')` */
function textsOf(tree: PathTree): string[] | null {
  if (tree.kind === 'literal' && typeof tree.value === 'string') return [tree.value];
  if (tree.kind !== 'binary' || tree.operator !== '|') return null;
  const [one, other] = [textsOf(tree.left), textsOf(tree.right)];
  return one && other ? [...one, ...other] : null;
}

/**
 * LinkIds of this form that an expression names outright.
 * @param isElsewhere whether what a name (`%birth`) leads to is not of this response: linkIds asked of it are another form's
 */
export function linksNamed(tree: PathTree, isElsewhere: (name: string) => boolean = () => false): string[] {
  const found: string[] = [];
  /** @param away whether the focus is elsewhere */
  const walk = (one: PathTree, away: boolean): void => {
    switch (one.kind) {
      case 'binary': {
        const named = linkCompared(one);
        if (named && !leadsAway(named.link, away)) found.push(...named.texts);
        walk(one.left, away);
        walk(one.right, away);
        return;
      }
      case 'call': {
        if (one.base) walk(one.base, away);
        const inside = one.base ? leadsAway(one.base, away) : away;
        for (const arg of one.args) walk(arg, inside);
        return;
      }
      case 'index':
        walk(one.base, away);
        walk(one.index, away);
        return;
      case 'member':
      case 'minus':
        if (one.base) walk(one.base, away);
    }
  };
  const leadsAway = (one: PathTree, away: boolean): boolean => {
    if (one.kind === 'constant') return isElsewhere(one.name);
    if (one.kind === 'binary') return leadsAway(one.left, away) && leadsAway(one.right, away);
    return 'base' in one && one.base ? leadsAway(one.base, away) : away;
  };
  walk(tree, false);
  return found;
}

/** `linkId = 'a'`, `linkId in ('a' | 'b')`: the linkId, and what it is compared with. */
function linkCompared(one: PathTree & { kind: 'binary' }): { link: PathTree; texts: string[] } | null {
  if (!['=', '!=', '~', 'in'].includes(one.operator)) return null;
  const isLeft = isLink(one.left);
  if (!isLeft && !isLink(one.right)) return null;
  return { link: isLeft ? one.left : one.right, texts: textsOf(isLeft ? one.right : one.left) ?? [] };
}

/** Value sets that an expression asks by their address: `memberOf('…')`. */
export function setsNamed(tree: PathTree): string[] {
  return partsOf(tree).flatMap((one) => {
    const [set] = one.kind === 'call' && one.name === 'memberOf' ? one.args : [];
    return set?.kind === 'literal' && typeof set.value === 'string' ? [set.value] : [];
  });
}

const isLink = (tree: PathTree) => tree.kind === 'member' && tree.name === 'linkId';

/** The tree and all parts of it. */
function partsOf(tree: PathTree): PathTree[] {
  switch (tree.kind) {
    case 'binary':
      return [tree, ...partsOf(tree.left), ...partsOf(tree.right)];
    case 'call':
      return [tree, ...(tree.base ? partsOf(tree.base) : []), ...tree.args.flatMap(partsOf)];
    case 'index':
      return [tree, ...partsOf(tree.base), ...partsOf(tree.index)];
    case 'member':
    case 'minus':
      return [tree, ...(tree.base ? partsOf(tree.base) : [])];
    default:
      return [tree];
  }
}
