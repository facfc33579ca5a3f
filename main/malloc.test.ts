import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

/** What a process says that began with `calmMalloc`. */
function begun(environment: Record<string, string>): { argv: string[]; execArgv: string[]; seen: unknown } {
  const folder = mkdtempSync(join(tmpdir(), 'yba-malloc-'));
  try {
    const script = join(folder, 'script.mjs');
    writeFileSync(
      script,
      `import { calmMalloc } from ${JSON.stringify(join(import.meta.dirname, 'malloc.ts'))};
calmMalloc();
const { MALLOC_ARENA_MAX: arenas, MALLOC_MMAP_THRESHOLD_: threshold, OWN: own } = process.env;
console.log(JSON.stringify({ argv: process.argv.slice(2), execArgv: process.execArgv, seen: { arenas, threshold, own } }));`,
    );
    const { MALLOC_ARENA_MAX: _arenas, MALLOC_MMAP_THRESHOLD_: _threshold, ...rest } = process.env;
    const said = execFileSync(process.execPath, ['--stack-size=900', script, 'start', '--no-web'], {
      env: { ...rest, OWN: 'kept', ...environment },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(said);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the program begins once, with its arguments, its environment and calm memory', {
  skip: process.platform !== 'linux',
}, () => {
  assert.deepEqual(begun({}), {
    argv: ['start', '--no-web'],
    execArgv: ['--stack-size=900'],
    seen: { arenas: '2', threshold: '65536', own: 'kept' },
  });
});

test('what the operator has set stays', () => {
  assert.deepEqual(begun({ MALLOC_ARENA_MAX: '8' }).seen, { arenas: '8', own: 'kept' });
});
