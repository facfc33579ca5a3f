/**
 * What is asked of a definition under an address of the house beside what is there already (issue 6): nothing that was published changes,
 * the past keeps the definition that it had, no definition leads back to itself, and what it leads to is there. Rules have their own
 * way with versions (engines/rules: a changed one is silent until it was tried again).
 */
import { formVersions } from '../engines/forms/index.ts';
import { isProgramme, programmeVersions } from '../engines/programmes/index.ts';
import type { Content } from '../kernel/content/content.ts';
import type { Issue } from '../kernel/failure.ts';
import type { Profiles } from '../kernel/fhir/profiles/index.ts';
import type {
  PlanDefinition,
  PlanDefinitionAction,
  Questionnaire,
  Resource,
  ValueSet,
} from '../kernel/fhir/types.ts';
import { HOUSE, isOfHouse } from './publication.ts';

type Versioned = Questionnaire | PlanDefinition;
type Searched = Versioned | ValueSet;

export interface PublishedSources {
  content: Content;
  /** ISO day in Viet Nam. */
  today(): string;
  /** Definitions are nobody's: they are read for the program itself, whoever writes. */
  search(type: Searched['resourceType'], params: [string, string][]): Promise<Searched[]>;
  /** What of a value set cannot be carried out. @param comes addresses of what is written together with it */
  judgeSet(set: ValueSet, comes: ReadonlySet<string>): Promise<Issue[]>;
}

const PUBLISHED = ['active', 'retired'];
const DEFINITIONS: ReadonlySet<string> = new Set(['Questionnaire', 'PlanDefinition', 'ValueSet']);

/** The profiles of the house, that also look at what was published before. */
export function withPublished(profiles: Profiles, sources: PublishedSources): Profiles {
  return {
    forget: () => profiles.forget(),
    async checkOf(resources, ask) {
      const check = await profiles.checkOf(resources, ask);
      // Nearly everything that is written defines nothing.
      const definitions = resources.filter(({ resourceType }) => DEFINITIONS.has(resourceType));
      if (definitions.length === 0) return check;
      const found = new Map<Resource, Issue[]>();
      for (const one of definitions) {
        const issues = await issuesOf(one, resources, sources);
        if (issues.length > 0) found.set(one, issues);
      }
      if (found.size === 0) return check;
      return (resource, asked) => [...check(resource, asked), ...(found.get(resource) ?? [])];
    },
  };
}

/** @param together what is written in the same transaction */
async function issuesOf(
  written: Resource,
  together: readonly Resource[],
  sources: PublishedSources,
): Promise<Issue[]> {
  const changed = isVersioned(written)
    ? await changeOf(written, sources)
    : await overwrittenBy(written, sources);
  if (changed) return [changed];
  if (!isOfHouse(written)) return [];
  if (written.resourceType === 'ValueSet') {
    const circle = await circleIssues(written, together, sources);
    return circle.length > 0 ? circle : sources.judgeSet(written, addressesOf(together));
  }
  if (written.resourceType !== 'PlanDefinition') return [];
  return [
    ...(await circleIssues(written, together, sources)),
    ...(isProgramme(written) ? await missingForms(written, together, sources) : []),
  ];
}

const addressesOf = (resources: readonly Resource[]): ReadonlySet<string> =>
  new Set(resources.flatMap((one) => ('url' in one && typeof one.url === 'string' ? [one.url] : [])));

const issue = (expression: string, text: string, textEn: string): Issue => ({
  severity: 'error',
  code: 'business-rule',
  text: `${expression}: ${text}`,
  textEn: `${expression}: ${textEn}`,
  expression,
});

type Published = Versioned & { url: string; version: string };

function isVersioned(resource: Resource): resource is Published {
  const { resourceType } = resource;
  if (resourceType !== 'Questionnaire' && resourceType !== 'PlanDefinition') return false;
  const { url, version, status } = resource;
  if (!url?.startsWith(HOUSE) || version === undefined || !PUBLISHED.includes(status)) return false;
  return resourceType === 'Questionnaire' || isProgramme(resource);
}

/** Why a definition is not deleted; null when it may be. */
export function publishedStays(resource: Resource): Issue | null {
  if (!isVersioned(resource)) return null;
  const { resourceType, url, version } = resource;
  return issue(
    resourceType,
    `bản ${version} của ${url} đã công bố thì không xoá: phiếu, sổ và giấy đã lập còn đọc bằng nó. Muốn thôi dùng, ghi status = retired hoặc effectivePeriod.end.`,
    `version ${version} of ${url} was published and is not deleted: what was made by it is read with it. To end its use write status = retired or effectivePeriod.end.`,
  );
}

/** A draft, or another definition, in the place of one that was published. */
async function overwrittenBy(written: Resource, sources: PublishedSources): Promise<Issue | null> {
  const { resourceType, id } = written;
  if (id === undefined || (resourceType !== 'Questionnaire' && resourceType !== 'PlanDefinition'))
    return null;
  const [stored] = await sources.search(resourceType, [['_id', id]]);
  return stored && isVersioned(stored) ? overwritten(stored) : null;
}

function overwritten({ resourceType, id, url, version }: Published & Resource): Issue {
  return issue(
    `${resourceType}.id`,
    `${resourceType}/${id} là bản ${version} của ${url}, đã công bố: không ghi đè được. Bản nháp và bản mới mang id khác.`,
    `${resourceType}/${id} is version ${version} of ${url}, which was published and is not written over; a draft or a new version has another id.`,
  );
}

async function changeOf(written: Published, sources: PublishedSources): Promise<Issue | null> {
  const { resourceType, url, version } = written;
  const stored = (await sources.search(resourceType, [
    ['url', url],
    ['status', PUBLISHED.join(',')],
    ['_count', '200'],
  ])) as Versioned[];
  const all = [...ofContent(sources.content, written), ...stored];
  const same = all.filter((one) => one.version === version);
  if (same.some((one) => wordsOf(one) !== wordsOf(written)))
    return issue(
      `${resourceType}.version`,
      `bản ${version} của ${url} đã công bố, không sửa được nữa. Ghi thành bản mới với version và ngày bắt đầu hiệu lực khác.`,
      `version ${version} of ${url} was published and does not change; write a new version with a first day of its own.`,
    );
  const here = written.id === undefined ? [] : await sources.search(resourceType, [['_id', written.id]]);
  const other = here.find((one) => isVersioned(one) && (one.url !== url || one.version !== version));
  if (other) return overwritten(other as Published);
  const from = firstDayOf(written);
  const today = sources.today();
  const before = all.some((one) => firstDayOf(one) <= today);
  if (same.length === 0 && before && from < today)
    return issue(
      `${resourceType}.effectivePeriod.start`,
      `ngày ${from || '(để trống)'} đã qua và ${url} đã có bản khác: quá khứ không thay đổi, bản mới bắt đầu từ ${today} trở đi.`,
      `${from || 'no day'} is over and ${url} has another version: the past does not change, a new one begins on ${today} or later.`,
    );
  return null;
}

function ofContent(content: Content, { resourceType, url }: Published): Versioned[] {
  const all: { value: Versioned }[] =
    resourceType === 'Questionnaire' ? [...formVersions(content)] : programmeVersions(content);
  return all.map(({ value }) => value).filter((one) => one.url === url);
}

/** First day of validity; '' = since ever. */
function firstDayOf({ effectivePeriod, version = '' }: Versioned): string {
  const start = effectivePeriod?.start?.slice(0, 10);
  return start ?? /^\d{4}-\d{2}-\d{2}/.exec(version)?.[0] ?? '';
}

/** What it asks for and does: it may be retired, be given its end, and its narrative drawn anew. */
function wordsOf(definition: Versioned): string {
  const { id: _, meta: __, text: ___, status: ____, effectivePeriod, ...rest } = definition;
  return JSON.stringify(sorted({ ...rest, start: effectivePeriod?.start ?? null }));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}

/** Definitions that one names, with the place. */
function namesOf(definition: PlanDefinition | ValueSet): { place: string; url: string }[] {
  if (definition.resourceType === 'ValueSet') {
    const { include = [], exclude = [] } = definition.compose ?? {};
    const named = (parts: typeof include, of: string) =>
      parts.flatMap(({ valueSet = [] }, at) =>
        valueSet.map((url) => ({ place: `ValueSet.compose.${of}[${at}].valueSet`, url: bare(url) })),
      );
    return [...named(include, 'include'), ...named(exclude, 'exclude')];
  }
  const walk = (actions: readonly PlanDefinitionAction[], place: string): { place: string; url: string }[] =>
    actions.flatMap(({ definitionCanonical, action = [] }, at) => [
      ...(definitionCanonical === undefined
        ? []
        : [{ place: `${place}.action[${at}].definitionCanonical`, url: bare(definitionCanonical) }]),
      ...walk(action, `${place}.action[${at}]`),
    ]);
  return walk(definition.action ?? [], 'PlanDefinition');
}

const bare = (canonical: string) => canonical.split('|')[0]!;

/** Definitions that are looked at behind one. */
const MOST_LOOKED_AT = 200;

/** Whether the way from a definition comes back to it. */
async function circleIssues(
  written: PlanDefinition | ValueSet,
  together: readonly Resource[],
  { search }: PublishedSources,
): Promise<Issue[]> {
  const { resourceType, url } = written;
  const seen = new Set<string>();
  for (const first of namesOf(written)) {
    const waiting = [first.url];
    while (waiting.length > 0 && seen.size < MOST_LOOKED_AT) {
      const next = waiting.pop()!;
      if (next === url)
        return [
          issue(
            first.place,
            `dẫn vòng về chính ${url} qua ${first.url}. Hãy bỏ một lần dẫn.`,
            `leads back to ${url} itself by way of ${first.url}; take one of the ways out.`,
          ),
        ];
      if (seen.has(next)) continue;
      seen.add(next);
      const comes = together.filter(
        (one): one is PlanDefinition | ValueSet =>
          one.resourceType === resourceType && (one as ValueSet).url === next,
      );
      const stored = comes.length > 0 ? comes : await search(resourceType, [['url', next]]);
      for (const one of stored as (PlanDefinition | ValueSet)[])
        waiting.push(...namesOf(one).map((named) => named.url));
    }
  }
  return [];
}

/** Forms of the house that a programme opens and nobody has: the worklist would lead to nothing. */
async function missingForms(
  programme: PlanDefinition,
  together: readonly Resource[],
  { content, search }: PublishedSources,
): Promise<Issue[]> {
  const asked = namesOf(programme).filter(({ url }) => url.startsWith(`${HOUSE}Questionnaire/`));
  const issues: Issue[] = [];
  for (const { place, url } of asked) {
    const comes = together.some((one) => one.resourceType === 'Questionnaire' && one.url === url);
    if (comes || formVersions(content).some(({ value }) => value.url === url)) continue;
    if ((await search('Questionnaire', [['url', url]])).length > 0) continue;
    issues.push(issue(place, `không có biểu mẫu ${url}.`, `there is no form ${url}.`));
  }
  return issues;
}
