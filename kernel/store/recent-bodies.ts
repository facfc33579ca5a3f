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

/** What names a version in this database for ever. */
export interface VersionName {
  /** Number of the type. */
  t: number;
  id: string;
  ver: number;
  /** Epoch milliseconds. */
  ts: number;
}

interface Kept extends Omit<VersionName, 'id'> {
  body: Buffer;
}

/** By id, which is there already: a name put together of all four would take as long as many a body is inflated. */
type Generation = Map<string, Kept>;

export class RecentBodies {
  readonly #half: number;
  #young: Generation = new Map();
  #old: Generation = new Map();
  #bytes = 0;
  #blocks = new Blocks();

  constructor(most = MOST_BYTES) {
    this.#half = most / 2;
  }

  get(version: VersionName): Buffer | undefined {
    const kept = this.#young.get(version.id);
    if (kept !== undefined && isOf(kept, version)) return kept.body;
    const older = this.#old.get(version.id);
    if (older === undefined || !isOf(older, version)) return undefined;
    this.keep(version, older.body);
    return older.body;
  }

  /** When the young are half of all, the old are forgotten and the young are the old. */
  keep({ t, id, ver, ts }: VersionName, body: Buffer): void {
    if (body.length > LARGEST) return;
    this.#bytes += body.length + OVERHEAD;
    this.#young.set(id, { t, ver, ts, body: this.#blocks.copy(body) });
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

function isOf(kept: Kept, { t, ver, ts }: VersionName): boolean {
  return kept.ver === ver && kept.ts === ts && kept.t === t;
}
