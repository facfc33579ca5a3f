/**
 * Whether a password is in a list of breached ones that the operator keeps: a file in the form of Have I Been Pwned,
 * sorted lines `SHA1` or `SHA1:count` in hexadecimal (whole hashes, or the first ten digits and more of them), of any size.
 * It is searched by halves on the disk and never read whole.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../../failure.ts';

export interface Breached {
  /** Fails with an Error when the file can no longer be read: a password is never let through unasked. */
  has(password: string): Promise<boolean>;
}

const LINE_BYTES = 96;
const LEAST_DIGITS = 10;

/** @param path null = no list. Fails with `invalid-parameter` and a sentence that names the file when it is none. */
export async function openBreached(path: string | null): Promise<Breached> {
  if (path === null) return { has: async () => false };
  const has = async (password: string) => {
    const file = await open(path, 'r');
    try {
      return await isIn(file, createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase());
    } finally {
      await file.close();
    }
  };
  await checkForm(path).catch((cause) => {
    throw new Failure(
      'invalid-parameter',
      `Không đọc được danh sách mật khẩu bị lộ "${path}" (YBA_BREACHED): cần các dòng SHA-1 đã xếp thứ tự.`,
      {
        textEn: `The list of breached passwords "${path}" (YBA_BREACHED) cannot be read: it has sorted lines of SHA-1 hashes.`,
        cause,
      },
    );
  });
  return { has };
}

async function checkForm(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const first = await lineAt(file, 0);
    if (hashOf(first.text) === null) throw new Error('the first line is no SHA-1 hash');
  } finally {
    await file.close();
  }
}

/** Halves the file: `low` always lies at or before the line looked for, `high` behind it. */
async function isIn(file: FileHandle, wanted: string): Promise<boolean> {
  let low = 0;
  let high = (await file.stat()).size;
  while (high - low > LINE_BYTES * 2) {
    const middle = Math.floor((low + high) / 2);
    const line = await lineFrom(file, middle);
    const found = hashOf(line.text);
    if (found === null) {
      high = middle;
      continue;
    }
    if (wanted.startsWith(found)) return true;
    if (found < wanted) low = line.start;
    else high = middle;
  }
  for (let at = low; ; ) {
    const line = await lineAt(file, at);
    const found = hashOf(line.text);
    if (found === null) return false;
    if (wanted.startsWith(found)) return true;
    if (found > wanted) return false;
    at = line.start + line.length;
  }
}

interface Line {
  text: string;
  start: number;
  /** With its line break. */
  length: number;
}

async function lineAt(file: FileHandle, start: number): Promise<Line> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LINE_BYTES), 0, LINE_BYTES, start);
  const text = buffer.toString('latin1', 0, bytesRead);
  const end = text.indexOf('\n');
  return { text: (end < 0 ? text : text.slice(0, end)).trim(), start, length: end < 0 ? bytesRead : end + 1 };
}

/** The first whole line that begins after a place. */
async function lineFrom(file: FileHandle, place: number): Promise<Line> {
  const { start, length } = await lineAt(file, place);
  return lineAt(file, start + length);
}

function hashOf(line: string): string | null {
  const hash = /^([0-9A-Fa-f]{10,40})(:\d+)?$/.exec(line)?.[1];
  return hash === undefined || hash.length < LEAST_DIGITS ? null : hash.toUpperCase();
}
