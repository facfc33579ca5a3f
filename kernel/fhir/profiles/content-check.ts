/** Whether each profile of the content is right by R4 and can be carried out, asked before anything is checked by it. */
import type { Content } from '../../content/content.ts';
import { type ContentProfile, namesOfProfiles, profilesOf } from '../../content/profiles.ts';
import { openCodeLists } from '../terminology/index.ts';
import type { Resource } from '../types.ts';
import { validateResource } from '../validation/index.ts';
import { openProfiles } from './profiles.ts';
import { profileSources } from './sources.ts';

export interface ProfileFault {
  /** `profiles/cong-dan.json`, and the element. */
  where: string;
  text: string;
  textVi: string;
}

/** @param day ISO day, @param concerns which files are looked at */
export async function checkContentProfiles(
  content: Content,
  day: string,
  concerns: (file: string) => boolean = () => true,
): Promise<ProfileFault[]> {
  const files = namesOfProfiles(content).filter((id) => concerns(fileOf(id)));
  const wrong = files.flatMap((id) => shapeFaults(id, content.json<ContentProfile>(`profiles/${id}`)));
  if (files.length === 0 || wrong.length > 0) return wrong;
  const lists = openCodeLists(content, () => day, `${day}T00:00:00Z`);
  const nothing = { matches: [], total: null };
  const sources = profileSources({
    content,
    lists,
    search: async () => nothing as never,
    pool: null as never,
  });
  const check = openProfiles({ ...sources, generation: async () => '' });
  const own = profilesOf(content).filter(({ id }) => files.includes(id));
  const faults: ProfileFault[] = [];
  for (const profile of own) {
    const resource = profile as unknown as Resource;
    for (const issue of (await check.checkOf([resource]))(resource)) faults.push(faultOf(profile.id, issue));
  }
  return faults;
}

const fileOf = (id: string) => `profiles/${id}.json`;

function faultOf(
  id: string,
  { expression = '', text, textEn = text }: { expression?: string; text: string; textEn?: string },
): ProfileFault {
  return { where: `${fileOf(id)} ${expression}`.trim(), text: textEn, textVi: text };
}

function shapeFaults(id: string, profile: ContentProfile): ProfileFault[] {
  const say = (expression: string, text: string, textEn: string) => [
    faultOf(id, { expression, text, textEn }),
  ];
  if (profile.resourceType !== 'StructureDefinition')
    return say('resourceType', 'phải là StructureDefinition', 'must be StructureDefinition');
  if (profile.id !== id)
    return say(
      'id',
      `ghi “${profile.id}”, phải là “${id}” như tên tệp`,
      `is "${profile.id}" and must be "${id}", as the file is called`,
    );
  const issues = validateResource(profile as unknown as Resource).filter(
    ({ severity }) => severity === 'error',
  );
  if (issues.length > 0) return issues.map((issue) => faultOf(id, issue));
  for (const member of ['version', 'title', 'baseDefinition'])
    if (typeof profile[member] !== 'string') return say(member, 'còn thiếu', 'is missing');
  if (profile.derivation !== 'constraint')
    return say(
      'derivation',
      'phải là constraint: hồ sơ mẫu chỉ thêm điều kiện vào một loại của R4',
      'must be constraint',
    );
  return [];
}
