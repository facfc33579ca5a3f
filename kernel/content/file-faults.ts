/**
 * What is wrong with the files of a province's folder before anybody asks what they mean: names that nobody would read, texts that are
 * no UTF-8, broken JSON, tables whose columns or days do not fit. Nothing of the folder is passed over in silence.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isDay } from '../text/vietnam-time.ts';
import { tableFaults } from './table-faults.ts';
import { entriesBelow } from './walk.ts';

export interface FileFault {
  /** Below the folder, with `/` between. */
  file: string;
  /** Line and column (`12:5`), a row (`row 3`) or '' for the file as a whole. */
  place: string;
  text: string;
  textEn: string;
}

type Told = Omit<FileFault, 'file'>;

/** More than any definition needs; the largest of the house has 0.2 MB. */
const LARGEST_DEFINITION = 4 * 1024 * 1024;
const LARGEST_TABLE = 64 * 1024 * 1024;
/** Deeper than any definition, shallow enough for every walk over it. */
const DEEPEST = 200;

const DATED = /^[a-z0-9][a-z0-9-]*\/(\d{4}-\d{2}-\d{2})\.json$/;
/** How the files of a folder are called; the first group is a day where the name has one. */
const NAMES: Record<string, readonly RegExp[]> = {
  forms: [DATED],
  programmes: [DATED],
  rules: [DATED, /^[a-z0-9][a-z0-9-]*\/cases\.json$/],
  registers: [DATED],
  reports: [DATED],
  indicators: [DATED],
  coverage: [DATED],
  links: [DATED],
  documents: [
    /^[a-z0-9][a-z0-9-]*\/(\d{4}-\d{2}-\d{2})\.(?:json|sample\.json|typ)$/,
    /^[a-z0-9][a-z0-9-]*\.typ$/,
  ],
  views: [/^[a-z][a-z0-9_]*\.json$/],
  measures: [/^[a-z0-9][a-z0-9-]*\.json$/],
  profiles: [/^[a-z0-9][a-z0-9-]*\.json$/],
  topics: [/^[a-z0-9][a-z0-9-]*\.json$/],
};
/** Notes, and what editors and version control leave behind. */
const NOTES = /(^|\/)(\.[^/]*|[^/]*\.(?:md|txt))$|(^|\/)\.git\//;
export const isNote = (file: string): boolean => NOTES.test(file);
const TABLE = /\.csv(?:\.gz)?$/;

/** @param own the program's content, by whose tables those of the folder are measured */
export function fileFaults(folder: string, own: string): FileFault[] {
  const names = entriesBelow(folder).filter(({ name }) => !isNote(name));
  const texts = new Map<string, string>();
  const faults = names.flatMap(({ name: file, isFile }) => {
    const told = faultOfEntry(folder, file, isFile) ?? faultOfText(folder, file, texts);
    return told ? [{ file, ...told }] : [];
  });
  const broken = new Set(faults.map(({ file }) => file));
  for (const [file, text] of texts)
    if (TABLE.test(file) && !broken.has(file)) faults.push(...faultsOfTable(file, text, own, texts));
  return faults.sort((a, b) => (a.file < b.file ? -1 : 1));
}

const told = (text: string, textEn: string, place = ''): Told => ({ place, text, textEn });

/** Only from its name and kind. */
function faultOfEntry(folder: string, file: string, isFile: boolean): Told | null {
  if (!isFile)
    return told(
      'là liên kết chứ không phải tệp, máy không đi theo: chép chính tệp ấy vào đây',
      'is a link and not a file, it is not followed: put the file itself here',
    );
  const { size } = statSync(join(folder, file));
  if (size > (TABLE.test(file) ? LARGEST_TABLE : LARGEST_DEFINITION))
    return told(
      `quá lớn (${Math.round(size / 1_048_576)} MB): một định nghĩa không quá 4 MB, một danh mục không quá 64 MB`,
      `is too large (${Math.round(size / 1_048_576)} MB): a definition has 4 MB at most, a table 64 MB`,
    );
  return TABLE.test(file) ? null : nameFault(file);
}

/** A misspelt name is not read by anybody: without a word of it the officer would wait for a form that never comes. */
function nameFault(file: string): Told | null {
  const [folder = '', ...rest] = file.split('/');
  const patterns = NAMES[folder];
  if (!patterns || rest.length === 0)
    return told(
      `không ai đọc tệp này: chỗ của nó là một trong ${Object.keys(NAMES).join(', ')} (docs/content/README.md)`,
      `nobody reads this file: it belongs into one of ${Object.keys(NAMES).join(', ')} (docs/content/README.md)`,
    );
  const match = patterns.map((one) => one.exec(rest.join('/'))).find((one) => one !== null);
  if (!match)
    return told(
      `không ai đọc tệp mang tên này: ${example(folder)}`,
      `nobody reads a file of this name: ${exampleEn(folder)}`,
    );
  return match[1] !== undefined && !isDay(match[1])
    ? told(`không có ngày ${match[1]}`, `there is no day ${match[1]}`)
    : null;
}

const isByDay = (folder: string) => NAMES[folder]!.some((one) => one.source.includes('\\d{4}'));
const example = (folder: string) =>
  isByDay(folder)
    ? `phải là ${folder}/<mã>/<năm-tháng-ngày>, mã viết thường không dấu, ví dụ ${folder}/phieu-moi/2026-01-01.json`
    : `phải là ${folder}/<tên>.json, tên viết thường không dấu`;
const exampleEn = (folder: string) =>
  isByDay(folder)
    ? `it must be ${folder}/<key>/<year-month-day> in small letters without marks, for example ${folder}/new-form/2026-01-01.json`
    : `it must be ${folder}/<name>.json in small letters without marks`;

/** @param texts filled with what could be read */
function faultOfText(folder: string, file: string, texts: Map<string, string>): Told | null {
  const text = textOf(join(folder, file));
  if (text === null)
    return told(
      'không phải chữ UTF-8: mở bằng trình soạn thảo và lưu lại, chọn bảng mã UTF-8',
      'is no text in UTF-8: open it in an editor and save it with the encoding UTF-8',
    );
  texts.set(file, text);
  if (text.trim() === '') return told('tệp trống', 'the file is empty');
  return file.endsWith('.json') ? jsonFault(text) : null;
}

/** Without its byte-order mark; null when the bytes are no UTF-8. */
function textOf(path: string): string | null {
  try {
    const bytes = readFileSync(path);
    const plain = path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: LARGEST_TABLE }) : bytes;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function jsonFault(text: string): Told | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const at = placeIn(text, message);
    return told(`viết sai JSON: ${message}`, `is no JSON: ${message}`, at);
  }
  if (typeof value !== 'object' || value === null)
    return told('phải bắt đầu bằng {', 'must begin with {', '1:1');
  return depthOf(value) > DEEPEST
    ? told(`lồng sâu quá ${DEEPEST} tầng`, `is nested deeper than ${DEEPEST} levels`)
    : null;
}

/** `line:column` of what V8 says of a broken JSON; a text that ends too soon breaks at its end. */
function placeIn(text: string, message: string): string {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line !== undefined) return `${line}:${column}`;
  const lines = text.trimEnd().split('\n');
  return `${lines.length}:${lines.at(-1)!.length + 1}`;
}

/** Level by level, so that no depth overflows the stack. */
function depthOf(value: object): number {
  let depth = 0;
  let level: object[] = [value];
  while (level.length > 0) {
    depth += 1;
    if (depth > DEEPEST) return depth;
    level = level.flatMap((one) =>
      Object.values(one).filter((each): each is object => typeof each === 'object' && each !== null),
    );
  }
  return depth;
}

function faultsOfTable(
  file: string,
  text: string,
  own: string,
  texts: ReadonlyMap<string, string>,
): FileFault[] {
  const name = file.replace(TABLE, '');
  const ours = headOf(own, name);
  const isNamed = [...texts].some(([other, words]) => other !== file && words.includes(name));
  if (ours === null && !isNamed)
    return [
      {
        file,
        ...told(
          `không ai đọc bảng này: thêm một dòng có file = ${name} vào terminology/lists.csv, hoặc xem lại tên`,
          `nobody reads this table: add a line with file = ${name} to terminology/lists.csv, or look at its name`,
        ),
      },
    ];
  return tableFaults(text, ours).map((each) => ({ file, ...each }));
}

/** First line of a table of the program; null = it has none of that name. */
function headOf(own: string, name: string): string | null {
  for (const ending of ['.csv', '.csv.gz']) {
    const path = join(own, `${name}${ending}`);
    if (existsSync(path)) return (textOf(path) ?? '').split(/\r?\n/, 1)[0]!;
  }
  return null;
}
