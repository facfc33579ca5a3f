/** The members of the test cases beside a rule (`cases.ts`). */
import {
  anything,
  day,
  listOf,
  members,
  namedBy,
  oneOf,
  type Shape,
  text,
} from '../../../kernel/content/shape.ts';
import { TRIGGERS } from './names.ts';

const resource = namedBy(anything);

export const casesShape: Shape = listOf(
  members(
    {
      name: text,
      hook: oneOf(...TRIGGERS),
      day,
      patient: resource,
      cards: listOf(members({}, { indicator: text, kind: text, summary: text, key: text })),
    },
    { resources: listOf(resource), draftOrders: listOf(resource), encounter: resource, roles: listOf(text) },
  ),
);
