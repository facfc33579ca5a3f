/**
 * The Ministry's list of contraindicated pairs (Decision 5948/QĐ-BYT, 30/12/2021). A side is one ingredient, or several
 * joined by "+" that must all be taken (a boosted or fixed combination). Wash-out and route limits are read from the
 * management text; nothing is added that the text does not say.
 */
import { foldText } from '../../../kernel/text/fold.ts';
import type { Ingredients } from './ingredients.ts';
import { type Cells, readTable } from './tables.ts';

export const PAIR_COLUMNS = [
  'no',
  'a',
  'b',
  'name_a',
  'name_b',
  'route_a',
  'route_b',
  'washout_days_a',
  'washout_days_b',
  'severity',
  'mechanism_vi',
  'consequence_vi',
  'management_vi',
  'source',
  'valid_from',
  'valid_to',
];

/** @returns rows and the names that could not be mapped (must be none) */
export function buildPairs(shared: string, ingredients: Ingredients): { rows: Cells[]; unmapped: string[] } {
  const unmapped: string[] = [];
  const side = (name: string): string => {
    const codes = name.split('/').map((part) => {
      const code = ingredients.codeOf(part);
      if (!code) unmapped.push(part);
      return code ?? '?';
    });
    return [...new Set(codes)].join('+');
  };
  const rows = readTable(shared, 'data/drug/ddi-contraindicated-moh-5948-2021.csv').map((row) => {
    const names = [row.ingredient_a!, row.ingredient_b!] as const;
    const text = oneLine(row.management_vi!);
    const washout = washoutDays(text, names);
    const route = oralOnly(text, names);
    return {
      no: row.no!,
      a: side(names[0]),
      b: side(names[1]),
      name_a: names[0],
      name_b: names[1],
      route_a: route[0],
      route_b: route[1],
      washout_days_a: washout[0],
      washout_days_b: washout[1],
      severity: row.severity!,
      mechanism_vi: oneLine(row.mechanism_vi!),
      consequence_vi: oneLine(row.consequence_vi!),
      management_vi: text,
      source: `QĐ 5948/QĐ-BYT ngày 30/12/2021, dòng ${row.no}`,
      valid_from: '2021-12-30',
      valid_to: '',
    };
  });
  return { rows, unmapped };
}

type Sides = readonly [string, string];

/** Days that must pass after the last dose of side a (or b) before the other may begin; '' = none stated. */
export function washoutDays(text: string, names: Sides): Sides {
  const both = /cách nhau (?:ít nhất )?(\d+) (giờ|ngày|tuần)/u.exec(text);
  const days: [number, number] = [0, 0];
  const raise = (index: number, value: number) => {
    days[index as 0 | 1] = Math.max(days[index as 0 | 1], value);
  };
  if (both) for (const index of [0, 1]) raise(index, inDays(both[1]!, both[2]!));
  for (const found of text.matchAll(/sau khi ngừng ([^.;]{3,60}?) ít nhất (\d+) (giờ|ngày|tuần)/gu)) {
    for (const index of sidesNamed(found[1]!, names)) raise(index, inDays(found[2]!, found[3]!));
  }
  for (const found of text.matchAll(
    /trong vòng (\d+) (ngày) (?:trước đó|gần đây) có sử dụng ([^.;]{3,40})/gu,
  )) {
    for (const index of sidesNamed(found[3]!, names)) raise(index, inDays(found[1]!, found[2]!));
  }
  return [days[0] ? String(days[0]) : '', days[1] ? String(days[1]) : ''];
}

function inDays(amount: string, unit: string): number {
  if (unit === 'tuần') return Number(amount) * 7;
  return unit === 'giờ' ? Math.ceil(Number(amount) / 24) : Number(amount);
}

/** Sides that the pair concerns only when swallowed, as the management text says. */
function oralOnly(text: string, names: Sides): Sides {
  const route: [string, string] = ['', ''];
  for (const found of text.matchAll(/(\p{L}+) \(?sử dụng đường uống/gu)) {
    for (const index of sidesNamed(found[1]!, names)) route[index] = 'oral';
  }
  if (/chuyển sang sử dụng kali đường tĩnh mạch/u.test(text)) {
    for (const index of sidesNamed('kali clorid', names)) route[index] = 'oral';
  }
  return route;
}

function sidesNamed(text: string, names: Sides): (0 | 1)[] {
  const folded = foldText(text);
  const isNamed = (name: string) => name.split('/').some((part) => folded.includes(foldText(part)));
  return ([0, 1] as const).filter((index) => isNamed(names[index]));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
