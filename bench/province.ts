/** The generated province as a file of NDJSON: what benches of size and bulk load read. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openContent } from '../kernel/content/content.ts';
import type { Resource } from '../kernel/fhir/types.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Write } from '../kernel/store/contract.ts';
import { newId } from '../kernel/store/writes.ts';
import { generateDemo } from '../modules/demo/index.ts';

export const PROVINCE_DAY = '2026-11-22T09:00:00Z';

/** Writes the people with their lives, in the order of the generator. @returns resources and bytes */
export async function writeProvince(
  path: string,
  people: number,
): Promise<{ resources: number; bytes: number }> {
  const file = openSync(path, 'w');
  const size = { resources: 0, bytes: 0 };
  const take = (resource: Resource) => {
    if (resource.id === 'demo-province') return;
    size.resources += 1;
    size.bytes += writeSync(file, `${JSON.stringify(resource)}\n`);
  };
  const store = {
    newId,
    read: async () => null,
    commit: async (writes: Write[]) => {
      for (const write of writes) if (write.op !== 'delete') take(write.resource);
      return [];
    },
  };
  const content = openContent(join(import.meta.dirname, '../content'));
  const settings = { dataFolder: '', demo: true, now: () => new Date(PROVINCE_DAY) };
  await generateDemo({ store, content, settings } as unknown as Kernel, { people });
  closeSync(file);
  return size;
}
