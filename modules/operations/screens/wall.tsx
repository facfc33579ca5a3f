/** The province's wall: numbers with their trend and age, the map in the middle, alerts at the right. Pushed, dark, read at 5 m. */
import { useEffect, useState } from 'react';
import {
  AgeOfData,
  Badge,
  Failed,
  formatDate,
  formatNumber,
  formatTime,
  Link,
  navigate,
  Skeleton,
  Sparkline,
  StatTile,
  t,
  useClock,
  useConnection,
  useMe,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import type { Wall } from '../wall.ts';
import { AlertColumn } from './wall-alerts.tsx';
import { WallMap } from './wall-map.tsx';
import './wall.css';

export default function WallScreen() {
  const read = useQuery<Wall>(['wall'], '/api/operations/wall', { every: 60_000, keep: true });
  const [pushed, setPushed] = useState<Wall | null>(null);
  usePush<Wall>('operations/wall', setPushed);
  const wall = newest(read.data, pushed);
  if (!wall)
    return read.error ? <Failed failure={read.error} onRetry={read.refresh} /> : <Skeleton lines={8} />;
  return (
    <div className="op-wall">
      <WallHead wall={wall} />
      <Totals wall={wall} />
      <div className="op-middle">
        <Units wall={wall} />
        <WallMap wall={wall} onOpen={(unit) => openVisits(wall.day, { unit })} />
        <Diagnoses wall={wall} />
      </div>
      <AlertColumn wall={wall} />
    </div>
  );
}

/** A push may be older than a read that was made after a break of the line. */
function newest(read: Wall | undefined, pushed: Wall | null): Wall | undefined {
  if (!read || !pushed) return pushed ?? read;
  return pushed.asOf > read.asOf ? pushed : read;
}

function openVisits(day: string, filter: { unit?: string; code?: string; status?: string }): void {
  const query = new URLSearchParams({ ngay: day, ...filter });
  navigate(`/dieu-hanh/luot-kham?${query}`);
}

function WallHead({ wall }: { wall: Wall }) {
  const now = useClock(1000);
  const connection = useConnection();
  const { demo } = useMe();
  useEffect(() => {
    document.title = t('operations.wall', 'Điều hành y tế');
  }, []);
  return (
    <header className="op-head">
      <Link to="/" className="op-home">
        Y Bạ
      </Link>
      <h1>{t('operations.wall', 'Điều hành y tế')}</h1>
      <span className="op-age">
        {connection === 'lost' && <strong>{t('operations.stale', 'Mất kết nối: số liệu đang dừng')}</strong>}
        <AgeOfData readAt={wall.asOf} fresh={120} />
      </span>
      {demo && <Badge tone="info">{t('operations.demo', 'Tỉnh trình diễn – không phải người thật')}</Badge>}
      <time dateTime={now.toISOString()}>
        {formatTime(now.toISOString())} <small>{formatDate(wall.day)}</small>
      </time>
    </header>
  );
}

function Totals({ wall }: { wall: Wall }) {
  const { totals } = wall;
  const trend = wall.trend.map((point) => point.visits);
  const source = t('operations.source', 'Đếm từ hồ sơ khám');
  return (
    <section className="op-totals" aria-label={t('operations.today', 'Hôm nay')}>
      <StatTile
        big
        label={t('operations.visits-today', 'Lượt khám hôm nay')}
        value={formatNumber(totals.visits)}
        source={beforeToday(wall)}
        trend={
          <Sparkline
            values={trend}
            width={160}
            height={44}
            label={t('operations.trend', '30 ngày: {values}', { values: trend.join(' → ') })}
          />
        }
        onOpen={() => openVisits(wall.day, {})}
      />
      <StatTile
        big
        label={t('operations.waiting', 'Đang chờ')}
        value={formatNumber(totals.waiting)}
        source={source}
        onOpen={() => openVisits(wall.day, { status: 'arrived' })}
      />
      <StatTile
        big
        label={t('operations.in-progress', 'Đang khám')}
        value={formatNumber(totals.inProgress)}
        source={source}
        onOpen={() => openVisits(wall.day, { status: 'in-progress' })}
      />
      <StatTile
        big
        label={t('operations.finished', 'Đã xong')}
        value={formatNumber(totals.finished)}
        source={source}
        onOpen={() => openVisits(wall.day, { status: 'finished' })}
      />
      <StatTile
        big
        tone={wall.alerts.length > 0 ? 'danger' : undefined}
        label={t('operations.alerts', 'Cảnh báo bệnh phải báo cáo, 7 ngày')}
        value={formatNumber(wall.alerts.length)}
        source={t('operations.alerts.source', 'Chẩn đoán trong danh mục đang có hiệu lực')}
        onOpen={showAlerts}
      />
    </section>
  );
}

/** On a small screen the alerts stand further down. */
function showAlerts(): void {
  document.querySelector('.op-alerts')?.scrollIntoView({ block: 'nearest' });
}

/** What today is to be held against: yesterday, and that nothing has come yet when it is so. */
function beforeToday(wall: Wall): string {
  const yesterday = t('operations.yesterday', 'Cả ngày hôm qua: {n} lượt', {
    n: formatNumber(wall.trend.at(-2)?.visits ?? 0),
  });
  if (wall.totals.visits > 0) return yesterday;
  return `${t('operations.none-yet', 'Chưa có lượt khám hôm nay')} · ${yesterday}`;
}

function Units({ wall }: { wall: Wall }) {
  const active = wall.units.filter((unit) => unit.visits > 0);
  const silent = wall.units.length - active.length;
  return (
    <section className="op-panel" aria-label={t('operations.by-unit', 'Theo đơn vị')}>
      <h2>{t('operations.by-unit', 'Theo đơn vị')}</h2>
      {active.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{t('operations.unit', 'Đơn vị')}</th>
              <th>{t('operations.visits.short', 'Lượt')}</th>
              <th>{t('operations.waiting.short', 'Chờ')}</th>
            </tr>
          </thead>
          <tbody>
            {active.map((unit) => (
              <tr key={unit.unit}>
                <td>
                  <button type="button" onClick={() => openVisits(wall.day, { unit: unit.unit })}>
                    {unit.name}
                  </button>
                </td>
                <td>{formatNumber(unit.visits)}</td>
                <td>{formatNumber(unit.waiting)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {silent > 0 && (
        <p>{t('operations.silent', '{n} đơn vị chưa có lượt khám nào hôm nay', { n: silent })}</p>
      )}
    </section>
  );
}

function Diagnoses({ wall }: { wall: Wall }) {
  const greatest = Math.max(1, ...wall.diagnoses.map((row) => row.visits));
  return (
    <section className="op-panel" aria-label={t('operations.diagnoses', 'Chẩn đoán hôm nay')}>
      <h2>{t('operations.diagnoses', 'Chẩn đoán hôm nay')}</h2>
      {wall.diagnoses.length === 0 && (
        <p>{t('operations.diagnoses.none', 'Chưa có chẩn đoán nào hôm nay')}</p>
      )}
      <ol>
        {wall.diagnoses.map((row) => (
          <li key={row.code}>
            <button type="button" onClick={() => openVisits(wall.day, { code: row.code })}>
              <span className="op-code">{row.code}</span>
              <span className="op-name">{row.display}</span>
              <span className="op-count">{formatNumber(row.visits)}</span>
            </button>
            <span className="op-track" aria-hidden>
              <span style={{ width: `${(row.visits / greatest) * 100}%` }} />
            </span>
            <small>{t('operations.usual', 'thường ngày {n}', { n: formatNumber(row.usual) })}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}
