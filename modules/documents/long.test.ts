/** A thousand rows and names of ten thousand characters: every row stands on a page with the head of its table over it, and nothing but that paper takes long. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import {
  archiveFaults,
  openDocuments,
  papersOf,
  readSample,
  sampleData,
} from '../../engines/documents/index.ts';
import { openContent } from '../../kernel/content/content.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const documents = openDocuments(content);
after(() => documents.close());

const ROWS = 1000;
/** Papers with tables that grow: the list, and the last column of its head. */
const TABLES: Readonly<Record<string, [list: string, head: string]>> = {
  'lab-request': ['orders', 'Chỉ định lúc'],
  'lab-result': ['results', 'Đánh giá'],
  looks: ['rows', 'Để làm gì'],
  'pregnancy-card': ['visits', 'Tiên lượng'],
  'vaccination-certificate': ['doses', 'Số lô'],
};

const papers = papersOf(content).map((paper) => ({
  ...paper,
  ...sampleData(paper, readSample(content, paper.key, paper.from)!),
}));

async function pagesOf(
  { key, from, value, codes }: (typeof papers)[number],
  data: unknown,
): Promise<string[]> {
  const standard = value.standard ?? 'a-2b';
  const bytes = await documents.renderPaper(key, from, data, { codes, standard });
  assert.deepEqual(archiveFaults(bytes, standard === 'a-3b' ? 3 : 2), [], `${key} ${from}`);
  return new Pdf(bytes).pages();
}
const squeezed = (text: string) => text.replaceAll(/\s+/g, '');

/** The first text of each row becomes one of its own. */
function numbered(rows: readonly object[]): object[] {
  return Array.from({ length: ROWS }, (_, at) => {
    const row = { ...rows[at % rows.length] } as Record<string, unknown>;
    const name = Object.keys(row).find((one) => typeof row[one] === 'string')!;
    return { ...row, [name]: `r${at}x` };
  });
}

test('a thousand rows run over as many pages as they need, none is lost, and the head of the table stands on each', async () => {
  for (const [key, [list, head]] of Object.entries(TABLES)) {
    const paper = papers.filter((one) => one.key === key).at(-1)!;
    const data = paper.data as Record<string, object[]>;
    assert.ok(data[list]!.length > 0, `${key} has no ${list} in its sample`);
    const pages = (await pagesOf(paper, { ...data, [list]: numbered(data[list]!) })).map(squeezed);
    assert.ok(pages.length > 10, `${key}: ${pages.length} pages`);
    const whole = pages.join('');
    const lost = Array.from({ length: ROWS }, (_, at) => `r${at}x`).filter((name) => !whole.includes(name));
    assert.deepEqual(lost, [], key);
    const headless = pages.flatMap((page, at) =>
      /r\d+x/.test(page) && !page.includes(squeezed(head)) ? [at + 1] : [],
    );
    assert.deepEqual(headless, [], `${key}: rows without a head on pages ${headless}`);
  }
});

const LONGEST = 10_000;
/** Words as people have them, and one word without an end. */
const NAMES = ['Nguyễn Thị Ẩm Ướt '.repeat(LONGEST / 18), 'Nguyễn'.repeat(LONGEST / 6)];

/** Every text that may be somebody's name. */
function named(value: unknown, name: string): unknown {
  if (typeof value === 'string') return /^\p{Lu}[\p{L} ]+ [\p{L} ]+$/u.test(value) ? name : value;
  if (Array.isArray(value)) return value.map((one) => named(one, name));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, named(one, name)]));
}

test('a name of ten thousand characters is set on every paper, and a ticket stays one', async () => {
  let tried = 0;
  for (const [at, paper] of papers.entries()) {
    const data = named(paper.data, NAMES[at % NAMES.length]!);
    if (JSON.stringify(data) === JSON.stringify(paper.data)) continue;
    const pages = await pagesOf(paper, data);
    const { size } = paper.value;
    if (size === 'roll') assert.equal(pages.length, 1, paper.key);
    tried += 1;
  }
  assert.ok(tried >= 15, `only ${tried} papers have a name`);
});
