/** What the log shows of itself. */
import { checkpoint, logFace } from '../../../kernel/store/index.ts';
import type { House } from '../../house.ts';
import { print } from '../command.ts';

/** Seals what can be sealed first, so that the head is of now. */
export async function printCheckpoint({ store, pool }: House['kernel']): Promise<number> {
  await store.sealAudit();
  const text = await checkpoint(pool);
  process.stdout.write(text);
  const { keys } = await logFace(pool);
  process.stderr.write(`Dấu vân tay của khóa: ${keys.at(-1)!.fingerprint}\n`);
  return 0;
}

export async function printKeys({ store, pool }: House['kernel']): Promise<number> {
  await store.sealAudit();
  for (const { key, fingerprint, made } of (await logFace(pool)).keys)
    print(`${key}  ${fingerprint}  ${made}`);
  return 0;
}
