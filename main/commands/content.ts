/** `yba content`: is the content sound, and what changed between two versions of it? */
import { join } from 'node:path';
import { openContent } from '../../kernel/content/content.ts';
import { contentFolder, diffContent, type FileDiff, type TableDiff } from '../../kernel/content/diff.ts';
import { fileFaults } from '../../kernel/content/file-faults.ts';
import { checkLists, checkProfiles, type Finding } from '../../kernel/fhir/terminology/index.ts';
import { type ContentFault, contentFaults } from '../content-faults.ts';
import { type Command, print, UsageError } from './command.ts';
import { missingForms } from './missing-forms.ts';

const OWN = join(import.meta.dirname, '..', '..', 'content');
/** Codes or rows that are named without --all. */
const MOST = 10;

export const content: Command = {
  name: 'content',
  summary: 'checks the code lists and profiles, or shows what changed between two versions of the content',
  options: { all: { type: 'boolean' }, with: { type: 'string', multiple: true } },
  help: `yba content check [folder] [--with <folder>]… [--all]
yba content diff <before> <after> [--all]

check: orphans, loops, overlapping validity, codes that lead nowhere; profiles with an unknown base or value set; papers tried with their samples; tables of
       who may see what; plain tables (views) with a wrong path; books and reports whose views, columns, cells or conditions are wrong;
       forms with a loop, a wrong expression, an unknown question or code; measures; topics; services to order and their tests; prices; words of reminders; what is calculated
       from measurements. Of a folder --with also every file that nobody would read, is no text in UTF-8, no JSON or no table.
       --with lays a province's folder over the content, as the setting YBA_CONTENT does, and checks them together.
       Status 1 when there is an error; gaps are warnings.
diff:  rows that were added, removed or changed. A folder is content/ itself or a tree that holds it, such as
       git archive <version> content | tar -x -C <folder>
--all names every code and row, not the first ${MOST}.
`,
  async run(values, [what, ...folders]) {
    const most = values.all === true ? Number.POSITIVE_INFINITY : MOST;
    if (what === 'check' && folders.length <= 1)
      return check(folders[0], (values.with ?? []) as string[], most);
    if (what === 'diff' && folders.length === 2) return diff(folders[0]!, folders[1]!, most);
    throw new UsageError(
      'Say "yba content check [folder] [--with <folder>]" or "yba content diff <before> <after>".',
    );
  },
};

async function check(folder: string | undefined, over: readonly string[], most: number): Promise<number> {
  const own = folder === undefined ? OWN : folderOf(folder);
  const provinces = over.map(folderOf);
  // A file that cannot be read is told first, all of them at once: the rest is looked at without it.
  const broken = provinces.flatMap((one) => fileFaults(one, own).map((each) => ({ ...each, folder: one })));
  const left = new Set(broken.map((each) => join(each.folder, each.file)));
  const read = openContent(own, provinces, left);
  const findings = [...checkLists(read), ...checkProfiles(read)];
  for (const finding of findings) print(lineOf(finding, most));
  const wrong: ContentFault[] = [
    ...broken.map(({ file, place, text, textEn }) => ({
      where: place.includes(':') ? `${file}:${place}` : `${file} ${place}`.trim(),
      text: textEn,
      textVi: text,
    })),
    ...(await contentFaults(read)),
  ];
  for (const { where, text, textVi } of wrong) {
    print(`ERROR ${where}: ${text}`);
    // Who writes content reads Vietnamese.
    if (textVi !== undefined && textVi !== text) print(`      ${textVi}`);
  }
  // Of programmes that cannot be read the fault is told above.
  const gaps = wrong.some(({ where }) => where.startsWith('programmes/')) ? [] : missingForms(read);
  for (const gap of gaps) print(`warn  ${gap}`);
  const errors = findings.filter(({ level }) => level === 'error').length + wrong.length;
  print(`${errors} errors, ${findings.length + wrong.length + gaps.length - errors} warnings`);
  return errors === 0 ? 0 : 1;
}

function lineOf({ level, where, kind, codes, text }: Finding, most: number): string {
  const shown = codes.slice(0, most).map((code) => (code === '' ? '""' : code));
  const rest = codes.length > shown.length ? ` … (${codes.length})` : '';
  return `${level === 'error' ? 'ERROR' : 'warn '} ${where} ${kind}: ${text}${shown.length > 0 ? `: ${shown.join(' ')}${rest}` : ''}`;
}

function diff(before: string, after: string, most: number): number {
  const diffs = diffContent(folderOf(before), folderOf(after));
  for (const one of diffs) for (const line of linesOf(one, most)) print(line);
  if (diffs.length === 0) print('no difference');
  return 0;
}

function linesOf(one: TableDiff | FileDiff, most: number): string[] {
  if (one.kind === 'file') return [`${one.name}: ${one.what}`];
  const { name, added, removed, changed } = one;
  const rows = [
    ...added.map((row) => `  + ${shortOf(row)}`),
    ...removed.map((row) => `  - ${shortOf(row)}`),
    ...changed.map(
      ({ key, before, after, columns }) =>
        `  ~ ${key}: ${columns.map((column) => `${column} "${before[column] ?? ''}" → "${after[column] ?? ''}"`).join(', ')}`,
    ),
  ];
  const rest = rows.length > most ? [`  … ${rows.length - most} more (--all)`] : [];
  return [
    `${name}: ${added.length} added, ${removed.length} removed, ${changed.length} changed`,
    ...rows.slice(0, most === Number.POSITIVE_INFINITY ? undefined : most),
    ...rest,
  ];
}

/** The first cells that say something. */
function shortOf(row: Record<string, string>): string {
  return Object.values(row)
    .filter((cell) => cell !== '')
    .slice(0, 4)
    .join(' · ');
}

function folderOf(path: string): string {
  const folder = contentFolder(path);
  if (folder !== null) return folder;
  throw new UsageError(`There is no folder ${path}.`);
}
