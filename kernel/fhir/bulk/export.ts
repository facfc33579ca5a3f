/**
 * An export: everything that a client may read of the types asked for, as NDJSON by type. It is read as a search is, page by
 * page in the client's name, so that policy and audit are those of every other reading.
 */
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { patientCompartmentParameters } from '../definitions/index.ts';
import { bodyBytes } from '../http/bundle-bytes.ts';
import type { Subset } from '../http/subset.ts';
import { readStoredJson } from '../json/read.ts';
import { CARRIERS, RENDERED, resourceTypes } from '../names.ts';
import { outcomeOf } from '../outcome.ts';
import type { FhirSession } from '../session/session.ts';
import type { Group, ResourceType } from '../types.ts';
import type { ExportAsk } from './export-ask.ts';
import type { ExportWriter } from './export-files.ts';

interface ExportParts {
  session: FhirSession;
  ask: ExportAsk;
  /** Epoch milliseconds up to which every commit is there to be read. */
  until: number;
  writer: ExportWriter;
  /** Tells how far it is; fails when nobody waits any more. */
  report(progress: string): Promise<void>;
}

const PIECE = 1_000;

/** Types to be exported. Fails with `forbidden` for a type that the client may not read in the whole province. */
export function exportedTypes(session: FhirSession, { types, level }: ExportAsk): ResourceType[] {
  const mayRead = (type: ResourceType) => session.reach('search', type) === 'province';
  const refused = types?.find((type) => !mayRead(type));
  if (refused) {
    throw new Failure('forbidden', `Bạn không được xuất ${refused} của cả tỉnh.`, {
      textEn: `You may not export ${refused} of the whole province.`,
      expression: '_type',
    });
  }
  const offered =
    types ?? resourceTypes.filter((type) => !CARRIERS.has(type) && !RENDERED.has(type) && mayRead(type));
  const chosen =
    level === 'system' ? offered : offered.filter((type) => level === 'group' || isOfPatient(type));
  if (chosen.length > 0) return [...new Set(chosen)];
  throw new Failure('forbidden', 'Không có loại dữ liệu nào mà bạn được xuất.', {
    textEn: 'There is no type that you may export.',
  });
}

const isOfPatient = (type: ResourceType) =>
  type === 'Patient' || patientCompartmentParameters(type).length > 0;

/** @param patients whose records; undefined = by type, everybody's */
export async function runExport(
  parts: ExportParts,
  types: readonly ResourceType[],
  patients: readonly string[] | undefined,
): Promise<void> {
  try {
    if (patients) await exportRecords(parts, types, patients);
    else for (const type of types) await exportType(parts, type);
    if (!patients && parts.ask.since !== undefined) await exportDeleted(parts, types);
  } finally {
    await parts.writer.close();
  }
}

async function exportType(parts: ExportParts, type: ResourceType): Promise<void> {
  const { session, ask, until, report } = parts;
  const bounds: [string, string][] = [['_lastUpdated', `le${new Date(until).toISOString()}`]];
  if (ask.since !== undefined) bounds.push(['_lastUpdated', `gt${new Date(ask.since).toISOString()}`]);
  const filters = ask.filters.get(type) ?? [[]];
  // A resource that matches two filters is told once.
  const told = filters.length > 1 ? new Set<string>() : null;
  let count = 0;
  for (const filter of filters) {
    let query: [string, string][] | null = [...filter, ...bounds, ['_count', String(PIECE)]];
    while (query) {
      const { matches, next } = await session.searchStored(type, query);
      const ofLevel = ask.level === 'patient' ? matches.filter(({ patient }) => patient !== null) : matches;
      const fresh = ofLevel.filter(({ id }) => !told?.has(id));
      for (const { id } of fresh) told?.add(id);
      await write(parts, fresh);
      count += fresh.length;
      await report(`${type}: ${count}`);
      query = next === undefined ? null : ([...new URLSearchParams(next)] as [string, string][]);
    }
  }
}

/** Records of single persons, with what they refer to outside themselves. */
async function exportRecords(
  parts: ExportParts,
  types: readonly ResourceType[],
  patients: readonly string[],
): Promise<void> {
  const shared = new Set<string>();
  for (const [at, id] of patients.entries()) {
    try {
      await exportRecord(parts, types, id, shared);
    } catch (error) {
      // Who was deleted or erased since is told, and the others are exported.
      if (!(error instanceof Failure) || !['not-found', 'gone'].includes(error.code)) throw error;
      await parts.writer.write('OperationOutcome', [Buffer.from(JSON.stringify(outcomeOf(error)))], 'error');
    }
    await parts.report(`${at + 1} / ${patients.length} Patient`);
  }
}

/** @param shared names of what belongs to nobody and was told with another record */
async function exportRecord(
  parts: ExportParts,
  types: readonly ResourceType[],
  id: string,
  shared: Set<string>,
): Promise<void> {
  const { session, ask, until } = parts;
  for await (const { matches, includes } of session.everything({ type: 'Patient', id, types })) {
    const outside =
      ask.level === 'group' ? includes.filter((one) => !shared.has(`${one.type}/${one.id}`)) : [];
    for (const one of outside) shared.add(`${one.type}/${one.id}`);
    const inTime = [...matches, ...outside].filter(({ lastUpdated }) => {
      const changed = Date.parse(lastUpdated);
      return changed <= until && (ask.since === undefined || changed > ask.since);
    });
    await write(parts, await filtered(parts, inTime));
  }
}

/** Those of the versions that match a filter of their type. */
async function filtered({ session, ask }: ExportParts, versions: StoredVersion[]): Promise<StoredVersion[]> {
  const kept = new Set<string>();
  for (const [type, filters] of ask.filters) {
    const ids = versions.filter((version) => version.type === type).map(({ id }) => id);
    for (let from = 0; from < ids.length; from += 200) {
      const some = ids.slice(from, from + 200).join(',');
      for (const filter of filters) {
        const { matches } = await session.searchStored(type, [...filter, ['_id', some], ['_count', '200']]);
        for (const { id } of matches) kept.add(`${type}/${id}`);
      }
    }
  }
  return versions.filter(({ type, id }) => !ask.filters.has(type) || kept.has(`${type}/${id}`));
}

async function write({ ask, writer }: ExportParts, versions: readonly StoredVersion[]): Promise<void> {
  for (const [type, some] of Map.groupBy(versions, (version) => version.type)) {
    const subset = subsetOf(ask, type);
    await writer.write(
      type,
      some.map((version) => bodyBytes(version, subset)),
    );
  }
}

function subsetOf({ elements = [] }: ExportAsk, type: ResourceType): Subset | null {
  const names = elements.flatMap((element) => {
    const [of, name] = element.split('.');
    return name === undefined ? [element] : of === type ? [name] : [];
  });
  return names.length === 0 ? null : { kind: 'elements', names };
}

/** What was deleted since: transactions that delete it, as the specification asks. */
async function exportDeleted(parts: ExportParts, types: readonly ResourceType[]): Promise<void> {
  const { session, ask, until, writer, report } = parts;
  const since = new Date(ask.since!).toISOString();
  let count = 0;
  for (const type of types) {
    const seen = new Set<string>();
    let before: string | undefined;
    do {
      const page = await session.historyStored({ type }, { count: PIECE, since, ...(before && { before }) });
      const entries = page.versions.flatMap(({ id, deleted, lastUpdated }) => {
        const isNewest = !seen.has(id);
        if (Date.parse(lastUpdated) > until) return [];
        seen.add(id);
        return isNewest && deleted ? [{ request: { method: 'DELETE', url: `${type}/${id}` } }] : [];
      });
      if (entries.length > 0) {
        const bundle = { resourceType: 'Bundle', type: 'transaction', entry: entries };
        await writer.write('Bundle', [Buffer.from(JSON.stringify(bundle))], 'deleted');
      }
      count += entries.length;
      before = page.next;
      await report(`${type}: deleted ${count}`);
    } while (before !== undefined);
  }
}

/** Persons of a Group that is asked for, or those of them that were named. Fails with `invalid-parameter` for others. */
export async function membersOf(
  session: FhirSession,
  group: string,
  { patients }: ExportAsk,
): Promise<string[]> {
  const { member = [] } = readStoredJson((await session.readStored('Group', group)).body) as Group;
  const ids = member.flatMap(({ entity, inactive }) => {
    const [, id] = /^Patient\/([^/]+)/.exec(entity?.reference ?? '') ?? [];
    return id === undefined || inactive ? [] : [id];
  });
  const stranger = patients?.find((id) => !ids.includes(id));
  if (stranger !== undefined) {
    throw new Failure('invalid-parameter', `Patient/${stranger} không thuộc nhóm Group/${group}.`, {
      textEn: `Patient/${stranger} is no member of Group/${group}.`,
      expression: 'patient',
    });
  }
  return [...new Set(patients ?? ids)];
}
