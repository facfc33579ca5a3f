/** To which visit a form belongs that was opened without one. */
import type { RecordSession } from '../../../kernel/kernel.ts';

/** States of a visit in which somebody was there. */
const PRESENT = 'arrived,triaged,in-progress,onleave,finished';

/**
 * The visit of a day at the unit of who fills, so that what is typed from a worklist stands in the books of that visit too. Of several the one that began last.
 * @param day ISO day in Vietnam
 * @returns `Encounter/<id>`; null without a unit, or when the person was not there on that day
 */
export async function visitOn(session: RecordSession, patient: string, day: string): Promise<string | null> {
  const { unit } = session.actor;
  if (unit === null || session.reach('search', 'Encounter') === 'none') return null;
  const { matches } = await session.search('Encounter', [
    ['patient', `Patient/${patient}`],
    ['service-provider', `Organization/${unit}`],
    // A visit that is not over has a period without an end, which lies in no single day; nobody has been at a visit that is to come.
    ['date', `ge${day}`],
    ['status', PRESENT],
    ['_sort', '-date'],
    ['_count', '1'],
  ]);
  const [visit] = matches;
  return visit ? `Encounter/${visit.id}` : null;
}
