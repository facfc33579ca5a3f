/** From numbers to places on a drawing. Pure. */

export interface Point {
  x: number;
  y: number;
}

export interface LinePoints {
  /** Unbroken runs of points, left to right. */
  line: Point[][];
  /** Top and height of the normal range, within the drawing. */
  band: [number, number] | null;
}

/** Spreads values over a width and height; a single value stands in the middle, equal values lie on the middle line. */
export function linePoints(
  values: readonly (number | null)[],
  normal: readonly number[],
  width: number,
  height: number,
): LinePoints {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return { line: [], band: null };
  const low = Math.min(...known, ...normal);
  const high = Math.max(...known, ...normal);
  const y = (value: number) => (high === low ? height / 2 : height - ((value - low) / (high - low)) * height);
  const x = (index: number) => (values.length === 1 ? width / 2 : (index / (values.length - 1)) * width);
  const line: Point[][] = [];
  let run: Point[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) {
      if (run.length > 0) line.push(run);
      run = [];
    } else run.push({ x: x(index), y: y(value) });
  }
  if (run.length > 0) line.push(run);
  const [from, to] = normal;
  const band: [number, number] | null =
    from !== undefined && to !== undefined ? [y(to), y(from) - y(to)] : null;
  return { line, band };
}

/** A round number at or above the greatest value, for the top of an axis: 1, 2, 5 times a power of ten. */
export function roundTop(greatest: number): number {
  if (greatest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(greatest));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= greatest) ?? 10;
  return step * power;
}
