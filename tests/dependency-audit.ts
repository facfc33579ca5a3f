/**
 * `npm run audit`: known faults of what the program ships or runs, asked of the registry that npm is set to. Where none answers, the
 * gate on exact versions and hashes (tests/gates/pinned.ts) is what stands, and this says so.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

interface Report {
  metadata?: { vulnerabilities?: Record<string, number> };
  message?: string;
}

const root = join(import.meta.dirname, '..');
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 120_000,
});
const found = parse(stdout ?? '').metadata?.vulnerabilities;
if (!found) {
  process.stdout.write(
    'The registry gave no answer about known faults. What is installed is pinned by version and hash; ask again where there is one.\n',
  );
} else {
  process.stdout.write(
    `Known faults: ${Object.entries(found)
      .map(([level, count]) => `${count} ${level}`)
      .join(', ')}\n`,
  );
  process.exitCode = (found.high ?? 0) + (found.critical ?? 0) > 0 ? 1 : 0;
}

function parse(text: string): Report {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return {};
  }
}
