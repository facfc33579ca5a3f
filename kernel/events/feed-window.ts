/**
 * The newest part of the feed, read once for all consumers of this program, wherever each of them stands in it and however
 * many changes it takes at a time.
 */
import type { Change } from '../store/contract.ts';
import { comparePositions, type Position, parsePosition, positionText } from '../store/index.ts';

type Read = (after: string | undefined, limit: number) => Promise<Change[]>;

/**
 * Changes that are kept for those who come later: 2,000 visits, some 6 MB. Whoever falls out of them reads for himself, which
 * costs more, and so falls back further.
 */
const MOST = 24_000;
/** Changes of one reading. */
const PIECE = 2_000;

interface Item {
  position: Position;
  change: Change;
}

export class FeedWindow {
  readonly #readFeed: Read;
  /** Every change between `#start` and the last item, without a gap. */
  #items: Item[] = [];
  #start: Position | null = null;
  /** False until the feed was asked, since the last `stale`, what comes behind the last item. */
  #fresh = false;
  #reading: Promise<void> | undefined;
  #count = 0;

  constructor(read: Read) {
    this.#readFeed = read;
  }

  /** Changes that were read on, since it was opened. */
  get read(): number {
    return this.#count;
  }

  /** Nobody comes for a while. */
  forget(): void {
    this.#items = [];
    this.#start = null;
  }

  /** There may be more now. */
  stale(): void {
    this.#fresh = false;
  }

  /** At most so many changes behind a position; fewer only when there were no more at the last `stale`. */
  async changes(after: string, limit: number): Promise<Change[]> {
    const from = parsePosition(after);
    if (!this.#covers(from)) {
      if (this.#isBehind(from)) return this.#readFeed(after, limit);
      this.#begin(from);
    }
    while (!this.#fresh && this.#itemsAfter(from) < limit) {
      this.#reading ??= this.#readOn();
      await this.#reading;
    }
    // While it was read, an erasure may have emptied it.
    if (!this.#covers(from)) return this.#readFeed(after, limit);
    const first = this.#items.length - this.#itemsAfter(from);
    return this.#items.slice(first, first + limit).map(({ change }) => change);
  }

  #begin(from: Position): void {
    this.#items = [];
    this.#start = from;
    this.#fresh = false;
  }

  #end(): Position | null {
    return this.#items.at(-1)?.position ?? this.#start;
  }

  #covers(from: Position): boolean {
    const end = this.#end();
    return (
      this.#start !== null &&
      end !== null &&
      comparePositions(from, this.#start) >= 0 &&
      comparePositions(from, end) <= 0
    );
  }

  /** Someone who catches up reads for himself. */
  #isBehind(from: Position): boolean {
    return this.#start !== null && comparePositions(from, this.#start) < 0;
  }

  #itemsAfter(from: Position): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comparePositions(this.#items[middle]!.position, from) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.#items.length - low;
  }

  async #readOn(): Promise<void> {
    try {
      const end = this.#end()!;
      const found = await this.#readFeed(positionText(end), PIECE);
      // Somebody began elsewhere meanwhile.
      if (this.#end() !== end) return;
      if (found.length < PIECE) this.#fresh = true;
      this.#count += found.length;
      this.#append(found);
    } finally {
      this.#reading = undefined;
    }
  }

  /** What was told of a person before an erasure is not kept beyond it. */
  #append(found: readonly Change[]): void {
    for (const change of found) this.#items.push({ position: parsePosition(change.position), change });
    const erasure = found.findLastIndex(({ erased }) => erased);
    const gone = Math.max(
      this.#items.length - MOST,
      erasure < 0 ? 0 : this.#items.length - found.length + erasure,
    );
    if (gone <= 0) return;
    this.#start = this.#items[gone - 1]!.position;
    this.#items.splice(0, gone);
  }
}
