/** What content streams do (ISO 32000-1, 7.8.2): operators with their operands, and what was drawn with which font. Pure. */
import { PDFArray, type PDFDict, PDFName, type PDFObject, type PDFRawStream } from 'pdf-lib';
import { type Archived, decoded, keysOf } from './document.testing.ts';

export type Operand =
  | number
  | { name: string }
  | { codes: Buffer }
  | Operand[]
  | { dictionary: Map<string, Operand> }
  | null
  | boolean;

export interface Operation {
  operator: string;
  operands: Operand[];
}

/** ISO 32000-1, annex A; 6.2.2 allows no other. */
const OPERATORS = new Set(
  `b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri s S SC sc
   SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' "`.split(/\s+/),
);

/** @throws RangeError for what is no content stream */
export function operationsOf(bytes: Buffer): Operation[] {
  const reader = { text: bytes.toString('latin1'), at: 0 };
  const done: Operation[] = [];
  let operands: Operand[] = [];
  for (;;) {
    skip(reader);
    if (reader.at >= reader.text.length) break;
    const word = /^[A-Za-z'"][A-Za-z0-9*]*/.exec(reader.text.slice(reader.at, reader.at + 12))?.[0];
    if (word !== undefined && !['true', 'false', 'null'].includes(word)) {
      done.push({ operator: word, operands });
      operands = [];
      reader.at += word.length;
    } else operands.push(operand(reader));
  }
  if (operands.length > 0) throw new RangeError('operands without an operator at the end');
  return done;
}

interface Reader {
  text: string;
  at: number;
}

function skip(reader: Reader): void {
  reader.at += /^(?:[\0\t\n\f\r ]|%[^\r\n]*)*/.exec(reader.text.slice(reader.at))![0].length;
}

function operand(reader: Reader): Operand {
  const rest = reader.text.slice(reader.at, reader.at + 200);
  const found =
    /^(?:([+-]?(?:\d+\.?\d*|\.\d+))(?![^\s/<>[\](){}%])|\/([^\s/<>[\](){}%]*)|(true|false|null)\b|(<<)|(<)|(\()|(\[))/.exec(
      rest,
    );
  if (found === null) throw new RangeError(`no operand: ${rest.slice(0, 20)}`);
  reader.at += found[0].length;
  if (found[1] !== undefined) return Number(found[1]);
  if (found[2] !== undefined) return { name: named(found[2]) };
  if (found[3] !== undefined) return found[3] === 'null' ? null : found[3] === 'true';
  if (found[4] !== undefined) return dictionary(reader);
  if (found[5] !== undefined) return { codes: hex(reader) };
  if (found[6] !== undefined) return { codes: literal(reader) };
  const items: Operand[] = [];
  for (skip(reader); reader.text[reader.at] !== ']'; skip(reader)) items.push(operand(reader));
  reader.at += 1;
  return items;
}

const named = (text: string) =>
  text.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));

function dictionary(reader: Reader): Operand {
  const entries = new Map<string, Operand>();
  for (skip(reader); !reader.text.startsWith('>>', reader.at); skip(reader)) {
    const key = operand(reader) as { name: string };
    skip(reader);
    entries.set(key.name, operand(reader));
  }
  reader.at += 2;
  return { dictionary: entries };
}

function hex(reader: Reader): Buffer {
  const end = reader.text.indexOf('>', reader.at);
  const digits = reader.text.slice(reader.at, end).replaceAll(/\s/g, '');
  if (end < 0 || /[^0-9A-Fa-f]/.test(digits) || digits.length % 2 === 1)
    throw new RangeError('6.1.6: a hexadecimal string of an odd length, or with other signs');
  reader.at = end + 1;
  return Buffer.from(digits, 'hex');
}

const ESCAPED: Record<string, number> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

function literal(reader: Reader): Buffer {
  const bytes: number[] = [];
  for (let depth = 1; ; reader.at += 1) {
    const sign = reader.text[reader.at];
    if (sign === undefined) throw new RangeError('a string without an end');
    if (sign === '\\') {
      const octal = /^[0-7]{1,3}/.exec(reader.text.slice(reader.at + 1, reader.at + 4))?.[0];
      const next = reader.text[reader.at + 1]!;
      if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 255);
      else if (next !== '\n') bytes.push(ESCAPED[next] ?? next.charCodeAt(0));
      reader.at += octal?.length ?? 1;
      continue;
    }
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth === 0) break;
    bytes.push(sign.charCodeAt(0));
  }
  reader.at += 1;
  return Buffer.from(bytes);
}

/** Text as it was drawn: which font, which two-byte codes; a break where the place was set anew. */
export interface Drawn {
  /** Dictionary of the font, and the codes drawn with it one after the other; null is a new place. */
  runs: { font: PDFDict; codes: number[]; mcid: number | null }[];
  /** Marked content of the structure, by its number. */
  mcids: number[];
  faults: string[];
}

/** 6.1.13 by ISO 32000-1, annex C. */
const DEEPEST = 28;

interface State {
  font: PDFDict | null;
  depth: number;
  marked: (number | 'artifact' | null)[];
}

/** A page or form with the forms that it draws. Faults name the clause and `where`. */
export function drawnBy(
  file: Archived,
  owner: PDFDict,
  contents: readonly PDFRawStream[],
  where: string,
  around: State['marked'] = [],
): Drawn {
  const drawn: Drawn = { runs: [], mcids: [], faults: [] };
  const resources = file.under(owner, 'Resources');
  if (resources === null || !owner.has(PDFName.of('Resources')))
    drawn.faults.push(`6.2.2: ${where} has no resources of its own`);
  const state: State = { font: null, depth: 0, marked: [...around] };
  const text = Buffer.concat(contents.flatMap((each) => [decoded(each), Buffer.from('\n')]));
  for (const operation of operationsOf(text)) step(file, operation, { resources, state, drawn, where });
  if (state.depth !== 0) drawn.faults.push(`6.2.2: ${where} leaves graphics states open`);
  if (state.marked.length !== around.length) drawn.faults.push(`6.2.2: ${where} leaves marked content open`);
  return drawn;
}

interface Doing {
  resources: PDFDict | null;
  state: State;
  drawn: Drawn;
  where: string;
}

function step(file: Archived, { operator, operands }: Operation, doing: Doing): void {
  const { state, drawn, where } = doing;
  if (!OPERATORS.has(operator)) drawn.faults.push(`6.2.2: ${where} uses the operator ${operator}`);
  const named = (kind: string): PDFObject | undefined => {
    const operand = operands.findLast(
      (each): each is { name: string } => typeof each === 'object' && each !== null && 'name' in each,
    );
    const kinds = doing.resources && file.under(doing.resources, kind);
    const found = operand && kinds ? file.get(kinds, operand.name) : undefined;
    if (found === undefined)
      drawn.faults.push(`6.2.2: ${where} uses ${kind} ${operand?.name}, which its resources do not name`);
    return found;
  };
  switch (operator) {
    case 'q':
      state.depth += 1;
      if (state.depth > DEEPEST)
        drawn.faults.push(`6.1.13: ${where} keeps graphics states deeper than ${DEEPEST}`);
      break;
    case 'Q':
      state.depth -= 1;
      if (state.depth < 0) drawn.faults.push(`6.2.2: ${where} takes up a state that it did not keep`);
      break;
    case 'Tf':
      state.font = file.dictionary(named('Font'));
      break;
    case 'gs':
      named('ExtGState');
      break;
    case 'sh':
      named('Shading');
      break;
    case 'CS':
    case 'cs':
      colourSpace(operands, drawn, named, where);
      break;
    case 'rg':
    case 'RG':
    case 'k':
    case 'K':
    case 'g':
    case 'G':
      deviceColour(operator, drawn, where);
      break;
    case 'ri':
      if (!INTENTS.has((operands[0] as { name: string }).name))
        drawn.faults.push(`6.2.6: ${where} has an unknown rendering intent`);
      break;
    case 'Do':
      drawForm(file, named('XObject'), doing);
      break;
    case 'BDC':
    case 'BMC':
      mark(operands, state, drawn);
      break;
    case 'EMC':
      if (state.marked.length === 0)
        drawn.faults.push(`6.2.2: ${where} ends marked content that did not begin`);
      state.marked.pop();
      break;
    case 'Tj':
    case 'TJ':
    case "'":
    case '"':
      show(operands, doing);
      break;
    default:
  }
}

const INTENTS = new Set(['RelativeColorimetric', 'AbsoluteColorimetric', 'Perceptual', 'Saturation']);

function colourSpace(
  operands: Operand[],
  drawn: Drawn,
  named: (kind: string) => unknown,
  where: string,
): void {
  const name = (operands[0] as { name: string }).name;
  if (name === 'DeviceCMYK') drawn.faults.push(`6.2.4.3: ${where} uses DeviceCMYK beside an intent of RGB`);
  if (!['DeviceRGB', 'DeviceGray', 'DeviceCMYK', 'Pattern'].includes(name)) named('ColorSpace');
}

/** The output intent is of RGB, which also says what DeviceRGB and DeviceGray mean (6.2.4.3). */
function deviceColour(operator: string, drawn: Drawn, where: string): void {
  if (operator.toLowerCase() === 'k')
    drawn.faults.push(`6.2.4.3: ${where} uses DeviceCMYK beside an intent of RGB`);
}

function mark(operands: Operand[], state: State, drawn: Drawn): void {
  const [tag, properties] = operands as [{ name: string }, Operand | undefined];
  const mcid =
    properties && typeof properties === 'object' && 'dictionary' in properties
      ? properties.dictionary.get('MCID')
      : undefined;
  if (typeof mcid === 'number') drawn.mcids.push(mcid);
  state.marked.push(typeof mcid === 'number' ? mcid : tag.name === 'Artifact' ? 'artifact' : null);
}

function drawForm(file: Archived, found: PDFObject | undefined, doing: Doing): void {
  const form = file.stream(found);
  if (form === null || file.name(form.dict, 'Subtype') !== 'Form') return;
  const inside = drawnBy(file, form.dict, [form], `a form of ${doing.where}`, doing.state.marked);
  doing.drawn.runs.push(...inside.runs);
  doing.drawn.faults.push(...inside.faults);
  if (inside.mcids.length > 0)
    doing.drawn.faults.push(`14.7.4: a form of ${doing.where} has marked content that no tree knows`);
}

function show(operands: Operand[], { state, drawn, where }: Doing): void {
  if (state.font === null) {
    drawn.faults.push(`6.2.11.2: ${where} draws text without a font`);
    return;
  }
  const shown = operands
    .flat(2)
    .filter(
      (each): each is { codes: Buffer } => typeof each === 'object' && each !== null && 'codes' in each,
    );
  const bytes = Buffer.concat(shown.map(({ codes }) => codes));
  if (bytes.length % 2 === 1) drawn.faults.push(`6.2.11.3: ${where} draws half a code`);
  const codes = Array.from({ length: bytes.length >> 1 }, (_, index) => bytes.readUInt16BE(index * 2));
  const mcid = state.marked.findLast((each) => typeof each === 'number');
  drawn.runs.push({ font: state.font, codes, mcid: typeof mcid === 'number' ? mcid : null });
  if (state.marked.length === 0)
    drawn.faults.push(`14.8.2.2: ${where} draws text that is neither content nor artifact`);
}

/** Streams of a page in their order. */
export function contentsOf(file: Archived, page: PDFDict): PDFRawStream[] {
  const found = file.get(page, 'Contents');
  const parts = found instanceof PDFArray ? found.asArray() : found === undefined ? [] : [found];
  return parts.map((part) => {
    const stream = file.stream(part);
    if (stream === null)
      throw new RangeError(`6.2.2: a page draws what is no stream (${keysOf(page).join()})`);
    return stream;
  });
}
