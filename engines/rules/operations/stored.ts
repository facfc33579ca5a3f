/** Rules that are stored in the record: compiled once a version, beside those of the content. */
import type { Content } from '../../../kernel/content/content.ts';
import { Failure, type Issue } from '../../../kernel/failure.ts';
import { readStoredJson } from '../../../kernel/fhir/json/read.ts';
import { Terms, type TermsSession } from '../../../kernel/fhir/operations/terminology/terms.ts';
import type { MemberOf } from '../../../kernel/fhir/person/index.ts';
import { isMember } from '../../../kernel/fhir/profiles/check-value.ts';
import { codesOf } from '../../../kernel/fhir/profiles/codes.ts';
import type { Profiles } from '../../../kernel/fhir/profiles/index.ts';
import type { CodeLists } from '../../../kernel/fhir/terminology/code-lists.ts';
import type { PlanDefinition, Resource } from '../../../kernel/fhir/types.ts';
import type { StoredVersion } from '../../../kernel/store/contract.ts';
import { allRules } from '../content.ts';
import { ownRule, storedFile, wordsHash } from '../definition/issues.ts';
import { readRule } from '../definition/read.ts';
import type { Rule } from '../definition/rule.ts';

export interface RuleSources {
  content: Content;
  lists: CodeLists;
  /** Definitions are nobody's: they are read for the program itself, whoever asks. */
  search: TermsSession['searchStored'];
}

/** Everything that may be asked, with the value sets that it names. */
export interface RuleLibrary {
  /** Every version of every rule, of the content and of the record. */
  rules: readonly Rule[];
  memberOf: MemberOf;
  /** Stored rules that can no longer be carried out, a sentence each. */
  faults: readonly string[];
}

/** How long what another program stored may go unnoticed. */
const KEPT_MS = 5_000;
/** Until then who asks gets what is known, and what is new is read beside: nobody who signs waits for it. */
const STALE_MS = 30_000;
const PAGE = '500';

interface Kept {
  at: number;
  library: Promise<RuleLibrary>;
}

const kept = new WeakMap<Content, Kept>();
const compiled = new WeakMap<Content, Map<string, Rule | Failure>>();

/** The rules of the content and of the record; read anew after some seconds, and at once after `forgetRules`. */
export function ruleLibrary(sources: RuleSources): Promise<RuleLibrary> {
  const now = performance.now();
  const known = kept.get(sources.content);
  if (known && now - known.at < KEPT_MS) return known.library;
  const library = readLibrary(sources);
  if (known && now - known.at < STALE_MS) {
    refresh(sources.content, known, library);
    return known.library;
  }
  kept.set(sources.content, { at: now, library });
  library.catch(() => kept.delete(sources.content));
  return library;
}

/** What is read beside takes the place of what was known, unless that was forgotten meanwhile. */
function refresh(content: Content, known: Kept, library: Promise<RuleLibrary>): void {
  const asked = { at: performance.now(), library: known.library };
  kept.set(content, asked);
  library.then(
    () => kept.get(content) === asked && kept.set(content, { at: performance.now(), library }),
    () => kept.get(content) === asked && kept.delete(content),
  );
}

/** A definition or a value set was written. */
export function forgetRules(content: Content): void {
  kept.delete(content);
}

async function readLibrary(sources: RuleSources): Promise<RuleLibrary> {
  const own = allRules(sources.content);
  const faults: string[] = [];
  const stored: Rule[] = [];
  for (const one of await storedVersions(sources.search)) {
    const rule = compiledOf(sources.content, one);
    if (rule instanceof Failure) faults.push(`PlanDefinition/${one.id}: ${rule.message}`);
    else if (rule && !own.some(({ key, version }) => key === rule.key && version === rule.definition.version))
      stored.push(rule);
  }
  const rules = [...own, ...stored];
  return { rules, faults, memberOf: await membershipsOf(sources, rules) };
}

async function storedVersions(search: RuleSources['search']): Promise<StoredVersion[]> {
  const versions: StoredVersion[] = [];
  let params: [string, string][] | undefined = [
    ['type', 'eca-rule'],
    ['status', 'active,retired'],
    ['_count', PAGE],
  ];
  while (params) {
    const { matches, next }: { matches: StoredVersion[]; next?: string } = await search(
      'PlanDefinition',
      params,
    );
    versions.push(...matches);
    params = next === undefined ? undefined : ([...new URLSearchParams(next)] as [string, string][]);
  }
  return versions;
}

/** Null for a rule of another house. */
function compiledOf(content: Content, { id, version, body }: StoredVersion): Rule | Failure | null {
  const known = compiled.get(content) ?? new Map<string, Rule | Failure>();
  compiled.set(content, known);
  const key = `${id}/${version}/${body.length}`;
  const found = known.get(key);
  if (found) return found;
  const plan = ownRule(readStoredJson(body) as Resource);
  if (!plan) return null;
  const made = attempt(() => untried(readRule(storedFile(plan), content)));
  known.set(key, made);
  return made;
}

/**
 * A stored rule is silent until it was run over the past and somebody decides, whatever it says of itself. Decisions are about a version
 * of these very words: changed ones are a new version, which nobody has tried.
 */
function untried(rule: Rule): Rule {
  return { ...rule, version: `${rule.version} #${wordsHash(rule.definition)}`, silent: true };
}

function attempt(read: () => Rule): Rule | Failure {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Membership in the value sets that rules ask with `memberOf()`: all found before the first person. */
async function membershipsOf(sources: RuleSources, rules: readonly Rule[]): Promise<MemberOf> {
  const known = new Map<string, ReturnType<typeof codesOf>>();
  for (const url of new Set(rules.flatMap(({ valueSets }) => valueSets))) {
    const codes = await codesIn(sources, url);
    if (codes) known.set(url, codes);
  }
  return (value, type, url) => {
    const codes = known.get(url);
    const told = codes ? isMember({ value, type: type ?? 'CodeableConcept' }, codes) : null;
    if (told !== null) return told;
    throw new Failure(
      'business-rule',
      codes
        ? `Không nói được một mã không có hệ mã có thuộc ${url} hay không.`
        : `Không có tập mã ${url} ở đây.`,
      {
        textEn: codes
          ? `Whether a code without its system is in ${url} cannot be told: ask with the Coding.`
          : `The value set ${url} is not known here.`,
      },
    );
  };
}

async function codesIn(
  { lists, search }: RuleSources,
  url: string,
): Promise<ReturnType<typeof codesOf> | null> {
  const session: TermsSession = {
    lists,
    searchStored: search,
    readStored: () => Promise.reject(new Error('definitions are found by their address')),
  };
  try {
    return codesOf(await new Terms(session, undefined).valueSet(url));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** The profiles of the house, that also look at rules before they are stored: a value set that nobody knows is told with its place. */
export function withRules(profiles: Profiles, sources: RuleSources): Profiles {
  return {
    forget() {
      forgetRules(sources.content);
      profiles.forget();
    },
    async checkOf(resources, ask) {
      const check = await profiles.checkOf(resources, ask);
      const found = new Map<Resource, Issue[]>();
      for (const one of resources) {
        const plan = ownRule(one);
        if (plan) found.set(one, await setIssues(plan, resources, sources));
      }
      if (found.size === 0) return check;
      return (resource, asked) => [...check(resource, asked), ...(found.get(resource) ?? [])];
    },
  };
}

/** @param together what is written with it: a value set may come along */
async function setIssues(
  plan: PlanDefinition,
  together: readonly Resource[],
  sources: RuleSources,
): Promise<Issue[]> {
  const rule = attempt(() => readRule(storedFile(plan), sources.content));
  if (rule instanceof Failure) return rule.issues;
  const issues: Issue[] = [];
  for (const { url, place } of rule.valueSetPlaces) {
    const comes = together.some((one) => one.resourceType === 'ValueSet' && one.url === url);
    if (comes || (await codesIn(sources, url))) continue;
    issues.push({
      severity: 'error',
      code: 'business-rule',
      text: `${place}: không có tập mã ${url} ở đây.`,
      textEn: `${place} asks memberOf('${url}'), a value set that is not known here.`,
      expression: place,
    });
  }
  return issues;
}
