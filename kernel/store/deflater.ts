/**
 * Deflating of small bodies of a type that has no dictionary yet, with one state that is used again: `inflater.ts` says why, and
 * how the state is driven.
 */
import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { type Engine, engineOf } from './zlib-engine.ts';

/** Measured in docs/adr/0007. */
const SETTINGS = { level: 6, memLevel: 5, windowBits: 14 };
/** Largest body that is deflated in the shared buffer. */
const LARGEST = 48 * 1024;
const ROOM = 64 * 1024;
const room = Buffer.allocUnsafeSlow(ROOM);

let engine: Engine | null | undefined;

export function deflate(plain: Buffer): Buffer {
  engine ??= engineOf(createDeflateRaw(SETTINGS));
  if (!engine || plain.length > LARGEST) return slowly(plain);
  engine.reset();
  engine._handle!.writeSync!(constants.Z_FINISH, plain, 0, plain.length, room, 0, ROOM);
  const [roomLeft = 0, inputLeft = 0] = engine._writeState!;
  if (!engine.destroyed && inputLeft === 0 && roomLeft > 0)
    return Buffer.from(room.subarray(0, ROOM - roomLeft));
  engine = undefined;
  return slowly(plain);
}

const slowly = (plain: Buffer) =>
  deflateRawSync(plain, { ...SETTINGS, chunkSize: Math.max(64, plain.length) });
