/** What states and reasons are called on the screens. */

import type { CallResult, DoseFault, SeriesStatus } from '../../../engines/programmes/browser.ts';
import { type Tone, t } from '../../../web/ui/index.ts';

export function statusWord(status: SeriesStatus): string {
  const words: Record<SeriesStatus, string> = {
    complete: t('programmes.status.complete', 'Đã đủ'),
    immune: t('programmes.status.immune', 'Đã có miễn dịch'),
    contraindicated: t('programmes.status.contraindicated', 'Chống chỉ định'),
    deferred: t('programmes.status.deferred', 'Tạm hoãn'),
    due: t('programmes.status.due', 'Đến hạn'),
    overdue: t('programmes.status.overdue', 'Quá hạn'),
    'not-yet-due': t('programmes.status.not-yet-due', 'Chưa đến hạn'),
    'aged-out': t('programmes.status.aged-out', 'Quá tuổi'),
    'not-applicable': t('programmes.status.not-applicable', 'Không thuộc diện'),
  };
  return words[status];
}

export const STATUS_TONE: Record<SeriesStatus, Tone> = {
  complete: 'done',
  immune: 'done',
  contraindicated: 'danger',
  deferred: 'look',
  due: 'info',
  overdue: 'look',
  'not-yet-due': 'neutral',
  'aged-out': 'neutral',
  'not-applicable': 'neutral',
};

export function faultWord(fault: DoseFault): string {
  const words: Record<DoseFault, string> = {
    'too-early': t('programmes.fault.too-early', 'sớm hơn tuổi tối thiểu'),
    interval: t('programmes.fault.interval', 'chưa đủ khoảng cách với mũi trước'),
    'too-late': t('programmes.fault.too-late', 'quá tuổi tối đa'),
    'expired-lot': t('programmes.fault.expired-lot', 'lô đã hết hạn'),
    'wrong-product': t('programmes.fault.wrong-product', 'không đúng vắc xin của mũi này'),
    'not-in-product': t('programmes.fault.not-in-product', 'vắc xin không chứa kháng nguyên này'),
    'product-age': t('programmes.fault.product-age', 'vắc xin không dùng cho tuổi này'),
    spacing: t('programmes.fault.spacing', 'quá gần một vắc xin sống khác'),
  };
  return words[fault];
}

export const CALL_RESULTS: readonly CallResult[] = [
  'agreed',
  'later',
  'unreachable',
  'refused',
  'moved',
  'died',
];

export function callWord(result: CallResult): string {
  const words: Record<CallResult, string> = {
    agreed: t('programmes.call.agreed', 'Hẹn đến'),
    later: t('programmes.call.later', 'Hẹn gọi lại'),
    unreachable: t('programmes.call.unreachable', 'Không liên lạc được'),
    refused: t('programmes.call.refused', 'Từ chối'),
    contraindicated: t('programmes.call.contraindicated', 'Chống chỉ định'),
    moved: t('programmes.call.moved', 'Đã chuyển đi'),
    died: t('programmes.call.died', 'Đã mất'),
  };
  return words[result];
}

export function stateWord(state: string): string {
  const words: Record<string, string> = {
    enrolled: t('programmes.state.enrolled', 'Đang theo dõi'),
    proposed: t('programmes.state.proposed', 'Thuộc diện, chưa ghi danh'),
    excluded: t('programmes.state.excluded', 'Không ghi danh được'),
    left: t('programmes.state.left', 'Đã kết thúc'),
    none: t('programmes.state.none', 'Không thuộc diện'),
  };
  return words[state] ?? state;
}
