/** What every bench gives back, and how figures are taken. Figures are ratios or quantiles of one run, never a test. */

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The bar the issue sets; the summary says whether it was reached. */
  bar?: { atMost: number } | { atLeast: number };
}

export interface BenchResult {
  bench: string;
  /** Data and command in one sentence. */
  what: string;
  figures: Figure[];
}

/** Whether a figure reaches its bar; null when it has none. */
export function reached(figure: Figure): boolean | null {
  if (!figure.bar) return null;
  return 'atMost' in figure.bar ? figure.value <= figure.bar.atMost : figure.value >= figure.bar.atLeast;
}

/** The value below which a share of the samples lies, nearest rank. `quantile([1,2,3,4], 0.5)` → 2. */
export function quantile(samples: number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/**
 * Runs `work` with so many at once until `total` calls are done.
 * @returns milliseconds of each call and of the whole
 */
export async function inParallel(
  atOnce: number,
  total: number,
  work: (index: number) => Promise<unknown>,
): Promise<{ each: number[]; whole: number }> {
  const each: number[] = [];
  let next = 0;
  const started = performance.now();
  const worker = async () => {
    while (next < total) {
      const index = next++;
      const from = performance.now();
      await work(index);
      each.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { each, whole: performance.now() - started };
}

/** Prints the result as one JSON line for `bench/run.ts`, or as a table for a person. */
export function report(result: BenchResult): void {
  if (process.env.YBA_BENCH_JSON === '1') {
    console.log(JSON.stringify(result));
    return;
  }
  console.log(`${result.bench}: ${result.what}`);
  for (const figure of result.figures) console.log(`  ${figureLine(figure)}`);
}

export function figureLine(figure: Figure): string {
  const bar = figure.bar
    ? 'atMost' in figure.bar
      ? `≤ ${figure.bar.atMost}`
      : `≥ ${figure.bar.atLeast}`
    : '';
  const verdict =
    reached(figure) === null ? '' : reached(figure) ? `(bar ${bar}: reached)` : `(bar ${bar}: NOT reached)`;
  return `${figure.name}: ${Number(figure.value.toPrecision(4))} ${figure.unit} ${verdict}`.trim();
}
