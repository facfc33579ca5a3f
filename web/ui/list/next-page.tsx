/** The page after the last: asked for while scrolling, and what is said when it could not be read. */
import { useEffect } from 'react';
import type { NextFailed } from '../data/query.ts';
import { Notice } from '../feedback/notice.tsx';
import { Button } from '../form/button.tsx';
import { t } from '../i18n/language.ts';

/** @param end one past the last row drawn, of `count` rows that are here */
export function useNextPage(more: (() => void) | undefined, end: number, count: number): void {
  useEffect(() => {
    // A page may hold nothing of what is asked for; the end is where there is no next one.
    if (more && end >= count) more();
  }, [more, end, count]);
}

/** Stands beneath the rows that are here: they are not all. */
export function NextPageFailed({ nextFailed }: { nextFailed: NextFailed | null | undefined }) {
  if (!nextFailed) return null;
  return (
    <div role="alert">
      <Notice
        tone="look"
        title={t('ui.list.next-failed', 'Chưa đọc được các dòng tiếp theo')}
        acts={<Button onPress={nextFailed.again}>{t('ui.retry', 'Thử lại')}</Button>}
      >
        {nextFailed.failure.message}
      </Notice>
    </div>
  );
}
