/** ADX (IHE QRPH Aggregate Data Exchange) as lines: what a system that counts for itself sends. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export interface AdxLine {
  /** Which dataValue of the file it is, from 1. */
  line: number;
  unit: string;
  /** As written: `2026-10-01/P1M`. */
  period: string;
  form: string;
  cell: string;
  value: string;
}

interface XmlGroup {
  '@_orgUnit'?: string;
  '@_period'?: string;
  '@_dataSet'?: string;
  dataValue?: { '@_dataElement'?: string; '@_value'?: string }[];
}

/** Null for a text that is no ADX. No entity of the file is followed. */
export function adxLines(text: string): AdxLine[] | null {
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) return null;
  const parser = new XMLParser({
    ignoreAttributes: false,
    parseAttributeValue: false,
    removeNSPrefix: true,
    isArray: (tag) => tag === 'group' || tag === 'dataValue',
  });
  const adx = (parser.parse(text) as { adx?: { group?: XmlGroup[] } | '' }).adx;
  if (adx === undefined) return null;
  let line = 0;
  return (adx === '' ? [] : (adx.group ?? [])).flatMap((group) =>
    (group.dataValue ?? []).map((value): AdxLine => {
      line += 1;
      return {
        line,
        unit: group['@_orgUnit'] ?? '',
        period: group['@_period'] ?? '',
        form: group['@_dataSet'] ?? '',
        cell: value['@_dataElement'] ?? '',
        value: value['@_value'] ?? '',
      };
    }),
  );
}

/** `2026-10-01/P1M` → `2026-10`, also `2026-10` itself; '' for an interval that is no month, quarter or year. */
export function periodOfAdx(text: string): string {
  const [, year = '', month = '', length] = /^(\d{4})-(\d{2})-01\/P(1M|3M|1Y)$/.exec(text) ?? [];
  if (length === '1M') return `${year}-${month}`;
  if (length === '3M' && ['01', '04', '07', '10'].includes(month))
    return `${year}-Q${Math.ceil(Number(month) / 3)}`;
  if (length === '1Y' && month === '01') return year;
  return /^\d{4}(-(\d{2}|Q[1-4]))?$/.test(text) ? text : '';
}
