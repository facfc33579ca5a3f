/** The members of what a coverage is counted of (`definition.ts`). */
import { day, listOf, members, type Shape, text } from '../../../kernel/content/shape.ts';

const titled = { code: text, title: text, titleEn: text };

export const coverageShape: Shape = members(
  {
    title: text,
    titleEn: text,
    source: text,
    status: text,
    measures: listOf(members({ ...titled, series: text, dose: text, by: text, onTime: text })),
    dropOuts: listOf(members({ ...titled, from: text, to: text })),
    lists: listOf(members({ ...titled, has: listOf(text), lacks: listOf(text), ageFrom: text, ageTo: text })),
  },
  { validTo: day },
);
