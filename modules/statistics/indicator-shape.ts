/** The members of an indicator (`indicators.ts`), for the check before anything is counted. */
import { positive, words } from '../../engines/reports/index.ts';
import { day, flag, members, oneOf, type Shape, whole } from '../../kernel/content/shape.ts';

const MOST_DIGITS = 6;
const OLDEST = 150;

/** People of a place, cut by age and sex. */
const population = members(
  {},
  { ageFrom: whole(0, OLDEST), ageTo: whole(0, OLDEST), sex: oneOf('male', 'female') },
);
const people = members({ population }, { share: positive });

export const indicatorShape: Shape = members(
  {
    code: words,
    title: words,
    titleEn: words,
    definition: words,
    definitionEn: words,
    source: words,
    status: words,
    numerator: words,
    denominator: (value, place) => (typeof value === 'object' ? people : words)(value, place),
    factor: positive,
    decimals: whole(0, MOST_DIGITS),
  },
  { validTo: day, yearly: flag, stock: flag },
);
