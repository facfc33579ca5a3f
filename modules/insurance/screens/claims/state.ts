/** The states of a file in words and tones. */
import { type Tone, t } from '../../../../web/ui/index.ts';
import type { ClaimState } from '../../claims/overview.ts';

/** What a clerk looks for, worst first. */
export const FILTERS: readonly ClaimState[] = ['errors', 'warnings', 'ready', 'open'];

export function stateWord(state: ClaimState): string {
  switch (state) {
    case 'errors':
      return t('claims.errors', 'Có lỗi');
    case 'warnings':
      return t('claims.warnings', 'Cần xem');
    case 'ready':
      return t('claims.ready', 'Đạt');
    case 'open':
      return t('claims.open', 'Đang khám');
    case 'unreadable':
      return t('claims.unreadable', 'Chưa lập được');
  }
}

export const TONES: Record<ClaimState, Tone> = {
  errors: 'danger',
  warnings: 'look',
  ready: 'done',
  open: 'info',
  unreadable: 'danger',
};
