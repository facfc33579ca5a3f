/** Profiles and extensions of the program and of a province: `profiles/<id>.json`, StructureDefinitions with the days on which each holds. */
import type { Content } from './content.ts';

/** A StructureDefinition as it is written in the content: a differential without a snapshot. */
export interface ContentProfile {
  readonly resourceType: 'StructureDefinition';
  readonly id: string;
  readonly url: string;
  readonly version: string;
  readonly name: string;
  readonly title: string;
  readonly type: string;
  readonly [element: string]: unknown;
}

const EFFECTIVE = 'http://hl7.org/fhir/StructureDefinition/resource-effectivePeriod';
const known = new WeakMap<Content, readonly ContentProfile[]>();

/**
 * All of them in the order of their ids, of whatever day; none when the content has no such folder. Read once.
 * @throws UnreadableProfile that names the file which is no JSON, or is not named after its id
 */
export function profilesOf(content: Content): readonly ContentProfile[] {
  const read = known.get(content) ?? readProfiles(content);
  known.set(content, read);
  return read;
}

/** Those that hold on an ISO day: at most one of a canonical, unless `yba content check` has something to say. */
export function profilesOn(content: Content, day: string): ContentProfile[] {
  return profilesOf(content).filter((profile) => {
    const { start, end } = validityOf(profile);
    return (start === '' || start <= day) && (end === '' || day <= end);
  });
}

/** First and last day (extension resource-effectivePeriod), both inclusive; '' = open. */
export function validityOf(profile: ContentProfile): { start: string; end: string } {
  // What is no list is told by the check of R4.
  const extensions = (Array.isArray(profile.extension) ? profile.extension : []) as {
    url?: string;
    valuePeriod?: Record<string, string>;
  }[];
  const period = extensions.find(({ url }) => url === EFFECTIVE)?.valuePeriod;
  return { start: period?.start ?? '', end: period?.end ?? '' };
}

/** Nothing can be checked by any profile until it is mended. */
export class UnreadableProfile extends SyntaxError {
  readonly id: string;

  constructor(id: string, message: string) {
    super(`content/profiles/${id}.json: ${message}`);
    this.id = id;
  }
}

function readProfiles(content: Content): readonly ContentProfile[] {
  return namesOfProfiles(content).map((id) => readProfile(content, id));
}

/** Ids by their files, of the content and of a province's folders; what lies in a folder below are examples. */
export function namesOfProfiles(content: Content): string[] {
  return content
    .files('profiles')
    .filter((name) => name.endsWith('.json') && !name.includes('/'))
    .map((name) => name.slice(0, -'.json'.length));
}

function readProfile(content: Content, id: string): ContentProfile {
  let profile: ContentProfile;
  try {
    profile = content.json<ContentProfile>(`profiles/${id}`);
  } catch (error) {
    const { cause } = error as Error;
    throw cause instanceof SyntaxError ? new UnreadableProfile(id, cause.message) : error;
  }
  if (profile.id !== id)
    throw new UnreadableProfile(id, `its id is "${profile.id}"; it must be that of the file`);
  return profile;
}
