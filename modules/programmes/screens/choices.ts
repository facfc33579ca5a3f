/** Choices of the content that forms of this room share: reasons for not giving a dose, stages of the vial monitor. */
import { language, useQuery } from '../../../web/ui/index.ts';
import type { Reason } from '../not-given.ts';
import type { FitTemperature } from '../screening.ts';
import type { Stage } from '../vial-monitor.ts';

interface Choices {
  reasons: Reason[];
  vvm: Stage[];
  /** Temperatures at which a dose is given; null = the law names none. */
  fit: FitTemperature | null;
}

export function useChoices() {
  return useQuery<Choices>(['programmes', 'choices'], '/api/programmes/choices');
}

export const namedIn = (one: { title: string; titleEn: string }) =>
  (language() === 'en' && one.titleEn) || one.title;
