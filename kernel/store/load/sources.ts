/** Files, folders and standard input as streams of bytes, and as the pieces that threads are handed. */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { Failure } from '../../failure.ts';
import type { MadeSource, Piece } from './contract.ts';
import { Cutter } from './cutter.ts';

export interface Source {
  /** Absolute path, `-`, or the name of what is made. */
  name: string;
  /** Bytes on disk, or about; 0 = not known. */
  bytes: number;
  open(): AsyncIterable<Buffer>;
}

/** Bytes of a piece: some hundred resources, a transaction of a few hundredths of a second. */
const PIECE_BYTES = 512 * 1024;
/** A document that is one JSON over many lines is held in memory whole. */
const DOCUMENT_BYTES = 256 * 1024 * 1024;
/** How far the end of the first line is looked for, to tell lines of JSON from a document. */
const FIRST_LINE_BYTES = 64 * 1024 * 1024;
const NAME = /\.(nd)?json(l)?(\.gz)?$/i;
const GZIP = [0x1f, 0x8b];
const NEWLINE = 10;

/**
 * The files that words name, in the order given; a folder's by name, those below it too.
 * @throws Failure `not-found` for what is not there, `invalid-request` for a folder without such files
 */
export function sourcesOf(words: readonly (string | MadeSource)[]): Source[] {
  return words.flatMap((word) => {
    if (typeof word !== 'string') return [{ name: word.name, bytes: word.about, open: () => word.bytes() }];
    if (word === '-') return [{ name: '-', bytes: 0, open: () => process.stdin }];
    const path = resolve(word);
    if (!existsSync(path)) throw missing(path);
    if (!statSync(path).isDirectory()) return [sourceOf(path)];
    const files = readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && NAME.test(entry.name))
      .map((entry) => sourceOf(resolve(entry.parentPath, entry.name)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (files.length === 0) throw empty(path);
    return files;
  });
}

function sourceOf(name: string): Source {
  return { name, bytes: statSync(name).size, open: () => createReadStream(name, { highWaterMark: 1 << 20 }) };
}

type Cut = Omit<Piece, 'n' | 'source'>;

/** All pieces of all sources in order. `onBytes` is told how much of the sources, as they lie on disk, has been read. */
export async function* piecesOf(
  sources: readonly Source[],
  onBytes: (bytes: number) => void,
): AsyncGenerator<Piece> {
  let n = 0;
  for (const source of sources)
    for await (const piece of cut(source, onBytes)) yield { n: n++, source: source.name, ...piece };
}

async function* cut(source: Source, onBytes: (bytes: number) => void): AsyncGenerator<Cut> {
  const chunks = chunksOf(source, onBytes);
  const head = await firstLine(chunks);
  if (isDocument(head)) {
    const bytes = await wholeDocument(source.name, head, chunks);
    if (bytes.length > 0) yield { at: 0, line: 1, bytes, document: true };
    return;
  }
  const cutter = new Cutter(PIECE_BYTES);
  for (const chunk of head) for (const one of cutter.push(chunk)) yield { ...one, document: false };
  for await (const chunk of chunks) for (const one of cutter.push(chunk)) yield { ...one, document: false };
  const last = cutter.end();
  if (last) yield { ...last, document: false };
}

/** Decompressed bytes; what is gzip is told by its first bytes, not by its name. */
async function* chunksOf({ name, open }: Source, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const counted = countBytes(open(), onBytes);
  const first = await counted.next();
  if (first.done) return;
  if (first.value[0] !== GZIP[0] || first.value[1] !== GZIP[1]) {
    yield first.value;
    yield* counted;
    return;
  }
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  const feed = async () => {
    const write = (chunk: Buffer) =>
      gunzip.write(chunk) ? undefined : new Promise((done) => gunzip.once('drain', done));
    await write(first.value);
    for await (const chunk of counted) await write(chunk);
    gunzip.end();
  };
  feed().catch((error) => gunzip.destroy(error));
  try {
    yield* gunzip as AsyncIterable<Buffer> as AsyncGenerator<Buffer>;
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function* countBytes(
  raw: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of raw) {
    onBytes(chunk.length);
    yield chunk;
  }
}

/** Chunks up to and with the end of the first line that is not blank. */
async function firstLine(chunks: AsyncGenerator<Buffer>): Promise<Buffer[]> {
  const head: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) return head;
    head.push(value);
    bytes += value.length;
    if (lineIn(head) !== null || bytes > FIRST_LINE_BYTES) return head;
  }
}

/** The first line that is not blank; null when the text ends before it does. */
function lineIn(head: readonly Buffer[]): string | null {
  const text = head.length === 1 ? head[0]! : Buffer.concat(head);
  let at = 0;
  for (;;) {
    const end = text.indexOf(NEWLINE, at);
    if (end < 0) return null;
    const line = text.toString('utf8', at, end).trim();
    if (line !== '') return line;
    at = end + 1;
  }
}

/** True when the first line is the beginning of a JSON and not a whole one. */
function isDocument(head: readonly Buffer[]): boolean {
  const line = lineIn(head);
  return line !== null && /^\uFEFF?[{[]/.test(line) && !/[}\]]$/.test(line);
}

async function wholeDocument(
  source: string,
  head: readonly Buffer[],
  chunks: AsyncGenerator<Buffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts = [...head];
  let bytes = parts.reduce((sum, part) => sum + part.length, 0);
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes > DOCUMENT_BYTES) throw tooLarge(source);
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function missing(path: string): Failure {
  return new Failure('not-found', `Không có tệp hay thư mục ${path}.`, {
    textEn: `There is no file or folder ${path}.`,
  });
}

function empty(path: string): Failure {
  return new Failure('invalid-request', `Thư mục ${path} không có tệp .json hay .ndjson nào.`, {
    textEn: `The folder ${path} has no .json or .ndjson file (also .gz).`,
  });
}

function unreadable(source: string, cause: unknown): Failure {
  const reason = (cause as Error).message;
  return new Failure('invalid-request', `Tệp ${source} không đọc hết được: ${reason}.`, {
    textEn: `The file ${source} cannot be read to its end: ${reason}.`,
    cause,
  });
}

function tooLarge(source: string): Failure {
  return new Failure('too-large', `Tệp ${source} là một JSON lớn hơn 256 MB. Hãy đổi sang NDJSON.`, {
    textEn: `The file ${source} is one JSON of more than 256 MB. Make it NDJSON.`,
  });
}
