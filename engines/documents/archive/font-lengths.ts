/** What the compiler leaves out of a PDF: the unpacked length of each embedded font (ISO 32000-1, 9.9, table 127). Pure. */
import { inflateSync } from 'node:zlib';
import { objectOf, type PdfFile, readPdf } from './pdf-file.ts';

/**
 * The same file with `/Length1` in the dictionary of every font program that has none, and its table of places renewed.
 * @param bytes of the compiler, with one table; others come back as they are
 * @throws RangeError for what is no PDF
 */
export function withFontLengths(bytes: Buffer): Buffer {
  const file = readPdf(bytes);
  if (/\/Prev\b/.test(file.trailer)) return bytes;
  const added = additionsTo(file);
  if (added.size === 0) return bytes;
  const pieces: Buffer[] = [];
  let from = 0;
  for (const [at, text] of [...added].sort(([a], [b]) => a - b)) {
    pieces.push(bytes.subarray(from, at), Buffer.from(text, 'latin1'));
    from = at;
  }
  const moved = (place: number): number =>
    [...added].reduce((sum, [at, text]) => (at < place ? sum + text.length : sum), place);
  pieces.push(bytes.subarray(from, file.startxref), Buffer.from(tableOf(file, moved), 'latin1'));
  return Buffer.concat(pieces);
}

/** What is written where: behind the opening of the dictionary. */
function additionsTo(file: PdfFile): Map<number, string> {
  const added = new Map<number, string>();
  for (const id of file.offsets.keys()) {
    const program = /\/FontFile2 (\d+) 0 R/.exec(objectOf(file, id).dictionary)?.[1];
    if (program === undefined) continue;
    const { dictionary, stream } = objectOf(file, Number(program));
    if (stream === null || /\/Length1\b/.test(dictionary)) continue;
    const isPacked = /\/FlateDecode\b/.test(dictionary);
    const length = isPacked ? inflateSync(stream).length : stream.length;
    added.set(file.bytes.indexOf('<<', file.offsets.get(Number(program))) + 2, `\n  /Length1 ${length}`);
  }
  return added;
}

/** Table, trailer and end of the file, with every place where it is now. Entries keep their twenty bytes. */
function tableOf({ bytes, startxref }: PdfFile, moved: (place: number) => number): string {
  return bytes
    .toString('latin1', startxref)
    .replaceAll(/(?<=[\r\n])(\d{10})(?= \d{5} n)/g, (place) => String(moved(Number(place))).padStart(10, '0'))
    .replace(/(?<=startxref\s+)\d+/, String(moved(startxref)));
}
