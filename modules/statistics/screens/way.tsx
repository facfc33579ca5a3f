/** The way of a report so far: who handed it in, returned or approved it, when, and with what reason. The last step stands first. */
import { formatDateTime, Notice, Text, t } from '../../../web/ui/index.ts';
import type { SheetAnswer } from '../routes-sheet.ts';

type Step = SheetAnswer['steps'][number];

/** Earlier steps that are shown beneath the last one. */
const EARLIER = 3;

export function Way({ steps }: { steps: SheetAnswer['steps'] }) {
  const [last, ...before] = steps.toReversed();
  if (!last) return null;
  return (
    <Notice tone={BACK.includes(last.act) ? 'look' : 'info'} title={wordsOf(last)}>
      {before.slice(0, EARLIER).map((step) => (
        <div key={step.n}>
          <Text size={12} tone="soft">
            {wordsOf(step)}
          </Text>
        </div>
      ))}
    </Notice>
  );
}

/** Steps that lead back to the unit. */
const BACK = ['return', 'reopen', 'withdraw'];

function wordsOf({ act, byName, at, reason }: Step): string {
  const done: Record<string, string> = {
    submit: t('statistics.done.submit', 'Đã nộp'),
    withdraw: t('statistics.done.withdraw', 'Đã rút lại'),
    return: t('statistics.done.return', 'Tỉnh trả lại'),
    approve: t('statistics.done.approve', 'Tỉnh đã duyệt và khoá'),
    reopen: t('statistics.done.reopen', 'Tỉnh mở lại'),
  };
  return [done[act] ?? act, byName, formatDateTime(at), ...(reason ? [`“${reason}”`] : [])].join(' · ');
}
