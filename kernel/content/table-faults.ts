/** What is wrong with a table as a table: columns, rows that are shifted, days. Pure. */
import { isDay } from '../text/vietnam-time.ts';
import { parseLines } from './csv.ts';

export interface TableFault {
  /** `row 3` (1 = the first below the head), or '' for the table as a whole. */
  place: string;
  text: string;
  textEn: string;
}

const MOST = 5;

/**
 * @param ours first line of the program's table of the same name, whose columns this one must have; null = a table of its own
 * @returns the first faults: one wrong comma shifts many rows
 */
export function tableFaults(text: string, ours: string | null): TableFault[] {
  const [head = [], ...rows] = parseLines(text);
  const columns = columnFaults(head, ours === null ? null : (parseLines(ours)[0] ?? []));
  if (columns.length > 0) return columns;
  return rows.flatMap((cells, at) => rowFaults(head, cells, at + 1)).slice(0, MOST);
}

function columnFaults(head: readonly string[], ours: readonly string[] | null): TableFault[] {
  const say = (text: string, textEn: string): TableFault => ({ place: '', text, textEn });
  const twice = head.find((name, at) => head.indexOf(name) !== at);
  if (twice !== undefined) return [say(`có hai cột “${twice}”`, `has two columns "${twice}"`)];
  if (ours === null) return [];
  const lacking = ours.filter((name) => !head.includes(name));
  const unknown = head.filter((name) => !ours.includes(name));
  return [
    ...lacking.map((name) => say(`thiếu cột “${name}” ở dòng đầu`, `lacks the column "${name}"`)),
    ...unknown.map((name) =>
      say(
        `không có cột “${name}”: dòng đầu phải là ${ours.join(',')}`,
        `has an unknown column "${name}": the first line must be ${ours.join(',')}`,
      ),
    ),
  ].slice(0, MOST);
}

function rowFaults(head: readonly string[], cells: readonly string[], row: number): TableFault[] {
  const say = (text: string, textEn: string): TableFault => ({ place: `row ${row}`, text, textEn });
  if (cells.length !== head.length)
    return [
      say(
        `có ${cells.length} ô, dòng đầu có ${head.length}: thiếu hay thừa dấu phẩy (ô có dấu phẩy thì đặt trong "…")`,
        `has ${cells.length} cells, the head ${head.length}: a comma too many or too few (a cell with a comma stands in "…")`,
      ),
    ];
  const cell = (name: string) => (head.includes(name) ? cells[head.indexOf(name)]! : '');
  const [from, to] = [cell('valid_from'), cell('valid_to')];
  const wrong = [from, to].find((day) => day !== '' && !isDay(day));
  if (wrong !== undefined)
    return [
      say(
        `“${wrong}” không phải ngày: viết năm-tháng-ngày, ví dụ 2026-01-31`,
        `"${wrong}" is no day: year-month-day, for example 2026-01-31`,
      ),
    ];
  return from !== '' && to !== '' && to < from
    ? [say(`hết hiệu lực (${to}) trước khi có hiệu lực (${from})`, `ends (${to}) before it begins (${from})`)]
    : [];
}
