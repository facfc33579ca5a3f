/**
 * Checkpoints as C2SP tlog-checkpoint: a signed note (C2SP signed-note) whose text is the log's name, the tree's size and
 * its root; witnesses add C2SP tlog-cosignature lines. Ed25519 (RFC 8032). Pure.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** The tree's head: how many lines, and the root over them in 32 bytes. */
export interface Head {
  origin: string;
  size: number;
  root: Buffer;
}

/** One `— name base64` line under a note. */
export interface NoteLine {
  name: string;
  /** First 4 bytes of the key's identifier. */
  id: Buffer;
  /** What follows the identifier: the signature, for a witness 8 bytes of time before it. */
  rest: Buffer;
}

/** Bytes of the kinds of signature (C2SP signed-note, tlog-cosignature). */
export const LOG_KEY = 0x01;
export const WITNESS_KEY = 0x04;

const DASH = '\u2014 ';

/** The signed text of a checkpoint, its last line break included. */
export const headText = ({ origin, size, root }: Head) => `${origin}\n${size}\n${root.toString('base64')}\n`;

/** First four bytes of SHA-256(name ‖ line break ‖ kind ‖ public key). */
export function keyId(name: string, kind: number, publicKey: Buffer): Buffer {
  const text = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([kind]), publicKey]);
  return createHash('sha256').update(text).digest().subarray(0, 4);
}

/** A key as it is told to others: `name+identifier+base64(kind ‖ key)`. */
export function verifierKey(name: string, kind: number, publicKey: Buffer): string {
  const key = Buffer.concat([Buffer.from([kind]), publicKey]).toString('base64');
  return `${name}+${keyId(name, kind, publicKey).toString('hex')}+${key}`;
}

/** Reads what `verifierKey` made; null when it is none or its identifier is not the key's. */
export function parseVerifierKey(text: string): { name: string; kind: number; publicKey: Buffer } | null {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  if (!match) return null;
  const bytes = Buffer.from(match[3]!, 'base64');
  const [kind = 0, publicKey] = [bytes[0], bytes.subarray(1)];
  const known = publicKey.length === 32 && keyId(match[1]!, kind, publicKey).toString('hex') === match[2]!;
  return known ? { name: match[1]!, kind, publicKey } : null;
}

export function noteLine(name: string, id: Buffer, rest: Buffer): string {
  return `${DASH}${name} ${Buffer.concat([id, rest]).toString('base64')}\n`;
}

/** The head and the signature lines of a checkpoint; null when the text is none. */
export function parseCheckpoint(text: string): { head: Head; text: string; lines: NoteLine[] } | null {
  const end = text.indexOf('\n\n');
  if (end < 0) return null;
  const body = text.slice(0, end + 1);
  const match = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(body);
  if (!match) return null;
  const head = { origin: match[1]!, size: Number(match[2]), root: Buffer.from(match[3]!, 'base64') };
  const lines = text
    .slice(end + 2)
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
  return lines.includes(null) ? null : { head, text: body, lines: lines as NoteLine[] };
}

function parseLine(line: string): NoteLine | null {
  const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
  const bytes = Buffer.from(match?.[2] ?? '', 'base64');
  return match && bytes.length > 4
    ? { name: match[1]!, id: bytes.subarray(0, 4), rest: bytes.subarray(4) }
    : null;
}

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param bytes 32 bytes of RFC 8032 */
export const publicKeyOf = (bytes: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });

/** @param seed 32 bytes of RFC 8032 */
export const privateKeyOf = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });

/** The 32 bytes of the public key that belongs to a seed. */
export function publicBytes(seed: Buffer): Buffer {
  return createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}

/** The log's signature over a head. */
export const signHead = (head: Head, seed: KeyObject): Buffer =>
  sign(null, Buffer.from(headText(head)), seed);

export const isSigned = (head: Head, signature: Buffer, key: KeyObject): boolean =>
  verify(null, Buffer.from(headText(head)), key, signature);

/** What a witness signs (C2SP tlog-cosignature, cosignature/v1). */
const cosigned = (text: string, seconds: number) => Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);

/**
 * A witness's line under a checkpoint.
 * @param text the checkpoint's signed text @param seconds Unix time of the witnessing
 */
export function cosign(text: string, name: string, seed: Buffer, seconds: number): string {
  const signature = sign(null, cosigned(text, seconds), privateKeyOf(seed));
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  return noteLine(name, keyId(name, WITNESS_KEY, publicBytes(seed)), Buffer.concat([time, signature]));
}

/** Unix time at which the witness vouched for the text; null when the line is not the witness's or does not hold. */
export function cosignedAt(text: string, line: NoteLine, name: string, publicKey: Buffer): number | null {
  if (line.name !== name || !line.id.equals(keyId(name, WITNESS_KEY, publicKey)) || line.rest.length !== 72)
    return null;
  const seconds = Number(line.rest.readBigUInt64BE(0));
  const holds = verify(null, cosigned(text, seconds), publicKeyOf(publicKey), line.rest.subarray(8));
  return holds ? seconds : null;
}

/**
 * A checkpoint that one of the keys signed; null when none did.
 * @param keys verifier keys of one log
 */
export function openedCheckpoint(text: string, keys: readonly string[]): { head: Head; text: string } | null {
  const note = parseCheckpoint(text);
  const known = keys.map(parseVerifierKey).filter((key) => key !== null);
  const signed = note?.lines.some(({ name, id, rest }) =>
    known.some(
      (key) =>
        name === key.name &&
        note.head.origin === key.name &&
        id.equals(keyId(key.name, LOG_KEY, key.publicKey)) &&
        isSigned(note.head, rest, publicKeyOf(key.publicKey)),
    ),
  );
  return note && signed ? { head: note.head, text: note.text } : null;
}
