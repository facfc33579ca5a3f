/** Functions of FHIRPath and of SQL on FHIR, compiled. */
import { hasStructure, isPrimitive, isResourceName } from '../definitions/index.ts';
import { dateBoundary, dateTimeBoundary, decimalBoundary, type Side, timeBoundary } from './boundary.ts';
import { chosen, property, siblingOf } from './members.ts';
import {
  type Compiled,
  compileBase,
  NotCompiled,
  refusedPath,
  type Scope,
  type Step,
  then,
} from './scope.ts';
import type { PathTree } from './tree.ts';
import { isSame, kindOf, singleOf, truthOf } from './values.ts';

type Call = PathTree & { kind: 'call' };

/** Functions without arguments: what they make of the nodes, and the type that comes out (undefined = the same). */
const PLAIN: Record<
  string,
  { type?: string; of(nodes: readonly unknown[], text: string): readonly unknown[] }
> = {
  first: { of: (nodes) => (nodes.length < 2 ? nodes : nodes.slice(0, 1)) },
  last: { of: (nodes) => nodes.slice(-1) },
  tail: { of: (nodes) => nodes.slice(1) },
  single: { of: (nodes, text) => (singleOf(nodes, text) === null ? [] : nodes) },
  empty: { type: 'boolean', of: (nodes) => [nodes.length === 0] },
  hasValue: { type: 'boolean', of: (nodes) => [nodes.length === 1 && typeof nodes[0] !== 'object'] },
  count: { type: 'integer', of: (nodes) => [nodes.length] },
  not: {
    type: 'boolean',
    of: (nodes, text) => {
      const truth = truthOf(nodes, text);
      return truth === null ? [] : [!truth];
    },
  },
  upper: { type: 'string', of: textual((text) => text.toUpperCase()) },
  lower: { type: 'string', of: textual((text) => text.toLowerCase()) },
  length: { type: 'integer', of: textual((text) => text.length) },
};

/** Functions of one text argument on one text. */
const TEXTUAL: Record<string, (text: string, part: string) => boolean> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
};

function textual(make: (text: string) => unknown) {
  return (nodes: readonly unknown[], what: string): readonly unknown[] => {
    const value = singleOf(nodes, what);
    return typeof value === 'string' ? [make(value)] : [];
  };
}

export function compileCall(call: Call, scope: Scope): Compiled {
  const plain = Object.hasOwn(PLAIN, call.name) && call.args.length === 0 ? PLAIN[call.name] : undefined;
  if (plain) {
    const base = compileBase(call.base, scope);
    return { type: plain.type ?? base.type, step: then(base.step, (nodes) => plain.of(nodes, scope.text)) };
  }
  if (Object.hasOwn(CALLS, call.name)) return CALLS[call.name]!(call, scope);
  if (Object.hasOwn(TEXTUAL, call.name)) return compileTextual(call, scope);
  throw new NotCompiled();
}

const CALLS: Record<string, (call: Call, scope: Scope) => Compiled> = {
  where: (call, scope) =>
    filtered(call, scope, (base, kept) => ({ type: base.type, step: then(base.step, kept) })),
  exists: (call, scope) =>
    call.args.length === 0
      ? existing(compileBase(call.base, scope).step)
      : filtered(call, scope, (base, kept) => existing(then(base.step, kept))),
  all: compileAll,
  select: compileSelect,
  repeat: compileRepeat,
  distinct: compileDistinct,
  skip: (call, scope) => sliced(call, scope, (nodes, n) => nodes.slice(Math.max(n, 0))),
  take: (call, scope) => sliced(call, scope, (nodes, n) => nodes.slice(0, Math.max(n, 0))),
  join: compileJoin,
  iif: compileIif,
  ofType: compileOfType,
  as: compileOfType,
  extension: compileExtension,
  getResourceKey: compileResourceKey,
  getReferenceKey: compileReferenceKey,
  lowBoundary: (call, scope) => compileBoundary(call, scope, 'low'),
  highBoundary: (call, scope) => compileBoundary(call, scope, 'high'),
};

function argument({ name, args }: Call, scope: Scope, at = 0): PathTree {
  const found = args[at];
  if (found) return found;
  throw refusedPath(scope.text, `gọi ${name}() thiếu tham số`, `calls ${name}() without its argument`);
}

const existing = (step: Step): Compiled => ({
  type: 'boolean',
  step: (nodes, work) => [step(nodes, work).length > 0],
});

function filtered(call: Call, scope: Scope, make: (base: Compiled, kept: Step) => Compiled): Compiled {
  const base = compileBase(call.base, scope);
  const { step } = scope.compile(argument(call, scope), { ...scope, type: base.type });
  return make(base, (nodes, work) => {
    work.spend(nodes.length);
    return nodes.filter((node) => truthOf(step([node], work), scope.text) === true);
  });
}

function compileAll(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const { step } = scope.compile(argument(call, scope), { ...scope, type: base.type });
  return {
    type: 'boolean',
    step: then(base.step, (nodes, work) => [
      nodes.every((node) => truthOf(step([node], work), scope.text) === true),
    ]),
  };
}

function compileSelect(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const { step, type } = scope.compile(argument(call, scope), { ...scope, type: base.type });
  return {
    type,
    step: then(base.step, (nodes, work) => {
      work.spend(nodes.length);
      return nodes.flatMap((node) => step([node], work));
    }),
  };
}

/** Everything that is reached by going the path again and again; each value once, so it ends. */
function compileRepeat(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  // What is reached later has another structure than what is reached first.
  const { step } = scope.compile(argument(call, scope), { ...scope, type: null });
  return {
    type: null,
    step: then(base.step, (nodes, work) => {
      const seen = new Set<unknown>();
      let round = nodes;
      while (round.length > 0) {
        const fresh: unknown[] = [];
        for (const one of step(round, work)) {
          if (seen.has(one)) continue;
          seen.add(one);
          fresh.push(one);
        }
        round = fresh;
      }
      return [...seen];
    }),
  };
}

function compileDistinct(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  return {
    type: base.type,
    step: then(base.step, (nodes, work) => {
      const kept: unknown[] = [];
      for (const node of nodes) {
        work.spend(kept.length + 1);
        if (!kept.some((one) => isSame(one, node))) kept.push(node);
      }
      return kept;
    }),
  };
}

function sliced(
  call: Call,
  scope: Scope,
  slice: (nodes: readonly unknown[], n: number) => readonly unknown[],
): Compiled {
  const base = compileBase(call.base, scope);
  const count = scope.compile(argument(call, scope), scope);
  return {
    type: base.type,
    step: (nodes, work) => {
      const n = singleOf(count.step(nodes, work), scope.text);
      return typeof n === 'number' ? slice(base.step(nodes, work), n) : [];
    },
  };
}

function compileJoin(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const between = call.args[0] ? scope.compile(call.args[0], scope).step : () => [''];
  return {
    type: 'string',
    step: (nodes, work) => {
      const texts = base.step(nodes, work);
      const text = texts.join(String(singleOf(between(nodes, work), scope.text) ?? ''));
      work.spend(text.length >> 3);
      // Nothing joined is an empty text in the published cases.
      return [text];
    },
  };
}

function compileIif(call: Call, scope: Scope): Compiled {
  if (call.base !== null) throw new NotCompiled();
  const test = scope.compile(argument(call, scope), scope);
  const yes = scope.compile(argument(call, scope, 1), scope);
  const no = call.args[2] ? scope.compile(call.args[2], scope) : null;
  return {
    type: no === null || no.type === yes.type ? yes.type : null,
    step: (nodes, work) =>
      truthOf(test.step(nodes, work), scope.text) === true
        ? yes.step(nodes, work)
        : (no?.step(nodes, work) ?? []),
  };
}

/** Type names may be written `FHIR.Quantity`, `System.String`. */
function typeNamed(tree: PathTree): string | null {
  if (tree.kind !== 'member') return null;
  if (tree.base === null) return tree.name;
  if (tree.base.kind !== 'member' || tree.base.base !== null) return null;
  if (tree.base.name === 'FHIR') return tree.name;
  return tree.base.name === 'System' ? tree.name.charAt(0).toLowerCase() + tree.name.slice(1) : null;
}

function compileOfType(call: Call, scope: Scope): Compiled {
  const wanted = typeNamed(argument(call, scope));
  if (wanted === null || !(hasStructure(wanted) || isPrimitive(wanted)))
    throw refusedPath(
      scope.text,
      `gọi ${call.name}() với kiểu không có trong R4`,
      `calls ${call.name}() with what is no type of R4`,
    );
  const choice = chosen(call.base, wanted, scope);
  if (choice) return choice;
  const base = compileBase(call.base, scope);
  if (base.type !== null && base.type !== wanted && !isResourceName(wanted))
    return { type: wanted, step: () => [] };
  return {
    type: wanted,
    step: then(base.step, (nodes) =>
      isResourceName(wanted)
        ? nodes.filter((node) => (node as { resourceType?: unknown } | null)?.resourceType === wanted)
        : nodes,
    ),
  };
}

/** `extension('url')`, also of a primitive. */
function compileExtension(call: Call, scope: Scope): Compiled {
  const url = argument(call, scope);
  if (url.kind !== 'literal' && url.kind !== 'constant') throw new NotCompiled();
  const wanted = scope.compile(url, scope).step;
  const base =
    (call.base?.kind === 'member' ? siblingOf(call.base, scope) : null) ?? compileBase(call.base, scope);
  const extensions = then(base.step, property('extension'));
  return {
    type: 'Extension',
    step: (nodes, work) => {
      const [address] = wanted(nodes, work);
      return extensions(nodes, work).filter((one) => (one as { url?: unknown }).url === address);
    },
  };
}

function compileResourceKey(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  return { type: 'id', step: then(base.step, property('id')) };
}

const LOCAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** SQL on FHIR v2, getReferenceKey: the id of a local reference, when it is of the type asked for. */
function compileReferenceKey(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  if (base.type !== null && base.type !== 'Reference')
    throw refusedPath(
      scope.text,
      'gọi getReferenceKey() trên thứ không phải tham chiếu',
      'calls getReferenceKey() on what is no reference',
    );
  const target = call.args[0] ? typeNamed(call.args[0]) : null;
  if (call.args[0] && (target === null || !isResourceName(target)))
    throw refusedPath(
      scope.text,
      'gọi getReferenceKey() với thứ không phải loại tài nguyên',
      'calls getReferenceKey() with what is no resource type',
    );
  return {
    type: 'id',
    step: then(base.step, (nodes) => {
      const found: unknown[] = [];
      for (const node of nodes) {
        const { reference } = node as { reference?: unknown };
        const parts = typeof reference === 'string' ? LOCAL.exec(reference) : null;
        if (parts && (target === null || parts[1] === target)) found.push(parts[2]);
      }
      return found;
    }),
  };
}

/** With a precision of its own it is the library's matter, which has it not: refused there. */
function compileBoundary(call: Call, scope: Scope, side: Side): Compiled {
  if (call.args.length > 0) throw new NotCompiled();
  const base = compileBase(call.base, scope);
  const make = boundaryOf(kindOf(base.type));
  if (!make)
    throw refusedPath(
      scope.text,
      `gọi ${call.name}() trên thứ không phải số, ngày hay giờ`,
      `calls ${call.name}() on what is no decimal, date or time: use ofType()`,
    );
  return {
    type: base.type === 'instant' ? 'dateTime' : base.type,
    step: then(base.step, (nodes) => {
      const value = singleOf(nodes, scope.text);
      return value === null ? [] : [make(value, side)];
    }),
  };
}

function boundaryOf(kind: string): ((value: unknown, side: Side) => unknown) | null {
  switch (kind) {
    case 'number':
      return (value, side) => decimalBoundary(Number(value), side);
    case 'date':
      return (value, side) => dateBoundary(String(value), side);
    case 'dateTime':
      return (value, side) => dateTimeBoundary(String(value), side);
    case 'time':
      return (value, side) => timeBoundary(String(value), side);
    default:
      return null;
  }
}

function compileTextual(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const part = scope.compile(argument(call, scope), scope);
  const test = TEXTUAL[call.name]!;
  return {
    type: 'boolean',
    step: (nodes, work) => {
      const text = singleOf(base.step(nodes, work), scope.text);
      const wanted = singleOf(part.step(nodes, work), scope.text);
      return typeof text === 'string' && typeof wanted === 'string' ? [test(text, wanted)] : [];
    },
  };
}
