/** Administrative units on a day, and what became of them: pure reading of `content/places/`. */
import type { Content, Row } from '../../kernel/content/content.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import { type Concept, openTerminology } from '../../kernel/fhir/terminology/index.ts';

export type Level = 'province' | 'district' | 'commune';

export interface Unit {
  /** Statistics office: 2 digits province, 3 district (until 2025-06-30), 5 commune. */
  code: string;
  /** `Xã Bình Nguyên`. */
  name: string;
  /** `Bình Nguyên`. */
  short: string;
  /** xã, phường, thị trấn, đặc khu, huyện, … */
  kind: string;
  level: Level;
  /** Code of the unit above on the unit's own days; '' for a province. */
  parent: string;
  /** ISO dates, inclusive; '' = open. */
  validFrom: string;
  validTo: string;
  /** Said of the communes merged in January 2025, half a year before the list ends; '' otherwise. */
  mergedEarly: string;
}

/**
 * One line of the merge map. Only `exact` lines that are not partial may move a record without a person's look:
 * `certain` says so, and nothing here follows the others silently.
 */
export interface Succession {
  /** Code before 2025-07-01; '' when the map gives only a name. */
  oldCode: string;
  oldName: string;
  newCode: string;
  match: 'exact' | 'inferred' | 'ambiguous' | 'unmatched';
  /** The old unit was divided among several. */
  partial: boolean;
  /** Through which unit of early 2025 it was inferred. */
  via: string;
  certain: boolean;
}

export interface Units {
  /** The unit that had this code on an ISO date; null when none had. A code may name two units on two dates. */
  unitOn(code: string, date: string): Unit | null;
  /** From the unit up to its province. Empty when the code was not in force. */
  pathOn(code: string, date: string): Unit[];
  /** `xã Bình Nguyên, tỉnh Phú Thọ`; three parts before 2025-07-01 (administration.md section 1). */
  addressOn(code: string, date: string): string;
  /** What became of a unit of before 2025-07-01; more than one line when it was divided. */
  successorsOf(oldCode: string): Succession[];
  /** Of which units a unit of after 2025-07-01 was made. */
  predecessorsOf(newCode: string): Succession[];
  /**
   * Units by name or code as one types. `date` = those of a day; `any` = old and new names together, new first.
   * `within` keeps those under a province or district.
   */
  find(
    text: string,
    options: { date: string | 'any'; level?: Level; within?: string; limit?: number },
  ): Unit[];
}

const opened = new WeakMap<Content, Units>();

/** One reader per content; the lists load at first use. */
export function openUnits(content: Content): Units {
  const known = opened.get(content);
  if (known) return known;
  const units = createUnits(content);
  opened.set(content, units);
  return units;
}

function createUnits(content: Content): Units {
  const terminology = openTerminology(content);
  let successions: { byOld: Map<string, Succession[]>; byNew: Map<string, Succession[]> } | undefined;
  const map = () => {
    successions ??= readSuccessions(content);
    return successions;
  };
  const unitOn = (code: string, date: string): Unit | null => {
    const concept = terminology.lookup(cs.unit, code, date);
    return concept && unitOf(concept);
  };
  const pathOn = (code: string, date: string): Unit[] => {
    const unit = unitOn(code, date);
    return unit ? [unit, ...(unit.parent === '' ? [] : pathOn(unit.parent, date))] : [];
  };
  return {
    unitOn,
    pathOn,
    addressOn: (code, date) =>
      pathOn(code, date)
        .map((unit) => `${unit.kind} ${unit.short}`)
        .join(', '),
    successorsOf: (oldCode) => map().byOld.get(oldCode) ?? [],
    predecessorsOf: (newCode) => map().byNew.get(newCode) ?? [],
    find: (text, { date, level, within, limit = 20 }) => {
      const isWithin = (unit: Unit) =>
        within === undefined ||
        pathOn(unit.code, unit.validTo || unit.validFrom).some((above) => above.code === within);
      return terminology
        .search(cs.unit, text, { date, limit: 20_000 })
        .map(unitOf)
        .filter((unit) => (level === undefined || unit.level === level) && isWithin(unit))
        .slice(0, limit);
    },
  };
}

function unitOf({ code, display, validFrom, validTo, properties }: Concept): Unit {
  return {
    code,
    name: display,
    short: properties.short ?? display,
    kind: properties.kind ?? '',
    level: properties.level as Level,
    parent: properties.parent ?? '',
    validFrom,
    validTo,
    mergedEarly: properties.merged_early ?? '',
  };
}

function readSuccessions(content: Content) {
  const byOld = new Map<string, Succession[]>();
  const byNew = new Map<string, Succession[]>();
  const add = (index: Map<string, Succession[]>, key: string, line: Succession) => {
    const lines = index.get(key);
    if (lines) lines.push(line);
    else index.set(key, [line]);
  };
  const rows = content.table('places/unit-successors');
  const parts = new Map<string, number>();
  for (const row of rows) parts.set(row.old_code!, (parts.get(row.old_code!) ?? 0) + 1);
  for (const row of rows) {
    const line = successionOf(row, (parts.get(row.old_code!) ?? 0) > 1);
    if (line.oldCode !== '') add(byOld, line.oldCode, line);
    add(byNew, line.newCode, line);
  }
  return { byOld, byNew };
}

/** A unit with several successors was divided, also where the map marks only the smaller part as partial. */
function successionOf(row: Row, several: boolean): Succession {
  const match = row.match as Succession['match'];
  const partial = row.partial === '1' || (row.old_code !== '' && several);
  return {
    oldCode: row.old_code!,
    oldName: row.old_name!,
    newCode: row.new_code!,
    match,
    partial,
    via: row.via!,
    certain: match === 'exact' && !partial,
  };
}
