/** Barcodes as small black and white PNG pictures of whole pixels a module (ISO 18004, ISO 15417, ISO 15420, ISO 16022). */
import { crc32, deflateSync } from 'node:zlib';
import bwip from 'bwip-js/node';
import { correction, generate, mode } from 'lean-qr';

/** A barcode that a template shows as `image("/codes/<name>.png")`. */
export interface Barcode {
  kind: 'qrcode' | 'code128' | 'ean13' | 'datamatrix' | 'gs1datamatrix';
  /** GS1: with the application identifiers in brackets, `(01)08935001234567(17)271130(10)LO12`. */
  text: string;
}

/** Pixels a module; printers and cameras get whole pixels. */
const MODULE_PIXELS = 4;
/** Modules left white around: of a square code, and beside the bars of a linear one (ISO 15417 asks for 10). */
const QUIET_SQUARE = 8;
const QUIET_LINEAR = 10;
/** Width by height of a linear code. */
const LINEAR_SHAPE = 5;

/** Dark modules, row by row. */
interface Modules {
  width: number;
  height: number;
  isDark(column: number, row: number): boolean;
}

/** @throws Error when the text does not fit the kind: a wrong check digit, too long, characters that it cannot hold */
export function barcodePicture({ kind, text }: Barcode): Buffer {
  if (kind === 'qrcode') return picture(qrOf(text), QUIET_SQUARE, QUIET_SQUARE);
  const [drawn] = bwip.raw({ bcid: kind, text }) as Raw[];
  if (!drawn) throw new Error('the code is empty');
  return 'pixs' in drawn ? picture(squareOf(drawn), QUIET_SQUARE, QUIET_SQUARE) : linearPicture(drawn.sbs);
}

/** Modes whose characters every reader takes for the same; other texts go as bytes of UTF-8, which readers expect unsaid. */
const MODES = [mode.numeric, mode.alphaNumeric, mode.ascii];

/** A QR code of level M: 15 of 100 parts may be lost. Apart from the other kinds because it is asked for most. */
function qrOf(text: string): Modules {
  if (text === '') throw new Error('the code is empty');
  const bytes = new TextEncoder().encode(text);
  const isPlain = bytes.length === text.length;
  const written = isPlain ? mode.auto(text, { modes: MODES }) : mode.bytes(bytes);
  const { size, get } = generate(written, {
    minCorrectionLevel: correction.M,
    maxCorrectionLevel: correction.M,
  });
  return { width: size, height: size, isDark: get };
}

type Raw = { pixs: number[]; pixx: number; pixy: number } | { sbs: number[] };

function squareOf({ pixs, pixx, pixy }: { pixs: number[]; pixx: number; pixy: number }): Modules {
  return { width: pixx, height: pixy, isDark: (column, row) => pixs[row * pixx + column] === 1 };
}

/** @param widths of bar and space in turn, in modules */
function linearPicture(widths: readonly number[]): Buffer {
  const bars = widths.flatMap((width, at) => Array.from({ length: width }, () => at % 2 === 0));
  const height = Math.ceil((bars.length + 2 * QUIET_LINEAR) / LINEAR_SHAPE);
  return picture({ width: bars.length, height, isDark: (column) => bars[column] === true }, QUIET_LINEAR, 0);
}

function picture(modules: Modules, beside: number, above: number): Buffer {
  const width = (modules.width + 2 * beside) * MODULE_PIXELS;
  const height = (modules.height + 2 * above) * MODULE_PIXELS;
  // Eight pixels a byte, white; each line begins with its filter: none.
  const length = 1 + Math.ceil(width / 8);
  const lines = Buffer.alloc(length * height, 0xff);
  for (let at = 0; at < lines.length; at += length) lines[at] = 0;
  for (let row = 0; row < modules.height; row += 1) {
    const first = (row + above) * MODULE_PIXELS * length;
    for (let column = 0; column < modules.width; column += 1)
      if (modules.isDark(column, row)) blacken(lines, first + 1, (column + beside) * MODULE_PIXELS);
    for (let copy = 1; copy < MODULE_PIXELS; copy += 1)
      lines.copy(lines, first + copy * length, first, first + length);
  }
  return png(width, height, lines);
}

/** @param line place of the line's first pixels in the bytes */
function blacken(lines: Buffer, line: number, from: number): void {
  for (let pixel = from; pixel < from + MODULE_PIXELS; pixel += 1) {
    const at = line + (pixel >> 3);
    lines[at] = lines[at]! & ~(0x80 >> (pixel & 7));
  }
}

/** Grey, one bit a pixel, no alpha (PNG, ISO 15948): most of a large code's cost is the packing of its pixels. */
function png(width: number, height: number, lines: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines, { level: 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([frame, body, sum]);
}
