/** Search parameters as parameters of a query. Pure. */
import type { AnnouncedParameter } from '../http/capability.ts';
import { type Schema, schemaRef } from './schemas.ts';

const SEARCH = 'search.';

/** How the values of each type of parameter are written (R4 search.html#ptypes). */
const FORMS: Readonly<Record<string, string>> = {
  number: 'Number, after eq, ne, gt, lt, ge, le, sa, eb or ap.',
  date: 'Date or time, after eq, ne, gt, lt, ge, le, sa, eb or ap.',
  string: 'The beginning of the text, without regard to case and accents.',
  token: 'code, system|code, |code or system|.',
  reference: 'id, Type/id or an address.',
  composite: 'Values joined by $.',
  quantity: 'number|system|code, with a prefix as of numbers.',
  uri: 'The address.',
  special: 'As its definition says.',
};

/** Schemas of the values, by the name of their component. Several values with commas: any; the name again: each must hold. */
export function searchSchemas(): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(FORMS).map(([type, description]) => [
      `${SEARCH}${type}`,
      {
        type: 'array',
        description: `${description} Values with commas: any of them.`,
        items: { type: 'string' },
      },
    ]),
  );
}

/** The name alone; modifiers (`name:exact`) and chains (`subject:Patient.name`) stand in the description. */
export function searchParameter({ name, type, definition, modifiers = [] }: AnnouncedParameter): object {
  const known = FORMS[type] === undefined ? 'special' : type;
  const description = [
    type,
    ...(modifiers.length > 0 ? [`modifiers ${modifiers.map((one) => `:${one}`).join(' ')}`] : []),
    ...(definition === undefined ? [] : [definition]),
  ].join('; ');
  return {
    name,
    in: 'query',
    description,
    style: 'form',
    explode: true,
    schema: { $ref: schemaRef(`${SEARCH}${known}`) },
  };
}
