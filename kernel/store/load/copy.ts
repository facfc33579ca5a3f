/**
 * Rows in PostgreSQL's binary COPY format (COPY, "Binary Format"): the signature, for each row the number of its fields
 * and for each field its length and bytes, and -1 at the end.
 */

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const INT8 = 20;
/** Milliseconds from the Unix epoch to 2000-01-01, PostgreSQL's zero. */
const EPOCH_2000 = 946_684_800_000;
const INFINITY = 0x7fffffffffffffffn;
const MINUS_INFINITY = -0x8000000000000000n;

export class CopyRows {
  readonly #fields: number;
  #buffer: Buffer;
  #at = 0;
  rows = 0;

  /** @param fields columns of a row */
  constructor(fields: number, size = 1 << 16) {
    this.#fields = fields;
    this.#buffer = Buffer.allocUnsafe(size);
    this.#at = SIGNATURE.copy(this.#buffer);
    this.#at = this.#buffer.writeInt32BE(0, this.#at);
    this.#at = this.#buffer.writeInt32BE(0, this.#at);
  }

  /** Begins a row; the columns follow in order. */
  row(): this {
    this.#room(2);
    this.#at = this.#buffer.writeInt16BE(this.#fields, this.#at);
    this.rows += 1;
    return this;
  }

  int2(value: number): this {
    this.#length(2);
    this.#at = this.#buffer.writeInt16BE(value, this.#at);
    return this;
  }

  int4(value: number | null): this {
    if (value === null) return this.#null();
    this.#length(4);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
    return this;
  }

  int8(value: bigint | null): this {
    if (value === null) return this.#null();
    this.#length(8);
    this.#at = this.#buffer.writeBigInt64BE(value, this.#at);
    return this;
  }

  float8(value: number): this {
    this.#length(8);
    this.#at = this.#buffer.writeDoubleBE(value, this.#at);
    return this;
  }

  /** Epoch milliseconds; ±Infinity are the open ends. */
  instant(value: number | null): this {
    if (value === null) return this.#null();
    if (value === Number.POSITIVE_INFINITY) return this.int8(INFINITY);
    if (value === Number.NEGATIVE_INFINITY) return this.int8(MINUS_INFINITY);
    return this.int8(BigInt(Math.round((value - EPOCH_2000) * 1000)));
  }

  /** PostgreSQL has no character 0; it becomes the replacement character. */
  text(value: string): this {
    const text = value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
    this.#room(4 + 3 * text.length);
    const size = this.#buffer.write(text, this.#at + 4);
    this.#buffer.writeInt32BE(size, this.#at);
    this.#at += 4 + size;
    return this;
  }

  bytea(value: Buffer): this {
    this.#length(value.length);
    this.#at += value.copy(this.#buffer, this.#at);
    return this;
  }

  int8s(values: readonly bigint[]): this {
    this.#length(values.length === 0 ? 12 : 20 + 12 * values.length);
    const buffer = this.#buffer;
    let at = buffer.writeInt32BE(values.length === 0 ? 0 : 1, this.#at);
    at = buffer.writeInt32BE(0, at);
    at = buffer.writeInt32BE(INT8, at);
    if (values.length > 0) {
      at = buffer.writeInt32BE(values.length, at);
      at = buffer.writeInt32BE(1, at);
      for (const value of values) {
        at = buffer.writeInt32BE(8, at);
        at = buffer.writeBigInt64BE(value, at);
      }
    }
    this.#at = at;
    return this;
  }

  /** The whole message; nothing may be added afterwards. */
  end(): Buffer {
    this.#room(2);
    this.#at = this.#buffer.writeInt16BE(-1, this.#at);
    return this.#buffer.subarray(0, this.#at);
  }

  #null(): this {
    this.#room(4);
    this.#at = this.#buffer.writeInt32BE(-1, this.#at);
    return this;
  }

  #length(bytes: number): void {
    this.#room(4 + bytes);
    this.#at = this.#buffer.writeInt32BE(bytes, this.#at);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
