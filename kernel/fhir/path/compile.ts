/**
 * FHIRPath compiled to functions over JSON, with the types of R4's element tables: what SQL on FHIR v2 asks of a runner
 * and the simple functions beside it. Expressions outside this part go to a library (path-general.ts) when their work is
 * bounded, and are refused by name when it is not.
 */
import { compileCall } from './functions.ts';
import { generally } from './general.ts';
import { compileMember } from './members.ts';
import { compileOperator } from './operators.ts';
import { type Compiled, NotCompiled, refusedPath, type Scope, same, type Within } from './scope.ts';
import { PathSyntaxError } from './tokens.ts';
import { type PathTree, parsePath } from './tree.ts';
import { singleOf } from './values.ts';

/**
 * @param text FHIRPath
 * @throws Failure `invalid-resource` for what is no FHIRPath, names what is not there, or may cost without bound
 */
export function compilePath(text: string, scope: Within): Compiled {
  const tree = parsed(text);
  const within: Scope = { ...scope, text, compile };
  try {
    return compile(tree, within);
  } catch (error) {
    if (error instanceof NotCompiled) return generally(tree, within);
    throw error;
  }
}

/** The compiled part alone; null for what is left to the library. */
export function compileOwn(text: string, scope: Within): Compiled | null {
  try {
    return compile(parsed(text), { ...scope, text, compile });
  } catch (error) {
    if (error instanceof NotCompiled) return null;
    throw error;
  }
}

function parsed(text: string): PathTree {
  try {
    return parsePath(text);
  } catch (error) {
    if (error instanceof PathSyntaxError)
      throw refusedPath(text, 'không phải FHIRPath', `is not FHIRPath: ${error.message}`);
    throw error;
  }
}

function compile(tree: PathTree, scope: Scope): Compiled {
  switch (tree.kind) {
    case 'this':
      return { step: same, type: scope.type };
    case 'empty':
      return { step: () => [], type: null };
    case 'literal': {
      const values = [tree.value];
      return { step: () => values, type: tree.type };
    }
    case 'constant':
      return compileConstant(tree.name, scope);
    case 'member':
      return compileMember(tree, scope);
    case 'index':
      return compileIndex(tree, scope);
    case 'call':
      return compileCall(tree, scope);
    default:
      return compileOperator(tree, scope);
  }
}

function compileConstant(name: string, { constants, text }: Scope): Compiled {
  const constant = constants.get(name);
  if (!constant)
    throw refusedPath(
      text,
      `dùng hằng %${name} chưa được khai báo trong "constant"`,
      `uses %${name}, which is not in the view's constants`,
    );
  const values = [constant.value];
  return { step: () => values, type: constant.type };
}

function compileIndex(tree: PathTree & { kind: 'index' }, scope: Scope): Compiled {
  const base = compile(tree.base, scope);
  const index = compile(tree.index, scope);
  if (tree.index.kind !== 'literal' && tree.index.kind !== 'constant') throw new NotCompiled();
  return {
    type: base.type,
    step: (nodes, work) => {
      const at = singleOf(index.step(nodes, work), scope.text);
      return typeof at === 'number' ? base.step(nodes, work).slice(at, at + 1) : [];
    },
  };
}
