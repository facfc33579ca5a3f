/** Laboratory orders of a visit with their results, drawn from `content/demo/labs.csv`. */
import type { Random } from './random.ts';
import type { LabRow } from './tables.ts';
import type { LabOrder, LabResult } from './visit.ts';

const POSITIVE = 'Dương tính';
const NEGATIVE = 'Âm tính';

/**
 * The orders under a key; none for ''.
 * @param mean of a test that follows the course of a disease instead of its row
 */
export function labOrders(rows: LabRow[], key: string, random: Random, mean?: number): LabOrder[] {
  const own = rows.filter((row) => row.key === key && key !== '');
  return [...new Set(own.map((row) => row.service))].flatMap((service) => {
    const tests = own.filter((row) => row.service === service);
    if (!random.chance(tests[0]!.percent / 100)) return [];
    return [{ service, results: tests.map((row) => resultOf(row, random, mean)) }];
  });
}

function resultOf(row: LabRow, random: Random, mean?: number): LabResult {
  if (row.positivePercent !== null) {
    return { test: row.test, value: random.chance(row.positivePercent / 100) ? POSITIVE : NEGATIVE };
  }
  const drawn = mean ?? random.normal(row.mean, row.deviation);
  return { test: row.test, value: Number(drawn.toFixed(row.decimals)) };
}
