/**
 * The content of a start: the program's own with the folders of a province over it, without the files that are wrong. One bad file of a
 * province ends neither the program nor the others; it is left out, and named with its fault, until somebody puts it right. What
 * stood in the folder before it goes on to hold: of a form whose new version is left out, the version before.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Content, openContent } from '../kernel/content/content.ts';
import { fileFaults } from '../kernel/content/file-faults.ts';
import { publishedBefore } from '../kernel/content/layers.ts';
import { checkLists, checkProfiles, type Finding } from '../kernel/fhir/terminology/index.ts';
import { contentFaults } from './content-faults.ts';

/** A file of a province that is not carried out. */
export interface LeftOut {
  /** Absolute path. */
  file: string;
  /** The first of its faults, in Vietnamese. */
  why: string;
}

export interface SoundContent {
  content: Content;
  leftOut: LeftOut[];
}

/** A file may stand on one that stands on another: register, view, list. */
const MOST_ROUNDS = 8;

/**
 * @param own folder of the program's content, @param beside further ones of the program, which its tests keep sound
 * @throws Failure `business-rule` when a folder of the province is missing
 */
export async function openSoundContent(
  own: string,
  beside: readonly string[],
  province: readonly string[],
): Promise<SoundContent> {
  const folders = [...beside, ...province];
  if (province.length === 0) return { content: openContent(own, folders), leftOut: [] };
  const out = new Map<string, string>();
  const leave = (file: string, why: string) => {
    if (!out.has(file)) out.set(file, why);
  };
  for (const [at, folder] of province.entries()) {
    for (const { name, text } of publishedBefore(folder, [own, ...beside, ...province.slice(0, at)]))
      leave(join(folder, name), text);
    for (const { file, place, text } of fileFaults(folder, own))
      leave(join(folder, file), place === '' ? text : `${place}: ${text}`);
  }
  for (let round = 0; ; round += 1) {
    const content = openContent(own, folders, new Set(out.keys()));
    const before = out.size;
    if (round < MOST_ROUNDS)
      for (const { where, text } of await faultsOf(content, province))
        for (const file of filesOf(where, content, province)) leave(file, text);
    if (out.size === before) return { content, leftOut: [...out].map(([file, why]) => ({ file, why })) };
  }
}

/** Faults of files of the province; what else stands in the content was looked at when the program was made. */
async function faultsOf(
  content: Content,
  province: readonly string[],
): Promise<{ where: string; text: string }[]> {
  const ofProvince = (file: string) => province.some((folder) => existsSync(join(folder, file)));
  const lists = checkLists(content)
    .filter(({ level }) => level === 'error')
    .map(({ where, text, codes }) => ({ where, text: `${text} ${codes.slice(0, 3).join(' ')}`.trim() }));
  const profiles = profileFaults(content);
  // Whatever else asks for profiles would stumble over one that cannot be read.
  if (profiles.some(({ kind }) => kind === 'file')) return [...lists, ...profiles];
  const others = (await contentFaults(content, ofProvince)).map(({ where, text, textVi = text }) => ({
    where,
    text: placeOf(where) === '' ? textVi : `${placeOf(where)}: ${textVi}`,
  }));
  return [...lists, ...profiles, ...others];
}

/** What is wrong with profiles among each other; one that is wrong by itself is told by contentFaults. */
function profileFaults(content: Content) {
  const words: Partial<Record<Finding['kind'], string>> = {
    base: 'hồ sơ gốc (baseDefinition) không có ở đây',
    profile: 'dẫn tới hồ sơ mẫu không có ở đây',
    'value-set': 'dùng bộ mã không có ở đây',
    dates: 'ngày hiệu lực sai, hoặc kết thúc trước khi bắt đầu',
    overlap: 'một hồ sơ mẫu khác cùng địa chỉ đang hiệu lực trong những ngày ấy',
  };
  return checkProfiles(content)
    .filter(({ level }) => level === 'error')
    .flatMap(({ kind, codes, text }) =>
      codes.map((id) => ({
        kind,
        where: `profiles/${id}.json`,
        text: words[kind] === undefined ? text : `${words[kind]}: ${text}`,
      })),
    );
}

/** `reports/a/2026-01-01.json rows[0]` → file and place; a paper's file ends with a colon. */
const wordOf = (where: string) => where.split(' ')[0]!.replace(/:$/, '');
const placeOf = (where: string) => where.slice(where.split(' ')[0]!.length).trim();

/** The files of the province that a fault is of: itself, a table of that name, or the table of a list. */
function filesOf(where: string, content: Content, province: readonly string[]): string[] {
  const name = wordOf(where);
  const list = content.table('terminology/lists').find((row) => row.list === name);
  const [, paper] = /^(documents\/[^/]+\/\d{4}-\d{2}-\d{2})\./.exec(name) ?? [];
  const names =
    paper !== undefined
      ? [`${paper}.json`, `${paper}.typ`, `${paper}.sample.json`]
      : list
        ? [`${list.file}.csv`, 'terminology/lists.csv']
        : [name, `${name}.csv`, `documents/${name}`];
  const there = names.flatMap((one) =>
    province.map((folder) => join(folder, one)).filter((file) => existsSync(file)),
  );
  // A list that is there twice is the fault of who names it anew: its codes first, then its line.
  return list ? there.slice(0, 1) : there;
}
