/**
 * Whether a value set can be carried out as it is written: each system, code, filter and further set that it draws from is known here, or
 * its codes are listed one by one. R4 lets a set name what a server does not know; of the house's own sets it is a mistake.
 */
import { Failure, type Issue } from '../../../failure.ts';
import { codeSetOf } from '../../terminology/code-set.ts';
import type { CodeSystemView } from '../../terminology/system.ts';
import type { ValueSet, ValueSetComposeInclude } from '../../types.ts';
import type { Terms } from './terms.ts';

/** Filters of which the value is a code of the system. */
const BY_CODE = ['is-a', 'descendent-of', 'is-not-a', 'generalizes'];

/** @param comes addresses of sets and systems that are written in the same transaction */
export async function composeIssues(
  { compose }: ValueSet,
  terms: Terms,
  comes: ReadonlySet<string>,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const side of ['include', 'exclude'] as const)
    for (const [at, part] of (compose?.[side] ?? []).entries())
      issues.push(...(await partIssues(part, `ValueSet.compose.${side}[${at}]`, terms, comes)));
  return issues;
}

const issue = (expression: string, text: string, textEn: string): Issue => ({
  severity: 'error',
  code: 'business-rule',
  text: `${expression}: ${text}`,
  textEn: `${expression}: ${textEn}`,
  expression,
});

async function partIssues(
  part: ValueSetComposeInclude,
  place: string,
  terms: Terms,
  comes: ReadonlySet<string>,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const [at, canonical] of (part.valueSet ?? []).entries())
    if (!comes.has(canonical.split('|')[0]!) && !(await isThere(terms, canonical)))
      issues.push(
        issue(
          `${place}.valueSet[${at}]`,
          `không có bộ mã ${canonical}.`,
          `there is no value set ${canonical}.`,
        ),
      );
  const { system, version } = part;
  if (system === undefined || comes.has(system)) return issues;
  const view = await terms.system(system, version);
  return [...issues, ...(await filterIssues(part, place, view, terms)), ...codeIssues(part, place, view)];
}

async function isThere(terms: Terms, canonical: string): Promise<boolean> {
  try {
    await terms.valueSetJson(canonical);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** Each filter by itself, so that the one that is broken is named. */
async function filterIssues(
  { system, version, filter = [] }: ValueSetComposeInclude,
  place: string,
  view: CodeSystemView | undefined,
  terms: Terms,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const [at, one] of filter.entries()) {
    const part = { system, ...(version === undefined ? {} : { version }), filter: [one] };
    try {
      await codeSetOf({ compose: { include: [part] } }, terms);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const [{ text, textEn = text } = { text: error.message }] = error.issues;
      issues.push(issue(`${place}.filter[${at}]`, text, textEn));
      continue;
    }
    if (BY_CODE.includes(one.op) && lacks(view, one.value))
      issues.push(unknownCode(`${place}.filter[${at}].value`, one.value, system!));
  }
  return issues;
}

function codeIssues(
  { system, concept, filter = [] }: ValueSetComposeInclude,
  place: string,
  view: CodeSystemView | undefined,
): Issue[] {
  if (concept !== undefined)
    return concept.flatMap(({ code }, at) =>
      lacks(view, code) ? [unknownCode(`${place}.concept[${at}].code`, code, system!)] : [],
    );
  return view === undefined && filter.length === 0
    ? [
        issue(
          `${place}.system`,
          `không ai ở đây biết hệ mã ${system}. Hãy sửa địa chỉ, nạp hệ mã ấy trước, hoặc liệt kê từng mã ở concept.`,
          `nobody here knows the system ${system}; mend its address, store it before, or list its codes in concept.`,
        ),
      ]
    : [];
}

/** A fragment never proves a code wrong. */
const lacks = (view: CodeSystemView | undefined, code: string) =>
  view !== undefined && view.content === 'complete' && !view.has(code);

const unknownCode = (place: string, code: string, system: string) =>
  issue(place, `hệ mã ${system} không có mã "${code}".`, `system ${system} has no code "${code}".`);
