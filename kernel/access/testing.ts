/** Two stations with staff and one patient each, on the whole program: for tests of who sees what. */

import type { ProgramOptions } from '../../main/program.ts';
import type { ProgramSettings } from '../../main/settings.ts';
import { CLIENT, type FhirWorld, type HttpAnswer, openFhirWorld } from '../fhir/testing.ts';
import type { Role } from './contract.ts';
import { codeAt, stepOf } from './factors/totp.ts';

export const PASSWORD = 'Mật khẩu thử 2026!';

export interface Person {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>;
  cookie: string;
}

export interface AccessWorld extends FhirWorld {
  /** Signs in a member of staff; the account is made at the first call. */
  staff(role: Role, unit: string | null): Promise<Person>;
  signIn(username: string, password: string, headers?: Record<string, string>): Promise<HttpAnswer>;
  /** Signs in to the end, by a code generator where the account needs one: it is enrolled at the first call. */
  signInWhole(username: string, password?: string): Promise<{ cookie: string; answer: HttpAnswer }>;
  /** A code of the account's generator that was not used yet. */
  nextCode(username: string): string;
  now(): Date;
  setNow(instant: string): void;
  /** A new patient with an open visit at the unit. */
  arrive(unit: string): Promise<{ patient: string; encounter: string }>;
  /** An Observation about a patient, within a visit or by a unit. */
  observe(patient: string, more: object): Promise<string>;
}

export async function openAccessWorld(
  settings: Partial<ProgramSettings> = {},
  options: ProgramOptions = {},
): Promise<AccessWorld> {
  let now: Date | null = null;
  const world = await openFhirWorld(settings, { now: () => now ?? new Date(), ...options });
  for (const id of ['cs-1', 'cs-2']) {
    await world.send('PUT', `/fhir/Organization/${id}`, {
      resourceType: 'Organization',
      id,
      name: `Trạm ${id}`,
    });
  }
  const signIn: AccessWorld['signIn'] = (username, password, headers = {}) =>
    world.bare(
      'POST',
      '/api/access/sign-in',
      { username, password },
      { 'content-type': 'application/json', ...headers },
    );

  const generators = new Map<string, { secret: Buffer; last: number }>();
  const nextCode = (username: string) => {
    const generator = generators.get(username)!;
    generator.last = Math.max(generator.last + 1, stepOf(now ?? new Date()));
    return codeAt(generator.secret, generator.last);
  };
  const signInWhole: AccessWorld['signInWhole'] = async (username, password = PASSWORD) => {
    const first = await signIn(username, password);
    const half = { cookie: cookieIn(first), 'content-type': 'application/json' };
    if (first.body.next === undefined) return { cookie: half.cookie, answer: first };
    const post = (path: string, body: object) => world.bare('POST', `/api/access/${path}`, body, half);
    if (first.body.next === 'enrol') {
      const { secret } = (await post('totp', {})).body;
      generators.set(username, { secret: fromBase32(secret), last: 0 });
      const whole = await post('totp/confirm', { code: nextCode(username) });
      return { cookie: cookieIn(whole), answer: whole };
    }
    const whole = await post('sign-in/code', { code: nextCode(username) });
    return { cookie: cookieIn(whole), answer: whole };
  };

  return {
    ...world,
    signIn,
    signInWhole,
    nextCode,
    now: () => now ?? new Date(),
    setNow(instant) {
      now = new Date(instant);
    },
    async staff(role, unit) {
      const id = `${role}.${unit ?? 'tinh'}`;
      const { accounts } = world.program.house.access;
      if ((await accounts.read(id)) === null) {
        await accounts.add({
          id,
          name: `Người ${role}`,
          roles: [role],
          unit,
          practitioner: null,
          password: PASSWORD,
        });
      }
      const { cookie } = await signInWhole(id);
      return {
        cookie,
        call: (method, path, body, headers = {}) => world.bare(method, path, body, { cookie, ...headers }),
      };
    },
    async arrive(unit) {
      const patient = (
        await world.send('POST', '/fhir/Patient', {
          resourceType: 'Patient',
          name: [{ text: `Người của ${unit}` }],
        })
      ).body.id;
      const encounter = (
        await world.send('POST', '/fhir/Encounter', {
          resourceType: 'Encounter',
          status: 'arrived',
          class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
          subject: { reference: `Patient/${patient}` },
          serviceProvider: { reference: `Organization/${unit}` },
          period: { start: '2026-11-22T07:00:00+07:00' },
        })
      ).body.id;
      return { patient, encounter };
    },
    async observe(patient, more) {
      const answer = await world.send('POST', '/fhir/Observation', {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'mạch' },
        subject: { reference: `Patient/${patient}` },
        ...more,
      });
      return answer.body.id;
    },
  };
}

/** The session that an answer gives, as the value of a `cookie` header. */
export function cookieIn(answer: HttpAnswer): string {
  const given = answer.headers.getSetCookie().find((one) => one.startsWith('yba_session='));
  return given?.split(';')[0] ?? '';
}

/** RFC 4648, as a code generator reads it. */
export function fromBase32(text: string): Buffer {
  const bits = [...text].map((one) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'),
  );
  return Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)!
      .map((byte) => Number.parseInt(byte, 2)),
  );
}

export { CLIENT };
