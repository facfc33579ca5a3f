/**
 * Makes a preset dictionary for deflate out of sample bodies of one type. Long matches need the pieces of JSON in the
 * order in which bodies have them, so the dictionary is made of whole samples with holes: a piece that stands in few of
 * them, a person's name for example, is left out, and what an earlier chosen sample has already is not taken twice.
 * The most valuable stands last (deflate reaches the end of a dictionary with the shortest distances).
 */

/** Measured in docs/adr/0007: half of 8 KB costs a tenth more bytes, the double saves a twentieth and costs a third more time. */
const SIZE = 8192;
/** A piece must stand in so many samples, each of another person, and in this share of them. */
const FEWEST = 4;
const SHARE = 1 / 32;
/** Pieces in a row that say whether a stretch is in the dictionary already. */
const WINDOW = 4;
/** What a sample costs beside its own bytes, so that many short ones are not preferred. */
const COST = 200;
const SHORTEST_BYTES = 12;
const PIECES = /(?<=[,{[:}\]])/;

interface Candidate {
  pieces: string[];
  /** For each piece the number of the run that begins with it. */
  runs: number[];
  bytes: number;
  worth: number;
}

/** @param samples texts of one resource type, each of another person or thing, at least a few dozen */
export function trainDictionary(samples: readonly string[]): Buffer {
  const { candidates, stands } = candidatesOf(commonPieces(samples));
  const covered = new Set<number>();
  const chosen: string[] = [];
  let size = 0;
  for (let best = takeBest(candidates, covered, stands); best; best = takeBest(candidates, covered, stands)) {
    const text = Buffer.from(uncovered(best, covered, stands));
    for (const run of best.runs) covered.add(run);
    if (text.length < SHORTEST_BYTES) continue;
    chosen.push(text.subarray(0, SIZE - size).toString('latin1'));
    size += Math.min(text.length, SIZE - size);
    if (size > SIZE - SHORTEST_BYTES) break;
  }
  return Buffer.from(chosen.reverse().join(''), 'latin1');
}

/** Each sample without the pieces that few have. */
function commonPieces(samples: readonly string[]): string[][] {
  const split = samples.map((sample) => sample.split(PIECES));
  const counts = new Map<string, number>();
  for (const pieces of split)
    for (const piece of new Set(pieces)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  const needed = Math.max(FEWEST, Math.ceil(samples.length * SHARE));
  return split.map((pieces) => pieces.filter((piece) => counts.get(piece)! >= needed));
}

/** @returns candidates, and in how many of them each run stands */
function candidatesOf(samples: readonly string[][]): { candidates: Candidate[]; stands: number[] } {
  const numbers = new Map<string, number>();
  const stands: number[] = [];
  const candidates = samples.map((pieces): Candidate => {
    const runs = pieces.map((_, i) => {
      const text = pieces.slice(i, i + WINDOW).join('');
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return number;
    });
    for (const run of new Set(runs)) stands[run] = (stands[run] ?? 0) + 1;
    return { pieces, runs, bytes: pieces.reduce((sum, piece) => sum + piece.length, 0), worth: Infinity };
  });
  return { candidates, stands };
}

/** Takes out the candidate that adds most. Worth only falls, so one that keeps the lead after a new look is the best. */
function takeBest(
  candidates: Candidate[],
  covered: ReadonlySet<number>,
  stands: readonly number[],
): Candidate | null {
  let leader: Candidate | null = null;
  for (;;) {
    const first = candidates.reduce<Candidate | null>((a, b) => (a && a.worth >= b.worth ? a : b), null);
    if (!first || first.worth === 0) return null;
    if (first === leader) break;
    first.worth = worthOf(first, covered, stands);
    leader = first;
  }
  candidates.splice(candidates.indexOf(leader), 1);
  return leader;
}

/** Bytes that other samples will find in it, for each byte it takes. */
function worthOf(
  { pieces, runs, bytes }: Candidate,
  covered: ReadonlySet<number>,
  stands: readonly number[],
): number {
  const seen = new Set<number>();
  let worth = 0;
  runs.forEach((run, i) => {
    if (covered.has(run) || seen.has(run)) return;
    seen.add(run);
    worth += pieces[i]!.length * (stands[run]! - 1);
  });
  return worth / (COST + bytes);
}

/** The stretches of a candidate that are not in the dictionary yet; runs that only it has are no stretch. */
function uncovered(
  { pieces, runs }: Candidate,
  covered: ReadonlySet<number>,
  stands: readonly number[],
): string {
  const isNew = runs.map((run) => !covered.has(run) && stands[run]! > 1);
  return pieces.filter((_, i) => isNew.slice(Math.max(0, i - WINDOW + 1), i + 1).some(Boolean)).join('');
}
