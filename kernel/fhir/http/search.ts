/** A search of one type: what is asked, the page, its links, and what was left out of the question. R4 http.html#search. */
import { Failure, type Issue } from '../../failure.ts';
import { checkSearch, MAX_COUNT } from '../../store/search/index.ts';
import { elementsOf } from '../definitions/index.ts';
import { localParams } from '../local.ts';
import { isResourceType, RENDERED } from '../names.ts';
import { outcomeOf } from '../outcome.ts';
import type { OperationOutcome, ResourceType } from '../types.ts';
import { bundleBytes, type EntryBytes, type Link, outcomeEntry, searchEntry } from './bundle-bytes.ts';
import { type Answer, type GetContext, queryText } from './context.ts';
import type { Demand } from './demand.ts';
import { withoutChoice } from './subset.ts';

type Params = [string, string][];

/** What is left of a request after `handling=lenient` has taken out what cannot be answered. */
export interface Asked {
  params: Params;
  demand: Demand;
  /** Why others were left out. */
  warnings: Issue[];
  /** `_explain=true`: how it would be answered, instead of the answer. */
  explain: boolean;
}

/**
 * @param address what stands before the query in the links
 * @param fixed parameters that the address says
 */
export async function answerSearch(
  context: GetContext,
  type: ResourceType,
  demand: Demand,
  address: string,
  fixed: Params = [],
): Promise<Answer> {
  const asked = readAsked(context, [type], demand);
  const params = [...fixed, ...localParams(type, asked.params, context.base)];
  const link = (query: Params) => `${context.base}/${address}${queryText([...query, ...asked.demand.form])}`;
  const self: Link = { relation: 'self', url: link(asked.params) };
  if (asked.explain) return explained([await context.session.explainStored(type, params)], [self]);
  const answer = await context.session.searchStored(type, params);
  const page = (query: string) => link(without(fixed, [...new URLSearchParams(query)] as Params));
  const links = [self];
  if (!asked.demand.countOnly) {
    if (answer.next !== undefined || answer.previous !== undefined)
      links.push({ relation: 'first', url: link(asked.params.filter(([name]) => name !== '_cursor')) });
    if (answer.previous !== undefined) links.push({ relation: 'previous', url: page(answer.previous) });
    if (answer.next !== undefined) links.push({ relation: 'next', url: page(answer.next) });
  }
  const { countOnly, subset } = asked.demand;
  const entries: EntryBytes[] = countOnly
    ? []
    : [
        ...answer.matches.map((version) => searchEntry(context.base, version, 'match', subset)),
        ...answer.includes.map((version) => searchEntry(context.base, version, 'include', subset)),
      ];
  return searchset(answer.total, links, [...entries, ...warningEntries(asked.warnings)]);
}

/** The parameters of the request but the ones that the address says. */
function without(fixed: Params, query: Params): Params {
  const names = new Map(fixed);
  return query.filter(([name, value]) => names.get(name) !== value);
}

export function searchset(total: number | undefined, links: Link[], entries: EntryBytes[]): Answer {
  const timestamp = new Date().toISOString();
  return {
    status: 200,
    body: bundleBytes('searchset', { ...(total === undefined ? {} : { total }), links, timestamp }, entries),
  };
}

/** R4 search.html#3.1.1.3.1: what was not as asked is told in an entry of mode `outcome`. */
export function warningEntries(warnings: readonly Issue[]): EntryBytes[] {
  if (warnings.length === 0) return [];
  const [first, ...more] = warnings;
  return [
    outcomeEntry(outcomeOf(new Failure('invalid-parameter', first!.text, { issues: [first!, ...more] }))),
  ];
}

/** The plans of a search, in words for people who operate the server. */
export function explained(plans: readonly object[], links: Link[]): Answer {
  const issue = plans.map((plan): OperationOutcome['issue'][number] => ({
    severity: 'information',
    code: 'informational',
    details: { text: 'Kế hoạch tìm kiếm' },
    diagnostics: JSON.stringify(plan, null, 1),
  }));
  return searchset(undefined, links, [outcomeEntry({ resourceType: 'OperationOutcome', issue })]);
}

/**
 * The parameters as they are carried out. Strict: everything unknown or malformed fails by name. Lenient: it is left out,
 * with a warning.
 */
export function readAsked(context: GetContext, types: readonly ResourceType[], demand: Demand): Asked {
  const warnings: Issue[] = [];
  const keep = (check: () => void): boolean => {
    if (!context.lenient) {
      check();
      return true;
    }
    const issues = issuesOf(check);
    warnings.push(...issues);
    return issues.length === 0;
  };
  let explain = false;
  const params: Params = [];
  for (const [name, value] of demand.params) {
    if (value === '' && isKnown(context, types, name)) continue;
    if (name === '_explain') {
      keep(() => checkFlag(name, value));
      explain ||= value === 'true';
      continue;
    }
    // A strict search is checked as a whole when it is run.
    const check = () => {
      if (demand.subset?.kind === 'text' && /^_(rev)?include(:|$)/.test(name)) throw notWithText(name);
      for (const type of context.lenient ? types : []) checkOne(context, type, name, value);
    };
    if (keep(check)) params.push([name, carriedOut(name, value)]);
  }
  return { params, warnings, explain, demand: { ...demand, subset: subsetOf(types, demand.subset, keep) } };
}

/** R4 search.html#summary: includes "cannot be mixed with `_summary=text`". */
function notWithText(name: string): Failure {
  return new Failure('invalid-parameter', `${name} không đi cùng _summary=text (FHIR R4).`, {
    textEn: `${name} cannot be mixed with _summary=text (FHIR R4).`,
    expression: name,
  });
}

/** R4 search.html: an empty parameter is no error and is left out; a name that nobody knows is one. A cursor is never empty. */
function isKnown({ knowsParameter }: GetContext, types: readonly ResourceType[], name: string): boolean {
  if (name === '_cursor') return false;
  const [code = ''] = name.split(/[:.]/);
  return code === '_type' || types.every((type) => knowsParameter(type, code));
}

/** A page has an upper limit, and the links say so. */
function carriedOut(name: string, value: string): string {
  return name === '_count' && Number(value) > MAX_COUNT ? String(MAX_COUNT) : value;
}

/** `_elements` names elements of what is searched, or others by `Type.name`. */
function subsetOf(
  types: readonly ResourceType[],
  subset: Demand['subset'],
  keep: (check: () => void) => boolean,
): Demand['subset'] {
  if (subset?.kind !== 'elements') return subset;
  const names = subset.names.filter((name) => keep(() => checkElement(types, name)));
  return names.length === 0 ? null : { kind: 'elements', names };
}

/** Fails with `invalid-parameter` on an `_elements` that names no element of the types. */
export function checkElements(types: readonly ResourceType[], subset: Demand['subset']): void {
  if (subset?.kind === 'elements') for (const name of subset.names) checkElement(types, name);
}

const EVERYWHERE = new Set(['id', 'meta', 'implicitRules', 'language']);

function checkElement(types: readonly ResourceType[], name: string): void {
  const [head = '', inner, ...more] = withoutChoice(name).split('.');
  // R4 search.html#elements: base elements only; of another type (an included one) by its name.
  const isKnown =
    inner === undefined
      ? types.some((type) => hasElement(type, head))
      : more.length === 0 && isResourceType(head) && hasElement(head, inner);
  if (isKnown) return;
  throw new Failure('invalid-parameter', `_elements: không có phần tử "${name}" trong ${types.join(', ')}.`, {
    textEn: `_elements: ${types.join(', ')} has no element "${name}".`,
    expression: '_elements',
  });
}

function hasElement(type: ResourceType, name: string): boolean {
  return (
    EVERYWHERE.has(name) ||
    elementsOf(type).some((element) => element.name === name || isChoice(element, name))
  );
}

/** `valueQuantity` of `value[x]`. */
function isChoice(
  { name, types }: { name: string; types: readonly { code: string }[] },
  asked: string,
): boolean {
  return (
    types.length > 1 && types.some(({ code }) => asked === name + code[0]!.toUpperCase() + code.slice(1))
  );
}

function checkFlag(name: string, value: string): void {
  if (value === 'true' || value === 'false') return;
  throw new Failure('invalid-parameter', `Tham số ${name} nhận true hoặc false, không nhận "${value}".`, {
    textEn: `Parameter ${name} takes true or false, not "${value}".`,
    expression: name,
  });
}

/** Whether a parameter could be answered by itself. `_type` and cursors are judged by those who read them. */
function checkOne({ knowsParameter }: GetContext, type: ResourceType, name: string, value: string): void {
  if (name === '_type' || name === '_cursor') return;
  if (!RENDERED.has(type)) checkSearch({ type, params: [[name, value]] });
  else if (!knowsParameter(type, name.split(/[:.]/)[0]!))
    throw new Failure('unknown-parameter', `${type} không có tham số tìm kiếm "${name}".`, {
      textEn: `${type} has no search parameter "${name}".`,
      expression: name,
    });
}

function issuesOf(check: () => void): Issue[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.issues.map((issue) => ({ ...issue, severity: 'warning' }));
  }
}
