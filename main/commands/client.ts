/** `yba client`: applications and systems that get tokens at /oauth2. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JSONWebKeySet } from 'jose';
import type { Access } from '../../kernel/access/index.ts';
import { type Command, print, UsageError, withHouse } from './command.ts';

type Clients = Access['clients'];
type NewClient = Parameters<Clients['add']>[0];

/** What people write for the grant types of RFC 6749 and RFC 8628. */
const GRANTS: Record<string, NonNullable<NewClient['grants']>[number]> = {
  code: 'authorization_code',
  refresh: 'refresh_token',
  system: 'client_credentials',
  device: 'urn:ietf:params:oauth:grant-type:device_code',
};

const DAY_MS = 86_400_000;
const VERBS = ['list', 'add', 'disable', 'close', 'enable', 'open', 'rotate'];

export const client: Command = {
  name: 'client',
  summary: 'list, add, disable and enable clients; change their secrets and keys',
  options: {
    name: { type: 'string' },
    scopes: { type: 'string' },
    secret: { type: 'string' },
    grants: { type: 'string' },
    auth: { type: 'string' },
    redirect: { type: 'string', multiple: true },
    'logout-redirect': { type: 'string', multiple: true },
    jwks: { type: 'string' },
    'jwks-uri': { type: 'string' },
    'backchannel-logout': { type: 'string' },
    launch: { type: 'string' },
    unit: { type: 'string' },
    purposes: { type: 'string' },
    public: { type: 'boolean' },
    native: { type: 'boolean' },
    trusted: { type: 'boolean' },
    introspects: { type: 'boolean' },
    days: { type: 'string' },
  },
  help: `yba client list
yba client add <id> [--name "Bệnh viện A"] [--scopes "system/Patient.rs system/Observation.cruds"] [--secret …]
yba client add <id> --jwks keys.json | --jwks-uri https://…          a system that signs (SMART Backend Services)
yba client add <id> --grants code,refresh --redirect https://… [--redirect …] [--public] [--native] --scopes "openid patient/*.rs"
yba client add <id> --grants device,refresh --public --trusted       a kiosk or a board
yba client rotate <id> [--secret …] [--days 7]    a new secret; the old ones end after so many days (0 = now)
yba client rotate <id> --jwks keys.json           other public keys
yba client disable | enable <id>

Grants: code, refresh, system (client_credentials, the standard), device. Without --scopes a system may do everything (system/*.cruds).
Without --secret one is made and printed, once. --auth client_secret_post when the other side can do no Basic. --logout-redirect is
where its people may go after signing out, --backchannel-logout where logout tokens are sent, --launch where a SMART launch begins.
--unit: the Organization (id) that runs the system; what persons deny the unit, the system is denied. Without it the system is the
operator's own. --purposes "TREAT HPAYMT": what it may act for (HL7 v3 PurposeOfUse), the first where it states none; a token is asked
for one of them by the scope purpose_of_use=TREAT. BTG lets people open a record in an emergency through an application (not a system).
--trusted: of the house, nobody is asked for consent. --introspects: may ask about the tokens of other clients.
`,
  async run(values, [verb = '', id = '', ...more]) {
    if (!VERBS.includes(verb) || more.length > 0) throw new UsageError('See "yba client --help".');
    if (verb !== 'list' && id === '') throw new UsageError(`yba client ${verb} needs an id.`);
    return withHouse(async ({ access: { clients }, kernel }) => {
      if (verb === 'list') await list(clients);
      else if (verb === 'add') await add(clients, id, values);
      else if (verb === 'rotate') await rotate(clients, id, values, kernel.settings.now());
      else await clients.setActive(id, verb === 'open' || verb === 'enable');
      if (verb !== 'list') await kernel.gate.system('yba client').note(verb, `client/${id}`, null);
      return 0;
    });
  },
};

async function list(clients: Clients): Promise<void> {
  for (const one of await clients.list()) {
    const uses = Object.keys(GRANTS).filter((word) => one.grants.includes(GRANTS[word]!));
    const open = one.active ? 'open' : 'closed';
    print(
      `${one.id.padEnd(24)} ${open}  ${uses.join(',')} ${one.authMethod}  ${one.scopes}  ${one.unit ?? 'operator'}  ${one.name}`,
    );
  }
}

async function add(clients: Clients, id: string, values: Record<string, unknown>): Promise<void> {
  const text = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : undefined);
  const grants = grantsOf(text('grants') ?? 'system');
  const keys = keysOf(text('jwks'));
  const needsSecret = values.public !== true && keys === null && text('jwks-uri') === undefined;
  const secret = needsSecret ? (text('secret') ?? newSecret()) : undefined;
  const auth = text('auth') as NewClient['authMethod'];
  await clients.add({
    id,
    name: text('name') ?? id,
    scopes: text('scopes') ?? scopesFor(grants),
    grants,
    ...(secret !== undefined && { secret }),
    ...(auth !== undefined && { authMethod: auth }),
    redirectUris: (values.redirect as string[] | undefined) ?? [],
    logoutRedirectUris: (values['logout-redirect'] as string[] | undefined) ?? [],
    jwks: keys,
    jwksUri: text('jwks-uri') ?? null,
    backchannelLogout: text('backchannel-logout') ?? null,
    launchUrl: text('launch') ?? null,
    unit: text('unit') ?? null,
    purposes: (text('purposes') ?? '').split(/[\s,]+/).filter((purpose) => purpose !== ''),
    application: values.native === true ? 'native' : 'web',
    trusted: values.trusted === true,
    introspects: values.introspects === true,
  });
  print(secret === undefined ? id : `${id}:${secret}`);
}

async function rotate(
  clients: Clients,
  id: string,
  { secret, jwks, days = '7' }: Record<string, unknown>,
  now: Date,
): Promise<void> {
  const keys = keysOf(typeof jwks === 'string' ? jwks : undefined);
  if (keys !== null) {
    await clients.setKeys(id, keys);
    return print(id);
  }
  const count = Number(days);
  if (!Number.isInteger(count) || count < 0 || count > 365)
    throw new UsageError('--days is a whole number from 0 to 365.');
  const fresh = typeof secret === 'string' ? secret : newSecret();
  await clients.addSecret(id, fresh, new Date(now.getTime() + count * DAY_MS));
  print(`${id}:${fresh}`);
}

function grantsOf(words: string): NonNullable<NewClient['grants']> {
  return words.split(/[\s,]+/).map((word) => {
    const grant = GRANTS[word];
    if (grant) return grant;
    throw new UsageError(`--grants takes ${Object.keys(GRANTS).join(', ')}, not "${word}".`);
  });
}

function scopesFor(grants: NonNullable<NewClient['grants']>): string {
  if (grants.includes('client_credentials')) return 'system/*.cruds';
  return grants.includes('refresh_token')
    ? 'openid profile fhirUser offline_access'
    : 'openid profile fhirUser';
}

function keysOf(file: string | undefined): JSONWebKeySet | null {
  if (file === undefined) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet;
  } catch (error) {
    throw new UsageError(`--jwks ${file} is no key set: ${(error as Error).message}`);
  }
}

function newSecret(): string {
  return randomBytes(24).toString('base64url');
}
