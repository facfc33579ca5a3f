/** Under which account the database server runs. PostgreSQL refuses to run as root. */

import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** How a program of PostgreSQL is started. */
export interface Account {
  /** uid and gid of the process; undefined = the program's own. */
  uid?: number;
  gid?: number;
  /** Words put before the command (a user namespace of its own). */
  prefix: string[];
  /** True when the files must be copied and handed over to `uid`. */
  foreign: boolean;
}

/**
 * The program's own account, unless that is root. For root: an unprivileged account that can enter the folder, else a
 * user namespace in which root's files look like nobody's (root's home may be closed to all others).
 * @param folder absolute path of the folder that will hold the cluster; must exist
 * @returns null when root has neither way
 */
export function accountFor(folder: string): Account | null {
  if (process.getuid?.() !== 0) return { prefix: [], foreign: false };
  if (othersMayEnter(folder)) return { ...unprivileged(folder), prefix: [], foreign: true };
  const unshare = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];
  const works = spawnSync(unshare[0]!, [...unshare.slice(1), 'true'], { stdio: 'ignore' }).status === 0;
  return works ? { prefix: unshare, foreign: false } : null;
}

/** A folder that already belongs to an account keeps it; else `postgres` or `nobody` of this machine. */
function unprivileged(folder: string): { uid: number; gid: number } {
  const owner = statSync(folder);
  if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const accounts = readAccounts();
  return accounts.get('postgres') ?? accounts.get('nobody') ?? { uid: 65534, gid: 65534 };
}

function readAccounts(): Map<string, { uid: number; gid: number }> {
  const accounts = new Map<string, { uid: number; gid: number }>();
  try {
    accessSync('/etc/passwd', constants.R_OK);
  } catch {
    return accounts;
  }
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) accounts.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}

/** Every folder above must let all users through. The folder itself is handed over. */
function othersMayEnter(folder: string): boolean {
  for (let path = dirname(folder); ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
