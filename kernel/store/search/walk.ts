/**
 * Extraction by walking the tree of a type: for parameters that are known at run time only (this province's own) and for
 * resources inside others. R4's own parameters of a stored resource are extracted by generated code (`extract.ts`), which a
 * test compares with this.
 */

import { EMITTERS, type Emitter, emissionOf } from './emission.ts';
import { compositeEmitter } from './emit-composite.ts';
import { emitDeceased, stretchEmitter } from './emit-special.ts';
import { presentKey, referenceKey } from './keys.ts';
import { carriedView, type IndexedParameter, writtenParametersOf } from './parameters.ts';
import { type PathFilter, passes } from './paths.ts';
import { presenceMarker } from './presence.ts';
import type { Sink } from './sink.ts';
import { siteOf } from './site.ts';
import { type Found, type Node, treeOf } from './tree.ts';

/** Adds what a resource is found by. */
export type Extractor = (resource: Record<string, unknown>, sink: Sink) => void;

type Emit = (value: unknown, sink: Sink) => void;

interface Stop {
  key: string;
  filter: PathFilter | undefined;
  emits: Emit[];
  children: Stop[];
}

/** An extractor by these parameters, without the narrative. */
export function walkerOf(type: string, parameters: readonly IndexedParameter[]): Extractor {
  const root = stopOf(treeOf(type, parameters), marked);
  const whole = parameters.map(wholeEmit).filter((emit) => emit !== undefined);
  return (resource, sink) => {
    for (const emit of whole) emit(resource, sink);
    visit(root, resource, sink);
  };
}

function walk(stop: Stop, parent: Record<string, unknown>, sink: Sink): void {
  const value = parent[stop.key];
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) visit(stop, value, sink);
  else for (const item of value) if (item !== null && item !== undefined) visit(stop, item, sink);
}

function visit(stop: Stop, value: unknown, sink: Sink): void {
  if (stop.filter !== undefined && !passes(value, stop.filter)) return;
  for (const emit of stop.emits) emit(value, sink);
  if (stop.children.length === 0 || typeof value !== 'object') return;
  for (const child of stop.children) walk(child, value as Record<string, unknown>, sink);
}

function stopOf({ key, filter, found, children }: Node, emitOf: (one: Found) => Emit | undefined): Stop {
  const emits = found.map((one) => {
    const emit = emitOf(one);
    return emit && one.evaluate ? evaluated(one.evaluate, emit) : emit;
  });
  return {
    key,
    filter,
    emits: emits.filter((emit) => emit !== undefined),
    children: children.map((child) => stopOf(child, emitOf)),
  };
}

/** Values that an engine finds, once for each data type it may find. */
function evaluated(evaluate: (resource: unknown) => unknown[], emit: Emit): Emit {
  return (resource, sink) => {
    for (const value of evaluate(resource)) emit(value, sink);
  };
}

/** Present, but with no entries of their own at their path. */
export const WITHOUT_ENTRIES: ReadonlySet<string> = new Set(['contact', 'union', 'stretch']);

/** The entries of a value, and always the mark that says the parameter is present. */
function marked({ parameter, type, isMainCode }: Found): Emit | undefined {
  const entries = entriesOf(parameter, type, isMainCode);
  if (!entries && !WITHOUT_ENTRIES.has(parameter.storage)) return undefined;
  const mark = presenceMarker(parameter);
  return (value, sink) => {
    mark(sink);
    entries?.(value, sink);
  };
}

function entriesOf(parameter: IndexedParameter, type: string, isMainCode: boolean): Emit | undefined {
  const site = siteOf(parameter.q);
  if (parameter.storage === 'composite') return compositeEmitter(site, type, parameter);
  const emission = emissionOf(parameter, type, isMainCode);
  if (!emission) return undefined;
  const emit = EMITTERS[emission.emitter] as Emitter;
  const option = emission.option as never;
  return (value, sink) => emit(site, value, sink, option);
}

/** What reads the resource as a whole. */
function wholeEmit(parameter: IndexedParameter): Emit | undefined {
  const { q, bit, targets, storage } = parameter;
  if (q === 'Patient.deceased') return (value, sink) => emitDeceased(siteOf(q), value, sink, bit);
  if (storage === 'carried') return (value, sink) => emitCarried(q, value, sink, bit, targets);
  return storage === 'stretch' ? stretchEmitter(parameter) : undefined;
}

/** Adds what a resource inside another is found by: it has no columns, and tokens say which parameters are present. */
export type InnerExtractor = (value: unknown, sink: Sink) => void;

/** @param view how a parameter is kept for a resource that lies inside another */
export function innerExtractor(
  type: string,
  parameters: ReadonlyMap<string, IndexedParameter>,
  view: (parameter: IndexedParameter) => IndexedParameter,
): InnerExtractor {
  const stop = stopOf(treeOf(type, parameters.values()), ({ parameter, type: dataType }) => {
    const kept = view(parameter);
    const entries = entriesOf(kept, dataType, false);
    const present = presentKey(kept.q);
    return (value, sink) => {
      sink.token(present);
      entries?.(value, sink);
    };
  });
  return (value, sink) => visit(stop, value, sink);
}

/** Extractors of what Bundles carry, by the parameters they were made from: a new definition makes a new table. */
const carriedExtractors = new WeakMap<ReadonlyMap<string, IndexedParameter>, InnerExtractor>();

function carriedExtractor(type: string): InnerExtractor {
  const parameters = writtenParametersOf(type);
  const known = carriedExtractors.get(parameters);
  if (known) return known;
  const made = innerExtractor(type, parameters, carriedView);
  carriedExtractors.set(parameters, made);
  return made;
}

/** `Bundle.entry[0].resource`: the document's Composition, the message's MessageHeader, with all it is found by. */
export function emitCarried(
  q: string,
  bundle: unknown,
  sink: Sink,
  bit: number,
  targets: readonly string[],
): void {
  const { entry } = bundle as { entry?: unknown };
  const first = Array.isArray(entry) ? (entry[0] as { resource?: unknown } | null)?.resource : undefined;
  const { resourceType, id } = (first ?? {}) as { resourceType?: unknown; id?: unknown };
  if (typeof resourceType !== 'string' || !targets.includes(resourceType)) return;
  sink.present(bit);
  if (typeof id === 'string') sink.token(referenceKey(q, `${resourceType}/${id}`));
  carriedExtractor(resourceType)(first, sink);
}
