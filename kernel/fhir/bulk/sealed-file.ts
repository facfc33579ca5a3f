/**
 * Files that lie sealed and are read from any place: pieces of 64 KB, each AES-256-GCM under a key of this file alone. That key is
 * sealed by the data keys of the database (`kernel/keys`) and stands at the beginning:
 *
 *     YBS1 · length of the sealed key (2) · sealed key · (piece · tag (16))*
 *
 * The nonce of a piece is its number, and whether it is the last: pieces cannot change places, and a file that was cut short does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

/** What seals the keys of files: `Keyring` of `kernel/keys`. */
export interface FileKeys {
  /** @param place what it is and where it stands; must be given again to open it */
  seal(place: string, plain: Buffer): Promise<string>;
  open(place: string, sealed: string): Promise<Buffer>;
}

const MAGIC = Buffer.from('YBS1');
const PIECE = 64 * 1024;
const TAG_BYTES = 16;
const SEALED_PIECE = PIECE + TAG_BYTES;

function nonceOf(piece: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce[0] = isLast ? 1 : 0;
  nonce.writeUIntBE(piece, 6, 6);
  return nonce;
}

/** Appends; whole pieces go to the disk, the rest with `close`. */
export class SealedWriter {
  readonly #handle: FileHandle;
  readonly #key: Buffer;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #pieces = 0;

  private constructor(handle: FileHandle, key: Buffer) {
    this.#handle = handle;
    this.#key = key;
  }

  /** @param handle of an empty file, closed by `close` */
  static async begin(handle: FileHandle, keys: FileKeys, place: string): Promise<SealedWriter> {
    const key = randomBytes(32);
    const sealed = Buffer.from(await keys.seal(place, key));
    const length = Buffer.alloc(2);
    length.writeUInt16BE(sealed.length);
    await handle.appendFile(Buffer.concat([MAGIC, length, sealed]));
    return new SealedWriter(handle, key);
  }

  async append(bytes: Buffer): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes <= PIECE) return;
    const all = Buffer.concat(this.#waiting);
    const pieces: Buffer[] = [];
    let from = 0;
    // What may be the last piece stays.
    for (; all.length - from > PIECE; from += PIECE)
      pieces.push(this.#sealed(all.subarray(from, from + PIECE), false));
    this.#waiting = [all.subarray(from)];
    this.#waitingBytes = all.length - from;
    await this.#handle.appendFile(Buffer.concat(pieces));
  }

  async close(): Promise<void> {
    try {
      await this.#handle.appendFile(this.#sealed(Buffer.concat(this.#waiting), true));
    } finally {
      await this.#handle.close();
    }
  }

  #sealed(plain: Buffer, isLast: boolean): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(this.#pieces++, isLast), {
      authTagLength: TAG_BYTES,
    });
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }
}

export interface SealedFile {
  /** Bytes of what is inside. */
  size: number;
  /** Both ends are in it. Fails in the midst of reading where a piece was altered. */
  read(from?: number, to?: number): Readable;
}

/**
 * Reads the head of a file. @param reopen the file, once for each reading
 * @returns null for what is no sealed file. Fails with SealFault when its key does not open.
 */
export async function openSealed(
  reopen: () => Promise<FileHandle>,
  keys: FileKeys,
  place: string,
): Promise<SealedFile | null> {
  const handle = await reopen();
  try {
    const { size: all } = await handle.stat();
    const head = await bytesAt(handle, 0, MAGIC.length + 2);
    if (!head.subarray(0, MAGIC.length).equals(MAGIC)) return null;
    const begins = head.length + head.readUInt16BE(MAGIC.length);
    const key = await keys.open(place, String(await bytesAt(handle, head.length, begins - head.length)));
    const pieces = Math.ceil((all - begins) / SEALED_PIECE);
    const size = all - begins - pieces * TAG_BYTES;
    const inside = { key, begins, pieces, size };
    return {
      size,
      read: (from = 0, to = size - 1) =>
        Readable.from(piecesOf(reopen, inside, from, to), { objectMode: false }),
    };
  } finally {
    await handle.close();
  }
}

async function* piecesOf(
  reopen: () => Promise<FileHandle>,
  { key, begins, pieces, size }: { key: Buffer; begins: number; pieces: number; size: number },
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  const handle = await reopen();
  try {
    const last = size === 0 ? 0 : Math.floor(Math.min(to, size - 1) / PIECE);
    for (let piece = Math.floor(from / PIECE); piece <= last; piece++) {
      const sealed = await bytesAt(handle, begins + piece * SEALED_PIECE, SEALED_PIECE);
      const plain = opened(key, sealed, nonceOf(piece, piece === pieces - 1));
      const start = piece * PIECE;
      yield plain.subarray(Math.max(0, from - start), to + 1 - start);
    }
  } finally {
    await handle.close();
  }
}

function opened(key: Buffer, sealed: Buffer, nonce: Buffer): Buffer {
  const end = Math.max(0, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
}

/** As many as there are. */
async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
