/** ISO 19005-2, 6.2.11: fonts of a file against the codes that are drawn with them. Pure. */
import { PDFArray, type PDFDict, PDFName, type PDFNumber } from 'pdf-lib';
import { type Archived, decoded } from './document.testing.ts';
import type { Drawn } from './drawing.testing.ts';
import { readTrueType, type TrueType } from './truetype.testing.ts';

/** Widths in a PDF are in thousandths; 6.2.11.5 allows a difference of one. */
const NEAR = 1;

export interface FontUse {
  name: string;
  /** Codes that are drawn. */
  used: ReadonlySet<number>;
  /** By code. */
  unicode: ReadonlyMap<number, string>;
  faults: string[];
}

/** Each font of a file, whether it is drawn with or not. */
export function fontUses(file: Archived, drawn: readonly Drawn[]): Map<PDFDict, FontUse> {
  const uses = new Map<PDFDict, FontUse>();
  const used = new Map<PDFDict, Set<number>>();
  for (const { font, codes } of drawn.flatMap(({ runs }) => runs)) {
    const codesOf = used.get(font) ?? new Set();
    used.set(font, codesOf);
    for (const code of codes) codesOf.add(code);
  }
  for (const dictionary of file.dictionaries()) {
    if (file.name(dictionary, 'Type') !== 'Font' || file.name(dictionary, 'Subtype').startsWith('CIDFont'))
      continue;
    uses.set(dictionary, fontUse(file, dictionary, used.get(dictionary) ?? new Set()));
  }
  for (const font of used.keys())
    if (!uses.has(font))
      uses.set(font, {
        name: '',
        used: new Set(),
        unicode: new Map(),
        faults: ['6.2.11.2: text is drawn with what is no font'],
      });
  return uses;
}

function fontUse(file: Archived, font: PDFDict, used: ReadonlySet<number>): FontUse {
  const name = file.name(font, 'BaseFont');
  const faults: string[] = [];
  const say = (fault: string) => faults.push(`${fault} (${name})`);
  // This house draws with composite fonts alone: Vietnamese does not fit into 256 codes.
  if (file.name(font, 'Subtype') !== 'Type0') say(`6.2.11.2: a font of kind ${file.name(font, 'Subtype')}`);
  const encoding = file.name(font, 'Encoding');
  if (encoding !== 'Identity-H' && encoding !== 'Identity-V')
    say('6.2.11.3.3: a map of codes that is not Identity and not embedded');
  const [inner] = file.list(font.get(PDFName.of('DescendantFonts')));
  const cid = file.dictionary(inner);
  const unicode = unicodeOf(file, font, say);
  if (cid === null) say('6.2.11.3: a composite font without its inner one');
  else cidFaults(file, { name, cid, used }, say);
  for (const code of used) {
    if (code === 0) say('6.2.11.8: the glyph .notdef is drawn');
    const value = unicode.get(code);
    if (value === undefined || value === '') say(`6.2.11.7.2: code ${code} has no Unicode value`);
    else if (/[\0\ufeff\ufffe\ufffd]/.test(value))
      say(`6.2.11.7.2: code ${code} is U+0000, U+FEFF, U+FFFE or U+FFFD`);
    else if (/\p{Co}/u.test(value)) say(`6.2.11.7.3: code ${code} is for private use`);
  }
  return { name, used, unicode, faults };
}

interface Inner {
  name: string;
  cid: PDFDict;
  used: ReadonlySet<number>;
}

function cidFaults(file: Archived, { name, cid, used }: Inner, say: (fault: string) => void): void {
  const descriptor = file.under(cid, 'FontDescriptor');
  const names = [file.name(cid, 'BaseFont'), descriptor === null ? '' : file.name(descriptor, 'FontName')];
  if (names.some((each) => each !== name)) say(`6.2.11.2: the font is called ${names.join(' and ')}, too`);
  if (!/^[A-Z]{6}\+./.test(name)) say('6.2.11.4.2: a subset without its six letters');
  const system = file.under(cid, 'CIDSystemInfo');
  if (system === null || file.text(system, 'Registry') === null || file.text(system, 'Ordering') === null)
    say('6.2.11.3.1: no CIDSystemInfo');
  if (file.name(cid, 'Subtype') !== 'CIDFontType2' || file.name(cid, 'CIDToGIDMap') !== 'Identity')
    say('6.2.11.3.2: codes are no glyphs by an identical map');
  const program = descriptor === null ? null : file.stream(descriptor.get(PDFName.of('FontFile2')));
  if (program === null || descriptor === null) {
    say('6.2.11.4.1: the font is not embedded');
    return;
  }
  let face: TrueType;
  try {
    face = readTrueType(decoded(program));
  } catch (error) {
    say(`6.2.11.4.1: the embedded font cannot be read, ${(error as Error).message}`);
    return;
  }
  const length = file.number(program.dict, 'Length1');
  if (length !== decoded(program).length)
    say(`9.9: /Length1 is ${length}, and the font ${decoded(program).length} bytes long`);
  const widths = widthsOf(file, cid);
  for (const code of used) {
    if (code >= face.glyphs) say(`6.2.11.4.1: glyph ${code} is not in the embedded font`);
    else if (Math.abs((widths.get(code) ?? file.number(cid, 'DW') ?? 1000) - face.advance(code)) > NEAR)
      say(`6.2.11.5: glyph ${code} is said to be ${widths.get(code)} wide and is ${face.advance(code)}`);
  }
  cidSetFaults(file, descriptor, face, say);
}

/** 6.2.11.4.2: a CIDSet, where there is one, names every glyph of the font and no other. */
function cidSetFaults(
  file: Archived,
  descriptor: PDFDict,
  face: TrueType,
  say: (fault: string) => void,
): void {
  const stream = file.stream(descriptor.get(PDFName.of('CIDSet')));
  if (stream === null) return;
  const bits = decoded(stream);
  const has = (glyph: number) => ((bits[glyph >> 3] ?? 0) & (0x80 >> (glyph & 7))) !== 0;
  const missing = Array.from({ length: face.glyphs }, (_, glyph) => glyph).filter((glyph) => !has(glyph));
  const more = Array.from(
    { length: bits.length * 8 - face.glyphs },
    (_, index) => face.glyphs + index,
  ).filter(has);
  if (missing.length > 0) say(`6.2.11.4.2: the CIDSet lacks ${missing.length} of ${face.glyphs} glyphs`);
  if (more.length > 0) say(`6.2.11.4.2: the CIDSet names ${more.length} glyphs that the font has not`);
}

/** ISO 32000-1, 9.7.4.3: `c [w …]` and `first last w`. */
function widthsOf(file: Archived, cid: PDFDict): Map<number, number> {
  const widths = new Map<number, number>();
  const items = file.list(cid.get(PDFName.of('W')));
  const number = (at: number) => (items[at] as PDFNumber).asNumber();
  for (let at = 0; at < items.length; ) {
    const second = items[at + 1];
    if (second instanceof PDFArray) {
      for (const [index, width] of second.asArray().entries())
        widths.set(number(at) + index, (width as PDFNumber).asNumber());
      at += 2;
    } else {
      for (let code = number(at); code <= number(at + 1); code += 1) widths.set(code, number(at + 2));
      at += 3;
    }
  }
  return widths;
}

const utf16 = (digits: string) => Buffer.from(digits, 'hex').swap16().toString('utf16le');

/** 9.10.3: the text that codes stand for. */
function unicodeOf(file: Archived, font: PDFDict, say: (fault: string) => void): Map<number, string> {
  const map = new Map<number, string>();
  const stream = file.stream(font.get(PDFName.of('ToUnicode')));
  if (stream === null) {
    say('6.2.11.7.2: no ToUnicode');
    return map;
  }
  const text = decoded(stream).toString('latin1');
  const limits = [...text.matchAll(/(\d+) begin(bfchar|bfrange)([\s\S]*?)end\2/g)];
  for (const [, said, kind, block] of limits) {
    const lines = [
      ...block!.matchAll(
        kind === 'bfchar'
          ? /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>/g
          : /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g,
      ),
    ];
    if (lines.length !== Number(said)) say(`9.10.3: a block of ${said} mappings holds ${lines.length}`);
    if (lines.length > 100) say('9.10.3: a block of more than 100 mappings');
    for (const [, first, second, third] of lines) {
      if (third === undefined) map.set(Number.parseInt(first!, 16), utf16(second!));
      else
        for (let code = Number.parseInt(first!, 16); code <= Number.parseInt(second!, 16); code += 1)
          map.set(
            code,
            String.fromCodePoint(utf16(third).codePointAt(0)! + code - Number.parseInt(first!, 16)),
          );
    }
  }
  return map;
}
