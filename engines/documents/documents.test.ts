import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import jsqr from 'jsqr';
import { openContent } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { amountInWords } from './amount-in-words.ts';
import { openDocuments } from './documents.ts';
import { Pdf, type PdfPicture } from './fixtures/pdf-text.ts';
import { templateOn } from './templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-papers-'));
const content = openContent(folder);
const documents = openDocuments(content, { timeoutMs: 5_000 });
after(() => {
  documents.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A nonsense paper: the engine knows no form by name. */
function template(paper: string, from: string, text: string): void {
  mkdirSync(join(folder, 'documents', paper), { recursive: true });
  writeFileSync(join(folder, 'documents', paper, `${from}.typ`), text);
}

const HEAD = '#set text(font: "Be Vietnam Pro", lang: "vi", fallback: false)\n#let d = json("/data.json")\n';
template('giay-bat-cua', '2025-01-01', `${HEAD}Cũ: #d.name`);
template('giay-bat-cua', '2026-07-01', `${HEAD}Mới: #d.name #image("/codes/cua.png", width: 2cm)`);
template('hong', '2025-01-01', '#let x = 1 +\n#khong-co');
template(
  'vo-tan',
  '2025-01-01',
  '#let f(n) = { let k = 0; while k < 100000 { k += 1 }; k }\n#range(0, 100000000).map(f).sum()',
);

const cua = { codes: { cua: { kind: 'qrcode', text: '25D01a7k20zx-c' } } } as const;
const words = (bytes: Buffer) => new Pdf(bytes).pages().join('\n').replace(/\s+/g, ' ').trim();

/** What a camera would read from a picture of the paper. */
function scan(picture: PdfPicture): string | undefined {
  const rgba = new Uint8ClampedArray(picture.grey.length * 4).fill(255);
  for (const [at, grey] of picture.grey.entries()) rgba.fill(grey, at * 4, at * 4 + 3);
  const read = (jsqr as unknown as { default?: typeof jsqr }).default ?? jsqr;
  return (
    read as unknown as (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null
  )(rgba, picture.width, picture.height)?.data;
}

test('the template of the day is used: the newest that has begun', async () => {
  assert.equal(templateOn(content, 'giay-bat-cua', '2026-06-30'), '/giay-bat-cua/2025-01-01.typ');
  assert.equal(templateOn(content, 'giay-bat-cua', '2026-07-01'), '/giay-bat-cua/2026-07-01.typ');
  const old = await documents.renderPaper('giay-bat-cua', '2026-01-05', { name: 'Ẵm' });
  assert.match(words(old), /^Cũ: Ẵm/);
});

test('a paper without a template in force, or with an odd name, is refused with a sentence', async () => {
  for (const [paper, date] of [
    ['giay-bat-cua', '2024-12-31'],
    ['khong-co', '2026-01-01'],
    ['../catalog', '2026-01-01'],
  ] as const) {
    await assert.rejects(
      documents.renderPaper(paper, date, {}),
      (error: unknown) => error instanceof Failure && error.code === 'not-found',
    );
  }
});

test('Vietnamese marks come back out of the PDF as they went in', async () => {
  const name = 'Nguyễn Đỗ Ẵm Ộ Ừ Ỹ Ậ ắ ằ ẳ ẵ ặ ế ề ể ễ ệ ố ồ ổ ỗ ộ ớ ờ ở ỡ ợ ứ ừ ử ữ ự ỳ ý ỷ ỹ ỵ đ';
  const bytes = await documents.renderPaper('giay-bat-cua', '2026-11-22', { name }, cua);
  assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  assert.ok(words(bytes).includes(name), words(bytes));
});

test('the QR code on the paper reads back as what was asked for', async () => {
  const bytes = await documents.renderPaper('giay-bat-cua', '2026-11-22', { name: 'An' }, cua);
  assert.ok(new Pdf(bytes).pictures().map(scan).includes('25D01a7k20zx-c'));
});

test('the same data and instant give the same bytes', async () => {
  const options = { ...cua, createdAt: '2026-11-20T08:31:40+07:00' };
  const [first, second] = await Promise.all(
    [1, 2].map(() => documents.renderPaper('giay-bat-cua', '2026-11-22', { name: 'An' }, options)),
  );
  assert.ok(first!.equals(second!));
});

test('data is data: typst markup in it is shown, not run', async () => {
  const bytes = await documents.renderPaper('giay-bat-cua', '2025-11-22', {
    name: '#read("/data.json") *đậm*',
  });
  assert.match(words(bytes), /#read\("\/data\.json"\) \*đậm\*/);
});

test('a faulty template is a failure that names its place; the next paper is printed', async () => {
  await assert.rejects(documents.renderPaper('hong', '2026-01-01', {}), (error: unknown) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, 'business-rule');
    assert.match(error.message, /2025-01-01\.typ/);
    return true;
  });
  assert.match(words(await documents.renderPaper('giay-bat-cua', '2025-02-01', { name: 'Bình' })), /Bình/);
});

test('a template that never ends is given up, and the next paper is printed by a new process', async () => {
  const hasty = openDocuments(content, { timeoutMs: 1_500 });
  after(() => hasty.close());
  await assert.rejects(
    hasty.renderPaper('vo-tan', '2026-01-01', {}),
    (error: unknown) => error instanceof Failure && error.code === 'overloaded',
  );
  assert.match(words(await hasty.renderPaper('giay-bat-cua', '2025-02-01', { name: 'Chi' })), /Chi/);
});

test('the typesetter is not there before the first paper and goes when it is idle', async () => {
  const lazy = openDocuments(content, { idleMs: 50 });
  assert.equal(lazy.isRunning(), false);
  await lazy.renderPaper('giay-bat-cua', '2025-02-01', { name: 'Dung' });
  while (lazy.isRunning()) await pause(20);
  assert.match(words(await lazy.renderPaper('giay-bat-cua', '2025-02-01', { name: 'Đào' })), /Đào/);
  lazy.close();
});

test('amounts in words, northern reading', () => {
  const cases: [number, string][] = [
    [0, 'Không đồng'],
    [5, 'Năm đồng'],
    [10, 'Mười đồng'],
    [15, 'Mười lăm đồng'],
    [21, 'Hai mươi mốt đồng'],
    [24, 'Hai mươi tư đồng'],
    [105, 'Một trăm lẻ năm đồng'],
    [62_000, 'Sáu mươi hai nghìn đồng'],
    [379_500, 'Ba trăm bảy mươi chín nghìn năm trăm đồng'],
    [1_000_005, 'Một triệu không trăm lẻ năm đồng'],
    [14_040_000, 'Mười bốn triệu không trăm bốn mươi nghìn đồng'],
    [2_000_000_000, 'Hai tỷ đồng'],
    [1_000_000_021, 'Một tỷ không trăm hai mươi mốt đồng'],
  ];
  for (const [amount, text] of cases) assert.equal(amountInWords(amount), text);
  assert.throws(() => amountInWords(1.5), RangeError);
  assert.throws(() => amountInWords(-1), RangeError);
});
