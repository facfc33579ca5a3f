/** Every installed package that the program ships or runs must carry a licence from the list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateResult } from './gate.ts';

/** SPDX ids that may stand beside Apache-2.0 in one distribution (file-level copyleft of MPL-2.0 included). */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'OFL-1.1',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Packages whose package.json says no SPDX id; the licence was read in the package itself. */
export const READ_BY_HAND: Record<string, string> = {};

interface LockedPackage {
  version?: string;
  license?: string;
  dev?: boolean;
  link?: boolean;
}

/** `(MIT OR Apache-2.0)` is fine when one of the choices is; `A AND B` needs both. */
export function licenceAllowed(expression: string): boolean {
  const inner = expression.replace(/[()]/g, '');
  return inner
    .split(/\s+OR\s+/)
    .some((choice) => choice.split(/\s+AND\s+/).every((id) => ALLOWED.has(id.trim())));
}

/** Reads the lock file, so that the answer is about what `npm ci` installs. */
export function licenceGate(root: string): GateResult {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const faults: string[] = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.link || entry.dev) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = entry.license ?? READ_BY_HAND[name] ?? 'none given';
    if (!licenceAllowed(licence)) faults.push(`${name}@${entry.version ?? '?'}: ${licence}`);
  }
  const output =
    faults.length === 0
      ? ''
      : `Licences that are not on the list in tests/gates/licences.ts:\n${faults.join('\n')}`;
  return { name: 'licences', ok: faults.length === 0, output };
}
