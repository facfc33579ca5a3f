/** Alerts of notifiable diseases, newest first, with the time left to report. */
import { formatDateTime, Since, t, useClock } from '../../../web/ui/index.ts';
import type { Alert, Wall } from '../wall.ts';

const SHOWN = 8;
const HOUR = 3_600_000;

export function AlertColumn({ wall }: { wall: Wall }) {
  return (
    <aside className="op-alerts" aria-label={t('operations.alerts.title', 'Cảnh báo')} aria-live="polite">
      <h2>{t('operations.alerts.title', 'Cảnh báo')}</h2>
      {wall.alerts.length === 0 && (
        <p>{t('operations.alerts.none', 'Không có bệnh phải báo cáo trong 7 ngày qua.')}</p>
      )}
      <ul>
        {wall.alerts.slice(0, SHOWN).map((alert) => (
          <AlertLine key={alert.condition} alert={alert} />
        ))}
      </ul>
      {wall.alerts.length > SHOWN && (
        <p>{t('operations.alerts.more', 'và {n} cảnh báo trước đó', { n: wall.alerts.length - SHOWN })}</p>
      )}
    </aside>
  );
}

function AlertLine({ alert }: { alert: Alert }) {
  const now = useClock(60_000);
  const left = Math.floor((Date.parse(alert.deadline) - now.getTime()) / HOUR);
  return (
    <li data-group={alert.group} data-late={left < 0 || undefined}>
      <strong>{alert.disease}</strong>
      <span>
        {t('operations.alert.group', 'Nhóm {group}', { group: alert.group })} · {alert.code} ·{' '}
        <Since at={alert.at} />
      </span>
      <span>{alert.unitName}</span>
      {alert.commune && (
        <span>{t('operations.alert.commune', 'Người bệnh ở {commune}', { commune: alert.commune })}</span>
      )}
      <span className="op-deadline" title={formatDateTime(alert.deadline)}>
        {left >= 0
          ? t('operations.alert.left', 'Còn {n} giờ để báo cáo', { n: left })
          : t('operations.alert.late', 'Hết hạn báo cáo {time}', { time: formatDateTime(alert.deadline) })}
      </span>
    </li>
  );
}
