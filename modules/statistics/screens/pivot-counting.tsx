/** A pivot that is still being counted: how far it has come, read again by itself until it is whole or the reader has enough of it. */
import { useEffect, useState } from 'react';
import { Button, formatNumber, Notice, refresh, t } from '../../../web/ui/index.ts';
import type { PivotAnswer } from '../routes-pivot.ts';

/** How often it is looked whether numbers are there, ms. The server stops a count by age or sex that nobody looks after (group-count.ts). */
const LOOK_AGAIN = 4_000;

export function PivotCounting({ answer }: { answer: PivotAnswer }) {
  const { ask, counted, reports, waiting } = answer;
  const { missing } = counted;
  const [stopped, setStopped] = useState(false);
  const isByGroup = [ask.rows, ask.columns].some((one) => one === 'age' || one === 'sex');
  const looks = missing > 0 && !stopped;
  useEffect(() => {
    if (!looks) return;
    const timer = window.setInterval(() => refresh(['pivot']), LOOK_AGAIN);
    return () => window.clearInterval(timer);
  }, [looks]);
  if (missing === 0) return null;
  const far = { done: formatNumber(reports - missing), all: formatNumber(reports) };
  const press = () => {
    setStopped(!stopped);
    if (stopped) void refresh(['pivot']);
  };
  return (
    <Notice
      tone="look"
      title={
        stopped
          ? t('statistics.pivot.stopped', 'Đã dừng đếm: xong {done} trên {all} báo cáo', far)
          : t('statistics.pivot.counting', 'Đang đếm: xong {done} trên {all} báo cáo', far)
      }
      acts={
        isByGroup && (
          <Button small onPress={press}>
            {stopped ? t('statistics.pivot.go-on', 'Đếm tiếp') : t('statistics.pivot.stop', 'Dừng đếm')}
          </Button>
        )
      }
    >
      {t('statistics.pivot.counting.what', 'Kỳ chưa xong: {periods}. Ô “…” và tổng gồm kỳ ấy chưa có số.', {
        periods: waiting.join(', '),
      })}{' '}
      {isByGroup
        ? t(
            'statistics.pivot.counting.groups',
            'Số theo tuổi, giới đếm từ hồ sơ cho riêng bảng này: bảng tự làm mới, rời trang thì việc đếm dừng.',
          )
        : t(
            'statistics.pivot.counting.kept',
            'Bảng tự làm mới; rời trang việc đếm vẫn chạy, lần sau có ngay.',
          )}
    </Notice>
  );
}
