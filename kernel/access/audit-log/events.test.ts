/** Lines as AuditEvents: the patterns of IHE BALP 1.1.3, and every search parameter that is announced. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Failure } from '../../failure.ts';
import type { AuditEvent, Coding } from '../../fhir/types.ts';
import type { AuditLine } from '../../store/contract.ts';
import { type OpenStore, openStore } from '../../store/index.ts';
import { type TestDatabase, withDatabase } from '../../store/testing.ts';
import { type AuditEvents, auditParameters, openAuditEvents } from '../audit-events.ts';

let database: TestDatabase;
let store: OpenStore;
let events: AuditEvents;

const LINE: AuditLine = {
  who: 'bs.hung',
  whoDisplay: 'Practitioner/bs-1',
  patient: 'p1',
  action: 'read',
  what: 'Observation/o1',
  why: 'TREAT',
  outcome: 'ok',
  ip: '10.1.2.3',
  unit: 'bv-1',
  request: 'yeu-cau-1',
};
const LINES: Record<string, Partial<AuditLine>> = {
  read: {},
  vread: { what: 'Observation/o1/_history/2' },
  history: { what: 'Observation/o1/_history', action: 'search' },
  create: { action: 'create', what: 'Encounter/e1 Condition/c1 Observation/o2' },
  update: { action: 'update', what: 'Patient/p1' },
  delete: { action: 'delete', what: 'Flag/f1' },
  search: { action: 'search', what: 'Observation?patient=p1&code=8867-4' },
  readShared: { patient: null, what: 'AuditEvent/1-2-3' },
  searchShared: { patient: null, action: 'search', what: 'Patient?name=không có ai' },
  everything: { action: 'search', what: 'Patient/p1/$everything' },
  refused: { outcome: 'refused', what: 'Condition/kin' },
  signIn: { patient: null, action: 'sign-in', what: 'session/mfa', request: 'r2' },
  signInFailed: {
    patient: null,
    action: 'sign-in',
    what: 'session',
    outcome: 'failed',
    who: 'la',
    whoDisplay: 'la',
  },
  signOut: { patient: null, action: 'sign-out', what: 'session' },
  emergency: { action: 'break-glass', what: 'Patient/p1', why: 'BTG: Cấp cứu hôn mê không người nhà' },
  print: { action: 'print', what: 'DocumentReference/d1' },
  export: { patient: null, action: 'export', what: '$export 12' },
  config: {
    patient: null,
    action: 'config',
    what: 'audit-key 2',
    who: 'system:yba',
    whoDisplay: 'yba',
    ip: '',
    unit: null,
  },
  strange: { patient: null, action: 'not-duplicate', what: 'Patient/a Patient/b' },
  client: {
    who: 'may-xn',
    whoDisplay: 'Client/may-xn',
    ip: '10.9.9.9',
    unit: null,
    patient: 'p2',
    token: 'jti-77',
    what: 'Patient/p2',
  },
  app: {
    client: 'so-theo-doi',
    token: 'jti-78',
    patient: 'p2',
    what: 'Observation/o9',
    who: 'bs.lan',
    whoDisplay: 'Lê Thị Lan',
  },
};

before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
  for (const line of Object.values(LINES)) await store.audit([{ ...LINE, ...line }]);
  events = openAuditEvents(
    database.pool,
    () => new Date(),
    () => 'http://127.0.0.1:8080',
  );
});
after(async () => {
  await store.close();
  await database.stop();
});

async function find(query: string): Promise<AuditEvent[]> {
  const { matches } = await events.search([...new URLSearchParams(query)] as [string, string][]);
  return matches.map(({ body }) => JSON.parse(body.toString('utf8')));
}

const has = (codings: (Coding | undefined)[] | undefined, system: string, code: string) =>
  codings?.some((one) => one?.system === system && one.code === code) ?? false;
const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const REST = 'http://hl7.org/fhir/restful-interaction';

const agents = (event: AuditEvent, system: string, code: string) =>
  event.agent.filter(({ type }) => has(type?.coding, system, code));
const entities = (event: AuditEvent, code: string) =>
  (event.entity ?? []).filter(({ type }) => type?.code === code);

/** One line of each kind, by its name above: the newest event whose own action and address fit. */
async function eventOf(name: keyof typeof LINES): Promise<AuditEvent> {
  const names = Object.keys(LINES);
  const all = await find('_count=1000&_sort=date');
  return all[names.indexOf(name)]!;
}

/** The slices that Read, Query and the writes of BALP ask for: `client` and `server` by DICOM's roles, one object, the request. */
async function isPattern(
  name: keyof typeof LINES,
  kind: string,
  letter: string,
  interaction: string,
): Promise<void> {
  const event = await eventOf(name);
  const reads = kind.endsWith('Read');
  assert.deepEqual(event.meta?.profile, [
    `https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.${kind}`,
  ]);
  assert.deepEqual([event.type.code, event.action, event.outcome], ['rest', letter, '0'], name);
  assert.equal(has(event.subtype, REST, interaction), true, name);
  const [client, ...moreClients] = agents(event, DCM, reads ? '110152' : '110153');
  const [server, ...moreServers] = agents(event, DCM, reads ? '110153' : '110152');
  assert.deepEqual([moreClients, moreServers], [[], []]);
  assert.equal(client!.network?.address, '10.1.2.3');
  assert.deepEqual([server!.network?.address, server!.who?.display], ['http://127.0.0.1:8080', 'Y Bạ']);
  const role = ['C', 'U', 'D'].includes(letter) ? 'AUT' : 'IRCP';
  const [user] = agents(event, 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', role);
  assert.deepEqual(
    [user!.who?.reference, user!.requestor, user!.altId, user!.network],
    ['Practitioner/bs-1', true, 'bs.hung', undefined],
  );
  assert.equal(entities(event, 'XrequestId')[0]!.what?.identifier?.value, 'yeu-cau-1');
  const [object, ...more] = entities(event, '2');
  assert.deepEqual(more, [], 'slice data or query is 1..1');
  if (kind.endsWith('Query')) {
    assert.equal(object!.role?.code, '24');
    assert.equal(Buffer.from(object!.query!, 'base64').toString('utf8'), { ...LINE, ...LINES[name] }.what);
    assert.deepEqual([object!.what, object!.detail], [undefined, undefined]);
  } else
    assert.deepEqual(
      [object!.role?.code, object!.what?.reference],
      ['4', { ...LINE, ...LINES[name] }.what.split(' ')[0]],
    );
  const persons = entities(event, '1');
  assert.equal(persons.length, kind.startsWith('Patient') ? 1 : 0);
  if (persons[0]) assert.deepEqual([persons[0].what?.reference, persons[0].role?.code], ['Patient/p1', '1']);
}

test('BALP: Read, Create, Update, Delete and Query with a patient', async () => {
  await isPattern('read', 'PatientRead', 'R', 'read');
  await isPattern('vread', 'PatientRead', 'R', 'vread');
  await isPattern('create', 'PatientCreate', 'C', 'create');
  await isPattern('update', 'PatientUpdate', 'U', 'update');
  await isPattern('delete', 'PatientDelete', 'D', 'delete');
  await isPattern('search', 'PatientQuery', 'E', 'search-type');
});

test('BALP: Read and Query without a patient', async () => {
  await isPattern('readShared', 'Read', 'R', 'read');
  await isPattern('searchShared', 'Query', 'E', 'search-type');
});

test('what BALP has no pattern for claims none: histories, operations, refusals', async () => {
  for (const [name, interaction] of [
    ['history', 'history-instance'],
    ['everything', 'operation'],
    ['refused', 'read'],
  ] as const) {
    const event = await eventOf(name);
    assert.equal(event.meta?.profile, undefined, name);
    assert.equal(has(event.subtype, REST, interaction), true, name);
  }
  assert.equal((await eventOf('refused')).outcome, '4');
});

test('further resources of one commit stand beside the first under their own type', async () => {
  const { entity } = await eventOf('create');
  assert.deepEqual(
    entity?.map(({ what, type }) => [what?.reference ?? 'id', type?.code]),
    [
      ['Patient/p1', '1'],
      ['Encounter/e1', '2'],
      ['Condition/c1', 'Condition'],
      ['Observation/o2', 'Observation'],
      ['id', 'XrequestId'],
    ],
  );
});

test('sign-in and sign-out are DICOM 110114 with 110122 and 110123; emergency is 110127 with BTG and the reason', async () => {
  for (const [name, subtype, outcome] of [
    ['signIn', '110122', '0'],
    ['signInFailed', '110122', '8'],
    ['signOut', '110123', '0'],
  ] as const) {
    const event = await eventOf(name);
    assert.deepEqual([event.type.system, event.type.code, event.outcome], [DCM, '110114', outcome]);
    assert.equal(has(event.subtype, DCM, subtype), true, name);
  }
  const emergency = await eventOf('emergency');
  assert.equal(has(emergency.subtype, DCM, '110127'), true);
  assert.deepEqual(
    [emergency.purposeOfEvent![0]!.coding![0]!.code, emergency.purposeOfEvent![0]!.text],
    ['BTG', 'Cấp cứu hôn mê không người nhà'],
  );
});

test('prints and exports are DICOM 110106, configuration is an alert, other acts are activities', async () => {
  const codes = async (name: keyof typeof LINES) => (await eventOf(name)).type.code;
  assert.deepEqual(
    [await codes('print'), await codes('export'), await codes('config'), await codes('strange')],
    ['110106', '110106', '110113', '110100'],
  );
  assert.equal(
    has(
      (await eventOf('export')).subtype,
      'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
      'disclose',
    ),
    true,
  );
});

test('a machine is the client that asks; a token leaves its jti (OAUTHaccessTokenUse.Minimal)', async () => {
  const machine = await eventOf('client');
  const [client] = agents(machine, DCM, '110152');
  assert.deepEqual(
    [client!.who?.identifier?.value, client!.requestor, client!.altId],
    ['may-xn', true, 'may-xn'],
  );
  assert.equal(
    agents(machine, 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'IRCP').length,
    0,
  );
  const app = await eventOf('app');
  assert.equal(agents(app, DCM, '110152')[0]!.who?.display, 'so-theo-doi');
  for (const [event, jti] of [
    [machine, 'jti-77'],
    [app, 'jti-78'],
  ] as const) {
    assert.equal(event.meta!.profile!.at(-1)!.endsWith('OAUTHaccessTokenUse.Minimal'), true);
    const [user] = agents(
      event,
      'https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes',
      'UserOauthAgent',
    );
    assert.deepEqual([user!.policy, user!.requestor], [[`urn:ietf:params:oauth:jti:${jti}`], true]);
  }
});

/** Each parameter: what it finds, by the names of the lines. */
const SEARCHES: [query: string, names: (keyof typeof LINES)[]][] = [
  ['patient=Patient/p2', ['client', 'app']],
  ['patient=p2&action=R', ['client', 'app']],
  ['patient=p1,p2&agent-name=l%C3%AA', ['app']],
  ['agent=Practitioner/bs-1&entity=Flag/f1', ['delete']],
  ['agent=Client/may-xn', ['client']],
  ['altid=la', ['signInFailed']],
  ['altid=la,may-xn', ['signInFailed', 'client']],
  ['address=10.9.9.9', ['client']],
  ['outcome=4', ['refused']],
  ['outcome=8,4', ['refused', 'signInFailed']],
  ['outcome=12', []],
  ['type=110114', ['signIn', 'signInFailed', 'signOut']],
  [`type=${DCM}|110106`, ['print', 'export']],
  ['type=http://khac|110106', []],
  ['type=110100', ['strange']],
  ['subtype=110122', ['signIn', 'signInFailed']],
  ['subtype=vread', ['vread']],
  ['subtype=operation', ['everything']],
  [`subtype=${REST}|create`, ['create']],
  ['subtype=http://yba.vn/fhir/cs/hanh-dong|not-duplicate', ['strange']],
  ['action=C,U', ['create', 'update', 'config']],
  ['action=D', ['delete']],
  ['entity=Condition/c1', ['create']],
  ['entity=Observation/o1', ['read', 'vread', 'history']],
  ['entity=Patient/p2', ['client', 'app']],
  ['entity-name=patient?name', ['searchShared']],
  ['entity-name=100%25', []],
  ['entity-role=24&patient=p1', ['history', 'search', 'everything']],
  ['entity-type=1&type=110106', ['print']],
  ['source=Organization/bv-1&type=110113', ['emergency']],
  ['site=bv-1&subtype=110127', ['emergency']],
  ['policy=urn:ietf:params:oauth:jti:jti-77', ['client']],
  ['agent-role=dataprocessor', ['config', 'client']],
  ['agent-role=humanuser&subtype=operation', ['everything']],
  ['policy=khac', []],
  ['action=R&action=C', []],
];

test('every announced parameter finds what it should', async () => {
  const names = Object.keys(LINES);
  const ids = (await find('_count=1000&_sort=date')).map(({ id }) => id!);
  for (const [query, wanted] of SEARCHES) {
    const found = (await find(query)).map(({ id }) => names[ids.indexOf(id!)]);
    assert.deepEqual(found.toSorted(), wanted.toSorted(), query);
  }
  const searched = SEARCHES.flatMap(([query]) => [...new URLSearchParams(query).keys()]);
  const elsewhere = ['_id', 'date', '_lastUpdated'];
  for (const { name } of auditParameters)
    assert.equal(searched.includes(name) || elsewhere.includes(name), true, name);
  assert.deepEqual(
    (await find(`_id=${ids[3]},${ids[5]}`)).map(({ id }) => id).toSorted(),
    [ids[3], ids[5]].toSorted(),
  );
});

test('dates are bounds that all hold', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const all = Object.keys(LINES).length;
  const count = async (query: string) => (await find(`${query}&_count=1000`)).length;
  assert.equal(await count('date=ge2020&date=le2099'), all);
  assert.equal(await count('_lastUpdated=ge2020'), all);
  assert.equal(await count('date=ge2020&date=lt2021'), 0);
  assert.equal(await count(`date=sa${Number(today.slice(0, 4)) + 1}`), 0);
  assert.equal(await count('date=lt2021&date=lt2099'), 0);
});

test('pages in both orders meet every line once; the total is counted where it is bounded', async () => {
  const whole = (await find('_count=1000&_sort=date')).map(({ id }) => id!);
  for (const [sort, wanted] of [
    ['date', whole],
    ['-date', whole.toReversed()],
  ] as const) {
    const seen: string[] = [];
    let query: string | undefined = `_sort=${sort}&_count=4`;
    while (query !== undefined) {
      const answer = await events.search([...new URLSearchParams(query)] as [string, string][]);
      assert.equal(answer.matches.length <= 4, true);
      seen.push(...answer.matches.map(({ id }) => id));
      query = answer.next;
    }
    assert.deepEqual(seen, wanted);
  }
  const { total, matches } = await events.search([
    ['patient', 'p2'],
    ['_total', 'accurate'],
    ['_count', '1'],
  ]);
  assert.deepEqual([total, matches.length], [2, 1]);
  assert.deepEqual(
    (
      await events.search([
        ['_count', '0'],
        ['patient', 'p1'],
        ['_total', 'accurate'],
      ])
    ).matches,
    [],
  );
});

test('what cannot be answered is refused by its name', async () => {
  for (const [query, name] of [
    ['_include=AuditEvent:patient', '_include'],
    ['_revinclude=Provenance:target', '_revinclude'],
    ['patient.identifier=1', 'patient.identifier'],
    ['patient:missing=true', 'patient:missing'],
    ['khong=1', 'khong'],
    ['date=hom-qua', 'date'],
    ['date=ne2026', 'date'],
    ['patient=', 'patient'],
    ['patient=Observation/1', 'patient'],
    ['agent=Device/1', 'agent'],
    ['entity=x', 'entity'],
    ['_count=abc', '_count'],
    ['_count=9999', '_count'],
    ['_sort=agent', '_sort'],
    ['_total=accurate', '_total'],
    ['_cursor=x', 'before'],
    [`altid=${'a,'.repeat(200)}a`, 'altid'],
  ] as const) {
    const error = await find(query).then(
      () => null,
      (one: unknown) => one,
    );
    assert.ok(error instanceof Failure, query);
    assert.equal(error.status, 400, query);
    assert.equal(error.issues[0]!.expression, name, query);
  }
});
