/** Searches that nobody would write: whatever they ask, the answer is 200 or a 4xx that says what is wrong, never a 5xx. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { resourceTypeNames } from '../../kernel/fhir/definitions/index.ts';
import { type FhirWorld, openFhirWorld } from '../../kernel/fhir/testing.ts';
import { ratchet } from '../ratchet.ts';
import { type Definition, readDefinitions } from './definitions.ts';
import { makeWorld } from './differential/people.ts';
import { pick, type Random, randomFrom, seedOfRun } from './differential/random.ts';

const seed = seedOfRun();
const random = randomFrom(seed);
/** Sent one by one, and in batches of 50. */
const ALONE = 400;
const BATCHES = 32;

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
  // Those of the types that searches are most about; some break an invariant and are refused.
  const entry = makeWorld(random).map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  const made = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry });
  assert.equal(made.status, 200, made.text);
});
after(() => world.stop());

const definitions = readDefinitions(resourceTypeNames);
const RESULT = [
  '_sort',
  '_count',
  '_include',
  '_revinclude',
  '_include:iterate',
  '_summary',
  '_elements',
  '_total',
];
const OTHER = [
  '_id',
  '_lastUpdated',
  '_filter',
  '_list',
  '_text',
  '_content',
  '_query',
  '_type',
  '_cursor',
  '_has',
];
const MODIFIERS = [
  'missing',
  'exact',
  'contains',
  'not',
  'text',
  'in',
  'not-in',
  'below',
  'above',
  'of-type',
  'identifier',
  'iterate',
  'Patient',
  'nonsense',
  '',
  '__proto__',
  'missing:not',
  'PATIENT',
];
const PIECES = [
  '',
  ' ',
  ',',
  ',,',
  '|',
  '||',
  '|||',
  '$',
  '$$',
  '\\',
  '\\\\',
  '\\,',
  '"',
  "'",
  '%',
  '%zz',
  '%00',
  '%ff',
  '\u0000',
  '(',
  ')',
  '[',
  ']',
  '{}',
  ';',
  '--',
  '/*',
  '*',
  '?',
  '&',
  '=',
  '#',
  '<script>',
  '../..',
  'Nguyễn',
  'đ',
  '\u0301',
  '\ud800',
  '𝒳',
  '\u202e',
  '\ufeff',
  'a'.repeat(3000),
  '0',
  '-0',
  '1',
  '-1',
  '1e400',
  '1e-400',
  'NaN',
  'Infinity',
  '9'.repeat(400),
  '0.'.concat('0'.repeat(300), '1'),
  '+5',
  '5.',
  '.5',
  '1,5',
  'eq',
  'ge',
  'zz2026',
  'ap',
  'ge2026',
  'sa2026-02-30',
  'eb2026-13',
  '2026-11-22T25:00',
  '2026-11-22T08:30:00+99:00',
  '0000',
  '99999-01-01',
  '2026-11-22T08:30:00+07:00',
  '-2026',
  'true',
  'false',
  'null',
  'Patient/patient-1',
  'Patient/',
  '/x',
  'Nonsense/1',
  '#x',
  'urn:uuid:x',
  'http://',
  'http://x/y|1',
  'http://x|y|z',
  '5|http://unitsofmeasure.org|kg',
  '5||',
  '5|||',
  '5.4|a|b|c',
  'a$5',
  '$5',
  'a$',
  'a$b$c$d',
  '21.3|105.4|10|km',
  '91|181|1|km',
  '0|0|-1|km',
  'not (a eq b)',
  'a eq',
  '('.repeat(300),
  'name eq "',
  'name zz x',
  'a.b.c eq d',
  'a[b eq c].d eq e',
] as const;

interface Named {
  name: string;
  /** What kind of value it takes; '' = anybody's guess. */
  kind: string;
}

/** Names of parameters that this type has, with modifiers and chains that it takes or not, and names that none has. */
function randomName(type: string, r: Random, depth = 0): Named {
  const own = definitions.get(type)!;
  const one = pick<Definition>(r, own);
  const chance = r();
  if (chance < 0.55) return { name: one.code, kind: one.kind };
  if (chance < 0.68) return { name: `${one.code}:${pick(r, MODIFIERS)}`, kind: r() < 0.5 ? one.kind : '' };
  if (chance < 0.74) return { name: pick(r, RESULT), kind: '' };
  if (chance < 0.79) return { name: pick(r, OTHER), kind: '' };
  if (chance < 0.82)
    return { name: `${pick(r, PIECES)}${pick(r, [':', '.'])}${pick(r, PIECES)}`.slice(0, 600), kind: '' };
  if (depth > 14) return { name: one.code, kind: one.kind };
  return chance < 0.91 ? randomChain(own, r, depth) : randomHas(type, r, depth);
}

function randomChain(own: readonly Definition[], r: Random, depth: number): Named {
  const links = own.filter(({ kind }) => kind === 'reference');
  const { code, targets } = pick(r, links.length > 0 ? links : own);
  const target = pick(r, targets.length > 0 && r() < 0.9 ? targets : resourceTypeNames);
  const inner = randomName(target, r, depth + 1);
  return { ...inner, name: `${code}${r() < 0.6 ? `:${target}` : ''}.${inner.name}` };
}

function randomHas(type: string, r: Random, depth: number): Named {
  const all = [...definitions.values()].flat();
  const fitting = all.filter(({ kind, targets }) => kind === 'reference' && targets.includes(type));
  const back = pick(r, fitting.length > 0 && r() < 0.9 ? fitting : all);
  const inner = randomName(back.type, r, depth + 1);
  return { ...inner, name: `_has:${back.type}:${back.code}:${inner.name}` };
}

/** Values that a parameter of a kind takes, most of them strange. */
const FITTING: Record<string, readonly string[]> = {
  string: [
    'a',
    'Nguyễn',
    '𝒳',
    '\u202e',
    'a'.repeat(3000),
    "'",
    '"',
    '%',
    '_',
    '%%',
    'a\\,b',
    '1',
    ' x ',
    '\u0301',
    '\ufeff',
    '*',
  ],
  token: [
    'a',
    'http://s/1|a',
    '|a',
    'http://s/1|',
    'true',
    "x'y",
    '𝒳',
    'a'.repeat(2000),
    '%',
    'đ',
    'a\\|b',
    'male',
  ],
  reference: [
    'Patient/patient-1',
    'patient-1',
    'http://x/y/Patient/1',
    'urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
    'Group/1',
    'Patient/1/_history/2',
  ],
  date: [
    '2026',
    '2026-11',
    'ge2026-11-22',
    'lt2026-11-22T08:30:00Z',
    'ap2026',
    'ne0001',
    'sa9999-12-31',
    'eb2026-11-22T08:30:00.123456789+14:00',
    '2026-11-22T24:00:00Z',
  ],
  number: ['0', '-1', 'ge5.4', 'ap1e9', '1e300', 'lt-1e-300', '0.000', 'ne100', `1.${'0'.repeat(200)}1`],
  quantity: [
    '5',
    '5||kg',
    'ge5.4|http://unitsofmeasure.org|kg',
    'ap0||%',
    '5||zz',
    '1e308||kg',
    '5|http://unitsofmeasure.org|kg/m2',
    'lt5||[degF]',
    '3||10*9/L',
  ],
  uri: ['http://x', 'urn:oid:1.2', 'x', 'http://x|1', '%', 'http://x/#y'],
  composite: ['a$5', 'http://s/1|a$ge5||kg', 'a$2026', 'a$b', 'a$b$c', 'Patient/1$a', 'a$a$5'],
  special: [
    '21.3|105.4|10|km',
    '91|181|1|km',
    'gender eq male',
    'x',
    '0|0',
    '-90|180|20000|km',
    '21|105|1|zz',
  ],
};

function randomValue(kind: string, r: Random): string {
  const fitting = FITTING[kind];
  if (fitting && r() < 0.75) return r() < 0.2 ? `${pick(r, fitting)},${pick(r, fitting)}` : pick(r, fitting);
  let value: string = pick(r, PIECES);
  while (r() < 0.35) value += pick(r, PIECES);
  return value.slice(0, 5000);
}

/** Most of it written as a browser would; now and then as it stands. */
function randomQuery(r: Random): string {
  const type = pick(r, resourceTypeNames);
  const pairs = Array.from({ length: pick(r, [1, 1, 2, 3]) }, () => {
    const { name, kind } = randomName(type, r);
    const value = randomValue(kind, r);
    const raw = r() < 0.1;
    const written = (text: string) =>
      raw ? text.replace(/[^\x21-\x7e]|#/g, '') : encodeURIComponent(text.toWellFormed());
    return `${written(name)}=${written(value)}`;
  });
  return `${type}?${pairs.join('&')}`;
}

/** Null when the answer is one that may be given. */
function faultOf(
  status: number,
  resource: { resourceType?: string; issue?: { diagnostics?: string }[] },
): string | null {
  if (status === 200) return resource?.resourceType === 'Bundle' ? null : 'no Bundle';
  if (status < 400 || status >= 500) return `status ${status}`;
  const [issue] = resource?.issue ?? [];
  if (!issue?.diagnostics) return 'no sentence';
  return /\.ts:\d|node_modules|select |from res/.test(JSON.stringify(resource))
    ? 'tells of its inside'
    : null;
}

async function askAlone(): Promise<string[]> {
  const query = randomQuery(random);
  const answer = await world.send('GET', `/fhir/${query}`);
  const fault = faultOf(answer.status, answer.body);
  return fault === null ? [] : [`${fault}: ${query.slice(0, 400)}\n  ${answer.text.slice(0, 300)}`];
}

async function askBatch(): Promise<string[]> {
  const urls = Array.from({ length: 50 }, () => randomQuery(random));
  const entry = urls.map((url) => ({ request: { method: 'GET', url } }));
  const answer = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry });
  if (answer.status !== 200) return [`batch ${answer.status}: ${answer.text.slice(0, 500)}`];
  return urls.flatMap((url, at) => {
    const { resource, response } = answer.body.entry[at];
    const fault = faultOf(Number(response.status.slice(0, 3)), resource ?? response.outcome);
    return fault === null
      ? []
      : [`${fault}: ${url.slice(0, 400)}\n  ${JSON.stringify(response).slice(0, 300)}`];
  });
}

test(`searches of any name and value are answered or refused with a sentence (seed ${seed})`, async (context) => {
  context.diagnostic(`seed ${seed}`);
  const faults: string[] = [];
  for (let at = 0; at < ALONE; at++) faults.push(...(await askAlone()));
  for (let at = 0; at < BATCHES; at++) faults.push(...(await askBatch()));
  assert.equal(faults.length, 0, `seed ${seed}: ${faults.length} faults\n${faults.slice(0, 10).join('\n')}`);
  ratchet(context, 'fuzzed searches', ALONE + BATCHES * 50);
});
