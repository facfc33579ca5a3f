/** The clinic's small province with a claims clerk, a head and a cashier, for the tests of claims and papers. */
import assert from 'node:assert/strict';
import type { Role } from '../../../kernel/access/contract.ts';
import { cookieOf } from '../../../kernel/access/sign-in.testing.ts';
import { cs, ext, sid } from '../../../kernel/fhir/systems.ts';
import type { Coverage, Patient, Resource } from '../../../kernel/fhir/types.ts';
import { addAccount, CONSULTATION, line, openWorld, type World } from '../../clinic/testing.ts';

/** Day of the visits. */
export const DAY = '2026-11-22';

export interface ClaimsWorld extends World {
  write(resources: Resource[]): Promise<void>;
  /** From arrival to finish: consultation, one glucose, one medicine, follow-up. */
  finishedVisit(
    person?: Partial<Patient>,
    cards?: Resource[],
  ): Promise<{ encounter: string; patient: string }>;
  /** GET as bytes, in the name of an account. */
  download(username: string, path: string): Promise<Response>;
}

const ACCOUNTS: [id: string, role: Role, unit: string][] = [
  ['giamdinh', 'insurance', 'cs-25D01'],
  ['truongtram', 'station-head', 'cs-25D01'],
  ['thungan', 'cashier', 'cs-25D01'],
  ['letan', 'reception', 'cs-25D01'],
  ['giamdinh-khac', 'insurance', 'cs-25D02'],
];

/** A person whose record lacks nothing that the insurance tables ask for. */
export const PERSON: Partial<Patient> = {
  address: [
    {
      text: 'Thôn Đông, Xã Tam Dương, Tỉnh Phú Thọ',
      city: 'Xã Tam Dương',
      extension: [{ url: ext.unit, valueCoding: { system: cs.unit, code: '08869' } }],
    },
  ],
  extension: [
    { url: ext.ethnicity, valueCoding: { system: cs.ethnicity, code: '01' } },
    { url: ext.occupation, valueCoding: { system: cs.occupation, code: '61' } },
  ],
};

export function card(id: string): Coverage {
  return {
    resourceType: 'Coverage',
    id,
    status: 'active',
    identifier: [{ system: sid.bhyt, value: 'GD4000012345678' }],
    subscriberId: '0012345678',
    beneficiary: { reference: '' },
    payor: [{ reference: 'Organization/bhxh' }],
    period: { start: '2026-01-01', end: '2026-12-31' },
    extension: [{ url: ext.registeredFacility, valueIdentifier: { system: sid.cskcb, value: '25D01' } }],
  };
}

export async function openClaimsWorld(): Promise<ClaimsWorld> {
  const world = await openWorld();
  for (const [id, role, unit] of ACCOUNTS) {
    const practitioner = id === 'truongtram' ? 'nv-truongtram' : null;
    await addAccount(world.program, { id, name: id, roles: [role], unit, practitioner });
  }
  await write(world, STATION);
  const cookies = new Map<string, Promise<string>>();
  return {
    ...world,
    write: (resources) => write(world, resources),
    finishedVisit: (person = PERSON, cards = [card(`the-${Math.random().toString(36).slice(2)}`)]) =>
      finishedVisit(world, person, cards),
    async download(username, path) {
      const { address } = world.program;
      // One sign-in a person: many of them in a minute are refused.
      const cookie = cookies.get(username) ?? cookieOf(address, username);
      cookies.set(username, cookie);
      return fetch(`${address}${path}`, { headers: { cookie: await cookie } });
    },
  };
}

const STATION: Resource[] = [
  { resourceType: 'Organization', id: 'so-y-te', name: 'Sở Y tế tỉnh Phú Thọ' },
  {
    resourceType: 'Practitioner',
    id: 'nv-truongtram',
    identifier: [{ system: sid.gphn, value: 'DEMO-000099' }],
  },
  {
    resourceType: 'PractitionerRole',
    id: 'vt-nv-truongtram',
    active: true,
    practitioner: { reference: 'Practitioner/nv-truongtram' },
    organization: { reference: 'Organization/cs-25D01' },
    code: [{ coding: [{ system: cs.role, code: 'station-head' }] }],
  },
  {
    resourceType: 'Location',
    id: '25D01-kham',
    status: 'active',
    name: 'Phòng khám',
    type: [{ coding: [{ system: cs.department, code: 'K01', display: 'Khoa Khám bệnh' }] }],
    managingOrganization: { reference: 'Organization/cs-25D01' },
  },
];

async function write(world: World, resources: Resource[]): Promise<void> {
  await world.program.kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  });
}

async function finishedVisit(world: World, person: Partial<Patient>, cards: Resource[]) {
  const doctor = await world.signIn('bacsi');
  const { encounter, patient } = await world.arrive(person, cards);
  const at = `/api/clinic/visits/${encounter}`;
  const shown = await doctor.call('GET', at);
  await doctor.call('POST', `${at}/start`, {}, { ifMatch: shown.body.version });
  const begun = await doctor.call('GET', at);
  await doctor.call('PUT', `${at}/consultation`, CONSULTATION, { ifMatch: begun.body.version });
  const ordered = await doctor.call('POST', `${at}/orders`, { service: '23.0234.1510' });
  const order = ordered.body.orders[0]!;
  const results = { order: order.id, results: [{ key: 'GLU_POC', value: 5.6 }] };
  await doctor.call('POST', `${at}/results`, results, { ifMatch: order.version });
  const seen = await doctor.call('GET', at);
  const prescription = { lines: [line('T001', { advice: 'sau ăn' })], overrides: [] };
  const signed = await doctor.call('POST', `${at}/prescription/sign`, prescription, {
    ifMatch: seen.body.version,
    key: encounter,
  });
  assert.equal(signed.status, 200, JSON.stringify(signed.body));
  const finish = { outcome: '2', dischargeType: '1', followUp: '2026-12-20', followUpReason: '' };
  const done = await doctor.call('POST', `${at}/finish`, finish, { ifMatch: signed.body.version });
  assert.equal(done.status, 200, JSON.stringify(done.body));
  return { encounter, patient };
}
