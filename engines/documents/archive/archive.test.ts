/** PDF/A by the clauses that can be checked here (ISO 19005-2), and stamps by incremental update (ISO 32000-1, 7.5.6). */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openContent } from '../../../kernel/content/content.ts';
import { openDocuments } from '../documents.ts';
import { Pdf } from '../fixtures/pdf-text.ts';
import { archiveFaults } from './archive-faults.ts';
import { pageSizes, readPdf } from './pdf-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-archive-'));
const documents = openDocuments(openContent(folder));
after(() => {
  documents.close();
  rmSync(folder, { recursive: true, force: true });
});

const HEAD =
  '#let d = json("/data.json")\n#set document(title: "Giấy", date: datetime(year: 2026, month: 11, day: 22))\n#set text(font: "Be Vietnam Pro", lang: "vi", fallback: false)\n';

function template(paper: string, text: string): void {
  mkdirSync(join(folder, 'documents', paper), { recursive: true });
  writeFileSync(join(folder, 'documents', paper, '2026-01-01.typ'), HEAD + text);
}
template('hai-trang', 'Trang một của #d.name #image("/codes/qr.png", width: 2cm) #pagebreak() Trang hai');
template(
  'dinh-kem',
  '#pdf.attach("/data.json", relationship: "source", mime-type: "application/json", description: "Dữ liệu") Có dữ liệu #d.name',
);
template(
  'dau',
  '#for p in d.pages { page(width: p.width * 1pt, height: p.height * 1pt, margin: 0pt, text(fill: red, d.lines.join(" · "))) }',
);

const codes = { qr: { kind: 'qrcode', text: 'https://thu.vn' } } as const;
const paper = (name = 'Ẵm') => documents.renderPaper('hai-trang', '2026-11-22', { name }, { codes });
const withName = (bytes: Buffer, name: string, other: string) =>
  Buffer.from(bytes.toString('latin1').replaceAll(name, other), 'latin1');

test('every paper is PDF/A-2b: metadata, output intent, fonts, language, identity', async () => {
  assert.deepEqual(archiveFaults(await paper()), []);
});

test('a paper with its data attached is PDF/A-3b and names the relationship of the attachment', async () => {
  const bytes = await documents.renderPaper('dinh-kem', '2026-11-22', { name: 'A' }, { standard: 'a-3b' });
  assert.deepEqual(archiveFaults(bytes, 3), []);
  assert.notDeepEqual(archiveFaults(bytes, 2), []);
});

test('the check finds what ISO 19005-2 forbids or asks for', async () => {
  const bytes = await paper();
  const broken: [change: (bytes: Buffer) => Buffer, clause: RegExp][] = [
    [(each) => withName(each, 'pdfaid:part>2', 'pdfaid:part>1'), /6\.6\.4/],
    [(each) => withName(each, '/GTS_PDFA1', '/GTS_PDFX_'), /6\.2\.3/],
    [(each) => withName(each, '/ToUnicode', '/ToUnicorn'), /6\.2\.11\.7/],
    [(each) => withName(each, '/FontFile2', '/FontFileX'), /6\.2\.11\.4/],
    [(each) => withName(each, '/FlateDecode', '/LZWDecode '.trim().padEnd(12)), /6\.1\.7\.2/],
    [(each) => withName(each, '/Lang (vi)', '/Lung (vi)'), /14\.9\.2/],
    [(each) => withName(each, '/ID [', '/IX ['), /6\.1\.3/],
    [(each) => withName(each, '%PDF-1.7', '%PDF-2.0'), /6\.1\.2/],
    [(each) => withName(each, '/Metadata ', '/Metadatx '), /6\.6\.2/],
    [(each) => each.subarray(0, each.length - 200), /6\.1/],
    [(each) => withName(each, '/Marked true', '/Marked null'), /14\.7\.1/],
    [(each) => withName(each, '/StructTreeRoot ', '/StructTreeRoox '), /14\.7\.2/],
    [(each) => withName(each, '/CIDToGIDMap', '/CIDToGIDMop'), /6\.2\.11\.3\.2/],
    [(each) => withName(each, '/Type /Font\n', '/DeviceCMYK\n'), /6\.2\.4\.3/],
    [(each) => withName(each, 'endstream', 'endstreak'), /6\.1\.7\.1/],
    [(each) => Buffer.concat([each, Buffer.from('\n ')]), /6\.1\.3/],
    [(each) => withName(each, '/N 3', '/N 4'), /6\.2\.4\.2/],
    [(each) => withName(each, '<xmpMM:', '<xmpXX:'), /6\.6\.2\.3\.1/],
    [(each) => withName(each, '<?xpacket end', '<?xpocket end'), /6\.6\.2/],
  ];
  for (const [change, clause] of broken) {
    const changed = change(bytes);
    assert.ok(!changed.equals(bytes), String(clause));
    let faults: string[];
    try {
      faults = archiveFaults(changed);
    } catch (error) {
      faults = [`6.1: ${String(error)}`];
    }
    assert.match(faults.join('\n'), clause);
  }
});

test('a stamp leaves the bytes of the original as they were, stands on every page and keeps PDF/A', async () => {
  const original = await paper();
  const hash = createHash('sha256').update(original).digest('hex');
  const copy = await documents.stampPaper(original, 'dau', '2026-11-22', ['BẢN SAO lần 2', 'Trạm Ỷ La']);
  assert.equal(createHash('sha256').update(copy.subarray(0, original.length)).digest('hex'), hash);
  assert.deepEqual(archiveFaults(copy), []);
  const pages = new Pdf(copy).pages();
  assert.equal(pages.length, 2);
  assert.match(pages[0]!, /Trang một của Ẵm[\s\S]*BẢN SAO lần 2 · Trạm Ỷ La/);
  assert.match(pages[1]!, /Trang hai[\s\S]*BẢN SAO lần 2/);
  assert.deepEqual(pageSizes(copy), pageSizes(original));
  assert.equal(readPdf(copy).trailer.match(/\/Prev (\d+)/)?.[1], String(readPdf(original).startxref));
});

test('the same stamp on the same paper gives the same bytes; a stamp upon a stamp holds both', async () => {
  const original = await paper('Bình');
  const lay = (under: Buffer, line: string) => documents.stampPaper(under, 'dau', '2026-11-22', [line]);
  const [one, two] = [await lay(original, 'ĐÃ HUỶ'), await lay(original, 'ĐÃ HUỶ')];
  assert.ok(one.equals(two));
  const both = new Pdf(await lay(one, 'BẢN SAO')).pages()[0]!;
  assert.match(both, /BẢN SAO/);
});

test('what is no paper of ours is not stamped', async () => {
  await assert.rejects(documents.stampPaper(Buffer.from('%PDF-1.7\nkhông'), 'dau', '2026-11-22', ['x']), {
    code: 'business-rule',
  });
});
