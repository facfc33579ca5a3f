/** A batch or transaction in the name of one actor. R4 http.html#transaction. */
import { Failure } from '../../failure.ts';
import type { Entry, ParsedBundle } from '../bundle/entry.ts';
import { asFailure } from '../outcome.ts';
import type { WriteEntry } from './draft.ts';
import { placeFailure } from './place.ts';
import { probeOf } from './probe.ts';
import type { AnswerRead, EntryAnswer, FhirSession, ReadEntry, WriteDemand, WriteIntent } from './session.ts';
import { commitEntries, type WriteParts } from './writes.ts';

/**
 * Answers in the order of the entries. Within a transaction the writes are one commit (so that their order among each
 * other cannot be seen) and the reads follow; in a batch each entry stands alone and failures are answers.
 */
export async function runBundle(
  parts: WriteParts,
  session: FhirSession,
  bundle: ParsedBundle,
  answerRead: AnswerRead,
  demand: WriteDemand = {},
): Promise<EntryAnswer[]> {
  const read: AnswerRead = async (entry, within) => {
    const answer = await answerRead(entry, within);
    return entry.method === 'HEAD' && answer.kind === 'read' ? { ...answer, body: null } : answer;
  };
  return bundle.type === 'batch'
    ? runBatch(parts, session, bundle, read, demand)
    : runTransaction(parts, session, bundle.entries as Entry[], read, demand);
}

async function runTransaction(
  parts: WriteParts,
  session: FhirSession,
  entries: Entry[],
  answerRead: AnswerRead,
  demand: WriteDemand = {},
): Promise<EntryAnswer[]> {
  const writes = entries.filter((entry) => entry.intent.do !== 'read');
  if (writes.length === 0) return answerAll(entries, (entry) => answerRead(entry, session));
  const written = addressesOf(writes);
  const others = entries.filter(({ intent }) => intent.do === 'read' && !written.has(addressOf(intent.url)));
  const probe = probeOf(parts, session.actor, session);
  await answerAll(others, (entry) => answerRead(entry, probe));
  const results = await commitEntries(parts, session.actor, writes.map(toWriteEntry), demand);
  const next = results[Symbol.iterator]();
  const reads = entries.filter((entry) => entry.intent.do === 'read');
  const read = (await inSlices(reads, (entry) => answerOf(entry, answerRead, session)))[Symbol.iterator]();
  return entries.map((entry) =>
    entry.intent.do === 'read' ? read.next().value! : { kind: 'written', result: next.next().value! },
  );
}

/** Reads of one Bundle that are answered at the same time: the record answers them together. */
const READ_AT_ONCE = 16;

/** What `act` gives for each, in their order. */
async function inSlices<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < all.length; from += READ_AT_ONCE)
    done.push(...(await Promise.all(all.slice(from, from + READ_AT_ONCE).map(act))));
  return done;
}

/** A failure of the read is its answer. */
function answerOf(entry: Entry, answerRead: AnswerRead, session: FhirSession): Promise<EntryAnswer> {
  return answerRead(entry as ReadEntry, session).catch((error) => failed(error, entry));
}

/**
 * R4 http.html#transaction: accepted is a transaction only when every entry of it is, reads too. The first that fails
 * fails the whole by its place; what the transaction writes itself cannot be read before and is left out by the caller.
 */
async function answerAll(
  entries: readonly Entry[],
  answer: (entry: ReadEntry) => Promise<EntryAnswer>,
): Promise<EntryAnswer[]> {
  const tried = (entry: Entry) => answer(entry as ReadEntry).catch((error) => failed(error, entry));
  const answers = await inSlices(entries, tried);
  for (const given of answers) if (given.kind === 'failed') throw given.failure;
  return answers;
}

function addressesOf(writes: readonly Entry[]): Set<string> {
  return new Set(
    writes.flatMap(({ intent }) =>
      'type' in intent && intent.id !== undefined ? [`${intent.type}/${intent.id}`] : [],
    ),
  );
}

/** `Patient/x` of `Patient/x`, of its history and of its compartment. */
function addressOf(url: string): string {
  return url
    .replace(/^\/|\?.*$/gs, '')
    .split('/')
    .slice(0, 2)
    .join('/');
}

async function runBatch(
  parts: WriteParts,
  session: FhirSession,
  bundle: ParsedBundle,
  answerRead: AnswerRead,
  demand: WriteDemand = {},
): Promise<EntryAnswer[]> {
  const answers: EntryAnswer[] = new Array(bundle.entries.length);
  const reads: { at: number; entry: Entry }[] = [];
  for (const at of orderOfBatch(bundle.entries)) {
    const entry = bundle.entries[at]!;
    if (entry instanceof Failure) answers[at] = { kind: 'failed', failure: entry };
    else if (entry.intent.do === 'read') reads.push({ at, entry });
    else if (entry.intent.do === 'call') answers[at] = await answerOf(entry, answerRead, session);
    else answers[at] = await written(parts, session, entry, demand);
  }
  await inSlices(reads, async ({ at, entry }) => {
    answers[at] = await answerOf(entry, answerRead, session);
  });
  return answers;
}

/** A failure of the write is its answer. */
async function written(
  parts: WriteParts,
  session: FhirSession,
  entry: Entry,
  demand: WriteDemand,
): Promise<EntryAnswer> {
  try {
    const [result] = await commitEntries(parts, session.actor, [toWriteEntry(entry)], demand);
    return { kind: 'written', result: result! };
  } catch (error) {
    return failed(error, entry);
  }
}

const RANK = { delete: 0, create: 1, call: 1, update: 2, patch: 2, read: 3 } as const;

/** DELETE, POST, PUT and PATCH, GET; within a group as they stand. */
export function orderOfBatch(entries: readonly (Entry | Failure)[]): number[] {
  const rank = (at: number) => {
    const entry = entries[at]!;
    return entry instanceof Failure ? 0 : RANK[entry.intent.do];
  };
  return [...entries.keys()].sort((a, b) => rank(a) - rank(b) || a - b);
}

function toWriteEntry({ index, fullUrl, intent }: Entry): WriteEntry {
  return {
    place: `Bundle.entry[${index}]`,
    intent: intent as WriteIntent,
    ...(fullUrl === undefined ? {} : { fullUrl }),
  };
}

/** What is none of our failures is a defect and goes up. */
function failed(error: unknown, entry: Entry): EntryAnswer {
  const failure = asFailure(error);
  if (failure === null) throw error;
  return { kind: 'failed', failure: placeFailure(failure, `Bundle.entry[${entry.index}]`) };
}
