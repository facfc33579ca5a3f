/** The answer to a batch or transaction. Pure. R4 http.html#transaction-response. */
import { STATUS_CODES } from 'node:http';
import type { Issue } from '../../failure.ts';
import type { WriteResult } from '../../store/contract.ts';
import { versionTag } from '../names.ts';
import { goodOutcome, outcomeOf } from '../outcome.ts';
import type { EntryAnswer } from '../session/session.ts';
import { bundleBytes, type EntryBytes, responseEntry } from './bundle-bytes.ts';
import type { Prefer } from './demand.ts';

/**
 * @param prefer `minimal` when nothing was preferred: a Bundle's answer is short unless asked otherwise
 * @param notes what is told of each entry's write in any case
 */
export function responseBundle(
  type: 'batch' | 'transaction',
  answers: readonly EntryAnswer[],
  { base, prefer, notes = [] }: { base: string; prefer: Prefer['return']; notes?: readonly Issue[][] },
): Buffer {
  const entries = answers.map((answer, at) => entryOf(answer, prefer, notes[at] ?? []));
  return bundleBytes(
    `${type}-response`,
    base === '' ? {} : { links: [{ relation: 'self', url: base }] },
    entries,
  );
}

function entryOf(answer: EntryAnswer, prefer: Prefer['return'], notes: readonly Issue[]): EntryBytes {
  switch (answer.kind) {
    case 'failed': {
      const outcome = outcomeOf(answer.failure);
      return responseEntry({ status: statusText(answer.failure.status), outcome }, null);
    }
    case 'read': {
      const { status, etag, lastModified, body } = answer;
      return responseEntry(
        { status: statusText(status), ...(etag && { etag }), ...(lastModified && { lastModified }) },
        body,
      );
    }
    case 'called': {
      const { status, body } = answer;
      if (status < 400) return responseEntry({ status: statusText(status) }, body);
      const outcome = body === null ? {} : { outcome: JSON.parse(body.toString('utf8')) };
      return responseEntry({ status: statusText(status), ...outcome }, null);
    }
    case 'written':
      return writtenEntry(answer.result, prefer, notes);
  }
}

function writtenEntry(result: WriteResult, prefer: Prefer['return'], notes: readonly Issue[]): EntryBytes {
  const status = statusText(statusOfWrite(result));
  if (result.outcome === 'deleted') {
    const etag = result.version > 0 && { etag: versionTag(result.version) };
    const outcome = prefer === 'OperationOutcome' && { outcome: goodOutcome('Đã xóa.', 'Deleted.') };
    return responseEntry({ status, ...etag, ...outcome }, null);
  }
  const location = `${result.type}/${result.id}/_history/${result.version}`;
  const response = { status, location, etag: versionTag(result.version), lastModified: result.lastUpdated };
  const told = { ...response, outcome: goodOutcome('Đã ghi.', 'Written.', notes) };
  if (prefer === 'OperationOutcome') return responseEntry(told, null);
  return responseEntry(notes.length > 0 ? told : response, prefer === 'representation' ? result.body : null);
}

export function statusOfWrite({ outcome }: WriteResult): number {
  switch (outcome) {
    case 'created':
      return 201;
    case 'deleted':
      return 204;
    case 'updated':
    case 'matched':
    case 'unchanged':
      return 200;
  }
}

function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}
