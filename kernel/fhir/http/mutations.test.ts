/** Thousands of small damages to a good visit and to good queries: never a 5xx, every refusal an OperationOutcome. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, openFhirWorld } from '../testing.ts';

const VISIT = readFileSync(
  join(import.meta.dirname, '..', '..', '..', 'docs', 'examples', 'visit.json'),
  'utf8',
);
const ROUNDS = 150;

let world: FhirWorld;
const defects: string[] = [];
before(async () => {
  world = await openFhirWorld(
    {},
    { log: (sentence, error) => void defects.push(`${sentence} ${(error as Error)?.stack}`) },
  );
});
after(() => world.stop());

/** The same sequence every time. */
function dice(seed: number) {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  return { next, pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]! };
}

// biome-ignore format: a table of damages
const JUNK: unknown[] = [null, 0, -1, 1.5, 1e300, '', ' ', 'x', '<script>', 'Patient/1', 'urn:uuid:zz', 'Patient?x=y', 'Patient?', '#', [], {}, [[]], [null], { a: 1 }, true, '2026-13-45', '😀', 'a'.repeat(3000), { resourceType: 'Patient' }, { reference: 5 }, { resourceType: 'Bundle', type: 'transaction', entry: [] }, 'W/"1"', { coding: 'x' }, { toJSON: 1 }, { constructor: {} }, { length: 5 }];
// biome-ignore format: a table of names
const NAMES = ['resourceType', 'id', 'meta', 'text', 'contained', 'extension', 'identifier', 'value', 'reference', 'entry', 'request', 'url', 'method', 'ifMatch', 'ifNoneExist', 'toJSON', 'length', 'then', '_birthDate', 'versionId', 'tag'];
// biome-ignore format: a table of parameters
const PARAMS = ['_id', '_lastUpdated', 'name', 'identifier', 'birthdate', 'code', 'date', 'value-quantity', 'patient', 'subject.name', 'subject:Patient.name', '_has:Observation:patient:code', '_include', '_revinclude', '_sort', '_count', '_total', '_summary', '_elements', '_cursor', 'code:text', 'code:in', 'name:exact', 'name:missing', 'code-value-quantity', '_tag', '_filter', '_text', 'status:not', 'identifier:of-type', '_type', '_format', '_pretty', '%00'];
// biome-ignore format: a table of values
const VALUES = ['', 'x', '|', 'a|b', 'a|', '|b', '\\,', 'a,b,c', '5|', '5||mg', 'lt5', 'ge2026', 'ne2026-02-30', 'ap2026', 'eb', 'true', 'Patient/1', 'Patient/', '*', 'Observation:subject', 'Encounter:subject:Patient', '-date', '-1', '0', '9'.repeat(40), '\u0000', '%', 'a$5$c', 'à ạ', 'x'.repeat(5000), "';drop table res--", '\\'];

function damage(tree: unknown, { next, pick }: ReturnType<typeof dice>): void {
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
  const name = next() < 0.3 ? pick(NAMES) : pick(Object.keys(node));
  if (next() < 0.3) delete node[name];
  else node[name] = junk;
}

function check(answer: HttpAnswer, what: string): void {
  assert.ok(answer.status < 500, `${answer.status} ${what} ${defects.at(-1) ?? ''}`);
  if (answer.status >= 400) assert.equal(answer.body?.resourceType, 'OperationOutcome', what);
}

test('damaged Bundles and resources', async () => {
  const luck = dice(2026);
  for (let round = 0; round < ROUNDS; round += 1) {
    const bundle = JSON.parse(VISIT);
    bundle.type = luck.pick(['batch', 'transaction']);
    const { resource } = structuredClone(luck.pick(bundle.entry as { resource: { resourceType: string } }[]));
    for (const tree of [bundle, bundle, resource, resource]) damage(tree, luck);
    check(await world.send('POST', '/fhir', bundle), JSON.stringify(bundle));
    const type =
      typeof resource.resourceType === 'string' ? encodeURIComponent(resource.resourceType) : 'Patient';
    check(await world.send('POST', `/fhir/${type}`, resource), JSON.stringify(resource));
  }
  assert.deepEqual(defects, []);
});

test('damaged queries', async () => {
  const luck = dice(11);
  for (let round = 0; round < ROUNDS * 4; round += 1) {
    const pair = () =>
      `${encodeURIComponent(luck.pick(PARAMS)).replaceAll('%3A', ':')}=${encodeURIComponent(luck.pick(VALUES))}`;
    const query = Array.from({ length: 1 + (round % 3) }, pair).join('&');
    const type = luck.pick(['Patient', 'Observation', 'Encounter', 'Condition', 'Claim']);
    check(await world.send('GET', `/fhir/${type}?${query}`), `${type}?${query.slice(0, 300)}`);
  }
  assert.deepEqual(defects, []);
});
