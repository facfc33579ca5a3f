/** Which repeat of a group an item is: its number stays when one before it is taken away. Pure. */
import type { QuestionnaireResponseItem } from '../../kernel/fhir/types.ts';

const NUMBERED = /^repeat-(\d{1,6})$/;

/** What is stored of a repeat's number: nothing while it is the place at which the item stands. */
export function repeatId(number: number, at: number): { id?: string } {
  return number === at ? {} : { id: `repeat-${number}` };
}

/** Numbers of the repeats of one group, from 0, in the order in which they stand; of two that claim the same the later has one of its own. */
export function repeatNumbers(items: readonly QuestionnaireResponseItem[]): number[] {
  const claimed = items.map(({ id }, at) => Number(NUMBERED.exec(id ?? '')?.[1] ?? at));
  const given = new Set<number>();
  let free = Math.max(-1, ...claimed) + 1;
  return claimed.map((number) => {
    const own = given.has(number) ? free++ : number;
    given.add(own);
    return own;
  });
}
