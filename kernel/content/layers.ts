/** Folders of content one over the other: the program's own, and those of a province or a test beside it. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Failure } from '../failure.ts';

export interface Layers {
  folders: readonly string[];
  /** Absolute path: in the folder that has it, else in the first. */
  path(name: string): string;
  /** Files of a table, without ending; at least one, which may be missing. */
  tablesOf(name: string): string[];
}

const TABLE = /\.csv(\.gz)?$/;

/** @throws Failure `business-rule` when a folder is missing, or two have a file that is no table */
export function layersOf(first: string, further: readonly string[]): Layers {
  const folders = [first, ...further];
  for (const [at, folder] of further.entries()) checkLayer(folder, folders.slice(0, at + 1));
  const path = (name: string) =>
    further.length === 0
      ? join(first, name)
      : join(folders.find((folder) => existsSync(join(folder, name))) ?? first, name);
  return {
    folders,
    path,
    tablesOf: (name) => {
      const there = folders.flatMap((folder) => {
        const plain = join(folder, `${name}.csv`);
        if (existsSync(plain)) return [plain];
        return existsSync(`${plain}.gz`) ? [`${plain}.gz`] : [];
      });
      return there.length > 0 ? there : [join(first, `${name}.csv`)];
    },
  };
}

function checkLayer(folder: string, before: readonly string[]): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure('business-rule', `Không có thư mục nội dung ${folder}: xem lại cài đặt YBA_CONTENT.`, {
      textEn: `There is no content folder ${folder}: see the setting YBA_CONTENT.`,
    });
  for (const name of filesIn([folder], '')) {
    const twice = TABLE.test(name) ? undefined : before.find((one) => existsSync(join(one, name)));
    if (twice !== undefined)
      throw new Failure(
        'business-rule',
        `${join(folder, name)} đã có trong ${twice}: một bản đã ban hành không bị thay, bản mới là tệp mới mang ngày hiệu lực của nó.`,
        {
          textEn: `${join(folder, name)} is also in ${twice}: what was published is not replaced, a new version is a new file with its own date.`,
        },
      );
  }
}

/** Names below a folder of each content folder, with `/` between, sorted; nothing when none has it. */
export function filesIn(folders: readonly string[], inside: string): string[] {
  const names = folders.flatMap((folder) => {
    const root = join(folder, inside);
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).split(sep).join('/'))
      .map((name) => name.replace(/^\//, ''));
  });
  return [...new Set(names)].sort();
}
