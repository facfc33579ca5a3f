/** ISO 19005-2, 6.2 to 6.5 and 6.8 to 6.11: colours, graphics, annotations, forms, actions, attached files, layers. Pure. */
import { PDFArray, PDFBool, type PDFDict, PDFName, type PDFNumber, PDFRawStream, PDFString } from 'pdf-lib';
import { type Archived, decoded, keysOf } from './document.testing.ts';

/** Empty = nothing found. Each fault names the clause. */
export function graphicsFaults(file: Archived, part: 2 | 3): string[] {
  return [
    ...intentFaults(file),
    ...colourFaults(file),
    ...file
      .dictionaries()
      .flatMap((each) => [
        ...stateFaults(file, each),
        ...imageFaults(file, each),
        ...actionFaults(file, each),
        ...annotationFaults(file, each),
        ...attachedFaults(file, each, part),
      ]),
    ...file.streams().flatMap((stream) => streamFaults(file, stream)),
    ...catalogFaults(file, part),
    ...pageFaults(file),
  ];
}

interface Profile {
  colours: number;
  space: string;
}

const COLOURS: Readonly<Record<string, number>> = { GRAY: 1, 'RGB ': 3, 'Lab ': 3, CMYK: 4 };

/** The head of an ICC profile (ICC.1:2010, 7.2), against what its stream says of it. */
function profileOf(
  file: Archived,
  stream: PDFRawStream | null,
  clause: string,
  faults: string[],
): Profile | null {
  const icc = stream === null ? null : decoded(stream);
  if (icc === null || icc.length < 132 || icc.toString('latin1', 36, 40) !== 'acsp') {
    faults.push(`${clause}: no ICC profile`);
    return null;
  }
  const space = icc.toString('latin1', 16, 20);
  const kind = icc.toString('latin1', 12, 16);
  if (icc.readUInt32BE(0) !== icc.length) faults.push(`${clause}: the ICC profile is not as long as it says`);
  if (icc[8]! > 4) faults.push(`${clause}: an ICC profile of version ${icc[8]}`);
  if (!['prtr', 'mntr', 'scnr', 'spac'].includes(kind))
    faults.push(`${clause}: an ICC profile of class ${kind}`);
  if (file.number(stream!.dict, 'N') !== COLOURS[space])
    faults.push(`${clause}: /N is not the number of colours of ${space}`);
  for (let index = 0; index < icc.readUInt32BE(128); index += 1) {
    const at = 132 + index * 12;
    const isWithin =
      at + 12 <= icc.length && icc.readUInt32BE(at + 4) + icc.readUInt32BE(at + 8) <= icc.length;
    if (!isWithin) {
      faults.push(`${clause}: a part of the ICC profile lies beyond its end`);
      break;
    }
  }
  return { colours: COLOURS[space] ?? 0, space };
}

function intentFaults(file: Archived): string[] {
  const faults: string[] = [];
  const intents = file
    .list(file.catalog().get(PDFName.of('OutputIntents')))
    .flatMap((each) => file.dictionary(each) ?? []);
  const ours = intents.filter((each) => file.name(each, 'S') === 'GTS_PDFA1');
  if (ours.length !== 1) faults.push(`6.2.3: ${ours.length} output intents GTS_PDFA1`);
  if (new Set(intents.map((each) => String(each.get(PDFName.of('DestOutputProfile'))))).size > 1)
    faults.push('6.2.3: output intents of different profiles');
  for (const each of ours) {
    if (each.has(PDFName.of('DestOutputProfileRef'))) faults.push('6.2.3: a profile that lies elsewhere');
    if (file.text(each, 'OutputConditionIdentifier') === null)
      faults.push('6.2.3: an intent without its identifier');
    const profile = profileOf(file, file.stream(each.get(PDFName.of('DestOutputProfile'))), '6.2.3', faults);
    if (profile && profile.space !== 'RGB ')
      faults.push(`6.2.3: the intent is of ${profile.space}, and papers are RGB`);
  }
  return faults;
}

/** Colour spaces wherever they are named. */
function colourFaults(file: Archived): string[] {
  const faults: string[] = [];
  for (const [, object] of file.objects())
    for (const array of arraysIn(object)) {
      const [head] = array.asArray();
      if (head instanceof PDFName && head.decodeText() === 'ICCBased')
        profileOf(file, file.stream(array.get(1)), '6.2.4.2', faults);
    }
  for (const each of file.dictionaries())
    for (const key of ['ColorSpace', 'CS'])
      if (file.name(each, key) === 'DeviceCMYK') faults.push('6.2.4.3: DeviceCMYK beside an intent of RGB');
  return faults;
}

function arraysIn(object: unknown): PDFArray[] {
  if (object instanceof PDFRawStream) return arraysIn(object.dict);
  if (object instanceof PDFArray) return [object, ...object.asArray().flatMap(arraysIn)];
  const isDictionary = typeof object === 'object' && object !== null && 'values' in object;
  return isDictionary ? (object as PDFDict).values().flatMap(arraysIn) : [];
}

const BLENDS = new Set(
  'Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference Exclusion Hue Saturation Color Luminosity'.split(
    ' ',
  ),
);

/** 6.2.5 and 6.2.10: graphics states. */
function stateFaults(file: Archived, each: PDFDict): string[] {
  const faults: string[] = [];
  const isState = file.name(each, 'Type') === 'ExtGState';
  if (isState && each.has(PDFName.of('TR'))) faults.push('6.2.5: a transfer function');
  if (isState && each.has(PDFName.of('TR2')) && file.name(each, 'TR2') !== 'Default')
    faults.push('6.2.5: a transfer function');
  if (each.has(PDFName.of('HTP'))) faults.push('6.2.5: a halftone phase');
  const halftone = file.number(each, 'HalftoneType');
  if (halftone !== null && ![1, 5].includes(halftone))
    faults.push('6.2.5: a halftone of another type than 1 and 5');
  for (const mode of isState ? file.list(each.get(PDFName.of('BM'))) : [])
    if (!(mode instanceof PDFName) || !BLENDS.has(mode.decodeText()))
      faults.push(`6.2.10: the blend mode ${String(mode)}`);
  const group = file.under(each, 'Group');
  // What is blended with transparency is blended in colours that somebody names: the intent, or the group's own.
  if (group !== null && file.name(group, 'S') === 'Transparency' && file.name(group, 'CS') === 'DeviceCMYK')
    faults.push('6.2.10: a group that blends in DeviceCMYK');
  return faults;
}

/** 6.2.8 and 6.2.9: pictures and forms. */
function imageFaults(file: Archived, each: PDFDict): string[] {
  const kind = file.name(each, 'Subtype');
  const has = (key: string) => each.has(PDFName.of(key));
  const faults: string[] = [];
  if (kind === 'PS' || file.name(each, 'Subtype2') === 'PS' || has('PS')) faults.push('6.2.9: PostScript');
  if (kind === 'Form' && (has('Ref') || has('OPI')))
    faults.push('6.2.9: a form that draws a part of another file');
  if (kind === 'Form' && file.name(each, 'Type') === 'XObject' && !has('BBox'))
    faults.push('8.10.2: a form without its box');
  if (kind !== 'Image') return faults;
  if (has('Alternates') || has('OPI')) faults.push('6.2.8: a picture with an alternate');
  const smooth = file.get(each, 'Interpolate');
  if (smooth instanceof PDFBool && smooth.asBoolean()) faults.push('6.2.8: a picture that is interpolated');
  if (![1, 2, 4, 8, 16].includes(file.number(each, 'BitsPerComponent') ?? 0))
    faults.push('6.2.8: a picture of an unknown depth');
  return faults;
}

/** 6.1.7: filters and streams that lie elsewhere; 7.4: a picture holds as many samples as it says. */
function streamFaults(file: Archived, stream: PDFRawStream): string[] {
  const faults: string[] = [];
  const filters = file
    .list(stream.dict.get(PDFName.of('Filter')))
    .map((each) => (each as PDFName).decodeText());
  for (const filter of filters)
    if (!['FlateDecode', 'ASCIIHexDecode', 'ASCII85Decode', 'RunLengthDecode', 'DCTDecode'].includes(filter))
      faults.push(`6.1.7.2: the filter ${filter}`);
  for (const key of ['F', 'FFilter', 'FDecodeParms'])
    if (stream.dict.has(PDFName.of(key))) faults.push('6.1.7.1: a stream that lies outside of the file');
  if (file.name(stream.dict, 'Subtype') !== 'Image' || filters.includes('DCTDecode')) return faults;
  const bits = file.number(stream.dict, 'BitsPerComponent') ?? 1;
  const [width, height] = [file.number(stream.dict, 'Width') ?? 0, file.number(stream.dict, 'Height') ?? 0];
  const colours = coloursOf(file, stream.dict);
  if (decoded(stream).length !== Math.ceil((width * colours * bits) / 8) * height)
    faults.push(`7.4: a picture of ${width}×${height} that holds another number of samples`);
  return faults;
}

function coloursOf(file: Archived, image: PDFDict): number {
  const space = file.get(image, 'ColorSpace');
  if (space instanceof PDFArray && String(space.get(0)) === '/ICCBased')
    return file.number(file.stream(space.get(1))!.dict, 'N') ?? 0;
  return file.name(image, 'ColorSpace') === 'DeviceRGB' ? 3 : 1;
}

/** 6.5.1: what may happen when somebody presses; 6.6.1 of part 1 had the same list. */
const ACTIONS = new Set(['GoTo', 'GoToR', 'GoToE', 'Thread', 'URI', 'Named', 'SubmitForm']);

function actionFaults(file: Archived, each: PDFDict): string[] {
  const faults: string[] = [];
  const isAction =
    file.name(each, 'Type') === 'Action' ||
    ['JavaScript', 'Launch', 'URI', 'GoToR'].includes(file.name(each, 'S'));
  if (isAction && !ACTIONS.has(file.name(each, 'S')))
    faults.push(`6.5.1: the action ${file.name(each, 'S')}`);
  if (each.has(PDFName.of('JS')) || each.has(PDFName.of('JavaScript'))) faults.push('6.5.1: JavaScript');
  if (each.has(PDFName.of('AA'))) faults.push('6.5.2: additional actions');
  return faults;
}

/** ISO 32000-1, table 165. */
const FLAGS = { invisible: 1, hidden: 2, print: 4, noView: 32, toggle: 256 };
const ANNOTATIONS = new Set(
  'Text Link FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink Popup FileAttachment Widget PrinterMark TrapNet Watermark Redact'.split(
    ' ',
  ),
);

function annotationFaults(file: Archived, each: PDFDict): string[] {
  if (file.name(each, 'Type') !== 'Annot') return [];
  const kind = file.name(each, 'Subtype');
  const faults: string[] = [];
  if (!ANNOTATIONS.has(kind)) faults.push(`6.3.1: an annotation of kind ${kind}`);
  const flags = file.number(each, 'F') ?? 0;
  const unseen = FLAGS.invisible | FLAGS.hidden | FLAGS.noView | FLAGS.toggle;
  if (kind !== 'Popup' && ((flags & FLAGS.print) === 0 || (flags & unseen) !== 0))
    faults.push('6.3.2: an annotation that is not seen or printed');
  if (!['Popup', 'Link'].includes(kind) && file.under(each, 'AP') === null)
    faults.push('6.3.3: an annotation without its looks');
  return faults;
}

/** 6.8: part 2 lets only PDF/A be attached; part 3 whatever says what it is for. */
function attachedFaults(file: Archived, each: PDFDict, part: 2 | 3): string[] {
  if (!each.has(PDFName.of('EF'))) return [];
  if (part === 2) return ['6.8: an attached file, which part 2 lets be PDF/A only'];
  const faults: string[] = [];
  if (file.text(each, 'F') === null || file.text(each, 'UF') === null)
    faults.push('6.8: an attached file without its names F and UF');
  if (file.name(each, 'AFRelationship') === '')
    faults.push('6.8: an attached file that does not say what it is for');
  const stream = file.stream(file.under(each, 'EF')?.get(PDFName.of('F')));
  if (stream === null || !file.name(stream.dict, 'Subtype').includes('/'))
    faults.push('6.8: an attached file without its media type');
  const about = stream && file.under(stream.dict, 'Params');
  if (!about || !(file.get(about, 'ModDate') instanceof PDFString))
    faults.push('6.8: an attached file without its day');
  const size = about && file.number(about, 'Size');
  if (stream && size !== null && size !== decoded(stream).length)
    faults.push('7.11.4: an attached file of another size');
  return faults;
}

const CLOSED: readonly [key: string, fault: string][] = [
  ['OpenAction', '6.5.2: the document acts when it is opened'],
  ['AA', '6.5.2: the document acts by itself'],
  ['NeedsRendering', '6.4.2: pages that are made when the file is opened'],
  ['Requirements', '6.11: the document asks for things of its reader'],
  ['AcroForm', '6.4.1: a paper is filled in already and has no fields'],
  ['Perms', '6.1.12: permissions'],
];

function catalogFaults(file: Archived, part: 2 | 3): string[] {
  const catalog = file.catalog();
  const faults = CLOSED.flatMap(([key, fault]) => (catalog.has(PDFName.of(key)) ? [fault] : []));
  const names = file.under(catalog, 'Names');
  if (names && keysOf(names).some((key) => key === 'AlternatePresentations' || key === 'JavaScript'))
    faults.push('6.10: alternate presentations or scripts');
  if (file.dictionaries().some((each) => each.has(PDFName.of('PresSteps'))))
    faults.push('6.10: a page of steps');
  const attached = file
    .objects()
    .filter(([, object]) => file.dictionary(object)?.has(PDFName.of('EF')) === true);
  const related = file.list(catalog.get(PDFName.of('AF')));
  if (part === 3 && attached.some(([, object]) => !related.includes(object)))
    faults.push('6.8: an attached file that /AF of the document does not name');
  return faults;
}

/** ISO 32000-1, annex C. */
const [SMALLEST, LARGEST] = [3, 14_400];

function pageFaults(file: Archived): string[] {
  return file.pages().flatMap((page, at) => {
    const sides = sizeOf(file, page);
    return Object.values(sides).every((side) => side >= SMALLEST && side <= LARGEST)
      ? []
      : [`6.1.13: page ${at + 1} is of a size that is not allowed`];
  });
}

/** Points. */
export function sizeOf(file: Archived, page: PDFDict): { width: number; height: number } {
  const [left = 0, bottom = 0, right = 0, top = 0] = file
    .list(page.get(PDFName.of('MediaBox')))
    .map((each) => (each as PDFNumber).asNumber());
  return { width: right - left, height: top - bottom };
}
