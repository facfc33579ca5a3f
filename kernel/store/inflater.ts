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

/** Unpacks a body, behind a head of Latin-1 that is put before it. Throws the error of zlib for bytes that are no deflate. */
export type Inflate = (packed: Buffer, head?: string) => Buffer;

/** Unpacks what was deflated with a preset dictionary (undefined = without one). One for each dictionary. */
export function makeInflater(dictionary: Buffer | undefined): Inflate {
  const options = dictionary ? { ...WINDOW, dictionary } : WINDOW;
  const slowly: Inflate = (packed, head = '') => headed(head, inflateRawSync(packed, options));
  let engine = engineOf(createInflateRaw(options));
  return (packed, head = '') => {
    if (!engine || head.length >= ROOM) return slowly(packed, head);
    engine.reset();
    const space = ROOM - head.length;
    engine._handle!.writeSync!(constants.Z_FINISH, packed, 0, packed.length, room, head.length, space);
    const [roomLeft = 0, inputLeft = 0] = engine._writeState!;
    if (!engine.destroyed && inputLeft === 0 && roomLeft > 0) {
      if (head !== '') room.write(head, 0, 'latin1');
      const whole = Buffer.allocUnsafe(ROOM - roomLeft);
      room.copy(whole, 0, 0, whole.length);
      return whole;
    }
    // Too large for the room, or broken: the public call tells which.
    if (engine.destroyed) engine = engineOf(createInflateRaw(options));
    return slowly(packed, head);
  };
}

/** A head of Latin-1 and what stands behind it. */
export function headed(head: string, tail: Buffer): Buffer {
  if (head === '') return tail;
  const whole = Buffer.allocUnsafe(head.length + tail.length);
  whole.write(head, 0, 'latin1');
  tail.copy(whole, head.length);
  return whole;
}
