/** A commit refused by the database because something else is there than was expected, told with both versions. */
import { Failure } from '../failure.ts';
import type { Resource } from '../fhir/types.ts';
import type { StoredVersion } from './contract.ts';
import { CREATE, type PreparedWrite } from './writes.ts';

export interface ConflictDetails {
  /** The version that is there now; null when there is none. */
  current: Resource | null;
  /** What was to be written; null for a delete. */
  yours: Resource | null;
}

/** Unique violation: a row of that key is there (schema/0046-plain-creates.sql). */
const TAKEN = '23505';
/** The tables of resources, whole or cut by person. */
const ROWS = /^(res|shared)(_|$)/;
/** Told in place of a number when some create is refused. */
const OF_A_CREATE = -1;

type Read = (ref: Pick<PreparedWrite, 'type' | 'id'>) => Promise<StoredVersion | null>;

/** The error of fhir_commit as a Failure; null when it is no conflict. */
export async function conflictOf(
  error: unknown,
  prepared: PreparedWrite[],
  read: Read,
): Promise<Failure | null> {
  const { code, message, table = '' } = error as { code?: string; message: string; table?: string };
  if (code === 'YB409') {
    return new Failure(
      'conflict',
      'Hai mã bản ghi khác nhau có cùng khóa lưu trữ. Hãy dùng mã khác cho bản ghi mới.',
      {
        textEn: 'Two ids share one storage key. Use another id for the new resource.',
        cause: error,
      },
    );
  }
  const isTaken = code === TAKEN && ROWS.test(table);
  if (code !== 'YB412' && !isTaken) return null;
  const found = await refused(isTaken ? OF_A_CREATE : Number(message), prepared, read);
  if (!found) return null;
  const { write, current } = found;
  const there = current && !current.deleted ? (JSON.parse(current.body.toString()) as Resource) : null;
  const name = `${write.type}/${write.id}`;
  const details: ConflictDetails = { current: there, yours: write.resource };
  return new Failure('version-conflict', sentence(name, write, current), {
    textEn: `${name} is now version ${current ? current.version : 'none'}${current?.deleted ? ' (deleted)' : ''}; the write expected ${expectation(write)}.`,
    details,
    cause: error,
  });
}

/** The write of that number; for a create whose id is taken the database does not say which. */
async function refused(n: number, prepared: PreparedWrite[], read: Read) {
  if (n >= 0) {
    const write = prepared.find((candidate) => candidate.n === n);
    return write ? { write, current: await read(write) } : null;
  }
  for (const write of prepared.filter((candidate) => candidate.op === CREATE)) {
    const current = await read(write);
    if (current) return { write, current };
  }
  return null;
}

function sentence(name: string, write: PreparedWrite, current: StoredVersion | null): string {
  if (!current || current.deleted) return `${name} không còn nữa. Hãy tải lại trước khi ghi.`;
  if (write.op === CREATE || write.expect === 0)
    return `${name} đã có sẵn (phiên bản ${current.version}). Hãy mở bản ghi đó để sửa.`;
  return `${name} vừa được người khác sửa (phiên bản ${current.version}, bạn sửa từ phiên bản ${write.expect}). Hãy xem bản mới rồi ghi lại.`;
}

function expectation(write: PreparedWrite): string {
  if (write.op === CREATE || write.expect === 0) return 'no such resource';
  return write.expect > 0 ? `version ${write.expect}` : 'any version';
}
