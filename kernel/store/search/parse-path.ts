/** The way of a name through other types: chains (`subject:Patient.name`) and reverse chains (`_has`). Pure. */
import { isResourceType, type StoredType } from '../resource-types.ts';
import { isOnlyCanonical } from './canonical.ts';
import { invalidValue, unknownModifier, unknownParameter, unsupported } from './faults.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import { COMMON } from './parse-common.ts';
import type { Criterion } from './query.ts';

/** Links of a chain, forward and backward together. */
export const MAX_DEPTH = 12;
/** Readings of a chain that names no types: each link may lead to several. */
const MOST_READINGS = 200;

/** What stands at the end of a chain: made from the type it has led to and the name that is left. */
export type Leaf = (type: StoredType, name: string) => Criterion;

/** How far a chain has gone and how many ways it has been read. */
export interface Progress {
  depth: number;
  readings: number;
}

/** Follows chains and reverse chains to the end of a name, and makes the criterion there. */
export function followPath(type: StoredType, name: string, leaf: Leaf, progress: Progress): Criterion {
  progress.readings += 1;
  if (progress.depth > MAX_DEPTH || progress.readings > MOST_READINGS) {
    throw unsupported(
      name.slice(0, 100),
      `chuỗi quá ${MAX_DEPTH} mắt, hoặc có quá nhiều cách hiểu; hãy nói rõ loại.`,
      `a chain of more than ${MAX_DEPTH} links, or with too many readings; name the types.`,
    );
  }
  if (name.startsWith('_has:')) return parseHas(type, name, leaf, progress);
  const dot = name.indexOf('.');
  return dot > 0 ? parseChain(type, name, dot, leaf, progress) : leaf(type, name);
}

export function mayTarget(parameter: IndexedParameter, type: string): boolean {
  return parameter.targets.length === 0 || parameter.targets.includes(type);
}

/** `subject:Patient.name:contains=…`; without a type, every target that knows the rest is meant. */
function parseChain(type: StoredType, name: string, dot: number, leaf: Leaf, progress: Progress): Criterion {
  const rest = name.slice(dot + 1);
  const { parameter, candidates } = linkOf(type, name.slice(0, dot), rest);
  const only = candidates.length === 1;
  const targets = candidates.flatMap((target) => {
    if (!only && !knowsHead(target, rest)) return [];
    const inner = followPath(target, rest, leaf, deeper(progress));
    return [{ type: target, inner }];
  });
  if (targets.length === 0) throw unknownParameter(candidates.join('|'), rest);
  return { kind: 'chain', name, parameter, targets };
}

/** One level down; the readings are counted together. */
function deeper(progress: Progress): Progress {
  return {
    depth: progress.depth + 1,
    get readings() {
      return progress.readings;
    },
    set readings(count: number) {
      progress.readings = count;
    },
  };
}

/** The reference parameter that a link goes by and the types it leads to. @param rest what follows, for messages */
export function linkOf(type: StoredType, link: string, rest: string) {
  const [code = '', given, ...more] = link.split(':');
  const parameter = indexedParametersOf(type).get(code);
  if (!parameter) throw unknownParameter(type, code);
  if (parameter.kind !== 'reference' || more.length > 0) {
    throw unsupported(
      `${link}.${rest}`,
      'chỉ nối tiếp được qua tham số kiểu reference.',
      'only reference parameters can be chained.',
    );
  }
  if (given !== undefined && !(isResourceType(given) && mayTarget(parameter, given))) {
    throw unknownModifier(code, given, parameter.targets);
  }
  const candidates = (given !== undefined ? [given] : parameter.targets) as readonly StoredType[];
  if (candidates.length === 0) {
    const example = isOnlyCanonical(parameter) ? type : 'Patient';
    throw unsupported(
      `${link}.${rest}`,
      `hãy nói rõ loại: ${code}:${example}.${rest}`,
      `name the type: ${code}:${example}.${rest}`,
    );
  }
  return { parameter, candidates };
}

/** Whether a type knows the next link of a chain: `name`, `organization.…`, `_has:Source:reference:…`. */
function knowsHead(type: StoredType, rest: string): boolean {
  if (rest.startsWith('_has:')) {
    const [, source = '', code = ''] = rest.split(':');
    const back = isResourceType(source) ? indexedParametersOf(source).get(code) : undefined;
    return back === undefined || mayTarget(back, type);
  }
  const head = rest.split(/[.:[]/)[0]!;
  const parameter = indexedParametersOf(type).get(head);
  if (!parameter) return (COMMON as readonly string[]).includes(head);
  return parameter.kind === 'reference' || !/^[^.]*[.[]/.test(rest);
}

/** `_has:Observation:patient:code=…` */
function parseHas(type: StoredType, name: string, leaf: Leaf, progress: Progress): Criterion {
  const [, source = '', code = ''] = name.split(':');
  const rest = name.split(':').slice(3).join(':');
  if (!isResourceType(source) || code === '' || rest === '') {
    throw invalidValue('_has', name, '_has:Loại:thamchiếu:thamsố', '_has:Type:reference:parameter');
  }
  const parameter = indexedParametersOf(source).get(code);
  if (!parameter) throw unknownParameter(source, code);
  if (parameter.storage !== 'references' || !mayTarget(parameter, type)) {
    throw unsupported(
      name,
      `${source}.${code} không tham chiếu đến ${type}.`,
      `${source}.${code} does not refer to ${type}.`,
    );
  }
  const inner = followPath(source, rest, leaf, deeper(progress));
  return { kind: 'has', name, target: type, source, parameter, inner };
}
