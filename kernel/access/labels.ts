/** Which codes are sensitive, read from content `access/sensitivity`. Pure. */
import type { Content, Row } from '../content/content.ts';
import { isCategory, type LabelRule } from '../store/search/labels.ts';

/** Rules in force on an ISO date. Throws a plain Error on a row of no category: a faulty table is a defect of the delivery. */
export function readLabels(content: Content, day: string): LabelRule[] {
  return content.inForce('access/sensitivity', day).map((row) => {
    const fault = labelFault(row);
    if (fault !== null) throw new Error(`access/sensitivity.csv: ${fault}`);
    const { category, system, codes } = row as {
      category: LabelRule['category'];
      system: string;
      codes: string;
    };
    return { category, system, codes: codes.split(' ') };
  });
}

const CODE = /^[A-Za-z0-9.\-_/]+\*?$/;

/** What is wrong with a row; null when nothing is. */
export function labelFault({ category = '', system = '', codes = '' }: Row): string | null {
  if (!isCategory(category)) return `"${category}" is no category`;
  if (!/^(https?:\/\/|urn:)\S+$/.test(system)) return `"${system}" is no code system`;
  const wrong = codes.split(' ').find((code) => !CODE.test(code));
  return wrong === undefined
    ? null
    : `"${wrong}" is no code, beginning (B20*) or range (F00-F99) of ${system}`;
}
