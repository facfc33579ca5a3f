/** Settings of the program: one table, read from the environment and `yba.config.json`, printed by `yba config`. */
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

export interface ProgramSettings {
  port: number;
  bind: string;
  /** Absolute. */
  dataFolder: string;
  /** null = as the database says, and demo for a new one. */
  demo: boolean | null;
  /** People of a new demo province. */
  people: number;
  client: { id: string; secret: string } | null;
  databaseUrl: string | null;
  /** Public address without a path, when a proxy stands before the program. */
  url: string | null;
  /** Bind other addresses than loopback although demo accounts exist. */
  bindDemo: boolean;
  metricsToken: string | null;
  /** Requests worked on at once; more are told to come back. */
  maxInFlight: number;
  /** Processes that share the port. */
  workers: number;
  /** `host` or `host:port` of systems within the house that may be called at addresses which others gave. */
  peers: string[];
}

/** A setting that cannot be used: one sentence, and the program ends with status 1. */
export class SettingError extends Error {}

interface Setting<K extends keyof ProgramSettings> {
  key: K;
  /** Environment variable; the name in `yba.config.json` is `key`. */
  env: string;
  standard: string;
  meaning: string;
  parse(text: string): ProgramSettings[K];
}

function setting<K extends keyof ProgramSettings>(one: Setting<K>): Setting<K> {
  return one;
}

const MOST_WORKERS = 8;
/** The database needs the other half: measured on two cores, a second process costs what it brings (docs/performance.md). */
const standardWorkers = () => Math.max(1, Math.min(MOST_WORKERS, Math.floor(availableParallelism() / 2)));

/** In the order in which `yba config` prints them. */
export const SETTINGS = [
  setting({
    key: 'port',
    env: 'PORT',
    standard: '8080',
    meaning: 'Port of HTTP; 0 takes a free one.',
    parse: (text) => integer('PORT', text, 0, 65_535),
  }),
  setting({
    key: 'bind',
    env: 'YBA_BIND',
    standard: '127.0.0.1',
    meaning: 'Address to listen on; 0.0.0.0 for all.',
    parse: (text) => {
      if (isIP(text) === 0 && text !== 'localhost')
        throw new SettingError(`YBA_BIND "${text}" is not an IP address.`);
      return text;
    },
  }),
  setting({
    key: 'dataFolder',
    env: 'YBA_DATA',
    standard: './data',
    meaning: 'Folder of the embedded database and of files.',
    parse: (text) => resolve(text),
  }),
  setting({
    key: 'demo',
    env: 'YBA_DEMO',
    standard: '',
    meaning:
      'on: demo province with demo accounts; off: empty province. Decided at the first start; on when not set.',
    parse: (text) => (text === '' ? null : onOff('YBA_DEMO', text)),
  }),
  setting({
    key: 'people',
    env: 'YBA_PEOPLE',
    standard: '2000',
    meaning: 'Citizens of a new demo province.',
    parse: (text) => integer('YBA_PEOPLE', text, 1, 5_000_000),
  }),
  setting({
    key: 'client',
    env: 'YBA_CLIENT',
    standard: '',
    meaning:
      'id:secret of a system client that is registered at the first start (OAuth 2 client credentials).',
    parse: parseClient,
  }),
  setting({
    key: 'databaseUrl',
    env: 'DATABASE_URL',
    standard: '',
    meaning: 'PostgreSQL server to use instead of the embedded one, postgres://user:password@host/database.',
    parse: parseDatabaseUrl,
  }),
  setting({
    key: 'url',
    env: 'YBA_URL',
    standard: '',
    meaning: 'Public address when a proxy stands before the program, https://yba.example.vn.',
    parse: parseUrl,
  }),
  setting({
    key: 'bindDemo',
    env: 'YBA_BIND_DEMO',
    standard: 'no',
    meaning: 'yes: bind other addresses than loopback although demo accounts (with known passwords) exist.',
    parse: (text) => onOff('YBA_BIND_DEMO', text),
  }),
  setting({
    key: 'metricsToken',
    env: 'YBA_METRICS_TOKEN',
    standard: '',
    meaning: 'Bearer token that opens /metrics to other machines.',
    parse: (text) => (text === '' ? null : text),
  }),
  setting({
    key: 'maxInFlight',
    env: 'YBA_MAX_IN_FLIGHT',
    standard: '512',
    meaning: 'Requests worked on at once; more are answered 503 with Retry-After.',
    parse: (text) => integer('YBA_MAX_IN_FLIGHT', text, 1, 100_000),
  }),
  setting({
    key: 'workers',
    env: 'YBA_WORKERS',
    standard: '',
    meaning: `Processes that share the port; one for every two cores when not set, ${MOST_WORKERS} at most.`,
    parse: (text) => (text === '' ? standardWorkers() : integer('YBA_WORKERS', text, 1, 64)),
  }),
  setting({
    key: 'peers',
    env: 'YBA_PEERS',
    standard: '',
    meaning:
      'host or host:port, with commas between, of systems within the house that may be called (imports); others only at public https addresses.',
    parse: parsePeers,
  }),
] as const;

export type SettingSource = 'standard' | 'yba.config.json' | 'environment';

export interface ReadSettings {
  settings: ProgramSettings;
  sources: Record<keyof ProgramSettings, SettingSource>;
}

/**
 * The environment goes before `yba.config.json` in `folder`, which goes before the standard values.
 * @throws SettingError with one sentence
 */
export function readSettings(env: Record<string, string | undefined>, folder: string): ReadSettings {
  const file = readFile(join(folder, 'yba.config.json'));
  const known = new Set<string>(SETTINGS.map(({ key }) => key));
  for (const name of Object.keys(file)) {
    if (!known.has(name))
      throw new SettingError(`yba.config.json: unknown setting "${name}"; see "yba config".`);
  }
  const settings: Record<string, unknown> = {};
  const sources: Record<string, SettingSource> = {};
  for (const { key, env: name, standard, parse } of SETTINGS) {
    const fromEnv = env[name];
    const source = fromEnv !== undefined ? 'environment' : key in file ? 'yba.config.json' : 'standard';
    const text = fromEnv ?? (key in file ? String(file[key] ?? '') : standard);
    settings[key] = parse(text);
    sources[key] = source;
  }
  return { settings: settings as unknown as ProgramSettings, sources: sources as ReadSettings['sources'] };
}

/** True for addresses that only this machine reaches. */
export function isLoopback(bind: string): boolean {
  return bind === 'localhost' || bind === '::1' || bind.startsWith('127.');
}

function readFile(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new SettingError(`${path} is not a JSON object.`);
}

function parsePeers(text: string): string[] {
  const peers = text
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');
  for (const peer of peers) {
    if (!/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/.test(peer))
      throw new SettingError(`YBA_PEERS: "${peer}" is neither host nor host:port.`);
  }
  return peers;
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new SettingError(`${name} "${text}" is not a number from ${least} to ${most}.`);
}

function onOff(name: string, text: string): boolean {
  const value = text.trim().toLowerCase();
  if (['on', 'yes', 'true', '1'].includes(value)) return true;
  if (['off', 'no', 'false', '0'].includes(value)) return false;
  throw new SettingError(`${name} "${text}" is neither on nor off.`);
}

function parseClient(text: string): ProgramSettings['client'] {
  if (text === '') return null;
  const at = text.indexOf(':');
  if (at < 1 || at === text.length - 1) throw new SettingError('YBA_CLIENT must be id:secret.');
  return { id: text.slice(0, at), secret: text.slice(at + 1) };
}

function parseDatabaseUrl(text: string): string | null {
  if (text === '') return null;
  if (/^postgres(ql)?:\/\/./.test(text) && URL.canParse(text)) return text;
  throw new SettingError('DATABASE_URL must be like postgres://user:password@host:5432/database.');
}

function parseUrl(text: string): string | null {
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url.origin;
  throw new SettingError(`YBA_URL "${text}" must be like https://yba.example.vn, without a path.`);
}
