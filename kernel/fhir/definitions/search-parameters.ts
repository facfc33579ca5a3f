/** The base search parameters of R4 by resource type, read from `search.gen.json`. */
import { readJson } from './table-file.ts';

export type ParameterKind =
  | 'string'
  | 'token'
  | 'reference'
  | 'date'
  | 'number'
  | 'quantity'
  | 'uri'
  | 'composite'
  | 'special';

export interface SearchParameter {
  /** Resource type it is for. */
  readonly type: string;
  /** Name in the query (`birthdate`). */
  readonly code: string;
  readonly kind: ParameterKind;
  /** FHIRPath limited to this type; alternatives separated by ` | `. */
  readonly expression: string;
  /** Allowed target types of a reference; empty = any. */
  readonly targets: readonly string[];
  /** Parts of a composite: the parameter whose rules apply, and the path below `expression`. */
  readonly components: readonly { code: string; expression: string }[];
  /** Its bit in the column `has` (0–62): the place in the sorted list of the type. Fixed, for R4 is closed. */
  readonly bit: number;
}

const source = readJson<Record<string, Record<string, string[]>>>('search.gen.json');
const parsed = new Map<string, ReadonlyMap<string, SearchParameter>>();
const NONE: ReadonlyMap<string, SearchParameter> = new Map();

/** Parameters of a type by name; empty for an unknown type. `_id` and `_lastUpdated` are columns and not among them. */
export function searchParametersOf(type: string): ReadonlyMap<string, SearchParameter> {
  const known = parsed.get(type);
  if (known) return known;
  const rows = source[type];
  if (!rows) return NONE;
  const map = new Map(Object.entries(rows).map(([code, row], bit) => [code, parseRow(type, code, row, bit)]));
  parsed.set(type, map);
  return map;
}

function parseRow(type: string, code: string, row: string[], bit: number): SearchParameter {
  const [kind = '', expression = '', ...rest] = row;
  const composite = kind === 'composite';
  return {
    type,
    code,
    kind: kind as ParameterKind,
    expression,
    targets: composite ? [] : rest,
    components: composite ? rest.map(parseComponent) : [],
    bit,
  };
}

function parseComponent(text: string): { code: string; expression: string } {
  const at = text.indexOf('=');
  return { code: text.slice(0, at), expression: text.slice(at + 1) };
}

const members = readJson<Record<string, string[]>>('compartment.gen.json');

const others = readJson<Record<string, Record<string, string[]>>>('compartments.gen.json');

const compartments: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> = new Map(
  Object.entries({ Patient: members, ...others }).map(([type, list]) => [
    type,
    new Map(Object.entries(list)),
  ]),
);

/** True for the types that R4 has a compartment of (CompartmentDefinition). */
export function isCompartment(type: string): boolean {
  return compartments.has(type);
}

/** Types in a compartment, each with the parameters that place a resource in it; the centre's own may have none. */
export function compartmentMembers(type: string): ReadonlyMap<string, readonly string[]> {
  return compartments.get(type) ?? new Map();
}

/** Parameters by which a resource of the type lies in the patient compartment (R4 CompartmentDefinition/patient). */
export function patientCompartmentParameters(type: string): readonly string[] {
  return members[type] ?? [];
}
