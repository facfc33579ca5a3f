/** The members of a paper's definition (`definition.ts`), for the check before it is compiled. */
import {
  anything,
  day,
  either,
  flag,
  later,
  listOf,
  members,
  namedBy,
  oneOf,
  type Shape,
  text,
  whole,
} from '../../kernel/content/shape.ts';

const MOST_DAYS = 36_525;

const field: Shape = either(
  text,
  members(
    {},
    { path: text, answer: text, as: text, between: text, sort: text, fields: namedBy(later(() => field)) },
  ),
);

const card = members(
  { types: listOf(text), resources: listOf(text), elements: namedBy(listOf(text)) },
  { days: whole(1, MOST_DAYS) },
);

const words = members({ vi: text, en: text });

const certificateMember: Shape = either(text, (value, place) => {
  const one = value as { members?: unknown; list?: unknown } | null;
  if (one?.members !== undefined) return members({ members: namedBy(certificateMember) })(value, place);
  if (one?.list !== undefined) return members({ list: namedBy(certificateMember) })(value, place);
  return certificateLeaf(value, place);
});

const certificateLeaf = members(
  { path: text },
  { as: oneOf('day', 'number'), by: members({ table: text, key: text, value: text }), needed: words },
);

/** A claim is a number of its own beside others; the EU's is 1, WHO's end at -6. */
const certificate = members({
  claim: whole(-100, 100),
  country: text,
  days: whole(1, MOST_DAYS),
  members: namedBy(certificateMember),
});

export const paperShape: Shape = members(
  { title: words, size: text, roles: listOf(text) },
  {
    source: text,
    type: members({}, { system: text, code: text, display: text, version: text }),
    standard: oneOf('a-2b', 'a-3b'),
    signatures: listOf(words),
    number: members({ series: text, each: oneOf('year', 'ever') }, { as: text }),
    kept: flag,
    about: listOf(text),
    sources: namedBy(text),
    answers: flag,
    fields: namedBy(field),
    codes: namedBy(members({ kind: text }, { path: text, card, certificate })),
    validTo: day,
  },
);

/** What a paper is tried with. */
export const sampleShape: Shape = members(
  {},
  {
    data: namedBy(anything),
    codes: namedBy(members({ kind: text, text })),
    patient: namedBy(anything),
    about: namedBy(anything),
    found: namedBy(listOf(namedBy(anything))),
    form: namedBy(anything),
    now: text,
  },
);
