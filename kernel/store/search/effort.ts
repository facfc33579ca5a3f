/**
 * How much a search asks of the database. Every criterion that must hold is one more relation to join, and the time to
 * plan a join grows faster than their number: three hundred names, or sixty chains in a `_filter`, hold a connection for
 * minutes. A search beyond the limit is refused before it reaches the database.
 */
import type { Failure } from '../../failure.ts';
import { unsupported } from './faults.ts';
import type { Criterion } from './query.ts';

/** Sixty criteria, or twenty chains of one link: under a second of planning. */
export const MOST_EFFORT = 60;
/** Values of all criteria together: ten thousand persons of a cohort, some seconds where each is a text. */
export const MOST_VALUES = 10_000;
/** A link joins the resource it leads to and the reference to it. */
const LINK = 2;

/** Criteria that must all hold are added up; of alternatives the dearest counts. */
export function effortOf(criterion: Criterion): number {
  switch (criterion.kind) {
    case 'and':
    case 'holds':
      return criterion.of.reduce((sum, one) => sum + effortOf(one), 0);
    case 'or':
      return Math.max(...criterion.of.map(effortOf));
    case 'not':
      return effortOf(criterion.of);
    case 'chain':
      return LINK + Math.max(...criterion.targets.map(({ inner }) => effortOf(inner)));
    case 'has':
      return LINK + effortOf(criterion.inner);
    default:
      return 1;
  }
}

/** How many values are asked for, wherever they stand. */
function valuesOf(criterion: Criterion): number {
  switch (criterion.kind) {
    case 'and':
    case 'or':
    case 'holds':
      return criterion.of.reduce((sum, one) => sum + valuesOf(one), 0);
    case 'not':
      return valuesOf(criterion.of);
    case 'chain':
      return Math.max(...criterion.targets.map(({ inner }) => valuesOf(inner)));
    case 'has':
      return valuesOf(criterion.inner);
    default:
      return 'values' in criterion ? criterion.values.length : 1;
  }
}

/** @throws Failure `invalid-parameter` at the criterion with which it becomes too much */
export function refuseTooMuch(criteria: readonly Criterion[]): void {
  let effort = 0;
  let values = 0;
  for (const criterion of criteria) {
    effort += effortOf(criterion);
    values += valuesOf(criterion);
    if (effort > MOST_EFFORT) throw tooMuch(criterion.name);
    if (values > MOST_VALUES) throw tooManyValues(criterion.name);
  }
}

function tooManyValues(name: string): Failure {
  return unsupported(
    name.slice(0, 100),
    `quá nhiều giá trị trong một lần tìm (tối đa ${MOST_VALUES}). Hãy chia thành nhiều lần tìm.`,
    `too many values in one search (at most ${MOST_VALUES}). Search several times.`,
  );
}

function tooMuch(name: string): Failure {
  return unsupported(
    name.slice(0, 100),
    `quá nhiều điều kiện trong một lần tìm (tối đa ${MOST_EFFORT}; mỗi mắt của chuỗi tính thêm ${LINK}). Hãy gộp các giá trị bằng dấu phẩy, hoặc chia thành nhiều lần tìm.`,
    `too many criteria in one search (at most ${MOST_EFFORT}; each link of a chain counts ${LINK} more). Join values by commas, or search several times.`,
  );
}
