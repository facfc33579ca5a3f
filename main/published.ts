/**
 * What was published never changes (issue 6): forms and programmes under an address of the house whose version is in force, or was, are
 * neither written anew in their place nor a second time beside it. Answers are pinned to a version; a new text is a new version.
 * Rules have their own way (engines/rules: a changed one is silent until it was tried again).
 */
import { contentForm } from '../engines/forms/index.ts';
import { isProgramme, programmeVersions } from '../engines/programmes/index.ts';
import type { Content } from '../kernel/content/content.ts';
import type { Issue } from '../kernel/failure.ts';
import type { Profiles } from '../kernel/fhir/profiles/index.ts';
import type { PlanDefinition, Questionnaire, Resource } from '../kernel/fhir/types.ts';

type Definition = Questionnaire | PlanDefinition;

export interface PublishedSources {
  content: Content;
  /** Definitions are nobody's: they are read for the program itself, whoever writes. */
  search(type: Definition['resourceType'], params: [string, string][]): Promise<Definition[]>;
}

const HOUSE = 'http://yba.vn/fhir/';
const PUBLISHED = ['active', 'retired'];

/** The profiles of the house, that also look at what was published before. */
export function withPublished(profiles: Profiles, sources: PublishedSources): Profiles {
  return {
    forget: () => profiles.forget(),
    async checkOf(resources, ask) {
      const check = await profiles.checkOf(resources, ask);
      const found = new Map<Resource, Issue[]>();
      for (const one of resources) {
        const changed = isPublished(one) ? await changedFrom(one, sources) : null;
        if (changed) found.set(one, [changed]);
      }
      if (found.size === 0) return check;
      return (resource, asked) => [...check(resource, asked), ...(found.get(resource) ?? [])];
    },
  };
}

function isPublished(resource: Resource): resource is Definition & { url: string; version: string } {
  const { resourceType } = resource;
  if (resourceType !== 'Questionnaire' && resourceType !== 'PlanDefinition') return false;
  const { url, version, status } = resource;
  if (!url?.startsWith(HOUSE) || version === undefined || !PUBLISHED.includes(status)) return false;
  return resourceType === 'Questionnaire' || isProgramme(resource);
}

async function changedFrom(
  written: Definition & { url: string; version: string },
  { content, search }: PublishedSources,
): Promise<Issue | null> {
  const { resourceType, url, version } = written;
  const own = ofContent(content, resourceType, url, version);
  const stored = await search(resourceType, [
    ['url', url],
    ['version', version],
    ['status', PUBLISHED.join(',')],
  ]);
  const before = own ? [own, ...stored] : stored;
  if (before.every((one) => wordsOf(one) === wordsOf(written))) return null;
  return {
    severity: 'error',
    code: 'business-rule',
    text: `${resourceType}.version: bản ${version} của ${url} đã công bố, không sửa được nữa. Ghi thành bản mới với version và ngày bắt đầu hiệu lực khác.`,
    textEn: `${resourceType}.version: version ${version} of ${url} was published and does not change; write a new version with a first day of its own.`,
    expression: `${resourceType}.version`,
  };
}

function ofContent(content: Content, type: string, url: string, version: string): Definition | null {
  if (type === 'Questionnaire') return contentForm(content, url, version, version);
  return (
    programmeVersions(content).find(({ value }) => value.url === url && value.version === version)?.value ??
    null
  );
}

/** What it asks for and does: it may be retired, be given its end, and its narrative drawn anew. */
function wordsOf(definition: Definition): string {
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
