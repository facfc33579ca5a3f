/**
 * What policy and audit cost: the same clinical mixture in the name of a doctor, with both, and with neither, in slices that
 * take turns. Without: the program's own actor, whom no policy bounds, on a store whose audit is left out here, in the bench;
 * no setting of the program does that. In CPU of the program and of its database for each request, so that other work on the
 * machine counts in neither. `node bench/policy.ts [persons] [slices]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../kernel/access/contract.ts';
import type { FhirSession } from '../kernel/fhir/session/session.ts';
import type { Bundle, Resource } from '../kernel/fhir/types.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import { type House, openHouse } from '../main/house.ts';
import { readSettings } from '../main/settings.ts';
import { report } from './bench.ts';
import { databaseSeconds } from './processes.ts';

const PERSONS = Number(process.argv[2] ?? 150);
const SLICES = Number(process.argv[3] ?? 12);
const REQUESTS = 400;
const UNIT = 'u1';
const FACTS = 40;
const CODES = ['8480-6', '8867-4', '8310-5', '2345-7', '20447-9'];

const database = await withDatabase();
const folder = mkdtempSync(join(tmpdir(), 'yba-policy-'));
const house = await openHouse({
  settings: {
    ...readSettings({}, folder).settings,
    dataFolder: folder,
    databaseUrl: database.url,
    demo: false,
    client: null,
  },
  log: () => undefined,
  issuer: () => 'http://localhost',
});

const ref = (type: string, id: string) => ({ reference: `${type}/${id}` });
const observation = (person: string, visit: string, at: number, id?: string) =>
  ({
    resourceType: 'Observation',
    ...(id === undefined ? {} : { id }),
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: CODES[at % CODES.length] }] },
    subject: ref('Patient', person),
    encounter: ref('Encounter', visit),
    effectiveDateTime: `2026-${String(1 + (at % 9)).padStart(2, '0')}-11T08:00:00+07:00`,
    valueQuantity: { value: 60 + at, unit: 'mmHg' },
  }) as unknown as Resource;
const visit = (person: string, id?: string) =>
  ({
    resourceType: 'Encounter',
    ...(id === undefined ? {} : { id }),
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: ref('Patient', person),
    serviceProvider: ref('Organization', UNIT),
    period: { start: '2026-11-22T07:00:00+07:00' },
  }) as unknown as Resource;

async function fill({ kernel: { store } }: House): Promise<void> {
  const put = (resource: Resource) => ({ op: 'update' as const, resource });
  await store.commit([put({ resourceType: 'Organization', id: UNIT, name: 'Bệnh viện' } as Resource)], []);
  for (let n = 0; n < PERSONS; n++) {
    const person = {
      resourceType: 'Patient',
      id: `p${n}`,
      name: [{ family: 'Nguyễn', given: [`Văn ${n}`] }],
    };
    const facts = Array.from({ length: FACTS }, (_, at) =>
      put(observation(`p${n}`, `v${n}`, at, `o${n}-${at}`)),
    );
    await store.commit([put(person as unknown as Resource), put(visit(`p${n}`, `v${n}`)), ...facts], []);
  }
}

const doctor: Actor = {
  id: 'bench.doctor',
  name: 'Bác sĩ',
  roles: ['doctor'],
  unit: UNIT,
  practitioner: 'd1',
  ip: '127.0.0.1',
  purpose: { code: 'TREAT' },
};

/** One request of the mixture; `n` says which, so that both halves ask the same. */
async function ask(session: FhirSession, n: number): Promise<void> {
  const at = (n * 7919) % PERSONS;
  const person = `p${at}`;
  switch (n % 20) {
    case 0:
    case 1:
      for await (const piece of session.everything({ type: 'Patient', id: person }))
        void piece.matches.length;
      return;
    case 2:
      await session.searchStored('Patient', [['name', `nguyen van ${at}`]]);
      return;
    case 3:
    case 4:
    case 5:
      await session.transaction(visitBundle(person));
      return;
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
    case 12:
      await session.searchStored('Observation', [
        ['patient', person],
        ['code', `http://loinc.org|${CODES[n % CODES.length]}`],
        ['_sort', '-date'],
        ['_count', '20'],
      ]);
      return;
    default:
      await session.readStored('Observation', `o${at}-${n % FACTS}`);
  }
}

function visitBundle(person: string): Bundle {
  const entries = [visit(person), ...[0, 1, 2, 3].map((at) => observation(person, 'VISIT', at))];
  const full = 'urn:uuid:00000000-0000-4000-8000-000000000001';
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: entries.map((resource, at) => ({
      ...(at === 0 ? { fullUrl: full } : {}),
      resource: JSON.parse(JSON.stringify(resource).replace('Encounter/VISIT', full)),
      request: { method: 'POST', url: resource.resourceType },
    })),
  } as unknown as Bundle;
}

const { gate, store, pool } = house.kernel;
const audited = { audit: store.audit, commit: store.commit };

/** CPU milliseconds of the program and the database for each request of a slice. */
async function slice(withPolicy: boolean, from: number): Promise<number> {
  const session = withPolicy ? (gate.as(doctor) as FhirSession) : (gate.system('bench') as FhirSession);
  store.audit = withPolicy ? audited.audit : async () => undefined;
  store.commit = withPolicy ? audited.commit : (writes) => audited.commit(writes, []);
  const [own, base] = [process.cpuUsage(), await databaseSeconds(pool)];
  for (let n = from; n < from + REQUESTS; n += 8) {
    await Promise.all(Array.from({ length: 8 }, (_, i) => ask(session, n + i)));
  }
  const { user, system } = process.cpuUsage(own);
  return ((user + system) / 1000 + ((await databaseSeconds(pool)) - base) * 1000) / REQUESTS;
}

await fill(house);
for (const warm of [true, false]) await slice(warm, 0);
const costs: Record<'with' | 'without', number[]> = { with: [], without: [] };
for (let n = 0; n < SLICES; n++) {
  for (const kind of n % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const)) {
    costs[kind].push(await slice(kind === 'with', (n + 1) * REQUESTS));
  }
}
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const [on, off] = [mean(costs.with), mean(costs.without)];
report({
  bench: 'policy',
  what: `a doctor's mixture (7 of 20 searches of one person by code, 7 reads, 3 visits of five resources, 2 whole records, 1 name), ${PERSONS} persons of ${FACTS} observations, 8 at once, ${SLICES} pairs of slices of ${REQUESTS}`,
  figures: [
    { name: 'CPU a request with policy and audit', value: on, unit: 'ms' },
    { name: 'CPU a request without', value: off, unit: 'ms' },
    {
      name: 'throughput that policy and audit cost',
      value: 100 * (1 - off / on),
      unit: '%',
      bar: { atMost: 15 },
    },
  ],
});
await house.close();
await database.stop();
rmSync(folder, { recursive: true, force: true });
