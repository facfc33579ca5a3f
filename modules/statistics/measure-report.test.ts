/** A statutory report as a MeasureReport, for a unit and for the province with a stratum for each unit. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sheetRows } from '../../engines/reports/index.ts';
import type { Bundle, Measure, MeasureReport, OperationDefinition } from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { refuseNarrowToken } from './asked.ts';
import { openReportWorld, PERIOD, type ReportWorld, UNIT } from './testing.ts';

let world: ReportWorld;
before(async () => {
  world = await openReportWorld();
  await world.program.kernel.pool.query(
    `insert into views.unit (resource_key, name, kind) values ('cs-khac', 'Trạm khác', 'tram-y-te')`,
  );
});
after(() => world.stop());

const ask = (query: string, who = world.head) =>
  who.call<MeasureReport>('GET', `/fhir/MeasureReport/$statutory-report?${query}`);
const counts = (report: MeasureReport) =>
  Object.fromEntries(
    (report.group ?? []).flatMap((group) =>
      (group.population ?? []).map((one) => [one.code?.coding?.[0]?.code ?? '', one.count]),
    ),
  );

test('a unit’s report is a valid MeasureReport: a group for each row, counts by cell, what is not known said so', async () => {
  const { status, body } = await ask(`form=kham-chua-benh&period=${PERIOD}&unit=${UNIT}`);
  assert.equal(status, 200);
  assert.deepEqual(validateResource(body), []);
  assert.equal(body.measure, 'http://yba.vn/fhir/Measure/kham-chua-benh|2025-07-01');
  assert.deepEqual(
    [body.type, body.status, body.reporter?.reference],
    ['summary', 'pending', `Organization/${UNIT}`],
  );
  assert.deepEqual(body.period, { start: '2026-10-01', end: '2026-10-31' });
  assert.deepEqual([counts(body)['visits.total'], counts(body)['persons.total']], [119, 80]);
  assert.equal(counts(body)['village.total'], undefined);
  assert.match(JSON.stringify(body), /data-absent-reason/);
});

test('POST with Parameters is the same question; what is no Parameters is refused', async () => {
  const post = (body: object) =>
    world.head.call<MeasureReport>('POST', '/fhir/MeasureReport/$statutory-report', body);
  const parameter = [
    { name: 'form', valueString: 'kham-chua-benh' },
    { name: 'period', valueString: PERIOD },
    { name: 'unit', valueString: UNIT },
  ];
  const posted = await post({ resourceType: 'Parameters', parameter });
  assert.equal(posted.status, 200);
  const asked = await ask(`form=kham-chua-benh&period=${PERIOD}&unit=${UNIT}`);
  assert.deepEqual(counts(posted.body), counts(asked.body));
  assert.equal((await post({ resourceType: 'Patient' })).status, 400);
});

test('the province’s has a stratum for each unit, and the numbers add up', async () => {
  const { status, body } = await ask(`form=kham-chua-benh&period=${PERIOD}`, world.province);
  assert.equal(status, 200);
  assert.deepEqual(validateResource(body), []);
  const strata = body.group?.[0]?.stratifier?.[0]?.stratum ?? [];
  assert.ok(strata.length >= 2);
  const sum = strata.reduce((all, { population }) => all + (population?.[0]?.count ?? 0), 0);
  assert.equal(sum, counts(body)['visits.total']);
});

test('the province’s spreadsheet has a line for each unit under the total', async () => {
  const { cookieOf } = await import('../../kernel/access/sign-in.testing.ts');
  const cookie = await cookieOf(world.program.address, 'dieuhanh');
  const answer = await fetch(
    `${world.program.address}/api/statistics/province/kham-chua-benh/${PERIOD}/file.xlsx`,
    { headers: { cookie } },
  );
  assert.equal(answer.status, 200);
  const rows = sheetRows(Buffer.from(await answer.arrayBuffer()))!;
  const line = (name: string) => rows.find((row) => row[1] === name);
  assert.equal(line('Tổng số')?.[2], 119);
  assert.equal(line('Trạm khác')?.[2], 0);
});

test('it is announced, and refuses others’ units, the province’s numbers for a station, and questions that are none', async () => {
  const definition = await world.head.call<OperationDefinition>(
    'GET',
    '/fhir/OperationDefinition/statutory-report',
  );
  assert.equal(definition.status, 200);
  assert.equal(definition.body.code, 'statutory-report');
  assert.equal((await ask(`form=kham-chua-benh&period=${PERIOD}&unit=cs-khac`)).status, 404);
  assert.equal((await ask(`form=kham-chua-benh&period=${PERIOD}`)).status, 403);
  assert.equal((await ask(`form=kham-chua-benh&period=2026-13&unit=${UNIT}`)).status, 400);
  assert.equal((await ask(`period=${PERIOD}&unit=${UNIT}`)).status, 400);
  assert.equal((await ask(`form=khong-co&period=${PERIOD}&unit=${UNIT}`)).status, 404);
  const clerk = await world.hire('giamdinh8', 'insurance');
  assert.equal((await ask(`form=kham-chua-benh&period=${PERIOD}&unit=${UNIT}`, clerk)).status, 403);
});

test('a token reads reports by a scope of reports alone, and never for one patient', () => {
  const scope = (level: 'patient' | 'user' | 'system', type: string, more = {}) => ({
    level,
    type,
    actions: new Set(['read', 'search'] as const),
    ...more,
  });
  const person = { roles: ['nurse' as const] };
  const system = { roles: ['system-client' as const] };
  refuseNarrowToken(person);
  refuseNarrowToken({ ...person, scopes: [scope('user', 'MeasureReport')] });
  refuseNarrowToken({ ...system, scopes: [scope('system', '*')] });
  for (const scopes of [
    [],
    [scope('user', 'Observation')],
    [scope('patient', '*')],
    [scope('system', '*')],
    [scope('user', 'MeasureReport', { query: [['status', 'complete']] })],
  ])
    assert.throws(() => refuseNarrowToken({ ...person, scopes }), /no scope/);
  assert.throws(() => refuseNarrowToken({ ...system, scopes: [scope('user', '*')] }), /no scope/);
  assert.throws(
    () => refuseNarrowToken({ ...person, scopes: [scope('user', '*')], persons: ['p'] }),
    /no scope/,
  );
});

test('the measure of a report is shown: by its canonical address and version, valid, with the codes of the report', async () => {
  const { body: report } = await ask(`form=kham-chua-benh&period=${PERIOD}&unit=${UNIT}`);
  const [url, version] = report.measure.split('|');
  const found = await world.head.call<Bundle>('GET', `/fhir/Measure?url=${url}&version=${version}`);
  const measure = found.body.entry?.[0]?.resource as Measure;
  assert.deepEqual([found.body.total, measure.url, measure.version], [1, url, version]);
  const read = await world.head.call<Measure>('GET', '/fhir/Measure/kham-chua-benh');
  assert.equal(read.status, 200);
  assert.deepEqual(validateResource(read.body), []);
  const codes = new Set(
    (read.body.group ?? []).flatMap(({ population }) =>
      (population ?? []).map(({ code }) => code?.coding?.[0]?.code ?? ''),
    ),
  );
  for (const cell of Object.keys(counts(report))) assert.ok(codes.has(cell), cell);
});

test('a system asks with a scope of reports: of its own unit, of all when the operator runs it', async () => {
  const { house, address } = { house: world.program.house, address: world.program.address };
  const scopes = 'system/MeasureReport.rs system/Observation.rs';
  for (const [id, unit] of [
    ['so', null],
    ['tram', UNIT],
  ] as const)
    await house.access.clients.add({ id, name: id, secret: `secret of ${id}`, scopes, unit, purposes: [] });
  const asked = async (id: string, scope: string, query: string) => {
    const basic = Buffer.from(`${id}:secret of ${id}`).toString('base64');
    const token = await fetch(`${address}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&scope=${scope}`,
    });
    const { access_token } = (await token.json()) as { access_token: string };
    const path = `${address}/fhir/MeasureReport/$statutory-report?form=kham-chua-benh&period=${PERIOD}${query}`;
    return (await fetch(path, { headers: { authorization: `Bearer ${access_token}` } })).status;
  };
  const reports = 'system/MeasureReport.rs';
  assert.equal(await asked('so', reports, ''), 200);
  assert.equal(await asked('so', reports, '&unit=cs-khac'), 200);
  assert.equal(await asked('so', 'system/Observation.rs', ''), 403);
  assert.equal(await asked('tram', reports, `&unit=${UNIT}`), 200);
  assert.equal(await asked('tram', reports, '&unit=cs-khac'), 404);
  assert.equal(await asked('tram', reports, ''), 403);
});
