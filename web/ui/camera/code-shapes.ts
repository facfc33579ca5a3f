/** Codes of vials and boxes in a picture: Data Matrix and Code 128. Loaded when a camera is opened whose browser knows neither. */
import {
  BinaryBitmap,
  Code128Reader,
  DataMatrixReader,
  DecodeHintType,
  GlobalHistogramBinarizer,
  HybridBinarizer,
  type Reader,
  RGBLuminanceSource,
} from '@zxing/library';

/** What a canvas gives: four bytes a point. */
export interface Picture {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** GS1's separator, and how a scanner says that a Data Matrix is of GS1 (ISO/IEC 15424). */
const SEPARATOR = String.fromCharCode(29);
const GS1_DATA_MATRIX = ']d2';

const HINTS = new Map<DecodeHintType, true>([
  [DecodeHintType.TRY_HARDER, true],
  // Bars that begin with FNC1 are given with their identifier and separators.
  [DecodeHintType.ASSUME_GS1, true],
]);

/** @returns the text of the first code, with the identifier of a scanner before a code of GS1; null when none can be read */
export function readShapes(picture: Picture): string | null {
  const light = new RGBLuminanceSource(greyOf(picture), picture.width, picture.height);
  // Black is told from white place by place, for shadows, else over the whole picture, for grain.
  const images = [new HybridBinarizer(light), new GlobalHistogramBinarizer(light)].map(
    (binarizer) => new BinaryBitmap(binarizer),
  );
  for (const image of images) {
    const matrix = tried(new DataMatrixReader(), image);
    // Of GS1 is what begins with FNC1, which the reader gives as a separator.
    if (matrix !== null)
      return matrix.startsWith(SEPARATOR) ? `${GS1_DATA_MATRIX}${matrix.slice(1)}` : matrix;
  }
  return tried(new Code128Reader(), images[0]!);
}

function tried(reader: Reader, image: BinaryBitmap): string | null {
  try {
    return reader.decode(image, HINTS).getText();
  } catch {
    // No code of this kind in the picture; the next one may have it.
    return null;
  }
}

function greyOf({ data, width, height }: Picture): Uint8ClampedArray {
  const grey = new Uint8ClampedArray(width * height);
  for (let at = 0; at < grey.length; at += 1) {
    const place = at * 4;
    grey[at] = (data[place]! * 77 + data[place + 1]! * 150 + data[place + 2]! * 29) >> 8;
  }
  return grey;
}
