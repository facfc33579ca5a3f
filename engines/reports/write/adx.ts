/**
 * Numbers as ADX (IHE QRPH Aggregate Data Exchange): one group for a unit and a period, one dataValue for each cell that has a number.
 * The attributes `orgUnit`, `period`, `dataSet`, `exported` and `dataElement`, `value` are those of the profile's mandatory schema.
 */
import { escaped } from './xml.ts';

export interface AdxGroup {
  unit: string;
  /** First day and length as ISO 8601: `2026-10-01/P1M`. */
  period: string;
  form: string;
  /** At least one: the schema knows no group without. */
  values: readonly { cell: string; value: number; comment?: string }[];
}

/** @param exported instant with its zone */
export function adx(groups: readonly AdxGroup[], exported: string): string {
  const parts = groups.map(({ unit, period, form, values }) => {
    const lines = values.map(
      ({ cell, value, comment }) =>
        `    <dataValue dataElement="${escaped(cell)}" value="${decimal(value)}"${comment ? `><annotation>${escaped(comment)}</annotation></dataValue>` : '/>'}`,
    );
    return `  <group orgUnit="${escaped(unit)}" period="${escaped(period)}" dataSet="${escaped(form)}">\n${lines.join('\n')}\n  </group>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<adx xmlns="urn:ihe:qrph:adx:2015" exported="${escaped(exported)}">\n${parts.join('\n')}\n</adx>\n`;
}

/** As xs:decimal writes it, which knows no exponent: `1e-7` → `0.0000001`. */
function decimal(value: number): string {
  const plain = String(value);
  if (!plain.includes('e')) return plain;
  return Number.isInteger(value)
    ? BigInt(value).toString()
    : value.toFixed(MOST_DIGITS).replace(/\.?0+$/, '');
}

const MOST_DIGITS = 20;

/** The ISO interval of a period: `2026-10` → `2026-10-01/P1M`. */
export function adxPeriod(start: string, kind: 'month' | 'quarter' | 'year'): string {
  return `${start}/${{ month: 'P1M', quarter: 'P3M', year: 'P1Y' }[kind]}`;
}
