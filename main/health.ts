/** `/healthz`, `/readyz` and `/metrics`. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Failure } from '../kernel/failure.ts';
import type { Load } from './server.ts';

export interface HealthParts {
  pool: Pool;
  load: Load;
  metricsToken: string | null;
  version: string;
  /** Names of consumers of the change feed that are failing; empty when all is well. */
  troubles(): string[];
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

interface Series {
  count: number;
  seconds: number;
  buckets: number[];
}

export function healthRoutes(app: FastifyInstance, parts: HealthParts): void {
  const started = Date.now();
  const series = countRequests(app);
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  app.addHook('onClose', async () => void delay.disable());

  app.get('/healthz', async (_request, reply) => {
    const troubles = parts.troubles();
    return reply
      .code(200)
      .send({ status: troubles.length === 0 ? 'ok' : 'degraded', version: parts.version, troubles });
  });
  app.get('/readyz', async (_request, reply) => {
    try {
      await parts.pool.query('select 1');
      return reply.send({ status: 'ready' });
    } catch {
      return reply.code(503).header('Retry-After', '2').send({ status: 'database-unavailable' });
    }
  });
  app.get('/metrics', async (request, reply) => {
    refuseStrangers(request, parts.metricsToken);
    const memory = process.memoryUsage();
    const gauges: [string, string, number][] = [
      ['yba_up_seconds', 'Seconds since the start.', (Date.now() - started) / 1000],
      ['yba_resident_bytes', 'Resident memory of the program.', memory.rss],
      ['yba_heap_bytes', 'Heap in use.', memory.heapUsed],
      [
        'yba_event_loop_delay_p99_seconds',
        'Delay of the event loop, 99th percentile.',
        delay.percentile(99) / 1e9,
      ],
      ['yba_requests_in_flight', 'Requests at work.', parts.load.inFlight],
      ['yba_requests_refused_total', 'Requests refused for overload.', parts.load.refused],
      ['yba_database_connections', 'Connections open.', parts.pool.totalCount],
      ['yba_database_idle', 'Connections idle.', parts.pool.idleCount],
      ['yba_database_waiting', 'Requests that wait for a connection.', parts.pool.waitingCount],
    ];
    delay.reset();
    const text = [...gauges.map(formatGauge), formatSeries(series)].join('\n');
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${text}\n`);
  });
}

/** Counts by method, area and status class: few series, and no person's id in any label. */
function countRequests(app: FastifyInstance): Map<string, Series> {
  const series = new Map<string, Series>();
  app.addHook('onResponse', async (request, reply) => {
    const area = /^\/([a-z0-9-]+)/.exec(request.url)?.[1] ?? 'web';
    const known = ['fhir', 'api', 'oauth2'].includes(area) ? area : 'web';
    const key = `method="${request.method}",area="${known}",status="${Math.floor(reply.statusCode / 100)}xx"`;
    const one = series.get(key) ?? { count: 0, seconds: 0, buckets: BUCKETS.map(() => 0) };
    const seconds = reply.elapsedTime / 1000;
    one.count += 1;
    one.seconds += seconds;
    for (const [at, bound] of BUCKETS.entries()) if (seconds <= bound) one.buckets[at]! += 1;
    series.set(key, one);
  });
  return series;
}

function formatGauge([name, help, value]: [string, string, number]): string {
  const kind = name.endsWith('_total') ? 'counter' : 'gauge';
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${name} ${Number.isFinite(value) ? value : 0}`;
}

function formatSeries(series: Map<string, Series>): string {
  const name = 'yba_request_seconds';
  const lines = [`# HELP ${name} Duration of requests.`, `# TYPE ${name} histogram`];
  for (const [labels, { count, seconds, buckets }] of series) {
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

/** The socket's own address counts, not what a proxy says. */
function refuseStrangers(request: FastifyRequest, token: string | null): void {
  const { remoteAddress = '' } = request.raw.socket;
  const here =
    /^(::ffff:)?127\.|^::1$/.test(remoteAddress) && request.headers['x-forwarded-for'] === undefined;
  if (here || (token !== null && request.headers.authorization === `Bearer ${token}`)) return;
  throw new Failure('forbidden', 'Chỉ máy này hoặc người có mã được xem.', {
    textEn: 'Loopback or a metrics token only.',
  });
}
