/** Rules of ISO 19005-2 that ask what streams hold: colour profiles, drawing, metadata. Pure. */
import { inflateSync } from 'node:zlib';
import { objectOf, type PdfFile, type PdfObject, pagesOf } from './pdf-file.ts';

/** Empty = nothing found. Each fault names the clause. */
export function meaningFaults(file: PdfFile, objects: readonly PdfObject[], xmp: string): string[] {
  return [...objects.flatMap(profileFaults), ...drawingFaults(file), ...schemaFaults(xmp)];
}

const unpacked = ({ dictionary, stream }: PdfObject): Buffer =>
  /FlateDecode/.test(dictionary) ? inflateSync(stream!) : stream!;

/** Components of the colour spaces of ICC profiles (ICC.1, table 19). */
const COMPONENTS: Readonly<Record<string, number>> = { GRAY: 1, 'RGB ': 3, 'Lab ': 3, CMYK: 4 };
const CLASSES = new Set(['scnr', 'mntr', 'prtr', 'spac']);
const NEWEST_ICC = 4;

/** 6.2.4.2, 6.2.3: a profile of a known class and version whose colours are as many as it is said to have. */
function profileFaults(object: PdfObject): string[] {
  const said = /\/N\s+(\d)\b/.exec(object.dictionary)?.[1];
  if (object.stream === null || said === undefined || /\/Type\s*\/ObjStm/.test(object.dictionary)) return [];
  const icc = unpacked(object);
  if (icc.toString('latin1', 36, 40) !== 'acsp')
    return ['6.2.4.2: a colour space whose profile is no ICC profile'];
  const faults: string[] = [];
  if (COMPONENTS[icc.toString('latin1', 16, 20)] !== Number(said))
    faults.push(`6.2.4.2: a profile of other colours than the ${said} that are said`);
  if (!CLASSES.has(icc.toString('latin1', 12, 16)) || icc[8]! > NEWEST_ICC)
    faults.push('6.2.4.2: a profile of a class or version that is not allowed');
  return faults;
}

/** ISO 32000-1, annex C. */
const DEEPEST_STATE = 28;

/** 6.1.13: how deep graphics states lie in each other; 6.2.2: each that is kept is taken up again. */
function drawingFaults(file: PdfFile): string[] {
  return pagesOf(file).flatMap((page, at) => {
    const { dictionary } = objectOf(file, page);
    const parts = /\/Contents\s*(\[[^\]]*\]|\d+ 0 R)/.exec(dictionary)?.[1] ?? '';
    const drawing = [...parts.matchAll(/(\d+) 0 R/g)]
      .map(([, id]) => unpacked(objectOf(file, Number(id))).toString('latin1'))
      .join('\n');
    let depth = 0;
    let deepest = 0;
    for (const sign of statesIn(drawing)) {
      depth += sign === 'q' ? 1 : -1;
      deepest = Math.max(deepest, depth);
      if (depth < 0) break;
    }
    return [
      ...(depth === 0 ? [] : [`6.2.2: page ${at + 1} leaves graphics states open, or closes too many`]),
      ...(deepest > DEEPEST_STATE ? [`6.1.13: page ${at + 1} has graphics states deeper than 28`] : []),
    ];
  });
}

/** `q` and `Q` as operators, in their order; texts and pictures within the line are passed over. */
export function statesIn(drawing: string): string[] {
  const bare = drawing
    .replaceAll(/\((?:\\.|[^\\()])*\)/gs, '()')
    .replaceAll(/(?<=^|\s)ID\s[\s\S]*?\sEI(?=\s|$)/g, '');
  return [...bare.matchAll(/(?<=^|[\s\]>)])([qQ])(?=[\s[</(]|$)/g)].map(([, sign]) => sign!);
}

/** Schemas that need no description of their own (XMP 2005, as 6.6.2.3 names it, and PDF/A's own). */
const SCHEMAS = new Set(
  'rdf x xml xmlns dc xmp xmpMM xmpRights xmpTPg xmpBJ xmpDM xmpG xmpGImg stDim stEvt stFnt stJob stRef stVer stMfs pdf pdfaid pdfuaid pdfaExtension pdfaSchema pdfaProperty pdfaType pdfaField photoshop tiff exif crs aux'.split(
    ' ',
  ),
);

/** 6.6.2.3.1: a property of a schema that is neither known nor described. */
export function schemaFaults(xmp: string): string[] {
  const described = [...xmp.matchAll(/pdfaSchema:prefix(?:>|=")([^<"]+)/g)].map(([, prefix]) => prefix!);
  const used = [
    ...[...xmp.matchAll(/<([A-Za-z][\w-]*):[A-Za-z]/g)].map(([, prefix]) => prefix!),
    ...[...xmp.matchAll(/\s([A-Za-z][\w-]*):[A-Za-z][\w-]*="/g)].map(([, prefix]) => prefix!),
  ];
  const unknown = [...new Set(used)].filter((prefix) => !SCHEMAS.has(prefix) && !described.includes(prefix));
  return unknown.map((prefix) => `6.6.2.3.1: the metadata use "${prefix}", which is not described`);
}
