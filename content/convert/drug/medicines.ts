/** The formulary of the demo units, and the route list with what each route means for checking. */
import type { Ingredients } from './ingredients.ts';
import { type Cells, readInput, readTable } from './tables.ts';

export const MEDICINE_COLUMNS = [
  'code',
  'name',
  'ingredients',
  'ingredient_names',
  'strength',
  'amounts_mg',
  'form',
  'dose_unit',
  'unit',
  'dose_per_unit',
  'divisible',
  'route',
  'registration_no',
  'atc',
  'special_control',
  'insured',
  'insurance_code',
  'pay_rate',
  'price',
  'tender',
  'cost_group',
  'source',
  'valid_from',
  'valid_to',
];

/** Prices, tender data and insurance codes are invented for the demo province and say so in `source` and `tender`. */
export function buildMedicines(ingredients: Ingredients): { rows: Cells[]; unmapped: string[] } {
  const unmapped: string[] = [];
  const byCode = new Map(ingredients.rows.map((row) => [row.code!, row]));
  const rows = readInput('formulary').map((row, index) => {
    const codes = row.ingredients!.split(' + ').map((name) => {
      const code = ingredients.codeOf(name);
      if (!code) unmapped.push(name);
      return code ?? '?';
    });
    const known = codes.map((code) => byCode.get(code));
    const number = String(index + 1).padStart(3, '0');
    const insured = row.insured === '1';
    return {
      code: `T${number}`,
      name: row.name!,
      ingredients: codes.join('+'),
      ingredient_names: known.map((one) => one?.name_vi ?? '').join(' + '),
      strength: row.strength!,
      amounts_mg: row.amounts_mg!,
      form: row.form!,
      dose_unit: row.dose_unit!,
      unit: row.unit!,
      dose_per_unit: row.dose_per_unit!,
      divisible: row.divisible!,
      route: row.route!,
      registration_no: row.registration_no || `DEMO-${number}`,
      atc: ingredients.atcOf(codes),
      special_control: known.map((one) => one?.special_control ?? '').find((kind) => kind !== '') ?? '',
      insured: row.insured!,
      insurance_code: insured
        ? codes.map((_, part) => `DEMO.${number}${part ? `-${part + 1}` : ''}`).join('+')
        : '',
      pay_rate: insured ? '100' : '0',
      price: row.price!,
      tender: insured ? '0000/QĐ-DEMO;G1;N4;2026' : '',
      cost_group: '4',
      source: row.registration_no
        ? 'số đăng ký thật (registry-sample); giá trình diễn'
        : 'số đăng ký và giá trình diễn',
      valid_from: '2026-01-01',
      valid_to: '',
    };
  });
  return { rows, unmapped };
}

export const ROUTE_COLUMNS = [
  'code',
  'name_vi',
  'group',
  'route_group',
  'systemic',
  'verb',
  'source',
  'valid_from',
  'valid_to',
];

/** Routes whose medicine acts where it is put: eye, ear, nose, skin, mouth rinse. The others reach the blood. */
const LOCAL = new Set(
  '3.01 3.02 3.04 3.05 5.07 5.08 5.09 5.10 6.01 6.02 6.03 6.04 9.01 9.02 9.05 9.06 9.08 9.10 4.01 4.05'.split(
    ' ',
  ),
);
const GROUPS: Record<string, string> = {
  '1': 'oral',
  '2': 'injection',
  '3': 'skin',
  '4': 'cavity',
  '5': 'airway',
  '6': 'eye-ear',
  '9': 'other',
};
const VERBS: Record<string, string> = {
  '1.01': 'uống',
  '1.02': 'ngậm',
  '1.03': 'nhai',
  '1.04': 'đặt dưới lưỡi',
  '1.05': 'ngậm dưới lưỡi',
  '3.01': 'bôi',
  '3.02': 'xoa',
  '3.03': 'dán',
  '4.01': 'đặt âm đạo',
  '4.02': 'đặt hậu môn',
  '5.05': 'khí dung',
  '5.10': 'nhỏ mũi',
  '6.01': 'nhỏ mắt',
  '6.02': 'tra mắt',
  '6.04': 'nhỏ tai',
};
const GROUP_VERBS: Record<string, string> = { '2': 'tiêm', '3': 'dùng ngoài', '4': 'đặt', '5': 'hít' };

export function buildRoutes(shared: string): Cells[] {
  return readTable(shared, 'data/drug/duong-dung.csv').map((row) => ({
    code: row.code!,
    name_vi: row.name_vi!,
    group: row.group!,
    route_group: GROUPS[row.code!.charAt(0)] ?? 'other',
    systemic: LOCAL.has(row.code!) ? '0' : '1',
    verb: VERBS[row.code!] ?? GROUP_VERBS[row.code!.charAt(0)] ?? 'dùng',
    source: 'QĐ 5086/QĐ-BYT và 7603/QĐ-BYT; cột systemic biên soạn',
    valid_from: '2021-11-04',
    valid_to: '',
  }));
}
