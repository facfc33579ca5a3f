/** What is wrong with how other registers are asked (`content/links/<key>/<valid-from>.json`), before anybody is asked by it. Pure. */
import type { Content } from '../../../kernel/content/content.ts';
import { datedFiles } from '../../../kernel/content/dated.ts';
import { listOf, members, text, whole } from '../../../kernel/content/shape.ts';

const MOST_DAYS = 60;
const MOST_TRIES = 50;
const MINUTES_OF_A_DAY = 1_440;

const link = members(
  {
    title: members({ vi: text, en: text }),
    source: text,
    status: text,
    identifiers: listOf(members({ ours: text, theirs: text })),
    find: text,
    history: text,
    send: text,
    daysApart: whole(0, MOST_DAYS),
  },
  { share: members({ tries: whole(1, MOST_TRIES), minutes: whole(1, MINUTES_OF_A_DAY) }) },
);

export function linkFaults(
  content: Pick<Content, 'files' | 'json'>,
): { where: string; text: string; textEn: string }[] {
  return datedFiles<unknown>(content as Content, 'links').flatMap(({ file, value }) =>
    link(value, '').map(({ place, text: said, textEn }) => ({
      where: place === '' ? file : `${file}: ${place}`,
      text: said,
      textEn,
    })),
  );
}
