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

/** @throws PatternError for a pattern that becomes too large */
export function programOf(tree: Node): Instruction[] {
  const program: Instruction[] = [];
  emit(tree, program);
  program.push({ op: 'match' });
  return program;
}

function push(program: Instruction[], instruction: Instruction): number {
  if (program.length >= MOST_INSTRUCTIONS)
    throw new PatternError(
      'mẫu quá lớn khi viết hết các lần lặp',
      'it becomes too large when its repetitions are written out',
    );
  return program.push(instruction) - 1;
}

function emit(node: Node, program: Instruction[]): void {
  switch (node.kind) {
    case 'set':
      push(program, { op: 'character', set: node.set });
      return;
    case 'all':
      for (const part of node.parts) emit(part, program);
      return;
    case 'any':
      emitAny(node.parts, program);
      return;
    case 'group':
      if (node.index !== null) push(program, { op: 'save', slot: node.index * 2 });
      emit(node.part, program);
      if (node.index !== null) push(program, { op: 'save', slot: node.index * 2 + 1 });
      return;
    case 'ahead':
      push(program, { op: 'ahead', program: programOf(node.part), negative: node.negative });
      return;
    case 'assert':
      push(program, { op: 'assert', place: node.place });
      return;
    case 'repeat':
      emitRepeat(node, program);
  }
}

function emitAny(parts: readonly Node[], program: Instruction[]): void {
  const ends: { op: 'jump'; to: number }[] = [];
  for (const [at, part] of parts.entries()) {
    if (at === parts.length - 1) {
      emit(part, program);
      continue;
    }
    const split = { op: 'split' as const, first: program.length + 1, second: 0 };
    push(program, split);
    emit(part, program);
    const end = { op: 'jump' as const, to: 0 };
    push(program, end);
    ends.push(end);
    split.second = program.length;
  }
  for (const end of ends) end.to = program.length;
}

function emitRepeat({ part, least, most, lazy }: Node & { kind: 'repeat' }, program: Instruction[]): void {
  for (let time = 0; time < least; time++) emit(part, program);
  if (most === Number.POSITIVE_INFINITY) {
    const start = program.length;
    const leave = splitTo(program, lazy);
    emit(part, program);
    push(program, { op: 'jump', to: start });
    leave(program.length);
    return;
  }
  const leaves = Array.from({ length: most - least }, () => {
    const leave = splitTo(program, lazy);
    emit(part, program);
    return leave;
  });
  for (const leave of leaves) leave(program.length);
}

/** Goes in or past; where past is, is said later. */
function splitTo(program: Instruction[], lazy: boolean): (past: number) => void {
  const split = { op: 'split' as const, first: program.length + 1, second: program.length + 1 };
  push(program, split);
  return (past) => {
    if (lazy) split.first = past;
    else split.second = past;
  };
}
