/** Where one request of terminology finds code systems, value sets and maps: given with it, content, record, R4's own. */
import { Failure } from '../../../failure.ts';
import type { StoredVersion } from '../../../store/contract.ts';
import type { FhirSession } from '../../session/session.ts';
import { baseSystem, baseValueSet } from '../../terminology/base-codes.ts';
import type { CodeLists } from '../../terminology/code-lists.ts';
import { type CodeSet, codeSetOf, type Sources, type ValueSetJson } from '../../terminology/code-set.ts';
import { implicitSet } from '../../terminology/implicit-set.ts';
import { UNDATED } from '../../terminology/list-system.ts';
import { type CodeSystemJson, storedSystem } from '../../terminology/stored-system.ts';
import { type Supplement, supplemented } from '../../terminology/supplement.ts';
import type { CodeSystemView } from '../../terminology/system.ts';
import { namedSupplement, type SupplementSource, supplementsInUse } from './supplements.ts';

type Json = Record<string, unknown>;
export type Kind = 'CodeSystem' | 'ValueSet' | 'ConceptMap';

/** Which versions of systems are used (`ValueSet/$expand`: system-version and its sisters): system → version. */
export interface Versions {
  otherwise: ReadonlyMap<string, string>;
  check: ReadonlyMap<string, string>;
  force: ReadonlyMap<string, string>;
  /** Supplements that are asked for by name, beside those in use; undefined = without any supplement. */
  supplements?: readonly string[];
}

const NONE: Versions = { otherwise: new Map(), check: new Map(), force: new Map() };
const DEEPEST = 20;
/** Before any row that says since when. */
const BEGINNING = '0001-01-01';
/** Resources that one question may lead to. */
const MOST_FETCHED = 200;
const MOST_PARSED = 20;

interface Parsed {
  id: string;
  lastUpdated: string;
  view: CodeSystemView;
}

/** What the parts of one question have in common. */
interface Shared {
  fetched: number;
  sets: Map<string, CodeSet>;
  /** Supplements that the question or its value set names. */
  named: Supplement[];
  /** By system: those that are used. */
  supplements: Map<string, Promise<Supplement[]>>;
}

/** What of a session is asked: validation by profiles has one of its own. */
export type TermsSession = Pick<FhirSession, 'lists' | 'searchStored' | 'readStored'>;

const parsed = new WeakMap<CodeLists, Map<string, Parsed>>();

export class Terms implements Sources {
  readonly lists: CodeLists;
  /** ISO day for which codes are asked. */
  readonly date: string;
  readonly #session: TermsSession;
  readonly #versions: Versions;
  readonly #path: readonly string[];
  readonly #shared: Shared;

  constructor(
    session: TermsSession,
    date: string | undefined,
    versions: Versions = NONE,
    path: readonly string[] = [],
    shared: Shared = { fetched: 0, sets: new Map(), named: [], supplements: new Map() },
  ) {
    this.#session = session;
    this.lists = session.lists;
    this.date = dayOf(date) ?? this.lists.today();
    this.#versions = versions;
    this.#path = path;
    this.#shared = shared;
  }

  /** The system of a URL, or undefined. Content goes before the record, R4's own codes come last. */
  async system(url: string, asked?: string): Promise<CodeSystemView | undefined> {
    const version = this.#versions.force.get(url) ?? asked ?? this.#versions.otherwise.get(url);
    const found = await this.#system(url, version);
    const view = found && supplemented(found, await this.#supplementsOf(found.url));
    const check = this.#versions.check.get(url);
    if (check !== undefined && view !== undefined && view.version !== check) {
      throw refusal(
        'check-system-version',
        `Hệ mã "${url}" ở đây có phiên bản "${view.version ?? ''}", không phải "${check}".`,
        `System "${url}" has version "${view.version ?? ''}" here, not "${check}".`,
      );
    }
    return view;
  }

  /**
   * Supplements that must be there: of the question, or of its value set (extension valueset-supplement).
   * @param parameter that names them
   * @throws Failure that names it
   */
  async use(canonicals: readonly string[], parameter: string): Promise<void> {
    for (const one of canonicals)
      this.#shared.named.push(await namedSupplement(this.#supplementSource(), one, parameter));
  }

  #supplementsOf(url: string): Promise<Supplement[]> | Supplement[] {
    // A system that is given with the question may have no address.
    if (this.#versions.supplements === undefined || url === '') return [];
    const known = this.#shared.supplements.get(url);
    if (known) return known;
    const made = supplementsInUse(this.#supplementSource(), url).then((inUse) => {
      const named = this.#shared.named.filter(({ system }) => system === url);
      const urls = new Set(named.map(({ names }) => names.url));
      return [...named, ...inUse.filter(({ names }) => !urls.has(names.url))];
    });
    this.#shared.supplements.set(url, made);
    return made;
  }

  #supplementSource(): SupplementSource {
    return {
      lists: this.lists,
      stored: (kind, url, version) => this.stored(kind, url, version),
      search: async (params) => (await this.#session.searchStored('CodeSystem', params)).matches,
    };
  }

  async #system(url: string, version: string | undefined): Promise<CodeSystemView | undefined> {
    const day = version === UNDATED ? BEGINNING : (dayOf(version) ?? this.date);
    const list = this.lists.system(url, day);
    if (list) return version === undefined || list.version === version ? list : undefined;
    const view = await this.#storedSystem(url, version);
    if (view) return view;
    const base = baseSystem(url);
    return version === undefined || base?.version === version ? base : undefined;
  }

  /** A stored or given CodeSystem that has concepts. */
  async viewOf(json: CodeSystemJson): Promise<CodeSystemView | undefined> {
    const view = systemIn(json);
    return view && supplemented(view, await this.#supplementsOf(view.url));
  }

  /** A long system is read and parsed once; after that the database says whether it is still the newest of its URL. */
  async #storedSystem(url: string, asked: string | undefined): Promise<CodeSystemView | undefined> {
    const known = parsed.get(this.lists) ?? new Map<string, Parsed>();
    parsed.set(this.lists, known);
    const key = JSON.stringify([url, asked]);
    const before = known.get(key);
    if (before && (await this.#isNewest(url, asked, before))) return before.view;
    const stored = await this.stored('CodeSystem', url, asked);
    known.delete(key);
    const view = stored && systemIn(JSON.parse(stored.body.toString()) as CodeSystemJson);
    if (!view) return undefined;
    if (known.size >= MOST_PARSED) known.delete([...known.keys()][0]!);
    known.set(key, { id: stored.id, lastUpdated: stored.lastUpdated, view });
    return view;
  }

  async #isNewest(url: string, asked: string | undefined, { id, lastUpdated }: Parsed): Promise<boolean> {
    const criteria = criteriaOf(url, asked);
    const count = async (...more: [string, string][]) =>
      (await this.#session.searchStored('CodeSystem', [...criteria, ...more, ['_summary', 'count']])).total;
    const [same, later] = await Promise.all([
      count(['_id', id], ['_lastUpdated', lastUpdated]),
      count(['_lastUpdated', `gt${lastUpdated}`]),
    ]);
    return same === 1 && later === 0;
  }

  /** The set of a canonical, with or without `|version`. Fails with `not-found`, naming the parameter. */
  async valueSet(canonical: string, parameter = 'url'): Promise<CodeSet> {
    if (this.#path.includes(canonical)) {
      throw refusal(
        'url',
        `ValueSet "${canonical}" gọi vòng lại chính nó (${[...this.#path, canonical].join(' → ')}). Hãy bỏ một lần gọi.`,
        `ValueSet "${canonical}" includes itself (${[...this.#path, canonical].join(' → ')}). Take one of the inclusions out.`,
      );
    }
    if (this.#path.length >= DEEPEST) {
      throw refusal(
        'url',
        `Các ValueSet lồng nhau quá ${DEEPEST} tầng.`,
        `Value sets are nested more than ${DEEPEST} deep.`,
      );
    }
    const known = this.#shared.sets.get(canonical);
    if (known) return known;
    const json = await this.valueSetJson(canonical, undefined, parameter);
    const set = await this.setOf(json, canonical);
    this.#shared.sets.set(canonical, set);
    return set;
  }

  /** The set that a value set describes. @param name under which it may not include itself */
  setOf(json: ValueSetJson, name: string | undefined): Promise<CodeSet> {
    const path = name === undefined ? this.#path : [...this.#path, name];
    return codeSetOf(json, new Terms(this.#session, this.date, this.#versions, path, this.#shared));
  }

  /** Fails with `not-found`, naming the parameter. */
  async valueSetJson(canonical: string, asked?: string, parameter = 'url'): Promise<ValueSetJson & Json> {
    const [url = '', version = asked] = canonical.split('|');
    const own = version === undefined ? this.lists.valueSet(url) : null;
    const found =
      own ?? (await this.#storedJson('ValueSet', url, version)) ?? baseValueSet(url) ?? implicitSet(url);
    if (found) return found as ValueSetJson & Json;
    throw missing('ValueSet', canonical, version, parameter);
  }

  /** Maps by canonical. Fails with `not-found`. */
  async conceptMap(url: string, version?: string): Promise<Json> {
    const found =
      (version === undefined ? this.lists.conceptMap(url) : null) ??
      (await this.#storedJson('ConceptMap', url, version));
    if (found) return found as Json;
    throw missing('ConceptMap', url, version, 'url');
  }

  /** All maps whose groups begin at a system (or end there). */
  async conceptMapsOf(system: string, reverse: boolean): Promise<Json[]> {
    const name = reverse ? 'target-system' : 'source-system';
    const found = await this.#session.searchStored('ConceptMap', [
      [name, system],
      ['_count', '50'],
    ]);
    return found.matches.map(({ body }) => JSON.parse(body.toString()) as Json);
  }

  /** The resource of an instance: `ValueSet/x/$expand`. Fails with `not-found`, `gone`. */
  async instance(kind: Kind, id: string): Promise<Json> {
    const stored = await this.#session.readStored(kind, id);
    return JSON.parse(stored.body.toString()) as Json;
  }

  /** Of several with one address, the one changed last. */
  async stored(kind: Kind, url: string, version: string | undefined): Promise<StoredVersion | undefined> {
    this.#shared.fetched += 1;
    if (this.#shared.fetched > MOST_FETCHED) {
      throw new Failure(
        'too-costly',
        `Câu hỏi này dẫn tới hơn ${MOST_FETCHED} tài nguyên. Hãy hỏi nhỏ hơn.`,
        {
          textEn: `The question leads to more than ${MOST_FETCHED} resources. Ask for less.`,
          expression: 'url',
        },
      );
    }
    const found = await this.#session.searchStored(kind, [
      ...criteriaOf(url, version),
      ['_sort', '-_lastUpdated'],
      ['_count', '1'],
    ]);
    return found.matches[0];
  }

  async #storedJson(kind: Kind, url: string, version: string | undefined): Promise<Json | undefined> {
    const stored = await this.stored(kind, url, version);
    return stored && (JSON.parse(stored.body.toString()) as Json);
  }

  refuse(system: string, filter: string): Error {
    return filter === '*'
      ? refusal(
          'url',
          `Không liệt kê được hệ mã "${system}": không có danh sách mã ở đây.`,
          `System "${system}" cannot be listed: its codes are not here.`,
        )
      : refusal(
          'url',
          `Không lọc được "${filter}" trên hệ mã "${system}": hệ mã không có ở đây, không có thuộc tính đó, phép lọc không có trong R4, hoặc mẫu chạy quá lâu.`,
          `The filter "${filter}" cannot be answered for system "${system}": the system is not here or has no such property, the filter is not one of R4, or the pattern takes too long.`,
        );
  }

  tooMany(most: number): Error {
    return new Failure('too-costly', `Có hơn ${most} mã. Hãy thu hẹp, hoặc hỏi từng trang.`, {
      textEn: `There are more than ${most} codes. Narrow the set, or ask for pages.`,
      expression: 'url',
    });
  }
}

/** A supplement is no code system of its own. */
function systemIn(json: CodeSystemJson): CodeSystemView | undefined {
  return json.content === 'supplement' ? undefined : storedSystem(json);
}

function criteriaOf(url: string, version: string | undefined): [string, string][] {
  const exact = (text: string) => text.replaceAll(/[\\$,|]/g, '\\$&');
  return [
    ['url', exact(url)],
    ...(version === undefined ? [] : [['version', exact(version)] as [string, string]]),
  ];
}

/** The day of a dateTime; the last day of a month or a year that is given alone. */
export function dayOf(date: string | undefined): string | undefined {
  if (date === undefined) return undefined;
  if (/^\d{4}$/.test(date)) return `${date}-12-31`;
  if (/^\d{4}-\d\d$/.test(date)) return `${date}-31`;
  return /^\d{4}-\d\d-\d\d/.test(date) ? date.slice(0, 10) : undefined;
}

function refusal(expression: string, text: string, textEn: string): Failure {
  return new Failure('business-rule', text, { textEn, expression });
}

function missing(kind: Kind, url: string, version: string | undefined, parameter: string): Failure {
  const name = version === undefined ? url : `${url.split('|')[0]}|${version}`;
  return new Failure('not-found', `Không có ${kind} "${name}" ở đây.`, {
    textEn: `There is no ${kind} "${name}" here.`,
    expression: parameter,
  });
}
