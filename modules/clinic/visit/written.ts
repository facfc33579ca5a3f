/** When a visit was last written: each act on it is a version of its Encounter. Pure. */
import { ext } from '../../../kernel/fhir/systems.ts';
import type { Encounter } from '../../../kernel/fhir/types.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { extensionOf, withExtension } from '../text.ts';

/** The Encounter with the instant of this writing. @param now ISO instant */
export function written(encounter: Encounter, now: string): Encounter {
  const before = extensionOf(encounter, ext.consultedAt)?.valueDateTime;
  const extension = { url: ext.consultedAt, valueDateTime: laterThan(before, now) };
  return { ...encounter, extension: withExtension(encounter, extension) };
}

/**
 * Two writings never carry one instant, or the visit would keep its version and a third person would not see that
 * something was written in between. To the millisecond, with +07:00.
 */
function laterThan(before: string | undefined, now: string): string {
  const at = Date.parse(now);
  const last = before === undefined ? Number.NEGATIVE_INFINITY : Date.parse(before);
  const instant = new Date(Math.max(at, last + 1));
  return vietnamInstant(instant).replace('+', `.${String(instant.getUTCMilliseconds()).padStart(3, '0')}+`);
}
