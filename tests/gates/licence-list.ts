/** `npm run licences`: the list of what the program ships or runs, with its licence, in docs/licences.md. A gate holds it to the lock file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateResult } from './gate.ts';
import { READ_BY_HAND } from './licences.ts';

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
  link?: boolean;
}

const FILE = 'docs/licences.md';

/** Packages by name and version, without those that only the work on the program needs. */
export function licenceList(root: string): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const rows = Object.entries(lock.packages)
    .filter(([path, { dev, link }]) => path !== '' && !dev && !link)
    .map(([path, { version = '?', license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return `| ${name} | ${version} | ${license ?? READ_BY_HAND[name] ?? 'none given'} |`;
    });
  const unique = [...new Set(rows)].sort();
  return `# Licences of the packages that the program ships or runs

Made by \`npm run licences\` from the lock file; a gate fails when it is not level, or when a licence is not on the list of \`tests/gates/licences.ts\`.
The bill of materials in CycloneDX form: \`npm run sbom\`. Notices of the data: \`NOTICE\`.

| Package | Version | Licence |
|---|---|---|
${unique.join('\n')}
`;
}

export function licenceListGate(root: string): GateResult {
  const known = readFileSync(join(root, FILE), 'utf8');
  const ok = known === licenceList(root);
  return {
    name: 'licence list',
    ok,
    output: ok ? '' : `${FILE} is not level with package-lock.json: npm run licences`,
  };
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, '..', '..');
  writeFileSync(join(root, FILE), licenceList(root));
}
