/** What can go wrong between the program and PostgreSQL, as failures with a sentence. */
import { Failure } from '../failure.ts';

interface DatabaseError extends Error {
  code?: string;
}

const UNAVAILABLE = () => ({
  code: 'database-unavailable' as const,
  text: 'Cơ sở dữ liệu tạm thời không phản hồi. Chưa có gì được ghi dở dang; hãy thử lại sau ít giây.',
  textEn:
    'The database does not answer for the moment. Nothing was half-written; try again in a few seconds.',
});
const DISK_FULL = () => ({
  code: 'disk-full' as const,
  text: 'Ổ đĩa của máy chủ đã đầy nên chưa ghi được. Hãy báo quản trị viên giải phóng chỗ trống rồi ghi lại.',
  textEn:
    'The disk of the server is full, nothing was written. Ask the administrator to free space, then try again.',
});
const OVERLOADED = () => ({
  code: 'overloaded' as const,
  text: 'Máy chủ đang quá tải, chưa ghi gì. Hãy thử lại sau ít giây.',
  textEn: 'The server is overloaded, nothing was written. Try again in a few seconds.',
});

type Told = typeof UNAVAILABLE | typeof DISK_FULL | typeof OVERLOADED;

/** SQLSTATE classes: 08 connection, 57P shutdown, 53 resources. */
const BY_SQLSTATE: Record<string, Told> = {
  '53100': DISK_FULL,
  '53200': OVERLOADED,
  '53300': OVERLOADED,
  '53400': OVERLOADED,
  '55P03': OVERLOADED,
  '57014': OVERLOADED,
  '25006': UNAVAILABLE,
};

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** True when the connection, not the statement, is at fault; a read may simply be tried again. */
export function isConnectionFault(error: unknown): boolean {
  const { code, message } = error as DatabaseError;
  if (code !== undefined) return NETWORK.has(code) || /^(08|57P)/.test(code);
  return /Connection terminated|Client has encountered a connection error|not queryable|timeout exceeded when trying/.test(
    message ?? '',
  );
}

/** An error of the driver as a Failure; anything that is no fault of the database's surroundings comes back as it is. */
export function faultOf(error: unknown): unknown {
  if (error instanceof Failure) return error;
  const { code, message } = error as DatabaseError;
  const told = (code && BY_SQLSTATE[code]) || (isConnectionFault(error) ? UNAVAILABLE : undefined);
  if (!told) return error;
  const isQueueTimeout = code === undefined && /timeout exceeded when trying/.test(message);
  return asFailure(isQueueTimeout ? OVERLOADED() : told(), error);
}

/** Too many requests wait already. */
export const overloaded = (): Failure => asFailure(OVERLOADED());

/** The database has stopped because its disk is full. */
export const noRoom = (cause: unknown): Failure => asFailure(DISK_FULL(), cause);

function asFailure({ code, text, textEn }: ReturnType<Told>, cause?: unknown): Failure {
  return new Failure(code, text, { textEn, cause });
}
