/**
 * A stamp laid over every page of a PDF by an incremental update (ISO 32000-1, 7.5.6): the bytes of the original stand
 * unaltered at the front, so that their hash and any signature over them go on to hold; only new objects follow. Pure.
 */
import { createHash } from 'node:crypto';
import { need, objectOf, type PdfFile, pagesOf, readPdf, referenceIn } from './pdf-file.ts';

/** Name of the stamp among the pictures of a page: its own, so that a stamped paper can be stamped again. */
const nameOf = (form: number) => `YbaStamp${form}`;

/** Objects that are appended, by their number. */
type Added = Map<number, Buffer>;

/**
 * @param original what is stamped
 * @param stamp a PDF with a page for each page of the original, of the same size, without tags
 * @returns the original, followed by the update
 * @throws RangeError when one of them is no PDF of the typesetter, or their pages do not fit
 */
export function stampPdf(original: Buffer, stamp: Buffer): Buffer {
  const under = readPdf(original);
  const over = readPdf(stamp);
  const [pages, stamps] = [pagesOf(under), pagesOf(over)];
  if (pages.length !== stamps.length)
    throw new RangeError(`The stamp has ${stamps.length} pages for ${pages.length}.`);
  const added: Added = new Map();
  const first = Math.max(...under.offsets.keys()) + 1;
  const numbers = new Map<number, number>();
  let next = first;
  const take = () => next++;
  const save = take();
  added.set(save, streamObject('', Buffer.from('q\n')));
  for (const [at, page] of pages.entries()) {
    const [form, restore] = [take(), take()];
    added.set(restore, streamObject('', Buffer.from(`\nQ /Artifact BMC q /${nameOf(form)} Do Q EMC\n`)));
    added.set(
      form,
      formOf(over, stamps[at]!, (id) => imported(over, id, { added, numbers, take })),
    );
    added.set(page, Buffer.from(stampedPage(under, page, { save, restore, form }), 'latin1'));
  }
  return Buffer.concat([original, updateOf(under, added, next)]);
}

/** The stamp's page as a picture that is drawn: a form XObject (8.10). */
function formOf(file: PdfFile, page: number, renumber: (id: number) => number): Buffer {
  const { dictionary } = objectOf(file, page);
  const content = objectOf(file, need(referenceIn(dictionary, 'Contents'), 'content'));
  const box = need(/\/MediaBox (\[[^\]]*\])/.exec(dictionary)?.[1] ?? null, 'page size');
  const resources = references(resourcesOf(file, dictionary), renumber);
  const packed = /FlateDecode/.test(content.dictionary) ? ' /Filter /FlateDecode' : '';
  const entries = `/Type /XObject /Subtype /Form /BBox ${box} /Resources ${resources}${packed}`;
  return streamObject(entries, content.stream!);
}

function imported(
  file: PdfFile,
  id: number,
  copy: { added: Added; numbers: Map<number, number>; take(): number },
): number {
  const known = copy.numbers.get(id);
  if (known !== undefined) return known;
  const number = copy.take();
  copy.numbers.set(id, number);
  const { dictionary, stream } = objectOf(file, id);
  const text = references(dictionary, (each) => imported(file, each, copy));
  copy.added.set(
    number,
    stream === null
      ? Buffer.from(text, 'latin1')
      : Buffer.concat([Buffer.from(`${text}\nstream\n`, 'latin1'), stream, Buffer.from('\nendstream')]),
  );
  return number;
}

/** The page with what it drew kept apart, then the stamp, outside of the reading order (14.8.2.2: an artifact). */
function stampedPage(
  file: PdfFile,
  id: number,
  parts: { save: number; restore: number; form: number },
): string {
  const { dictionary } = objectOf(file, id);
  const contents = /\/Contents (\[[^\]]*\]|\d+ 0 R)/.exec(dictionary);
  if (!contents) throw new RangeError(`Page ${id} of the PDF draws nothing.`);
  const drawn = contents[1]!.replace(/^\[|\]$/g, '');
  const resources = resourcesOf(file, dictionary);
  const entry = `/${nameOf(parts.form)} ${parts.form} 0 R`;
  const more = /\/XObject\s*<</.test(resources)
    ? resources.replace(/\/XObject\s*<</, (found) => `${found} ${entry}`)
    : resources.replace('<<', `<< /XObject << ${entry} >>`);
  return withResources(dictionary, more).replace(
    contents[0],
    `/Contents [${parts.save} 0 R ${drawn} ${parts.restore} 0 R]`,
  );
}

/** The resources of a page, written in place or behind a reference, as text. */
function resourcesOf(file: PdfFile, page: string): string {
  const reference = referenceIn(page, 'Resources');
  if (reference !== null) return objectOf(file, reference).dictionary;
  const [from, to] = resourcesAt(page);
  return page.slice(from, to);
}

function withResources(page: string, resources: string): string {
  if (referenceIn(page, 'Resources') !== null)
    return page.replace(/\/Resources \d+ 0 R/, `/Resources ${resources}`);
  const [from, to] = resourcesAt(page);
  return page.slice(0, from) + resources + page.slice(to);
}

/** From the opening of the dictionary to behind its end. */
function resourcesAt(page: string): [number, number] {
  const key = /\/Resources\s*/.exec(page);
  const from = key ? key.index + key[0].length : -1;
  let depth = 0;
  for (let at = from; at >= 0 && at < page.length; at += 1) {
    if (page.startsWith('<<', at)) depth += 1;
    else if (page.startsWith('>>', at)) depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return [from, at + 1];
  }
  throw new RangeError('A page of the PDF has no resources.');
}

const references = (text: string, renumber: (id: number) => number): string =>
  text.replaceAll(/\b(\d+) 0 R\b/g, (_, id: string) => `${renumber(Number(id))} 0 R`);

function streamObject(entries: string, stream: Buffer): Buffer {
  const head = `<< ${entries} /Length ${stream.length} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), stream, Buffer.from('\nendstream')]);
}

/** The new objects, their table and a trailer that leads to the table before. */
function updateOf(file: PdfFile, added: Added, size: number): Buffer {
  const pieces: Buffer[] = [Buffer.from('\n')];
  let at = file.bytes.length + 1;
  const lines: string[] = ['xref'];
  for (const [id, body] of [...added].sort(([a], [b]) => a - b)) {
    const piece = Buffer.concat([Buffer.from(`${id} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    lines.push(`${id} 1`, `${String(at).padStart(10, '0')} 00000 n `);
    pieces.push(piece);
    at += piece.length;
  }
  const digest = createHash('sha256').update(Buffer.concat(pieces)).digest('hex').slice(0, 32).toUpperCase();
  const kept = ['Root', 'Info'].flatMap((key) => {
    const id = referenceIn(file.trailer, key);
    return id === null ? [] : [`/${key} ${id} 0 R`];
  });
  const trailer = `<< /Size ${size} ${kept.join(' ')} /ID [${firstIdOf(file)} <${digest}>] /Prev ${file.startxref} >>`;
  return Buffer.concat([
    ...pieces,
    Buffer.from(`${lines.join('\n')}\ntrailer\n${trailer}\nstartxref\n${at}\n%%EOF\n`, 'latin1'),
  ]);
}

/** The identity of the first version stays (14.4). */
function firstIdOf({ trailer }: PdfFile): string {
  return need(/\/ID\s*\[\s*(<[^>]*>|\((?:\\.|[^\\)])*\))/s.exec(trailer)?.[1] ?? null, 'identity');
}
