/** Sealed files: read whole and from any place as they were written; altered, cut short, moved or without their key they do not open. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { seal, unseal } from '../../keys/envelope.ts';
import { ExportFiles } from './export-files.ts';
import { type FileKeys, openSealed, SealedWriter } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-sealed-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const data = randomBytes(32);
const keys: FileKeys = {
  seal: async (place, plain) => seal('k1', data, place, plain),
  open: async (place, sealed) => unseal(data, place, sealed),
};
const PIECE = 64 * 1024;

let files = 0;
async function written(parts: readonly Buffer[]): Promise<string> {
  const path = join(folder, `file-${files++}`);
  const writer = await SealedWriter.begin(await open(path, 'wx', 0o600), keys, 'a place');
  for (const part of parts) await writer.append(part);
  await writer.close();
  return path;
}
const opened = (path: string, place = 'a place') => openSealed(() => open(path, 'r'), keys, place);
async function read(path: string, from?: number, to?: number): Promise<Buffer> {
  const file = await opened(path);
  const chunks: Buffer[] = [];
  for await (const chunk of file!.read(from, to)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('what was written is read, of every length around a piece, in whatever parts it came', async () => {
  for (const length of [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5]) {
    const plain = randomBytes(length);
    for (const step of [length, 1_000, PIECE, PIECE + 1].filter((one) => one > 0)) {
      const parts: Buffer[] = [];
      for (let from = 0; from < length; from += step) parts.push(plain.subarray(from, from + step));
      const path = await written(parts);
      assert.equal((await opened(path))!.size, length);
      assert.ok((await read(path)).equals(plain), `${length} by ${step}`);
    }
  }
});

test('any part of it is read by itself', async () => {
  const plain = randomBytes(3 * PIECE + 100);
  const path = await written([plain]);
  for (let turn = 0; turn < 200; turn++) {
    const from = Math.floor(Math.random() * plain.length);
    const to = from + Math.floor(Math.random() * (plain.length - from));
    assert.ok((await read(path, from, to)).equals(plain.subarray(from, to + 1)), `${from}-${to}`);
  }
});

test('altered anywhere, cut short, with pieces changed about, or for another place: it does not open', async () => {
  const plain = Buffer.alloc(3 * PIECE, 'Nguyễn Thị Lan');
  const path = await written([plain]);
  const whole = readFileSync(path);
  assert.ok(!whole.includes('Nguyễn'), 'it lies in clear');
  const begins = whole.length - 3 * (PIECE + 16);
  const piece = (at: number) => whole.subarray(begins + at * (PIECE + 16), begins + (at + 1) * (PIECE + 16));
  const flipped = (at: number) => {
    const copy = Buffer.from(whole);
    copy[at]! ^= 1;
    return copy;
  };
  const wrong: Record<string, Buffer> = {
    head: flipped(20),
    first: flipped(begins + 5),
    last: flipped(whole.length - 1),
    'cut at a piece': whole.subarray(0, begins + 2 * (PIECE + 16)),
    'cut within': whole.subarray(0, whole.length - 100),
    'pieces changed about': Buffer.concat([whole.subarray(0, begins), piece(1), piece(0), piece(2)]),
  };
  for (const [what, bytes] of Object.entries(wrong)) {
    writeFileSync(path, bytes);
    await assert.rejects(read(path), what);
  }
  writeFileSync(path, whole);
  await assert.rejects(opened(path, 'another place'));
  writeFileSync(path, '{"resourceType":"Patient"}\n');
  assert.equal(await opened(path), null, 'what is not sealed is no file of ours');
});

test('files of exports lie sealed, each for its job and name', async () => {
  const exports = new ExportFiles(folder, keys);
  const [job, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
  for (const one of [job, other]) {
    const writer = await exports.writer(one);
    await writer.write('Patient', [Buffer.from('{"name":"Nguyễn Thị Lan"}')]);
    await writer.close();
  }
  const place = (one: string) => join(folder, 'exports', one, 'Patient.1.ndjson');
  assert.deepEqual(readdirSync(join(folder, 'exports', job)), ['Patient.1.ndjson']);
  assert.ok(!readFileSync(place(job)).includes('Lan'), 'it lies in clear');
  const found = await exports.find(job, 'Patient.1.ndjson');
  assert.equal(String(await found!.read().toArray()), '{"name":"Nguyễn Thị Lan"}\n');
  renameSync(place(other), place(job));
  await assert.rejects(exports.find(job, 'Patient.1.ndjson'), 'the file of another job');
  assert.equal(await exports.find(other, 'Patient.1.ndjson'), null);
});
