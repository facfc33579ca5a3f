/** What one person counts for coverage: doses as the forecast judged them. Pure; `modules/programmes/coverage` asks the same in SQL. */
import type { Course } from '../course.ts';
import { type Day, dayText, plus } from '../days.ts';
import type { CoverageMeasure, MissedList } from './definition.ts';
import type { Taken } from './dose.ts';

/** Every dose of every series, one row for each series that it was for. */
export function takenOf({ series }: Course): Taken[] {
  return series.flatMap(({ key, judged }) =>
    judged.map(({ dose, label, verdict }, at) => ({
      series: key,
      immunization: dose.id,
      label,
      ordinal: at + 1,
      day: dayText(dose.day),
      verdict,
      unit: dose.unit,
    })),
  );
}

/** Given at all, given so that it counts, and given so in time. */
export interface Reached {
  given: boolean;
  valid: boolean;
  timely: boolean;
}

/** Whether a dose was reached before the age that the measure names. */
export function reachedBy(measure: CoverageMeasure, birth: Day, taken: readonly Taken[]): Reached {
  const until = dayText(plus(birth, measure.by));
  const inTime = dayText(plus(birth, measure.onTime));
  const before = taken.filter(({ series, day }) => series === measure.series && day <= until);
  const valid = before.filter((one) => isValid(measure, one));
  return {
    given: before.some((one) => isGiven(measure, one)),
    valid: valid.length > 0,
    timely: valid.some(({ day }) => day <= inTime),
  };
}

/** Whether a person who is of the age today stands in the list, whatever the age at the doses was. */
export function isMissed({ has, lacks }: MissedList, taken: readonly Taken[]): boolean {
  const had = (measure: CoverageMeasure) =>
    taken.some((one) => one.series === measure.series && isGiven(measure, one));
  return has.every(had) && !lacks.every(had);
}

/** The so-and-so-many-th dose of the series, or one that was judged as this dose: a child without the dose at birth has no fourth. */
const isGiven = ({ dose, ordinal }: CoverageMeasure, taken: Taken) =>
  taken.ordinal >= ordinal || taken.label === dose;

const isValid = ({ dose }: CoverageMeasure, { label, verdict }: Taken) =>
  label === dose && verdict === 'valid';
