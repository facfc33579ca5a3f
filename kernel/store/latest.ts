/**
 * What followers of the feed read: resources as a change left them, or newer. What this program has just committed is
 * remembered, and several followers share one reading and one parsing. Forgetting is always safe.
 */
import type { Resource } from '../fhir/types.ts';
import { Blocks } from './blocks.ts';
import {
  type CommittedNews,
  newsOf,
  newsOfErased,
  type ToldVersion,
  toldIn,
  toldOf,
} from './committed-news.ts';
import type { Change, StoredVersion, WriteResult } from './contract.ts';

/** A visit has about 12. As far back as the window of the feed (kernel/events/feed-window.ts), and at most so many bytes. */
const MOST = 24_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Objects live as long as the followers of a change or two need them: what lives longer, the collector copies and traces. */
const MOST_PARSED = 512;
/** Larger bodies (documents) are read again rather than kept. */
const LARGEST = 16 * 1024;

interface Kept {
  name: string;
  version: number;
  body: Buffer;
  resource?: Resource;
}

type ReadMany = (refs: { type: Change['type']; id: string }[]) => Promise<StoredVersion[]>;

export class Latest {
  readonly #kept = new Map<string, Kept>();
  /** In the order in which they came. A Map knows it too, but walks over what was deleted to find the first. */
  #came: Kept[] = [];
  #oldest = 0;
  /** The last that were parsed, in a ring. */
  readonly #parsed: Kept[] = [];
  #next = 0;
  #bytes = 0;
  #blocks = new Blocks();
  readonly #readMany: ReadMany;
  /** Commits that are told in this turn of the event loop. */
  #untold: WriteResult[] = [];
  #tell: ((news: CommittedNews) => void) | null = null;

  constructor(readMany: ReadMany) {
    this.#readMany = readMany;
  }

  /** After a commit of this program. Once somebody else follows the feed, it is told to him instead. */
  committed(results: readonly WriteResult[]): void {
    if (!this.#tell) {
      this.#take(toldOf(results, LARGEST));
      return;
    }
    // Commits of one statement come back together, and are told together.
    if (this.#untold.length === 0) setImmediate(() => this.#tellAll());
    this.#untold.push(...results);
  }

  /** What another thread of the program has committed. */
  heard(news: CommittedNews): void {
    this.#take(toldIn(news));
  }

  /** From now on another thread follows the feed and is told; null: this one again. */
  tell(tell: ((news: CommittedNews) => void) | null): void {
    this.#tell = tell;
    this.forgetAll();
  }

  /** What was erased is not even remembered. */
  erased(names: readonly { type: string; id: string }[]): void {
    this.#forget(names);
    this.#tellAll();
    this.#tell?.(newsOfErased(names));
  }

  forgetAll(): void {
    this.#untold = [];
    this.#kept.clear();
    this.#came = [];
    this.#oldest = 0;
    this.#bytes = 0;
    this.#blocks = new Blocks();
  }

  /** `Type/id` → resource; what is deleted now is absent. The objects are shared: nobody changes them. */
  async of(changes: readonly Change[]): Promise<Map<string, Resource>> {
    const wanted = new Map<string, Change>();
    for (const change of changes) {
      const name = `${change.type}/${change.id}`;
      if ((wanted.get(name)?.version ?? 0) < change.version) wanted.set(name, change);
    }
    const found = new Map<string, Resource>();
    const missing: Change[] = [];
    for (const [name, change] of wanted) {
      const kept = this.#kept.get(name);
      if (kept && kept.version >= change.version) found.set(name, this.#resourceOf(kept));
      else missing.push(change);
    }
    if (missing.length === 0) return found;
    this.#forget(missing);
    for (const { type, id, version, deleted, body } of await this.#readMany(missing)) {
      if (deleted) continue;
      const kept: Kept = { name: `${type}/${id}`, version, body };
      found.set(kept.name, this.#resourceOf(kept));
      this.#keep(kept);
    }
    return found;
  }

  #tellAll(): void {
    const results = this.#untold;
    this.#untold = [];
    if (results.length > 0) this.#tell?.(newsOf(results, LARGEST));
  }

  #take(told: readonly ToldVersion[]): void {
    for (const { type, id, version, body } of told) {
      if (body === null) this.#drop(`${type}/${id}`);
      else this.#keep({ name: `${type}/${id}`, version, body });
    }
  }

  #forget(names: readonly { type: string; id: string }[]): void {
    for (const { type, id } of names) this.#drop(`${type}/${id}`);
  }

  /** The oldest go first. A version never takes the place of a newer one. */
  #keep(kept: Kept): void {
    const known = this.#kept.get(kept.name);
    if (known && known.version > kept.version) return;
    this.#drop(kept.name);
    if (kept.body.length > LARGEST) return;
    kept.body = this.#blocks.copy(kept.body);
    this.#kept.set(kept.name, kept);
    this.#came.push(kept);
    this.#bytes += kept.body.length;
    while (this.#kept.size > MOST || this.#bytes > MOST_BYTES) this.#dropOldest();
    if (this.#came.length > 3 * MOST) this.#tidy();
  }

  #dropOldest(): void {
    const oldest = this.#came[this.#oldest++]!;
    if (this.#kept.get(oldest.name) === oldest) this.#drop(oldest.name);
  }

  /** Without those that were dropped. */
  #tidy(): void {
    this.#came = this.#came.slice(this.#oldest).filter((one) => this.#kept.get(one.name) === one);
    this.#oldest = 0;
  }

  #drop(name: string): void {
    this.#bytes -= this.#kept.get(name)?.body.length ?? 0;
    this.#kept.delete(name);
  }

  #resourceOf(kept: Kept): Resource {
    if (kept.resource) return kept.resource;
    kept.resource = JSON.parse(kept.body.toString('utf8')) as Resource;
    const before = this.#parsed[this.#next];
    if (before) delete before.resource;
    this.#parsed[this.#next] = kept;
    this.#next = (this.#next + 1) % MOST_PARSED;
    return kept.resource;
  }
}
