/** `:in`, `:not-in`, `:above` and `:below` of codes: which words of the dictionary a value set or a code system means. */
import { requiredCodes } from '../../fhir/definitions/index.ts';
import { cs } from '../../fhir/systems.ts';
import { baseSystem, baseValueSet } from '../../fhir/terminology/base-codes.ts';
import { type CodeSet, codeSetOf, type Sources, type ValueSetJson } from '../../fhir/terminology/code-set.ts';
import { implicitSet } from '../../fhir/terminology/implicit-set.ts';
import { isPrefixed } from '../../fhir/terminology/list-system.ts';
import { type CodeSystemJson, storedSystem } from '../../fhir/terminology/stored-system.ts';
import type { CodeSystemView } from '../../fhir/terminology/system.ts';
import type { Codecs } from '../codecs.ts';
import type { StoredVersion } from '../contract.ts';
import { typeNumber } from '../resource-types.ts';
import { toVersions, type VersionRow, versionColumns } from '../rows.ts';
import type { Condition, Word, WordQuery } from './condition.ts';
import { invalidValue, unsupported } from './faults.ts';
import { referenceKey } from './keys.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

/** Codes of the parameter that are in a value set. Fails by name when the value set is not known here. */
export async function findMembers(
  tools: SearchTools,
  { parameter, valueSet, name }: Condition & { op: 'members' },
): Promise<Condition> {
  const set = await new Terminology(tools, name).valueSet(valueSet);
  return wordsThat(parameter, (system, code) => set.has(system, code));
}

/** Codes of the parameter below or above a code, itself included. */
export async function findSubsumed(
  tools: SearchTools,
  part: Condition & { op: 'subsumed' },
): Promise<Condition> {
  const { parameter, direction, system, code } = part;
  const below = system === undefined ? await inUse(tools, part) : await ofSystem(tools, part, system);
  const fits = (one: string, word: string) => {
    // R4: "and this includes the coding itself".
    if (system === undefined && word === code) return true;
    const isBelow = below.get(one);
    if (!isBelow) return false;
    return direction === 'below' ? isBelow(word, code) : isBelow(code, word);
  };
  return wordsThat(parameter, fits, system);
}

type Order = ReadonlyMap<string, CodeSystemView['isBelow']>;

async function ofSystem(
  tools: SearchTools,
  { name }: Condition & { op: 'subsumed' },
  system: string,
): Promise<Order> {
  const known = await new Terminology(tools, name).system(system);
  // ICD-10 says by the code itself what lies below what, also without a list.
  if (known !== undefined || system === cs.icd10) return new Map([[system, known?.isBelow ?? isPrefixed]]);
  throw unsupported(
    name,
    `không có CodeSystem "${system}" ở đây, nên không biết mã nào nằm dưới mã nào.`,
    `no CodeSystem "${system}" is stored here, so nothing says which codes lie below others.`,
  );
}

/** Systems of one parameter that are asked when none is named. */
const MOST_SYSTEMS = 50;

/** The systems that the parameter is in use with, those of which it is known what lies below what. */
async function inUse(
  tools: SearchTools,
  { parameter, name, code }: Condition & { op: 'subsumed' },
): Promise<Order> {
  const { rows } = await tools.db.query<{ sys: string }>(
    `select distinct sys from code where p = $1 and sys <> '' limit ${MOST_SYSTEMS + 1}`,
    [parameter.q],
  );
  if (rows.length > MOST_SYSTEMS)
    throw invalidValue(name, code, 'hệ|mã (có quá nhiều hệ mã)', 'system|code (there are too many systems)');
  const terminology = new Terminology(tools, name);
  const known = new Map<string, CodeSystemView['isBelow']>();
  for (const { sys } of rows) {
    const view = await terminology.system(sys);
    if (view?.has(code)) known.set(sys, view.isBelow);
    else if (!view && sys === cs.icd10) known.set(sys, isPrefixed);
  }
  return known;
}

/**
 * Words of the dictionary that fit; the system of a `code` is what its value set says.
 * @param only the one system that can fit
 */
function wordsThat(
  parameter: IndexedParameter,
  fits: (system: string, code: string) => boolean,
  only?: string,
): Condition {
  const implied = parameter.paths.flatMap(({ codes }) => [...(codes ? (requiredCodes(codes) ?? []) : [])]);
  const accept = ({ sys, code }: Word) =>
    sys !== '' ? fits(sys, code) : implied.some(([system, codes]) => codes.has(code) && fits(system, code));
  const query: WordQuery = { p: parameter.q, accept };
  if (only !== undefined && implied.length === 0) query.sys = only;
  return { op: 'words', queries: [query] };
}

const parsed = new WeakMap<Codecs, Map<string, CodeSystemView>>();
const MOST_PARSED = 20;
const DEEPEST = 10;

/** Value sets and code systems among the shared resources, as of now. One for a question. */
class Terminology implements Sources {
  readonly #tools: SearchTools;
  readonly #name: string;
  /** The value sets that led here. */
  readonly #path: readonly string[];

  constructor(tools: SearchTools, name: string, path: readonly string[] = []) {
    this.#tools = tools;
    this.#name = name;
    this.#path = path;
  }

  /** @param url canonical, with or without `|version`, or `ValueSet/id` */
  async valueSet(url: string): Promise<CodeSet> {
    if (this.#path.includes(url) || this.#path.length >= DEEPEST) {
      throw unsupported(
        this.#name,
        `ValueSet "${url}" gọi vòng lại chính nó, hoặc lồng quá ${DEEPEST} tầng.`,
        `ValueSet "${url}" refers to itself, or is nested more than ${DEEPEST} deep.`,
      );
    }
    const inner = new Terminology(this.#tools, this.#name, [...this.#path, url]);
    const stored = this.#tools.codes?.valueSet(url) ?? (await this.#storedSet(url));
    const json = stored ?? baseValueSet(url) ?? implicitSet(url);
    if (!json) throw invalidValue(this.#name, url, 'một ValueSet có ở đây', 'a ValueSet that is stored here');
    return codeSetOf(json, inner);
  }

  /** Dated content goes before what partners store; what R4 itself defines stands behind both. */
  async system(url: string): Promise<CodeSystemView | undefined> {
    return this.#tools.codes?.system(url) ?? (await this.#storedSystem(url)) ?? baseSystem(url);
  }

  refuse(system: string, filter: string): Error {
    return unsupported(
      this.#name,
      `không lọc được "${filter}" trên hệ mã "${system}": hệ mã không có ở đây hoặc phép lọc không dùng được.`,
      `the filter "${filter}" cannot be answered for system "${system}": it is not stored here, or the filter is not one of R4.`,
    );
  }

  tooMany(most: number): Error {
    return unsupported(this.#name, `có hơn ${most} mã.`, `there are more than ${most} codes.`);
  }

  async #storedSet(url: string): Promise<ValueSetJson | undefined> {
    const stored = await this.#newest('ValueSet', url);
    return stored && (JSON.parse(stored.body.toString()) as ValueSetJson);
  }

  async #storedSystem(url: string): Promise<CodeSystemView | undefined> {
    const stored = await this.#newest('CodeSystem', url);
    if (!stored) return undefined;
    const known = parsed.get(this.#tools.codecs) ?? new Map<string, CodeSystemView>();
    parsed.set(this.#tools.codecs, known);
    const key = `${stored.id}/${stored.version}/${stored.lastUpdated}`;
    const before = known.get(key);
    if (before) return before;
    const system = storedSystem(JSON.parse(stored.body.toString()) as CodeSystemJson);
    if (!system) return undefined;
    if (known.size >= MOST_PARSED) known.clear();
    known.set(key, system);
    return system;
  }

  /** Of several with one address, the one changed last. */
  async #newest(type: 'ValueSet' | 'CodeSystem', address: string): Promise<StoredVersion | undefined> {
    const { db, codecs } = this.#tools;
    const statement = new Statement();
    const [url = '', version] = address.split('|');
    const id = /^(?:ValueSet\/|CodeSystem\/)([A-Za-z0-9\-.]{1,64})$/.exec(url)?.[1];
    const parameters = indexedParametersOf(type);
    const tests = [
      id === undefined
        ? `r.tok @> ${statement.int8s([referenceKey(parameters.get('url')!.q, url)])}`
        : `r.id = ${statement.text(id)}`,
    ];
    const answer = await db.query<VersionRow>(
      `select ${versionColumns('r')} from shared r left join person on person.pt = r.pt
       where r.t = ${typeNumber(type)} and ${tests.join(' and ')} order by r.ts desc, r.idh limit 20`,
      statement.values,
    );
    const versions = await toVersions(answer.rows, codecs);
    if (version === undefined) return versions[0];
    return versions.find(
      (one) => (JSON.parse(one.body.toString()) as { version?: unknown }).version === version,
    );
  }
}
