/** Statutory forms that are not here yet, and why: `content/statistics/missing-forms.csv`. A form of the same code ends its line. */
import type { Content } from '../../kernel/content/content.ts';
import { formsOn } from './forms.ts';

export interface MissingForm {
  code: string;
  /** Empty where not even the title is known. */
  title: string;
  titleEn: string;
  reason: string;
  reasonEn: string;
}

/**
 * The forms that units of these kinds owe on a day and that nobody could lay out yet.
 * @param day ISO date
 * @param kinds kinds of units (cs loai-co-so) that the reader sees
 */
export function missingForms(content: Content, day: string, kinds: readonly string[]): MissingForm[] {
  const here = new Set(formsOn(content, day).map(({ plan }) => plan.definition.code));
  return content
    .inForce('statistics/missing-forms', day)
    .filter(
      ({ code = '', units = '' }) => !here.has(code) && units.split(' ').some((kind) => kinds.includes(kind)),
    )
    .map(({ code = '', title = '', title_en: titleEn = '', reason = '', reason_en: reasonEn = '' }) => ({
      code,
      title,
      titleEn,
      reason,
      reasonEn,
    }));
}
