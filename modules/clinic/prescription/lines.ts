/** Typed prescription lines → lines with schedule, quantity and words; every fault at its cell. Pure. */
import {
  amount,
  type DayLimit,
  formatAmount,
  isZero,
  type Packing,
  parseAmount,
  quantityFor,
  quantityText,
  type Schedule,
  TIMES_OF_DAY,
  usageText,
} from '../../../engines/rules/index.ts';
import type { Content, Row } from '../../../kernel/content/content.ts';
import type { DoseKey, LineView } from '../contract.ts';
import type { Fields } from '../fields.ts';

export interface Line {
  medicine: Row;
  route: { code: string; display: string; verb: string };
  packing: Packing;
  schedule: Schedule;
  quantity: number;
  advice: string;
}

const MOST_LINES = 30;
const MOST_UNITS = 2000;

/** Reads `body.lines`. Faults name the cell: `lines[2].morning`. */
export function readLines(
  body: Record<string, unknown>,
  fields: Fields,
  context: { content: Content; day: string; limit: DayLimit },
): Line[] {
  const given = fields.list(body, 'lines');
  if (given.length === 0) fields.fault('lines', 'Đơn chưa có thuốc nào.', 'The prescription has no line.');
  if (given.length > MOST_LINES)
    fields.fault('lines', `Tối đa ${MOST_LINES} dòng.`, `At most ${MOST_LINES} lines.`);
  const medicines = new Map(
    context.content.inForce('drug/medicines', context.day).map((row) => [row.code!, row]),
  );
  const routes = new Map(context.content.inForce('drug/routes', context.day).map((row) => [row.code!, row]));
  return given.slice(0, MOST_LINES).flatMap((one, index) => {
    const place = (name: string) => `lines[${index}].${name}`;
    const medicine = medicines.get(fields.text(one, 'medicine', place('medicine')));
    if (!medicine) {
      fields.fault(place('medicine'), 'Thuốc không có trong danh mục còn hiệu lực.', 'Unknown medicine.');
      return [];
    }
    if (medicine.special_control !== '') {
      fields.fault(
        place('medicine'),
        `${medicine.name} là thuốc ${medicine.special_control}: phải kê đơn mẫu riêng (TT 26/2025 Phụ lục II, III).`,
        `${medicine.name} needs the prescription form for controlled medicines.`,
      );
    }
    const line = readLine(one, medicine, routes.get(medicine.route!), place, fields, context.limit);
    return line ? [line] : [];
  });
}

function readLine(
  one: Record<string, unknown>,
  medicine: Row,
  route: Row | undefined,
  place: (name: string) => string,
  fields: Fields,
  limit: DayLimit,
): Line | null {
  const days = readDays(one, place('days'), fields, limit);
  const packing = {
    doseUnit: medicine.dose_unit!,
    unit: medicine.unit!,
    dosePerUnit: Number(medicine.dose_per_unit),
  };
  const schedule =
    packing.doseUnit === ''
      ? readTimes(one, days, place, fields)
      : readDoses(one, medicine, days, place, fields);
  const quantity = schedule ? readQuantity(one, schedule, packing, place('quantity'), fields) : null;
  if (!schedule || quantity === null || days === null) return null;
  return {
    medicine,
    route: { code: medicine.route!, display: route?.name_vi ?? '', verb: route?.verb ?? 'dùng' },
    packing,
    schedule,
    quantity,
    advice: fields.text(one, 'advice', place('advice')),
  };
}

function readDays(
  one: Record<string, unknown>,
  place: string,
  fields: Fields,
  limit: DayLimit,
): number | null {
  const days = fields.number(one, 'days', place);
  if (days === null || !Number.isInteger(days) || days < 1) {
    fields.fault(place, 'Ghi số ngày dùng, từ 1 trở lên.', 'State the number of days, at least 1.');
    return null;
  }
  if (days <= limit.days) return days;
  fields.fault(
    place,
    `${days} ngày là quá dài. ${limit.text} (${limit.source}).`,
    `At most ${limit.days} days.`,
  );
  return null;
}

/** `divisible` of the list: 1 whole only, 2 halves, 4 quarters, 0 any amount (measured in ml). */
function readDoses(
  one: Record<string, unknown>,
  medicine: Row,
  days: number | null,
  place: (name: string) => string,
  fields: Fields,
): Schedule | null {
  const parts = Number(medicine.divisible);
  let broken = days === null;
  const doses = TIMES_OF_DAY.flatMap(({ key }) => {
    const read = parseAmount(fields.text(one, key, place(key)));
    if (read === null) {
      fields.fault(place(key), 'Ghi số, ví dụ 1 hoặc 1/2 hoặc 0,5.', 'Write a number such as 1, 1/2 or 0.5.');
      broken = true;
    } else if (parts > 0 && parts % read.d !== 0) {
      const part =
        parts === 1 ? 'không chia nhỏ được' : `chỉ chia được tới ${formatAmount(amount(1, parts))}`;
      fields.fault(
        place(key),
        `${medicine.name} (${medicine.form}) ${part}.`,
        `${medicine.name} cannot be divided so.`,
      );
      broken = true;
    }
    return read === null || isZero(read) ? [] : [{ at: key, amount: read }];
  });
  if (!broken && doses.length === 0) {
    fields.fault(
      place('morning'),
      'Ghi liều ít nhất một buổi.',
      'State a dose for at least one time of day.',
    );
    return null;
  }
  return broken || days === null ? null : { kind: 'doses', doses, days };
}

function readTimes(
  one: Record<string, unknown>,
  days: number | null,
  place: (name: string) => string,
  fields: Fields,
): Schedule | null {
  const perDay = fields.number(one, 'perDay', place('perDay'));
  if (perDay === null || !Number.isInteger(perDay) || perDay < 1 || perDay > 24) {
    fields.fault(place('perDay'), 'Ghi số lần dùng trong ngày.', 'State how many times a day.');
    return null;
  }
  return days === null ? null : { kind: 'times', perDay, days };
}

/** Computed wherever the dose is exact; otherwise stated by the prescriber. */
function readQuantity(
  one: Record<string, unknown>,
  schedule: Schedule,
  packing: Packing,
  place: string,
  fields: Fields,
): number | null {
  const quantity = quantityFor(schedule, packing) ?? fields.number(one, 'quantity', place);
  if (quantity === null || !Number.isInteger(quantity) || quantity < 1) {
    fields.fault(place, `Ghi số lượng (${packing.unit}).`, `State the quantity (${packing.unit}).`);
    return null;
  }
  if (quantity <= MOST_UNITS) return quantity;
  fields.fault(place, `${quantity} ${packing.unit} là quá nhiều. Xem lại liều.`, `${quantity} is too much.`);
  return null;
}

export function lineView(line: Line): LineView {
  return {
    medicine: line.medicine.code!,
    name: line.medicine.name!,
    ingredients: line.medicine.ingredient_names!,
    strength: line.medicine.strength!,
    unit: line.packing.unit,
    quantity: line.quantity,
    quantityText: quantityText(line.quantity),
    usage: usageText(line.schedule, line.packing, line.route.verb),
    advice: line.advice,
    insured: line.medicine.insured === '1',
  };
}

export const DOSE_KEYS: readonly DoseKey[] = TIMES_OF_DAY.map((time) => time.key);
