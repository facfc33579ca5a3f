/** ISO 32000-1, 9.9, table 127: the unpacked length of an embedded font, and a table of places that goes on to hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { withFontLengths } from './font-lengths.ts';
import { objectOf, readPdf } from './pdf-file.ts';

/** A file whose objects are these, with the table that belongs to them. */
function pdfOf(objects: readonly string[], more = ''): Buffer {
  let text = '%PDF-1.7\n';
  const lines = objects.map((body, at) => {
    const line = `${String(text.length).padStart(10, '0')} 00000 n \n`;
    text += `${at + 1} 0 obj\n${body}\nendobj\n`;
    return line;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${lines.join('')}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} ${more} >>\nstartxref\n${text.length}\n%%EOF`;
  return Buffer.from(text + table + trailer, 'latin1');
}

const packed = deflateSync(Buffer.alloc(5000, 'a')).toString('latin1');
const FONT = `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`;
const PLAIN = '<< /Length 7 >>\nstream\nsiebenX\nendstream';

test('each font says how long it is, and every object is where the table says', () => {
  const bytes = withFontLengths(
    pdfOf([
      '<< /FontFile2 2 0 R >>',
      FONT,
      '<< /Other true >>',
      PLAIN,
      '<< /FontFile2 4 0 R >>',
      '<< /Last 1 >>',
    ]),
  );
  const file = readPdf(bytes);
  assert.match(objectOf(file, 2).dictionary, /^<<\s*\/Length1 5000\s/);
  assert.match(objectOf(file, 4).dictionary, /^<<\s*\/Length1 7\s/);
  assert.deepEqual(objectOf(file, 4).stream, Buffer.from('siebenX'));
  assert.equal(objectOf(file, 3).dictionary, '<< /Other true >>');
  assert.equal(objectOf(file, 6).dictionary, '<< /Last 1 >>');
  assert.ok(withFontLengths(bytes).equals(bytes), 'said once');
});

test('a file without fonts, and one that was updated, stay as they are', () => {
  const none = pdfOf(['<< /Other true >>']);
  assert.ok(withFontLengths(none).equals(none));
  const first = pdfOf(['<< /FontFile2 2 0 R >>', FONT]);
  const at = first.length + 1;
  const update = `\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 3 /Prev ${readPdf(first).startxref} >>\nstartxref\n${at}\n%%EOF`;
  const updated = Buffer.concat([first, Buffer.from(update, 'latin1')]);
  assert.ok(withFontLengths(updated).equals(updated));
});
