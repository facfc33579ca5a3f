/** What `npm ci` installs is what was looked at: exact versions, and a hash of every package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateResult } from './gate.ts';

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

interface Lock {
  packages: Record<string, { integrity?: string; link?: boolean; hasInstallScript?: boolean } & Manifest>;
}

/** Versions that float, packages without a hash, and a lock that is of other versions than package.json; exported for its test. */
export function pinningFaults(manifest: Manifest, lock: Lock): string[] {
  const faults: string[] = [];
  for (const part of ['dependencies', 'devDependencies'] as const) {
    const asked = manifest[part] ?? {};
    const locked = lock.packages['']?.[part] ?? {};
    for (const [name, version] of Object.entries(asked)) {
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        faults.push(`package.json: ${name} "${version}" is no exact version`);
      if (locked[name] !== version)
        faults.push(`package-lock.json: ${name} is locked as ${locked[name]}, asked as ${version}`);
    }
  }
  for (const [path, { integrity, link }] of Object.entries(lock.packages))
    if (path !== '' && !link && !/^sha512-/.test(integrity ?? ''))
      faults.push(`package-lock.json: ${path} has no sha512`);
  return faults;
}

export function pinnedGate(root: string): GateResult {
  const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const faults = pinningFaults(read('package.json') as Manifest, read('package-lock.json') as Lock);
  return { name: 'pinned packages', ok: faults.length === 0, output: faults.join('\n') };
}
