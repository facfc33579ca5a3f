/**
 * The search parameters that this province adds to those of R4 (SearchParameter resources), and those that cannot be
 * answered yet because older rows were not written by them (kernel/store/reindex). A program serves one database: this is
 * what that database says, in memory.
 */
import type { SearchParameter } from '../../fhir/definitions/index.ts';

/** `bit` is -1: a token of the row says that it is present (`presentKey`). */
export interface OwnParameter extends SearchParameter {
  /** The resource that defines it. */
  readonly id: string;
  /** Its canonical address. */
  readonly url: string;
}

/** A parameter that is written already and not answered yet. */
export interface Unready {
  /** Of our own, or one of R4 whose index was made by an older program. */
  readonly own: boolean;
  /** Share of the rows that agree with it, 0–1; grows while it is shown in refusals. */
  done: number;
  /** Seconds until the rest may agree with it. */
  left: number;
}

interface Registry {
  readonly own: ReadonlyMap<string, readonly OwnParameter[]>;
  readonly unready: UnreadyParameters;
}

/** type → code → what is still to be done. */
export type UnreadyParameters = ReadonlyMap<string, ReadonlyMap<string, Unready>>;

let registry: Registry = { own: new Map(), unready: new Map() };
const NO_OWN: readonly OwnParameter[] = [];
const NO_UNREADY: ReadonlyMap<string, Unready> = new Map();

/** Takes the place of what was known before; from then on new rows and searches follow it. */
export function followOwnParameters(
  own: readonly OwnParameter[],
  unready: UnreadyParameters = new Map(),
): void {
  registry = { own: Map.groupBy(own, (parameter) => parameter.type), unready };
}

/** All that are in force, for a worker that extracts rows in a thread of its own (`followOwnParameters` there). */
export function ownParameters(): OwnParameter[] {
  return [...registry.own.values()].flat();
}

export function ownParametersOf(type: string): readonly OwnParameter[] {
  return registry.own.get(type) ?? NO_OWN;
}

export function unreadyOf(type: string): ReadonlyMap<string, Unready> {
  return registry.unready.get(type) ?? NO_UNREADY;
}

/** Another object whenever something was changed: what was made from an older one is out of date. */
export function registryState(): object {
  return registry;
}
