import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Failure } from '../../failure.ts';
import { boundedBytes, type StreamBounds } from './import-stream.ts';

const SMALL: StreamBounds = { line: 1_000, free: 10_000, ratio: 5 };

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(source: AsyncIterable<Buffer>, bounds = SMALL): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of boundedBytes(source, bounds)) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

const failsWith = (textEn: RegExp) => (error: unknown) =>
  error instanceof Failure && textEn.test(error.message);

test('bytes come as they are, unpacked when they are gzip, however they are cut', async () => {
  const text = Array.from({ length: 300 }, (_, n) => `{"id":"${n * 7919}"}\n`).join('');
  for (const size of [1, 7, 4_096]) {
    assert.equal(await read(chunks(Buffer.from(text), size)), text);
    assert.equal(await read(chunks(gzipSync(text), size)), text);
  }
  assert.equal(await read(chunks(Buffer.alloc(0), 1)), '');
});

test('a line that does not end is refused with its number, before it is held', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    yield Buffer.from('{}\n{}\n');
    for (;;) yield Buffer.alloc(100, 'x');
  }
  await assert.rejects(read(endless()), failsWith(/^Line 3 is longer/));
});

test('a gzip that swells without end is stopped; one that is broken off is told', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, '\n'));
  let unpacked = 0;
  const run = async () => {
    for await (const part of boundedBytes(chunks(bomb, 1_000), SMALL)) unpacked += part.length;
  };
  await assert.rejects(run(), failsWith(/more than 5 times its size/));
  assert.ok(unpacked < 2_000_000, `${unpacked}`);
  const half = gzipSync(Buffer.from('{"a":1}\n'.repeat(50))).subarray(0, 20);
  await assert.rejects(read(chunks(half, 5)), failsWith(/cannot be read to its end/));
});

test('a source that fails says why, also below gzip; a reader that leaves ends the source', async () => {
  async function* failing(bytes: Buffer): AsyncGenerator<Buffer> {
    yield bytes;
    throw new Error('the line is dead');
  }
  await assert.rejects(read(failing(Buffer.from('{}\n'))), /the line is dead/);
  await assert.rejects(read(failing(gzipSync('{}\n').subarray(0, 12))), /the line is dead/);
  let left = false;
  async function* long(): AsyncGenerator<Buffer> {
    try {
      for (;;) yield Buffer.from('{}\n');
    } finally {
      left = true;
    }
  }
  for await (const part of boundedBytes(long(), SMALL)) if (part.length > 0) break;
  assert.ok(left);
});
