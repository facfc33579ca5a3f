/**
 * Files of a backup: compressed (zstd), then encrypted by age to public keys, so that the machine that writes backups cannot read
 * them. The hash is of what stands on the disk: it is checked without any key.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline as pipe, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { BackupFault, ioFault } from './fault.ts';

export interface Written {
  /** Hex, of the file as it stands. */
  sha256: string;
  bytes: number;
}

const CHUNK_BYTES = 256 * 1024;
/** Pages of a database repeat within the window of the lowest level already. */
const COMPRESSION = { chunkSize: CHUNK_BYTES };

/** Writes a new file, on disk when it resolves. @param recipients age public keys */
export async function writeSealed(
  path: string,
  source: AsyncIterable<Buffer> | Readable,
  recipients: readonly string[],
  signal?: AbortSignal,
): Promise<Written> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const packed = createZstdCompress(COMPRESSION);
  const from = Readable.from(source, { objectMode: false });
  pipe(from, packed, () => undefined);
  const sealed = await encrypter.encrypt(Readable.toWeb(packed) as never);
  const { counter, written } = counting();
  try {
    await pipeline(
      Readable.fromWeb(sealed as unknown as ReadableStream<Uint8Array>),
      counter,
      createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
      ...(signal ? [{ signal }] : []),
    );
  } catch (error) {
    from.destroy();
    packed.destroy();
    throw error;
  }
  return written();
}

/** The content of a sealed file; fails with BackupFault when no key fits or a byte differs. */
export async function readSealed(path: string, identities: readonly string[]): Promise<Readable> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let opened: unknown;
  try {
    opened = await decrypter.decrypt(Readable.toWeb(file) as never);
  } catch (error) {
    file.destroy();
    throw /identit/i.test((error as Error).message)
      ? new BackupFault(`${path} is not encrypted to this key: give the identity of one of its recipients.`)
      : ioFault(`${path} is damaged`, error);
  }
  const plain = createZstdDecompress(COMPRESSION);
  pipe(Readable.fromWeb(opened as ReadableStream<Uint8Array>), plain, () => undefined);
  return plain;
}

/** Hash of a file as it stands. */
export async function hashFile(path: string): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, {
      highWaterMark: CHUNK_BYTES,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    throw ioFault(`${path} cannot be read`, error);
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** The identities of a file of `yba backup key` or of age; one that a passphrase protects is opened by it. */
export async function readIdentities(path: string, passphrase: string | null): Promise<string[]> {
  const bytes = await readFile(path).catch((error) => {
    throw ioFault(`The identity ${path} cannot be read`, error);
  });
  const text =
    bytes.subarray(0, 21).toString('latin1') === 'age-encryption.org/v1'
      ? await open()
      : bytes.toString('utf8');
  const found = text.match(/^AGE-SECRET-KEY-\S+$/gm);
  if (found) return found;
  throw new BackupFault(`${path} holds no identity (AGE-SECRET-KEY-…).`);

  async function open(): Promise<string> {
    if (passphrase === null)
      throw new BackupFault(`${path} is protected by a passphrase: give --passphrase-file.`);
    const { Decrypter } = await import('age-encryption');
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    try {
      return await decrypter.decrypt(bytes, 'text');
    } catch {
      throw new BackupFault(`The passphrase does not open ${path}.`);
    }
  }
}

/** A new key pair. @returns the text of the identity's file, and the recipient that goes into YBA_BACKUP_RECIPIENTS */
export async function newIdentity(passphrase: string | null): Promise<{ file: Buffer; recipient: string }> {
  const { Encrypter, generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const text = `# public key: ${recipient}\n${identity}\n`;
  if (passphrase === null) return { file: Buffer.from(text), recipient };
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return { file: Buffer.from(await encrypter.encrypt(text)), recipient };
}

function counting() {
  const hash = createHash('sha256');
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { counter, written: (): Written => ({ sha256: hash.digest('hex'), bytes }) };
}
