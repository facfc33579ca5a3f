/** Passwords and client secrets: argon2id (RFC 9106) by Node's own crypto, kept as PHC strings. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2) as (
  algorithm: 'argon2id',
  parameters: {
    message: Buffer;
    nonce: Buffer;
    parallelism: number;
    tagLength: number;
    memory: number;
    passes: number;
  },
) => Promise<Buffer>;

/** Second recommended option of RFC 9106 scaled to shared machines: 19 MiB, 2 passes (OWASP minimum). */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

let made = 0;

/** Hashes computed since the start, of people, clients and nobody: by which tests see that every answer costs the same. */
export function hashesMade(): number {
  return made;
}

/** `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  made += 1;
  const nonce = randomBytes(16);
  const hash = await derive('argon2id', { message: bytesOf(password), nonce, tagLength: 32, ...COST });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain(nonce)}$${plain(hash)}`;
}

/** False for a wrong password and for a string that is no such hash; takes the same time either way. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const match = PHC.exec(phc) ?? PHC.exec(NOBODY)!;
  const [, memory, passes, parallelism, salt, hash] = match as unknown as string[];
  made += 1;
  const expected = Buffer.from(hash!, 'base64');
  const found = await derive('argon2id', {
    message: bytesOf(password),
    nonce: Buffer.from(salt!, 'base64'),
    tagLength: expected.length,
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return timingSafeEqual(found, expected) && match.input === phc;
}

/** A hash of nothing: what is compared when there is no such account, so that the answer takes as long. */
export const NOBODY = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** The same text typed in two normal forms is one password. */
function bytesOf(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'), 'utf8');
}

function plain(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
