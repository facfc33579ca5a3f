/**
 * Server-assigned ids. Of a person's resource: 11 characters that spell the shard key and 12 of time and chance, so
 * that the id alone says where the resource lies. The alphabet is base64url with `.` for `_`, which FHIR ids forbid.
 */
import { randomFillSync } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.';
const VALUE = new Map([...ALPHABET].map((character, value) => [character, BigInt(value)]));
const KEY_LENGTH = 11;
const TAIL_LENGTH = 12;

const chance = new Uint32Array(256);
let used = chance.length;

/** `[A-Za-z0-9\-.]{1,64}` (http://hl7.org/fhir/R4/datatypes.html#id) */
export function isId(id: string): boolean {
  return /^[A-Za-z0-9\-.]{1,64}$/.test(id);
}

/** An id of 12 characters that nobody has: 42 bits of milliseconds, 30 bits of chance. */
export function looseId(): string {
  return spell(BigInt(Date.now() % 2 ** 42), 7) + spell(BigInt(nextChance() & 0x3fffffff), TAIL_LENGTH - 7);
}

/** A new id that carries a shard key. */
export function idWithin(pt: bigint): string {
  return spell(BigInt.asUintN(64, pt), KEY_LENGTH) + looseId();
}

/** The shard key that an id of `idWithin` carries; null for ids of any other form. */
export function keyInside(id: string): bigint | null {
  if (id.length !== KEY_LENGTH + TAIL_LENGTH) return null;
  let key = 0n;
  for (let i = 0; i < KEY_LENGTH; i++) {
    const value = VALUE.get(id[i]!);
    if (value === undefined) return null;
    key = (key << 6n) | value;
  }
  return key >> 64n === 0n ? BigInt.asIntN(64, key) : null;
}

function spell(value: bigint, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    text = ALPHABET[Number(value & 63n)]! + text;
    value >>= 6n;
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
