/**
 * The messages that ask a statement (PostgreSQL frontend protocol: Bind, Execute, Sync) as one piece of bytes: a write of several pieces
 * costs the system more than what is in them. All columns are asked for in binary form.
 */

const BIND = 0x42;
/** Execute the nameless portal without a limit, then Sync. */
const EXECUTE_AND_SYNC = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0x53, 0, 0, 0, 4]);

/** @param name of a statement that the server knows; '' = the one that was parsed last */
export function askMessage(name: string, values: readonly unknown[]): Buffer {
  const parameters = values.map(parameterOf);
  const sizes = parameters.map((one) =>
    typeof one === 'string' ? Buffer.byteLength(one) : (one?.length ?? 0),
  );
  const nameSize = Buffer.byteLength(name);
  const content = sizes.reduce((sum, size) => sum + size, 0);
  const bindSize = 4 + 1 + nameSize + 1 + 2 + 2 * parameters.length + 2 + 4 * parameters.length + content + 4;
  const bytes = Buffer.allocUnsafe(1 + bindSize + EXECUTE_AND_SYNC.length);
  bytes[0] = BIND;
  let at = bytes.writeInt32BE(bindSize, 1);
  // The portal has no name.
  bytes[at++] = 0;
  at += bytes.write(name, at);
  bytes[at++] = 0;
  at = bytes.writeUInt16BE(parameters.length, at);
  for (const one of parameters) at = bytes.writeInt16BE(typeof one === 'string' ? 0 : 1, at);
  at = bytes.writeUInt16BE(parameters.length, at);
  for (const [i, one] of parameters.entries()) {
    at = bytes.writeInt32BE(one === null ? -1 : sizes[i]!, at);
    if (typeof one === 'string') at += bytes.write(one, at);
    else if (one !== null) at += one.copy(bytes, at);
  }
  at = bytes.writeInt16BE(1, at);
  at = bytes.writeInt16BE(1, at);
  EXECUTE_AND_SYNC.copy(bytes, at);
  return bytes;
}

/** A Buffer is a value in binary form, everything else its text. */
function parameterOf(value: unknown): string | Buffer | null {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? arrayText(value) : String(value);
}

/** An array of texts as PostgreSQL reads it. */
export function arrayText(values: readonly unknown[]): string {
  return `{${values.map((one) => (one === null ? 'NULL' : `"${String(one).replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}
