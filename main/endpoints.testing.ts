/** Everybody who may call the program, and a call of every route: for the walk of `endpoints.test.ts`. */
import { STAFF_ROLES } from '../kernel/access/accounts/staff-roles.ts';
import { type AccessWorld, openAccessWorld, PASSWORD } from '../kernel/access/testing.ts';
import { sid } from '../kernel/fhir/systems.ts';
import { type MessengerSimulator, openMessengerSimulator } from '../tests/simulators/messenger.ts';

export const STAFF = STAFF_ROLES;

/** Roles that act for no unit. */
const OF_PROVINCE: ReadonlySet<string> = new Set([
  'province-operator',
  'administrator',
  'privacy-officer',
  'content-officer',
]);

export interface Walk {
  world: AccessWorld;
  /** Name → headers that prove who it is. `stranger` has none, `half` waits for a second factor, `narrow` is a client of one scope. */
  callers: ReadonlyMap<string, Record<string, string>>;
  /** The citizen's own Patient. */
  citizen: string;
  stop(): Promise<void>;
}

export async function openWalk(): Promise<Walk> {
  const gateway = await openMessengerSimulator();
  const world = await openAccessWorld({
    messenger: gateway.address,
    messengerToken: 'a token of the tests',
    peers: [gateway.peer],
  });
  const callers = new Map<string, Record<string, string>>([['stranger', {}]]);
  for (const role of STAFF) {
    const { cookie } = await world.staff(role, OF_PROVINCE.has(role) ? null : 'cs-1');
    callers.set(role, { cookie });
  }
  const half = await world.signIn('administrator.tinh', PASSWORD);
  callers.set('half', { cookie: half.headers.getSetCookie()[0]!.split(';')[0]! });
  const { patient, cookie } = await signInCitizen(world, gateway);
  callers.set('citizen', { cookie });
  callers.set('system-client', { authorization: `Bearer ${await world.token()}` });
  callers.set('narrow', { authorization: `Bearer ${await world.token('system/Schedule.r')}` });
  return {
    world,
    callers,
    citizen: patient,
    async stop() {
      await world.stop();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

async function signInCitizen(world: AccessWorld, gateway: MessengerSimulator) {
  const [number, phone] = ['099180000077', '0912345677'];
  const made = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    identifier: [{ system: sid.cccd, value: number }],
    name: [{ text: 'Công Dân' }],
    telecom: [{ system: 'phone', value: phone }],
    birthDate: '1980-01-01',
  });
  const json = { 'content-type': 'application/json' };
  const asked = await world.bare('POST', '/api/access/citizen/code', { number, phone }, json);
  const { text } = await gateway.next(`+84${phone.slice(1)}`).catch(() => gateway.next(phone));
  const jar = asked.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const code = /\b(\d{6})\b/.exec(text)![1];
  const answer = await world.bare('POST', '/api/access/citizen/sign-in', { code }, { ...json, cookie: jar });
  const cookie = answer.headers
    .getSetCookie()
    .find((one) => one.startsWith('yba_session='))!
    .split(';')[0]!;
  return { patient: made.body.id as string, cookie };
}

/** Status of one call; streams are left at once. */
export async function statusOf(
  address: string,
  { method, url }: { method: string; url: string },
  headers: Record<string, string>,
): Promise<number> {
  const path = url
    .replace(/:type\b/, 'Patient')
    .replace(/:action\b/, 'Observation')
    .replace(/:version\b/, '1')
    .replace(/:\w+/g, 'x')
    .replace(/\*$/, 'x');
  const withBody = !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method);
  const kind = path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json';
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 10_000);
  try {
    const answer = await fetch(address + path, {
      method,
      redirect: 'manual',
      signal: controller.signal,
      headers: { ...headers, ...(withBody ? { 'content-type': kind } : {}) },
      ...(withBody ? { body: '{}' } : {}),
    });
    return answer.status;
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}
