/** The three drawings of a pivot: table, chart of one line over its columns, map of one column or line over units. */
import { useState } from 'react';
import {
  type Bar,
  BarChart,
  formatDate,
  SelectField,
  Stack,
  Table,
  type TableColumn,
  Text,
  t,
} from '../../../web/ui/index.ts';
import type { PivotAnswer } from '../routes-pivot.ts';
import { ageWords, sexWords } from './group-words.ts';
import { IndicatorMap } from './indicator-map.tsx';
import { NumberLink } from './number-link.tsx';
import { NO_NUMBER, numberOf } from './number-of.ts';
import { addressOf, cellOfPivot } from './opened-cell.ts';
import { SeriesChart } from './series-chart.tsx';

type Head = PivotAnswer['rows'][number];

/** The words of a dimension. */
export function dimensionWords(dimension: string): string {
  if (dimension === 'unit') return t('statistics.unit', 'Đơn vị');
  if (dimension === 'period') return t('statistics.period', 'Kỳ');
  if (dimension === 'age') return t('statistics.age', 'Tuổi');
  return dimension === 'sex' ? t('statistics.sex', 'Giới') : t('statistics.form-row', 'Dòng của biểu');
}

/** A line or column in the reader's words. */
function headWords(dimension: string, { key, label }: Head): string {
  if (dimension === 'age') return ageWords(key);
  if (dimension === 'sex') return sexWords(key);
  if (dimension === 'period' && /^\d{4}-\d\d$/.test(key)) return `${key.slice(5)}/${key.slice(0, 4)}`;
  if (key !== '') return label;
  return dimension === 'unit'
    ? t('statistics.units.all', 'Tất cả đơn vị')
    : t('statistics.periods.all', 'Cả kỳ');
}

/** A number of a period that is still being counted, alone or within all periods, is no number yet. */
function isWaiting({ ask, waiting }: PivotAnswer, row: Head, column: Head): boolean {
  if (waiting.length === 0) return false;
  const period = ask.rows === 'period' ? row.key : ask.columns === 'period' ? column.key : '';
  return period === '' || waiting.includes(period);
}

/** A unit that is no more says until when it was there. */
function FormerWords({ former }: { former: NonNullable<Head['former']> }) {
  return (
    <div>
      <Text size={12} tone="soft">
        {t('statistics.pivot.former', 'đến trước {day}; đã cộng vào đơn vị nay', {
          day: formatDate(former.until),
        })}
      </Text>
    </div>
  );
}

export function PivotTableView({ answer }: { answer: PivotAnswer }) {
  const { ask, rows, columns, values, decimals } = answer;
  return (
    <Table
      label={t('statistics.pivot', 'Bảng xoay')}
      rows={rows}
      rowKey={(row) => row.key || 'all'}
      columns={[
        {
          key: 'head',
          title: dimensionWords(ask.rows),
          draw: (row) => (
            <div className="st-unit">
              <Text strong={row.key === ''} tone={row.former ? 'soft' : undefined}>
                {headWords(ask.rows, row)}
              </Text>
              {row.former && <FormerWords former={row.former} />}
            </div>
          ),
        },
        ...columns.map(
          (column, across): TableColumn<Head> => ({
            key: column.key || 'all',
            title: column.former
              ? `${headWords(ask.columns, column)} (→ ${formatDate(column.former.until)})`
              : headWords(ask.columns, column),
            align: 'right',
            draw: (row, at) =>
              isWaiting(answer, row, column) ? (
                <span title={t('statistics.pivot.waiting.cell', 'đang đếm')}>…</span>
              ) : (
                <PivotNumber answer={answer} row={row} column={column}>
                  {numberOf(values[at]![across] ?? null, decimals)}
                </PivotNumber>
              ),
          }),
        ),
      ]}
    />
  );
}

/** A number that is a cell of one report opens it, with the people behind. */
function PivotNumber(props: { answer: PivotAnswer; row: Head; column: Head; children: string }) {
  const { answer, row, column, children } = props;
  const cell = children === NO_NUMBER ? null : cellOfPivot(answer, row, column);
  return cell === null ? <span>{children}</span> : <NumberLink to={addressOf(cell)}>{children}</NumberLink>;
}

/** One line over the columns: months as a series, everything else as bars. */
export function PivotChart({ answer }: { answer: PivotAnswer }) {
  const { ask, rows, columns, values, decimals } = answer;
  const [chosen, setChosen] = useState('');
  const at = Math.max(
    0,
    rows.findIndex(({ key }) => key === chosen),
  );
  const name = headWords(ask.rows, rows[at]!);
  const own = columns
    .map((column, across) => ({ column, value: values[at]![across] ?? null }))
    .filter(({ column }) => column.key !== '' || columns.length === 1);
  const parts = ask.rows === 'unit' ? partsOf(answer, rows[at]!) : [];
  const isSeries = ask.columns === 'period' && /^\d{4}-\d\d$/.test(own[0]?.column.key ?? '');
  return (
    <Stack>
      {rows.length > 1 && (
        <SelectField
          label={dimensionWords(ask.rows)}
          name="line"
          value={rows[at]!.key || 'all'}
          onChange={(value) => setChosen(value === 'all' ? '' : value)}
          choices={rows.map((row) => ({ value: row.key || 'all', label: headWords(ask.rows, row) }))}
        />
      )}
      {isSeries ? (
        <SeriesChart
          label={name}
          periods={own.map(({ column }) => column.key)}
          now={{ name, values: own.map(({ value }) => value) }}
          former={parts.map(({ head, line }) => ({
            name: head.label,
            values: own.map(({ column }) => line[columns.indexOf(column)] ?? null),
          }))}
          changes={[...new Set(parts.map(({ head }) => head.former!.until))]}
          decimals={decimals}
        />
      ) : (
        <BarChart
          label={name}
          bars={own.flatMap(({ column, value }): Bar[] =>
            value === null ? [] : [{ label: headWords(ask.columns, column), value }],
          )}
        />
      )}
    </Stack>
  );
}

/** The units of which a unit was made, with their own lines. */
function partsOf({ rows, values }: PivotAnswer, unit: Head): { head: Head; line: (number | null)[] }[] {
  return rows.flatMap((head, at) =>
    head.former?.into.includes(unit.key) ? [{ head, line: values[at]! }] : [],
  );
}

/** Units in their places, of one key of the other dimension. */
export function PivotMap({ answer }: { answer: PivotAnswer }) {
  const { ask, rows, columns, values, decimals, unitCodes } = answer;
  const byRow = ask.rows === 'unit';
  const [units, others] = byRow ? [rows, columns] : [columns, rows];
  const dimension = byRow ? ask.columns : ask.rows;
  const [chosen, setChosen] = useState(others[0]!.key);
  const other = Math.max(
    0,
    others.findIndex(({ key }) => key === chosen),
  );
  const shown = new Map(
    units.flatMap(({ key, former }, at): [string, number | null][] =>
      key === '' || former
        ? []
        : [[unitCodes[key] ?? '', (byRow ? values[at]![other] : values[other]![at]) ?? null]],
    ),
  );
  return (
    <Stack>
      {others.length > 1 && (
        <SelectField
          label={dimensionWords(dimension)}
          name="shown"
          value={chosen || 'all'}
          onChange={(value) => setChosen(value === 'all' ? '' : value)}
          choices={others.map((one) => ({ value: one.key || 'all', label: headWords(dimension, one) }))}
        />
      )}
      <div className="st-pivot-map">
        <IndicatorMap label={headWords(dimension, others[other]!)} values={shown} decimals={decimals} />
      </div>
    </Stack>
  );
}
