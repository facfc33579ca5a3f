/** `yba content`: is the content sound, and what changed between two versions of it? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkPapers, openDocuments } from '../../engines/documents/index.ts';
import { checkForms } from '../../engines/forms/index.ts';
import { checkAccess } from '../../kernel/access/policy/check.ts';
import { type Content, openContent } from '../../kernel/content/content.ts';
import { contentFolder, diffContent, type FileDiff, type TableDiff } from '../../kernel/content/diff.ts';
import { checkLists, checkProfiles, type Finding } from '../../kernel/fhir/terminology/index.ts';
import { checkMeasured } from '../../modules/clinic/index.ts';
import { checkViews } from './check-views.ts';
import { type Command, print, UsageError } from './command.ts';
import { checkDefinitions } from './definitions.ts';

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
       forms with a loop, a wrong expression, an unknown question or code; what is calculated from measurements.
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
  const read = openContent(folder === undefined ? OWN : folderOf(folder), over.map(folderOf));
  const findings = [...checkLists(read), ...checkProfiles(read)];
  for (const finding of findings) print(lineOf(finding, most));
  // A part of the content may be checked by itself; who may see what is a part.
  const access = existsSync(read.path('access')) ? checkAccess(read) : [];
  const wrong: Wrong[] = [
    ...access,
    ...checkViews(read),
    ...checkDefinitions(read),
    ...checkForms(read),
    ...(existsSync(read.path('clinic/measured.csv')) ? checkMeasured(read) : []),
    ...(await paperFaults(read)),
  ];
  for (const { where, text, textVi } of wrong) {
    print(`ERROR ${where}: ${text}`);
    // Who writes content reads Vietnamese.
    if (textVi !== undefined && textVi !== text) print(`      ${textVi}`);
  }
  const errors = findings.filter(({ level }) => level === 'error').length + wrong.length;
  print(`${errors} errors, ${findings.length + wrong.length - errors} warnings`);
  return errors === 0 ? 0 : 1;
}

/** What is wrong, where, in English and where somebody said it in Vietnamese. */
interface Wrong {
  where: string;
  text: string;
  textVi?: string;
}

/** Papers are tried with their samples: the typesetter is started only for content that has some. */
async function paperFaults(content: Content): Promise<Wrong[]> {
  if (content.files('documents').length === 0) return [];
  const documents = openDocuments(content);
  try {
    const faults = await checkPapers(content, documents);
    return faults.map(({ place, text, textEn }) => ({ where: place, text: textEn, textVi: text }));
  } finally {
    documents.close();
  }
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
