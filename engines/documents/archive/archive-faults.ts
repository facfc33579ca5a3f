/**
 * What of ISO 19005-2 (PDF/A-2, level b; PDF/A-3 where data are attached) can be seen in the structure of a file that the
 * typesetter made. No validator's whole: fonts' outlines and pictures' samples are the compiler's word. Pure.
 */
import { inflateSync } from 'node:zlib';
import { meaningFaults } from './meaning-faults.ts';
import { dictionaryFaults } from './object-faults.ts';
import { need, objectOf, type PdfFile, type PdfObject, pagesOf, readPdf, referenceIn } from './pdf-file.ts';
import { structureFaults } from './structure-faults.ts';

/** Empty = nothing found. Each fault names the clause. @param part 2, or 3 for a paper with attached data */
export function archiveFaults(bytes: Buffer, part: 2 | 3 = 2): string[] {
  let file: PdfFile;
  try {
    file = readPdf(bytes);
    pagesOf(file);
  } catch (error) {
    return [`6.1: ${(error as Error).message}`];
  }
  const objects = [...file.offsets.keys()].map((id) => objectOf(file, id));
  const catalog = objectOf(file, need(referenceIn(file.trailer, 'Root'), 'catalog')).dictionary;
  return [
    ...headerFaults(file),
    ...catalogFaults(file, catalog, part),
    ...metadataFaults(file, catalog, part),
    ...fontFaults(file, objects),
    ...objects.flatMap((object) => objectFaults(object, part)),
    ...objects.flatMap(({ dictionary }) => dictionaryFaults(dictionary)),
    ...meaningFaults(file, objects, metadataOf(file, catalog)),
    ...structureFaults(file, catalog),
  ];
}

/** Names of the fonts of a paper. */
export function fontsOf(bytes: Buffer): string[] {
  const file = readPdf(bytes);
  const names = [...file.offsets.keys()].flatMap(
    (id) => /\/Subtype\s*\/Type0[\s\S]*?\/BaseFont \/(\S+)/.exec(objectOf(file, id).dictionary)?.[1] ?? [],
  );
  return [...new Set(names)];
}

function headerFaults({ bytes, trailer }: PdfFile): string[] {
  const faults: string[] = [];
  if (!/^%PDF-1\.[0-7][\r\n]/.test(bytes.toString('latin1', 0, 9)))
    faults.push('6.1.2: the header is not %PDF-1.n');
  // A comment of at least four bytes above 127 follows, so that nobody takes the file for text.
  const second = bytes.subarray(bytes.indexOf(0x0a) + 1, bytes.indexOf(0x0a) + 6);
  if (second[0] !== 0x25 || second.subarray(1).some((byte) => byte < 128))
    faults.push('6.1.2: the second line is no comment of four high bytes');
  if (!/\/ID\s*\[/.test(trailer)) faults.push('6.1.3: the trailer has no ID');
  if (/\/Encrypt/.test(trailer)) faults.push('6.1.3: the file is encrypted');
  return faults;
}

function catalogFaults(file: PdfFile, catalog: string, part: 2 | 3): string[] {
  const faults: string[] = [];
  const list = referenceIn(catalog, 'OutputIntents');
  const intents = list === null ? catalog : objectOf(file, list).dictionary;
  const intent = [...intents.matchAll(/(\d+) 0 R/g)]
    .map(([, id]) => objectOf(file, Number(id)).dictionary)
    .find((each) => /\/S \/GTS_PDFA1/.test(each));
  if (!intent) faults.push('6.2.3: no output intent GTS_PDFA1');
  else {
    const profile = referenceIn(intent, 'DestOutputProfile');
    const icc = profile === null ? null : unpacked(objectOf(file, profile));
    if (icc?.toString('latin1', 36, 40) !== 'acsp')
      faults.push('6.2.3: the output intent has no ICC profile');
  }
  if (!/\/Lang \(?[a-z]{2}/.test(catalog)) faults.push('14.9.2: the document does not name its language');
  if (/\/(AA|OpenAction|AcroForm.*XFA)\b/.test(catalog))
    faults.push('6.5: the document acts when it is opened');
  if (part === 3 && !/\/AF\b/.test(catalog))
    faults.push('19005-3 6.8: attached files stand in no /AF of the document');
  return faults;
}

/** '' when there are none, or they are packed. */
function metadataOf(file: PdfFile, catalog: string): string {
  const id = referenceIn(catalog, 'Metadata');
  const found = id === null ? null : objectOf(file, id);
  return found?.stream && !/\/Filter/.test(found.dictionary) ? found.stream.toString('utf8') : '';
}

function metadataFaults(file: PdfFile, catalog: string, part: 2 | 3): string[] {
  const id = referenceIn(catalog, 'Metadata');
  if (id === null) return ['6.6.2: no XMP metadata'];
  const { dictionary, stream } = objectOf(file, id);
  if (/\/Filter/.test(dictionary)) return ['6.6.2: the XMP metadata are packed'];
  const xmp = stream!.toString('utf8');
  const said = (name: string) => new RegExp(`${name}(?:>|=")([^<"]+)`).exec(xmp)?.[1];
  const faults: string[] = [];
  if (said('pdfaid:part') !== String(part))
    faults.push(`6.6.4: pdfaid:part is ${said('pdfaid:part')}, not ${part}`);
  if (!['A', 'B', 'U'].includes(said('pdfaid:conformance') ?? ''))
    faults.push('6.6.4: no pdfaid:conformance');
  if (!/<dc:title>/.test(xmp)) faults.push('6.6.2: the metadata have no title');
  if (!/<\?xpacket begin=[\s\S]*<\?xpacket end=["'][rw]["']\?>\s*$/.test(xmp))
    faults.push('6.6.2: the metadata stand in no packet');
  const info = referenceIn(file.trailer, 'Info');
  const created =
    info === null ? null : /\/CreationDate \(D:(\d{14})/.exec(objectOf(file, info).dictionary)?.[1];
  const stated = said('xmp:CreateDate')?.replaceAll(/\D/g, '').slice(0, 14);
  if (created && created !== stated) faults.push(`6.6.3: created ${created} by Info, ${stated} by XMP`);
  return faults;
}

function fontFaults(file: PdfFile, objects: readonly PdfObject[]): string[] {
  const faults: string[] = [];
  for (const { dictionary } of objects) {
    if (!/\/Type\s*\/Font(?![A-Za-z])/.test(dictionary)) continue;
    const name = /\/BaseFont \/(\S+)/.exec(dictionary)?.[1] ?? 'without a name';
    if (/\/Subtype\s*\/Type0/.test(dictionary)) {
      if (referenceIn(dictionary, 'ToUnicode') === null)
        faults.push(`6.2.11.7: font ${name} has no ToUnicode`);
      continue;
    }
    if (/\/Subtype\s*\/Type3/.test(dictionary)) continue;
    const descriptor = referenceIn(dictionary, 'FontDescriptor');
    const described = descriptor === null ? '' : objectOf(file, descriptor).dictionary;
    const embedded = /\/FontFile[23]? (\d+) 0 R/.exec(described)?.[1];
    if (embedded === undefined) faults.push(`6.2.11.4: font ${name} is not embedded`);
    else unpacked(objectOf(file, Number(embedded)));
  }
  return faults;
}

/** Names that no file of the kind may hold (6.1.7, 6.2.4, 6.2.8, 6.4, 6.5, 6.7). */
const FORBIDDEN: readonly [pattern: RegExp, clause: string][] = [
  [/\/LZWDecode\b/, '6.1.7.2: LZW compression'],
  [
    /\/S\s*\/(JavaScript|Launch|Sound|Movie|ResetForm|ImportData|Hide|SetOCGState|Rendition|Trans|GoTo3DView)\b/,
    '6.5.1: an action that is not allowed',
  ],
  [/\/JS\b/, '6.5.1: JavaScript'],
  [/\/Interpolate true/, '6.2.8: an interpolated picture'],
  [/\/(OPI|Alternates)\b/, '6.2.8: an alternate picture'],
  [/\/Subtype\s*\/PS\b/, '6.2.9: PostScript'],
  [/\/Type\s*\/ExtGState\b[\s\S]*\/TR2?\s+(?!\/Default|\/Identity)/, '6.2.5: a transfer function'],
  [
    /\/BM\s*\/(?!Normal|Compatible|Multiply|Screen|Overlay|Darken|Lighten|ColorDodge|ColorBurn|HardLight|SoftLight|Difference|Exclusion|Hue|Saturation|Color|Luminosity)/,
    '6.2.10: a blend mode that is not allowed',
  ],
  [/\/Subtype\s*\/(3D|Sound|Screen|Movie)\b/, '6.3.1: an annotation that is not allowed'],
  [/\/F\s*\(.*\)\s*\/FFilter/, '6.1.7.1: a stream outside of the file'],
];

function objectFaults({ dictionary }: PdfObject, part: 2 | 3): string[] {
  const faults = FORBIDDEN.filter(([pattern]) => pattern.test(dictionary)).map(([, fault]) => fault);
  if (/\/EmbeddedFile\b/.test(dictionary) && part === 2)
    faults.push('6.8: an attached file that is no PDF/A');
  if (/\/Type\s*\/Filespec\b/.test(dictionary) && !/\/AFRelationship\b/.test(dictionary))
    faults.push('19005-3 6.8: an attached file without its relationship');
  return faults;
}

function unpacked({ dictionary, stream }: PdfObject): Buffer {
  return /FlateDecode/.test(dictionary) ? inflateSync(stream!) : stream!;
}
