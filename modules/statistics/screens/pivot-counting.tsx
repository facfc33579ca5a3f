/** What is still being counted: how far it has come, read again by itself until it is whole or the reader has enough of it. */
import { type ReactNode, useEffect, useState } from 'react';
import { Button, formatNumber, Notice, refresh, t } from '../../../web/ui/index.ts';
import type { PivotAnswer } from '../routes-pivot.ts';

/** How often it is looked whether numbers are there, ms. The server stops a count by age or sex that nobody looks after (group-count.ts). */
const LOOK_AGAIN = 4_000;

export function PivotCounting({ answer }: { answer: PivotAnswer }) {
  const { ask, counted, reports, waiting } = answer;
  const isByGroup = [ask.rows, ask.columns].some((one) => one === 'age' || one === 'sex');
  return (
    <CountingNotice
      refreshes="pivot"
      done={reports - counted.missing}
      all={reports}
      waiting={counted.missing > 0 ? waiting : []}
      stoppable={isByGroup}
    >
      {t('statistics.pivot.counting.what', 'Ô “…” và tổng gồm kỳ ấy chưa có số.')}{' '}
      {isByGroup
        ? t(
            'statistics.pivot.counting.groups',
            'Số theo tuổi, giới đếm từ hồ sơ cho riêng bảng này: bảng tự làm mới, rời trang thì việc đếm dừng.',
          )
        : t(
            'statistics.pivot.counting.kept',
            'Bảng tự làm mới; rời trang việc đếm vẫn chạy, lần sau có ngay.',
          )}
    </CountingNotice>
  );
}

export function CountingNotice(props: {
  /** Name of what is read again. */
  refreshes: string;
  done: number;
  all: number;
  /** Periods to come; none = everything is counted. */
  waiting: readonly string[];
  /** A count for this reader alone may be stopped. */
  stoppable: boolean;
  children: ReactNode;
}) {
  const { waiting, stoppable } = props;
  const [stopped, setStopped] = useState(false);
  const looks = waiting.length > 0 && !stopped;
  useEffect(() => {
    if (!looks) return;
    const timer = window.setInterval(() => refresh([props.refreshes]), LOOK_AGAIN);
    return () => window.clearInterval(timer);
  }, [looks, props.refreshes]);
  if (waiting.length === 0) return null;
  const far = { done: formatNumber(props.done), all: formatNumber(props.all) };
  const press = () => {
    setStopped(!stopped);
    if (stopped) void refresh([props.refreshes]);
  };
  return (
    <Notice
      tone="look"
      title={
        stopped
          ? t('statistics.pivot.stopped', 'Đã dừng đếm: xong {done} trên {all}', far)
          : t('statistics.pivot.counting', 'Đang đếm: xong {done} trên {all}', far)
      }
      acts={
        stoppable && (
          <Button small onPress={press}>
            {stopped ? t('statistics.pivot.go-on', 'Đếm tiếp') : t('statistics.pivot.stop', 'Dừng đếm')}
          </Button>
        )
      }
    >
      {t('statistics.counting.periods', 'Kỳ chưa xong: {periods}.', {
        periods: waiting.map(periodWords).join(', '),
      })}{' '}
      {props.children}
    </Notice>
  );
}

/** `2026-08` as `08/2026`; quarters and years stand as they are. */
const periodWords = (period: string): string => period.replace(/^(\d{4})-(\d\d)$/, '$2/$1');
