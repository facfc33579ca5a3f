/** The whole program with the club's pack over its content, a few demo people and a clock that the test turns. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { cs, DEMO_LABEL, ext, sid } from '../../kernel/fhir/systems.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import { withDatabase } from '../../kernel/store/testing.ts';
import { type Program, startProgram } from '../../main/program.ts';

export const PACK = join(import.meta.dirname, 'pack');
export const UNIT = 'cs-25D01';
export const FIRST_DAY = '2026-10-12';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many routes, looked into by the tests
  body: any;
}

/** Calls in the name of somebody who is signed in. */
export type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

export interface Villager {
  patient: string;
  name: string;
}

export interface Club extends AsyncDisposable {
  program: Program;
  /** Grown people who live where the station stands. */
  villagers: Villager[];
  signIn(username: string): Promise<Call>;
  /** @param day ISO; the clock stands at nine in the morning of Viet Nam, or at `time` */
  setDay(day: string, time?: string): void;
  now(): Date;
}

/** @param content folder of the pack */
export async function openClub(content = PACK): Promise<Club> {
  const database = await withDatabase();
  const dataFolder = mkdtempSync(join(tmpdir(), 'yba-club-'));
  let now = instantOf(FIRST_DAY, '09:00');
  const program = await startProgram(
    { databaseUrl: database.url, dataFolder, port: 0, demo: true, people: 20, content: [content] },
    { now: () => now, generate: 'people', log: () => undefined },
  );
  await program.kernel.events.settled();
  const villagers = await settle(program);
  return {
    program,
    villagers,
    signIn: async (username) => callerOf(program.address, await cookieOf(program.address, username)),
    setDay: (day, time = '09:00') => {
      now = instantOf(day, time);
    },
    now: () => now,
    async [Symbol.asyncDispose]() {
      await program.stop();
      await database.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

const NAMES = ['Nguyễn Thị Sáo', 'Trần Văn Sợ', 'Lê Văn Gió'] as const;

/** Three people of the demo ranges move to where the station stands. */
async function settle({ kernel }: Program): Promise<Villager[]> {
  const { rows } = await kernel.pool.query<{ code: string }>(
    'select unit_code as code from views.unit where resource_key = $1',
    [UNIT],
  );
  const villagers = NAMES.map((name) => ({ name, patient: kernel.store.newId('Patient') }));
  const people = villagers.map(({ name, patient }, at): Patient => {
    const [family, ...given] = name.split(' ');
    return {
      resourceType: 'Patient',
      id: patient,
      meta: { security: [DEMO_LABEL] },
      identifier: [{ system: sid.cccd, value: `09916700000${at}` }],
      name: [{ text: name, family: family!, given }],
      gender: at === 0 ? 'female' : 'male',
      birthDate: `198${at}-05-01`,
      address: [
        {
          text: 'Thôn Gió, phường Vĩnh Yên',
          line: ['Thôn Gió'],
          city: 'Phường Vĩnh Yên',
          country: 'VN',
          extension: [{ url: ext.unit, valueCoding: { system: cs.unit, code: rows[0]!.code } }],
        },
      ],
    };
  });
  await kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: people.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `Patient/${resource.id}` },
    })),
  });
  await kernel.events.settled();
  return villagers;
}

const instantOf = (day: string, time: string) => new Date(`${day}T${time}:00+07:00`);

function callerOf(address: string, cookie: string): Call {
  return async (method, path, body) => {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, body: isJson ? JSON.parse(text) : text };
  };
}
