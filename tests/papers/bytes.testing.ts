/** ISO 19005-2, 6.1: rules that the bytes of a file answer for, before anything in them has a meaning. Pure. */

const EOL = '(?:\\r\\n|\\r|\\n)';
/** ISO 32000-1, annex C, which 6.1.13 asks for. */
const MOST_OBJECTS = 8_388_607;

/** Empty = nothing found. Each fault names the clause. */
export function byteFaults(bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  return [...headFaults(text), ...tailFaults(text), ...tableFaults(text), ...objectFaults(text)];
}

function headFaults(text: string): string[] {
  const faults: string[] = [];
  if (!new RegExp(`^%PDF-1\\.[0-7]${EOL}`).test(text))
    faults.push('6.1.2: the file does not begin with %PDF-1.n');
  if (!new RegExp(`^%PDF-1\\.\\d${EOL}%[\\x80-\\xff]{4}`).test(text))
    faults.push('6.1.2: no comment of four bytes above 127 follows the header');
  return faults;
}

function tailFaults(text: string): string[] {
  return new RegExp(`startxref${EOL}\\d+${EOL}%%EOF${EOL}?$`).test(text)
    ? []
    : ['6.1.3: after the last end of the file there is more than one end of a line'];
}

interface Section {
  at: number;
  /** Where objects in use begin. */
  offsets: [id: number, generation: number, at: number][];
  trailer: string;
}

/** Cross-reference tables from the newest to the first; what cannot be read is a fault. */
function sectionsOf(text: string, faults: string[]): Section[] {
  const sections: Section[] = [];
  let at: number | null = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1] ?? Number.NaN);
  while (at !== null) {
    const head: RegExpExecArray | null = new RegExp(`^xref${EOL}`).exec(text.slice(at, at + 8));
    if (head === null || sections.some((each) => each.at === at)) {
      faults.push(`6.1.4: no cross-reference table at byte ${at}`);
      return sections;
    }
    const section = readSection(text, at, at + head[0].length, faults);
    sections.push(section);
    const before: string | undefined = /\/Prev\s+(\d+)/.exec(section.trailer)?.[1];
    at = before === undefined ? null : Number(before);
  }
  return sections;
}

function readSection(text: string, at: number, from: number, faults: string[]): Section {
  const offsets: Section['offsets'] = [];
  let place = from;
  for (;;) {
    const head = new RegExp(`^(\\d+) (\\d+)${EOL}`).exec(text.slice(place, place + 40));
    if (head === null) break;
    place += head[0].length;
    for (let index = 0; index < Number(head[2]); index += 1, place += 20) {
      // Twenty bytes exactly (ISO 32000-1, 7.5.4).
      const entry = /^(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)$/.exec(text.slice(place, place + 20));
      if (entry === null)
        faults.push(`6.1.4: entry ${Number(head[1]) + index} of a table is not of 20 bytes`);
      else if (entry[3] === 'n') offsets.push([Number(head[1]) + index, Number(entry[2]), Number(entry[1])]);
    }
  }
  const trailer = /^trailer\s*<<([\s\S]*?)>>\s*startxref/.exec(text.slice(place))?.[1];
  if (trailer === undefined) faults.push('6.1.4: a table without a trailer');
  return { at, offsets, trailer: trailer ?? '' };
}

/** 6.1.4: every object stands where the tables say, and the tables know every object; 6.1.3: the trailer. */
function tableFaults(text: string): string[] {
  const faults: string[] = [];
  const sections = sectionsOf(text, faults);
  const said = new Set<number>();
  for (const { offsets } of sections)
    for (const [id, generation, at] of offsets) {
      said.add(at);
      if (!text.startsWith(`${id} ${generation} obj`, at))
        faults.push(`6.1.4: object ${id} is not at byte ${at}`);
    }
  for (const { index, id } of headsIn(text))
    if (!said.has(index)) faults.push(`6.1.4: no table knows object ${id} at byte ${index}`);
  const [newest] = sections;
  const largest = Math.max(0, ...sections.flatMap(({ offsets }) => offsets.map(([id]) => id)));
  if (newest && Number(/\/Size\s+(\d+)/.exec(newest.trailer)?.[1]) !== largest + 1)
    faults.push('6.1.3: /Size is not one more than the largest number of an object');
  if (largest > MOST_OBJECTS) faults.push('6.1.13: more than 8,388,607 objects');
  for (const { trailer } of sections) {
    if (/\/Encrypt\b/.test(trailer)) faults.push('6.1.3: the file is encrypted');
    if (!/\/ID\s*\[/.test(trailer)) faults.push('6.1.3: a trailer without an ID');
  }
  const ids = sections.map(({ trailer }) =>
    /\/ID\s*\[\s*(\((?:\\.|[^\\)])*\)|<[^>]*>)\s*(\((?:\\.|[^\\)])*\)|<[^>]*>)/.exec(trailer),
  );
  // ISO 32000-1, 14.4: an update keeps the first half of the identity and changes the second.
  if (new Set(ids.map((id) => id?.[1])).size > 1)
    faults.push('6.1.3: an update changed the first half of the ID');
  if (new Set(ids.map((id) => id?.[2])).size < ids.length)
    faults.push('6.1.3: an update kept the second half of the ID');
  return faults;
}

/** Heads of objects outside of streams. */
function headsIn(text: string): { index: number; id: number }[] {
  return [...withoutStreams(text).matchAll(/(?<=^|[\r\n])(\d+) \d+ obj\b/g)].map((found) => ({
    index: found.index,
    id: Number(found[1]),
  }));
}

/** Of the same length, with the bytes of streams blotted out, so that places go on to hold. */
function withoutStreams(text: string): string {
  let out = '';
  let from = 0;
  for (const found of text.matchAll(/(?<=>>\s*)stream(?:\r\n|\n)/g)) {
    if (found.index < from) continue;
    const begins = found.index + found[0].length;
    const length = Number(/.*\/Length\s+(\d+)(?!\s+\d+\s+R)/s.exec(text.slice(from, found.index))?.[1] ?? 0);
    out += text.slice(from, begins) + ' '.repeat(Math.min(length, text.length - begins));
    from = begins + length;
  }
  return out + text.slice(from);
}

/** 6.1.6 to 6.1.9: how objects, streams, strings and names are written. */
function objectFaults(text: string): string[] {
  const faults: string[] = [];
  const bare = withoutStreams(text);
  // 6.1.9: number, generation and obj by single spaces; the line ends before and after, and so at endobj.
  for (const found of bare.matchAll(/obj\b/g)) {
    const before = bare.slice(Math.max(0, found.index - 24), found.index);
    const after = bare.slice(found.index + 3, found.index + 5);
    const isEnd = before.endsWith('end');
    const isRight = isEnd
      ? new RegExp(`${EOL}end$`).test(before)
      : new RegExp(`${EOL}\\d+ \\d+ $`).test(before);
    if (!isRight || !new RegExp(`^${EOL}`).test(after))
      faults.push(`6.1.9: ${isEnd ? 'endobj' : 'obj'} at byte ${found.index} is not set off by lines`);
  }
  // 6.1.7.1: stream is followed by CRLF or LF, endstream preceded by the end of a line, and the length is that between.
  for (const found of bare.matchAll(/(?<=>>\s*)stream/g))
    if (!/^stream(\r\n|\n)/.test(bare.slice(found.index, found.index + 8)))
      faults.push(`6.1.7.1: stream at byte ${found.index} is not followed by CRLF or LF`);
  for (const found of bare.matchAll(/endstream/g)) {
    const between = /(stream(?:\r\n|\n))[ ]*(\r\n|\r|\n)?$/.exec(bare.slice(0, found.index).slice(-200_000));
    if (between === null || between[2] === undefined)
      faults.push(
        `6.1.7.1: endstream at byte ${found.index} is not where /Length says, on a line of its own`,
      );
  }
  const dictionaries = bare.replaceAll(/\((?:\\.|[^\\()])*\)/gs, '()').replaceAll(/<<|>>/g, '  ');
  for (const [, digits] of dictionaries.matchAll(/<([^<>]*)>/g)) {
    const bareDigits = digits!.replaceAll(/\s/g, '');
    if (bareDigits.length % 2 === 1 || /[^0-9A-Fa-f]/.test(bareDigits))
      faults.push('6.1.6: a hexadecimal string of an odd length, or with other signs');
  }
  return faults;
}
