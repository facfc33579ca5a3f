/** Nothing here, not yet here, could not be read: each says what to do. */
import { type ReactNode, useEffect, useState } from 'react';
import type { ApiFailure } from '../data/failure.ts';
import { Button } from '../form/button.tsx';
import { t } from '../i18n/language.ts';
import { IconAlertCircle, IconClipboardList } from '../icons.ts';

/** An empty place: what would stand here and how it gets here. */
export function Empty(props: { title: string; children?: ReactNode; act?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="yb-state" data-kind="empty" role="status">
      {props.icon ?? <IconClipboardList size={32} aria-hidden />}
      <div className="yb-state-title">{props.title}</div>
      {props.children && <div className="yb-state-text">{props.children}</div>}
      {props.act}
    </div>
  );
}

/** A read that failed, with what to do. */
export function Failed(props: { failure: ApiFailure; onRetry?: () => void }) {
  if (props.failure.code === 'not-found') return <NotThere />;
  return (
    <div className="yb-state" data-kind="error" role="alert">
      <IconAlertCircle size={32} aria-hidden />
      <div className="yb-state-title">{t('ui.failed', 'Chưa đọc được')}</div>
      <div className="yb-state-text">{props.failure.message}</div>
      {props.onRetry && <Button onPress={props.onRetry}>{t('ui.retry', 'Thử lại')}</Button>}
    </div>
  );
}

/** Trying again does not help; how one gets to a wrong address does. */
function NotThere() {
  return (
    <Empty title={t('ui.not-there', 'Không tìm thấy bản ghi này')}>
      {t(
        'ui.not-there-what',
        'Có thể đường dẫn bị cắt khi chép, hoặc bản ghi đã được gộp hay xoá. Hãy tìm lại theo tên hoặc số giấy tờ.',
      )}
    </Empty>
  );
}

/** Grey bars where words will stand, only when the wait is longer than 200 ms. */
export function Skeleton(props: { lines?: number; height?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), 200);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div
      role="status"
      aria-label={t('ui.loading', 'Đang đọc…')}
      style={{ display: 'grid', gap: 12, padding: 12, visibility: late ? 'visible' : 'hidden' }}
    >
      {[...Array(props.lines ?? 3).keys()].map((line) => (
        <div
          key={line}
          className="yb-skeleton"
          style={{ height: props.height ?? 16, width: `${[92, 76, 84, 68][line % 4]}%` }}
        />
      ))}
    </div>
  );
}

/**
 * Draws what was read, or its loading or failed state:
 * `<Loaded read={visit}>{(data) => …}</Loaded>`.
 */
export function Loaded<T>(props: {
  read: { data: T | undefined; error: ApiFailure | null; refresh: () => void };
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  const { data, error, refresh } = props.read;
  if (data !== undefined) return props.children(data);
  return error ? <Failed failure={error} onRetry={refresh} /> : <Skeleton lines={props.lines} />;
}
