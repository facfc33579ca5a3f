/**
 * Places of the response that an expression names by linkId from the top, `%resource.item.where(linkId = 'a')` or
 * `%resource.descendants().where(linkId = 'a')`: they are looked up instead of being searched among all answers. Pure.
 */
import type { PathTree } from '../../kernel/fhir/path/index.ts';
import type { Question, Questions } from './question.ts';
import { isLinkId } from './reads.ts';

/** No name of an expression's own has a slash, unless it is written in quotes for the purpose. */
const MARK = 'linkId/';

export const lookupName = (question: Question) => `${MARK}${question.linkId}`;

/** LinkId of a name that a lookup has; null for any other name. */
export const linkOfName = (name: string) => (name.startsWith(MARK) ? name.slice(MARK.length) : null);

export interface LookedUp {
  tree: PathTree;
  /** Questions whose items the tree now names as variables (`lookupName`). */
  questions: ReadonlySet<Question>;
}

/** The expression with each such place as one variable. */
export function lookedUp(tree: PathTree, questions: Questions): LookedUp {
  const reader = new Reader(questions);
  return { tree: reader.rewrite(tree), questions: reader.found };
}

class Reader {
  readonly found = new Set<Question>();
  readonly #questions: Questions;

  constructor(questions: Questions) {
    this.#questions = questions;
  }

  rewrite(tree: PathTree): PathTree {
    const named = tree.kind === 'call' ? this.#placeOf(tree) : null;
    if (named?.parent) {
      this.found.add(named);
      return { kind: 'constant', name: lookupName(named) };
    }
    return this.#parts(tree);
  }

  #parts(tree: PathTree): PathTree {
    const base = (one: PathTree | null) => (one === null ? null : this.rewrite(one));
    switch (tree.kind) {
      case 'member':
        return { ...tree, base: base(tree.base) };
      case 'call':
        return { ...tree, base: base(tree.base), args: tree.args.map((one) => this.rewrite(one)) };
      case 'index':
        return { ...tree, base: this.rewrite(tree.base), index: this.rewrite(tree.index) };
      case 'binary':
        return { ...tree, left: this.rewrite(tree.left), right: this.rewrite(tree.right) };
      case 'minus':
        return { ...tree, base: this.rewrite(tree.base) };
      default:
        return tree;
    }
  }

  /** The question all of whose items, in the whole response, the tree stands for. */
  #placeOf(tree: PathTree): Question | null {
    if (tree.kind === 'constant')
      return tree.name === 'resource' || tree.name === 'rootResource' ? this.#questions.root : null;
    if (tree.kind !== 'call' || tree.name !== 'where' || tree.base === null) return null;
    const link = linkIn(tree.args[0]);
    const wanted = link === null ? undefined : this.#questions.byLink.get(link);
    if (!wanted || this.#questions.shared.has(wanted.linkId)) return null;
    return this.#reaches(tree.base, wanted) ? wanted : null;
  }

  /** Whether the tree gives every item of the question, and others of other linkIds at most. */
  #reaches(tree: PathTree, wanted: Question): boolean {
    if (tree.kind === 'call' && tree.name === 'descendants' && tree.base !== null) {
      const from = this.#placeOf(tree.base);
      return from !== null && from !== wanted && wanted.lineage.includes(from);
    }
    if (tree.kind !== 'member' || tree.name !== 'item' || tree.base === null) return false;
    const { parent } = wanted;
    // Under a question items stand in its answers.
    if (parent?.isGroup) return this.#placeOf(tree.base) === parent;
    const { base } = tree;
    const isOfAnswers = base.kind === 'member' && base.name === 'answer' && base.base !== null;
    return isOfAnswers && this.#placeOf(base.base!) === parent;
  }
}

/** `linkId = 'a'` */
function linkIn(criterion: PathTree | undefined): string | null {
  if (criterion?.kind !== 'binary' || criterion.operator !== '=') return null;
  const { left, right } = criterion;
  const text = isLinkId(left) ? right : isLinkId(right) ? left : null;
  return text?.kind === 'literal' && typeof text.value === 'string' ? text.value : null;
}
