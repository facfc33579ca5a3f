import { useEffect, useState } from 'react';
import { formatDateTime, formatSince } from '../format/format.ts';
import { t } from '../i18n/language.ts';
import { IconClock } from '../icons.ts';

/**
 * How old what is shown is; silent while it is as fresh as it should be (ui.md, Behaviour 7).
 * @param props.readAt ms since 1970, or an ISO instant
 * @param props.fresh seconds the data may be old without saying so; 0 always says it
 */
export function AgeOfData(props: { readAt: number | string | null; fresh?: number }) {
  const now = useClock(5000);
  if (!props.readAt) return null;
  const at = new Date(props.readAt);
  const seconds = (now.getTime() - at.getTime()) / 1000;
  const fresh = props.fresh ?? 60;
  if (fresh > 0 && seconds <= fresh) return null;
  return (
    <span
      className="yb-age-of-data"
      data-old={seconds > Math.max(fresh, 60) || undefined}
      title={formatDateTime(at)}
    >
      <IconClock size={14} aria-hidden />
      {t('ui.age-of-data', 'Số liệu {since}', { since: formatSince(at, now) })}
    </span>
  );
}

/** The time now, drawn again every `ms`. */
export function useClock(ms: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(new Date()), ms);
    return () => window.clearInterval(timer);
  }, [ms]);
  return now;
}

/** Relative within a day, the full instant on hover. */
export function Since(props: { at: string }) {
  const now = useClock(30_000);
  return (
    <time dateTime={props.at} title={formatDateTime(props.at)}>
      {formatSince(props.at, now)}
    </time>
  );
}
