/**
 * Cuts a stream of bytes into pieces of whole lines. Where it cuts depends on the bytes alone, not on how they arrive:
 * a load that goes on meets the same pieces.
 */

export interface Cut {
  /** Bytes before the piece. */
  at: number;
  /** Number of its first line, from 1. */
  line: number;
  bytes: Uint8Array<ArrayBuffer>;
}

const NEWLINE = 10;

export class Cutter {
  readonly #size: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #at = 0;
  #line = 1;

  /** @param size a piece ends with the first line that makes it so long */
  constructor(size: number) {
    this.#size = size;
  }

  /** Pieces that are complete with this chunk. */
  push(chunk: Buffer): Cut[] {
    const cuts: Cut[] = [];
    let rest = chunk;
    for (;;) {
      const from = Math.max(0, this.#size - 1 - this.#heldBytes);
      const end = from < rest.length ? rest.indexOf(NEWLINE, from) : -1;
      if (end < 0) break;
      this.#hold(rest.subarray(0, end + 1));
      cuts.push(this.#take());
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) this.#hold(rest);
    return cuts;
  }

  /** What is left at the end of the source; null when there is nothing. */
  end(): Cut | null {
    return this.#heldBytes === 0 ? null : this.#take();
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #take(): Cut {
    const bytes = new Uint8Array(this.#heldBytes);
    let to = 0;
    for (const part of this.#held) {
      bytes.set(part, to);
      to += part.length;
    }
    const cut = { at: this.#at, line: this.#line, bytes };
    this.#at += bytes.length;
    this.#line += linesIn(bytes);
    this.#held = [];
    this.#heldBytes = 0;
    return cut;
  }
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}
