/** What is wrong with the lists and maps of the content: orphans, loops, overlapping validity, codes that lead nowhere. Pure. */
import type { Content, Row } from '../../content/content.ts';

export interface Finding {
  /** An error makes answers wrong; a warning is a gap to know of. */
  level: 'error' | 'warning';
  /** List or map, or the table that names them; `profiles`. */
  where: string;
  kind:
    | 'file'
    | 'code'
    | 'dates'
    | 'overlap'
    | 'orphan'
    | 'loop'
    | 'synonym'
    | 'source'
    | 'target'
    | 'unmapped'
    | 'base'
    | 'profile'
    | 'value-set';
  /** The codes concerned, in order. */
  codes: string[];
  text: string;
}

interface Line {
  code: string;
  parent: string;
  from: string;
  to: string;
}

interface ReadList {
  name: string;
  system: string;
  complete: boolean;
  lines: Line[];
  byCode: Map<string, Line[]>;
}

const LIST_SYSTEM = 'http://yba.vn/fhir/cs/';
const FIRST = '0000-01-01';
const LAST = '9999-12-31';
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Everything found, lists in their order, then maps. A content folder without a table of lists is a failure of the caller. */
export function checkLists(content: Content): Finding[] {
  const findings: Finding[] = [];
  const lists = new Map<string, ReadList>();
  for (const row of content.table('terminology/lists')) {
    const list = readList(content, row, findings);
    if (!list) continue;
    if (lists.has(list.system))
      findings.push(finding('error', list.name, 'file', [], `a second list has the system ${list.system}`));
    lists.set(list.system, list);
    findings.push(...checkList(list, row.parent ?? ''), ...checkSynonyms(content, list, row.synonyms ?? ''));
  }
  for (const row of content.table('terminology/maps')) findings.push(...checkMap(content, row, lists));
  return findings.filter(({ codes, kind }) => codes.length > 0 || kind === 'file');
}

function readList(content: Content, row: Row, findings: Finding[]): ReadList | undefined {
  const name = row.list!;
  const rows = tableOf(content, row.file!, name, findings);
  if (!rows) return undefined;
  const display = (row.names ?? '').split(' ')[0] || 'display';
  for (const column of [
    'code',
    display,
    ...(['', 'prefix'].includes(row.parent ?? '') ? [] : [row.parent!]),
  ]) {
    if (rows.length > 0 && rows[0]![column] === undefined)
      findings.push(finding('error', name, 'file', [], `${row.file} has no column "${column}"`));
  }
  const parent = ['', 'prefix'].includes(row.parent ?? '') ? undefined : row.parent!;
  const lines = rows.map(
    (one): Line => ({
      code: one.code ?? '',
      parent: parent === undefined ? '' : (one[parent] ?? ''),
      from: one.valid_from || FIRST,
      to: one.valid_to || LAST,
    }),
  );
  const nameless = rows.filter((one) => one.code !== '' && (one[display] ?? '') === '');
  findings.push(finding('warning', name, 'code', codesIn(nameless), 'without a name'));
  const byCode = Map.groupBy(lines, ({ code }) => code);
  return {
    name,
    system: row.system || LIST_SYSTEM + name,
    complete: row.content === 'complete',
    lines,
    byCode,
  };
}

function tableOf(
  content: Content,
  file: string,
  where: string,
  findings: Finding[],
): readonly Row[] | undefined {
  try {
    return content.table(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    findings.push(finding('error', where, 'file', [], `content/${file}.csv is not there`));
    return undefined;
  }
}

function checkList(list: ReadList, parent: string): Finding[] {
  const { name, lines, byCode } = list;
  const say = (level: Finding['level'], kind: Finding['kind'], found: Line[], text: string) =>
    finding(level, name, kind, codesIn(found), text);
  const hasDays = ({ from, to }: Line) =>
    DAY.test(from.replace(FIRST, '2000-01-01')) && DAY.test(to) && from <= to;
  return [
    finding('warning', name, 'code', lines.some(({ code }) => code === '') ? [''] : [], 'a row has no code'),
    say(
      'error',
      'code',
      lines.filter(({ code }) => code !== code.trim() || /\s\s/.test(code)),
      'spaces that do not belong to the code',
    ),
    say(
      'error',
      'dates',
      lines.filter((line) => !hasDays(line)),
      'valid_from and valid_to are no days, or end before they begin',
    ),
    say(
      'error',
      'overlap',
      [...byCode.values()].flatMap(overlapping),
      'two rows of a code are in force on one day',
    ),
    ...(['', 'prefix'].includes(parent)
      ? []
      : [
          say(
            'error',
            'orphan',
            lines.filter((line) => isOrphan(line, byCode)),
            'the parent is not in the list while the row is in force',
          ),
          say(
            'error',
            'loop',
            lines.filter((line) => isInLoop(line, byCode)),
            'the way up comes back to the code itself',
          ),
        ]),
  ];
}

/** The later of two rows whose days meet. A row without a code is none. */
function overlapping(lines: Line[]): Line[] {
  const sorted = lines.filter(({ code }) => code !== '').sort((a, b) => (a.from < b.from ? -1 : 1));
  return sorted.filter((line, at) => at > 0 && line.from <= sorted[at - 1]!.to);
}

function isOrphan({ parent, from, to }: Line, byCode: Map<string, Line[]>): boolean {
  return parent !== '' && !(byCode.get(parent) ?? []).some((one) => one.from <= to && from <= one.to);
}

function isInLoop(line: Line, byCode: Map<string, Line[]>): boolean {
  if (line.code === '') return false;
  const seen = new Set<string>();
  const open = [line.parent];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === line.code) return true;
    if (one === '' || seen.has(one)) continue;
    seen.add(one);
    for (const above of byCode.get(one) ?? [])
      if (above.from <= line.to && line.from <= above.to) open.push(above.parent);
  }
  return false;
}

function checkSynonyms(content: Content, list: ReadList, file: string): Finding[] {
  if (file === '') return [];
  const findings: Finding[] = [];
  const rows = tableOf(content, file, list.name, findings) ?? [];
  const lost = rows.filter(({ code }) => !list.byCode.has(code!));
  return [
    ...findings,
    finding('error', list.name, 'synonym', codesIn(lost), `${file} names codes that the list has not`),
  ];
}

/** A code that its list has not is an error only when the map is all that says what it is: here it is a gap to know of. */
function checkMap(content: Content, row: Row, lists: ReadonlyMap<string, ReadList>): Finding[] {
  const findings: Finding[] = [];
  const name = row.map!;
  const rows = tableOf(content, row.file!, name, findings);
  if (!rows) return findings;
  for (const column of [row.source_column!, row.target_column!]) {
    if (rows.length > 0 && rows[0]![column] === undefined)
      findings.push(finding('error', name, 'file', [], `${row.file} has no column "${column}"`));
  }
  const codesOf = (column: string) =>
    rows.flatMap((one) => (one[column] ?? '').split(/[|;]/).filter((code) => code !== ''));
  const lost = (system: string, codes: string[]) => {
    const list = lists.get(system);
    return list ? [...new Set(codes.filter((code) => !list.byCode.has(code)))] : [];
  };
  const unmapped = rows.filter((one) => (one[row.target_column!] ?? '') === '');
  const nameless = rows.filter((one) => (one[row.source_column!] ?? '') === '').length;
  const sources = unmapped.map((one) => one[row.source_column!] ?? '');
  return [
    ...findings,
    finding(
      'warning',
      name,
      'source',
      lost(row.source!, codesOf(row.source_column!)),
      `codes that ${row.source} has not`,
    ),
    finding(
      'warning',
      name,
      'target',
      lost(row.target!, codesOf(row.target_column!)),
      `leads to codes that ${row.target} has not`,
    ),
    finding('warning', name, 'source', nameless > 0 ? [''] : [], `${nameless} rows have no source code`),
    finding('warning', name, 'unmapped', [...new Set(sources)], 'codes without a target'),
  ];
}

function finding(
  level: Finding['level'],
  where: string,
  kind: Finding['kind'],
  codes: string[],
  text: string,
): Finding {
  return { level, where, kind, codes, text };
}

function codesIn(rows: readonly { readonly code?: string }[]): string[] {
  return [...new Set(rows.map(({ code = '' }) => code))];
}
