/** Where definitions come from: the content, the record, R4. */
import type { Pool } from 'pg';
import type { Content } from '../../content/content.ts';
import { type ContentProfile, profilesOf, profilesOn } from '../../content/profiles.ts';
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { typeNumber } from '../../store/resource-types.ts';
import { baseProfile } from '../definitions/index.ts';
import { readStoredJson } from '../json/read.ts';
import { Terms, type TermsSession } from '../operations/terminology/terms.ts';
import type { CodeLists } from '../terminology/code-lists.ts';
import { codesOf } from './codes.ts';
import type { StructureDefinitionJson } from './definition.ts';
import { DEFINING, type ProfileSources } from './profiles.ts';

export interface SourceParts {
  content: Content;
  lists: CodeLists;
  /** Definitions are nobody's: they are read for the program itself, whoever writes. */
  search: TermsSession['searchStored'];
  pool: Pool;
}

export function profileSources({ content, lists, search, pool }: SourceParts): ProfileSources {
  const session: TermsSession = {
    lists,
    searchStored: search,
    readStored: () => Promise.reject(new Error('definitions are found by their address')),
  };
  const numbers = [...DEFINING].map((type) => typeNumber(type)!);
  return {
    async definition(url, version) {
      const own = ownProfile(content, url, version, lists.today());
      if (own) return own as unknown as StructureDefinitionJson;
      const stored = await findStored(search, url, version);
      if (stored) return readStoredJson(stored.body) as StructureDefinitionJson;
      const base = baseProfile(url);
      return base && isVersion(base.version, version) ? base : undefined;
    },
    async codes(valueSet) {
      try {
        return codesOf(await new Terms(session, undefined).valueSet(valueSet));
      } catch (error) {
        if (error instanceof Failure) return null;
        throw error;
      }
    },
    async generation() {
      const { rows } = await pool.query<{ all: string }>(
        `select string_agg(t || ' ' || n || ' ' || ts, ', ' order by t) as all from (
           select t, count(*) as n, max(ts) as ts from shared where pt = 0 and t = any($1::int2[]) group by t) as one`,
        [numbers],
      );
      return `${lists.today()} ${rows[0]?.all ?? ''}`;
    },
  };
}

/** The one in force today; a version is asked for whatever its days. */
function ownProfile(
  content: Content,
  url: string,
  version: string | undefined,
  day: string,
): ContentProfile | undefined {
  const all = version === undefined ? profilesOn(content, day) : profilesOf(content);
  return all.find((one) => one.url === url && isVersion(one.version, version));
}

/** `4.0` asks for any 4.0.x (R4 references.html#canonical-matching is left to the publisher: the beginning counts). */
function isVersion(version: string | undefined, asked: string | undefined): boolean {
  return asked === undefined || version === asked || version?.startsWith(`${asked}.`) === true;
}

/** Of several with one address, the one changed last. */
async function findStored(
  search: SourceParts['search'],
  url: string,
  version: string | undefined,
): Promise<StoredVersion | undefined> {
  const exact = (text: string) => text.replaceAll(/[\\$,|]/g, '\\$&');
  const found = await search('StructureDefinition', [
    ['url', exact(url)],
    ...(version === undefined ? [] : [['version', exact(version)] as [string, string]]),
    ['_sort', '-_lastUpdated'],
    ['_count', '1'],
  ]);
  return found.matches[0];
}
