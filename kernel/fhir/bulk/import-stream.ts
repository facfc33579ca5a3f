/**
 * The bytes of an imported file within bounds: unpacked when they are gzip, no line longer than a resource may be, and no
 * small file that becomes an endless one.
 */
import { createGunzip } from 'node:zlib';
import { Failure } from '../../failure.ts';

export interface StreamBounds {
  /** Bytes of one line. */
  line: number;
  /** Bytes that any file may have unpacked; beyond, at most `ratio` times as many as came. */
  free: number;
  ratio: number;
}

/** NDJSON of this program is a tenth to a twentieth of its size as gzip; the most that gzip can is a thousandth. */
export const BOUNDS: StreamBounds = { line: 64 * 1024 * 1024, free: 256 * 1024 * 1024, ratio: 200 };

const NEWLINE = 10;
const CHUNK = 256 * 1024;

/** Fails with `too-large`, naming the line; with `invalid-request` for what is no gzip to its end. */
export async function* boundedBytes(
  source: AsyncIterable<Buffer>,
  bounds: StreamBounds = BOUNDS,
): AsyncGenerator<Buffer> {
  const came = { bytes: 0 };
  let unpacked = 0;
  let line = 1;
  let inLine = 0;
  for await (const chunk of unpackedBytes(source, came)) {
    unpacked += chunk.length;
    if (unpacked > bounds.free && unpacked > came.bytes * bounds.ratio) throw swollen(bounds, line);
    for (let at = 0; at < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, at);
      inLine += (end < 0 ? chunk.length : end) - at;
      if (inLine > bounds.line) throw tooLong(bounds, line);
      if (end < 0) break;
      line += 1;
      inLine = 0;
      at = end + 1;
    }
    yield chunk;
  }
}

/** Told by its first two bytes. */
async function* unpackedBytes(
  source: AsyncIterable<Buffer>,
  came: { bytes: number },
): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const { value, done } = await chunks.next();
    if (done) break;
    came.bytes += value.length;
    head = Buffer.concat([head, value]);
  }
  async function* whole(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        came.bytes += next.value.length;
        yield next.value;
      }
    } finally {
      // The peer is told that nobody reads on.
      await chunks.return?.();
    }
  }
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(whole());
  else yield* whole();
}

async function* gunzipped(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  let stopped = false;
  let cause: unknown;
  const feed = async () => {
    for await (const chunk of packed) {
      if (stopped) return;
      if (!gunzip.write(chunk)) await new Promise((go) => gunzip.once('drain', go).once('close', go));
    }
    gunzip.end();
  };
  const fed = feed().catch((error) => {
    cause = error;
    gunzip.destroy(error);
  });
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    throw cause ?? unreadable(error);
  } finally {
    stopped = true;
    gunzip.destroy();
    await fed;
  }
}

const inMegabytes = (bytes: number) => bytes / 1024 / 1024;

function tooLong({ line: most }: StreamBounds, line: number): Failure {
  return new Failure(
    'too-large',
    `Dòng ${line} dài hơn ${inMegabytes(most)} MB. Mỗi dòng phải là một tài nguyên.`,
    {
      textEn: `Line ${line} is longer than ${inMegabytes(most)} MB: each line must be one resource.`,
    },
  );
}

function swollen({ ratio }: StreamBounds, line: number): Failure {
  return new Failure('too-large', `Tệp nén phình ra hơn ${ratio} lần; đã dừng ở dòng ${line}.`, {
    textEn: `The gzip file unpacks to more than ${ratio} times its size; it was stopped at line ${line}.`,
  });
}

function unreadable(cause: unknown): Failure {
  const reason = (cause as Error).message;
  return new Failure('invalid-request', `Tệp gzip không đọc hết được: ${reason}.`, {
    textEn: `The gzip file cannot be read to its end: ${reason}.`,
    cause,
  });
}
