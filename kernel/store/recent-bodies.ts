/**
 * Bodies that were unpacked lately, so that a record that several people look at is not inflated for each. The row is read
 * from the database every time: what is found here is only what its bytes unpack to, and a version's bytes never change.
 */
import { Blocks } from './blocks.ts';

/** Bytes of both generations. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Larger ones (documents) would push out too many others. */
const LARGEST = 64 * 1024;
/** The entry itself. */
const OVERHEAD = 200;

export class RecentBodies {
  readonly #half: number;
  #young = new Map<string, Buffer>();
  #old = new Map<string, Buffer>();
  #bytes = 0;
  #blocks = new Blocks();

  constructor(most = MOST_BYTES) {
    this.#half = most / 2;
  }

  /** @param version what names a version in this database for ever: type, id, version, instant */
  get(version: string): Buffer | undefined {
    const body = this.#young.get(version);
    if (body) return body;
    const older = this.#old.get(version);
    if (older) this.keep(version, older);
    return older;
  }

  /** When the young are half of all, the old are forgotten and the young are the old. */
  keep(version: string, body: Buffer): void {
    if (body.length > LARGEST) return;
    this.#bytes += body.length + OVERHEAD;
    this.#young.set(version, this.#blocks.copy(body));
    if (this.#bytes < this.#half) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#bytes = 0;
    this.#blocks = new Blocks();
  }

  /** After an erasure: what is gone is not even remembered. */
  forgetAll(): void {
    this.#young.clear();
    this.#old.clear();
    this.#bytes = 0;
    this.#blocks = new Blocks();
  }
}
