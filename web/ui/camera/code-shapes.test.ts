/** Drawn codes of vials are read as a scanner would type them: Data Matrix and Code 128 of GS1, small, turned, grey, and not at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import bwip from 'bwip-js/node';
import { type Picture, readShapes } from './code-shapes.ts';

const VIAL = '(01)08936000000011(17)301231(10)PENTA26';
const SEPARATOR = String.fromCharCode(29);

type Raw = { pixs: number[]; pixx: number; pixy: number } | { sbs: number[] };

/** Dark modules, row by row; bars get a height. */
function modulesOf(bcid: string, text: string): boolean[][] {
  const [drawn] = bwip.raw({ bcid, text }) as Raw[];
  assert.ok(drawn);
  if ('pixs' in drawn)
    return Array.from({ length: drawn.pixy }, (_, row) =>
      Array.from({ length: drawn.pixx }, (_, column) => drawn.pixs[row * drawn.pixx + column] === 1),
    );
  const bars = drawn.sbs.flatMap((width, at) => Array.from({ length: width }, () => at % 2 === 0));
  return Array.from({ length: 30 }, () => bars);
}

interface Shot {
  /** Pixels a module. */
  size: number;
  /** Degrees that it is turned by. */
  turn?: number;
  dark?: number;
  light?: number;
  noise?: number;
}

/** As a camera would have it: in the middle of a wider picture, turned, less than black on less than white, with noise. */
function shot(modules: boolean[][], { size, turn = 0, dark = 30, light = 225, noise = 0 }: Shot): Picture {
  const [height, width] = [modules.length, modules[0]!.length];
  const side = Math.ceil(Math.hypot(width + 12, height + 12) * size) + 40;
  const data = new Uint8ClampedArray(side * side * 4);
  const [sin, cos] = [Math.sin((turn * Math.PI) / 180), Math.cos((turn * Math.PI) / 180)];
  let seed = 7;
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      const [dx, dy] = [x - side / 2, y - side / 2];
      const column = Math.floor((dx * cos + dy * sin) / size + width / 2);
      const row = Math.floor((dy * cos - dx * sin) / size + height / 2);
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      const grey = (modules[row]?.[column] ? dark : light) + ((seed / 2_147_483_648) * 2 - 1) * noise;
      data.set([grey, grey, grey, 255], (y * side + x) * 4);
    }
  return { data, width: side, height: side };
}

test('a Data Matrix of GS1 is read as a scanner types it', () => {
  const modules = modulesOf('gs1datamatrix', VIAL);
  const read = ']d2010893600000001117301231' + '10PENTA26';
  for (const how of [
    { size: 4 },
    { size: 9 },
    { size: 5, turn: 12 },
    { size: 6, turn: 90 },
    { size: 6, turn: 175 },
    { size: 5, dark: 90, light: 170, noise: 20 },
  ])
    assert.equal(readShapes(shot(modules, how)), read, JSON.stringify(how));
});

test('what follows a lot of any length is parted from it', () => {
  const modules = modulesOf('gs1datamatrix', '(01)08936000000011(10)AB1(17)301231(21)S9');
  assert.equal(readShapes(shot(modules, { size: 5 })), `]d2010893600000001110AB1${SEPARATOR}1730123121S9`);
});

test('a plain Data Matrix is its text; bars of GS1 say what they are', () => {
  assert.equal(readShapes(shot(modulesOf('datamatrix', 'HELLO 42'), { size: 5 })), 'HELLO 42');
  assert.equal(
    readShapes(shot(modulesOf('gs1-128', VIAL), { size: 3 })),
    ']C1010893600000001117301231' + '10PENTA26',
  );
});

test('a picture without a code, and a code of which a quarter is torn off, are nothing', () => {
  assert.equal(readShapes(shot([[false]], { size: 40, noise: 20 })), null);
  const torn = modulesOf('gs1datamatrix', VIAL).map((row, y, all) =>
    row.map((isDark, x) => (y < all.length / 2 && x < row.length / 2 ? false : isDark)),
  );
  assert.equal(readShapes(shot(torn, { size: 5 })), null);
});
