/** Odd values in every field of every route of our own, by everybody who may ask there: a sentence each time, never a defect. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Role } from '../../kernel/access/contract.ts';
import type { Person } from '../../kernel/access/testing.ts';
import { type AttackWorld, openAttackWorld } from './attacker.testing.ts';

const defects: string[] = [];
let world: AttackWorld;
before(async () => {
  world = await openAttackWorld(
    {},
    { log: (sentence, error) => void defects.push(`${sentence} ${(error as Error | undefined)?.stack}`) },
  );
});
after(() => world.stop());

/** Which fields each route reads: `main/endpoint-inputs.csv`, which a test there holds to the sources. */
const INPUTS = readFileSync(new URL('../../main/endpoint-inputs.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [path = '', method = '', query = '', body = ''] = line.split(',');
    const names = (cell: string) => cell.split(' ').filter((name) => name !== '');
    return { path, method, query: names(query), body: names(body) };
  });

const TEXTS = [
  'a\u0000b',
  '\ud800',
  '',
  '-1',
  '1e400',
  '99999999999999999999',
  '2026-02-30',
  "' or 1=1 --",
  '__proto__',
  '\u202eabc\r\nX-Evil: 1',
  '%',
];
const VALUES: unknown[] = [
  'a\u0000b',
  '9999999-01-01',
  'x'.repeat(5_000),
  null,
  -1,
  1e308,
  [null],
  [{}],
  { toString: 1, length: -1 },
  { resourceType: 'Patient', id: 5 },
];
const ROLES: readonly (readonly [Role, string | null])[] = [
  ['station-head', 'cs-1'],
  ['reception', 'cs-1'],
  ['administrator', null],
  ['content-officer', null],
  ['province-operator', null],
  ['privacy-officer', null],
];
/** Ends the session of who asks, or listens for ever. */
const LEFT_OUT = /sign-out|\/api\/events/;

/** Values of path parameters: what is there, and what is nowhere. */
function addressOf(path: string, odd: string | null): string {
  const ids: Record<string, string> = { patient: world.victim.patient, encounter: world.victim.encounter };
  return path.replace(/:(\w+)/g, (_all, name: string) =>
    odd === null ? (ids[name] ?? 'none') : encodeURIComponent(odd.toWellFormed()),
  );
}

async function ask(who: Person, method: string, path: string, body?: unknown): Promise<number> {
  const answer = await who.call(
    method,
    path,
    body,
    body === undefined ? {} : { 'content-type': 'application/json' },
  );
  const what = `${method} ${path.slice(0, 200)} ${JSON.stringify(body)?.slice(0, 200)}`;
  assert.ok(
    answer.status < 500 || answer.status === 503,
    `${what}: ${answer.status} ${answer.text.slice(0, 200)} ${defects.at(-1)}`,
  );
  assert.doesNotMatch(answer.text, /node_modules|at async |invalid byte sequence|syntax error at/, what);
  return answer.status;
}

for (const [role, unit] of ROLES) {
  test(`odd values in every field of what is open to: ${role}`, async () => {
    const who = await world.staff(role, unit);
    let asked = 0;
    for (const { path, method, query, body } of INPUTS) {
      if (LEFT_OUT.test(path) || path.startsWith('/fhir') || path.includes('*')) continue;
      const address = addressOf(path, null);
      // Who may not ask there at all is refused before a field is read.
      if ((await ask(who, method, address, method === 'GET' ? undefined : {})) === 403) continue;
      asked += 1;
      if (path.includes(':'))
        for (const odd of TEXTS)
          await ask(who, method, addressOf(path, odd), method === 'GET' ? undefined : {});
      for (const name of query)
        for (const text of TEXTS)
          await ask(who, method, `${address}?${name}=${encodeURIComponent(text.toWellFormed())}`);
      for (const name of method === 'GET' ? query : [])
        assert.ok([400, 404].includes(await ask(who, method, `${address}?${name}=1&${name}=2`)), address);
      if (body.length === 0) continue;
      for (const value of VALUES) {
        await ask(who, method, address, Object.fromEntries(body.map((name) => [name, value])));
        for (const name of body) await ask(who, method, address, { ...plainOf(body), [name]: value });
      }
      for (const whole of [null, [], 'text', 5]) await ask(who, method, address, whole);
    }
    assert.ok(asked >= 4, `${role} may ask at ${asked} addresses`);
    assert.deepEqual(defects.splice(0), []);
  });
}

const plainOf = (body: readonly string[]) =>
  Object.fromEntries(body.map((one) => [one, one === 'patient' ? world.victim.patient : 'x']));

test('a name that cannot be kept is refused at the door, signed in or not', async () => {
  for (const body of [
    { username: 'a\u0000b', password: 'x' },
    { username: 'x', password: 'a\u0000b' },
  ]) {
    const { status } = await world.bare('POST', '/api/access/sign-in', body, {
      'content-type': 'application/json',
    });
    assert.ok([400, 401, 429].includes(status), String(status));
  }
  assert.deepEqual(defects, []);
});
