/**
 * What followers of the feed read: resources as a change left them, or newer. What this program has just committed is
 * remembered, and several followers share one reading and one parsing. Forgetting is always safe.
 */
import type { Resource } from '../fhir/types.ts';
import { Blocks } from './blocks.ts';
import type { Change, StoredVersion, WriteResult } from './contract.ts';

/** A visit has about 12. As far back as the window of the feed (kernel/events/feed-window.ts), and at most so many bytes. */
const MOST = 24_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Objects live as long as the followers of a change or two need them: what lives longer, the collector copies and traces. */
const MOST_PARSED = 512;
/** Larger bodies (documents) are read again rather than kept. */
const LARGEST = 16 * 1024;

interface Kept {
  version: number;
  body: Buffer;
  resource?: Resource;
}

type ReadMany = (refs: { type: Change['type']; id: string }[]) => Promise<StoredVersion[]>;

export class Latest {
  readonly #kept = new Map<string, Kept>();
  /** The last that were parsed, in a ring. */
  readonly #parsed: Kept[] = [];
  #next = 0;
  #bytes = 0;
  #blocks = new Blocks();
  readonly #readMany: ReadMany;

  constructor(readMany: ReadMany) {
    this.#readMany = readMany;
  }

  /** After a commit of this program. */
  committed(results: readonly WriteResult[]): void {
    for (const { type, id, version, outcome, body } of results) {
      if (outcome === 'deleted' || body === null) this.#drop(`${type}/${id}`);
      else if (outcome === 'created' || outcome === 'updated') this.#keep(`${type}/${id}`, { version, body });
    }
  }

  /** What was erased is not even remembered. */
  forget(names: readonly { type: string; id: string }[]): void {
    for (const { type, id } of names) this.#drop(`${type}/${id}`);
  }

  forgetAll(): void {
    this.#kept.clear();
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
    this.forget(missing);
    for (const { type, id, version, deleted, body } of await this.#readMany(missing)) {
      if (deleted) continue;
      const kept: Kept = { version, body };
      found.set(`${type}/${id}`, this.#resourceOf(kept));
      this.#keep(`${type}/${id}`, kept);
    }
    return found;
  }

  /** The oldest go first. A version never takes the place of a newer one. */
  #keep(name: string, kept: Kept): void {
    const known = this.#kept.get(name);
    if (known && known.version > kept.version) return;
    this.#drop(name);
    if (kept.body.length > LARGEST) return;
    kept.body = this.#blocks.copy(kept.body);
    this.#kept.set(name, kept);
    this.#bytes += kept.body.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST && this.#bytes <= MOST_BYTES) break;
      this.#drop(oldest);
    }
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
