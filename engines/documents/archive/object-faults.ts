/** Rules of ISO 19005-2 that one object answers for by itself: annotations, forms, pages, graphics state, files, strings. Pure. */

/** Empty = nothing found. Each fault names the clause. @param dictionary of an object, as it is written in the file */
export function dictionaryFaults(dictionary: string): string[] {
  const bare = withoutTexts(dictionary);
  return [
    ...RULES.filter(([pattern]) => pattern.test(bare)).map(([, fault]) => fault),
    ...annotationFaults(bare),
    ...pageFaults(bare),
    ...hexFaults(bare),
    ...permissionFaults(bare),
  ];
}

/** Texts may hold whatever looks like a key. */
const withoutTexts = (dictionary: string): string => dictionary.replaceAll(/\((?:\\.|[^\\()])*\)/gs, '()');

const RULES: readonly [pattern: RegExp, fault: string][] = [
  [/\/Filter\s*(\[[^\]]*)?\/Crypt\b/, '6.1.7.2: a Crypt filter'],
  [/\/DestOutputProfileRef\b/, '6.2.3: an output profile that lies elsewhere'],
  [/\/HTP\b/, '6.2.5: a halftone phase'],
  [/\/HalftoneType\s+(?!1\b|5\b)\d/, '6.2.5: a halftone of another type than 1 and 5'],
  [
    /\/RI\s*\/(?!(RelativeColorimetric|AbsoluteColorimetric|Perceptual|Saturation)\b)/,
    '6.2.6: a rendering intent that ISO 32000-1 does not know',
  ],
  [
    /\/Subtype\s*\/Image\b[\s\S]*\/BitsPerComponent\s+(?!(1|2|4|8|16)\b)\d/,
    '6.2.8: a picture of another depth than 1, 2, 4, 8, 16 bits',
  ],
  [/\/Subtype\s*\/Form\b[\s\S]*\/Ref\b/, '6.2.9: a part of another file (reference XObject)'],
  [/\/Subtype2\s*\/PS\b/, '6.2.9: PostScript'],
  [
    /\/Subtype\s*\/Type0\b(?![\s\S]*\/Encoding\s*(\/Identity-[HV]\b|\d+ 0 R))/,
    '6.2.11.3.3: a font whose map of codes is neither Identity nor embedded',
  ],
  [/\/NeedAppearances\s+true\b/, '6.4.1: a form whose looks are made when it is opened'],
  [/\/Subtype\s*\/Widget\b[\s\S]*\/(A|AA)\s*(<<|\d)/, '6.4.1: a field of a form that acts'],
  [/\/NeedsRendering\s+true\b/, '6.4.2: a file that is drawn when it is opened'],
  [/\/XFA\b/, '6.4.2: an XFA form'],
  [/\/Type\s*\/Page\b(?!s)[\s\S]*\/AA\s*(<<|\d)/, '6.5.2: a page that acts'],
  [/\/Type\s*\/Filespec\b(?![\s\S]*\/UF\b)/, '6.8: an attached file without the names F and UF'],
  [/\/OCGs\b[\s\S]*\/AS\s*\[|\/AS\s*\[[\s\S]*\/OCGs\b/, '6.9: layers that switch themselves'],
  [/\/AlternatePresentations\b|\/PresSteps\b/, '6.10: alternate presentations'],
  [/\/Type\s*\/Catalog\b[\s\S]*\/Requirements\b/, '6.11: requirements of a reader'],
];

const NO_LOOKS = new Set(['Popup', 'Link']);
/** ISO 32000-1, table 165. */
const PRINT = 4;
const UNSEEN = 1 | 2 | 32 | 256;

/** 6.3.2: whatever is on the page is printed and seen; 6.3.3: it brings its looks along. */
function annotationFaults(dictionary: string): string[] {
  const kind = /\/Subtype\s*\/(\w+)/.exec(dictionary)?.[1] ?? '';
  if (!/\/Type\s*\/Annot\b/.test(dictionary) || kind === 'Popup') return [];
  const flags = Number(/\/F\s+(\d+)/.exec(dictionary)?.[1] ?? 0);
  const faults: string[] = [];
  if ((flags & PRINT) === 0) faults.push('6.3.2: an annotation that is not printed');
  if ((flags & UNSEEN) !== 0) faults.push('6.3.2: an annotation that is hidden');
  if (!NO_LOOKS.has(kind) && !isEmpty(dictionary) && !/\/AP\b/.test(dictionary))
    faults.push('6.3.3: an annotation without its appearance');
  return faults;
}

function isEmpty(dictionary: string): boolean {
  const [left, bottom, right, top] = numbersOf(/\/Rect\s*\[([^\]]*)\]/.exec(dictionary)?.[1] ?? '');
  return left !== undefined && left === right && bottom === top;
}

const numbersOf = (text: string): number[] => text.trim().split(/\s+/).filter(Boolean).map(Number);

/** Points: 6.1.13 by ISO 32000-1, annex C. */
const SMALLEST_PAGE = 3;
const LARGEST_PAGE = 14_400;

function pageFaults(dictionary: string): string[] {
  return [...dictionary.matchAll(/\/(?:Media|Crop|Bleed|Trim|Art)Box\s*\[([^\]]*)\]/g)].flatMap(([, box]) => {
    const [left = 0, bottom = 0, right = 0, top = 0] = numbersOf(box!);
    const sides = [Math.abs(right - left), Math.abs(top - bottom)];
    return sides.every((side) => side >= SMALLEST_PAGE && side <= LARGEST_PAGE)
      ? []
      : ['6.1.13: a page smaller than 3 or larger than 14,400 points'];
  });
}

/** 6.1.6: an even number of hexadecimal digits and nothing else. */
function hexFaults(dictionary: string): string[] {
  const strings = dictionary.replaceAll(/<<|>>/g, ' ').matchAll(/<([^<>]*)>/g);
  return [...strings].some(([, text]) => {
    const digits = text!.replaceAll(/\s/g, '');
    return digits.length % 2 === 1 || /[^0-9A-Fa-f]/.test(digits);
  })
    ? ['6.1.6: a hexadecimal string of an odd length, or with other signs']
    : [];
}

/** 6.1.12: of permissions those of a signature and of usage rights alone. */
function permissionFaults(dictionary: string): string[] {
  const given = /\/Perms\s*<<([\s\S]*?)>>/.exec(dictionary)?.[1] ?? '';
  return [...given.matchAll(/\/(\w+)/g)].some(([, name]) => name !== 'DocMDP' && name !== 'UR3')
    ? ['6.1.12: a permission other than DocMDP and UR3']
    : [];
}
