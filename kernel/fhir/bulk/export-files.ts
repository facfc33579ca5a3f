/**
 * Files of exports, and reports of imports: one folder a job below `exports/` of the data folder, in it NDJSON files by number.
 * They hold data of persons, so they lie sealed (`sealed-file.ts`), only their program's user reads them, and they go with their job:
 * expired, cancelled, or forgotten by an erasure.
 */
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Failure } from '../../failure.ts';
import { type FileKeys, openSealed, SealedWriter } from './sealed-file.ts';

/** One file of a manifest. */
export interface ExportedFile {
  /** Type of the resources in it. */
  type: string;
  /** What they are for. */
  role: 'output' | 'deleted' | 'error';
  name: string;
  count: number;
  /** Of an import: the address that it speaks of. */
  inputUrl?: string;
}

/** A file as it lies there. */
export interface FoundFile {
  name: string;
  /** Bytes. */
  size: number;
  /** Both ends are in it. */
  read(from?: number, to?: number): Readable;
}

const JOB = /^[0-9a-f-]{36}$/;
const FILE = /^[A-Za-z][A-Za-z0-9_]*(-deleted|-error)?\.\d+\.(ndjson|csv|parquet)$/;

export class ExportFiles {
  readonly #root: string;
  readonly #keys: FileKeys;

  /** @param dataFolder of the program; on several hosts a folder that all of them see */
  constructor(dataFolder: string, keys: FileKeys) {
    this.#root = join(dataFolder, 'exports');
    this.#keys = keys;
  }

  async writer(job: string): Promise<ExportWriter> {
    const folder = join(this.#root, job);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new ExportWriter(folder, (name) => this.#place(job, name), this.#keys);
  }

  /** Null when there is no such file here. */
  async find(job: string, name: string): Promise<FoundFile | null> {
    if (!JOB.test(job) || !FILE.test(name)) return null;
    const path = join(this.#root, job, name);
    const found = await openSealed(() => open(path, 'r'), this.#keys, this.#place(job, name)).catch(absent);
    return found === null ? null : { name, ...found };
  }

  #place(job: string, name: string): string {
    return `exports/${job}/${name}`;
  }

  async remove(job: string): Promise<void> {
    if (JOB.test(job)) await rm(join(this.#root, job), { recursive: true, force: true });
  }

  /** Removes the folders of jobs that are not kept any more. */
  async sweep(areKept: (jobs: string[]) => Promise<Set<string>>): Promise<void> {
    const jobs = (await readdir(this.#root).catch(() => [])).filter((name) => JOB.test(name));
    if (jobs.length === 0) return;
    const kept = await areKept(jobs);
    for (const job of jobs) if (!kept.has(job)) await this.remove(job);
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** Lines of a file at most, so that a reader can take several at once and begin again at a small one. */
const MOST_LINES = 100_000;
const NEWLINE = Buffer.from('\n');

/** Writes lines by role and type; a file is followed by the next when it is full. */
export class ExportWriter {
  readonly #folder: string;
  readonly #placeOf: (name: string) => string;
  readonly #keys: FileKeys;
  /** Those that were begun, in order. */
  readonly files: ExportedFile[] = [];
  readonly #open = new Map<string, { file: ExportedFile; writer: SealedWriter }>();

  constructor(folder: string, placeOf: (name: string) => string, keys: FileKeys) {
    this.#folder = folder;
    this.#placeOf = placeOf;
    this.#keys = keys;
  }

  /** Fails with `disk-full`. */
  async write(
    type: string,
    lines: readonly Buffer[],
    role: ExportedFile['role'] = 'output',
    inputUrl?: string,
  ): Promise<void> {
    for (let from = 0; from < lines.length; ) {
      const { file, writer } = await this.#fileOf(type, role, inputUrl);
      const taken = lines.slice(from, from + MOST_LINES - file.count);
      await writeAll(() => writer.append(Buffer.concat(taken.flatMap((line) => [line, NEWLINE]))));
      file.count += taken.length;
      from += taken.length;
    }
  }

  /** One file of another form, whole: who writes it counts what stands in it. */
  async openFile(
    type: string,
    ending: string,
  ): Promise<{ file: ExportedFile; write(bytes: Buffer): Promise<void> }> {
    const file: ExportedFile = { type, role: 'output', name: `${type}.1.${ending}`, count: 0 };
    const writer = await this.#begin(file.name);
    this.files.push(file);
    this.#open.set(file.name, { file, writer });
    return { file, write: (bytes) => writeAll(() => writer.append(bytes)) };
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const { writer } of all) await writeAll(() => writer.close());
  }

  async #begin(name: string): Promise<SealedWriter> {
    const handle = await open(join(this.#folder, name), 'wx', 0o600);
    return SealedWriter.begin(handle, this.#keys, this.#placeOf(name));
  }

  async #fileOf(type: string, role: ExportedFile['role'], inputUrl: string | undefined) {
    const kind = role === 'output' ? type : `${type}-${role}`;
    const key = `${kind} ${inputUrl ?? ''}`;
    const now = this.#open.get(key);
    if (now && now.file.count < MOST_LINES) return now;
    if (now) await writeAll(() => now.writer.close());
    const number = this.files.filter((file) => file.type === type && file.role === role).length + 1;
    const name = `${kind}.${number}.ndjson`;
    const file: ExportedFile = { type, role, name, count: 0, ...(inputUrl !== undefined && { inputUrl }) };
    const writer = await this.#begin(file.name);
    this.files.push(file);
    const opened = { file, writer };
    this.#open.set(key, opened);
    return opened;
  }
}

/** Fails with `disk-full`. */
async function writeAll(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new Failure('disk-full', 'Ổ đĩa đã đầy nên không xuất được. Hãy báo người vận hành.', {
      textEn: 'The disk is full; nothing was exported. Tell the operator.',
      cause: error,
    });
  }
}
