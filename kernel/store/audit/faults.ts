/** What is wrong with the audit, and the sentences that say so. Pure. */

export type FaultKind =
  | 'lines-removed'
  | 'lines-inserted'
  | 'lines-changed'
  | 'lines-outside'
  | 'seal-missing'
  | 'seal-changed'
  | 'signature-wrong'
  | 'tree-changed'
  | 'key-changed'
  | 'cut-off'
  | 'witness-wrong'
  | 'archive-wrong';

/** One place where the audit is not what was sealed. */
export interface AuditFault {
  /** Number of the seal; empty where no seal is concerned. */
  seal: string;
  kind: FaultKind;
  /** Vietnamese, with the line and the time as far as they can be told. */
  text: string;
}

/** A fault as the check of a span finds it. */
export interface Finding {
  seal: string;
  kind: FaultKind;
  /** Place of the first line concerned among all lines, from 0. */
  index?: number;
  /** How many lines. */
  count?: number;
  /** `era-transaction-number` of the line, where one line is concerned that is there. */
  id?: string;
  /** Epoch milliseconds of the line itself, or of the lines before and behind the place. */
  at?: number;
  after?: number;
  before?: number;
}

const SENTENCES: Record<FaultKind, string> = {
  'lines-removed': 'dòng nhật ký bị xóa',
  'lines-inserted': 'dòng nhật ký bị chèn thêm',
  'lines-changed': 'dòng nhật ký bị sửa',
  'lines-outside': 'dòng nhật ký nằm ngoài mọi niêm phong',
  'seal-missing': 'thiếu dấu niêm phong phía trước',
  'seal-changed': 'dấu niêm phong bị sửa, hoặc khác với bản ghi bên ngoài',
  'signature-wrong': 'chữ ký của dấu niêm phong không đúng',
  'tree-changed': 'cây băm bị sửa, không khớp với gốc đã ký',
  'key-changed': 'khóa ký nhật ký không được khóa trước xác nhận, hoặc không phải khóa đã biết',
  'cut-off': 'phần cuối nhật ký đã bị cắt bỏ',
  'witness-wrong': 'chữ ký của bên chứng kiến không đúng',
  'archive-wrong': 'tệp lưu trữ nhật ký hoặc bản ghi về nó không đúng',
};

/** Joins findings of one kind that follow each other, so that a dropped month is one sentence. */
export function joined(findings: readonly Finding[]): Finding[] {
  const sorted = findings.toSorted((a, b) => (a.index ?? -1) - (b.index ?? -1));
  const result: Finding[] = [];
  for (const one of sorted) {
    const last = result.at(-1);
    const follows =
      last?.kind === one.kind && last.index !== undefined && last.index + (last.count ?? 1) === one.index;
    if (!follows) result.push({ ...one });
    else {
      last.count = (last.count ?? 1) + (one.count ?? 1);
      last.before = one.before;
      last.after ??= last.at;
      delete last.id;
      delete last.at;
    }
  }
  return result;
}

export function faultOf(finding: Finding): AuditFault {
  const { seal, kind, count } = finding;
  const number = count === undefined || count === 1 ? '' : ` (${count} dòng)`;
  const text = `${seal === '' ? '' : `Niêm phong số ${seal}: `}${SENTENCES[kind]}${number}${placeOf(finding)}.`;
  return { seal, kind, text: text[0]!.toUpperCase() + text.slice(1) };
}

function placeOf({ id, index, at, after, before }: Finding): string {
  const parts: string[] = [];
  if (id !== undefined) parts.push(`dòng ${id}`);
  if (index !== undefined) parts.push(`thứ ${index + 1} của nhật ký`);
  if (at !== undefined) parts.push(`lúc ${clock(at)}`);
  else if (after !== undefined && before !== undefined)
    parts.push(`giữa ${clock(after)} và ${clock(before)}`);
  else if (after !== undefined) parts.push(`sau ${clock(after)}`);
  else if (before !== undefined) parts.push(`trước ${clock(before)}`);
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

/** Vietnamese day and time of an instant. */
function clock(ms: number): string {
  const shifted = new Date(ms + 7 * 3_600_000);
  if (Number.isNaN(shifted.getTime())) return 'một lúc không đọc được';
  const [date, time] = shifted.toISOString().split('T') as [string, string];
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 12)}`;
}
