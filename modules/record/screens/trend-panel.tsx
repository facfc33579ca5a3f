/** Repeated numbers with their line: the newest value, the usual range, how it moved. */
import {
  Badge,
  Empty,
  formatDate,
  formatNumber,
  Loaded,
  Num,
  Panel,
  Row,
  Sparkline,
  Table,
  Text,
  t,
  useQuery,
} from '../../../web/ui/index.ts';
import type { Trend } from '../trends.ts';

interface Trends {
  trends: Trend[];
  complete: boolean;
}

const SHOWN = 12;

export function TrendPanel({ patient }: { patient: string }) {
  const read = useQuery<Trends>(['trends', patient], `/api/record/${encodeURIComponent(patient)}/trends`);
  return (
    <Panel title={t('record.trends', 'Diễn biến chỉ số')} flush>
      <Loaded read={read}>
        {({ trends, complete }) =>
          trends.length === 0 ? (
            <Empty title={t('record.trends.none', 'Chưa có chỉ số nào được đo từ hai lần')}>
              {t('record.trends.none.hint', 'Huyết áp, cân nặng, đường huyết… sẽ thành đường khi đo lại.')}
            </Empty>
          ) : (
            <>
              <Table
                label={t('record.trends', 'Diễn biến chỉ số')}
                columns={[
                  {
                    key: 'name',
                    title: t('record.trend.name', 'Chỉ số'),
                    draw: (trend: Trend) => trend.name,
                  },
                  { key: 'last', title: t('record.trend.last', 'Gần nhất'), draw: lastValue, width: '170px' },
                  { key: 'line', title: t('record.trend.line', 'Diễn biến'), draw: line, width: '140px' },
                  {
                    key: 'range',
                    title: t('record.trend.range', 'Khoảng tham chiếu'),
                    draw: range,
                    width: '150px',
                  },
                  { key: 'when', title: t('record.trend.when', 'Ngày đo'), draw: lastDay, width: '120px' },
                ]}
                rows={trends}
                rowKey={(trend) => `${trend.code}|${trend.unit}`}
              />
              {!complete && (
                <Text tone="soft">{t('record.trends.cut', 'Chỉ tính trên 500 chỉ số gần nhất.')}</Text>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function lastValue(trend: Trend) {
  const point = trend.points.at(-1)!;
  const above = trend.high !== null && point.value > trend.high;
  const below = trend.low !== null && point.value < trend.low;
  return (
    <Row>
      <Num>
        {formatNumber(point.value)} {trend.unit}
      </Num>
      {above && <Badge tone="look">{t('record.flag.high', 'Cao')}</Badge>}
      {below && <Badge tone="look">{t('record.flag.low', 'Thấp')}</Badge>}
    </Row>
  );
}

function line(trend: Trend) {
  const points = trend.points.slice(-SHOWN);
  const normal = trend.low !== null && trend.high !== null ? ([trend.low, trend.high] as const) : undefined;
  return (
    <Sparkline
      values={points.map((point) => point.value)}
      normal={normal}
      label={`${trend.name}: ${points.map((point) => formatNumber(point.value)).join(' → ')}`}
    />
  );
}

function range(trend: Trend) {
  if (trend.low === null && trend.high === null) return '–';
  if (trend.low === null) return `≤ ${formatNumber(trend.high!)}`;
  if (trend.high === null) return `≥ ${formatNumber(trend.low)}`;
  return `${formatNumber(trend.low)} – ${formatNumber(trend.high)}`;
}

const lastDay = (trend: Trend) => formatDate(trend.points.at(-1)!.at.slice(0, 10));
