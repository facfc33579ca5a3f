/** Indicators: one at a time, by unit and month, on the map, with its definition and what it is made of. */
import { useEffect, useState } from 'react';
import {
  Badge,
  Columns,
  Facts,
  FileLink,
  formatDate,
  formatNumber,
  Loaded,
  language,
  Page,
  Panel,
  Row,
  refresh,
  SelectField,
  Stack,
  Table,
  type TableColumn,
  Tabs,
  Text,
  t,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { IndicatorValue } from '../indicators.ts';
import type { DictionaryEntry, IndicatorAnswer } from '../routes-indicators.ts';
import { whyWords, wordsOf } from './group-words.ts';
import { IndicatorGroups } from './indicator-groups.tsx';
import { IndicatorMap } from './indicator-map.tsx';
import { NumberLink } from './number-link.tsx';
import { numberOf } from './number-of.ts';
import { addressOf, cellOfNumerator } from './opened-cell.ts';
import { SeriesChart } from './series-chart.tsx';
import './statistics.css';

export default function IndicatorsScreen() {
  const dictionary = useQuery<{ rows: DictionaryEntry[] }>(['indicators'], '/api/statistics/indicators');
  const [chosen, setChosen] = useUrlState('chi-so', '');
  const [view, setView] = useUrlState('xem', 'thang');
  const rows = dictionary.data?.rows ?? [];
  const key = chosen || rows[0]?.key || '';
  const read = useQuery<IndicatorAnswer>(
    ['indicator', key],
    key && view !== 'nhom' ? `/api/statistics/indicators/${key}` : null,
  );
  return (
    <Page
      title={t('statistics.indicators', 'Chỉ số y tế')}
      beside={
        <SelectField
          label={t('statistics.indicator', 'Chỉ số')}
          name="indicator"
          value={key}
          onChange={(value) => value && setChosen(value)}
          choices={rows.map((row) => ({ value: row.key, label: `${row.code} ${titleOf(row)}` }))}
          bare
          width={420}
        />
      }
      fill
    >
      <Tabs
        label={t('statistics.indicators.views', 'Cách xem')}
        tabs={[
          { key: 'thang', label: t('statistics.by-month', 'Theo tháng') },
          { key: 'nhom', label: t('statistics.by-group', 'Theo tuổi và giới') },
        ]}
        value={view}
        onChange={setView}
      >
        {view === 'nhom' && key !== '' ? (
          <IndicatorGroups indicator={key} />
        ) : (
          <Loaded read={read}>{(answer) => <Indicator answer={answer} />}</Loaded>
        )}
      </Tabs>
    </Page>
  );
}

const titleOf = (row: DictionaryEntry) => (language() === 'en' ? row.titleEn : row.title);

function Indicator({ answer }: { answer: IndicatorAnswer }) {
  const { indicator, units, periods } = answer;
  const [period, setPeriod] = useState(periods.at(-1)!);
  const byPlace = new Map(answer.values.map((value) => [`${value.unit} ${value.period}`, value]));
  const shown = periods.includes(period) ? period : periods.at(-1)!;
  return (
    <Columns widths={['1.7fr', '1fr']} fill>
      <Panel flush fill>
        <div className="st-bar">
          <CountedLine counted={answer.counted} />
          <Row>
            <FileLink href={`/api/statistics/indicators/${indicator.key}/series.csv`}>CSV</FileLink>
            <FileLink href={`/api/statistics/indicators/${indicator.key}/series.xlsx`}>XLSX</FileLink>
          </Row>
        </div>
        <div className="st-scroll" role="region" aria-label={titleOf(indicator)} tabIndex={0}>
          <Table
            label={titleOf(indicator)}
            rows={[
              ...(units.length > 1 ? [{ id: '', name: t('statistics.all-units', 'Toàn tỉnh') }] : []),
              ...units,
            ]}
            rowKey={(unit) => unit.id || 'all'}
            columns={columnsOf(periods.toReversed(), byPlace, indicator)}
          />
        </div>
      </Panel>
      <Panel fill>
        <div className="st-beside" role="region" aria-label={t('statistics.about', 'Về chỉ số')} tabIndex={0}>
          <Stack>
            <UnitSeries answer={answer} />
            {units.length > 1 && (
              <>
                <SelectField
                  label={t('statistics.map.month', 'Tháng trên bản đồ')}
                  name="period"
                  value={shown}
                  onChange={(value) => value && setPeriod(value)}
                  choices={periods.map((month) => ({ value: month, label: monthText(month) }))}
                />
                <IndicatorMap
                  label={titleOf(indicator)}
                  values={
                    new Map(
                      units.map((unit) => [
                        unit.unitCode ?? '',
                        byPlace.get(`${unit.id} ${shown}`)?.value ?? null,
                      ]),
                    )
                  }
                  decimals={indicator.decimals}
                />
              </>
            )}
            <Definition
              indicator={indicator}
              sum={byPlace.get(`${units.length > 1 ? '' : (units[0]?.id ?? '')} ${shown}`)}
            />
          </Stack>
        </div>
      </Panel>
    </Columns>
  );
}

/** One unit, or all of them, over the months; the units of which it was made beside it. */
function UnitSeries({ answer }: { answer: IndicatorAnswer }) {
  const { indicator, units, former, periods } = answer;
  const all = units.length > 1;
  const [chosen, setChosen] = useState('');
  const unit = units.find(({ id }) => id === chosen) ?? (all ? null : units[0]);
  const byPlace = new Map(answer.values.map((value) => [`${value.unit} ${value.period}`, value.value]));
  const parts = unit ? former.filter(({ into }) => into.some(({ to }) => to === unit.id)) : [];
  const name = unit?.name ?? t('statistics.all-units', 'Toàn tỉnh');
  return (
    <>
      {all && (
        <SelectField
          label={t('statistics.chart.unit', 'Đơn vị trên biểu đồ')}
          name="chart-unit"
          value={chosen || 'all'}
          onChange={(value) => setChosen(value === 'all' || !value ? '' : value)}
          choices={[
            { value: 'all', label: t('statistics.all-units', 'Toàn tỉnh') },
            ...units.map(({ id, name: label }) => ({ value: id, label })),
          ]}
        />
      )}
      <SeriesChart
        label={`${titleOf(indicator)}: ${name}`}
        periods={periods}
        now={{ name, values: periods.map((period) => byPlace.get(`${unit?.id ?? ''} ${period}`) ?? null) }}
        former={parts.map(({ unit: { name: old }, values }) => ({
          name: old,
          values: periods.map((period) => values.find((one) => one.period === period)?.value ?? null),
        }))}
        changes={[...new Set(parts.map(({ until }) => until))]}
        decimals={indicator.decimals}
      />
      {parts.length > 0 && (
        <Text size={12} tone="soft">
          {t(
            'statistics.chart.carried',
            'Trước ngày đổi địa giới, số của đơn vị nay là tổng các đơn vị cũ (đơn vị bị chia: theo quy tắc đã ghi); tỷ lệ tính lại từ tổng tử số và tổng mẫu số.',
          )}
        </Text>
      )}
    </>
  );
}

/** How often it is looked whether numbers that are counted for the first time are there, ms. */
const LOOK_AGAIN = 4_000;

/** Kept numbers say when they were counted; those that the record has left behind are being counted again. */
function CountedLine({ counted }: { counted: IndicatorAnswer['counted'] }) {
  useEffect(() => {
    if (counted.missing === 0) return;
    // An answer that is the same as the last one draws nothing anew: the clock goes on by itself.
    const timer = window.setInterval(() => refresh(['indicator']), LOOK_AGAIN);
    return () => window.clearInterval(timer);
  }, [counted.missing]);
  if (counted.made === null && counted.missing === 0) return null;
  return (
    <div className="st-counted" aria-live="polite">
      {counted.made !== null && (
        <span>
          {t('statistics.as-of', 'Số đếm lúc {at}', {
            at: `${counted.made.slice(11, 16)} ${formatDate(counted.made.slice(0, 10))}`,
          })}
        </span>
      )}
      {counted.missing > 0 && (
        <span>
          {t(
            'statistics.counting.first',
            'Đang đếm lần đầu: còn {n} số của tháng. Số hiện dần ở đây; rời trang này việc đếm vẫn chạy.',
            { n: formatNumber(counted.missing) },
          )}
        </span>
      )}
      {counted.stale > 0 && counted.problem === null && (
        <span>
          {t('statistics.counting', '{n} số của tháng đang được đếm lại; mở lại trang để thấy số mới', {
            n: counted.stale,
          })}
        </span>
      )}
      {counted.problem !== null && (
        <span>{t('statistics.counting.failed', 'Lần đếm lại vừa rồi không xong; số cũ vẫn được giữ')}</span>
      )}
    </div>
  );
}

/** @param periods as they stand: the newest beside the unit's name, so that a narrow screen shows it */
function columnsOf(
  periods: readonly string[],
  values: ReadonlyMap<string, IndicatorValue>,
  indicator: DictionaryEntry,
): TableColumn<{ id: string; name: string }>[] {
  return [
    {
      key: 'unit',
      title: t('statistics.unit', 'Đơn vị'),

      draw: (unit) => (
        <div className="st-unit">
          <Text strong={unit.id === ''}>{unit.name}</Text>
        </div>
      ),
    },
    ...periods.map(
      (period): TableColumn<{ id: string; name: string }> => ({
        key: period,
        title: monthText(period),
        align: 'right',
        draw: (unit) => {
          const value = values.get(`${unit.id} ${period}`);
          const sides = value
            ? `${numberOf(value.numerator, 0)} / ${numberOf(value.denominator, 0)}`
            : undefined;
          if (value?.value === null || value === undefined)
            return <span title={sides}>{whyWords(value?.why)}</span>;
          const cell = cellOfNumerator(indicator.numerator, unit.id, period);
          const text = numberOf(value.value, indicator.decimals);
          return cell === null ? (
            <span title={sides}>{text}</span>
          ) : (
            <NumberLink to={addressOf(cell)} title={sides}>
              {text}
            </NumberLink>
          );
        },
      }),
    ),
  ];
}

function Definition({ indicator, sum }: { indicator: DictionaryEntry; sum: IndicatorValue | undefined }) {
  const en = language() === 'en';
  return (
    <Facts
      items={[
        [t('statistics.definition', 'Định nghĩa'), en ? indicator.definitionEn : indicator.definition],
        [
          t('statistics.numerator', 'Tử số'),
          `${wordsOf(indicator).numerator}${sum ? ` = ${numberOf(sum.numerator, 0)}` : ''}`,
        ],
        [
          t('statistics.denominator', 'Mẫu số'),
          `${denominatorWords(indicator)}${sum ? ` = ${numberOf(sum.denominator, 0)}` : ''}`,
        ],
        [t('statistics.factor', 'Hệ số'), formatNumber(indicator.factor)],
        [t('statistics.source', 'Căn cứ'), indicator.source],
        [
          t('statistics.sure', 'Độ chắc'),
          <Badge key="status" tone="look">
            {en ? indicator.status : sureWords(indicator.status)}
          </Badge>,
        ],
      ]}
    />
  );
}

const monthText = (month: string) => `${month.slice(5)}/${month.slice(0, 4)}`;

/** What the numerator is divided by, with what is done to the people: a month takes a twelfth of them. */
function denominatorWords(entry: DictionaryEntry): string {
  const { denominator, yearly } = entry;
  const share = typeof denominator === 'string' ? 1 : (denominator.share ?? 1);
  return [
    wordsOf(entry).denominator ?? t('statistics.population', 'dân số của xã'),
    ...(share === 1 ? [] : [`× ${formatNumber(share)}`]),
    ...(yearly ? [t('statistics.twelfth', '÷ 12 tháng')] : []),
  ].join(' ');
}

/** How sure a definition is (content/README.md), for those who read Vietnamese. */
function sureWords(status: string): string {
  if (status.startsWith('official')) return t('statistics.sure-official', 'theo bản đã ban hành');
  if (status.startsWith('secondary')) return t('statistics.sure-secondary', 'theo nguồn thứ cấp');
  if (status.startsWith('compiled')) return t('statistics.sure-compiled', 'biên soạn, chưa đối chiếu');
  return t('statistics.sure-memory', 'theo trí nhớ, chưa kiểm chứng');
}
