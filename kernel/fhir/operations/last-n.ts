/**
 * `Observation/$lastn` (R4 operation-observation-lastn): of what a search of one person's observations finds, the newest of
 * each code. Codes are one when a coding is the same, through any number of observations; a code without coding is its text.
 */
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { searchEntry } from '../http/bundle-bytes.ts';
import { type Answer, type GetContext, queryText } from '../http/context.ts';
import type { Demand } from '../http/demand.ts';
import { explained, readAsked, searchset, warningEntries } from '../http/search.ts';
import { readStoredJson } from '../json/read.ts';
import { localParams } from '../local.ts';
import type { Observation } from '../types.ts';
import { OBSERVATION_LASTN } from './definitions.ts';
import { effectiveTime } from './effective-time.ts';
import { readInput } from './parameters.ts';

/** Observations of one question that are looked through at most. */
const MOST = 50_000;
const PIECE = 1_000;

const PERSON = ['patient', 'subject'];
/** Search parameters whose expression holds a code, R4 observation.html#search. */
const CODED = /^(category|code|(code|combo-code|component-code)(-value-(concept|date|quantity|string))?)$/;
/** An order and pages of its own would contradict the operation's. */
const REFUSED = new Set(['_sort', '_count', '_cursor', '_total', '_include', '_revinclude', '_summary']);

/** Fails with `invalid-parameter`, naming it; with `too-large` when far too many observations would be looked through. */
export async function answerLastN(context: GetContext, demand: Demand): Promise<Answer> {
  const isOwn = ([name]: [string, string]) => name === 'max';
  const max = readInput(OBSERVATION_LASTN, demand.params.filter(isOwn)).integers.get('max') ?? 1;
  const asked = readAsked(context, ['Observation'], {
    ...demand,
    params: demand.params.filter((pair) => !isOwn(pair)),
  });
  checkQuestion(asked.params);
  const params = localParams('Observation', asked.params, context.base);
  const url = `${context.base}/Observation/$lastn${queryText([...demand.params, ...demand.form])}`;
  const links = [{ relation: 'self' as const, url }];
  if (asked.explain) return explained([await context.session.explainStored('Observation', params)], links);
  const found = lastOfEach(await readAll(context, params), max);
  return searchset(found.length, links, [
    ...found.map((version) => searchEntry(context.base, version, 'match', asked.demand.subset)),
    ...warningEntries(asked.warnings),
  ]);
}

function checkQuestion(params: readonly [string, string][]): void {
  const names = params.map(([name]) => name.split(/[.:]/)[0]!);
  for (const [i, [name]] of params.entries()) if (REFUSED.has(names[i]!)) throw contradicting(name);
  if (!names.some((name) => PERSON.includes(name))) throw missing('patient', 'patient hoặc subject');
  if (!names.some((name) => CODED.test(name))) throw missing('code', 'category hoặc code');
}

function contradicting(name: string): Failure {
  return new Failure(
    'invalid-parameter',
    `$lastn tự chọn thứ tự và số lượng, không nhận ${name}; hãy dùng max.`,
    {
      textEn: `$lastn has an order and a number of its own and takes no ${name}: use max.`,
      expression: name,
    },
  );
}

function missing(expression: string, what: string): Failure {
  return new Failure('invalid-parameter', `$lastn cần tham số ${what}.`, {
    textEn: `$lastn needs a parameter ${what.replace('hoặc', 'or')}.`,
    expression,
  });
}

async function readAll(context: GetContext, params: [string, string][]): Promise<StoredVersion[]> {
  const all: StoredVersion[] = [];
  let query: [string, string][] = [...params, ['_sort', '-date'], ['_count', String(PIECE)]];
  for (;;) {
    const { matches, next } = await context.session.searchStored('Observation', query);
    all.push(...matches);
    if (next === undefined) return all;
    if (all.length >= MOST) {
      throw new Failure('too-large', `Có hơn ${MOST} kết quả đo; hãy thêm điều kiện, ví dụ code hoặc date.`, {
        textEn: `More than ${MOST} observations match; add criteria, such as code or date.`,
      });
    }
    query = [...new URLSearchParams(next)] as [string, string][];
  }
}

interface Dated {
  version: StoredVersion;
  /** Names of its code: each coding, or the text. */
  names: string[];
  at: number;
}

/**
 * The newest of each code, newest first. What has the time of the last that is answered is answered too.
 * @param max of each code
 */
export function lastOfEach(versions: readonly StoredVersion[], max: number): StoredVersion[] {
  const dated = versions.map(read).sort((a, b) => b.at - a.at);
  const groupOf = groups(dated);
  const taken = new Map<string, { count: number; last: number }>();
  return dated
    .filter(({ names, at }) => {
      const group = groupOf(names[0]!);
      const { count, last } = taken.get(group) ?? { count: 0, last: Number.NaN };
      if (count >= max && at !== last) return false;
      taken.set(group, { count: count + 1, last: at });
      return true;
    })
    .map(({ version }) => version);
}

function read(version: StoredVersion): Dated {
  const observation = readStoredJson(version.body) as Observation;
  const { coding = [], text } = observation.code ?? {};
  const codes = coding.filter(({ code }) => code !== undefined);
  const names = codes.map(({ system = '', code }) => `${system}|${code}`);
  return {
    version,
    names: names.length > 0 ? names : [`text ${text ?? coding[0]?.display ?? ''}`],
    at: effectiveTime(observation) ?? Date.parse(version.lastUpdated),
  };
}

/** Names that stand on one observation are one group, and so are groups that share a name. */
function groups(dated: readonly Dated[]): (name: string) => string {
  const parent = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    parent.set(name, root);
    return root;
  };
  for (const { names } of dated) {
    const root = rootOf(names[0]!);
    for (const name of names) parent.set(rootOf(name), root);
  }
  return rootOf;
}
