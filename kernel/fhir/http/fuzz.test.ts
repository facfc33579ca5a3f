/**
 * Requests over all routes with damaged methods, paths, headers and bodies: never a 5xx, every refusal of ours an
 * OperationOutcome. The seed is printed; `YBA_FUZZ_SEED` and `YBA_FUZZ_ROUNDS` choose another and more.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';

const SEED = Number(process.env.YBA_FUZZ_SEED ?? 20_261_122);
const ROUNDS = Number(process.env.YBA_FUZZ_ROUNDS ?? 1_500);

let world: FhirWorld;
let authorization: string;
const defects: string[] = [];
before(async () => {
  world = await openFhirWorld(
    { proxies: ['127.0.0.1'] },
    { log: (sentence, error) => void defects.push(`${sentence} ${(error as Error)?.stack}`) },
  );
  authorization = `Bearer ${await world.token()}`;
  for (const resource of RESOURCES) {
    const { resourceType, id } = resource as { resourceType: string; id: string };
    const made = await world.send('PUT', `/fhir/${resourceType}/${id}`, resource);
    assert.ok(made.status < 300, made.text);
  }
});
after(() => world.stop());

const RESOURCES = [
  { resourceType: 'Patient', id: 'f1', name: [{ family: 'Lê', given: ['A', 'B'] }], birthDate: '1990-02-03' },
  { resourceType: 'Organization', id: 'f1', name: 'Trạm' },
  {
    resourceType: 'Observation',
    id: 'f1',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] },
    subject: { reference: 'Patient/f1' },
    valueQuantity: { value: 37.5, unit: 'Cel' },
  },
  {
    resourceType: 'List',
    id: 'f1',
    status: 'current',
    mode: 'working',
    entry: [{ item: { reference: 'Patient/f1' } }],
  },
];
const VISIT = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/examples/visit.json'), 'utf8'),
);
const FHIRPATH_PATCH = {
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'add' },
        { name: 'path', valueString: "Patient.name.where(family = 'Lê')" },
        { name: 'name', valueString: 'given' },
        { name: 'value', valueString: 'C' },
      ],
    },
  ],
};
const JSON_PATCH = [{ op: 'add', path: '/name/0/given/-', value: 'C' }];
const BODIES = [...RESOURCES, VISIT, { ...VISIT, type: 'batch' }, FHIRPATH_PATCH, JSON_PATCH];

// biome-ignore format: a table of pieces
const STEPS = ['', 'Patient', 'Observation', 'Organization', 'List', 'AuditEvent', 'Binary', 'Parameters', 'Nonsense', 'f1', 'absent', 'x'.repeat(70), '%00', '%zz', '..', '%2e%2e', '_history', '_search', '1', '0', '99999999999', '-1', '$validate', '$everything', '$purge', '$nonsense', '_job', 'answer', 'metadata', '.well-known', 'smart-configuration', 'ế', '%F0%9F%98%80', "'", ';', '*'];
/** Routes that exist with the methods they take and a good body, so that damage begins near them. */
// biome-ignore format: a table of routes
const ROUTES: [path: string, methods: string[], body?: unknown][] = [
  ['', ['GET', 'POST'], VISIT], ['', ['POST'], { ...VISIT, type: 'batch' }], ['metadata', ['GET']], ['_history', ['GET']], ['_search', ['POST']],
  ['Patient', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], RESOURCES[0]], ['Patient/f1', ['GET', 'PUT', 'DELETE'], RESOURCES[0]],
  ['Patient/f1', ['PATCH'], FHIRPATH_PATCH], ['Patient/f1', ['PATCH'], JSON_PATCH], ['Patient/f1/_history', ['GET', 'DELETE']],
  ['Patient/f1/_history/1', ['GET']], ['Patient/_history', ['GET']], ['Patient/_search', ['POST']], ['Patient/f1/Observation', ['GET']],
  ['Patient/f1/Observation/_search', ['POST']], ['Patient/f1/$everything', ['GET', 'POST']], ['Patient/$validate', ['POST'], RESOURCES[0]],
  ['Patient/f1/$purge', ['POST']], ['Observation/f1', ['GET', 'PUT', 'DELETE'], RESOURCES[2]], ['Observation', ['GET', 'POST', 'PUT'], RESOURCES[2]],
  ['Encounter/f1/$everything', ['GET']], ['List/f1', ['GET', 'PUT'], RESOURCES[3]], ['_job/x', ['GET', 'DELETE']], ['_job/x/answer', ['GET']],
  ['AuditEvent', ['GET']], ['Organization/f1', ['GET', 'PUT'], RESOURCES[1]], ['Organization/f1/_history', ['GET', 'DELETE']],
];
// biome-ignore format: a table of parameters
const PARAMS = ['_id', 'name', 'identifier', 'birthdate', 'code', 'patient', '_sort', '_count', '_total', '_summary', '_elements', '_since', '_at', '_list', '_before', '_cursor', '_type', '_format', '_pretty', '_include', '_revinclude', '_has:Observation:patient:code', '_filter', '_text', '_content', 'reason', 'start', 'mode', '_explain', '__proto__', ''];
// biome-ignore format: a table of values
const VALUES = ['', 'x', 'f1', 'Patient/f1', '1', '0', '-1', '1e9', '2026-11-22', '2026-13-45', '-infinity', 'true', 'json', 'xml', 'a|b', '|', '*', '_lastUpdated', '-_lastUpdated', '1.2.3', '1-2-3', '\u0000', '%', "')--", '$current-problems', '9'.repeat(40), 'x'.repeat(3000), '😀'];
const TYPES = [
  'application/fhir+json',
  'application/json',
  'application/json-patch+json',
  'application/x-www-form-urlencoded',
];
// biome-ignore format: a table of headers
const HEADERS: [string, string[]][] = [
  ['content-type', [...TYPES, 'text/plain', 'application/fhir+xml', 'x', 'application/json; charset=utf-16', 'multipart/form-data; boundary=x', 'application/fhir+json; fhirVersion=4.0']],
  ['accept', ['*/*', 'application/json', 'application/fhir+json; q=0.5', 'text/html', 'x/', ',', 'application/fhir+xml']],
  ['prefer', ['return=minimal', 'return=representation', 'return=OperationOutcome', 'return=x', 'handling=strict', 'handling=lenient', 'respond-async', 'respond-async; handling=lenient', '=', ';;,', 'x'.repeat(500)]],
  ['if-match', ['W/"1"', '"1"', '1', 'W/"3"', '*', 'W/', 'W/"-1"', 'W/"99999999999"', '']],
  ['if-none-match', ['*', 'W/"1"', 'x', '']],
  ['if-none-exist', ['identifier=x', 'Patient?name=x', '?', '', 'colour=red', '_id=f1', '_count=5', '%', 'a=b=c', 'name=%00']],
  ['if-modified-since', ['Sun, 22 Nov 2026 06:00:00 GMT', 'yesterday', '-1', '9'.repeat(30)]],
  ['x-forwarded-host', ['yba.example.vn', 'a b', '<x>']],
  ['x-break-glass', ['vì sao', '', 'x'.repeat(2000)]],
  ['content-encoding', ['gzip', 'identity', 'x']],
  ['range', ['bytes=0-1']],
];
// biome-ignore format: a table of damages
const JUNK: unknown[] = [null, 0, -1, 1.5, 1e308, '', ' ', 'x', 'Patient/1', 'urn:uuid:zz', 'Patient?x=y', '#', [], {}, [[]], [null], { a: 1 }, true, '2026-13-45', '😀', 'a'.repeat(3000), { resourceType: 'Patient' }, { reference: 5 }, 'W/"1"', { coding: 'x' }, { toJSON: 1 }, { constructor: {} }, 'Patient.name[', 'Patient.where(true)', "Patient.name.where($this = %resource)", 'replace', 'move', -5, '/name/-', '/~2', '~'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];

/** The same sequence for the same seed. */
function dice(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
  return { next, pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]! };
}
type Dice = ReturnType<typeof dice>;

function address(route: string, method: string, { next, pick }: Dice): string {
  const steps = route.split('/');
  while (next() < 0.08)
    steps.splice(Math.floor(next() * (steps.length + 1)), Math.round(next()), pick(STEPS));
  const query: string[] = [];
  while (next() < (method === 'GET' ? 0.4 : 0.1))
    query.push(
      `${encodeURIComponent(pick(PARAMS)).replaceAll('%3A', ':')}=${encodeURIComponent(pick(VALUES))}`,
    );
  const path = `/fhir/${steps.join('/')}`.replace(/[^\x21-\x7e]/g, (one) => encodeURIComponent(one));
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

function damage(tree: unknown, { next, pick }: Dice): void {
  const nodes: object[] = [];
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    nodes.push(node);
    Object.values(node).forEach(collect);
  };
  collect(tree);
  const node = pick(nodes) as Record<string, unknown> | unknown[];
  const junk = structuredClone(pick(JUNK));
  if (Array.isArray(node)) {
    if (next() < 0.4) node.splice(Math.floor(next() * node.length), 1);
    else node[Math.floor(next() * (node.length + 1))] = junk;
    return;
  }
  const name = pick([...Object.keys(node), 'resourceType', 'id', 'reference', 'url', 'part', 'path', 'op']);
  if (next() < 0.3) delete node[name];
  else node[name] = junk;
}

function body(good: unknown, luck: Dice): string | undefined {
  const { next, pick } = luck;
  if (good === undefined && next() < 0.6) return undefined;
  if (next() < 0.05)
    return pick([
      '',
      '{',
      '[]',
      'null',
      '5',
      '"x"',
      '{}',
      'name=x&_count=',
      '\u0000',
      '{"a":1,"a":2}',
      '['.repeat(200),
    ]);
  const tree = structuredClone(good === undefined || next() < 0.1 ? pick(BODIES) : good);
  for (let n = Math.floor(next() * 3); n > 0; n -= 1) damage(tree, luck);
  const text = JSON.stringify(tree) ?? 'null';
  return next() < 0.05 ? text.slice(0, Math.floor(next() * text.length)) : text;
}

interface Reply {
  status: number;
  type: string;
  text: string;
}

/** As it is, without what `fetch` would put right. */
function send(method: string, path: string, headers: Record<string, string>, text?: string): Promise<Reply> {
  const { hostname, port } = new URL(world.program.address);
  return new Promise((resolve, reject) => {
    const bytes = text === undefined ? undefined : Buffer.from(text);
    const length = bytes ? { 'content-length': String(bytes.length) } : {};
    const out = httpRequest(
      { hostname, port, method, path, headers: { authorization, ...headers, ...length } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode!,
            type: answer.headers['content-type'] ?? '',
            text: Buffer.concat(parts).toString('utf8'),
          }),
        );
      },
    );
    out.on('error', reject);
    out.end(bytes);
  });
}

test(`${ROUNDS} damaged requests, seed ${SEED}`, async (context) => {
  context.diagnostic(`seed ${SEED}, ${ROUNDS} rounds`);
  const luck = dice(SEED);
  const seen = new Map<number, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const [route, methods, good] = luck.pick(ROUTES);
    const method = luck.next() < 0.85 ? luck.pick(methods) : luck.pick(METHODS);
    const path = address(route, method, luck);
    const headers: Record<string, string> = {};
    if (luck.next() < 0.9)
      headers['content-type'] = Array.isArray(good)
        ? TYPES[2]!
        : route.endsWith('_search')
          ? TYPES[3]!
          : TYPES[0]!;
    for (const [name, values] of HEADERS)
      if (luck.next() < (name === 'if-match' ? 0.15 : 0.03))
        headers[name] = encodeURI(luck.pick(values)).replaceAll('%22', '"');
    const text = method === 'GET' || method === 'HEAD' ? undefined : body(good, luck);
    const what = `seed ${SEED} round ${round}: ${method} ${path} ${JSON.stringify(headers)} ${text?.slice(0, 2000)}`;
    const answer = await send(method, path, headers, text);
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
    assert.ok(
      answer.status < 500,
      `${answer.status} ${what}\n${answer.text.slice(0, 500)}\n${defects.at(-1)}`,
    );
    if (
      answer.status >= 400 &&
      method !== 'HEAD' &&
      path.startsWith('/fhir/') &&
      METHODS.slice(0, 6).includes(method)
    ) {
      assert.match(answer.text, /^\s*\{\s*"resourceType":\s*"OperationOutcome"/, `${answer.status} ${what}`);
    }
  }
  context.diagnostic(`answers: ${JSON.stringify(Object.fromEntries([...seen].sort(([a], [b]) => a - b)))}`);
  assert.deepEqual(defects, []);
  for (const status of [200, 201, 204, 400, 404, 405, 406, 412, 415, 422])
    assert.ok((seen.get(status) ?? 0) > 0, `no ${status}: the damage misses what it is for`);
});
