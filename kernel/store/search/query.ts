/** A search request after parsing: plain data, printable. */
import type { StoredType } from '../resource-types.ts';
import type { IndexedParameter } from './parameters.ts';
import type { TextAsk } from './text-ask.ts';

/** Operators of `_filter` that are no prefix: equal, unequal, contains, starts and ends with, periods overlap. */
export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'po';

export type Criterion =
  | {
      kind: 'parameter';
      /** As it stood in the query, for messages. */
      name: string;
      parameter: IndexedParameter;
      modifier: string | undefined;
      /** Alternatives; escapes still in place. */
      values: string[];
      /** Of `_filter`, where the words mean something else than a prefix or a modifier; undefined for any other criterion. */
      operator?: Operator;
    }
  /** `_filter`. */
  | { kind: 'and' | 'or'; name: string; of: Criterion[] }
  | { kind: 'not'; name: string; of: Criterion }
  /** `_text` (narrative) or `_content` (everything written in the resource); alternatives. */
  | { kind: 'text'; name: string; type: StoredType; content: boolean; values: TextAsk[] }
  | { kind: 'id'; name: string; type: StoredType; ids: string[] }
  | { kind: 'updated'; name: string; values: string[] }
  /** A resource of `held` that lies in this one fulfils all of them (`_contained=true`). */
  | { kind: 'holds'; name: string; type: StoredType; held: StoredType; of: Criterion[] }
  /** `subject:Patient.name`: one of these readings holds. */
  | {
      kind: 'chain';
      name: string;
      parameter: IndexedParameter;
      targets: { type: StoredType; inner: Criterion }[];
    }
  /** `_has:Observation:patient:code`: some resource of `source` refers to this one and fulfils `inner`. */
  | {
      kind: 'has';
      name: string;
      target: StoredType;
      source: StoredType;
      parameter: IndexedParameter;
      inner: Criterion;
    };

export interface Include {
  name: string;
  /** Type whose parameter it is. */
  source: StoredType;
  parameters: IndexedParameter[];
  /** Only targets of this type. */
  target: StoredType | undefined;
  iterate: boolean;
  reverse: boolean;
}

export interface SortKey {
  /** `_lastUpdated`, `_id` or a parameter. */
  parameter: IndexedParameter | '_lastUpdated' | '_id';
  descending: boolean;
}

export interface Query {
  type: StoredType;
  criteria: Criterion[];
  includes: Include[];
  /** Empty = the default order: clinical date, newest first. */
  sort: SortKey[];
  /** Matches on a page; 0 = only the count is asked for. */
  count: number;
  /** `none`: no total even where it is known; undefined: where it costs nothing. */
  total: 'none' | 'estimate' | 'accurate' | undefined;
  cursor: string | undefined;
  /** The parameters to repeat in the link to the next page. */
  params: [string, string][];
}
