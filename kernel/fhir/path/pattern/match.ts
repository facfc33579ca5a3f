/**
 * Runs the program of a pattern over a text. Each instruction is tried at each place of the text once at most, because what
 * failed there fails again: the work is bounded by the length of the program times the length of the text.
 */
import { Failure } from '../../../failure.ts';
import type { Work } from '../work.ts';
import { contains, containsAnyCase, isWord } from './char-set.ts';
import type { Instruction } from './program.ts';
import type { Place } from './read.ts';

/** Places × instructions that are looked at in one text at most: 4 MB of marks. */
const MOST_MARKS = 2 ** 25;
/** Steps that cost as much as one value looked at. */
const STEPS = 8;

export interface Matching {
  program: readonly Instruction[];
  text: string;
  work: Work;
  anyCase: boolean;
  /** The match must end where the text ends. */
  whole: boolean;
}

/** Where groups begin and end; slots 0 and 1 are the whole match. -1 = not taken part. */
export type Slots = Int32Array;

/** What was tried already: a bit for each instruction at each place. */
class Marks {
  readonly #bits: Int32Array;
  readonly #width: number;

  constructor({ program, text, work }: Matching) {
    this.#width = text.length + 1;
    if (program.length * this.#width > MOST_MARKS)
      throw new Failure('too-costly', 'Văn bản quá dài so với mẫu (matches) của biểu thức FHIRPath.', {
        textEn: 'A text is too long for the pattern of a FHIRPath expression (matches).',
      });
    this.#bits = new Int32Array(((program.length * this.#width) >> 5) + 1);
    work.spend(this.#bits.length >> 5);
  }

  /** False when it was marked before. */
  mark(instruction: number, place: number): boolean {
    const bit = instruction * this.#width + place;
    const mask = 1 << (bit & 31);
    if ((this.#bits[bit >> 5]! & mask) !== 0) return false;
    this.#bits[bit >> 5]! |= mask;
    return true;
  }
}

/** The first match at or behind `from`; null when there is none. @param groups how many groups to remember */
export function find(matching: Matching, from: number, groups: number): Slots | null {
  const marks = new Marks(matching);
  const slots = new Int32Array(2 * (groups + 1)).fill(-1);
  for (let start = from; start <= matching.text.length; start++) {
    if (isInside(matching.text, start)) continue;
    const end = run(matching, start, marks, slots);
    if (end < 0) continue;
    slots[0] = start;
    slots[1] = end;
    return slots;
  }
  return null;
}

/** Between the two halves of one character. */
const isInside = (text: string, place: number) => place > 0 && (text.codePointAt(place - 1) ?? 0) > 0xffff;

/** The match that begins at `start`, as its end; -1 when there is none. */
export function matchAt(matching: Matching, start: number): number {
  return run(matching, start, new Marks(matching), new Int32Array(0));
}

/**
 * Depth first, the preferred way first. The stack holds pairs: an instruction and its place, or, below zero, a slot and
 * what it held before.
 */
function run(matching: Matching, start: number, marks: Marks, slots: Slots): number {
  const { program, text, work, anyCase, whole } = matching;
  const has = anyCase ? containsAnyCase : contains;
  const stack = [0, start];
  let steps = 0;
  while (stack.length > 0) {
    let place = stack.pop()!;
    let at = stack.pop()!;
    if (at < 0) {
      slots[-at - 1] = place;
      continue;
    }
    while (marks.mark(at, place)) {
      if (++steps % STEPS === 0) work.spend(1);
      const instruction = program[at]!;
      if (instruction.op === 'match') {
        if (!whole || place === text.length) return place;
        break;
      }
      if (instruction.op === 'character') {
        const code = text.codePointAt(place);
        if (code === undefined || !has(instruction.set, code)) break;
        place += code > 0xffff ? 2 : 1;
        at += 1;
      } else if (instruction.op === 'split') {
        stack.push(instruction.second, place);
        at = instruction.first;
      } else if (instruction.op === 'jump') at = instruction.to;
      else if (instruction.op === 'save') {
        if (instruction.slot < slots.length) {
          stack.push(-instruction.slot - 1, slots[instruction.slot]!);
          slots[instruction.slot] = place;
        }
        at += 1;
      } else if (holds(instruction, matching, place)) at += 1;
      else break;
    }
  }
  return -1;
}

function holds(instruction: Instruction, matching: Matching, place: number): boolean {
  if (instruction.op === 'ahead')
    return (
      matchAt({ ...matching, program: instruction.program, whole: false }, place) >= 0 !==
      instruction.negative
    );
  return instruction.op === 'assert' && stands(instruction.place, matching.text, place);
}

function stands(kind: Place, text: string, place: number): boolean {
  if (kind === 'start') return place === 0;
  if (kind === 'end') return place === text.length;
  const between = isWord(text.codePointAt(place)) !== (place > 0 && isWord(text.charCodeAt(place - 1)));
  return between === (kind === 'word');
}
