/**
 * PostgreSQL's binary form of arrays (array_recv), so that a commit is one message without text escaping. The driver
 * passes a Buffer on as a binary parameter, whatever the parameter's type.
 *
 * Layout: dimensions, has-null flag, element type; then size and lower bound; then length and bytes of each element.
 */

const OID = { bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, float8: 701, timestamptz: 1184 } as const;

/** Milliseconds from the Unix epoch to 2000-01-01, PostgreSQL's zero. */
const EPOCH_2000 = 946_684_800_000;
const INFINITY = 0x7fffffffffffffffn;
const MINUS_INFINITY = -0x8000000000000000n;

const EMPTY = new Map<number, Buffer>(
  Object.values(OID).map((oid) => {
    const buffer = Buffer.alloc(12);
    buffer.writeInt32BE(oid, 8);
    return [oid, buffer];
  }),
);

function open(oid: number, count: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(20 + 4 * count + bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

/** `smallint[]` */
export function int2s(values: readonly number[]): Buffer {
  if (values.length === 0) return EMPTY.get(OID.int2)!;
  const buffer = open(OID.int2, values.length, 2 * values.length);
  let at = 20;
  for (const value of values) {
    at = buffer.writeInt32BE(2, at);
    at = buffer.writeInt16BE(value, at);
  }
  return buffer;
}

/** `integer[]`, null allowed. */
export function int4s(values: readonly (number | null)[]): Buffer {
  if (values.length === 0) return EMPTY.get(OID.int4)!;
  const buffer = open(OID.int4, values.length, 4 * values.length);
  let at = 20;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : 4, at);
    if (value !== null) at = buffer.writeInt32BE(value, at);
  }
  return buffer.subarray(0, at);
}

/** `bigint[]`, null allowed. */
export function int8s(values: readonly (bigint | null)[]): Buffer {
  if (values.length === 0) return EMPTY.get(OID.int8)!;
  const buffer = open(OID.int8, values.length, 8 * values.length);
  // The engine knows this call; Buffer's own makes garbage at every byte.
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  let at = 20;
  for (const value of values) {
    view.setInt32(at, value === null ? -1 : 8);
    at += 4;
    if (value === null) continue;
    view.setBigInt64(at, value);
    at += 8;
  }
  return buffer.subarray(0, at);
}

/** `double precision[]` */
export function float8s(values: readonly number[]): Buffer {
  if (values.length === 0) return EMPTY.get(OID.float8)!;
  const buffer = open(OID.float8, values.length, 8 * values.length);
  let at = 20;
  for (const value of values) {
    at = buffer.writeInt32BE(8, at);
    at = buffer.writeDoubleBE(value, at);
  }
  return buffer;
}

/** `timestamptz[]` of epoch milliseconds; ±Infinity are the open ends, null allowed. */
export function instants(values: readonly (number | null)[]): Buffer {
  if (values.length === 0) return EMPTY.get(OID.timestamptz)!;
  const buffer = open(OID.timestamptz, values.length, 8 * values.length);
  let at = 20;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : 8, at);
    if (value !== null) at = buffer.writeBigInt64BE(microseconds(value), at);
  }
  return buffer.subarray(0, at);
}

function microseconds(milliseconds: number): bigint {
  if (milliseconds === Number.POSITIVE_INFINITY) return INFINITY;
  if (milliseconds === Number.NEGATIVE_INFINITY) return MINUS_INFINITY;
  return BigInt(Math.round((milliseconds - EPOCH_2000) * 1000));
}

/** A `timestamptz` in its binary form as epoch milliseconds, with the microseconds behind the point; the open ends as ±Infinity. */
export function instantAt(bytes: Buffer, at: number): number {
  const high = bytes.readInt32BE(at);
  const low = bytes.readUInt32BE(at + 4);
  if (high === 0x7fffffff && low === 0xffffffff) return Number.POSITIVE_INFINITY;
  if (high === -0x80000000 && low === 0) return Number.NEGATIVE_INFINITY;
  return (high * 0x1_0000_0000 + low) / 1000 + EPOCH_2000;
}

/** `text[]`, null allowed. PostgreSQL has no character 0; it becomes the replacement character. */
export function texts(given: readonly (string | null)[]): Buffer {
  if (given.length === 0) return EMPTY.get(OID.text)!;
  const values = given.map((value) => (value?.includes('\0') ? value.replaceAll('\0', '\ufffd') : value));
  const sizes = values.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const buffer = open(
    OID.text,
    values.length,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  let at = 20;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    at = buffer.writeInt32BE(value === null ? -1 : sizes[i]!, at);
    if (value !== null) at += buffer.write(value, at);
  }
  return buffer;
}

/** `bytea[]`, null allowed. */
export function byteas(values: readonly (Buffer | null)[]): Buffer {
  if (values.length === 0) return EMPTY.get(OID.bytea)!;
  let bytes = 0;
  for (const value of values) bytes += value?.length ?? 0;
  const buffer = open(OID.bytea, values.length, bytes);
  let at = 20;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : value.length, at);
    if (value !== null) at += value.copy(buffer, at);
  }
  return buffer;
}

/** `{1,2,NULL}` as a driver result in text form → numbers (null stays null). */
export function parseNumbers(text: string): (number | null)[] {
  if (text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((item) => (item === 'NULL' ? null : Number(item)));
}
