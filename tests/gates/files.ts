/** House rules about the files themselves: size, left-overs, paths of a machine. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateResult } from './gate.ts';

/** Design says "about 400"; past this a file surely holds a second noun. */
const MAX_LINES = 450;
/** A table of cases is one noun, however long. */
const MAX_TEST_LINES = 600;
const SOURCE = /\.(ts|tsx|sql|css)$/;
const GENERATED = /\.gen\.|(^|\/)(generated|fixtures)\//;
const LEFT_OVER = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK'].join('|')})\\b`);
/** The program carries what it uses; only the scripts that convert reference data, and tests, know where that stands. */
const OUTSIDE = /\.\.\/shared\b/;
const MAY_LOOK_OUTSIDE = /^content\/convert\/|\.(test|testing)\.tsx?$/;
const ONLY = /\b(it|test|describe)\.(only|skip|todo)\b/;

/** Faults of one file's text; exported for its test. */
export function fileFaults(path: string, text: string): string[] {
  if (!SOURCE.test(path) || GENERATED.test(path)) return [];
  const lines = text.split('\n');
  const faults: string[] = [];
  const most = /\.test\.tsx?$/.test(path) ? MAX_TEST_LINES : MAX_LINES;
  if (lines.length > most) faults.push(`${path}: ${lines.length} lines (at most ${most})`);
  for (const [index, line] of lines.entries()) {
    if (LEFT_OVER.test(line))
      faults.push(`${path}:${index + 1}: a left-over note; do it or write it down as an issue`);
    if (OUTSIDE.test(line) && !MAY_LOOK_OUTSIDE.test(path))
      faults.push(`${path}:${index + 1}: reads what stands outside of the repository`);
    if (ONLY.test(line)) faults.push(`${path}:${index + 1}: a test that is switched off or runs alone`);
  }
  return faults;
}

export function fileGate(root: string): GateResult {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
  const faults = files
    .filter((path) => SOURCE.test(path))
    .flatMap((path) => fileFaults(path, readFileSync(join(root, path), 'utf8')));
  return { name: 'files', ok: faults.length === 0, output: faults.join('\n') };
}
