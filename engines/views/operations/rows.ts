/**
 * Rows of a view over the record, read in the name of who asks: page by page like any search or record, so that policy and
 * audit are those of every other reading, and memory holds one page.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../../../kernel/failure.ts';
import { groupMembers } from '../../../kernel/fhir/bulk/group-members.ts';
import { readStoredJson } from '../../../kernel/fhir/json/read.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import type { StoredVersion } from '../../../kernel/store/contract.ts';
import { compileView } from '../compile.ts';
import type { ViewDefinition } from '../view-table.ts';
import type { ViewAsk } from './ask.ts';

export interface Rows {
  /** Of one page; values in the order of the view's columns. */
  rows: unknown[][];
  /** Resources seen so far. */
  seen: number;
}

const PAGE = 1_000;
/** Rows that are held before they go on. */
const MOST_HELD = 10_000;

/** What the evaluation of a run may cost altogether, and how long it keeps others waiting. */
const MOST_MS = 60_000;
const TURN_MS = 20;

/**
 * @param until only what was changed then or before, epoch milliseconds
 * @param most milliseconds that the evaluation may take altogether
 * @throws Failure of the view, the policy or the resource; `too-large` when it takes longer
 */
export async function* rowsOf(
  session: FhirSession,
  view: ViewDefinition,
  ask: Pick<ViewAsk, 'resources' | 'patients' | 'groups' | 'since' | 'limit'>,
  { until, most = MOST_MS }: { until?: number; most?: number } = {},
): AsyncGenerator<Rows> {
  const compiled = compileView(view);
  let left = ask.limit ?? Number.POSITIVE_INFINITY;
  let seen = 0;
  let spent = 0;
  let pausedAt = 0;
  for await (const resources of resourcesOf(session, view, ask, until)) {
    let rows: unknown[][] = [];
    for (const resource of resources) {
      if (rows.length >= left) break;
      const from = performance.now();
      for (const row of compiled.rows(resource)) rows.push(row);
      spent += performance.now() - from;
      if (spent > most) throw tooLong(most);
      // Others are answered between the resources of a slow view.
      if (spent > pausedAt + TURN_MS) {
        pausedAt = spent;
        await turn();
      }
      // One resource may give very many rows: no more of them are held than these and its own.
      if (rows.length < MOST_HELD || rows.length >= left) continue;
      left -= rows.length;
      yield { rows, seen };
      rows = [];
    }
    if (rows.length > left) rows.length = left;
    left -= rows.length;
    seen += resources.length;
    yield { rows, seen };
    if (left === 0) return;
  }
}

async function* resourcesOf(
  session: FhirSession,
  view: ViewDefinition,
  ask: Parameters<typeof rowsOf>[2],
  until: number | undefined,
): AsyncGenerator<Resource[]> {
  if (ask.resources) {
    yield ask.resources.filter((one) => since(one, ask.since));
    return;
  }
  const patients = await personsOf(session, ask);
  if (patients === null) yield* ofType(session, view, ask.since, until);
  else for (const id of patients) yield* ofPerson(session, view, id, ask.since, until);
}

function since({ meta }: Resource, from: number | undefined): boolean {
  return from === undefined || meta?.lastUpdated === undefined || Date.parse(meta.lastUpdated) >= from;
}

/** Null for everybody. */
async function personsOf(
  session: FhirSession,
  { patients, groups }: Pick<ViewAsk, 'patients' | 'groups'>,
): Promise<Set<string> | null> {
  if (patients.length === 0 && groups.length === 0) return null;
  const all = new Set(patients);
  for (const group of groups) for (const id of await groupMembers(session, group, Date.now())) all.add(id);
  return all;
}

async function* ofType(
  session: FhirSession,
  view: ViewDefinition,
  from: number | undefined,
  until: number | undefined,
): AsyncGenerator<Resource[]> {
  const bounds: [string, string][] = [];
  if (from !== undefined) bounds.push(['_lastUpdated', `ge${new Date(from).toISOString()}`]);
  if (until !== undefined) bounds.push(['_lastUpdated', `le${new Date(until).toISOString()}`]);
  let query: [string, string][] | null = [...bounds, ['_count', String(PAGE)]];
  while (query) {
    const { matches, next } = await session.searchStored(view.resource, query);
    yield matches.map(parsed);
    query = next === undefined ? null : ([...new URLSearchParams(next)] as [string, string][]);
  }
}

/** What of the type lies in a person's record. */
async function* ofPerson(
  session: FhirSession,
  view: ViewDefinition,
  id: string,
  from: number | undefined,
  until: number | undefined,
): AsyncGenerator<Resource[]> {
  for await (const { matches } of session.everything({ type: 'Patient', id, types: [view.resource] })) {
    const mine = matches.filter(({ type, lastUpdated }) => {
      const at = Date.parse(lastUpdated);
      return (
        type === view.resource && (from === undefined || at >= from) && (until === undefined || at <= until)
      );
    });
    yield mine.map(parsed);
  }
}

function tooLong(most: number): Failure {
  return new Failure(
    'too-large',
    `Khung nhìn tốn hơn ${most / 1000} giây tính toán. Hãy viết gọn hơn, hoặc thu hẹp dữ liệu.`,
    {
      textEn: `The view takes more than ${most / 1000} seconds of computing: write it narrower, or ask for less.`,
    },
  );
}

const parsed = ({ body }: StoredVersion) => readStoredJson(body) as Resource;
