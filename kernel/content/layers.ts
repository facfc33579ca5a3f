/** Folders of content one over the other: the program's own, and those of a province or a test beside it. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { entriesBelow } from './walk.ts';

export interface Layers {
  folders: readonly string[];
  /** Absolute path: in the folder that has it, else in the first. */
  path(name: string): string;
  /** Files of a table, without ending; at least one, which may be missing. */
  tablesOf(name: string): string[];
}

const TABLE = /\.csv(\.gz)?$/;

/** Absolute paths of files that are passed over as if they were not there. */
export type LeftOut = ReadonlySet<string>;

const NOTHING: LeftOut = new Set();

/** @throws Failure `business-rule` when a folder is missing, or two have a file that is no table */
export function layersOf(first: string, further: readonly string[], without: LeftOut = NOTHING): Layers {
  const folders = [first, ...further];
  for (const [at, folder] of further.entries()) {
    const [twice] = publishedBefore(folder, folders.slice(0, at + 1)).filter(
      ({ name }) => !without.has(join(folder, name)),
    );
    if (twice) throw new Failure('business-rule', twice.text, { textEn: twice.textEn });
  }
  const isThere = (file: string) => !without.has(file) && existsSync(file);
  const path = (name: string) =>
    further.length === 0
      ? join(first, name)
      : join(folders.find((folder) => isThere(join(folder, name))) ?? first, name);
  return {
    folders,
    path,
    tablesOf: (name) => {
      const there = folders.flatMap((folder) => {
        const plain = join(folder, `${name}.csv`);
        if (isThere(plain)) return [plain];
        return isThere(`${plain}.gz`) ? [`${plain}.gz`] : [];
      });
      return there.length > 0 ? there : [join(first, `${name}.csv`)];
    },
  };
}

/**
 * Files of a folder, tables apart, that an earlier one has: what was published is not replaced.
 * @throws Failure `business-rule` when the folder is missing
 */
export function publishedBefore(
  folder: string,
  before: readonly string[],
): { name: string; text: string; textEn: string }[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure('business-rule', `Không có thư mục nội dung ${folder}: xem lại cài đặt YBA_CONTENT.`, {
      textEn: `There is no content folder ${folder}: see the setting YBA_CONTENT.`,
    });
  return filesIn([folder], '').flatMap((name) => {
    const twice = TABLE.test(name) ? undefined : before.find((one) => existsSync(join(one, name)));
    if (twice === undefined) return [];
    const file = join(folder, name);
    return [
      {
        name,
        text: `${file} đã có trong ${twice}: một bản đã ban hành không bị thay, bản mới là tệp mới mang ngày hiệu lực của nó.`,
        textEn: `${file} is also in ${twice}: what was published is not replaced, a new version is a new file with its own date.`,
      },
    ];
  });
}

/** Names below a folder of each content folder, with `/` between, sorted; nothing when none has it. */
export function filesIn(folders: readonly string[], inside: string, without: LeftOut = NOTHING): string[] {
  const names = folders.flatMap((folder) => {
    const root = join(folder, inside);
    if (!existsSync(root)) return [];
    return entriesBelow(root)
      .filter(({ name, isFile }) => isFile && !without.has(join(root, name)))
      .map(({ name }) => name);
  });
  return [...new Set(names)].sort();
}
