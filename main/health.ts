/** `/healthz`, `/readyz` and `/metrics`. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Failure } from '../kernel/failure.ts';
import { databaseMetrics } from './database-metrics.ts';
import type { Load } from './load.ts';

export interface HealthParts {
  pool: Pool;
  load: Load;
  metricsToken: string | null;
  version: string;
  /** Names of consumers of the change feed that are failing; empty when all is well. */
  troubles(): string[];
  /** Websockets open in this process. */
  sockets(): number;
  /** What the other processes behind the same port have counted. */
  others(): Promise<Snapshot[]>;
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Counted by one process: gauges by name, requests by their labels. */
export interface Snapshot {
  gauges: Record<string, number>;
  requests: Record<string, Series>;
}

interface Series {
  count: number;
  seconds: number;
  buckets: number[];
}

/** Gauges that are told as their largest value over the processes; the others are added up. */
const LARGEST = new Set(['yba_up_seconds', 'yba_event_loop_delay_p99_seconds']);

const HELP: Record<string, string> = {
  yba_up_seconds: 'Seconds since the start.',
  yba_processes: 'Processes behind the port.',
  yba_resident_bytes: 'Resident memory of the program.',
  yba_heap_bytes: 'Heap in use.',
  yba_event_loop_delay_p99_seconds: 'Delay of the event loop, 99th percentile.',
  yba_requests_in_flight: 'Requests at work.',
  yba_requests_refused_total: 'Requests refused for overload.',
  yba_websockets: 'Websockets open.',
  yba_database_connections: 'Connections open.',
  yba_database_idle: 'Connections idle.',
  yba_database_waiting: 'Requests that wait for a connection.',
};

/** @returns what this process has counted, whenever it is asked */
export function healthRoutes(app: FastifyInstance, parts: HealthParts): () => Snapshot {
  const started = Date.now();
  const series = countRequests(app);
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  app.addHook('onClose', async () => void delay.disable());
  const snapshot = (): Snapshot => {
    const memory = process.memoryUsage();
    const gauges = {
      yba_up_seconds: (Date.now() - started) / 1000,
      yba_processes: 1,
      yba_resident_bytes: memory.rss,
      yba_heap_bytes: memory.heapUsed,
      yba_event_loop_delay_p99_seconds: delay.percentile(99) / 1e9,
      yba_requests_in_flight: parts.load.inFlight,
      yba_requests_refused_total: parts.load.refused,
      yba_websockets: parts.sockets(),
      yba_database_connections: parts.pool.totalCount,
      yba_database_idle: parts.pool.idleCount,
      yba_database_waiting: parts.pool.waitingCount,
    };
    delay.reset();
    return { gauges, requests: Object.fromEntries(series) };
  };

  app.get('/healthz', async (_request, reply) => {
    const troubles = parts.troubles();
    return reply
      .code(200)
      .send({ status: troubles.length === 0 ? 'ok' : 'degraded', version: parts.version, troubles });
  });
  app.get('/readyz', async (_request, reply) => {
    try {
      await withinPatience(parts.pool.query('select 1'));
      return reply.send({ status: 'ready' });
    } catch {
      return reply.code(503).header('Retry-After', '2').send({ status: 'database-unavailable' });
    }
  });
  app.get('/metrics', async (request, reply) => {
    refuseStrangers(request, parts.metricsToken);
    const all = together([snapshot(), ...(await parts.others())]);
    const text = [
      ...Object.entries(all.gauges).map(formatGauge),
      formatSeries(all.requests),
      ...(await databaseMetrics(parts.pool)),
    ].join('\n');
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${text}\n`);
  });
  return snapshot;
}

/** One count of several processes. */
function together(snapshots: Snapshot[]): Snapshot {
  const all: Snapshot = { gauges: {}, requests: {} };
  for (const { gauges, requests } of snapshots) {
    for (const [name, value] of Object.entries(gauges)) {
      const known = all.gauges[name] ?? 0;
      all.gauges[name] = LARGEST.has(name) ? Math.max(known, value) : known + value;
    }
    for (const [labels, { count, seconds, buckets }] of Object.entries(requests)) {
      const known = all.requests[labels] ?? { count: 0, seconds: 0, buckets: BUCKETS.map(() => 0) };
      all.requests[labels] = {
        count: known.count + count,
        seconds: known.seconds + seconds,
        buckets: known.buckets.map((number, at) => number + buckets[at]!),
      };
    }
  }
  return all;
}

/** Counts by method, area and status class: few series, and no person's id in any label. */
function countRequests(app: FastifyInstance): Map<string, Series> {
  const series = new Map<string, Series>();
  app.addHook('onResponse', (request, reply, done) => {
    const area = /^\/([a-z0-9-]+)/.exec(request.url)?.[1] ?? 'web';
    const known = ['fhir', 'api', 'oauth2'].includes(area) ? area : 'web';
    const key = `method="${request.method}",area="${known}",status="${Math.floor(reply.statusCode / 100)}xx"`;
    const one = series.get(key) ?? { count: 0, seconds: 0, buckets: BUCKETS.map(() => 0) };
    const seconds = reply.elapsedTime / 1000;
    one.count += 1;
    one.seconds += seconds;
    for (const [at, bound] of BUCKETS.entries()) if (seconds <= bound) one.buckets[at]! += 1;
    series.set(key, one);
    done();
  });
  return series;
}

function formatGauge([name, value]: [string, number]): string {
  const kind = name.endsWith('_total') ? 'counter' : 'gauge';
  return `# HELP ${name} ${HELP[name]}\n# TYPE ${name} ${kind}\n${name} ${Number.isFinite(value) ? value : 0}`;
}

function formatSeries(series: Snapshot['requests']): string {
  const name = 'yba_request_seconds';
  const lines = [`# HELP ${name} Duration of requests.`, `# TYPE ${name} histogram`];
  for (const [labels, { count, seconds, buckets }] of Object.entries(series)) {
    for (const [at, bound] of BUCKETS.entries())
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${buckets[at]}`);
    lines.push(
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_sum{${labels}} ${seconds}`,
      `${name}_count{${labels}} ${count}`,
    );
  }
  return lines.join('\n');
}

/** Longer than a database that can serve takes; whoever asks has no time to wait for one that cannot. */
const PATIENCE_MS = 2_000;

function withinPatience<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the database took too long')), PATIENCE_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The socket's own address counts, not what a proxy says. */
function refuseStrangers(request: FastifyRequest, token: string | null): void {
  const { remoteAddress = '' } = request.raw.socket;
  const here =
    /^(::ffff:)?127\.|^::1$/.test(remoteAddress) && request.headers['x-forwarded-for'] === undefined;
  if (here || (token !== null && isSame(request.headers.authorization ?? '', `Bearer ${token}`))) return;
  throw new Failure('forbidden', 'Chỉ máy này hoặc người có mã được xem.', {
    textEn: 'Loopback or a metrics token only.',
  });
}

/** Takes as long however much of it is right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
