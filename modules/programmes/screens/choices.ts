/** Choices of the content that forms of this room share: reasons for not giving a dose, stages of the vial monitor. */
import { language, useQuery } from '../../../web/ui/index.ts';
import type { Reason } from '../not-given.ts';
import type { Stage } from '../vial-monitor.ts';

export function useChoices() {
  return useQuery<{ reasons: Reason[]; vvm: Stage[] }>(['programmes', 'choices'], '/api/programmes/choices');
}

export const namedIn = (one: { title: string; titleEn: string }) =>
  (language() === 'en' && one.titleEn) || one.title;
