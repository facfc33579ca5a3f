/** Every paper of the content with what people really type, and with what nobody should: it is set, stays a PDF/A, and a ticket or label stays one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { scanned, scannedAs } from '../../engines/documents/fixtures/scan.ts';
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

/** Markup of pages and of Typst, text that runs the other way, control characters, an emoji of several code points, a marker of PDF. */
const HOSTILE =
  '<script>alert(1)</script> #let x = panic("x"); $ \\ *_`[]{}@ "\u202Eabc\u202C \u0000\u0007 👩‍👩‍👧 مرحبا \u200b\uFEFF &lt; %PDF //';
const LONG = 'Nguyễn Hoàng Phạm Thị Phương Thảo Nguyên Khánh Quỳnh Trâm '.repeat(5);

/** Words, not codes, numbers or days: what has a letter and a space. */
function withWords(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return /\s/.test(value) && /\p{L}/u.test(value) ? change(value) : value;
  if (Array.isArray(value)) return value.map((one) => withWords(one, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withWords(one, change)]));
}

const papers = papersOf(content).map((paper) => ({
  ...paper,
  sample: readSample(content, paper.key, paper.from)!,
}));

async function pagesOf({ key, from, value }: (typeof papers)[number], data: unknown, codes: object) {
  const standard = value.standard ?? 'a-2b';
  const bytes = await documents.renderPaper(key, from, data, { codes: codes as never, standard });
  assert.deepEqual(archiveFaults(bytes, standard === 'a-3b' ? 3 : 2), [], `${key} ${from}`);
  return new Pdf(bytes);
}

/** Labels and tickets of versions before this day let a very long name run over; they never change. */
const ONE_PAGE_SINCE = '2026-11-23';

test('very long names and hostile words break no paper, run nothing, and push nothing off a ticket or label', async () => {
  assert.ok(papers.length >= 20);
  for (const paper of papers) {
    const { data, codes } = sampleData(paper, paper.sample);
    for (const change of [(text: string) => text + HOSTILE, () => LONG]) {
      const pdf = await pagesOf(paper, withWords(data, change), codes);
      const pages = pdf.pages();
      const { size } = paper.value;
      const isOld = paper.key === 'patient-card' && paper.from < ONE_PAGE_SINCE;
      if ((size === 'roll' || size === 'label') && !isOld)
        assert.equal(pages.length, 1, `${paper.key} ${paper.from}`);
      assert.ok(!pages.join('').includes('\u202E'), `${paper.key}: text is turned round`);
    }
  }
});

test('a person of whom nothing is known gives a paper with empty places, not an error', async () => {
  const made = papers.filter(({ sample }) => !sample.data);
  assert.ok(made.length >= 15);
  for (const paper of made) {
    const { sample } = paper;
    const about = { resourceType: (sample.about ?? sample.patient)!.resourceType, id: 'trong' };
    const { data, codes } = sampleData(paper, {
      patient: { resourceType: 'Patient', id: 'trong' },
      about: about as never,
      found: {},
      ...(sample.form ? { form: sample.form } : {}),
    });
    const pages = (await pagesOf(paper, data, codes)).pages();
    assert.ok(pages.length >= 1);
    assert.doesNotMatch(pages.join(' '), /undefined|null|NaN|\[object/, paper.key);
  }
});

/** A template shows its codes itself, or by the shared parts that it imports. */
function isShown({ key, from }: (typeof papers)[number], code: string): boolean {
  const read = (name: string) => readFileSync(content.path(`documents/${name}`), 'utf8');
  const own = read(`${key}/${from}.typ`);
  const parts = [...own.matchAll(/#import "\/([\w-]+\.typ)"/g)].map(([, name]) => read(name!));
  return [own, ...parts].some((text) => text.includes(`"/codes/${code}.png"`));
}

const FORMATS = { code128: 'Code128', ean13: 'EAN13', datamatrix: 'DataMatrix' } as const;

test('every code on every paper is read from its picture by a reader of others, and says what it was given', async () => {
  let read = 0;
  for (const paper of papers) {
    const { data, codes } = sampleData(paper, paper.sample);
    const wanted = Object.entries(codes).filter(([name]) => isShown(paper, name));
    if (wanted.length === 0) continue;
    const pictures = (await pagesOf(paper, data, codes)).pictures();
    for (const [name, { kind, text }] of wanted) {
      const texts = await Promise.all(
        pictures.map((picture) =>
          kind === 'qrcode'
            ? scanned(picture)
            : scannedAs(FORMATS[kind as keyof typeof FORMATS] ?? 'DataMatrix', picture),
        ),
      );
      assert.ok(texts.includes(text), `${paper.key} ${name}: ${texts.join(' | ').slice(0, 200)}`);
      read += 1;
    }
  }
  assert.ok(read >= 8, `${read} codes`);
});
