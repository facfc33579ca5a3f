/** The files below a folder. Links are named and never followed: neither out of the folder nor round in a circle. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Entry {
  /** Below the folder, with `/` between. */
  name: string;
  /** False for a link, a pipe and whatever else is there. */
  isFile: boolean;
}

/** Everything but folders, sorted by name. */
export function entriesBelow(folder: string): Entry[] {
  const found: Entry[] = [];
  const walk = (inside: string) => {
    for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
      const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) walk(name);
      else found.push({ name, isFile: entry.isFile() });
    }
  };
  walk('');
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
