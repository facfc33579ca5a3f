/** The whole program: the house behind HTTP. `yba start` and the tests start it with this one call. */
import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { basename, dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { formOperations } from '../engines/forms/index.ts';
import { measureRoutes } from '../engines/measures/index.ts';
import { productsOf } from '../engines/programmes/index.ts';
import { refreshAnalysts, viewRoutes } from '../engines/views/index.ts';
import { auditLine } from '../kernel/access/audit.ts';
import type { Actor } from '../kernel/access/contract.ts';
import { publishedKeys, verifyHookToken } from '../kernel/access/hook-clients.ts';
import { profilesOn } from '../kernel/content/profiles.ts';
import { ExportFiles } from '../kernel/fhir/bulk/export-files.ts';
import { bulkRoutes } from '../kernel/fhir/bulk/routes.ts';
import { baseProfilesOf } from '../kernel/fhir/definitions/index.ts';
import { reindexRoutes } from '../kernel/fhir/http/reindex.ts';
import { fhirRoutes } from '../kernel/fhir/http/routes.ts';
import { openJobs } from '../kernel/fhir/jobs/jobs.ts';
import { closureRoutes } from '../kernel/fhir/operations/terminology/closure.ts';
import { judgeLoaded } from '../kernel/fhir/profiles/index.ts';
import { subscriptionRoutes } from '../kernel/fhir/subscriptions/operations/routes.ts';
import type { Subscriptions } from '../kernel/fhir/subscriptions/subscriptions.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { consentIssues } from '../kernel/store/consent/index.ts';
import { type LoadOptions, loadSources, settledUntil } from '../kernel/store/index.ts';
import {
  knowsSearchParameter,
  supportedIncludes,
  supportedSearchParameters,
} from '../kernel/store/search/index.ts';
import { vietnamDay } from '../kernel/text/vietnam-time.ts';
import { hookRoutes } from '../modules/decisions/index.ts';
import { keepAnalysts, readingOfAnalysts } from './analysts.ts';
import { type AuditWatch, watchAudit } from './audit-watch.ts';
import { type Backups, startBackups } from './backups.ts';
import { createDemo } from './demo.ts';
import { demoAccountRoute } from './demo-accounts.ts';
import { tellStories } from './demo-stories.ts';
import { healthRoutes, type Snapshot } from './health.ts';
import { type House, openHouse, startFollowers } from './house.ts';
import { interfaceRoute } from './interface-route.ts';
import { listenFault } from './listening.ts';
import { modules } from './modules.ts';
import { OPERATIONS } from './operations.ts';
import { refuseClearOutside, refuseDemoOutside } from './outside.ts';
import { keepPace, readPaces } from './pace.ts';
import { startRedirect } from './redirect.ts';
import { securityTextRoute } from './security-txt.ts';
import { openServer } from './server.ts';
import { type ProgramSettings, readSettings } from './settings.ts';
import { serveSubscriptions, startSubscriptions } from './subscriptions.ts';
import { openTls, type Tls } from './tls.ts';
import { validateWritten } from './validate.ts';
import { VERSION } from './version.ts';
import { serveWeb } from './web-files.ts';

export interface Program {
  /** `http://127.0.0.1:8080` */
  address: string;
  kernel: Kernel;
  house: House;
  /** Every route, for the test that none is open. */
  routes: { method: string; url: string }[];
  /** Ends the listeners, lets requests finish, closes the database. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  now?(): Date;
  log?(sentence: string, error?: unknown): void;
  /** Folder of the built browser part; default `dist/web`. */
  webFolder?: string;
  /** False leaves a new demo province without people, `people` without anybody who comes today: tests that make their own. */
  generate?: boolean | 'people';
  /** Milliseconds between tries of a notification: tests that do not wait for hours. */
  notificationPauses?: readonly number[];
  /** One of several processes that share the port (worker.ts). */
  shared?: {
    /** The one that follows the change feed and keeps the clock. */
    first: boolean;
    /** True when the database is the embedded one of the process that started this one. */
    embedded: boolean;
    /** What the others have counted, for /metrics. */
    others(): Promise<Snapshot[]>;
    /** Hands over what this one counts. */
    counts(snapshot: () => Snapshot): void;
  };
}

const WEB = join(import.meta.dirname, '..', 'dist', 'web');

/**
 * @param given settings by name; what is not given has its standard value
 * @throws Failure or SettingError with one sentence that says what to do
 */
export async function startProgram(
  given: Partial<ProgramSettings> = {},
  options: ProgramOptions = {},
): Promise<Program> {
  const settings: ProgramSettings = { ...readSettings({}, '/nonexistent').settings, ...given };
  const log = options.log ?? logToStderr;
  const scheme = settings.tls === null ? 'http' : 'https';
  let address = settings.url ?? `${scheme}://${hostOf(settings.bind)}:${settings.port}`;
  const house = await openHouse({
    settings,
    log,
    issuer: () => address,
    ...(options.now ? { now: options.now } : {}),
    follows: options.shared?.first ?? true,
    embedded: options.shared?.embedded ?? false,
  });
  let app: FastifyInstance | undefined;
  let routes: Program['routes'];
  let subscriptions: Subscriptions | undefined;
  let backups: Backups | undefined;
  let audit: AuditWatch | undefined;
  let analysts: NodeJS.Timeout | undefined;
  let tls: Tls | null = null;
  let redirect: Server | undefined;
  const embedded = settings.databaseUrl === null || options.shared?.embedded === true;
  try {
    // In a demo province demo accounts exist, or will in a moment.
    if (house.demo || (await house.access.accounts.anyDemo())) refuseDemoOutside(settings);
    refuseClearOutside(settings, house.demo);
    tls = await openTls(settings, house.kernel.settings.now, options.shared?.first !== false);
    ({ app, routes } = await serve(
      house,
      { ...settings, tlsOptions: tls?.options ?? null },
      options,
      log,
      () => [
        ...house.leftOut.map(({ file }) => `content: ${basename(dirname(file))}/${basename(file)}`),
        ...(backups?.troubles() ?? []),
        ...(audit?.troubles() ?? []),
      ],
      () => address,
    ));
    await startFollowers(house);
    const { store, pool, settings: kept } = house.kernel;
    audit = watchAudit(store, pool, kept.now, log);
    if (options.shared?.first !== false)
      subscriptions = await startSubscriptions(
        house,
        () => `${address}/fhir`,
        log,
        options.notificationPauses,
      );
    if (options.shared?.first !== false) {
      await refreshAnalysts(house.kernel.pool, readingOfAnalysts(house));
      analysts = keepAnalysts(house, log);
    }
    if (options.shared?.first !== false) house.kernel.store.reindexing.startBackground(log);
    if (house.demo && options.generate !== false && options.shared?.first !== false) {
      await createDemo(house, settings.people, log, options.generate !== 'people');
      if (options.generate !== 'people') await tellStories(app, house, log);
    }
    if (options.shared?.first !== false) backups = await startBackups(house, settings, embedded, log);
    await listen(app, settings);
    tls?.follow(app.server as unknown as HttpsServer);
    if (tls && settings.redirectPort !== null && options.shared?.first !== false)
      redirect = await startRedirect(
        settings.redirectPort,
        settings.bind,
        settings.url ?? `${scheme}://${hostOf(settings.bind)}:${portOf(app)}`,
      );
  } catch (error) {
    tls?.close();
    redirect?.close();
    await backups?.close();
    clearInterval(analysts);
    await subscriptions?.close();
    await app?.close();
    await house.close();
    throw error;
  }
  address = settings.url ?? `${scheme}://${hostOf(settings.bind)}:${portOf(app)}`;
  return {
    address,
    kernel: house.kernel,
    house,
    routes,
    stop: async () => {
      audit?.close();
      clearInterval(analysts);
      await subscriptions?.close();
      tls?.close();
      redirect?.close();
      await app.close();
      await backups?.close();
      await house.close();
    },
  };
}

async function serve(
  house: House,
  settings: ProgramSettings & { tlsOptions: Tls['options'] | null },
  options: ProgramOptions,
  log: (sentence: string, error?: unknown) => void,
  troubles: () => string[],
  address: () => string,
) {
  const { kernel, access } = house;
  const { app, load, routes } = await openServer({
    maxInFlight: settings.maxInFlight,
    tls: settings.tlsOptions,
    // An own public address says that a proxy stands before the program; unnamed, it is one of this machine.
    proxies: settings.proxies ?? (settings.url === null ? null : ['loopback']),
    log,
  });
  access.mount(app);
  const paces = readPaces(kernel.content.inForce('access/paces', vietnamDay(kernel.settings.now())));
  keepPace(app, paces, (request) => access.actorOf(request));
  const subscriptions = await serveSubscriptions(app, house, log);
  const snapshot = healthRoutes(app, {
    pool: kernel.pool,
    load,
    metricsToken: settings.metricsToken,
    version: VERSION,
    troubles: () => [...kernel.events.troubles(), ...troubles()],
    sockets: () => subscriptions.sockets.size,
    others: options.shared?.others ?? (async () => []),
  });
  options.shared?.counts(snapshot);
  kernel.events.registerPush(app, { actorOf: (request) => kernel.gate.actorOf(request) });
  await app.register(
    async (fhir) => {
      const jobs = openJobs(kernel.pool, (error, request) =>
        log(`${request.split('?')[0]} failed later`, error),
      );
      fhir.addHook('onClose', () => jobs.close());
      await fhirRoutes(fhir, {
        gate: kernel.gate,
        knowsParameter: knowsSearchParameter,
        searchParameters: supportedSearchParameters,
        includes: supportedIncludes,
        validate: (resource) =>
          validateWritten(resource, house.topics, house.outbound.check, () =>
            productsOf(kernel.content.inForce('vaccines/products', vietnamDay(kernel.settings.now()))),
          ),
        profiles: house.profiles,
        consentNotes: (consent) => consentIssues(consent, (type, id) => kernel.store.read(type, id)),
        software: { version: VERSION, started: new Date().toISOString() },
        operations: OPERATIONS,
        issuer: access.issuer,
        topics: () => house.topics.all().map(({ url }) => url),
        supportedProfiles: (type) => [
          ...profilesOn(kernel.content, vietnamDay(kernel.settings.now()))
            .filter((one) => one.type === type)
            .map(({ url }) => url),
          ...baseProfilesOf(type),
        ],
        jobs,
        onDefect: (error, request) =>
          log(`${request.method} ${request.url.split('?')[0]} failed (${request.id})`, error),
      });
      for (const module of modules) await module.fhir?.(fhir, kernel);
      bulkRoutes(fhir, {
        gate: kernel.gate,
        jobs,
        files: new ExportFiles(settings.dataFolder, house.keys),
        settledUntil: (waiting) => settledUntil(kernel.pool, { waiting }),
        outbound: house.outbound,
        load: (actor, sources, told) =>
          loadSources(kernel.store, {
            sources,
            ...whoLoads(actor),
            judge: (resources) => judgeLoaded(house.profiles, resources),
            again: true,
            onRefused: told.refused,
            onCounts: told.counts,
          }),
      });
      viewRoutes(fhir, {
        gate: kernel.gate,
        content: kernel.content,
        store: kernel.store,
        jobs,
        files: new ExportFiles(settings.dataFolder, house.keys),
        settledUntil: (waiting) => settledUntil(kernel.pool, { waiting }),
      });
      subscriptionRoutes(fhir, subscriptions.routes);
      measureRoutes(fhir, { gate: kernel.gate, jobs, now: kernel.settings.now });
      formOperations(fhir, { gate: kernel.gate, content: kernel.content, now: kernel.settings.now });
      closureRoutes(fhir, { gate: kernel.gate, pool: kernel.pool });
      reindexRoutes(fhir, {
        gate: kernel.gate,
        reindexing: kernel.store.reindexing,
        mayDefine: (actor) => access.guard.reach(actor, 'update', 'SearchParameter') === 'province',
      });
    },
    { prefix: '/fhir' },
  );
  for (const module of modules) await module.routes?.(app, kernel);
  const keysAt = publishedKeys(house.outbound);
  hookRoutes(app, kernel, {
    actorOf: access.actorOf,
    tokenActor: access.tokenActor,
    clientOf: (token, audiences, once) =>
      verifyHookToken(token, audiences, { clients: access.clients, once, now: kernel.settings.now, keysAt }),
  });
  interfaceRoute(app);
  demoAccountRoute(app, house);
  if (settings.securityContact !== null)
    securityTextRoute(app, settings.securityContact, address, kernel.settings.now);
  await serveWeb(app, options.webFolder ?? WEB);
  return { app, routes };
}

async function listen(app: FastifyInstance, { port, bind }: ProgramSettings): Promise<void> {
  try {
    await app.listen({ port, host: bind });
  } catch (error) {
    throw listenFault(error, port, bind);
  }
}

/** An import's lines of the audit are those of any act of the client. */
function whoLoads(actor: Actor): Pick<LoadOptions, 'who' | 'whoDisplay' | 'why'> {
  const { who, whoDisplay, why } = auditLine(actor, 'load', '', null);
  return { who, whoDisplay, why };
}

function hostOf(bind: string): string {
  if (bind === '0.0.0.0' || bind === '::') return 'localhost';
  return bind.includes(':') ? `[${bind}]` : bind;
}

function logToStderr(sentence: string, error?: unknown): void {
  const detail = error instanceof Error ? `\n${error.stack ?? error.message}` : '';
  process.stderr.write(`${new Date().toISOString()} ${sentence}${detail}\n`);
}

function portOf(app: FastifyInstance): number {
  const [first] = app.addresses();
  if (typeof first === 'object') return first.port;
  throw new Error('the server listens on no port');
}
