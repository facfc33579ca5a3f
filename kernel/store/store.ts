/** Puts the parts of the store together behind `Store`. */
import { join } from 'node:path';
import type { Pool } from 'pg';
import { Failure } from '../failure.ts';
import type { KnownCodes } from '../fhir/terminology/known-codes.ts';
import type { ResourceType } from '../fhir/types.ts';
import type { Keeper } from './audit/keys.ts';
import { sealAudit } from './audit/seal.ts';
import { type AuditReport, type VerifyOptions, verifyAudit } from './audit/verify.ts';
import { AuditWriter, makeMonths } from './audit/writer.ts';
import { openCodecs } from './codecs.ts';
import { type CommitTools, commit } from './commit.ts';
import { type CommittedNews, ERASED } from './committed-news.ts';
import { readGranters } from './consent/index.ts';
import { type Authorities, NO_AUTHORITIES } from './consent/parts.ts';
import { type ConsentRules, openConsentRules } from './consent/rules.ts';
import type {
  PersonPiece,
  PersonRecord,
  PersonRows,
  PersonsRows,
  SearchAnswer,
  SearchRequest,
  Store,
  StoredVersion,
} from './contract.ts';
import { currentEra } from './era.ts';
import { erase, eraseHistory } from './erase.ts';
import { faultOf, isConnectionFault, noRoom, overloaded } from './faults.ts';
import { changes, Wakeup } from './feed.ts';
import { Grouping } from './grouping.ts';
import { hash64 } from './hash.ts';
import { history } from './history.ts';
import { Latest } from './latest.ts';
import { buildLeftOut } from './load/indexes.ts';
import { Places } from './locate.ts';
import { Memory } from './memory.ts';
import { applySchema } from './migrate.ts';
import { Notices } from './notices.ts';
import { PATIENCE, type Patience, patientPool } from './patience.ts';
import { personPieces } from './person-pieces.ts';
import { openPool } from './pool.ts';
import { read, readMany, vread } from './read.ts';
import { ReadGroups } from './read-groups.ts';
import type { Catalogue, Reindexing } from './reindex/index.ts';
import type { StoredType } from './resource-types.ts';
import type { Queryable } from './rows.ts';
import { countOf, scan } from './scan.ts';
import { type SealedCount, type SealOptions, sealBodies } from './seal-bodies.ts';
import type { BodyKeys } from './sealed-body.ts';
import type { SeenTools, SmallPages } from './search/index.ts';
import { followLabels, type LabelRule, labelsPrint } from './search/labels.ts';
import type { Sight } from './sight.ts';
import { type Extract, newId, preparingBy } from './writes.ts';

/** What the store lets others decide: how a resource is found. */
export interface Finder {
  extract: Extract;
  search(tools: SearchTools, request: SearchRequest): Promise<SearchAnswer>;
  searchTogether(tools: SearchTools, requests: readonly SearchRequest[]): Promise<SearchAnswer[]>;
  holdersOf(db: Queryable, type: ResourceType): Promise<ResourceType[]>;
  personRows(tools: SearchTools, ask: PersonRows): Promise<PersonPiece>;
  personsRows(tools: SearchTools, ask: PersonsRows): Promise<PersonRecord[]>;
  seen(tools: SeenTools, versions: readonly StoredVersion[], sight: Sight): Promise<boolean[]>;
  granted(
    db: Queryable,
    versions: readonly StoredVersion[],
    reader: NonNullable<Sight['reader']>,
  ): Promise<boolean[]>;
  openPages(pool: Pool): SmallPages;
  openIndex(
    pool: Pool,
    codecs: CommitTools['codecs'],
    notices: Notices,
    distributed: boolean,
  ): Promise<{ catalogue: Catalogue; reindexing: Reindexing }>;
}

/** What a search may use of the store. */
export interface SearchTools {
  db: Queryable;
  codecs: CommitTools['codecs'];
  codes?: KnownCodes;
  /** Where pages of one person that wait together are read together. */
  pages?: SmallPages;
}

export type StoreOptions = ({ pool: Pool } | { url: string }) & {
  /** Seconds between seals of the audit; 0 = only when asked. Default 15. */
  sealEvery?: number;
  /** Asked when the database does not answer: it may have stopped because its disk is full. */
  diskFull?: () => boolean;
  /** The caller goes on with a load, which builds the indexes that it left out. */
  loading?: boolean;
  /** Code systems and value sets that searches know without their being stored. */
  codes?: KnownCodes;
  /** How long searches may take; `PATIENCE` by itself. */
  patience?: Patience;
  /** Which codes are sensitive (`search/labels.ts`); none by itself. */
  labels?: readonly LabelRule[];
  /** Organizations that supervise what is part of them, and are not it; none by itself. */
  authorities?: Authorities;
};

/** The store with what operation needs beyond reading and writing. */
export interface OpenStore extends Store {
  readonly pool: Pool;
  /** What rows are written by; who writes them beside `commit` does so inside `catalogue.writing`. */
  readonly catalogue: Catalogue;
  /** Brings older rows up to it. */
  readonly reindexing: Reindexing;
  /** Messages to other programs on the same database. */
  readonly notices: Notices;
  /** Rows are labelled by these rules from now on; where they differ from those of before, older rows are made anew. */
  relabel(labels: readonly LabelRule[]): Promise<void>;
  /** What persons permit and deny. */
  readonly consentRules: ConsentRules;
  /** From now on the audit's key, bodies of sensitive resources and files lie sealed in the database. */
  keepSecrets(keeper: Keeper & { bodies?: BodyKeys }): void;
  /** What bodies are sealed by; undefined while no keys were given. */
  readonly bodyKeys: BodyKeys | undefined;
  /** Seals what lies open although it should not, and anew what older keys sealed. See `sealBodies` in seal-bodies.ts. */
  sealBodies(options?: SealOptions): Promise<SealedCount>;
  /** Versions that this process has committed since it opened the store. */
  written(): number;
  /** Another thread of this process follows the feed: it is told what is committed here, so that it need not read it. Null: none does. */
  tellCommitted(tell: ((news: CommittedNews) => void) | null): void;
  /** What the other thread was told. */
  hearCommitted(news: CommittedNews): void;
  /** Seals what can be sealed now; normally done by the clock. */
  sealAudit(): Promise<void>;
  /** Recomputes tree and chain of the audit. See `verifyAudit` in audit/verify.ts. */
  verifyAudit(options?: VerifyOptions): Promise<AuditReport>;
}

const SCHEMA_FOLDER = join(import.meta.dirname, 'schema');
const DAY_MS = 86_400_000;
/** So few resources are read one by one, gathered with other readers' questions. */
const FEW = 4;
/** Above this many waiting requests a new one is told at once that the server is overloaded. */
const QUEUE_LIMIT = 2_000;

/**
 * Opens the store: applies the schema, reads the dictionaries, starts the sealer.
 * @throws Failure `database-unavailable` when the database is of a newer version or does not answer
 */
export async function openStoreWith(finder: Finder, options: StoreOptions): Promise<OpenStore> {
  const own = 'url' in options;
  const pool = own ? openPool(options.url) : options.pool;
  try {
    return await assemble(finder, pool, own, options);
  } catch (error) {
    if (own) await pool.end();
    throw faultOf(error);
  }
}

async function assemble(finder: Finder, pool: Pool, own: boolean, options: StoreOptions): Promise<OpenStore> {
  if (options.labels) followLabels(options.labels);
  const authorities = options.authorities ?? NO_AUTHORITIES;
  await applySchema(pool, 'kernel', SCHEMA_FOLDER);
  const era = await currentEra(pool);
  if (!options.loading) await buildLeftOut(pool);
  await makeMonths(pool);
  const codecs = await openCodecs(pool);
  const places = new Places();
  const notices = new Notices(pool);
  const wakeup = new Wakeup(notices);
  const audit = new AuditWriter(pool, era);
  const distributed = await isDistributed(pool);
  const groups = distributed
    ? {}
    : { groups: { res: new ReadGroups(pool, 'res'), shared: new ReadGroups(pool, 'shared') } };
  const reading = { codecs, places };
  const readAll = (refs: { type: string; id: string }[]) => readMany(reading, pool, refs);
  const latest = new Latest(readAll);
  const memory = new Memory();
  // Another program has erased a person: what this one remembers may be of that person. Also when a notice was missed.
  const forgetAll = () => {
    latest.forgetAll();
    codecs.recent.forgetAll();
    memory.forgetIds();
  };
  notices.on('erased', { heard: forgetAll, connected: forgetAll });
  const codes = options.codes === undefined ? {} : { codes: options.codes };
  const search = (db: Queryable, request: SearchRequest) => finder.search({ db, codecs, ...codes }, request);
  const asking: SearchTools = {
    db: pool,
    codecs,
    ...codes,
    ...(distributed ? {} : { pages: finder.openPages(pool) }),
  };
  const seeing = {
    db: pool,
    readMany: (refs: { type: string; id: string }[]) =>
      refs.length > FEW ? readAll(refs) : readEach(refs.map(({ type, id }) => readOne(type, id))),
    vread: (type: string, id: string, version: number) => vread(reading, pool, type, id, version),
  };
  const readOne = (type: string, id: string): Promise<StoredVersion | null> =>
    read({ ...reading, ...groups }, pool, type, id);
  const { catalogue, reindexing } = await finder.openIndex(pool, codecs, notices, distributed);
  const tools: CommitTools = {
    pool,
    era,
    codecs,
    places,
    memory,
    grouping: new Grouping(pool, era, !distributed),
    preparing: preparingBy({ extract: finder.extract, codecs, known: (idh) => places.known(idh) }),
    search,
    read: ({ type, id }) => readOne(type, id),
    isAuthority: authorities.is,
  };
  const consentRules = openConsentRules(pool, codecs, (type, id) => readOne(type, id), authorities);
  if (!options.loading) await consentRules.makeOnce();
  const patience = options.patience ?? PATIENCE;
  let keeper: Keeper | undefined;
  let written = 0;
  const seal = async () => void (await sealAudit(pool, keeper));
  const stopClock = startClock(pool, seal, options.sealEvery ?? 15);
  const guarded = guard(pool, options.diskFull ?? (() => false));
  /** A read that met a broken connection is tried once more: the pool then opens a new one. */
  const reads = <T>(run: () => Promise<T>) =>
    guarded(() =>
      run().catch((error) => {
        if (!isConnectionFault(error)) throw error;
        return run();
      }),
    );

  return {
    pool,
    catalogue,
    reindexing,
    notices,
    consentRules,
    newId,
    commit: async (writes, lines) => {
      if (writes.length === 0) {
        await guarded(() => audit.append(lines));
        return [];
      }
      const results = await guarded(() => catalogue.writing(writes, () => commit(tools, writes, lines)));
      latest.committed(results);
      written += results.length;
      wakeup.committed();
      return results;
    },
    erase: async (patient, judge, lines) => {
      const erased = await guarded(() => erase({ ...reading, pool, era }, patient, judge, lines));
      latest.erased(erased);
      codecs.recent.forgetAll();
      memory.forgetIds();
      await notices.send('erased');
      wakeup.committed();
      return erased;
    },
    eraseHistory: (current, judge, lines) =>
      guarded(() => eraseHistory({ ...reading, pool, era }, current, judge, lines)),
    read: (type, id) => reads(() => readOne(type, id)),
    readMany: (refs) => reads(() => readAll(refs)),
    vread: (type, id, version) => reads(() => vread(reading, pool, type, id, version)),
    seen: (versions, sight) => reads(() => finder.seen(seeing, versions, sight)),
    granters: (names) => reads(() => readGranters(pool, names)),
    granted: (versions, reader) => reads(() => finder.granted(pool, versions, reader)),
    history: (scope, page) => reads(() => history(reading, pool, scope, page)),
    search: (request) =>
      reads(() => finder.search({ ...asking, db: patientPool(pool, request, patience) }, request)),
    searchTogether: (requests) => reads(() => finder.searchTogether(asking, requests)),
    holdersOf: (type) => reads(() => finder.holdersOf(pool, type)),
    personRows: (ask) => reads(() => finder.personRows(asking, ask)),
    personsRows: (ask) => personPieces(ask, (piece) => reads(() => finder.personsRows(asking, piece))),
    audit: (lines) => guarded(() => audit.append(lines)),
    changes: (after, limit) => reads(() => changes(pool, era, after, limit, (idh) => memory.idAt(idh))),
    latest: (changed) => reads(() => latest.of(changed)),
    scan: (types) => scan(pool, codecs, types as StoredType[]),
    countOf: (types) => reads(() => countOf(pool, types as StoredType[])),
    onChange: (listener) => wakeup.onChange(listener),
    written: () => written,
    tellCommitted: (tell) => {
      latest.tell(tell);
      memory.keepIds(tell === null);
    },
    hearCommitted: (news) => {
      latest.heard(news);
      for (const [type, id, version] of news.versions) {
        if (version === ERASED) memory.forgetIds();
        else memory.rememberId(hash64(`${type}/${id}`), id);
      }
      wakeup.heard();
    },
    relabel: async (labels) => {
      const before = labelsPrint();
      followLabels(labels);
      if (labelsPrint() !== before) await catalogue.rulesChanged();
    },
    keepSecrets: (given) => {
      keeper = given;
      if (given.bodies) codecs.sealBy(given.bodies);
    },
    get bodyKeys() {
      return codecs.keys;
    },
    sealBodies: (how) => guarded(() => sealBodies({ pool, codecs, extract: finder.extract }, how)),
    sealAudit: () => guarded(seal),
    verifyAudit: (how) => guarded(() => verifyAudit(pool, how)),
    close: async () => {
      stopClock();
      await reindexing.close();
      await catalogue.close();
      wakeup.close();
      await notices.close();
      if (own) await pool.end();
    },
  };
}

async function readEach(reads: Promise<StoredVersion | null>[]): Promise<StoredVersion[]> {
  return (await Promise.all(reads)).filter((version) => version !== null);
}

/** True on Citus. */
async function isDistributed(pool: Pool): Promise<boolean> {
  return (await pool.query(`select from pg_extension where extname = 'citus'`)).rowCount !== 0;
}

/** Seals by the clock and makes next months' partitions once a day. What fails now is done the next time. */
function startClock(pool: Pool, seal: () => Promise<void>, sealEvery: number): () => void {
  let sealing = false;
  const tick = async () => {
    if (sealing) return;
    sealing = true;
    await seal().catch(() => undefined);
    sealing = false;
  };
  const timers = [setInterval(() => makeMonths(pool).catch(() => undefined), DAY_MS)];
  if (sealEvery > 0) timers.push(setInterval(tick, sealEvery * 1000));
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

/** Refuses at once when too many wait already; tells faults of the database as failures. */
function guard(pool: Pool, diskFull: () => boolean): <T>(run: () => Promise<T>) => Promise<T> {
  return async (run) => {
    if (pool.waitingCount > QUEUE_LIMIT) throw overloaded();
    try {
      return await run();
    } catch (error) {
      const failure = faultOf(error);
      throw failure instanceof Failure && failure.code === 'database-unavailable' && diskFull()
        ? noRoom(error)
        : failure;
    }
  };
}
