/**
 * Server-assigned ids. Of a person's resource: 11 characters that spell the shard key and 12 of time and chance, so
 * that the id alone says where the resource lies. The alphabet is base64url with `.` for `_`, which FHIR ids forbid.
 */
import { randomFillSync } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.';
/** Value of a character by its code; -1 for others. */
const VALUE = new Int8Array(128).fill(-1);
for (const [value, character] of [...ALPHABET].entries()) VALUE[character.charCodeAt(0)] = value;
const KEY_LENGTH = 11;
const TAIL_LENGTH = 12;

/** The two halves of a key, low first: arithmetic on 64 bits at once makes garbage at every step. */
const halves = new Int32Array(2);
const whole = new BigInt64Array(halves.buffer);

const chance = new Uint32Array(256);
let used = chance.length;

let lastGiven = -1;
let serial = 0;

/** `[A-Za-z0-9\-.]{1,64}` (http://hl7.org/fhir/R4/datatypes.html#id) */
export function isId(id: string): boolean {
  return /^[A-Za-z0-9\-.]{1,64}$/.test(id);
}

/**
 * An id of 12 characters that nobody has: 42 bits of milliseconds, 30 bits that begin by chance in each millisecond and are
 * counted up within it, so that a process never gives one twice.
 */
export function looseId(): string {
  const now = Date.now() % 2 ** 42;
  serial = now === lastGiven ? (serial + 1) & 0x3fffffff : nextChance() & 0x3fffffff;
  lastGiven = now;
  return spell(now, 7) + spell(serial, TAIL_LENGTH - 7);
}

/** A new id that carries a shard key. */
export function idWithin(pt: bigint): string {
  whole[0] = pt;
  const high = halves[1]! >>> 0;
  const low = halves[0]! >>> 0;
  // 11 characters of 6 bits: 4 + 60 bits, cut where both pieces are exact numbers.
  return (
    spell(Math.floor(high / 2 ** 16), 3) + spell((high % 2 ** 16) * 2 ** 32 + low, KEY_LENGTH - 3) + looseId()
  );
}

/** The shard key that an id of `idWithin` carries; null for ids of any other form. */
export function keyInside(id: string): bigint | null {
  if (id.length !== KEY_LENGTH + TAIL_LENGTH) return null;
  // The first three characters are the upper 16 bits, the other eight the lower 48.
  const upper = numberOf(id, 0, 3);
  const lower = numberOf(id, 3, KEY_LENGTH);
  if (upper < 0 || upper >= 2 ** 16 || lower < 0) return null;
  halves[1] = (upper * 2 ** 16 + Math.floor(lower / 2 ** 32)) | 0;
  halves[0] = (lower % 2 ** 32) | 0;
  return whole[0]!;
}

/** 2020-01-01, before the first id of this form. */
const FIRST_MS = 1_577_836_800_000;

/**
 * True for ids of `looseId` and `idWithin`, by the time that they carry. A client may choose such an id, too: for telling how
 * a resource probably came to be, never for deciding anything.
 */
export function isAssigned(id: string): boolean {
  if (id.length !== TAIL_LENGTH && id.length !== KEY_LENGTH + TAIL_LENGTH) return false;
  const from = id.length - TAIL_LENGTH;
  const time = numberOf(id, from, from + 7);
  return time >= FIRST_MS && time <= Date.now();
}

/** The number that characters spell, less than 2 ** 53; -1 when one of them is not of the alphabet. */
function numberOf(id: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) {
    const code = id.charCodeAt(i);
    const value = code < 128 ? VALUE[code]! : -1;
    if (value < 0) return -1;
    number = number * 64 + value;
  }
  return number;
}

/** @param value a whole number from 0, less than 2 ** 53 */
function spell(value: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    text = ALPHABET[value % 64]! + text;
    value = Math.floor(value / 64);
  }
  return text;
}

function nextChance(): number {
  if (used === chance.length) {
    randomFillSync(chance);
    used = 0;
  }
  return chance[used++]!;
}
