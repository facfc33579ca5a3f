/** Rows as a Parquet file, by hyparquet-writer: a group of rows is written as soon as it is full, so memory holds one. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { kindOf } from '../../../kernel/fhir/path/index.ts';
import type { CompiledColumn } from '../compile.ts';

const GROUP = 20_000;

type BasicType = 'BOOLEAN' | 'INT32' | 'DOUBLE' | 'STRING';

export class ParquetRows {
  readonly #columns: readonly CompiledColumn[];
  readonly #types: BasicType[];
  readonly #writer: ParquetWriter;
  readonly #bytes = new ByteWriter();
  readonly #write: (bytes: Buffer) => Promise<void>;
  #data: unknown[][];

  /** @param write appends to a file that is written anew */
  constructor(write: (bytes: Buffer) => Promise<void>, columns: readonly CompiledColumn[]) {
    this.#write = write;
    this.#columns = columns;
    this.#types = columns.map(typeOf);
    this.#data = columns.map(() => []);
    const columnData = columns.map(({ name }, at) => ({ name, data: [], type: this.#types[at]! }));
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaFromColumnData({ columnData }),
    });
  }

  async add(rows: readonly unknown[][]): Promise<void> {
    for (const row of rows) {
      for (let at = 0; at < this.#columns.length; at++)
        this.#data[at]!.push(cellOf(this.#types[at]!, row[at]));
      if (this.#data[0]!.length >= GROUP) await this.#group();
    }
  }

  async end(): Promise<void> {
    await this.#group();
    await this.#writer.finish();
    await this.#drain();
  }

  /** What was made so far goes out; `offset` goes on counting, by it places in the file are known. */
  async #drain(): Promise<void> {
    const bytes = Buffer.from(this.#bytes.getBytes());
    this.#bytes.index = 0;
    await this.#write(bytes);
  }

  async #group(): Promise<void> {
    if ((this.#data[0]?.length ?? 0) === 0) return;
    const columnData = this.#columns.map(({ name }, at) => ({ name, data: this.#data[at]! }));
    await this.#writer.write({ columnData, rowGroupSize: GROUP });
    await this.#drain();
    this.#data = this.#columns.map(() => []);
  }
}

/** Dates and times stay text: FHIR's may be partial. Collections and structures are JSON text. */
function typeOf({ type, collection }: CompiledColumn): BasicType {
  const kind = collection ? 'text' : kindOf(type);
  if (kind === 'boolean') return 'BOOLEAN';
  if (kind === 'number') return type === 'decimal' ? 'DOUBLE' : 'INT32';
  return 'STRING';
}

function cellOf(type: BasicType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type !== 'STRING') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
