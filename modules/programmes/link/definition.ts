/** How a register of vaccinations elsewhere is asked: content, because no official interface is known here (README). */
import type { Content } from '../../../kernel/content/content.ts';
import { datedFiles } from '../../../kernel/content/dated.ts';

/** Each dose is told by itself, without anybody asking. */
export interface Sharing {
  /** Tries until a person has to look. */
  tries: number;
  /** Minutes before the second try; each later one waits twice as long. */
  minutes: number;
}

export interface LinkDefinition {
  title: { vi: string; en: string };
  source: string;
  status: string;
  /** Numbers of persons that both sides know, the surest first. */
  identifiers: readonly { ours: string; theirs: string }[];
  /** Search that finds a person: `{system}`, `{value}`. */
  find: string;
  /** Search of what a person was given: `{patient}`. */
  history: string;
  /** Where a dose is sent. */
  send: string;
  /** Doses of one vaccine so few days apart are asked about as one: no schedule has two so near. */
  daysApart: number;
  /** Left out: a dose is sent when a person says so. */
  share?: Sharing;
}

const KEY = 'immunisation';

/** The version of a day; null = the content has none. */
export function linkOn(content: Content, day: string): LinkDefinition | null {
  const own = datedFiles<LinkDefinition>(content, 'links').filter(
    ({ key, from }) => key === KEY && from <= day,
  );
  return own.at(-1)?.value ?? null;
}

/** Our code of theirs, by `system|code`. */
export function vaccineCodesOn(content: Content, day: string): ReadonlyMap<string, string> {
  return new Map(
    content
      .inForce('links/vaccine-codes', day)
      .filter(({ link }) => link === KEY)
      .map(({ their_system, their_code, system, code }) => [
        `${their_system}|${their_code}`,
        `${system}|${code}`,
      ]),
  );
}
