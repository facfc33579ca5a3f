/**
 * Rows in PostgreSQL's binary form, read where their bytes came in. The driver asks for text: there a body is twice as long, an
 * instant is reckoned in decimals, and every value is a string first. Only the rows go past the driver; everything else of the
 * conversation stays its own.
 */
import type pg from 'pg';
import { askMessage } from './bind.ts';
import type { Queryable } from './rows.ts';
import { instantAt } from './wire.ts';

/** A statement whose columns the caller knows. */
export interface BinaryQuestion {
  name?: string;
  text: string;
  values: unknown[];
}

/** The columns of one row, asked for in their order and by their types. Valid until the next row. */
export class BinaryRow {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /** @param at where the first column begins: its length, then its bytes */
  begin(bytes: Buffer, at: number): this {
    this.#bytes = bytes;
    this.#at = at;
    return this;
  }

  /** `smallint` or `integer`, never null. */
  integer(): number {
    const size = this.#open();
    const value = size === 2 ? this.#bytes.readInt16BE(this.#at) : this.#bytes.readInt32BE(this.#at);
    this.#at += size;
    return value;
  }

  /** `boolean`, never null. */
  boolean(): boolean {
    const size = this.#open();
    this.#at += size;
    return this.#bytes[this.#at - size] === 1;
  }

  /** `bigint`, never null. */
  bigint(): bigint {
    const size = this.#open();
    const value = this.#bytes.readBigInt64BE(this.#at);
    this.#at += size;
    return value;
  }

  /** `double precision` */
  float(): number | null {
    const size = this.#open();
    if (size < 0) return null;
    const value = this.#bytes.readDoubleBE(this.#at);
    this.#at += size;
    return value;
  }

  /** `timestamptz` as epoch milliseconds; ±Infinity are the open ends. */
  instant(): number | null {
    const size = this.#open();
    if (size < 0) return null;
    const value = instantAt(this.#bytes, this.#at);
    this.#at += size;
    return value;
  }

  text(): string | null {
    const size = this.#open();
    if (size < 0) return null;
    this.#at += size;
    return this.#bytes.toString('utf8', this.#at - size, this.#at);
  }

  /** A text of ASCII letters alone, as ids are. */
  id(): string | null {
    const size = this.#open();
    if (size < 0) return null;
    this.#at += size;
    return this.#bytes.toString('latin1', this.#at - size, this.#at);
  }

  /** `bytea`: a window of what was received, to be read at once and not to be kept. */
  bytes(): Buffer | null {
    const size = this.#open();
    if (size < 0) return null;
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  /** Length of the next column; -1 = null. */
  #open(): number {
    const size = this.#bytes.readInt32BE(this.#at);
    this.#at += 4;
    return size;
  }
}

/**
 * The rows of a statement. Fails as `db.query` does.
 * @param read makes a row of its columns
 */
export async function binaryRows<Row>(
  db: Queryable,
  question: BinaryQuestion,
  read: (row: BinaryRow) => Row,
): Promise<Row[]> {
  const rows: Row[] = [];
  const asked = new Asked(question, (row) => rows.push(read(row)));
  await settled((db.query as (query: pg.Submittable) => unknown)(asked));
  return rows;
}

/** A pool promises its answer, a connection gives the question back. */
export function settled(answer: unknown): Promise<unknown> | unknown {
  return answer instanceof Asked ? answer.answered() : answer;
}

/** What the driver keeps of a connection: texts of statements that the server knows, or is just being told, by name. */
interface Line extends pg.Connection {
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
}

/** A question in the driver's queue: it writes itself when its turn comes, and is told of its end. */
class Asked implements pg.Submittable {
  readonly name: string | undefined;
  readonly text: string;
  /** Set by who waits: the pool, or `answered`. */
  callback: ((error: unknown) => void) | undefined;
  readonly #values: unknown[];
  readonly #take: (row: BinaryRow) => void;
  readonly #row = new BinaryRow();
  #fault: unknown;

  constructor({ name, text, values }: BinaryQuestion, take: (row: BinaryRow) => void) {
    this.name = name;
    this.text = text;
    this.#values = values;
    this.#take = take;
  }

  /** Resolves at the end. Of a question that was given to a connection. */
  answered(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.callback = (error) => (error ? reject(error) : resolve());
    });
  }

  submit(connection: pg.Connection): void {
    const { stream, parsedStatements, submittedNamedStatements } = connection as Line;
    const { name = '', text } = this;
    framesOf(connection).take = (bytes, at) => this.#read(bytes, at);
    const isKnown =
      name !== '' && (parsedStatements[name] !== undefined || submittedNamedStatements[name] !== undefined);
    if (isKnown) {
      if (stream.writable) stream.write(askMessage(name, this.#values));
      return;
    }
    if (name !== '') submittedNamedStatements[name] = text;
    stream.cork();
    connection.parse({ name, text } as pg.QueryParse, true);
    if (stream.writable) stream.write(askMessage(name, this.#values));
    stream.uncork();
  }

  #read(bytes: Buffer, at: number): void {
    if (this.#fault !== undefined) return;
    try {
      this.#take(this.#row.begin(bytes, at));
    } catch (error) {
      this.#fault = error;
    }
  }

  handleError(error: unknown): void {
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    this.callback?.(this.#fault);
  }

  /** Its messages do not come as far as the driver. */
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
}

const DATA_ROW = 0x44;
const READY = 0x5a;
/** Bound, done: what a binary question does not need to be told. */
const BIND_COMPLETE = 0x32;
const COMMAND_COMPLETE = 0x43;
const FRAME_HEAD = 5;

/** Each connection once. */
const framed = new WeakMap<pg.Connection, Frames>();

function framesOf(connection: pg.Connection): Frames {
  const known = framed.get(connection);
  if (known) return known;
  const made = new Frames(connection.stream);
  framed.set(connection, made);
  return made;
}

/**
 * Stands before the driver's parser and cuts what comes into messages: type, length that counts itself, content. The rows of a binary
 * question go to it, and everything else to the driver but what it would do nothing with.
 */
class Frames {
  /** Where rows go until the server is ready for another question. @param at where the first column begins */
  take: ((bytes: Buffer, at: number) => void) | null = null;
  readonly #driver: (bytes: Buffer) => void;
  /** The message of which only a part has come. */
  #part: Buffer = Buffer.alloc(0);
  #filled = 0;
  #measured = false;

  constructor(stream: pg.Connection['stream']) {
    const [driver] = stream.listeners('data');
    if (!driver) throw new Error('the connection to the database is not open');
    this.#driver = driver as (bytes: Buffer) => void;
    stream.removeListener('data', this.#driver);
    stream.on('data', (bytes: Buffer) => this.#cut(bytes));
  }

  #cut(bytes: Buffer): void {
    let at = this.#filled > 0 ? this.#complete(bytes) : 0;
    /** Begin of what the driver has not had. */
    let from = at;
    while (at + FRAME_HEAD <= bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      const type = bytes[at]!;
      if (this.take !== null) {
        if (type === DATA_ROW || type === BIND_COMPLETE || type === COMMAND_COMPLETE) {
          this.#forward(bytes, from, at);
          if (type === DATA_ROW) this.take(bytes, at + FRAME_HEAD + 2);
          from = end;
        } else if (type === READY) {
          this.take = null;
        }
      }
      at = end;
    }
    this.#forward(bytes, from, at);
    if (at < bytes.length) this.#keep(bytes, at);
  }

  #forward(bytes: Buffer, from: number, to: number): void {
    if (to > from) this.#driver(bytes.subarray(from, to));
  }

  /** The beginning of a message, in room for all of it as soon as its length is known. */
  #keep(bytes: Buffer, at: number): void {
    this.#measured = at + FRAME_HEAD <= bytes.length;
    this.#part = Buffer.allocUnsafeSlow(this.#measured ? 1 + bytes.readUInt32BE(at + 1) : FRAME_HEAD);
    this.#filled = bytes.copy(this.#part, 0, at);
  }

  /** Goes on with the message that was begun. @returns where the next begins */
  #complete(bytes: Buffer): number {
    let at = this.#fill(bytes, 0);
    if (!this.#measured && this.#filled === FRAME_HEAD) {
      const head = this.#part;
      this.#part = Buffer.allocUnsafeSlow(1 + head.readUInt32BE(1));
      this.#measured = true;
      head.copy(this.#part);
      at = this.#fill(bytes, at);
    }
    if (!this.#measured || this.#filled < this.#part.length) return at;
    this.#filled = 0;
    this.#cut(this.#part);
    return at;
  }

  #fill(bytes: Buffer, at: number): number {
    const copied = bytes.copy(this.#part, this.#filled, at);
    this.#filled += copied;
    return at + copied;
  }
}
