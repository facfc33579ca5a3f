/** A small province for the tests of the clinic: the whole program on a database of its own, one station, one patient. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../kernel/access/contract.ts';
import { cookieOf, DEMO_PASSWORD } from '../../kernel/access/sign-in.testing.ts';
import { cs, DEMO_LABEL, ext, sid } from '../../kernel/fhir/systems.ts';
import type { AllergyIntolerance, Encounter, Patient, Resource } from '../../kernel/fhir/types.ts';
import { withDatabase } from '../../kernel/store/testing.ts';
import { type Program, startProgram } from '../../main/program.ts';
import type { ProgramSettings } from '../../main/settings.ts';
import type { ConsultationInput, LineInput, VisitView } from './contract.ts';

export const DAY = '2026-11-22';

export interface Answer<T> {
  status: number;
  body: T;
}

/** A signed-in person's browser. */
export interface Browser {
  call<T = VisitView>(
    method: string,
    path: string,
    body?: unknown,
    more?: { ifMatch?: number; key?: string },
  ): Promise<Answer<T>>;
}

export interface World {
  program: Program;
  /** @param at another program on the same database */
  signIn(username: string, at?: Program): Promise<Browser>;
  /** A second program on the same database, as a province with two machines runs it; `stop` stops it too. */
  another(): Promise<Program>;
  /** A new member of staff without a practitioner, signed in. @param unit Organization id */
  hire(username: string, role: Role, unit?: string): Promise<Browser>;
  /** A new patient who has arrived at the consulting room. @returns ids */
  arrive(patient?: Partial<Patient>, more?: Resource[]): Promise<{ patient: string; encounter: string }>;
  /** Everything of a type that the record holds of a person, deleted ones not. */
  recordOf(patient: string, type: string): Promise<Resource[]>;
  setNow(instant: string): void;
  stop(): Promise<void>;
}

/**
 * @param content folders of content beside the program's own
 * @param more settings, for systems of others that a test stands in for
 */
export async function openWorld(content: string[] = [], more: Partial<ProgramSettings> = {}): Promise<World> {
  const database = await withDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'yba-clinic-'));
  let now = new Date(`${DAY}T08:30:00+07:00`);
  const start = () =>
    startProgram(
      { databaseUrl: database.url, dataFolder: folder, port: 0, demo: true, content, ...more },
      { generate: false, now: () => now },
    );
  const program = await start();
  const others: Program[] = [];
  await addAccounts(program);
  await addPlaces(program);
  let arrived = 0;
  return {
    program,
    signIn: (username, at = program) => signIn(at.address, username),
    async hire(username, role, unit = UNIT) {
      await addAccount(program, { id: username, name: username, roles: [role], unit, practitioner: null });
      return signIn(program.address, username);
    },
    async another() {
      const other = await start();
      others.push(other);
      return other;
    },
    async arrive(patient = {}, more = []) {
      arrived += 1;
      const id = program.kernel.store.newId('Patient');
      await write(program, [patientOf(id, arrived, patient), ...more.map((one) => about(one, id))]);
      const encounter = program.kernel.store.newId('Encounter', id);
      await write(program, [encounterOf(encounter, id, arrived)]);
      return { patient: id, encounter };
    },
    async recordOf(patient, type) {
      const session = program.kernel.gate.system('test');
      const found = await session.search(type as 'Patient', [
        ['patient', patient],
        ['_count', '200'],
      ]);
      return found.matches;
    },
    setNow(instant) {
      now = new Date(instant);
    },
    async stop() {
      for (const one of [...others, program]) await one.stop();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function write(program: Program, resources: Resource[]): Promise<void> {
  await program.kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  });
}

const ACCOUNTS = [
  { id: 'bacsi', name: 'Phùng Văn Minh', roles: ['doctor'], practitioner: 'nv-bacsi' },
  { id: 'bacsi-khac', name: 'Kim Thị Thanh Vân', roles: ['doctor'], practitioner: 'nv-bacsi-khac' },
  { id: 'dieuduong', name: 'Trần Thị Hương Giang', roles: ['nurse'], practitioner: 'nv-dieuduong' },
  { id: 'xetnghiem', name: 'Lê Thị Ngọc Lan', roles: ['laboratory'], practitioner: 'nv-xetnghiem' },
] as const;

const UNIT = 'cs-25D01';

async function addAccounts(program: Program): Promise<void> {
  for (const { roles, ...one } of ACCOUNTS)
    await addAccount(program, { ...one, roles: [...roles], unit: UNIT });
}

/** An account of the demo, with its password. */
export function addAccount(
  program: Program,
  account: { id: string; name: string; roles: Role[]; unit: string | null; practitioner: string | null },
): Promise<unknown> {
  return program.house.access.accounts.add({ ...account, password: DEMO_PASSWORD, demo: true });
}

async function addPlaces(program: Program): Promise<void> {
  const unit = { reference: 'Organization/cs-25D01' };
  await write(program, [
    {
      resourceType: 'Organization',
      id: 'cs-25D01',
      identifier: [{ system: sid.cskcb, value: '25D01' }],
      type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
      name: 'Trạm Y tế phường Vĩnh Yên',
    },
    { resourceType: 'Organization', id: 'bhxh', name: 'Bảo hiểm xã hội' },
    {
      resourceType: 'Location',
      id: '25D01-kham',
      status: 'active',
      name: 'Phòng khám',
      managingOrganization: unit,
      physicalType: { coding: [{ code: 'ro' }] },
    },
    ...ACCOUNTS.map(
      (one, index): Resource => ({
        resourceType: 'Practitioner',
        id: one.practitioner,
        name: [{ text: one.name }],
        ...(one.id === 'bacsi-khac'
          ? {}
          : { identifier: [{ system: sid.gphn, value: `DEMO-00000${index}` }] }),
      }),
    ),
  ]);
}

function patientOf(id: string, number: number, given: Partial<Patient>): Patient {
  return {
    resourceType: 'Patient',
    meta: { security: [DEMO_LABEL] },
    identifier: [{ system: sid.cccd, value: `09918500${String(number).padStart(4, '0')}` }],
    name: [{ text: 'Nguyễn Thị Ánh Đào', family: 'Nguyễn', given: ['Thị', 'Ánh', 'Đào'] }],
    gender: 'female',
    birthDate: '1985-02-07',
    ...given,
    id,
  };
}

function encounterOf(id: string, patient: string, number: number): Encounter {
  const ticket = String(number).padStart(3, '0');
  return {
    resourceType: 'Encounter',
    id,
    meta: { security: [DEMO_LABEL] },
    identifier: [
      { system: sid.episode, value: `25D01.202611220742.${ticket}` },
      { system: sid.ticket, value: ticket },
    ],
    status: 'arrived',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    type: [{ coding: [{ system: cs.visitType, code: '01', display: 'Khám bệnh' }] }],
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: 'Organization/cs-25D01' },
    location: [{ location: { reference: 'Location/25D01-kham', display: 'Phòng khám' }, status: 'active' }],
    period: { start: `${DAY}T07:42:00+07:00` },
    reasonCode: [{ text: 'Sốt, ho' }],
    extension: [{ url: ext.patientCategory, valueCoding: { system: cs.patientCategory, code: '1.2' } }],
  };
}

/** A resource of the person: subject, patient and beneficiary point at them; it gets an id in their compartment. */
function about<T extends Resource>(resource: T, patient: string): T {
  const reference = { reference: `Patient/${patient}` };
  const field =
    { AllergyIntolerance: 'patient', Coverage: 'beneficiary' }[resource.resourceType as string] ?? 'subject';
  return { ...resource, [field]: reference };
}

export function allergyTo(ingredient: string, text: string): AllergyIntolerance {
  return {
    resourceType: 'AllergyIntolerance',
    id: `di-ung-${Math.random().toString(36).slice(2)}`,
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    code: { coding: [{ system: cs.ingredient, code: ingredient }], text },
    patient: { reference: '' },
  };
}

async function signIn(address: string, username: string): Promise<Browser> {
  const cookie = await cookieOf(address, username);
  return {
    async call(method, path, body, more = {}) {
      const reply = await fetch(`${address}${path}`, {
        method,
        headers: {
          cookie,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(more.ifMatch === undefined ? {} : { 'if-match': `W/"${more.ifMatch}"` }),
          ...(more.key === undefined ? {} : { 'idempotency-key': more.key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

export const CONSULTATION: ConsultationInput = {
  vitals: {
    systolic: 130,
    diastolic: 80,
    pulse: 88,
    temperature: 38.5,
    breathing: 18,
    spo2: 98,
    weight: 52,
    height: 156,
  },
  notes: {
    complaint: 'Sốt, ho',
    illness: 'Sốt 2 ngày, ho có đờm',
    exam: 'Họng đỏ',
    advice: 'Uống nhiều nước',
  },
  diagnoses: [{ code: 'J02.9', status: 'confirmed' }],
};

export function line(medicine: string, more: Partial<LineInput> = {}): LineInput {
  return {
    medicine,
    morning: '1',
    noon: '',
    afternoon: '',
    evening: '1',
    perDay: null,
    days: 5,
    quantity: null,
    advice: '',
    ...more,
  };
}

/** A new patient whom the doctor has seen: started, with a saved consultation. */
export async function seenBy(doctor: Browser, world: World) {
  const ids = await world.arrive();
  const at = `/api/clinic/visits/${ids.encounter}`;
  const shown = await doctor.call('GET', at);
  const begun = await doctor.call('POST', `${at}/start`, {}, { ifMatch: shown.body.version });
  const saved = await doctor.call('PUT', `${at}/consultation`, CONSULTATION, { ifMatch: begun.body.version });
  return { ...ids, at, view: saved.body };
}

/** The visit after a laboratory order; throws when it is refused. */
export async function orderedBy(doctor: Browser, at: string, service: string): Promise<VisitView> {
  const answer = await doctor.call('POST', `${at}/orders`, { service });
  if (answer.status !== 200) throw new Error(`order of ${service}: ${answer.status}`);
  return answer.body;
}
