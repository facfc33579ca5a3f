/** The second reader sees what is broken: each rule of strict.testing.ts against a paper in which it was broken on purpose. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PDFArray, type PDFDict, PDFDocument, PDFName, PDFNumber, PDFRawStream, PDFString } from 'pdf-lib';
import { decoded } from './document.testing.ts';
import { openPrinter, samplesPrinted, stamped } from './printed.testing.ts';
import { look } from './strict.testing.ts';

const documents = openPrinter();
after(() => documents.close());
const samples = await samplesPrinted(documents);
const certificate = samples.find(({ part }) => part === 3)!;
const paper = samples.find(({ name }) => name.startsWith('prescription/'))!.bytes;

const written = (bytes: Buffer, text: string, other: string): Buffer => {
  const changed = Buffer.from(bytes.toString('latin1').replace(text, other), 'latin1');
  assert.ok(!changed.equals(bytes), `${text} is there`);
  return changed;
};

test('bytes that were changed are told by their clause', async () => {
  const cut = (text: string) => text.slice(0, text.length - 1).concat('X');
  const broken: [bytes: Buffer, clause: RegExp][] = [
    [written(paper, '%PDF-1.7', '%PDF-2.0'), /6\.1\.2: the file does not begin/],
    [written(paper, '%PDF-1.7\n%', '%PDF-1.7\n '), /6\.1\.2: no comment/],
    [Buffer.concat([paper, Buffer.from('\n\n')]), /6\.1\.3: after the last end/],
    [written(paper, '/ID [', '/IX ['), /6\.1\.3: a trailer without an ID/],
    [written(paper, '/Size ', '/Size 1'), /6\.1\.3: \/Size/],
    [written(paper, '1 0 obj', '1 0 obj '.trimEnd().replace('1', '7')), /6\.1\.4: object 1 is not at byte/],
    [written(paper, '\n2 0 obj', ' 2 0 obj'), /6\.1\.9/],
    [written(paper, ' 00000 n', ' 0000  n'), /6\.1\.4: entry/],
    [written(paper, 'endobj\n', 'endobj '), /6\.1\.9/],
    [written(paper, '\nendstream', ' endstream'), /6\.1\.7\.1: endstream/],
    [written(paper, '>>\nstream\n', '>>\nstream '), /6\.1\.7\.1|6\.1:/],
    [written(paper, '/Alt <FEFF', '/Alt <FEF '), /6\.1\.6/],
    [written(paper, 'trailer\n<<', 'trailer\n<< /Encrypt 1 0 R'), /6\.1\.3: the file is encrypted|6\.1:/],
    [written(paper, 'pdfaid:part>2', 'pdfaid:part>1'), /6\.6\.4: the metadata claim part 1/],
    [written(paper, 'pdfaid:conformance>B', 'pdfaid:conformance>Z'), /6\.6\.4: the metadata claim no level/],
    [written(paper, '<?xpacket begin', '<?xpacked begin'), /6\.6\.2\.1/],
    [written(paper, '</xmp:CreatorTool>', '</xmp:CreatorTaol>'), /6\.6\.2\.1: metadata are no XML/],
    [written(paper, '<xmp:CreatorTool>T', '<xmp:CreatorTool>t'), /6\.6\.3: \/Creator/],
    [written(paper, '/CreationDate (D:2026', '/CreationDate (D:2025'), /6\.6\.3: \/CreationDate/],
    [written(paper, 'http://purl.org/dc/', 'http://purl.org/xx/'), /6\.6\.2\.3\.1/],
    [paper.subarray(0, paper.length - 40), /6\.1/],
    [Buffer.from(cut('no pdf')), /6\.1/],
  ];
  for (const [bytes, clause] of broken) assert.match((await look(bytes)).faults.join('\n'), clause);
});

/** The paper with one object changed, written anew by the library. */
async function altered(change: (document: PDFDocument) => void, bytes = paper): Promise<Buffer> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  change(document);
  return Buffer.from(
    await document.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false }),
  );
}

const found = (document: PDFDocument, is: (dictionary: PDFDict) => boolean): PDFDict => {
  for (const [, object] of document.context.enumerateIndirectObjects()) {
    const dictionary = object instanceof PDFRawStream ? object.dict : (object as PDFDict);
    if (typeof dictionary.get === 'function' && !(object instanceof PDFArray) && is(dictionary))
      return dictionary;
  }
  throw new Error('nothing like it');
};
const typed = (document: PDFDocument, key: string, value: string) =>
  found(document, (each) => String(each.get(PDFName.of(key))) === `/${value}`);
const put = (dictionary: PDFDict, key: string, value: Parameters<PDFDict['set']>[1]) =>
  dictionary.set(PDFName.of(key), value);

/** A stream in the place of the one that a dictionary names. */
function restream(
  document: PDFDocument,
  owner: PDFDict,
  key: string,
  change: (bytes: Buffer) => Buffer,
): void {
  const stream = owner.lookup(PDFName.of(key)) as PDFRawStream;
  const entries = Object.fromEntries(
    stream.dict
      .entries()
      .filter(([name]) => !['/Filter', '/Length'].includes(String(name)))
      .map(([name, value]) => [name.decodeText(), value]),
  );
  owner.set(
    PDFName.of(key),
    document.context.register(document.context.stream(change(decoded(stream)), entries as never)),
  );
}

test('objects that were changed are told by their clause', async () => {
  const font = (document: PDFDocument) => typed(document, 'Subtype', 'CIDFontType2');
  const descriptor = (document: PDFDocument) => typed(document, 'Type', 'FontDescriptor');
  const outer = (document: PDFDocument) => typed(document, 'Subtype', 'Type0');
  const page = (document: PDFDocument) => document.getPages()[0]!.node;
  const cases: [change: (document: PDFDocument) => void, clause: RegExp][] = [
    [(each) => outer(each).delete(PDFName.of('ToUnicode')), /6\.2\.11\.7\.2: no ToUnicode/],
    [
      (each) =>
        restream(each, outer(each), 'ToUnicode', (bytes) =>
          Buffer.from(bytes.toString('latin1').replace(/<0001> <....>/, '<0001> <0000>')),
        ),
      /6\.2\.11\.7\.2: code 1 is U\+0000/,
    ],
    [
      (each) =>
        restream(each, outer(each), 'ToUnicode', (bytes) =>
          Buffer.from(bytes.toString('latin1').replace(/<0001> <....>/, '<0FFF> <0041>')),
        ),
      /6\.2\.11\.7\.2: code 1 has no Unicode/,
    ],
    [(each) => put(font(each), 'W', each.context.obj([1, [1, 2, 3]])), /6\.2\.11\.5/],
    [(each) => put(font(each), 'CIDToGIDMap', PDFName.of('Other')), /6\.2\.11\.3\.2/],
    [(each) => put(font(each), 'BaseFont', PDFName.of('Arial')), /6\.2\.11\.2: the font is called/],
    [
      (each) => restream(each, descriptor(each), 'CIDSet', (bytes) => bytes.fill(0, 0, 1)),
      /6\.2\.11\.4\.2: the CIDSet lacks/,
    ],
    [
      (each) =>
        restream(each, descriptor(each), 'CIDSet', (bytes) => Buffer.concat([bytes, Buffer.from([1])])),
      /6\.2\.11\.4\.2: the CIDSet names/,
    ],
    [(each) => descriptor(each).delete(PDFName.of('FontFile2')), /6\.2\.11\.4\.1: the font is not embedded/],
    [
      (each) => restream(each, descriptor(each), 'FontFile2', (bytes) => bytes.subarray(0, 400)),
      /6\.2\.11\.4\.1: the embedded font cannot be read/,
    ],
    [
      (each) =>
        put(
          (descriptor(each).lookup(PDFName.of('FontFile2')) as PDFRawStream).dict,
          'Length1',
          PDFNumber.of(3),
        ),
      /9\.9: \/Length1/,
    ],
    [(each) => put(outer(each), 'Encoding', PDFName.of('Other')), /6\.2\.11\.3\.3/],
    [(each) => put(typed(each, 'S', 'GTS_PDFA1'), 'S', PDFName.of('GTS_PDFX')), /6\.2\.3: 0 output intents/],
    [
      (each) =>
        restream(each, typed(each, 'S', 'GTS_PDFA1'), 'DestOutputProfile', (bytes) =>
          bytes.fill('CMYK', 16, 20),
        ),
      /6\.2\.3: \/N is not/,
    ],
    [
      (each) =>
        restream(each, typed(each, 'S', 'GTS_PDFA1'), 'DestOutputProfile', (bytes) => bytes.subarray(0, 200)),
      /6\.2\.3: the ICC profile is not as long/,
    ],
    [
      (each) => put(each.catalog, 'OpenAction', each.context.obj({ S: 'JavaScript', JS: PDFString.of('x') })),
      /6\.5\.1[\s\S]*6\.5\.2|6\.5\.2[\s\S]*6\.5\.1/,
    ],
    [(each) => put(page(each), 'AA', each.context.obj({})), /6\.5\.2: additional/],
    [
      (each) => put(page(each), 'Annots', each.context.obj([{ Type: 'Annot', Subtype: 'Sound' }])),
      /6\.3\.1[\s\S]*6\.3\.2[\s\S]*6\.3\.3/,
    ],
    [
      (each) => put(page(each), 'Group', each.context.obj({ S: 'Transparency', CS: 'DeviceCMYK' })),
      /6\.2\.10/,
    ],
    [(each) => put(page(each), 'MediaBox', each.context.obj([0, 0, 2, 20_000])), /6\.1\.13: page 1/],
    [(each) => page(each).delete(PDFName.of('Resources')), /6\.2\.2: page 1 has no resources/],
    [
      (each) =>
        put(page(each), 'Contents', each.context.register(each.context.stream('q 0 0 0 1 k /Nix gs zz'))),
      /6\.2\.4\.3[\s\S]*ExtGState Nix[\s\S]*operator zz[\s\S]*leaves graphics states open/,
    ],
    [
      (each) =>
        put(
          page(each),
          'Contents',
          each.context.register(each.context.stream('q '.repeat(29) + 'Q '.repeat(29))),
        ),
      /6\.1\.13: page 1 keeps/,
    ],
    [
      (each) => put(typed(each, 'Subtype', 'Image'), 'Interpolate', each.context.obj(true)),
      /6\.2\.8: a picture that is interpolated/,
    ],
    [(each) => put(typed(each, 'Subtype', 'Image'), 'Width', PDFNumber.of(7)), /7\.4/],
    [(each) => put(typed(each, 'Subtype', 'Image'), 'Filter', PDFName.of('LZWDecode')), /6\.1\.7\.2|6\.1:/],
    [(each) => put(each.catalog, 'NeedsRendering', each.context.obj(true)), /6\.4\.2/],
    [(each) => put(each.catalog, 'Requirements', each.context.obj([])), /6\.11/],
    [(each) => put(each.catalog, 'Names', each.context.obj({ AlternatePresentations: {} })), /6\.10/],
    [
      (each) => put(each.catalog, 'Extra', each.context.obj({ Type: 'Filespec', EF: {} })),
      /6\.8: an attached file, which part 2/,
    ],
    [
      (each) =>
        put(
          each.catalog,
          'Extra',
          each.context.obj({ Type: 'ExtGState', TR: 'x', BM: 'Glow', HTP: 1, HalftoneType: 6 }),
        ),
      /transfer[\s\S]*phase[\s\S]*halftone[\s\S]*6\.2\.10/,
    ],
    [(each) => each.catalog.delete(PDFName.of('Metadata')), /6\.6\.2\.1: no metadata/],
    [(each) => each.catalog.delete(PDFName.of('MarkInfo')), /6\.7\.2\.2/],
    [(each) => each.catalog.delete(PDFName.of('Lang')), /6\.7\.4/],
    [(each) => each.catalog.delete(PDFName.of('StructTreeRoot')), /6\.7\.3\.3/],
    [(each) => put(typed(each, 'S', 'Figure'), 'S', PDFName.of('Bild')), /6\.7\.3\.4: the type Bild/],
    [(each) => typed(each, 'S', 'Figure').delete(PDFName.of('Alt')), /6\.7\.5/],
    [(each) => typed(each, 'S', 'Figure').delete(PDFName.of('K')), /14\.7\.4\.2/],
    [
      (each) => put(typed(each, 'Type', 'StructTreeRoot'), 'ParentTree', each.context.obj({ Nums: [] })),
      /14\.7\.4\.4/,
    ],
  ];
  const sound = (await look(await altered(() => undefined))).faults.join('\n');
  for (const [change, clause] of cases) {
    assert.doesNotMatch(sound, clause);
    assert.match((await look(await altered(change))).faults.join('\n'), clause);
  }
});

test('attached data say what they are for; a paper without them is not part 3', async () => {
  assert.deepEqual((await look(certificate.bytes, 3)).faults, []);
  assert.match(
    (await look(certificate.bytes, 2)).faults.join('\n'),
    /6\.6\.4[\s\S]*6\.8: an attached file, which part 2/,
  );
  assert.match((await look(paper, 3)).faults.join('\n'), /6\.6\.4/);
  const spec = (document: PDFDocument) => found(document, (each) => each.has(PDFName.of('EF')));
  const cases: [change: (document: PDFDocument) => void, clause: RegExp][] = [
    [(each) => spec(each).delete(PDFName.of('AFRelationship')), /6\.8: .* what it is for/],
    [(each) => spec(each).delete(PDFName.of('UF')), /6\.8: .* names F and UF/],
    [(each) => each.catalog.delete(PDFName.of('AF')), /6\.8: .* \/AF of the document/],
  ];
  for (const [change, clause] of cases)
    assert.match((await look(await altered(change, certificate.bytes), 3)).faults.join('\n'), clause);
});

test('an update that keeps the second half of the identity, or changes the first, is told', async () => {
  const [copy] = await stamped(documents, { ...certificate, bytes: paper });
  const text = copy!.toString('latin1');
  const ids = [...text.matchAll(/\/ID \[(\([^)]*\)) ([(<][^)>]*[)>])\]/g)];
  assert.equal(ids.length, 2);
  const last = ids[1]!;
  const replaced = (id: string) =>
    Buffer.from(text.slice(0, last.index) + id + text.slice(last.index + last[0].length), 'latin1');
  assert.deepEqual((await look(replaced(last[0]))).faults, []);
  assert.match(
    (await look(replaced(`/ID [${last[1]} ${ids[0]![2]}]`))).faults.join(),
    /kept the second half/,
  );
  assert.match((await look(replaced(`/ID [(another) ${last[2]}]`))).faults.join(), /changed the first half/);
});
