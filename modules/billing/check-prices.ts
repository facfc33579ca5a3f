/** What is wrong with the price lists: a price that is no number would be found by the first cashier. Pure. */
import type { Content, Row } from '../../kernel/content/content.ts';

export interface PriceFault {
  /** Table and code, `prices/services TYT.1899`. */
  where: string;
  text: string;
  textVi: string;
}

const AMOUNT = /^\d+(\.\d+)?$/;
const HIGHEST_RATE = 100;
/** Columns with an amount of money, and columns with percent. */
const COLUMNS: Record<string, { amounts: string[]; percents: string[] }> = {
  'prices/services': { amounts: ['price', 'insured_price'], percents: ['insured_rate'] },
  'prices/medicines': { amounts: ['price'], percents: ['insured_rate'] },
};

export function checkPrices(content: Content): PriceFault[] {
  const classes = new Set(content.table('prices/facility-classes').map(({ price_class: one }) => one));
  return Object.entries(COLUMNS).flatMap(([table, columns]) => {
    const rows = content.table(table);
    return [...rows.flatMap((row) => rowFaults(table, row, columns, classes)), ...twice(table, rows)];
  });
}

function rowFaults(
  table: string,
  row: Row,
  { amounts, percents }: { amounts: string[]; percents: string[] },
  classes: ReadonlySet<string | undefined>,
): PriceFault[] {
  const say = (text: string, textVi: string): PriceFault => ({ where: placeOf(table, row), text, textVi });
  const isAmount = (name: string) => AMOUNT.test(row[name] ?? '');
  const isPercent = (name: string) => isAmount(name) && Number(row[name]) <= HIGHEST_RATE;
  return [
    ...[...amounts.filter((name) => !isAmount(name)), ...percents.filter((name) => !isPercent(name))].map(
      (name) =>
        say(
          `${name} is "${row[name] ?? ''}": digits alone, with a point for decimals${percents.includes(name) ? ', 100 at most' : ''}`,
          `cột ${name} ghi “${row[name] ?? ''}”: chỉ ghi chữ số, phần lẻ sau dấu chấm${percents.includes(name) ? ', không quá 100' : ', không chấm hàng nghìn, không ghi đ'}`,
        ),
    ),
    ...((row.code ?? '').trim() === '' ? [say('has no code', 'thiếu mã (cột code)')] : []),
    ...(classes.has(row.price_class)
      ? []
      : [
          say(
            `"${row.price_class}" is no price class of prices/facility-classes`,
            `không có hạng giá “${row.price_class}”: các hạng là ${[...classes].join(', ')}`,
          ),
        ]),
  ];
}

/** Two prices of one thing that begin on one day: nobody could say which one is asked. Of others the newest that has begun counts. */
function twice(table: string, rows: readonly Row[]): PriceFault[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const key = `${row.price_class} ${row.code} ${row.valid_from}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew
      ? []
      : [
          {
            where: placeOf(table, row),
            text: `has two prices from ${row.valid_from || 'ever'} on: a new price begins on a day of its own`,
            textVi: `có hai giá cùng bắt đầu ngày ${row.valid_from || '(để trống)'}: giá mới phải có ngày bắt đầu (valid_from) riêng`,
          },
        ];
  });
}

const placeOf = (table: string, { price_class: own, code }: Row) => `${table} ${own ?? ''} ${code ?? ''}`;
