/**
 * Builds the browser's part into `dist/web`, only when its sources changed since the last build: their hash is kept
 * beside the result. Text files are compressed once here, so that the server never compresses.
 * Run by `npm start` in a child process (`node web/build.ts`), so that the builder's memory is not the program's.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'dist', 'web');
const STAMP = 'sources.json';

/** Sources found by name rather than by import: a new one changes the result without any known one changing. */
const FOUND = ['web/**/*.{ts,tsx,css,html,json,svg}', 'modules/*/screens/**/*', 'package-lock.json'];
const COMPRESSED = /\.(js|css|html|svg|json)$/;

/** What a build was made of. */
interface Stamp {
  /** Our own files that the build imported, from the repository's root. */
  imported: string[];
  hash: string;
}

/** @returns false when the last build is still good */
export async function buildWeb(): Promise<boolean> {
  if (isBuilt(ROOT, OUT)) return false;
  const fresh = `${OUT}.${process.pid}`;
  const imported = new Set<string>();
  try {
    const { build } = await import('vite');
    await build({
      configFile: join(ROOT, 'web', 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: fresh },
      plugins: [
        {
          name: 'imported-sources',
          transform(_code, id) {
            const file = relative(ROOT, id.split('?')[0]!);
            if (!/^\.\.|node_modules|\0/.test(file)) imported.add(file);
          },
        },
      ],
    });
    compress(fresh);
    const files = [...imported].sort();
    writeFileSync(
      join(fresh, STAMP),
      JSON.stringify({ imported: files, hash: hashOfSources(ROOT, files) } satisfies Stamp),
    );
    rmSync(OUT, { recursive: true, force: true });
    renameSync(fresh, OUT);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return true;
}

/** True when the build in `out` was made from the sources that stand in `root` now. */
export function isBuilt(root: string, out: string): boolean {
  const file = join(out, STAMP);
  if (!existsSync(file)) return false;
  const stamp = JSON.parse(readFileSync(file, 'utf8')) as Stamp;
  return hashOfSources(root, stamp.imported) === stamp.hash;
}

/** Names and contents of the sources, hashed; tests are no sources, and a file that is gone counts as changed. */
export function hashOfSources(root: string, imported: readonly string[]): string {
  const found = globSync(FOUND, { cwd: root }).filter((file) => statSync(join(root, file)).isFile());
  const files = new Set([...found, ...imported].filter((file) => !file.includes('.test.')));
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const path = join(root, file);
    hash.update(`${file}\0`);
    hash.update(existsSync(path) ? readFileSync(path) : 'gone');
  }
  return hash.digest('hex');
}

/** Writes `.gz` and `.br` beside every text file larger than a packet. */
function compress(folder: string): void {
  for (const name of globSync('**/*', { cwd: folder }).filter((file) => COMPRESSED.test(file))) {
    const file = join(folder, name);
    const bytes = readFileSync(file);
    if (bytes.length < 1400) continue;
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    // Quality 9 of 11: a tenth of the time for two percent more bytes.
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const began = performance.now();
  const built = await buildWeb();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    built ? `web: built in ${seconds} s\n` : 'web: nothing changed since the last build\n',
  );
}
