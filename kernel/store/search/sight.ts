/**
 * A reader's sight (`../sight.ts`) as a condition of every level of a search. `seen.ts` says the same of one resource in the
 * program.
 */
import { isSharedType, shardKey } from '../compartment.ts';
import { type ConsentPlaces, consentGrants, consentHides } from '../consent/predicate.ts';
import { RESOURCE_TYPES, type StoredType, typeNumber } from '../resource-types.ts';
import { type Mask, maskOf, type Sight } from '../sight.ts';
import { and, type Condition, or, TRUE } from './condition.ts';
import { referenceKey } from './keys.ts';
import { organizationNumber } from './owner.ts';
import { baseParametersOf } from './parameters.ts';
import { hashSql } from './render-hash.ts';
import type { Statement } from './statement.ts';

/** What a level of a search must fulfil to be seen at all. */
type Seen = Condition & { op: 'seen' };

/** The condition with everything that is not seen taken out of it, at each level. @param type of the rows it is about */
export function sighted(condition: Condition, type: StoredType, sight: Sight | undefined): Condition {
  if (sight === undefined) return condition;
  return and([within(condition, sight), seenCondition(type, sight)]);
}

/** The same inside: rows that only decide about others must be seen and be the own unit's where only those count. */
function inside(condition: Condition, type: StoredType, sight: Sight): Condition {
  const own: Condition = sight.unitOnly?.has(type) ? ownCondition(type, sight) : TRUE;
  return and([sighted(condition, type, sight), own]);
}

function within(condition: Condition, sight: Sight): Condition {
  switch (condition.op) {
    case 'and':
      return and(condition.of.map((part) => within(part, sight)));
    case 'or':
      return or(condition.of.map((part) => within(part, sight)));
    case 'not': {
      const of = within(condition.of, sight);
      return of.op === 'false' ? TRUE : { op: 'not', of };
    }
    case 'refers':
      return { ...condition, inner: inside(condition.inner, condition.target, sight) };
    case 'referred':
      return { ...condition, inner: inside(condition.inner, condition.source, sight) };
    case 'defined':
      return { ...condition, inner: inside(condition.inner, condition.target, sight) };
    case 'defining':
      return { ...condition, inner: inside(condition.inner, condition.source, sight) };
    case 'checked':
      return { ...condition, of: sighted(condition.of, condition.type, sight) };
    case 'hierarchy':
      return { ...condition, sight };
    default:
      return condition;
  }
}

/** Rows of a type that are seen. */
export function seenCondition(type: StoredType, sight: Sight): Condition {
  const { persons, common } = sight;
  return and([
    confinement(type, persons, common),
    maskOf(sight, type).elsewhere === 0 ? TRUE : { op: 'seen', type, sight, only: 'unmasked' },
    asksConsent(type, sight) ? { op: 'seen', type, sight, only: 'permitted' } : TRUE,
    sight.veils?.length && !isSharedType(type) ? { op: 'seen', type, sight, only: 'unveiled' } : TRUE,
  ]);
}

/** True when persons may hide rows of the type from the reader. */
export function asksConsent(type: string, { reader }: Sight): boolean {
  return reader !== undefined && !isSharedType(type) && !reader.open.includes(typeNumber(type) ?? -1);
}

/** Rows of these persons; of nobody where the type is common to all. */
function confinement(
  type: StoredType,
  persons: readonly string[] | undefined,
  common: ReadonlySet<string> | undefined,
): Condition {
  if (persons === undefined) return TRUE;
  const pts = persons.map((id) => shardKey(id));
  if (!common?.has(type)) return { op: 'person', pts };
  return isSharedType(type) ? TRUE : { op: 'of', pts: [...pts, 0n] };
}

/** @param r alias of the row */
export function renderSeen({ type, sight, only }: Seen, r: string, statement: Statement): string {
  const naming = namingOf(type);
  const row = { r, person: `${r}.pt` };
  if (only === 'own') return ownTest(naming, sight, row, statement) ?? 'false';
  if (only === 'unveiled') return unveiledTest(sight, r, statement);
  if (only === 'granted') return consentGrants(r, consentPlaces(sight, naming, statement));
  const consent =
    asksConsent(type, sight) || grants(type, sight) ? consentPlaces(sight, naming, statement) : undefined;
  const test =
    only === 'permitted'
      ? `not ${consentHides(r, consent!)}`
      : unmaskedTest(naming, maskOf(sight, type), sight, row, statement, consent);
  return `(${openedTest(sight, r, statement)}${test})`;
}

/**
 * The same for rows of any type, where they are read together.
 * @param person SQL of the key of the one person whose rows they are: what is asked of the person is then asked once
 */
export function renderSeenOfAny(
  sight: Sight,
  r: string,
  statement: Statement,
  person: string = `${r}.pt`,
): string {
  const { persons, common, reader } = sight;
  const consent = reader ? consentPlaces(sight, namingOfAny(), statement) : undefined;
  const byMask = Map.groupBy(sight.masks, ([, { elsewhere, own }]) => `${elsewhere} ${own}`);
  const masks = [...byMask.values()].map((alike) => {
    const test = unmaskedTest(namingOfAny(), alike[0]![1], sight, { r, person }, statement, consent);
    return `when ${r}.t = any (${numbersOf(
      alike.map(([type]) => type),
      statement,
    )}) then ${test}`;
  });
  const others = unmaskedTest(namingOfAny(), sight.mask, sight, { r, person }, statement, consent);
  const unmasked = masks.length === 0 ? others : `case ${masks.join(' ')} else ${others} end`;
  const permitted = consent ? ` and not ${consentHides(r, consent)}` : '';
  const open = `(${openedTest(sight, r, statement)}${unmasked}${permitted})`;
  const seen = sight.veils?.length ? `${open} and ${unveiledTest(sight, r, statement)}` : open;
  if (persons === undefined) return seen;
  const pts = statement.int8s(persons.map((id) => shardKey(id)));
  const nobody = `${r}.pt = 0 and ${r}.t = any (${numbersOf([...(common ?? [])], statement)})`;
  return `(${r}.pt = any (${pts}) or ${nobody}) and ${seen}`;
}

/** True of rows that no veil hides. */
function unveiledTest({ veils = [] }: Sight, r: string, statement: Statement): string {
  const hidden = veils.map(({ persons, bits }) => {
    const pts = statement.int8s(persons.map((id) => shardKey(id)));
    return `(${r}.pt = any (${pts}) and (${r}.sec & ${statement.int4(bits)}) <> 0)`;
  });
  return hidden.length === 0 ? 'true' : `not (${hidden.join(' or ')})`;
}

function numbersOf(types: readonly string[], statement: Statement): string {
  return statement.int8s(types.map((type) => BigInt(typeNumber(type) ?? 0)));
}

function openedTest({ opened }: Sight, r: string, statement: Statement): string {
  return opened.length === 0
    ? ''
    : `${r}.pt = any (${statement.int8s(opened.map((id) => shardKey(id)))}) or `;
}

/** True when a person may open rows of the type by name. */
function grants(type: string, { reader }: Sight): boolean {
  return reader !== undefined && !isSharedType(type);
}

/** A row in SQL: its alias, and the key of the person it belongs to. */
interface RowPlace {
  r: string;
  person: string;
}

/** The row is of no hidden category, or the reader's own, or opened by the person. */
function unmaskedTest(
  naming: Naming,
  { elsewhere, own }: Mask,
  sight: Sight,
  row: RowPlace,
  statement: Statement,
  consent: ConsentPlaces | undefined,
): string {
  if (elsewhere === 0) return 'true';
  const { r } = row;
  const others: string[] = [];
  const isOwn = own === elsewhere ? null : ownTest(naming, sight, row, statement);
  if (isOwn !== null) {
    others.push(own === 0 ? isOwn : `((${r}.sec & ${statement.int4(own)}) = 0 and ${isOwn})`);
  }
  if (consent) others.push(consentGrants(r, consent));
  // The rest is asked of masked rows alone: the first test is of a number that stands in the row.
  return `case when (${r}.sec & ${statement.int4(elsewhere)}) = 0 then true else ${others.join(' or ') || 'false'} end`;
}

/** Each value gets its place when it is first used: a place that is nowhere in the text has no type. */
function consentPlaces({ reader }: Sight, { encounters }: Naming, statement: Statement): ConsentPlaces {
  const { names, purpose, citizen, unit, open, now } = reader!;
  const placed = new Map<string, string>();
  const once = (name: string, place: () => string) => {
    const known = placed.get(name) ?? place();
    placed.set(name, known);
    return known;
  };
  return {
    get names() {
      return once('names', () => statement.texts(names));
    },
    get purpose() {
      return once('purpose', () => statement.text(purpose));
    },
    citizen: String(citizen),
    get unit() {
      return unit === null ? 'null' : once('unit', () => statement.int4(unit));
    },
    open: `'{${open.join(',')}}'`,
    get now() {
      return once('now', () => statement.instant(now));
    },
    get encounters() {
      return encounters.length === 0 ? null : once('encounters', () => statement.texts(encounters));
    },
  };
}

/** Parameters by which rows name organizations, practitioners and their visit. */
interface Naming {
  readonly organizations: readonly string[];
  readonly practitioners: readonly string[];
  readonly encounters: readonly string[];
}

const namings = new Map<string, Naming>();
let any: Naming | undefined;

function namingOf(type: string): Naming {
  const known = namings.get(type);
  if (known) return known;
  const references = [...baseParametersOf(type).values()].filter(({ storage }) => storage === 'references');
  const to = (target: string) => references.filter(({ targets }) => targets.includes(target));
  const made: Naming = {
    organizations: to('Organization').map(({ q }) => q),
    practitioners: to('Practitioner').map(({ q }) => q),
    encounters: to('Encounter')
      .filter(({ code }) => code === 'encounter' || code === 'context')
      .map(({ q }) => q),
  };
  namings.set(type, made);
  return made;
}

/** Of all types that persons have: a token says which type it is of. */
function namingOfAny(): Naming {
  if (any) return any;
  const all = RESOURCE_TYPES.filter((type) => !isSharedType(type)).map(namingOf);
  any = {
    organizations: all.flatMap(({ organizations }) => organizations),
    practitioners: all.flatMap(({ practitioners }) => practitioners),
    encounters: all.flatMap(({ encounters }) => encounters),
  };
  return any;
}

/** Whether tokens of a row of the type name the visit. */
export function namesVisit(type: string, tokens: readonly bigint[], visit: string): boolean {
  return namingOf(type).encounters.some((q) => tokens.includes(referenceKey(q, `Encounter/${visit}`)));
}

/** Tokens of rows of a type that name the reader's unit or the reader. */
export function ownTokens(type: string, sight: Sight): bigint[] {
  return tokensOf(namingOf(type), sight);
}

/** By naming, then by reader: a hash for each parameter is dearer than all else of a sight. */
const tokens = new WeakMap<Naming, Map<string, bigint[]>>();
const MOST_READERS = 2_000;

function tokensOf(naming: Naming, sight: Sight): bigint[] {
  const ofNaming = tokens.get(naming) ?? new Map<string, bigint[]>();
  tokens.set(naming, ofNaming);
  const key = `${sight.unit}|${sight.practitioner}`;
  const known = ofNaming.get(key);
  if (known) return known;
  const made = hashedNames(naming, sight);
  if (ofNaming.size >= MOST_READERS) ofNaming.clear();
  ofNaming.set(key, made);
  return made;
}

function hashedNames({ organizations, practitioners }: Naming, { unit, practitioner }: Sight): bigint[] {
  return [
    ...(unit === null ? [] : organizations.map((q) => referenceKey(q, `Organization/${unit}`))),
    ...(practitioner === null
      ? []
      : practitioners.map((q) => referenceKey(q, `Practitioner/${practitioner}`))),
  ];
}

const ENCOUNTER = typeNumber('Encounter')!;

/** Only rows that are the reader's own. */
export function ownCondition(type: StoredType, sight: Sight): Condition {
  return { op: 'seen', type, sight, only: 'own' };
}

/** Rows that these persons have opened to the reader by name. */
export function grantedCondition(type: StoredType, sight: Sight, persons: readonly string[]): Condition {
  const pts = persons.map((id) => shardKey(id));
  return and([
    { op: 'person', pts },
    { op: 'seen', type, sight, only: 'granted' },
  ]);
}

/** True of rows that the reader or the reader's unit wrote or is named in, or of a visit at the unit; null when none can be. */
function ownTest(naming: Naming, sight: Sight, { r, person }: RowPlace, statement: Statement): string | null {
  const tests: string[] = [];
  const tokens = tokensOf(naming, sight);
  if (tokens.length > 0) tests.push(`${r}.tok && ${statement.int8s(tokens)}`);
  if (sight.unit !== null) {
    const number = statement.int4(organizationNumber(sight.unit));
    tests.push(`coalesce(${r}.org = ${number}, false)`);
    if (naming.encounters.length > 0) {
      const [e, n] = [statement.alias(), statement.alias()];
      const key = hashSql(`${n}.q || '|Encounter/' || ${e}.id`);
      const names = statement.texts(naming.encounters);
      tests.push(`${r}.tok && array(select ${key} from res ${e}, unnest(${names}) ${n} (q)
        where ${e}.pt = ${person} and ${e}.t = ${ENCOUNTER} and ${e}.org = ${number})`);
    }
  }
  return tests.length === 0 ? null : `(${tests.join(' or ')})`;
}
