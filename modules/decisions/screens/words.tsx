/** States of rules in words, and the choice between two languages of the content. */
import { Badge, language, type Tone, t } from '../../../web/ui/index.ts';
import type { RuleRow } from '../contract.ts';

/** Vietnamese or English, as the screen is. */
export const worded = (vi: string, en: string): string => (language() === 'en' ? en : vi);

export function stateBadge(state: RuleRow['state']) {
  const tones: Record<RuleRow['state'], Tone> = { live: 'done', silent: 'look', off: 'neutral' };
  return <Badge tone={tones[state]}>{stateWords(state)}</Badge>;
}

export function stateWords(state: RuleRow['state']): string {
  const words = {
    live: t('decisions.live', 'Đang bật'),
    silent: t('decisions.silent', 'Chạy thầm'),
    off: t('decisions.off', 'Đã tắt'),
  };
  return words[state];
}
