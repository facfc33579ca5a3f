/** FHIRPath compiled to functions over JSON, with the types of R4's element tables. FHIRPath 2.0.0 (N1), R4 fhirpath.html. */
import { UCUM } from '../../store/search/ucum.ts';
import { hasStructure } from '../definitions/elements.ts';
import { compileMinus } from './arithmetic.ts';
import { compileCall } from './functions.ts';
import { compileMember } from './members.ts';
import { singleOf, valueStep, valuesOf } from './nodes.ts';
import { compileBinary } from './operators.ts';
import { resourceOf, rootOf } from './references.ts';
import {
  type Compiled,
  NOTHING,
  refusedPath,
  type Scope,
  type Step,
  same,
  variableStep,
  type Within,
} from './scope.ts';
import { PathSyntaxError } from './tokens.ts';
import { type PathTree, parsePath } from './tree.ts';
import { fhirName } from './types.ts';

export interface Path {
  /** FHIR type of what comes out; null when only the data know it. */
  type: string | null;
  /** The values that come out, as JSON. @throws Failure `business-rule`, `too-large` */
  step: Step;
  /** The same as nodes, which keep their types: to go on from by another path. */
  nodes: Step;
}

/**
 * @param text FHIRPath
 * @throws Failure `invalid-resource` for what is no FHIRPath, names what is not there, or what its user does not offer
 */
export function compilePath(text: string, within: Within): Path {
  return compileTree(parsed(text), text, within);
}

/** A part of an expression that was read already (`parsePath`). @param text the whole, for messages */
export function compileTree(tree: PathTree, text: string, within: Within): Path {
  // What any resource may be is known by the data alone.
  const type = within.type === 'Resource' || within.type === 'DomainResource' ? null : within.type;
  const compiled = compile(tree, { ...within, type, text, root: type, compile });
  return {
    type: fhirName(compiled.type),
    nodes: inContext(compiled.step, type),
    step: inContext(valueStep(compiled), type),
  };
}

/** The nodes that it is asked of are `%context`; structures stand without boxes where the type is known. */
function inContext(step: Step, type: string | null): Step {
  const plain = type !== null && hasStructure(type);
  return (given, work) => {
    const nodes = plain ? valuesOf(given) : given;
    const outer = work.context;
    work.context = nodes;
    const found = step(nodes, work);
    work.context = outer;
    return found;
  };
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
      return { step: () => NOTHING, type: null };
    case 'literal': {
      const values = [tree.value];
      const step = () => values;
      return { step, values: step, type: tree.type };
    }
    case 'index-of-item':
      offered('$index', scope);
      return { step: (_, work) => (work.index === null ? NOTHING : [work.index]), type: 'System.Integer' };
    case 'total':
      offered('$total', scope);
      return { step: (_, work) => work.total, type: null };
    case 'constant':
      return compileConstant(tree.name, scope);
    case 'member':
      return compileMember(tree, scope);
    case 'index':
      return compileIndex(tree, scope);
    case 'call':
      return compileCall(tree, scope);
    case 'minus':
      return compileMinus(tree, scope);
    case 'binary':
      return compileBinary(tree, scope);
  }
}

function offered(name: string, { offers, text }: Scope): void {
  if (offers?.(name) === false)
    throw refusedPath(text, `dùng ${name}, thứ không có ở đây`, `uses ${name}, which is not offered here`);
}

const CODE_SYSTEMS: Record<string, string> = {
  ucum: UCUM,
  sct: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
};

function compileConstant(name: string, scope: Scope): Compiled {
  const constant = scope.constants.get(name);
  if (constant) {
    const { value, type } = constant;
    const values = Array.isArray(value) ? value : value === undefined ? NOTHING : [value];
    return { step: () => values, type, ...(constant.isEnd ? { isEnd: true } : {}) };
  }
  const variable = variableStep(name, scope);
  if (variable) return variable;
  const text = textConstant(name);
  if (scope.offers?.(`%${name}`) !== false) {
    if (name === 'context') return { step: (_, work) => work.context, type: scope.root };
    if (name === 'resource') return { step: (_, work) => listed(resourceOf(work)), type: null };
    if (name === 'rootResource') return { step: (_, work) => listed(rootOf(work)), type: null };
    if (text !== null) {
      const values = [text];
      return { step: () => values, type: 'System.String' };
    }
  }
  throw refusedPath(
    scope.text,
    `dùng hằng %${name} chưa được khai báo`,
    `uses %${name}, which is declared nowhere`,
  );
}

const listed = (one: object | null) => (one === null ? NOTHING : [one]);

/** `%ucum`, `%vs-name`, `%ext-name`. */
function textConstant(name: string): string | null {
  if (Object.hasOwn(CODE_SYSTEMS, name)) return CODE_SYSTEMS[name]!;
  if (name.startsWith('vs-')) return `http://hl7.org/fhir/ValueSet/${name.slice(3)}`;
  return name.startsWith('ext-') ? `http://hl7.org/fhir/StructureDefinition/${name.slice(4)}` : null;
}

function compileIndex(tree: PathTree & { kind: 'index' }, scope: Scope): Compiled {
  const base = compile(tree.base, scope);
  const index = compile(tree.index, scope);
  return {
    type: base.type,
    step: (nodes, work) => {
      const at = singleOf(index.step(nodes, work), scope.text);
      return typeof at === 'number' && at >= 0 ? base.step(nodes, work).slice(at, at + 1) : NOTHING;
    },
  };
}
