/**
 * Inflating of many small bodies. `inflateRawSync` makes a stream, its listeners and its window for each call: three quarters
 * of the time of a body of a kilobyte. Node has no public call that uses one state again without a round through the thread
 * pool, so the state of a stream is driven directly here; where that is not as expected, `inflateRawSync` does the work.
 */
import { constants, createInflateRaw, inflateRawSync } from 'node:zlib';
import { engineOf } from './zlib-engine.ts';

/** The widest, for whatever window a body was packed with. */
const WINDOW = { windowBits: 15, chunkSize: 4096 };
/** Largest body that is inflated in the shared buffer; larger ones are rare and take the other way. */
const ROOM = 64 * 1024;
const room = Buffer.allocUnsafeSlow(ROOM);

/**
 * Unpacks what was deflated with a preset dictionary (undefined = without one). One for each dictionary.
 * @returns a function that throws the error of zlib for bytes that are no deflate
 */
export function makeInflater(dictionary: Buffer | undefined): (packed: Buffer) => Buffer {
  const options = dictionary ? { ...WINDOW, dictionary } : WINDOW;
  const slowly = (packed: Buffer) => inflateRawSync(packed, options);
  let engine = engineOf(createInflateRaw(options));
  return (packed) => {
    if (!engine) return slowly(packed);
    engine.reset();
    engine._handle!.writeSync!(constants.Z_FINISH, packed, 0, packed.length, room, 0, ROOM);
    const [roomLeft = 0, inputLeft = 0] = engine._writeState!;
    if (!engine.destroyed && inputLeft === 0 && roomLeft > 0)
      return Buffer.from(room.subarray(0, ROOM - roomLeft));
    // Too large for the room, or broken: the public call tells which.
    if (engine.destroyed) engine = engineOf(createInflateRaw(options));
    return slowly(packed);
  };
}
