/** Two stations with staff and one patient each, on the whole program: for tests of who sees what. */

import { CLIENT, type FhirWorld, type HttpAnswer, openFhirWorld } from '../fhir/testing.ts';
import type { Role } from './contract.ts';

export const PASSWORD = 'Mật khẩu thử 2026!';

export interface Person {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>;
  cookie: string;
}

export interface AccessWorld extends FhirWorld {
  /** Signs in a member of staff; the account is made at the first call. */
  staff(role: Role, unit: string | null): Promise<Person>;
  signIn(username: string, password: string, headers?: Record<string, string>): Promise<HttpAnswer>;
  setNow(instant: string): void;
  /** A new patient with an open visit at the unit. */
  arrive(unit: string): Promise<{ patient: string; encounter: string }>;
  /** An Observation about a patient, within a visit or by a unit. */
  observe(patient: string, more: object): Promise<string>;
}

export async function openAccessWorld(): Promise<AccessWorld> {
  let now: Date | null = null;
  const world = await openFhirWorld({}, { now: () => now ?? new Date() });
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

  return {
    ...world,
    signIn,
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
      const cookie = (await signIn(id, PASSWORD)).headers.get('set-cookie')!.split(';')[0]!;
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

export { CLIENT };
