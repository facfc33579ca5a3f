/** Settings of the program: one table, read from the environment and `yba.config.json`, printed by `yba config`. */
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import {
  integer,
  listOf,
  onOff,
  parseClient,
  parseContact,
  parseDatabaseUrl,
  parseHosts,
  parsePeers,
  parseProxies,
  parseRecipients,
  parseTls,
  parseUrl,
  SettingError,
} from './setting-values.ts';

export { SettingError };

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
  /** Absolute folders of content beside the program's own. */
  content: string[];
  /** Absolute; file of breached passwords, null = none. */
  breached: string | null;
  /** Absolute; file of the providers of others by which people may sign in. */
  identityProviders: string | null;
  /** Address of the gateway that sends messages to phones, and its bearer token; null = none. */
  messenger: string | null;
  messengerToken: string | null;
  /** FHIR base of a register of vaccinations elsewhere, and its bearer token; null = none. */
  immunisation: string | null;
  immunisationToken: string | null;
  /** Absolute; null = the data folder's own for the embedded database, none for a server of others. */
  keyFile: string | null;
  /** null = plain HTTP; `auto` = a certificate of the program's own authority; else two files. */
  tls: 'auto' | { certificate: string; key: string } | null;
  /** Names and addresses of the automatic certificate beside those of this machine. */
  tlsNames: string[];
  /** Port of plain HTTP that only leads to HTTPS. */
  redirectPort: number | null;
  /** Addresses or networks of proxies whose X-Forwarded-* is believed; null = of this machine where `url` is set, else nobody's. */
  proxies: string[] | null;
  /** Whom to tell of a hole: `mailto:`, `https:` or `tel:`. */
  securityContact: string | null;
  /** Absolute folders of backups; every one gets everything. */
  backup: string[];
  /** age recipients (public keys) that can read the backups. */
  backupRecipients: string[];
  /** Hours between whole backups. */
  backupEvery: number;
  /** Whole backups that are kept, with the log since the oldest of them. */
  backupKeep: number;
}

interface Setting<K extends keyof ProgramSettings> {
  key: K;
  /** Environment variable; the name in `yba.config.json` is `key`. */
  env: string;
  standard: string;
  meaning: string;
  /** Also read from the file that `<env>_FILE` names, and never printed. */
  secret?: true;
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
    secret: true,
    env: 'YBA_CLIENT',
    standard: '',
    meaning:
      'id:secret of a system client that is registered at the first start (OAuth 2 client credentials).',
    parse: parseClient,
  }),
  setting({
    key: 'databaseUrl',
    secret: true,
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
    secret: true,
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
  setting({
    key: 'content',
    env: 'YBA_CONTENT',
    standard: '',
    meaning:
      "Folders of content, with commas between, that add to the program's own: forms, programmes, rules, reports, papers, codes of a province (content/README.md).",
    parse: (text) => listOf(text).map((one) => resolve(one)),
  }),
  setting({
    key: 'breached',
    env: 'YBA_BREACHED',
    standard: '',
    meaning:
      'File of breached passwords that no new password may be: sorted lines SHA1 or SHA1:count in hexadecimal, as Have I Been Pwned gives them.',
    parse: (text) => (text === '' ? null : resolve(text)),
  }),
  setting({
    key: 'identityProviders',
    env: 'YBA_IDENTITY_PROVIDERS',
    standard: '',
    meaning:
      'File of the OpenID providers of others by which people may sign in, VNeID for one (docs/integrate/sign-in.md); inside the house also name them in YBA_PEERS.',
    parse: (text) => (text === '' ? null : resolve(text)),
  }),
  setting({
    key: 'messenger',
    env: 'YBA_MESSENGER',
    standard: '',
    meaning:
      'Address of the gateway that sends one-time codes to phones (docs/integrate/messenger.md); inside the house also name it in YBA_PEERS.',
    parse: (text) => (text === '' ? null : text),
  }),
  setting({
    key: 'messengerToken',
    env: 'YBA_MESSENGER_TOKEN',
    standard: '',
    meaning: 'Bearer token for that gateway.',
    parse: (text) => (text === '' ? null : text),
  }),
  setting({
    key: 'immunisation',
    env: 'YBA_IMMUNISATION',
    standard: '',
    meaning:
      'FHIR address of another register of vaccinations (docs/integrate/immunisation.md); inside the house also name it in YBA_PEERS.',
    parse: (text) => (text === '' ? null : text),
  }),
  setting({
    key: 'immunisationToken',
    env: 'YBA_IMMUNISATION_TOKEN',
    standard: '',
    meaning: 'Bearer token for that register.',
    parse: (text) => (text === '' ? null : text),
  }),
  setting({
    key: 'keyFile',
    env: 'YBA_KEY_FILE',
    standard: '',
    meaning:
      'File of the master keys that wrap the keys of sealed secrets; made in the data folder for the embedded database, none (keys stand in the database) for a server of others.',
    parse: (text) => (text === '' ? null : resolve(text)),
  }),
  setting({
    key: 'tls',
    env: 'YBA_TLS',
    standard: '',
    meaning:
      'auto: HTTPS by a certificate of an authority of its own, renewed by itself (yba tls); certificate.pem,key.pem: by these files, read again when they change.',
    parse: parseTls,
  }),
  setting({
    key: 'tlsNames',
    env: 'YBA_TLS_NAMES',
    standard: '',
    meaning:
      'Names and addresses of the automatic certificate beside those of this machine, with commas between.',
    parse: (text) => parseHosts('YBA_TLS_NAMES', text),
  }),
  setting({
    key: 'redirectPort',
    env: 'YBA_REDIRECT_PORT',
    standard: '',
    meaning: 'With YBA_TLS: port of plain HTTP that leads to HTTPS and does nothing else.',
    parse: (text) => (text === '' ? null : integer('YBA_REDIRECT_PORT', text, 0, 65_535)),
  }),
  setting({
    key: 'proxies',
    env: 'YBA_BEHIND_PROXY',
    standard: '',
    meaning:
      'Addresses or networks of the proxies that end TLS before the program, with commas between; only theirs X-Forwarded-* is believed. Without it and without YBA_TLS only loopback is bound.',
    parse: parseProxies,
  }),
  setting({
    key: 'securityContact',
    env: 'YBA_SECURITY_CONTACT',
    standard: '',
    meaning: 'Whom to tell of a hole, mailto:… or https://…; shown at /.well-known/security.txt.',
    parse: parseContact,
  }),
  setting({
    key: 'backup',
    env: 'YBA_BACKUP',
    standard: '',
    meaning:
      'Folders of backups, with commas between, on other disks or machines than the data: each gets everything (yba backup).',
    parse: (text) => listOf(text).map((one) => resolve(one)),
  }),
  setting({
    key: 'backupRecipients',
    env: 'YBA_BACKUP_RECIPIENTS',
    standard: '',
    meaning:
      'age public keys (age1…), with commas between, whose holders can read the backups; made by yba backup key.',
    parse: parseRecipients,
  }),
  setting({
    key: 'backupEvery',
    env: 'YBA_BACKUP_EVERY',
    standard: '24',
    meaning: 'Hours between whole backups; the log in between is kept every minute.',
    parse: (text) => integer('YBA_BACKUP_EVERY', text, 1, 8_760),
  }),
  setting({
    key: 'backupKeep',
    env: 'YBA_BACKUP_KEEP',
    standard: '14',
    meaning:
      'Whole backups that are kept, with the log since the oldest of them: so far back any moment can be restored.',
    parse: (text) => integer('YBA_BACKUP_KEEP', text, 1, 10_000),
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
  for (const { key, env: name, standard, parse, ...more } of SETTINGS) {
    const fromEnv = env[name] ?? ('secret' in more ? fromFile(name, env[`${name}_FILE`]) : undefined);
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

/** Secrets need not stand in the environment, which other programs of the user can read. */
function fromFile(name: string, path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new SettingError(
      `${name}_FILE: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
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
