/** The content's profiles and extensions as StructureDefinitions of the FHIR interface, each while it is in force. */
import type { Content } from '../../content/content.ts';
import { type ContentProfile, profilesOf, profilesOn } from '../../content/profiles.ts';
import type { Resource } from '../types.ts';
import type { Rendered } from './code-lists.ts';

/** @param day ISO day */
export function renderedProfiles(content: Content, day: string): Rendered[] {
  return profilesOn(content, day).map((profile) => ({
    type: 'StructureDefinition',
    id: profile.id,
    url: profile.url,
    name: profile.name,
    title: profile.title,
    version: profile.version,
    facets: facetsOf(profile),
    make: () => profile as unknown as Resource,
  }));
}

/** Whether an address or an id is the content's, of whatever day: nobody stores a second meaning under it. */
export function isContentProfile(content: Content, by: { url?: unknown; id?: string }): 'url' | 'id' | null {
  const all = profilesOf(content);
  if (all.some(({ url }) => url === by.url)) return 'url';
  return all.some(({ id }) => id === by.id) ? 'id' : null;
}

/** What StructureDefinitions are searched by besides their name and address. */
function facetsOf(profile: ContentProfile): Record<string, string> {
  const named = ['type', 'kind', 'derivation', 'abstract', 'experimental'] as const;
  const facets = Object.fromEntries(named.map((name) => [name, String(profile[name])]));
  return { ...facets, base: String(profile.baseDefinition) };
}
