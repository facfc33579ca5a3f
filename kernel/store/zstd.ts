/**
 * Packing and unpacking of many small bodies by zstd with a preset dictionary. Its hash of the dictionary is made once, where
 * deflate makes it for each body: a third of the time (docs/adr/0007). The state of a stream is driven directly, as in
 * `inflater.ts`; a frame that is complete leaves it ready for the next one.
 *
 * Stored is the frame without its magic number, which every row would repeat. Its header tells the length of the body.
 */
import {
  createZstdCompress,
  createZstdDecompress,
  constants as zlib,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { headed, type Inflate } from './inflater.ts';
import { type Engine, engineOf } from './zlib-engine.ts';

/** Level 4 saves a twelfth of the bytes and takes half as much time again (docs/adr/0007). */
const PARAMS = {
  [zlib.ZSTD_c_compressionLevel]: 3,
  [zlib.ZSTD_c_contentSizeFlag]: 1,
  [zlib.ZSTD_c_checksumFlag]: 0,
  [zlib.ZSTD_c_dictIDFlag]: 0,
};
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Largest body that is packed in the shared buffer. */
const LARGEST = 48 * 1024;
const ROOM = 64 * 1024;
const room = Buffer.allocUnsafeSlow(ROOM);
/** What is packed, behind the magic number. */
const frame = Buffer.allocUnsafeSlow(ROOM);
MAGIC.copy(frame);

/** One for each dictionary. The same body gives the same bytes, whatever was packed before. */
export function makeZstdPacker(dictionary: Buffer): (plain: Buffer) => Buffer {
  const options = { params: PARAMS, dictionary };
  const slowly = (plain: Buffer) => Buffer.from(zstdCompressSync(plain, options).subarray(MAGIC.length));
  let engine: Engine | null | undefined;
  return (plain) => {
    engine ??= engineOf(createZstdCompress(options));
    if (!engine || plain.length > LARGEST) return slowly(plain);
    const left = run(engine, zlib.ZSTD_e_end, plain, plain.length, 0);
    if (left > 0) return Buffer.from(room.subarray(MAGIC.length, ROOM - left));
    engine = undefined;
    return slowly(plain);
  };
}

/** One for each dictionary. Throws the error of zlib for bytes that are no frame, or not a whole one. */
export function makeZstdUnpacker(dictionary: Buffer): Inflate {
  const options = { dictionary };
  const slowly: Inflate = (packed, head = '') => {
    const body = zstdDecompressSync(Buffer.concat([MAGIC, packed]), options);
    // The call is content with a part of a frame.
    if (body.length === lengthIn(packed)) return headed(head, body);
    throw new Error(`a packed body is damaged: ${body.length} bytes of ${lengthIn(packed)}`);
  };
  let engine: Engine | null | undefined;
  return (packed, head = '') => {
    const size = packed.length + MAGIC.length;
    const whole = head.length + lengthIn(packed);
    if (size > ROOM || whole >= ROOM || whole < head.length) return slowly(packed, head);
    engine ??= engineOf(createZstdDecompress(options));
    if (!engine) return slowly(packed, head);
    packed.copy(frame, MAGIC.length);
    if (ROOM - run(engine, zlib.ZSTD_e_continue, frame, size, head.length) === whole) {
      if (head !== '') room.write(head, 0, 'latin1');
      const body = Buffer.allocUnsafe(whole);
      room.copy(body, 0, 0, whole);
      return body;
    }
    // Broken or cut off: the public call tells which, and the state is of no more use.
    engine = undefined;
    return slowly(packed, head);
  };
}

/** @returns bytes left in the room; 0 when it did not do, or not all went through */
function run(engine: Engine, flush: number, input: Buffer, size: number, from: number): number {
  engine._handle!.writeSync!(flush, input, 0, size, room, from, ROOM - from);
  const [roomLeft = 0, inputLeft = 0] = engine._writeState!;
  return engine.destroyed || inputLeft > 0 ? 0 : roomLeft;
}

/**
 * What the header of a frame without magic number says of the length of its body (RFC 8878, 3.1.1.1). All that are packed here
 * have a single segment. @returns -1 for other bytes
 */
function lengthIn(packed: Buffer): number {
  const flags = packed[0] ?? 0;
  const width = 1 << (flags >> 6);
  if ((flags & 0x23) !== 0x20 || width > 4 || packed.length < 1 + width) return -1;
  return packed.readUIntLE(1, width) + (width === 2 ? 256 : 0);
}
