/** What a reader sees (`../sight.ts`) of resources that are at hand: the same as `sight.ts` says in SQL. */
import type { Resource } from '../../fhir/types.ts';
import type { Codecs } from '../codecs.ts';
import { isSharedType } from '../compartment.ts';
import { type ConsentDecision, type ConsentRule, consentDecision, readRules } from '../consent/index.ts';
import type { StoredVersion } from '../contract.ts';
import { hash64 } from '../hash.ts';
import type { IndexRow } from '../index-row.ts';
import { Places } from '../locate.ts';
import { readMany, vread } from '../read.ts';
import { typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { maskOf, type Sight } from '../sight.ts';
import { extractIndexes } from './extract.ts';
import { organizationNumber, ownerOf } from './owner.ts';
import { asksConsent, ownTokens } from './sight.ts';
import { visitOwners, visitsOf } from './visit-owners.ts';

export interface SeenTools {
  db: Queryable;
  readMany(refs: { type: string; id: string }[]): Promise<StoredVersion[]>;
  vread(type: string, id: string, version: number): Promise<StoredVersion | null>;
}

/** Those of a search. */
export function seenTools({ codecs, db }: { codecs: Codecs; db: Queryable }): SeenTools {
  const tools = { codecs, places: new Places() };
  return {
    db,
    readMany: (refs) => readMany(tools, db, refs),
    vread: (type, id, version) => vread(tools, db, type, id, version),
  };
}

const NO_VISITS: ReadonlySet<string> = new Set();

/** What is to be found out of one version. */
interface Doubt {
  version: StoredVersion;
  person: string | null;
  resource: Resource;
  row: IndexRow;
}

/**
 * Which of the versions are seen. Asks nothing of the database for versions of which the row has said that they are neither
 * labelled nor ruled. A deleted version is what stood before it.
 */
export async function seenAmong(
  tools: SeenTools,
  versions: readonly StoredVersion[],
  sight: Sight,
): Promise<boolean[]> {
  const seen: boolean[] = new Array(versions.length);
  const doubts = new Map<number, Doubt>();
  for (const [at, version] of versions.entries()) {
    const sure = decidedAtOnce(version, sight);
    if (sure !== null) seen[at] = sure;
    else {
      const doubt = await doubtOf(tools, version);
      if (doubt) doubts.set(at, doubt);
      else seen[at] = true;
    }
  }
  if (doubts.size === 0) return seen;
  const rules = await rulesOf(tools.db, [...doubts.values()], sight);
  const owners = await visitOwners(tools.db, [...doubts.values()], rules);
  const judge = (doubt: Doubt, visits: ReadonlySet<string>) => {
    const said = saidOf(doubt, sight, rules.get(doubt.person ?? '') ?? [], owners.get(doubt) ?? []);
    return isSeen(doubt, sight, said, visits);
  };
  for (const [at, doubt] of doubts) seen[at] = judge(doubt, NO_VISITS);
  const closed = [...doubts].filter(([at]) => !seen[at]);
  if (closed.length === 0) return seen;
  const visits = await ownVisits(
    tools,
    closed.map(([, doubt]) => doubt),
    sight,
  );
  if (visits.size > 0) for (const [at, doubt] of closed) seen[at] = judge(doubt, visits);
  return seen;
}

function personOf({ type, id, patient }: StoredVersion): string | null {
  return type === 'Patient' ? id : patient;
}

/** Null when the resource itself must be looked at. */
function decidedAtOnce(version: StoredVersion, sight: Sight): boolean | null {
  const { type, sec } = version;
  const person = personOf(version);
  const { persons, common } = sight;
  if (persons !== undefined) {
    const isCommon = person === null && common?.has(type) === true;
    if (!isCommon && (person === null || !persons.includes(person))) return false;
  }
  const veil = veilOf(person, sight);
  if (veil !== 0)
    return sec === undefined ? null : (sec & veil) === 0 ? decidedByMask(version, sight) : false;
  return decidedByMask(version, sight);
}

/** Bits of the person's categories that are hidden from this reader alone. */
function veilOf(person: string | null, { veils = [] }: Sight): number {
  const own = person === null ? [] : veils.filter(({ persons }) => persons.includes(person));
  return own.reduce((bits, veil) => bits | veil.bits, 0);
}

function decidedByMask(version: StoredVersion, sight: Sight): boolean | null {
  const { type, sec, ruled } = version;
  const { opened } = sight;
  const person = personOf(version);
  if (person !== null && opened.includes(person)) return true;
  const { elsewhere } = maskOf(sight, type);
  const isUnmasked = elsewhere === 0 || (sec !== undefined && (sec & elsewhere) === 0);
  const isFree = !asksConsent(type, sight) || person === null || ruled === false;
  return isUnmasked && isFree ? true : null;
}

/** Null when nothing is left that could be hidden. */
async function doubtOf(tools: SeenTools, version: StoredVersion): Promise<Doubt | null> {
  const { type, id } = version;
  const told = version.deleted ? await tools.vread(type, id, version.version - 1) : version;
  if (!told || told.deleted) return null;
  const resource = JSON.parse(told.body.toString('utf8')) as Resource;
  const row = extractIndexes(resource);
  const sec = version.sec ?? row.sec;
  return { version, person: personOf(told), resource, row: { ...row, sec } };
}

async function rulesOf(db: Queryable, doubts: readonly Doubt[], sight: Sight) {
  if (sight.reader === undefined) return new Map<string, ConsentRule[]>();
  const persons = doubts.flatMap(({ version, person }) =>
    person !== null && !isSharedType(version.type) && version.ruled !== false ? [person] : [],
  );
  return readRules(db, [...new Set(persons)], new Date(sight.reader.now));
}

/** Names of the visits of the doubtful that are at the reader's unit, with their person: `Encounter/x of y`. */
async function ownVisits(tools: SeenTools, doubts: readonly Doubt[], sight: Sight): Promise<Set<string>> {
  const found = new Set<string>();
  if (sight.unit === null) return found;
  const ids = doubts
    .filter(({ version, row }) => (row.sec & maskOf(sight, version.type).elsewhere) !== 0)
    .flatMap(({ resource }) => visitsOf(resource));
  if (ids.length === 0) return found;
  const number = organizationNumber(sight.unit);
  for (const visit of await tools.readMany([...new Set(ids)].map((id) => ({ type: 'Encounter', id })))) {
    const resource = JSON.parse(visit.body.toString('utf8')) as Resource;
    if (ownerOf(resource) === number) found.add(`${visit.id} of ${visit.patient}`);
  }
  return found;
}

/** @param visits owners of the visits of a resource without an owner */
function saidOf(
  { version, person, row }: Doubt,
  { reader }: Sight,
  rules: readonly ConsentRule[],
  visits: readonly number[],
): ConsentDecision {
  const { type, id } = version;
  if (reader === undefined || person === null || isSharedType(type)) return 'none';
  const subject = { ...row, visits, t: typeNumber(type)!, idh: hash64(`${type}/${id}`) };
  return consentDecision(rules, reader, subject, reader.now);
}

function isSeen(
  { version, person, resource, row }: Doubt,
  sight: Sight,
  said: ConsentDecision,
  visits: ReadonlySet<string>,
): boolean {
  const { type } = version;
  if ((row.sec & veilOf(person, sight)) !== 0 || said === 'hidden') return false;
  const { elsewhere, own } = maskOf(sight, type);
  if ((row.sec & elsewhere) === 0 || said === 'granted') return true;
  if (own === elsewhere || (row.sec & own) !== 0) return false;
  const tokens = ownTokens(type, sight);
  if (row.tok.some((token) => tokens.includes(token))) return true;
  if (sight.unit === null) return false;
  return (
    row.org === organizationNumber(sight.unit) ||
    visitsOf(resource).some((visit) => visits.has(`${visit} of ${person}`))
  );
}
