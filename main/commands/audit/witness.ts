/** `yba audit witness`: somebody else watches the log and signs what was seen; needs nothing but its public address. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import {
  addWitness,
  cosign,
  isConsistent,
  LOG_KEY,
  openedCheckpoint,
  parseVerifierKey,
  publicBytes,
  verifierKey,
  WITNESS_KEY,
} from '../../../kernel/store/index.ts';
import { print, required, UsageError, withHouse } from '../command.ts';
import { readText } from './verify.ts';

const PUBLIC = '/.well-known/yba-audit';
const PATIENCE_MS = 30_000;

/** @returns 0 when the newest head was signed, 1 with a sentence when the log is not the one seen before */
export async function witness(values: Record<string, unknown>): Promise<number> {
  const [log, keyFile, name, seenFile] = ['log', 'key', 'name', 'seen'].map((option) =>
    required(values[option], option),
  ) as [string, string, string, string];
  if (/[\s+]/.test(name)) throw new UsageError('--name has no spaces and no plus sign.');
  const seed = seedOf(keyFile);
  const known = (values['log-key'] as string[] | undefined)?.[0] ?? (await firstKey(log));
  const newest = await fetchText(log, '/checkpoint');
  const note = openedCheckpoint(newest, await keysOf(log, known));
  if (!note) return refuse('Dấu niêm phong không được ký bằng khóa đã biết của nhật ký.');
  if (existsSync(seenFile)) {
    const seen = openedCheckpoint(readText(seenFile, 'seen'), await keysOf(log, known));
    if (!seen) return refuse(`Tệp ${seenFile} không phải dấu niêm phong của nhật ký này.`);
    if (!(await grew(log, seen.head, note.head)))
      return refuse(
        'NHẬT KÝ ĐÃ BỊ VIẾT LẠI: dấu niêm phong mới không nối tiếp dấu đã thấy. Giữ lại tệp cũ làm bằng chứng.',
      );
  }
  const line = cosign(note.text, name, seed, Math.floor(Date.now() / 1000));
  writeFileSync(`${seenFile}.new`, newest + line);
  renameSync(`${seenFile}.new`, seenFile);
  print(`Đã chứng kiến ${note.head.size} dòng nhật ký.`);
  print(`Khóa của bên chứng kiến: ${verifierKey(name, WITNESS_KEY, publicBytes(seed))}`);
  return 0;
}

/** On the log's own machine: a witness's signature is kept and shown. */
export async function keepWitness(values: Record<string, unknown>): Promise<number> {
  const text = readText(required(values.add, 'add'), 'add');
  const key = required((values.witness as string[] | undefined)?.[0], 'witness');
  return withHouse(async ({ kernel }) => {
    const { size, at } = await addWitness(kernel.pool, text, key);
    await kernel.gate.system('yba audit').note('config', `audit-witness ${key}`.slice(0, 200), null);
    print(`Đã giữ chữ ký chứng kiến ${size} dòng, lúc ${new Date(at * 1000).toISOString()}.`);
    return 0;
  });
}

function refuse(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}

/** 32 bytes in base64; made at the first time, for its owner alone. */
function seedOf(file: string): Buffer {
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const seed = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (seed.length === 32) return seed;
  throw new UsageError(`--key: ${file} holds no key of 32 bytes in base64.`);
}

async function fetchText(log: string, path: string): Promise<string> {
  const address = `${log.replace(/\/$/, '')}${PUBLIC}${path}`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch((error: Error) => {
    throw new UsageError(`--log: ${address} does not answer (${error.message}).`);
  });
  const text = await answer.text();
  if (answer.ok) return text;
  throw new UsageError(`--log: ${address} answers ${answer.status}.`);
}

interface Face {
  keys: { key: string }[];
}

const faceOf = async (log: string) => JSON.parse(await fetchText(log, '')) as Face;

async function firstKey(log: string): Promise<string> {
  const key = (await faceOf(log)).keys[0]?.key ?? '';
  process.stderr.write(`Khóa của nhật ký: ${key}\nLần sau hãy nêu nó bằng --log-key.\n`);
  return key;
}

/** The known key and those behind it; what vouches for them is checked by `yba audit verify`. */
async function keysOf(log: string, known: string): Promise<string[]> {
  const keys = (await faceOf(log)).keys.map(({ key }) => key);
  const at = keys.indexOf(known);
  if (at < 0 || parseVerifierKey(known)?.kind !== LOG_KEY)
    throw new UsageError('--log-key is no key of this log: ask its operator, and do not sign.');
  return keys.slice(at);
}

async function grew(log: string, from: Head, to: Head): Promise<boolean> {
  if (from.size > to.size) return false;
  const digest = (root: Buffer) => root.toString('latin1');
  const proof =
    from.size === to.size || from.size === 0
      ? []
      : (
          JSON.parse(await fetchText(log, `/consistency?from=${from.size}&to=${to.size}`)) as {
            path: string[];
          }
        ).path;
  const path = proof.map((one) => digest(Buffer.from(one, 'base64')));
  return isConsistent(
    { size: from.size, root: digest(from.root) },
    { size: to.size, root: digest(to.root) },
    path,
  );
}

type Head = NonNullable<ReturnType<typeof openedCheckpoint>>['head'];
