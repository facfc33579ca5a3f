/**
 * Bytes that are kept for a while, side by side in blocks of their own. A small Buffer lies in a block of 64 KB that it
 * shares with whatever was made at that moment: keeping it keeps all of that. Here a block goes when the last of its kept
 * pieces is forgotten, and pieces that are kept together are forgotten together.
 */
const BLOCK = 256 * 1024;
/** Larger ones have memory of their own. */
const LARGEST_PIECE = 32 * 1024;

export class Blocks {
  #block = Buffer.alloc(0);
  #used = 0;

  /** A copy of its own. Nobody changes it. */
  copy(bytes: Buffer): Buffer {
    const { length } = bytes;
    if (length > LARGEST_PIECE) {
      const own = Buffer.allocUnsafeSlow(length);
      bytes.copy(own);
      return own;
    }
    if (this.#used + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(BLOCK);
      this.#used = 0;
    }
    const own = this.#block.subarray(this.#used, this.#used + length);
    bytes.copy(own);
    this.#used += length;
    return own;
  }
}
