/** Entries of an archive (PKWARE APPNOTE 4.3): stored or deflated, found by the central directory, bounded in number and size. */
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const END_SIZE = 22;
const MOST_ENTRIES = 500;
const LARGEST = 64 * 1024 * 1024;

/** Bytes by name; null when they are no archive, or one that is larger than it may be. */
export function unzip(bytes: Buffer): Map<string, Buffer> | null {
  try {
    return entriesOf(bytes);
  } catch (error) {
    // Offsets that lead out of the file, or data that do not inflate.
    if (error instanceof RangeError || (error as { code?: string }).code !== undefined) return null;
    throw error;
  }
}

function entriesOf(bytes: Buffer): Map<string, Buffer> | null {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || bytes.readUInt32LE(end) !== END || end + END_SIZE > bytes.length) return null;
  const many = bytes.readUInt16LE(end + 10);
  if (many > MOST_ENTRIES) return null;
  const entries = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  let left = LARGEST;
  for (let entry = 0; entry < many; entry += 1) {
    if (bytes.readUInt32LE(at) !== DIRECTORY) return null;
    const [name, more, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const data = dataOf(bytes, at, left);
    if (data === null) return null;
    left -= data.length;
    entries.set(bytes.toString('utf8', at + 46, at + 46 + name), data);
    at += 46 + name + more + comment;
  }
  return entries;
}

/** @param at where the entry stands in the directory */
function dataOf(bytes: Buffer, at: number, most: number): Buffer | null {
  const method = bytes.readUInt16LE(at + 10);
  const packed = bytes.readUInt32LE(at + 20);
  const local = bytes.readUInt32LE(at + 42);
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const data = bytes.subarray(from, from + packed);
  if (method === 0) return data.length <= most ? data : null;
  return method === 8 ? inflateRawSync(data, { maxOutputLength: Math.max(1, most) }) : null;
}
