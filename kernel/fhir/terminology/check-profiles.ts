/** What is wrong with the profiles of the content: unknown bases and value sets, two of one address on one day. Pure. */
import type { Content } from '../../content/content.ts';
import { type ContentProfile, profilesOf, UnreadableProfile, validityOf } from '../../content/profiles.ts';
import { baseProfile, hasStructure } from '../definitions/index.ts';
import type { Finding } from './check.ts';
import { openTerminology } from './terminology.ts';

const HL7 = 'http://hl7.org/fhir/';
const R4 = `${HL7}StructureDefinition/`;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

interface Named {
  type?: { profile?: string[]; targetProfile?: string[] }[];
  binding?: { valueSet?: string };
}

/** One finding a kind and address, with the ids of the profiles concerned. */
export function checkProfiles(content: Content): Finding[] {
  try {
    return findingsOf(content, profilesOf(content));
  } catch (error) {
    if (!(error instanceof UnreadableProfile)) throw error;
    return [{ level: 'error', where: 'profiles', kind: 'file', codes: [error.id], text: error.message }];
  }
}

function findingsOf(content: Content, profiles: readonly ContentProfile[]): Finding[] {
  const own = new Set(profiles.map(({ url }) => url));
  const sets = new Set(
    openTerminology(content)
      .lists()
      .map(({ valueSet }) => valueSet),
  );
  const isKnown = (url: string) => own.has(url) || isOfR4(url);
  return [
    ...wrong(profiles, 'dates', 'the days of its validity are none, or end before they begin', hasWrongDays),
    ...overlaps(profiles),
    ...profiles.flatMap((profile) => {
      const { baseDefinition } = profile;
      const { linked, bound } = namedIn(profile);
      return [
        ...unknown(
          profile,
          'base',
          [String(baseDefinition)].filter((url) => !isKnown(url)),
        ),
        ...unknown(
          profile,
          'profile',
          linked.filter((url) => !isKnown(url)),
        ),
        // R4's own are the base validation's matter.
        ...unknown(
          profile,
          'value-set',
          bound.filter((url) => !sets.has(url) && !url.startsWith(HL7)),
        ),
      ];
    }),
  ];
}

function isOfR4(url: string): boolean {
  return baseProfile(url) !== undefined || (url.startsWith(R4) && hasStructure(url.slice(R4.length)));
}

function namedIn(profile: ContentProfile): { linked: string[]; bound: string[] } {
  // Shapes that are wrong by R4 are told by that check (profiles/content-check.ts).
  const { element } = (profile.differential ?? {}) as { element?: unknown };
  const elements = listOf<Named>(element);
  const bare = (urls: unknown[]) => [
    ...new Set(urls.flatMap((url) => (typeof url === 'string' ? [url.split('|')[0]!] : []))),
  ];
  return {
    linked: bare(
      elements.flatMap(({ type }) =>
        listOf<NonNullable<Named['type']>[number]>(type).flatMap((one) => [
          ...listOf<string>(one.profile),
          ...listOf<string>(one.targetProfile),
        ]),
      ),
    ),
    bound: bare(elements.map(({ binding }) => binding?.valueSet)),
  };
}

/** Its objects and texts; nothing of what is no list. */
const listOf = <T>(value: unknown): T[] =>
  Array.isArray(value)
    ? value.filter((one) => one !== null && ['object', 'string'].includes(typeof one))
    : [];

function unknown({ id }: ContentProfile, kind: 'base' | 'profile' | 'value-set', urls: string[]): Finding[] {
  return urls.map((url) => ({
    level: 'error',
    where: 'profiles',
    kind,
    codes: [id],
    text: `${url} is not known`,
  }));
}

function hasWrongDays(profile: ContentProfile): boolean {
  const { start, end } = validityOf(profile);
  const isDay = (text: string) => text === '' || DAY.test(text);
  return !isDay(start) || !isDay(end) || (start !== '' && end !== '' && end < start);
}

function wrong(
  profiles: readonly ContentProfile[],
  kind: Finding['kind'],
  text: string,
  isWrong: (profile: ContentProfile) => boolean,
): Finding[] {
  const codes = profiles.filter(isWrong).map(({ id }) => id);
  return codes.length === 0 ? [] : [{ level: 'error', where: 'profiles', kind, codes, text }];
}

/** Of profiles with one address each begins after the one before has ended. */
function overlaps(profiles: readonly ContentProfile[]): Finding[] {
  return [...Map.groupBy(profiles, ({ url }) => url)].flatMap(([url, same]): Finding[] => {
    const days = same
      .map((profile) => ({ id: profile.id, ...validityOf(profile) }))
      .sort((a, b) => (a.start < b.start ? -1 : 1));
    const meeting = days.filter(({ start }, at) => {
      const before = days[at - 1];
      return before !== undefined && (before.end === '' || start <= before.end);
    });
    const codes = meeting.map(({ id }) => id);
    if (codes.length === 0) return [];
    const text = `another profile of ${url} is in force on one of its days`;
    return [{ level: 'error', where: 'profiles', kind: 'overlap', codes, text }];
  });
}
