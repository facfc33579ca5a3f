/** A SQL statement being written: text with numbered parameters. No value of a request is ever part of the text. */
import { int8s } from '../wire.ts';

export class Statement {
  readonly values: unknown[] = [];
  #aliases = 0;

  /** `$n` for a value of the driver (string, number, Date, Buffer). */
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  int8(value: bigint): string {
    return `${this.bind(value.toString())}::int8`;
  }

  int8s(values: readonly bigint[]): string {
    return `${this.bind(int8s(values))}::int8[]`;
  }

  /** Epoch ms as timestamptz; ±Infinity are the open ends. */
  instant(ms: number): string {
    if (ms === Number.POSITIVE_INFINITY) return `'infinity'::timestamptz`;
    if (ms === Number.NEGATIVE_INFINITY) return `'-infinity'::timestamptz`;
    return `('epoch'::timestamptz + ${this.bind(ms)}::float8 * interval '1 millisecond')`;
  }

  float8(value: number): string {
    return `${this.bind(value)}::float8`;
  }

  text(value: string): string {
    return `${this.bind(value)}::text`;
  }

  /** A name no other table of the statement has. */
  alias(): string {
    this.#aliases += 1;
    return `x${this.#aliases}`;
  }
}
