/**
 * The objects of a PDF file by its cross-reference tables (ISO 32000-1, 7.5.4), newest update first. Reads what the
 * typesetter and stamp.ts write: tables, no cross-reference streams; one generation.
 */

export interface PdfFile {
  bytes: Buffer;
  /** Where each object begins, newest update wins. */
  offsets: ReadonlyMap<number, number>;
  /** The newest trailer dictionary, as written. */
  trailer: string;
  /** Place of the newest cross-reference table. */
  startxref: number;
}

/** @throws RangeError for what is no PDF of this form */
export function readPdf(bytes: Buffer): PdfFile {
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - 1024));
  const startxref = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)?.[1] ?? Number.NaN);
  if (!Number.isInteger(startxref)) throw new RangeError('The PDF does not end with the place of its table.');
  const offsets = new Map<number, number>();
  let trailer = '';
  let at: number | null = startxref;
  const seen = new Set<number>();
  while (at !== null) {
    if (seen.has(at)) throw new RangeError('The tables of the PDF lead in a circle.');
    seen.add(at);
    const section = readSection(bytes, at);
    trailer ||= section.trailer;
    for (const [id, offset] of section.offsets) if (!offsets.has(id)) offsets.set(id, offset);
    const before = /\/Prev (\d+)/.exec(section.trailer)?.[1];
    at = before === undefined ? null : Number(before);
  }
  return { bytes, offsets, trailer, startxref };
}

function readSection(bytes: Buffer, at: number): { offsets: Map<number, number>; trailer: string } {
  const end = bytes.indexOf('startxref', at, 'latin1');
  const text = bytes.toString('latin1', at, end < 0 ? bytes.length : end);
  const [table = '', trailer] = text.split('trailer', 2);
  if (!table.startsWith('xref') || trailer === undefined)
    throw new RangeError('The PDF has no table at the place that it names.');
  const offsets = new Map<number, number>();
  let next = 0;
  for (const line of table.split(/\r?\n|\r/).slice(1)) {
    const [, first] = /^(\d+) \d+\s*$/.exec(line) ?? [];
    if (first !== undefined) next = Number(first);
    const [, offset, kind] = /^(\d{10}) \d{5} ([nf])/.exec(line) ?? [];
    if (kind === undefined) continue;
    if (kind === 'n') offsets.set(next, Number(offset));
    next += 1;
  }
  return { offsets, trailer };
}

export interface PdfObject {
  /** What stands before the stream. */
  dictionary: string;
  /** As it is in the file; null for an object without a stream. */
  stream: Buffer | null;
}

/** @throws RangeError for an object that is not there */
export function objectOf(file: PdfFile, id: number): PdfObject {
  const offset = file.offsets.get(id);
  const head = offset === undefined ? '' : file.bytes.toString('latin1', offset, offset + 24);
  const opening = new RegExp(`^\\s*${id} 0 obj\\s*`).exec(head)?.[0];
  if (offset === undefined || opening === undefined) throw new RangeError(`The PDF has no object ${id}.`);
  const from = offset + opening.length;
  const end = file.bytes.indexOf('endobj', from, 'latin1');
  const text = file.bytes.toString('latin1', from, end);
  const stream = /stream\r?\n/.exec(text);
  if (!stream) return { dictionary: text.trim(), stream: null };
  const dictionary = text.slice(0, stream.index);
  const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1]);
  const begins = from + stream.index + stream[0].length;
  return { dictionary: dictionary.trim(), stream: file.bytes.subarray(begins, begins + length) };
}

/** Number of the object that a key of a dictionary refers to. */
export function referenceIn(dictionary: string, key: string): number | null {
  const found = new RegExp(`/${key} (\\d+) 0 R`).exec(dictionary)?.[1];
  return found === undefined ? null : Number(found);
}

/** Objects of the pages in their order. */
export function pagesOf(file: PdfFile): number[] {
  const catalog = objectOf(file, need(referenceIn(file.trailer, 'Root'), 'catalog')).dictionary;
  return kidsOf(file, need(referenceIn(catalog, 'Pages'), 'page tree'));
}

function kidsOf(file: PdfFile, id: number): number[] {
  const { dictionary } = objectOf(file, id);
  if (!/\/Type\s*\/Pages/.test(dictionary)) return [id];
  const kids = /\/Kids\s*\[([^\]]*)\]/.exec(dictionary)?.[1] ?? '';
  return [...kids.matchAll(/(\d+) 0 R/g)].flatMap(([, kid]) => kidsOf(file, Number(kid)));
}

/** Width and height of every page in points (1/72 inch). */
export function pageSizes(bytes: Buffer): { width: number; height: number }[] {
  const file = readPdf(bytes);
  return pagesOf(file).map((id) => {
    const box = /\/MediaBox\s*\[([^\]]*)\]/.exec(objectOf(file, id).dictionary)?.[1];
    const [left = 0, bottom = 0, right = 0, top = 0] = need(box ?? null, 'page size')
      .trim()
      .split(/\s+/)
      .map(Number);
    return { width: right - left, height: top - bottom };
  });
}

export function need<T>(value: T | null, what: string): T {
  if (value === null) throw new RangeError(`The PDF has no ${what}.`);
  return value;
}
