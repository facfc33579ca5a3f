/** A SQL statement being written: text with places for values. No value of a request is ever part of the text. */
import { arrayText } from '../bind.ts';
import { int8s } from '../wire.ts';

/** What a value is to the database. */
export type SqlType = 'int4' | 'int8' | 'int8[]' | 'float8' | 'text' | 'text[]';

export class Statement {
  readonly values: unknown[] = [];
  #aliases = 0;

  int4(value: number): string {
    return this.place(value, 'int4');
  }

  int8(value: bigint): string {
    return this.place(value.toString(), 'int8');
  }

  int8s(values: readonly bigint[]): string {
    return this.place(int8s(values), 'int8[]');
  }

  /** Epoch ms as timestamptz; ±Infinity are the open ends. */
  instant(ms: number): string {
    if (ms === Number.POSITIVE_INFINITY) return `'infinity'::timestamptz`;
    if (ms === Number.NEGATIVE_INFINITY) return `'-infinity'::timestamptz`;
    return `('epoch'::timestamptz + ${this.float8(ms)} * interval '1 millisecond')`;
  }

  float8(value: number): string {
    return this.place(value, 'float8');
  }

  text(value: string): string {
    return this.place(value, 'text');
  }

  texts(values: readonly string[]): string {
    return this.place(values, 'text[]');
  }

  /** A name no other table of the statement has. */
  alias(): string {
    this.#aliases += 1;
    return `x${this.#aliases}`;
  }

  /** `$n::type` for a value of the driver. */
  protected place(value: unknown, type: SqlType): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/**
 * The same text with columns of `u` where the values go: searches that differ only in their values have one text, and are
 * rows of `u` in one statement.
 */
export class RowStatement extends Statement {
  readonly types: SqlType[] = [];
  readonly #known = new Map<string, string>();

  override int8s(values: readonly bigint[]): string {
    return this.place(`{${values.join(',')}}`, 'int8[]');
  }

  override texts(values: readonly string[]): string {
    return this.place(arrayText(values), 'text[]');
  }

  /** A value that stands in several places is one column. */
  protected override place(value: unknown, type: SqlType): string {
    const key = `${type} ${value}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.values.push(value);
    this.types.push(type);
    const column = `u.v${this.values.length}`;
    const place = type.endsWith('[]') ? `${column}::${type}` : column;
    this.#known.set(key, place);
    return place;
  }
}
