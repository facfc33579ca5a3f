/**
 * Every endpoint × everybody. `endpoints.csv` says of each route who is let in and why; a route without a row fails, a row
 * without a route too. Then each is called by each: who is not let in gets 401 or 403, whatever is asked, and nobody a 5xx.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseCsv } from '../kernel/content/csv.ts';
import { resourceTypeNames } from '../kernel/fhir/definitions/index.ts';
import { CARRIERS } from '../kernel/fhir/names.ts';
import type { ResourceType } from '../kernel/fhir/types.ts';
import { openWalk, STAFF, statusOf, type Walk } from './endpoints.testing.ts';

interface Endpoint {
  path: string;
  method: string;
  who: ReadonlySet<string>;
}

/** Not called: they end the caller's session, or are of a protocol that the client library does not speak. */
const NOT_CALLED = new Set(['POST /api/access/sign-out']);
const UNSPOKEN = new Set(['HEAD', 'OPTIONS', 'TRACE', 'QUERY']);

const table = parseCsv(readFileSync(join(import.meta.dirname, 'endpoints.csv'), 'utf8')).flatMap(
  ({ path = '', methods = '', who = '' }): Endpoint[] =>
    methods.split(' ').map((method) => ({ path, method, who: new Set(who.split(' ')) })),
);
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
const isLetIn = (caller: string, { who }: Endpoint) =>
  who.has('anyone') ||
  (caller !== 'stranger' && caller !== 'half' && who.has('signed-in')) ||
  (STAFF.includes(caller as never) && who.has('staff')) ||
  who.has(caller);

let walk: Walk;
let routes: { method: string; path: string; url: string }[];

before(async () => {
  walk = await openWalk();
  routes = walk.world.program.routes
    .filter(({ method }) => !UNSPOKEN.has(method))
    .map(({ method, url }) => ({ method, url, path: url.replace(/\/[0-9a-f]{12}\.json$/, '/:hash.json') }));
});
after(() => walk.stop());

test('every route has a row that says who may call it and why, and every row is a route', () => {
  const known = new Set(table.map(nameOf));
  assert.equal(known.size, table.length, 'each once');
  const mounted = new Set(routes.map(nameOf));
  assert.deepEqual(
    [...mounted].filter((name) => !known.has(name)),
    [],
    'routes without a row in main/endpoints.csv',
  );
  assert.deepEqual(
    [...known].filter((name) => !mounted.has(name)),
    [],
    'rows of main/endpoints.csv without a route',
  );
  for (const { why = '' } of parseCsv(readFileSync(join(import.meta.dirname, 'endpoints.csv'), 'utf8'))) {
    assert.ok(why.length > 5);
  }
});

test('each is called by everybody: strangers, half signed in, every role, a citizen, a client, a client of one scope', async () => {
  const rows = new Map(table.map((row) => [nameOf(row), row]));
  const wrong: string[] = [];
  for (const route of routes) {
    const row = rows.get(nameOf(route));
    if (!row || NOT_CALLED.has(nameOf(route))) continue;
    const callers = [...walk.callers];
    const { address } = walk.world.program;
    const answers = await Promise.all(callers.map(([, headers]) => statusOf(address, route, headers)));
    for (const [at, [caller]] of callers.entries()) {
      const status = answers[at]!;
      const refused = status === 401 || status === 403;
      // What is open to anyone refuses by its protocol: a wrong code, no client.
      const expected = row.who.has('anyone') || refused !== isLetIn(caller, row);
      if (!expected || status >= 500) wrong.push(`${nameOf(route)} ${caller}: ${status}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('every type × everybody: a search is answered exactly where the table of policies lets it', async () => {
  const { address, house } = walk.world.program;
  const wrong: string[] = [];
  for (const [caller, headers] of walk.callers) {
    if (caller === 'stranger' || caller === 'half') continue;
    const roles = caller === 'narrow' ? [] : [caller];
    await Promise.all(
      SEARCHED.map(async (type) => {
        const actor = { ...nobody, roles: roles as never[], purpose: { code: purposeOf(caller) } };
        const reach = house.access.guard.reach(actor, 'search', type);
        const answer = await fetch(`${address}/fhir/${type}?_id=nothing`, { headers });
        await answer.body?.cancel();
        const isOpen = answer.status !== 403 && answer.status !== 401;
        if (isOpen !== (caller !== 'narrow' && reach !== 'none') || answer.status >= 500) {
          wrong.push(`${caller} ${type}: ${answer.status}, ${reach}`);
        }
      }),
    );
  }
  assert.deepEqual(wrong, []);
});

/** Types that carry requests and answers are no records. */
const SEARCHED = resourceTypeNames.filter((type) => !CARRIERS.has(type as ResourceType));
const nobody = { id: 'x', name: 'x', roles: [], unit: 'cs-1', practitioner: null, ip: '' };
const PURPOSES: Record<string, string> = {
  cashier: 'HPAYMT',
  insurance: 'HPAYMT',
  surveillance: 'PUBHLTH',
  citizen: 'PATRQT',
};
const purposeOf = (caller: string) => PURPOSES[caller] ?? 'TREAT';

test('a citizen reads and writes of the own record alone, by whatever way', async () => {
  const { world, citizen } = walk;
  const own = walk.callers.get('citizen')!;
  const get = async (path: string) => {
    const answer = await world.bare('GET', path, undefined, own);
    return { status: answer.status, text: JSON.stringify(answer.body), body: answer.body };
  };
  const { patient: other } = await world.arrive('cs-1');
  const mine = await world.observe(citizen, {});
  const theirs = await world.observe(other, { performer: [{ reference: `Patient/${citizen}` }] });
  const nobodys = (
    await world.send('POST', '/fhir/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
    })
  ).body.id;
  assert.equal((await get(`/fhir/Observation/${mine}`)).status, 200);
  for (const path of [
    `Observation/${theirs}`,
    `Observation/${nobodys}`,
    `Patient/${other}`,
    `Patient/${other}/$everything`,
    `Observation/${theirs}/_history`,
  ]) {
    assert.equal((await get(`/fhir/${path}`)).status, 404, path);
  }
  for (const path of [
    'Patient',
    'Patient?name=nguoi',
    'Observation?_total=accurate',
    `Observation?patient=${other}`,
    `Observation?performer=Patient/${citizen}`,
    'Observation?subject:Patient.name=nguoi',
    `Patient?_has:Observation:patient:_id=${theirs}`,
    `Patient/${citizen}?_id=${citizen}`,
    `Patient?_id=${citizen}&_revinclude=Observation:performer`,
    `Patient/${citizen}/$everything`,
    `Patient/${citizen}/*?_count=100`,
    'Encounter?_sort=date',
    '?_type=Patient,Observation',
    'Observation/_history',
    'Patient?gender:missing=true&_summary=count',
  ]) {
    const { status, text, body } = await get(`/fhir/${path}`);
    assert.ok(status === 200 || status === 403 || status === 400, `${path}: ${status}`);
    for (const id of [other, theirs, nobodys]) {
      assert.ok(!JSON.stringify(body.entry ?? []).includes(`"id":"${id}"`), `${path} shows ${id}`);
    }
    if (path.includes('_total') || path.includes('_summary'))
      assert.ok((body.total ?? 0) <= 1, `${path}: ${text}`);
  }
  const post = (resource: object) =>
    world.bare('POST', `/fhir/${(resource as { resourceType: string }).resourceType}`, resource, {
      ...own,
      'content-type': 'application/fhir+json',
    });
  const note = (of: string) => ({
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    subject: { reference: `Patient/${of}` },
  });
  assert.equal((await post(note(citizen))).status, 201);
  assert.equal((await post(note(other))).status, 403);
  assert.equal((await post({ resourceType: 'QuestionnaireResponse', status: 'completed' })).status, 403);
  assert.equal(
    (
      await post({
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'x' },
        subject: { reference: `Patient/${citizen}` },
      })
    ).status,
    403,
  );
});
