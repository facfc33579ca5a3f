/**
 * Which prepared pieces may be written. Pieces are written side by side, but two that name the same resource in the order
 * of the source, so that the last line about it is its current version. What looks things up in the record (conditions)
 * waits for everything before it, and everything behind waits for it. Pure.
 */

interface Turn {
  ids: Set<bigint> | null;
  alone: boolean;
  going: boolean;
}

export class Turns {
  /** By number, in order: handed out and not yet written. */
  readonly #open = new Map<number, Turn>();

  /** A piece was handed to a thread; numbers grow. */
  begin(n: number): void {
    this.#open.set(n, { ids: null, alone: false, going: false });
  }

  /** What the piece is about to write. @returns the pieces that may go now */
  prepared(n: number, ids: Iterable<bigint>, alone: boolean): number[] {
    const turn = this.#open.get(n)!;
    turn.ids = new Set(ids);
    turn.alone = alone;
    return this.#advance();
  }

  /** The piece is written. @returns the pieces that may go now */
  ended(n: number): number[] {
    this.#open.delete(n);
    return this.#advance();
  }

  get size(): number {
    return this.#open.size;
  }

  #advance(): number[] {
    const free: number[] = [];
    const before: Turn[] = [];
    for (const [n, turn] of this.#open) {
      if (turn.ids === null) break;
      if (!turn.going && !before.some((other) => hinders(other, turn))) {
        turn.going = true;
        free.push(n);
      }
      before.push(turn);
    }
    return free;
  }
}

function hinders(before: Turn, turn: Turn): boolean {
  return before.alone || turn.alone || meet(before.ids!, turn.ids!);
}

function meet(a: ReadonlySet<bigint>, b: ReadonlySet<bigint>): boolean {
  for (const id of a) if (b.has(id)) return true;
  return false;
}
