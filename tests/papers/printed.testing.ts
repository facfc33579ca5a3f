/** Every paper that the content can print: each template with its sample, each book and form of a report, each under its stamps. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Documents,
  openDocuments,
  papersOf,
  readSample,
  sampleData,
} from '../../engines/documents/index.ts';
import {
  makeSheet,
  planReport,
  type RegisterDefinition,
  type ReportDefinition,
  registerGrid,
  reportGrid,
  viewsOf,
} from '../../engines/reports/index.ts';
import { openContent } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';

const CONTENT = join(import.meta.dirname, '..', '..', 'content');

export interface Printed {
  name: string;
  /** Folder and day of the template. */
  template: string;
  part: 2 | 3;
  size: 'a4' | 'a5' | 'roll' | 'label' | 'sheet';
  /** What the template is given. */
  data: unknown;
  bytes: Buffer;
}

export const content = openContent(CONTENT);

const CREATED = '2026-11-22T01:00:00Z';

/** Every version of every paper with its sample. */
export async function samplesPrinted(documents: Documents): Promise<Printed[]> {
  const printed: Printed[] = [];
  for (const paper of papersOf(content)) {
    const { key, from, value } = paper;
    const sample = readSample(content, key, from);
    if (!sample) throw new Error(`${key}/${from} has no sample`);
    const { data, codes } = sampleData(paper, sample);
    const standard = value.standard ?? 'a-2b';
    const bytes = await documents.renderPaper(key, from, data, { codes, standard, createdAt: CREATED });
    const part = standard === 'a-3b' ? 3 : 2;
    printed.push({ name: `${key}/${from}`, template: `${key}/${from}`, part, size: value.size, data, bytes });
  }
  return printed;
}

const HEADING = {
  left: ['SỞ Y TẾ TỈNH PHÚ THỌ', 'TRẠM Y TẾ XÃ TAM DƯƠNG'],
  unit: 'Đơn vị: Trạm Y tế xã Tam Dương',
  period: 'Tháng 10 năm 2026',
};

/** Every book with two lines and every form with a number in each cell, by every template of reports. */
export async function reportsPrinted(documents: Documents): Promise<Printed[]> {
  const books = datedFiles<RegisterDefinition>(content, 'registers').map(({ key, from, value }) => {
    const line = {
      cells: Object.fromEntries(value.columns.map(({ key: column, title }) => [column, title])),
    };
    return { name: `registers/${key}/${from}`, grid: registerGrid(value, [line, line], HEADING) };
  });
  const views = viewsOf(content);
  const forms = datedFiles<ReportDefinition>(content, 'reports').map(({ key, from, value }) => {
    const { plan } = planReport(value, views);
    const counted = new Map([...plan.cells.values()].map(({ cell }, at) => [cell, at * 37]));
    return {
      name: `reports/${key}/${from}`,
      grid: reportGrid(plan, makeSheet(plan, counted, new Map()), HEADING),
    };
  });
  const days = content
    .files('documents')
    .flatMap((file) => /^report\/(\d{4}-\d{2}-\d{2})\.typ$/.exec(file)?.[1] ?? []);
  const printed: Printed[] = [];
  for (const day of days)
    for (const { name, grid } of [...books, ...forms]) {
      const data = { grid, demo: true, date: [2026, 11, 22] };
      const bytes = await documents.renderPaper('report', day, data, { createdAt: CREATED });
      printed.push({
        name: `${name} by report/${day}`,
        template: `report/${day}`,
        part: 2,
        size: 'sheet',
        data,
        bytes,
      });
    }
  return printed;
}

/** A paper as a copy, and that copy once more when it was cancelled. */
export async function stamped(documents: Documents, { bytes }: Printed): Promise<Buffer[]> {
  const copy = await documents.stampPaper(bytes, 'stamp-copy', '2026-11-22', [
    'BẢN SAO lần 2',
    'Trạm Y tế xã Ỷ La',
  ]);
  return [copy, await documents.stampPaper(copy, 'stamp-cancelled', '2026-11-22', ['ĐÃ HUỶ', '22/11/2026'])];
}

export const openPrinter = (): Documents => openDocuments(content);

/** Words that a paper may say: those of its template, of what the templates share, and of its data. */
export function wordsGiven({ template, data }: Printed): Set<string> {
  const shared = content.files('documents').filter((file) => /^[^/]+\.typ$/.test(file));
  const texts = [`${template}.typ`, ...shared].map((file) =>
    readFileSync(join(CONTENT, 'documents', file), 'utf8'),
  );
  return new Set(wordsOf([...texts, ...stringsIn(data)].join('\n')));
}

const stringsIn = (data: unknown): string[] => {
  if (typeof data === 'string') return [data];
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).flatMap(stringsIn);
};

/** Runs of letters, without regard to capitals; not composed anew, since the text of a paper is NFC by itself. */
export const wordsOf = (text: string): string[] =>
  [...text.matchAll(/[\p{L}\p{M}]+/gu)].map(([word]) => word.toLocaleLowerCase('vi'));
