/**
 * The size gate (architecture 7): the first screen ≤ 250 KB of JavaScript gzip, each further screen ≤ 150 KB more.
 * Counts what the browser downloads, from the build's manifest: a chunk and everything it imports statically.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export const FIRST_SCREEN_LIMIT = 250 * 1024;
export const SCREEN_LIMIT = 150 * 1024;

interface Chunk {
  file: string;
  isEntry?: boolean;
  isDynamicEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
}

export type Manifest = Readonly<Record<string, Chunk>>;

export interface ScreenSize {
  screen: string;
  /** Bytes of JavaScript, gzip; for a screen what comes on top of the first screen. */
  bytes: number;
  limit: number;
}

/**
 * @param sizeOf bytes over the line of one file of the build
 * @returns the first screen (the entry), then every lazily loaded screen
 */
export function screenSizes(manifest: Manifest, sizeOf: (file: string) => number): ScreenSize[] {
  const entry = Object.keys(manifest).find((key) => manifest[key]!.isEntry);
  if (!entry) throw new Error('the manifest has no entry');
  const first = filesOf(manifest, entry);
  const sum = (files: Iterable<string>) => [...files].reduce((bytes, file) => bytes + sizeOf(file), 0);
  const screens = Object.keys(manifest)
    .filter((key) => manifest[key]!.isDynamicEntry)
    .map((key) => ({
      screen: key,
      bytes: sum([...filesOf(manifest, key)].filter((file) => !first.has(file))),
      limit: SCREEN_LIMIT,
    }));
  return [{ screen: 'first screen', bytes: sum(first), limit: FIRST_SCREEN_LIMIT }, ...screens];
}

function filesOf(manifest: Manifest, key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  if (chunk.file.endsWith('.js')) seen.add(chunk.file);
  for (const next of chunk.imports ?? []) filesOf(manifest, next, seen);
  return seen;
}

/** Reads a build and measures it. @param folder `dist/web` */
export function measureBuild(folder: string): ScreenSize[] {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')) as Manifest;
  return screenSizes(manifest, (file) => sizeOverTheLine(join(folder, file)));
}

function sizeOverTheLine(file: string): number {
  try {
    return statSync(`${file}.gz`).size;
  } catch {
    return gzipSync(readFileSync(file)).length;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = measureBuild(fileURLToPath(new URL('../dist/web', import.meta.url)));
  for (const { screen, bytes, limit } of sizes) {
    const verdict = bytes > limit ? 'TOO LARGE' : 'ok';
    process.stdout.write(
      `${(bytes / 1024).toFixed(1).padStart(7)} KB of ${limit / 1024}  ${verdict}  ${screen}\n`,
    );
  }
  if (sizes.some(({ bytes, limit }) => bytes > limit)) process.exitCode = 1;
}
