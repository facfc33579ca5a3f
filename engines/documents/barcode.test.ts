/** Barcodes are read again from the paper, not from what was asked for. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { type Barcode, barcodePicture } from './barcode.ts';
import { openDocuments } from './documents.ts';
import { readCode128, readEan13 } from './fixtures/bars.ts';
import { Pdf, type PdfPicture } from './fixtures/pdf-text.ts';
import { scanned, scannedAs } from './fixtures/scan.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-codes-'));
mkdirSync(join(folder, 'documents', 'ma'), { recursive: true });
writeFileSync(
  join(folder, 'documents', 'ma', '2026-01-01.typ'),
  '#set document(title: "Mã", date: datetime(year: 2026, month: 1, day: 1))\n#set text(font: "Be Vietnam Pro", lang: "vi")\n#image("/codes/c.png", width: 5cm)',
);
const documents = openDocuments(openContent(folder));
after(() => {
  documents.close();
  rmSync(folder, { recursive: true, force: true });
});

async function printed(kind: Barcode['kind'], text: string): Promise<PdfPicture> {
  const bytes = await documents.renderPaper('ma', '2026-01-01', {}, { codes: { c: { kind, text } } });
  return new Pdf(bytes).pictures()[0]!;
}

test('Code 128 reads back, letters and digits and both in turn', async () => {
  for (const text of ['25D01-261122-0042', '25D01/TC/2026/000123', '12345678901234567890', 'a'])
    assert.equal(readCode128(await printed('code128', text)), text);
});

test('EAN-13 reads back; a wrong check digit is refused', async () => {
  for (const text of ['8935001234562', '4006381333931'])
    assert.equal(readEan13(await printed('ean13', text)), text);
  assert.throws(() => barcodePicture({ kind: 'ean13', text: '4006381333932' }), /check/i);
});

test('QR reads back by two readers, Vietnamese text too', async () => {
  for (const text of [
    '25D01a7k20zx-c',
    'Nguyễn Thị Ẵm|09022024',
    'https://yba.vn/kiem-tra',
    '012345678901',
  ]) {
    const picture = await printed('qrcode', text);
    assert.equal(scanned(picture), text);
    assert.equal(await scannedAs('QRCode', picture), text);
  }
});

test('the digits of a signed card are packed as digits: SMART Health Cards 1.0, "numeric" segment', async () => {
  const card = `shc:/${'5676290952432060346029243740446031222959'.repeat(29)}`;
  const picture = await printed('qrcode', card);
  // Bytes alone would need 129 modules a side.
  assert.equal(picture.width / 4 - 16, 85);
  assert.equal(await scannedAs('QRCode', picture), card);
});

test('an empty QR code and one that is too long are refused', () => {
  assert.throws(() => barcodePicture({ kind: 'qrcode', text: '' }));
  assert.throws(() => barcodePicture({ kind: 'qrcode', text: 'a'.repeat(3000) }));
});

test('DataMatrix reads back, with the groups of GS1 too', async () => {
  for (const text of ['25D01-261122-0042', 'A'])
    assert.equal(await scannedAs('DataMatrix', await printed('datamatrix', text)), text);
  const text = '(01)04006381333931(17)271130(10)LO12';
  assert.equal(await scannedAs('DataMatrix', await printed('gs1datamatrix', text)), text);
});

test('a GS1 DataMatrix has the finder of ISO 16022 and refuses what GS1 does not know', async () => {
  const { width, height, grey } = await printed('gs1datamatrix', '(01)04006381333931(17)271130(10)LO12');
  // 8 modules of white on each side, 4 pixels a module.
  const modules = width / 4 - 16;
  assert.equal(width, height);
  const isDark = (column: number, row: number) =>
    grey[((row + 8) * 4 + 1) * width + (column + 8) * 4 + 1]! < 128;
  for (let at = 0; at < modules; at += 1) {
    assert.ok(isDark(0, at) && isDark(at, modules - 1), 'solid at the left and below');
    assert.equal(isDark(at, 0), at % 2 === 0, 'in turn above');
  }
  assert.throws(() => barcodePicture({ kind: 'gs1datamatrix', text: '(01)123' }));
});
