/** The record and its services without HTTP: what `start`, the other commands and tests stand on. */
import { join } from 'node:path';
import type { Pool } from 'pg';
import { contentForms, withForms } from '../engines/forms/index.ts';
import { contentMeasures } from '../engines/measures/index.ts';
import { contentProgrammes, productsOf } from '../engines/programmes/index.ts';
import { contentRules, ruleIssues, withRules } from '../engines/rules/index.ts';
import { demoMessenger, type Messenger, openMessenger } from '../kernel/access/citizens/messenger.ts';
import {
  type ExternalProvider,
  ExternalProviderFault,
  readExternalProviders,
} from '../kernel/access/external/providers.ts';
import { type Access, accessSchema, openAccess } from '../kernel/access/index.ts';
import { readLabels } from '../kernel/access/labels.ts';
import { authoritiesOf } from '../kernel/access/policy/parts.ts';
import type { Content } from '../kernel/content/content.ts';
import { type OpenEvents, openEvents } from '../kernel/events/index.ts';
import { holdsOf } from '../kernel/fhir/erasure/retention.ts';
import { readStoredJson } from '../kernel/fhir/json/read.ts';
import { renderedDefinitions } from '../kernel/fhir/operations/definition.ts';
import { composeIssues } from '../kernel/fhir/operations/terminology/compose-issues.ts';
import { Terms, type TermsSession } from '../kernel/fhir/operations/terminology/terms.ts';
import { openProfiles, type Profiles, profileSources } from '../kernel/fhir/profiles/index.ts';
import { type FhirGate, openGate } from '../kernel/fhir/record.ts';
import { renderedTopics } from '../kernel/fhir/subscriptions/rendered-topics.ts';
import { openTopics, type Topics } from '../kernel/fhir/subscriptions/topics.ts';
import { knownCodes, openCodeLists, openTerminology } from '../kernel/fhir/terminology/index.ts';
import type { ResourceType } from '../kernel/fhir/types.ts';
import type { Kernel } from '../kernel/kernel.ts';
import {
  ensureMasterKeys,
  KeyFileFault,
  type Keyring,
  openKeyring,
  readMasterKeys,
} from '../kernel/keys/index.ts';
import { type Outbound, openOutbound } from '../kernel/outbound/outbound.ts';
import { openService, type Service } from '../kernel/outbound/service.ts';
import { applySchema, type OpenStore, openPool, openStore } from '../kernel/store/index.ts';
import { makeFolder } from '../kernel/store/postgres/index.ts';
import { knowsSearchParameter } from '../kernel/store/search/index.ts';
import { vietnamDay } from '../kernel/text/vietnam-time.ts';
import { indicatorMeasures, reportMeasures } from '../modules/statistics/index.ts';
import { followAuthorities } from './consent-upkeep.ts';
import { diskIsFull, startEmbedded } from './embedded.ts';
import { readFact, writeFact } from './facts.ts';
import { namedAsGiven } from './kept-content.ts';
import { keyFileOf } from './key-file.ts';
import { modules } from './modules.ts';
import { OPERATIONS } from './operations.ts';
import { publishedStays, withPublished } from './published.ts';
import { type ProgramSettings, SettingError } from './settings.ts';
import { type LeftOut, openSoundContent } from './sound-content.ts';
import { validateWritten } from './validate.ts';

export interface House {
  kernel: Kernel & { gate: FhirGate; events: OpenEvents; store: OpenStore };
  access: Access;
  /** Calls to addresses that others gave. */
  outbound: Outbound;
  /** What can be subscribed to. */
  topics: Topics;
  /** What resources are checked by, besides R4. */
  profiles: Profiles;
  /** Seals secrets in columns and files. */
  keys: Keyring;
  /** Where their master keys stand; null = nowhere. */
  keyFile: string | null;
  /** Of the database, also of an embedded one. */
  databaseUrl: string;
  /** Whether the database is of the demo province. */
  demo: boolean;
  /** Files of a province's content that are wrong and not carried out. */
  leftOut: readonly LeftOut[];
  close(): Promise<void>;
}

export interface HouseOptions {
  settings: ProgramSettings;
  now?(): Date;
  log(sentence: string, error?: unknown): void;
  /** The command goes on with a load (kernel/store/load). */
  loading?: boolean;
  /** Address of the program, the issuer of tokens. */
  issuer(): string;
  /** False in a process that leaves the change feed, the audit's seals and the clock to another one; default true. */
  follows?: boolean;
  /** True when the database that is named is the embedded one of another process. */
  embedded?: boolean;
}

const CONTENT = join(import.meta.dirname, '..', 'content');
/** What only the demo province has beside: invented changes of boundaries, to be seen. */
const DEMO_CONTENT = join(CONTENT, 'demo/layer');
const SCHEMA = join(import.meta.dirname, 'schema');
/** This process, and the thread of its followers (follower/). */
const WORK_ON_IT = 2;

/**
 * Starts PostgreSQL when no DATABASE_URL is given, applies every schema, opens the record.
 * @throws Failure or SettingError with one sentence that says what to do
 */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { settings, log } = options;
  const server =
    settings.databaseUrl === null ? await startEmbedded(settings.dataFolder, WORK_ON_IT, log) : null;
  const diskFull = server !== null || options.embedded ? () => diskIsFull(settings.dataFolder) : undefined;
  const stopServer = async () => server?.stop();
  const now = options.now ?? (() => new Date());
  const databaseUrl = settings.databaseUrl ?? server!.url;
  const pool = openPool(databaseUrl);
  let store: OpenStore | undefined;
  try {
    await applySchema(pool, 'program', SCHEMA);
    const demo = await decideProvince(pool, settings);
    const { content, leftOut } = await openSoundContent(
      CONTENT,
      demo ? [DEMO_CONTENT] : [],
      settings.content,
    );
    if (options.follows !== false)
      for (const { file, why } of leftOut)
        log(namedAsGiven(`Bỏ ra ngoài, chưa dùng: ${file}: ${why}`, settings.content));
    store = await openStore({
      pool,
      loading: options.loading ?? false,
      labels: readLabels(content, vietnamDay(now())),
      authorities: authoritiesOf(content, () => vietnamDay(now())),
      codes: knownCodes(openTerminology(content), () => vietnamDay(now())),
      ...(diskFull ? { diskFull } : {}),
      ...(options.follows === false ? { sealEvery: 0 } : {}),
    });
    await applySchema(pool, 'access', accessSchema);
    for (const { name, schemaFolder } of modules)
      if (schemaFolder !== undefined) await applySchema(pool, name, schemaFolder);
    const keyFile = keyFileOf(settings, diskFull !== undefined);
    const keys = await openKeys(pool, keyFile, settings.keyFile === null);
    store.keepSecrets(keys);
    return await assemble(
      { ...options, now },
      content,
      store,
      { databaseUrl, demo, keys, keyFile, leftOut },
      async () => {
        await pool.end();
        await stopServer();
      },
    );
  } catch (error) {
    await store?.close();
    await pool.end();
    await stopServer();
    throw error;
  }
}

/** Starts what follows the change feed: access, then the modules. Once in a program that serves or generates. */
export async function startFollowers({ kernel, access }: House): Promise<void> {
  access.follow(kernel.events);
  for (const module of modules) await module.start?.(kernel);
}

async function assemble(
  options: HouseOptions & { now(): Date },
  content: Content,
  store: OpenStore,
  {
    databaseUrl,
    demo,
    keys,
    keyFile,
    leftOut,
  }: Pick<House, 'databaseUrl' | 'demo' | 'keys' | 'keyFile' | 'leftOut'>,
  closeDatabase: () => Promise<void>,
): Promise<House> {
  const { settings, now } = options;
  const { pool } = store;
  const outbound = openOutbound(settings.peers);
  const messenger = messengerOf(settings, outbound);
  const access = await openAccess({
    pool,
    outbound,
    store,
    content,
    now,
    demo,
    keys,
    notices: store.notices,
    breached: settings.breached,
    identityProviders: providersOf(settings),
    // In the demo province nobody has a phone: codes of sign-in stand in the log.
    messenger: messenger ?? (demo ? demoMessenger(options.log) : null),
    issuer: options.issuer,
    log: options.log,
  });
  const today = () => vietnamDay(now());
  const midnight = relabelDaily(store, content, today, options.log);
  const topics = openTopics(content, today);
  const lists = openCodeLists(content, today, now().toISOString(), [
    ...renderedDefinitions(OPERATIONS),
    ...contentMeasures(content),
    ...reportMeasures(content, today()),
    ...indicatorMeasures(content, today()),
    ...contentForms(content, today),
    ...contentProgrammes(content, today()),
    ...contentRules(content, today()),
    ...renderedTopics(topics),
  ]);
  // Definitions are nobody's: they are read for the program itself, whoever writes.
  const search = (type: ResourceType, params: [string, string][]) => store.search({ type, params });
  const declared = openProfiles(profileSources({ content, lists, pool, search }));
  const written = withRules(withForms(declared, { content, today, lists, search }), {
    content,
    lists,
    search,
  });
  const profiles = withPublished(written, {
    content,
    today,
    search: async (type, params) =>
      (await search(type, params)).matches.map(({ body }) => readStoredJson(body) as never),
    judgeSet: (set, comes) => composeIssues(set, termsOf(lists, search), comes),
  });
  const gate = openGate({
    store,
    access,
    profiles,
    validate: (resource) => [
      ...validateWritten(resource, topics, outbound.check, () =>
        productsOf(content.inForce('vaccines/products', today())),
      ),
      ...ruleIssues(resource, content),
      ...lists.refusal(resource),
    ],
    lists,
    topics,
    knowsParameter: knowsSearchParameter,
    holds: (resources) => holdsOf(resources, content.inForce('access/retention', today()), today()),
    keeps: publishedStays,
  });
  const events = openEvents({ store, pool, notices: store.notices, follows: options.follows ?? true });
  await registerClient(settings, access, store);
  const upkeep = options.follows === false ? undefined : followAuthorities({ store, gate, log: options.log });
  return {
    kernel: {
      settings: { dataFolder: settings.dataFolder, demo, now },
      store,
      pool,
      gate,
      events,
      content,
      keys,
      messenger,
      immunisationRegister: registerOf(settings, outbound),
      issuer: options.issuer,
    },
    access,
    outbound,
    topics,
    profiles,
    keys,
    keyFile,
    databaseUrl,
    demo,
    leftOut,
    close: async () => {
      clearInterval(midnight);
      await upkeep?.();
      await events.close();
      await store.close();
      await closeDatabase();
    },
  };
}

/** Definitions are nobody's: they are asked for the program itself. */
function termsOf(lists: TermsSession['lists'], searchStored: TermsSession['searchStored']): Terms {
  const readStored = () => Promise.reject(new Error('definitions are found by their address'));
  return new Terms({ lists, searchStored, readStored }, undefined);
}

/** @throws SettingError when the file cannot be used */
function providersOf({ identityProviders }: ProgramSettings): ExternalProvider[] {
  if (identityProviders === null) return [];
  try {
    return readExternalProviders(identityProviders);
  } catch (error) {
    if (error instanceof ExternalProviderFault)
      throw new SettingError(`YBA_IDENTITY_PROVIDERS: ${error.message}`);
    throw error;
  }
}

/** @throws SettingError when the register's address may not be called */
function registerOf(
  { immunisation, immunisationToken }: ProgramSettings,
  outbound: Outbound,
): Service | null {
  if (immunisation === null) return null;
  try {
    return openService(outbound, immunisation, immunisationToken);
  } catch (error) {
    throw new SettingError(`YBA_IMMUNISATION: ${error instanceof Error ? error.message : error}`);
  }
}

/** @throws SettingError when the gateway's address may not be called */
function messengerOf({ messenger, messengerToken }: ProgramSettings, outbound: Outbound): Messenger | null {
  if (messenger === null) return null;
  try {
    return openMessenger(outbound, messenger, messengerToken);
  } catch (error) {
    throw new SettingError(`YBA_MESSENGER: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param own the file is the data folder's and made when it is missing; one that was named must be there */
async function openKeys(pool: Pool, file: string | null, own: boolean): Promise<Keyring> {
  try {
    if (file === null) return await openKeyring(pool, []);
    const masters = own
      ? ensureMasterKeys(file, (folder) => makeFolder(folder, 0o700))
      : readMasterKeys(file);
    return await openKeyring(pool, masters);
  } catch (error) {
    throw error instanceof KeyFileFault ? new SettingError(error.message) : error;
  }
}

const MINUTE_MS = 60_000;

/** What is sensitive changes at midnight, without a restart: new records at once, older ones by a pass over them. */
function relabelDaily(
  store: OpenStore,
  content: Content,
  today: () => string,
  log: HouseOptions['log'],
): NodeJS.Timeout {
  let day = today();
  return setInterval(() => {
    if (today() === day) return;
    day = today();
    store.relabel(readLabels(content, day)).catch((error) => log('labels of the day failed', error));
  }, MINUTE_MS).unref();
}

/** The first start decides; a later one may not turn a real province into a demo, nor a demo into a real one. */
async function decideProvince(pool: Pool, settings: ProgramSettings): Promise<boolean> {
  const known = await readFact(pool, 'province');
  if (known === null) {
    const demo = settings.demo ?? true;
    await writeFact(pool, 'province', demo ? 'demo' : 'real');
    return demo;
  }
  const demo = known === 'demo';
  if (settings.demo === null || settings.demo === demo) return demo;
  throw new SettingError(
    demo
      ? 'This database holds the demo province: set YBA_DATA (or DATABASE_URL) to a new one for YBA_DEMO=off.'
      : 'This database holds a real province, no demo is put into it: start with YBA_DEMO=off, or set YBA_DATA to a new folder.',
  );
}

/** At the first start only: later the operator changes clients with `yba client`. */
async function registerClient(
  { client }: ProgramSettings,
  access: Access,
  { pool }: OpenStore,
): Promise<void> {
  if (client === null || (await readFact(pool, 'client')) !== null) return;
  await access.clients.add({
    id: client.id,
    name: client.id,
    secret: client.secret,
    scopes: 'system/*.cruds',
  });
  await writeFact(pool, 'client', { id: client.id });
}
