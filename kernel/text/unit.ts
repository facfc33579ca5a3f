/** Units as people read them. Pure. */

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raised = (digits: string) => [...digits].map((digit) => RAISED[Number(digit)]).join('');

/** UCUM code (https://ucum.org) to text: `10*9/L` → `10⁹/L`, `kg/m2` → `kg/m²`, `mm[Hg]` → `mmHg`; others stay. */
export function unitText(ucum: string): string {
  return ucum
    .replace(/10[*^](\d+)/g, (_, power: string) => `10${raised(power)}`)
    .replace(/\bm([23])\b/g, (_, power: string) => `m${raised(power)}`)
    .replace('mm[Hg]', 'mmHg');
}
