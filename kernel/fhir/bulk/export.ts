/**
 * An export: everything that a client may read of the types asked for, as NDJSON by type. It is read as a search is, page by
 * page in the client's name, so that policy and audit are those of every other reading.
 */
import { personOf } from '../../access/guard.ts';
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { patientCompartmentParameters } from '../definitions/index.ts';
import { bodyBytes } from '../http/bundle-bytes.ts';
import type { Subset } from '../http/subset.ts';
import { CARRIERS, RENDERED, resourceTypes } from '../names.ts';
import { addMentioned, type Mentioned } from '../operations/mentioned.ts';
import { outcomeOf } from '../outcome.ts';
import type { FhirSession } from '../session/session.ts';
import type { ResourceType } from '../types.ts';
import { withAbsoluteAttachments } from './attachments.ts';
import type { ExportAsk } from './export-ask.ts';
import type { ExportWriter } from './export-files.ts';
import { aboutPersons } from './provenance.ts';

export interface ExportParts {
  session: FhirSession;
  ask: ExportAsk;
  /** Types that come out. */
  types: readonly ResourceType[];
  /** `http://host/fhir` */
  base: string;
  /** Epoch milliseconds up to which every commit is there to be read. */
  until: number;
  writer: ExportWriter;
  /** Tells how far it is; fails when nobody waits any more. */
  report(progress: string): Promise<void>;
}

export const PIECE = 1_000;
/** Ids in one search. */
export const AT_ONCE = 200;

/**
 * Types to be exported.
 * @throws Failure `forbidden` for a type that the client may not read in the whole province, `invalid-parameter` when persons'
 * records are asked for and no type belongs to a person
 */
export function exportedTypes(session: FhirSession, { types, level }: ExportAsk): ResourceType[] {
  const mayRead = (type: ResourceType) => session.reach('search', type) === 'province';
  const refused = types?.find((type) => !mayRead(type));
  if (refused) {
    throw new Failure('forbidden', `Bạn không được xuất ${refused} của cả tỉnh.`, {
      textEn: `You may not export ${refused} of the whole province.`,
      expression: '_type',
    });
  }
  if (types !== undefined && level === 'patient' && !types.some(isOfPatient)) throw ofNobody(types);
  const offered =
    types ?? resourceTypes.filter((type) => !CARRIERS.has(type) && !RENDERED.has(type) && mayRead(type));
  const chosen = types === undefined && level === 'patient' ? offered.filter(isOfPatient) : offered;
  if (chosen.length > 0) return [...new Set(chosen)];
  throw new Failure('forbidden', 'Không có loại dữ liệu nào mà bạn được xuất.', {
    textEn: 'There is no type that you may export.',
  });
}

export const isOfPatient = (type: ResourceType) =>
  type === 'Patient' || patientCompartmentParameters(type).length > 0;

/** Fails with `invalid-parameter` when one of the persons that were named is not here (Bulk Data Access 2.0, "patient"). */
export async function checkPatients(session: FhirSession, patients: readonly string[]): Promise<void> {
  const unknown = new Set(patients);
  for (let from = 0; from < patients.length; from += AT_ONCE) {
    const ids = patients.slice(from, from + AT_ONCE).join(',');
    const query: [string, string][] = [
      ['_id', ids],
      ['_count', String(AT_ONCE)],
    ];
    for (const { id } of (await session.searchStored('Patient', query)).matches) unknown.delete(id);
  }
  const [first] = unknown;
  if (first === undefined) return;
  throw new Failure('invalid-parameter', `Không có Patient/${first} ở đây.`, {
    textEn: `There is no Patient/${first} here.`,
    expression: 'patient',
  });
}

/** By type, everybody's. */
export async function exportTypes(parts: ExportParts): Promise<void> {
  const { ask, types } = parts;
  const isPatientLevel = ask.level === 'patient';
  const outside = new Set(isPatientLevel ? types.filter((type) => !isOfPatient(type)) : []);
  const mentioned = new Map<string, Mentioned>();
  for (const type of types) {
    if (outside.has(type)) continue;
    await exportType(parts, type, async (versions) => {
      const kept = isPatientLevel ? await ofPersons(parts, type, versions) : versions;
      if (outside.size > 0) noticeMentioned(kept, outside, mentioned);
      return kept;
    });
  }
  for (const type of outside) {
    const ids = [...mentioned.values()].filter((one) => one.type === type).map(({ id }) => id);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some: [string, string] = ['_id', ids.slice(from, from + AT_ONCE).join(',')];
      await exportType(parts, type, async (versions) => versions, [some]);
    }
  }
}

async function ofPersons(
  { session }: ExportParts,
  type: ResourceType,
  versions: readonly StoredVersion[],
): Promise<StoredVersion[]> {
  const own = versions.filter((version) => personOf(version) !== null);
  if (type !== 'Provenance') return own;
  const shared = versions.filter((version) => personOf(version) === null);
  return [...own, ...(await aboutPersons(session, shared))];
}

/** What the resources refer to, of the types; ids of others are forgotten, so that a province does not fill the memory. */
function noticeMentioned(
  versions: readonly StoredVersion[],
  types: ReadonlySet<string>,
  mentioned: Map<string, Mentioned>,
): void {
  for (const { body } of versions) {
    const named = new Map<string, Mentioned>();
    addMentioned(body, named);
    for (const [name, one] of named) if (types.has(one.type)) mentioned.set(name, one);
  }
}

/** @param keep which of a page come out */
async function exportType(
  parts: ExportParts,
  type: ResourceType,
  keep: (versions: StoredVersion[]) => Promise<StoredVersion[]>,
  more: [string, string][] = [],
): Promise<void> {
  const { session, ask, report } = parts;
  const filters = ask.filters.get(type) ?? [[]];
  // A resource that matches two filters is told once.
  const told = filters.length > 1 ? new Set<string>() : null;
  let count = 0;
  for (const filter of filters) {
    let query: [string, string][] | null = [...filter, ...more, ...bounds(parts), ['_count', String(PIECE)]];
    while (query) {
      const { matches, next } = await session.searchStored(type, query);
      const fresh = await keep(matches.filter(({ id }) => !told?.has(id)));
      for (const { id } of fresh) told?.add(id);
      await writeVersions(parts, fresh);
      count += fresh.length;
      await report(`${type}: ${count}`);
      query = next === undefined ? null : ([...new URLSearchParams(next)] as [string, string][]);
    }
  }
}

/** The time of an export as a search asks for it. */
export function bounds({ ask, until }: ExportParts): [string, string][] {
  const list: [string, string][] = [['_lastUpdated', `le${new Date(until).toISOString()}`]];
  if (ask.since !== undefined) list.push(['_lastUpdated', `gt${new Date(ask.since).toISOString()}`]);
  return list;
}

/** Writes versions to the files of their types, with the elements that were asked for. */
export async function writeVersions(
  { ask, types, base, writer }: ExportParts,
  versions: readonly StoredVersion[],
): Promise<void> {
  const hasBinary = types.includes('Binary');
  for (const [type, some] of Map.groupBy(versions, (version) => version.type)) {
    const subset = subsetOf(ask, type);
    const bytes = some.map((version) => bodyBytes(version, subset));
    await writer.write(type, hasBinary ? bytes : bytes.map((body) => withAbsoluteAttachments(body, base)));
  }
}

/** Tells in the error files what went wrong, or was left out, without ending the export. */
export async function writeFailure(writer: ExportWriter, failure: Failure): Promise<void> {
  await writer.write('OperationOutcome', [Buffer.from(JSON.stringify(outcomeOf(failure)))], 'error');
}

function subsetOf({ elements = [] }: ExportAsk, type: ResourceType): Subset | null {
  const names = elements.flatMap((element) => {
    const [of, name] = element.split('.');
    return name === undefined ? [element] : of === type ? [name] : [];
  });
  return names.length === 0 ? null : { kind: 'elements', names };
}

function ofNobody([type]: readonly ResourceType[]): Failure {
  return new Failure('invalid-parameter', `_type=${type}: không loại nào được hỏi thuộc hồ sơ một người.`, {
    textEn: `_type=${type}: no type that is asked for belongs to a person's record. Ask at system level.`,
    expression: '_type',
  });
}
