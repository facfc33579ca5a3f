/** A batch or transaction in the name of one actor. R4 http.html#transaction. */
import type { Actor } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import type { Entry, ParsedBundle } from '../bundle/entry.ts';
import { asFailure } from '../outcome.ts';
import type { WriteEntry } from './draft.ts';
import type { EntryAnswer, ReadEntry, WriteIntent } from './session.ts';
import { commitEntries, placeFailure, type WriteParts } from './writes.ts';

type AnswerRead = (entry: ReadEntry) => Promise<EntryAnswer>;

/**
 * Answers in the order of the entries. Within a transaction the writes are one commit (so that their order among each
 * other cannot be seen) and the reads follow; in a batch each entry stands alone and failures are answers.
 */
export async function runBundle(
  parts: WriteParts,
  actor: Actor,
  bundle: ParsedBundle,
  answerRead: AnswerRead,
): Promise<EntryAnswer[]> {
  return bundle.type === 'batch'
    ? runBatch(parts, actor, bundle, answerRead)
    : runTransaction(parts, actor, bundle.entries as Entry[], answerRead);
}

async function runTransaction(
  parts: WriteParts,
  actor: Actor,
  entries: Entry[],
  answerRead: AnswerRead,
): Promise<EntryAnswer[]> {
  const writes = entries.filter((entry) => entry.intent.do !== 'read');
  await tryReads(entries, answerRead);
  const results = writes.length === 0 ? [] : await commitEntries(parts, actor, writes.map(toWriteEntry));
  const written = results[Symbol.iterator]();
  const answers: EntryAnswer[] = [];
  for (const entry of entries) {
    if (entry.intent.do !== 'read') answers.push({ kind: 'written', result: written.next().value! });
    else answers.push(await answerRead(entry as ReadEntry).catch((error) => failed(error, entry)));
  }
  return answers;
}

/**
 * R4 http.html#transaction: accepted is a transaction only when every entry of it is, reads too. What it writes itself
 * cannot be read before; any other read is tried, and fails the whole by its place before anything is written.
 */
async function tryReads(entries: Entry[], answerRead: AnswerRead): Promise<void> {
  const written = new Set(
    entries.flatMap(({ intent }) =>
      'type' in intent && intent.id !== undefined ? [`${intent.type}/${intent.id}`] : [],
    ),
  );
  for (const entry of entries) {
    if (entry.intent.do !== 'read' || written.has(entry.intent.url.replace(/^\/|[?].*$/g, ''))) continue;
    const answer = await answerRead(entry as ReadEntry).catch((error) => failed(error, entry));
    if (answer.kind === 'failed') throw answer.failure;
  }
}

async function runBatch(
  parts: WriteParts,
  actor: Actor,
  bundle: ParsedBundle,
  answerRead: AnswerRead,
): Promise<EntryAnswer[]> {
  const answers: EntryAnswer[] = new Array(bundle.entries.length);
  for (const at of orderOfBatch(bundle.entries)) {
    const entry = bundle.entries[at]!;
    if (entry instanceof Failure) {
      answers[at] = { kind: 'failed', failure: entry };
      continue;
    }
    try {
      answers[at] =
        entry.intent.do === 'read'
          ? await answerRead(entry as ReadEntry)
          : { kind: 'written', result: (await commitEntries(parts, actor, [toWriteEntry(entry)]))[0]! };
    } catch (error) {
      answers[at] = failed(error, entry);
    }
  }
  return answers;
}

const RANK = { delete: 0, create: 1, update: 2, patch: 2, read: 3 } as const;

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
