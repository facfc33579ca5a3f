/** Accounts in words. */
import type { AccountRow } from '../../../kernel/access/accounts/listing.ts';
import { type Tone, t } from '../../../web/ui/index.ts';

/** As the server sends it: dates are text, the unit has its name. */
export type ShownAccount = Omit<AccountRow, 'lastSignIn'> & {
  lastSignIn: string | null;
  unitName: string | null;
};

export function stateText({ state, waits }: Pick<ShownAccount, 'state' | 'waits'>): string {
  if (state === 'open' && waits) return t('accounts.state.waits', 'Chờ vào lần đầu');
  const words: Record<ShownAccount['state'], string> = {
    open: t('accounts.state.open', 'Đang mở'),
    closed: t('accounts.state.closed', 'Đã đóng'),
    left: t('accounts.state.left', 'Đã nghỉ việc'),
    unused: t('accounts.state.unused', 'Lâu không dùng'),
    locked: t('accounts.state.locked', 'Đang khóa'),
  };
  return words[state];
}

export function stateTone({ state, waits }: Pick<ShownAccount, 'state' | 'waits'>): Tone {
  if (state === 'open') return waits ? 'info' : 'done';
  return state === 'locked' || state === 'unused' ? 'look' : 'neutral';
}
