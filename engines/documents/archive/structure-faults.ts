/** The finer rules of ISO 19005-2 about streams, limits, fonts' maps, colours and the logical structure of a file. Pure. */
import { inflateSync } from 'node:zlib';
import { objectOf, type PdfFile, type PdfObject, referenceIn } from './pdf-file.ts';

/** Empty = nothing found. Each fault names the clause. */
export function structureFaults(file: PdfFile, catalog: string): string[] {
  const objects = [...file.offsets.keys()].map((id) => ({ id, ...objectOf(file, id) }));
  return [
    ...endFaults(file),
    ...tagFaults(file, catalog),
    ...objects.flatMap((object) => [
      ...streamFaults(file, object),
      ...limitFaults(object),
      ...colourFaults(object),
      ...fontMapFaults(file, object),
    ]),
  ];
}

function endFaults({ bytes, trailer }: PdfFile): string[] {
  const faults: string[] = [];
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - 16));
  if (!/%%EOF(\r\n|\r|\n)?$/.test(tail)) faults.push('6.1.3: something follows the end of the file');
  const ids = /\/ID\s*\[\s*(\([^)]*\)|<[^>]*>)\s*(\([^)]*\)|<[^>]*>)\s*\]/.exec(trailer);
  if (!ids) faults.push('6.1.3: the ID of the trailer is not two strings');
  return faults;
}

/** Logical structure (ISO 32000-1, 14.7, 14.8): what a reader aloud needs; asked for by this house above level b. */
function tagFaults(file: PdfFile, catalog: string): string[] {
  const faults: string[] = [];
  const mark = referenceIn(catalog, 'MarkInfo');
  const info = mark === null ? catalog : objectOf(file, mark).dictionary;
  if (!/\/Marked true/.test(info)) faults.push('14.7.1: the document is not marked as tagged');
  if (referenceIn(catalog, 'StructTreeRoot') === null)
    faults.push('14.7.2: the document has no structure tree');
  return faults;
}

type Numbered = PdfObject & { id: number };

/** The stated length is that of the bytes (6.1.7.1). */
function streamFaults(file: PdfFile, { id, stream }: Numbered): string[] {
  if (stream === null) return [];
  const after = stream.byteOffset - file.bytes.byteOffset + stream.length;
  const next = file.bytes.toString('latin1', after, after + 11);
  return /^(\r\n|\r|\n)?endstream/.test(next) ? [] : [`6.1.7.1: the length of stream ${id} is wrong`];
}

/** ISO 32000-1, annex C, as 6.1.13 asks for it. */
const LONGEST_NAME = 127;
const LONGEST_STRING = 32_767;
const LARGEST_INTEGER = 2_147_483_647;

function limitFaults({ id, dictionary }: Numbered): string[] {
  const faults: string[] = [];
  const bare = dictionary.replaceAll(/\((?:\\.|[^\\)])*\)/gs, (text) => {
    if (text.length - 2 > LONGEST_STRING) faults.push(`6.1.13: object ${id} has too long a string`);
    return '()';
  });
  if ([...bare.matchAll(/\/([^\s/<>[\]()]+)/g)].some(([, name]) => name!.length > LONGEST_NAME))
    faults.push(`6.1.13: object ${id} has too long a name`);
  if (
    [...bare.matchAll(/(?<![\w.])-?\d{10,}(?![\w.])/g)].some(
      ([one]) => Math.abs(Number(one)) > LARGEST_INTEGER,
    )
  )
    faults.push(`6.1.13: object ${id} has too large a whole number`);
  return faults;
}

/** The output intent is of RGB: colours of a printing press have no meaning (6.2.4.3). */
function colourFaults({ id, dictionary }: Numbered): string[] {
  return /\/DeviceCMYK\b/.test(dictionary) ? [`6.2.4.3: object ${id} uses DeviceCMYK`] : [];
}

/** 6.2.11.3.2: a map of CIDs to glyphs; 6.2.11.7.2: a Unicode value for every glyph that is one. */
function fontMapFaults(file: PdfFile, { id, dictionary }: Numbered): string[] {
  const faults: string[] = [];
  if (/\/Subtype\s*\/CIDFontType2/.test(dictionary) && !/\/CIDToGIDMap (\/Identity|\d+ 0 R)/.test(dictionary))
    faults.push(`6.2.11.3.2: font ${id} has no map of its glyphs`);
  const map = /\/Type\s*\/Font(?![A-Za-z])/.test(dictionary) ? referenceIn(dictionary, 'ToUnicode') : null;
  if (map === null) return faults;
  const { dictionary: how, stream } = objectOf(file, map);
  const text = (/FlateDecode/.test(how) ? inflateSync(stream!) : stream!).toString('latin1');
  const values = [...text.matchAll(/^<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>/gm)].map(([, value]) => value!);
  if (values.length === 0) faults.push(`6.2.11.7.2: the Unicode map of font ${id} is empty`);
  if (values.some((value) => /^(0000|FEFF|FFFE)/i.test(value)))
    faults.push(`6.2.11.7.2: font ${id} maps a glyph to U+0000, U+FEFF or U+FFFE`);
  return faults;
}
