/** Functions over collections: existence, filtering, subsetting, combining, navigation. FHIRPath 2.0, 5.1–5.4 and 5.8. */
import { Bag } from './equality.ts';
import { childrenOf } from './members.ts';
import { boxing, singleNode, singleOf, truthOf } from './nodes.ts';
import { distinct, union } from './operators.ts';
import {
  answer,
  type Call,
  type Compiled,
  compileArgument,
  compileBase,
  compileEach,
  type Functions,
  NOTHING,
  type Scope,
  type Step,
  then,
  truth,
} from './scope.ts';
import type { Work } from './work.ts';

/** Something of all nodes at once, of the same type. */
const kept =
  (of: (nodes: readonly unknown[], text: string) => readonly unknown[]): Functions[string] =>
  (call, scope) => {
    const base = compileBase(call.base, scope);
    return { type: base.type, step: then(base.step, (nodes) => of(nodes, scope.text)) };
  };

const counted =
  (type: string, of: (nodes: readonly unknown[], text: string) => readonly unknown[]): Functions[string] =>
  (call, scope) => ({
    type,
    step: then(compileBase(call.base, scope).step, (nodes) => of(nodes, scope.text)),
  });

const judged = (of: (nodes: readonly unknown[], text: string) => boolean | null) =>
  counted('System.Boolean', (nodes, text) => answer(of(nodes, text)));

/** For each node whether it is `wanted`; a value that is no boolean is true. */
const truths = (nodes: readonly unknown[], text: string) => nodes.map((node) => truthOf([node], text));

export const COLLECTIONS: Functions = {
  empty: judged((nodes) => nodes.length === 0),
  not: judged((nodes, text) => {
    const value = truthOf(nodes, text);
    return value === null ? null : !value;
  }),
  allTrue: judged((nodes, text) => truths(nodes, text).every((one) => one === true)),
  anyTrue: judged((nodes, text) => truths(nodes, text).some((one) => one === true)),
  allFalse: judged((nodes, text) => truths(nodes, text).every((one) => one === false)),
  anyFalse: judged((nodes, text) => truths(nodes, text).some((one) => one === false)),
  count: counted('System.Integer', (nodes) => [nodes.length]),
  first: kept((nodes) => (nodes.length < 2 ? nodes : nodes.slice(0, 1))),
  last: kept((nodes) => nodes.slice(-1)),
  tail: kept((nodes) => nodes.slice(1)),
  single: kept((nodes, text) => (singleNode(nodes, text) === null ? NOTHING : nodes)),
  skip: (call, scope) => sliced(call, scope, (nodes, n) => nodes.slice(Math.max(n, 0))),
  take: (call, scope) => sliced(call, scope, (nodes, n) => nodes.slice(0, Math.max(n, 0))),
  where: (call, scope) => {
    const { base, step } = filtered(call, scope);
    return { type: base.type, step };
  },
  exists: (call, scope) => {
    const step = call.args.length === 0 ? compileBase(call.base, scope).step : filtered(call, scope).step;
    return truth((nodes, work) => answer(step(nodes, work).length > 0));
  },
  all: compileAll,
  select: compileSelect,
  repeat: compileRepeat,
  aggregate: compileAggregate,
  distinct: (call, scope) => {
    const base = compileBase(call.base, scope);
    return { type: base.type, step: then(base.step, (nodes, work) => distinct(nodes, base.type, work)) };
  },
  isDistinct: (call, scope) => {
    const base = compileBase(call.base, scope);
    return truth(
      then(base.step, (nodes, work) => answer(distinct(nodes, base.type, work).length === nodes.length)),
    );
  },
  union: (call, scope) => union(compileBase(call.base, scope), compileArgument(call, scope)),
  combine: compileCombine,
  intersect: (call, scope) => shared(call, scope, true),
  exclude: (call, scope) => shared(call, scope, false),
  subsetOf: (call, scope) => within(compileBase(call.base, scope), compileArgument(call, scope)),
  supersetOf: (call, scope) => within(compileArgument(call, scope), compileBase(call.base, scope)),
  children: (call, scope) => {
    const base = compileBase(call.base, scope);
    return { type: null, step: then(base.step, (nodes, work) => childrenOf(nodes, base.type, work)) };
  },
  descendants: (call, scope) => {
    const base = compileBase(call.base, scope);
    return { type: null, step: then(base.step, (nodes, work) => descendantsOf(nodes, base.type, work)) };
  },
};

/** The argument for each node alone, which is `$this` then, with `$index`. */
function* each(nodes: readonly unknown[], step: Step, work: Work): Generator<readonly unknown[]> {
  const outer = work.index;
  work.spend(nodes.length);
  for (let at = 0; at < nodes.length; at++) {
    work.index = at;
    const found = step([nodes[at]], work);
    work.index = outer;
    yield found;
  }
}

function filtered(call: Call, scope: Scope): { base: Compiled; step: Step } {
  const base = compileBase(call.base, scope);
  const { step } = compileEach(call, base, scope);
  const { text } = scope;
  return {
    base,
    step: then(base.step, (nodes, work) => {
      const outer = work.index;
      work.spend(nodes.length);
      const found = nodes.filter((node, at) => {
        work.index = at;
        return truthOf(step([node], work), text) === true;
      });
      work.index = outer;
      return found;
    }),
  };
}

function compileAll(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const { step } = compileEach(call, base, scope);
  return truth(
    then(base.step, (nodes, work) => {
      for (const found of each(nodes, step, work))
        if (truthOf(found, scope.text) !== true) return answer(false);
      return answer(true);
    }),
  );
}

function compileSelect(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const { step, type } = compileEach(call, base, scope);
  return { type, step: then(base.step, (nodes, work) => [...each(nodes, step, work)].flat()) };
}

/** Everything that is reached by going the path again and again; what equals something reached before ends it. */
function compileRepeat(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  // What is reached later has another structure than what is reached first.
  const { step } = compileEach(call, { ...base, type: null }, scope);
  const from = boxing(base.step, base.type);
  return {
    type: null,
    step: (nodes, work) => {
      const bag = new Bag(work);
      let round = from(nodes, work);
      while (round.length > 0)
        round = [...each(round, step, work)].flat().filter((one) => bag.add(one, null));
      return bag.nodes;
    },
  };
}

function compileAggregate(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const { step, type } = compileEach(call, base, scope);
  const start = call.args[1] ? compileArgument(call, scope, 1) : null;
  const first = start ? boxing(start.step, start.type) : () => NOTHING;
  return {
    type: null,
    step: (nodes, work) => {
      const outer = work.total;
      const items = base.step(nodes, work);
      let total = first(nodes, work);
      // `$total` inside the argument is this one's, outside of it the outer one's.
      const round = boxing((one, same) => {
        work.total = total;
        const found = step(one, same);
        work.total = outer;
        return found;
      }, type);
      for (const found of each(items, round, work)) total = found;
      return total;
    },
  };
}

function sliced(
  call: Call,
  scope: Scope,
  slice: (nodes: readonly unknown[], n: number) => readonly unknown[],
): Compiled {
  const base = compileBase(call.base, scope);
  const count = compileArgument(call, scope);
  return {
    type: base.type,
    step: (nodes, work) => {
      const n = singleOf(count.step(nodes, work), scope.text);
      return typeof n === 'number' ? slice(base.step(nodes, work), n) : NOTHING;
    },
  };
}

function compileCombine(call: Call, scope: Scope): Compiled {
  const [left, right] = [compileBase(call.base, scope), compileArgument(call, scope)];
  const type = left.type === right.type ? left.type : null;
  const [a, b] =
    type === null ? [boxing(left.step, left.type), boxing(right.step, right.type)] : [left.step, right.step];
  return {
    type,
    step: (nodes, work) => {
      const found = [...a(nodes, work), ...b(nodes, work)];
      work.spend(found.length);
      return found;
    },
  };
}

/** `intersect` gives each value once, `exclude` keeps what is there twice. */
function shared(call: Call, scope: Scope, wanted: boolean): Compiled {
  const [base, other] = [compileBase(call.base, scope), compileArgument(call, scope)];
  return {
    type: base.type,
    step: (nodes, work) => {
      const bag = new Bag(work);
      for (const one of other.step(nodes, work)) bag.add(one, other.type);
      const found = base.step(nodes, work).filter((one) => bag.has(one, base.type) === wanted);
      return wanted ? distinct(found, base.type, work) : found;
    },
  };
}

function within(part: Compiled, all: Compiled): Compiled {
  return truth((nodes, work) => {
    const bag = new Bag(work);
    for (const one of all.step(nodes, work)) bag.add(one, all.type);
    return answer(part.step(nodes, work).every((one) => bag.has(one, part.type)));
  });
}

/** Children before their own children, level by level; not made distinct, as no evaluator does. */
function descendantsOf(nodes: readonly unknown[], known: string | null, work: Work): unknown[] {
  const found: unknown[] = [];
  let level = childrenOf(nodes, known, work);
  while (level.length > 0) {
    for (const one of level) found.push(one);
    level = childrenOf(level, null, work);
  }
  return found;
}
