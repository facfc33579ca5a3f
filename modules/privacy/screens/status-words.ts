import { type Tone, t } from '../../../web/ui/index.ts';
import type { RequestLine } from '../requests.ts';

export function statusWords(status: RequestLine['status']): string {
  const words: Record<string, string> = {
    requested: t('privacy.status.requested', 'Mới'),
    accepted: t('privacy.status.accepted', 'Đang làm'),
    'on-hold': t('privacy.status.on-hold', 'Đã gia hạn'),
    completed: t('privacy.status.completed', 'Đã xong'),
    rejected: t('privacy.status.rejected', 'Từ chối'),
  };
  return words[status ?? ''] ?? String(status);
}

export function statusTone({ status, left }: Pick<RequestLine, 'status' | 'left'>): Tone {
  if (status === 'completed') return 'done';
  if (status === 'rejected') return 'neutral';
  return left !== null && left < 0 ? 'danger' : 'info';
}
