/** What the documents name exists: a reader who follows a path to a file or a test finds it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateResult } from './gate.ts';

/** A path in backticks, from the root of the repository, without placeholders. */
const PATH = /`([\w.-]+(?:\/[\w.-]+)*\/[\w.-]+\.(?:ts|tsx|sql|md|csv|json|css))`/g;

/**
 * Paths in a document that begin at a folder of the root and lead nowhere; exported for its test.
 * @param tracked every file of the repository
 */
export function lostPaths(text: string, tracked: ReadonlySet<string>): string[] {
  const folders = new Set(
    [...tracked].filter((path) => path.includes('/')).map((path) => path.split('/')[0]!),
  );
  return [...text.matchAll(PATH)]
    .map(([, path]) => path!)
    .filter((path) => folders.has(path.split('/')[0]!) && !tracked.has(path));
}

export function documentGate(root: string): GateResult {
  const tracked = new Set(
    execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean),
  );
  const faults = [...tracked]
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) =>
      lostPaths(readFileSync(join(root, path), 'utf8'), tracked).map(
        (lost) => `${path}: ${lost} is not there`,
      ),
    );
  return { name: 'documents', ok: faults.length === 0, output: faults.join('\n') };
}
