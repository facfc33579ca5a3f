/** The rules in force on a day, indexed once: who reads them sees no CSV and no drug name. */
import type { Content, Row } from '../../kernel/content/content.ts';
import { foldText } from '../../kernel/text/fold.ts';
import type { Severity } from './alert.ts';

export interface Side {
  /** Ingredients that must all be taken. */
  ingredients: string[];
  /** '' = any systemic route, else a route group such as `oral`. */
  route: string;
  /** Days after the last dose during which the side still counts. */
  washoutDays: number;
}

export interface Pair {
  sides: [Side, Side];
  names: [string, string];
  mechanism: string;
  consequence: string;
  management: string;
  source: string;
}

export interface CrossGroup {
  code: string;
  name: string;
  aliases: string[];
  severity: Severity;
  /** When the known reaction was grave. */
  severityWhenGrave: Severity;
  ingredients: Set<string>;
  /** What an allergy to one of the ingredients reaches, one way; of most groups the ingredients themselves. */
  reaches: Set<string>;
  reason: string;
  source: string;
}

export interface Ingredient {
  code: string;
  name: string;
  duplicateAllowed: boolean;
}

export interface MedicineFacts {
  ingredients: string[];
  /** Milligrams of each ingredient in one dose unit, when known. */
  amountsMg: number[];
  route: string;
  doseUnit: string;
}

export interface RuleTables {
  day: string;
  ingredients: Map<string, Ingredient>;
  /** Folded names and synonyms → ingredient code, longest first. */
  names: [string, string][];
  /** Folded names of the facility's medicines → their codes. */
  listed: Map<string, string>;
  /** Folded brand names of the facility's medicines → what they contain, longest first. */
  brands: [string, string[]][];
  byAtc: Map<string, string[]>;
  /** ATC of the facility's medicines, combinations included → what they contain. */
  contentOfAtc: Map<string, string[]>;
  medicines: Map<string, MedicineFacts>;
  routes: Map<string, { group: string; systemic: boolean }>;
  longDiseases: Row[];
  prescriptionDays: Row[];
}

/** With the groups of the table that the rule of allergy names. */
export type AllergyTables = RuleTables & { groups: CrossGroup[] };
/** With the pairs of the table that the rule of interactions names. */
export type PairTables = RuleTables & { pairsByIngredient: Map<string, Pair[]> };

const compiled = new WeakMap<Content, Map<string, RuleTables>>();

/** @param day ISO date whose law counts; the result is kept for the next call */
export function rulesInForce(content: Content, day: string): RuleTables {
  const byDay = compiled.get(content) ?? new Map<string, RuleTables>();
  compiled.set(content, byDay);
  const known = byDay.get(day);
  if (known) return known;
  if (byDay.size > 8) byDay.clear();
  const tables = compile(content, day);
  byDay.set(day, tables);
  return tables;
}

function compile(content: Content, day: string): RuleTables {
  const ingredientRows = content.inForce('drug/ingredients', day);
  const medicineRows = content.inForce('drug/medicines', day);
  return {
    day,
    ingredients: new Map(
      ingredientRows.map((row) => [
        row.code!,
        { code: row.code!, name: row.name_vi!, duplicateAllowed: row.duplicate_allowed === '1' },
      ]),
    ),
    names: namesOf(ingredientRows),
    listed: new Map(medicineRows.map((row) => [foldText(row.name!), row.code!])),
    brands: brandsOf(medicineRows),
    byAtc: grouped(ingredientRows.filter((row) => row.atc !== '').map((row) => [row.atc!, row.code!])),
    contentOfAtc: grouped(
      medicineRows.flatMap((row) =>
        (row.ingredients ?? '').split('+').map((code): [string, string] => [row.atc!, code]),
      ),
    ),
    medicines: new Map(content.table('drug/medicines').map((row) => [row.code!, medicineFacts(row)])),
    routes: new Map(
      content
        .inForce('drug/routes', day)
        .map((row) => [row.code!, { group: row.route_group!, systemic: row.systemic === '1' }]),
    ),
    longDiseases: content.inForce('drug/long-prescriptions', day),
    prescriptionDays: content.inForce('drug/prescription-days', day),
  };
}

/** Tables that a rule names, by name and day: read once. */
const named = new WeakMap<Content, Map<string, unknown>>();

function once<T>(content: Content, table: string, day: string, make: (rows: Row[]) => T): T {
  const tables = named.get(content) ?? new Map<string, unknown>();
  named.set(content, tables);
  const key = `${table} ${day}`;
  if (!tables.has(key)) {
    if (tables.size > 16) tables.clear();
    tables.set(key, make(content.inForce(table, day)));
  }
  return tables.get(key) as T;
}

/** Contraindicated pairs of a table by each ingredient of a side. */
export const pairsOf = (content: Content, table: string, day: string): Map<string, Pair[]> =>
  once(content, table, day, indexPairs);

/** Groups of cross-reacting ingredients of a table. */
export const crossGroupsOf = (content: Content, table: string, day: string): CrossGroup[] =>
  once(content, table, day, (rows) => rows.map(crossGroup));

/** Names shorter than four letters would be found inside other words. */
function namesOf(rows: Row[]): [string, string][] {
  const names = rows.flatMap((row) =>
    [row.name_vi!, row.inn!, ...row.synonyms!.split('|')]
      .map((name): [string, string] => [foldText(name), row.code!])
      .filter(([name]) => name.length >= 4),
  );
  return names.sort((a, b) => b[0].length - a[0].length);
}

/**
 * What stands before the strength in the names of the list: `Augmentin 1g` → `augmentin`. A word that names different contents is
 * none, and one that is shorter than four letters would be found inside other words.
 */
function brandsOf(rows: readonly Row[]): [string, string[]][] {
  const brands = new Map<string, string[] | null>();
  for (const row of rows) {
    const [brand = ''] = /^[^\d(+]*/.exec(row.name!) ?? [];
    const name = foldText(brand);
    if (name.length < 4) continue;
    const ingredients = row.ingredients!.split('+').sort();
    const known = brands.get(name);
    const isSame = known === undefined || known?.join() === ingredients.join();
    brands.set(name, isSame ? ingredients : null);
  }
  const clear = [...brands].flatMap(([name, found]): [string, string[]][] => (found ? [[name, found]] : []));
  return clear.sort((a, b) => b[0].length - a[0].length);
}

function medicineFacts(row: Row): MedicineFacts {
  return {
    ingredients: row.ingredients!.split('+'),
    amountsMg: row.amounts_mg === '' ? [] : row.amounts_mg!.split('+').map(Number),
    route: row.route!,
    doseUnit: row.dose_unit!,
  };
}

/** Two rows of the same pair and the same sides are one rule; the later row's text is kept beside the first's source. */
function indexPairs(rows: Row[]): Map<string, Pair[]> {
  const pairs = new Map<string, Pair>();
  for (const row of rows) {
    const key = [row.a!, row.b!].sort().join('|');
    if (!pairs.has(key)) pairs.set(key, pairOf(row));
  }
  return grouped(
    [...pairs.values()].flatMap((pair) =>
      pair.sides.flatMap((side) => side.ingredients.map((code): [string, Pair] => [code, pair])),
    ),
  );
}

function pairOf(row: Row): Pair {
  const side = (codes: string, route: string, days: string): Side => ({
    ingredients: codes.split('+'),
    route,
    washoutDays: Number(days || 0),
  });
  return {
    sides: [side(row.a!, row.route_a!, row.washout_days_a!), side(row.b!, row.route_b!, row.washout_days_b!)],
    names: [row.name_a!, row.name_b!],
    mechanism: row.mechanism_vi!,
    consequence: row.consequence_vi!,
    management: row.management_vi!,
    source: row.source!,
  };
}

function crossGroup(row: Row): CrossGroup {
  return {
    code: row.group!,
    name: row.name_vi!,
    aliases: row.aliases === '' ? [] : row.aliases!.split('|').map(foldText),
    severity: row.severity as Severity,
    severityWhenGrave: (row.severity_grave || 'high') as Severity,
    ingredients: new Set(row.ingredients!.split('|')),
    reaches: new Set((row.reaches || row.ingredients!).split('|')),
    reason: row.reason_vi!,
    source: row.source!,
  };
}

function grouped<T>(entries: [string, T][]): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const [key, value] of entries) {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  }
  return map;
}
