/** The code systems that are known without being stored: what `/metadata?mode=terminology` says of them. */
import { baseCodeSystem, baseSystemUrls } from '../definitions/index.ts';
import { BASE_VERSION } from './base-codes.ts';
import type { CodeLists } from './code-lists.ts';
import type { CodeSystemView } from './system.ts';

export interface AnnouncedSystem {
  url: string;
  version?: string;
  /** Of its names. */
  languages: readonly string[];
  hierarchical: boolean;
  /** Codes of its own properties. */
  properties: readonly string[];
}

/** Concepts that are looked at: the rows of a list have the same columns. */
const LOOKED_AT = 1_000;

const known = new WeakMap<CodeLists, { day: string; systems: readonly AnnouncedSystem[] }>();

/** Lists of the content as they stand today, then R4's own. Made once a day. */
export function announcedSystems(lists: CodeLists): readonly AnnouncedSystem[] {
  const day = lists.today();
  const made = known.get(lists);
  if (made?.day === day) return made.systems;
  const views = lists.all('CodeSystem').flatMap(({ url }) => lists.system(url) ?? []);
  const own = new Set(views.map(({ url }) => url));
  const base = baseSystemUrls().filter((url) => !own.has(url));
  const systems = [...views.map(announcedOf), ...base.map(announcedBase)];
  known.set(lists, { day, systems });
  return systems;
}

/** Without a view of it: a thousand systems would stay in memory for one question. */
function announcedBase(url: string): AnnouncedSystem {
  return {
    url,
    version: BASE_VERSION,
    languages: ['en'],
    hierarchical: baseCodeSystem(url)!.some(({ parent }) => parent !== undefined),
    properties: [],
  };
}

function announcedOf(view: CodeSystemView): AnnouncedSystem {
  const languages = new Set(view.language === undefined ? [] : [view.language]);
  const properties = new Set<string>();
  let hierarchical = false;
  let looked = 0;
  for (const code of view.codes()) {
    const concept = view.concept(code)!;
    for (const { language } of concept.designations) if (language !== undefined) languages.add(language);
    for (const property of concept.properties) properties.add(property.code);
    hierarchical ||= view.parents(code).length > 0;
    looked += 1;
    if (looked >= LOOKED_AT) break;
  }
  return {
    url: view.url,
    ...(view.version === undefined ? {} : { version: view.version }),
    languages: [...languages],
    hierarchical,
    properties: [...properties],
  };
}
