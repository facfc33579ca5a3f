/** A pattern as instructions, one behind the other. Pure. */
import type { CharSet } from './char-set.ts';
import { type Node, PatternError, type Place } from './read.ts';

export type Instruction =
  | { op: 'character'; set: CharSet }
  /** Both ways, the first one preferred. */
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  /** Remembers where the match stands. */
  | { op: 'save'; slot: number }
  | { op: 'assert'; place: Place }
  | { op: 'ahead'; program: Instruction[]; negative: boolean }
  | { op: 'match' };

/** Repetitions are written out: so many instructions at most. */
const MOST_INSTRUCTIONS = 5_000;
/** Parts of the pattern that are written, also those that become nothing: `(?:){1000}`. */
const MOST_PARTS = 50_000;

interface Room {
  instructions: number;
  parts: number;
}

/** @throws PatternError for a pattern that becomes too large */
export function programOf(tree: Node): Instruction[] {
  return new Writer({ instructions: MOST_INSTRUCTIONS, parts: MOST_PARTS }).write(tree);
}

/** Writes one program; those of lookaheads within it share its bound. */
class Writer {
  readonly #program: Instruction[] = [];
  readonly #room: Room;

  constructor(room: Room) {
    this.#room = room;
  }

  write(tree: Node): Instruction[] {
    this.#emit(tree);
    this.#push({ op: 'match' });
    return this.#program;
  }

  #push(instruction: Instruction): void {
    this.#room.instructions -= 1;
    if (this.#room.instructions < 0) throw tooLarge();
    this.#program.push(instruction);
  }

  #emit(node: Node): void {
    this.#room.parts -= 1;
    if (this.#room.parts < 0) throw tooLarge();
    switch (node.kind) {
      case 'set':
        this.#push({ op: 'character', set: node.set });
        return;
      case 'all':
        for (const part of node.parts) this.#emit(part);
        return;
      case 'any':
        this.#any(node.parts);
        return;
      case 'group':
        if (node.index !== null) this.#push({ op: 'save', slot: node.index * 2 });
        this.#emit(node.part);
        if (node.index !== null) this.#push({ op: 'save', slot: node.index * 2 + 1 });
        return;
      case 'ahead':
        this.#push({
          op: 'ahead',
          program: new Writer(this.#room).write(node.part),
          negative: node.negative,
        });
        return;
      case 'assert':
        this.#push({ op: 'assert', place: node.place });
        return;
      case 'repeat':
        this.#repeat(node);
    }
  }

  #any(parts: readonly Node[]): void {
    const ends: { op: 'jump'; to: number }[] = [];
    for (const [at, part] of parts.entries()) {
      if (at === parts.length - 1) {
        this.#emit(part);
        continue;
      }
      const split = { op: 'split' as const, first: this.#program.length + 1, second: 0 };
      this.#push(split);
      this.#emit(part);
      const end = { op: 'jump' as const, to: 0 };
      this.#push(end);
      ends.push(end);
      split.second = this.#program.length;
    }
    for (const end of ends) end.to = this.#program.length;
  }

  #repeat({ part, least, most, lazy }: Node & { kind: 'repeat' }): void {
    for (let time = 0; time < least; time++) this.#emit(part);
    if (most === Number.POSITIVE_INFINITY) {
      const start = this.#program.length;
      const leave = this.#split(lazy);
      this.#emit(part);
      this.#push({ op: 'jump', to: start });
      leave(this.#program.length);
      return;
    }
    const leaves = Array.from({ length: most - least }, () => {
      const leave = this.#split(lazy);
      this.#emit(part);
      return leave;
    });
    for (const leave of leaves) leave(this.#program.length);
  }

  /** Goes in or past; where past is, is said later. */
  #split(lazy: boolean): (past: number) => void {
    const next = this.#program.length + 1;
    const split = { op: 'split' as const, first: next, second: next };
    this.#push(split);
    return (past) => {
      if (lazy) split.first = past;
      else split.second = past;
    };
  }
}

const tooLarge = () =>
  new PatternError(
    'mẫu quá lớn khi viết hết các lần lặp',
    'it becomes too large when its repetitions are written out',
  );
