/** The second factor as an attacker meets it, over HTTP: half sessions, codes used again, guessing, fixation, proofs. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Role } from '../contract.ts';
import { hashesMade } from '../password.ts';
import { type AccessWorld, cookieIn, openAccessWorld, PASSWORD } from '../testing.ts';

let world: AccessWorld;
let clock = Date.parse('2026-11-22T08:00:00+07:00');
/** Throttles count within a minute: tests that are about something else let it pass. */
const later = (seconds: number) => {
  clock += seconds * 1000;
  world.setNow(new Date(clock).toISOString());
};
before(async () => {
  world = await openAccessWorld({ proxies: ['127.0.0.1'] });
  later(0);
});
after(() => world.stop());

const JSON_TYPE = { 'content-type': 'application/json' };
const add = (id: string, roles: Role[] = ['doctor']) =>
  world.program.house.access.accounts.add({
    id,
    name: `Người ${id}`,
    roles,
    unit: 'cs-1',
    practitioner: null,
    password: PASSWORD,
  });
const post = (cookie: string, path: string, body: object = {}) =>
  world.bare('POST', `/api/access/${path}`, body, { cookie, ...JSON_TYPE });

/** Signs in whole and adds a generator, as a doctor does who was told to. */
async function withGenerator(id: string) {
  await add(id, ['administrator']);
  await world.signInWhole(id);
  await world.program.house.access.accounts.change(id, { roles: ['doctor'] });
  later(61);
}

test('an administrator without a second factor can do nothing but enrol one', async () => {
  await add('an', ['administrator']);
  const first = await world.signIn('an', PASSWORD);
  assert.deepEqual([first.status, first.body.next], [200, 'enrol']);
  const half = cookieIn(first);
  assert.equal(
    (await world.bare('GET', '/api/access/sign-in', undefined, { cookie: half })).body.next,
    'enrol',
  );
  const { cookie, answer } = await world.signInWhole('an');
  assert.equal(answer.body.id, 'an');
  assert.equal(answer.body.recoveryCodes.length, 10);
  assert.equal((await world.bare('GET', '/api/access/me', undefined, { cookie })).status, 200);
});

test('a half session opens no route of the program, whatever the method', async () => {
  await withGenerator('binh');
  const half = cookieIn(await world.signIn('binh', PASSWORD));
  const open = /^\/api\/access\/(sign-in|sign-out|passkeys\/question|citizen)/;
  const routes = world.program.routes.filter(
    ({ method, url }) =>
      /^\/(api|fhir)(\/|$)/.test(url) && !['HEAD', 'OPTIONS', 'TRACE'].includes(method) && !open.test(url),
  );
  assert.ok(routes.length > 60, `${routes.length}`);
  const strangers = async (method: string, url: string, cookie?: string) => {
    const body = method === 'POST' || method === 'PUT' || method === 'PATCH' ? {} : undefined;
    return (
      await world.bare(method, url, body, { ...(cookie ? { cookie } : {}), ...(body ? JSON_TYPE : {}) })
    ).status;
  };
  for (const { method, url } of routes) {
    const path = url.replaceAll(/:\w+(\([^)]*\))?/g, 'x').replaceAll('*', 'x');
    assert.equal(
      await strangers(method, path, half),
      await strangers(method, path),
      `${method} ${path}: as a stranger`,
    );
  }
  const answer = await world.bare('GET', '/fhir/Patient', undefined, { cookie: half });
  assert.equal(answer.status, 401);
  const enrol = await post(half, 'totp');
  assert.equal(enrol.status, 401, 'who has a generator may not replace it by the password alone');
  assert.equal((await post(half, 'sign-in/password', { password: 'Cầu vồng trên đồi chè 7!' })).status, 401);
});

test('a code counts once: neither again in this sign-in nor in another', async () => {
  await withGenerator('chi');
  const [one, two] = [
    cookieIn(await world.signIn('chi', PASSWORD)),
    cookieIn(await world.signIn('chi', PASSWORD)),
  ];
  const code = world.nextCode('chi');
  assert.equal((await post(one, 'sign-in/code', { code })).status, 200);
  assert.equal((await post(two, 'sign-in/code', { code })).status, 422);
  assert.equal((await post(two, 'sign-in/code', { code: world.nextCode('chi') })).status, 200);
});

test('one code sent ten times at once lets one in', async () => {
  await withGenerator('dung');
  const halves = [];
  for (let n = 0; n < 3; n += 1) halves.push(cookieIn(await world.signIn('dung', PASSWORD)));
  const code = world.nextCode('dung');
  const answers = await Promise.all(
    halves.flatMap((half) => [half, half]).map((half) => post(half, 'sign-in/code', { code })),
  );
  assert.equal(
    answers.filter(({ status }) => status === 200).length,
    1,
    answers.map(({ status }) => status).join(),
  );
});

test('guessing codes locks the account after five, also when the right password is given in between', async () => {
  await withGenerator('em');
  for (let n = 0; n < 5; n += 1) {
    later(61);
    const half = cookieIn(await world.signIn('em', PASSWORD));
    assert.equal((await post(half, 'sign-in/code', { code: '000000' })).status, 422);
  }
  later(61);
  const locked = await world.signIn('em', PASSWORD);
  assert.equal(locked.status, 401);
  assert.equal(locked.body.next, undefined);
});

test('a half session that was begun before the lock is worth nothing after it', async () => {
  await withGenerator('giang');
  const half = cookieIn(await world.signIn('giang', PASSWORD));
  for (let n = 0; n < 5; n += 1) await post(half, 'sign-in/code', { code: '000000' });
  later(61);
  assert.equal((await post(half, 'sign-in/code', { code: world.nextCode('giang') })).status, 401);
});

test('a half session ends after ten minutes', async () => {
  await withGenerator('ha');
  const half = cookieIn(await world.signIn('ha', PASSWORD));
  later(601);
  assert.equal((await post(half, 'sign-in/code', { code: world.nextCode('ha') })).status, 401);
});

test('fixation: a token planted before, and the half one, are worth nothing after each rise', async () => {
  await withGenerator('hai');
  const planted = 'yba_session=planted-by-somebody-else-0000000000000000';
  const first = await world.signIn('hai', PASSWORD, { cookie: planted });
  const half = cookieIn(first);
  assert.notEqual(half, planted);
  const whole = await post(half, 'sign-in/code', { code: world.nextCode('hai') });
  const cookie = cookieIn(whole);
  assert.notEqual(cookie, half);
  const me = async (one: string) =>
    (await world.bare('GET', '/api/access/me', undefined, { cookie: one })).status;
  assert.deepEqual([await me(planted), await me(half), await me(cookie)], [401, 401, 200]);
  const proof = await post(cookie, 'proof', { code: world.nextCode('hai') });
  assert.equal(proof.status, 204);
  assert.deepEqual([await me(cookie), await me(cookieIn(proof))], [401, 200]);
  const again = await world.signIn('hai', PASSWORD, { cookie: cookieIn(proof) });
  assert.equal(await me(cookieIn(proof)), 401, 'a new sign-in ends the session of this browser');
  assert.equal(again.body.next, 'second-factor');
});

test('a recovery code is good once; new ones take the worth of the old', async () => {
  await add('hoa', ['administrator']);
  const { answer, cookie } = await world.signInWhole('hoa');
  const [first, second] = answer.body.recoveryCodes as [string, string];
  const use = async (code: string) => {
    later(61);
    return (await post(cookieIn(await world.signIn('hoa', PASSWORD)), 'sign-in/code', { code })).status;
  };
  assert.deepEqual(
    [await use(first.toUpperCase()), await use(first), await use('aaaa-aaaa-aaaa-aaaa')],
    [200, 422, 422],
  );
  const renewed = await post(cookie, 'recovery-codes');
  assert.deepEqual([renewed.status, await use(second), await use(renewed.body.codes[0])], [200, 422, 200]);
  const { rows } = await world.program.kernel.pool.query('select * from access.recovery_code');
  assert.ok(!JSON.stringify(rows).includes(second.replaceAll('-', '')));
});

test('secrets of generators are sealed in the table', async () => {
  const { rows } = await world.program.kernel.pool.query(
    'select secret from access.totp where secret is not null',
  );
  assert.ok(rows.length > 0 && rows.every(({ secret }) => /^v1\./.test(secret)));
});

test('who must have a second factor cannot take the last one away', async () => {
  await add('hung', ['administrator']);
  const { cookie } = await world.signInWhole('hung');
  const gone = await world.bare('DELETE', '/api/access/totp', undefined, { cookie });
  assert.equal(gone.status, 422);
});

test('access from outside the house asks everyone for a second factor', async () => {
  await add('ngoai');
  const outside = await world.signIn('ngoai', PASSWORD, { 'x-forwarded-for': '14.160.1.2' });
  assert.equal(outside.body.next, 'enrol');
  later(61);
  assert.equal((await world.signIn('ngoai', PASSWORD, { 'x-forwarded-for': '10.1.2.3' })).body.id, 'ngoai');
});

test('demo accounts sign in by their password alone, whatever their role; the flag is theirs only', async () => {
  await world.program.house.access.accounts.add({
    id: 'mau',
    name: 'Mẫu',
    roles: ['administrator'],
    unit: null,
    practitioner: null,
    password: 'demo',
    demo: true,
  });
  assert.equal((await world.signIn('mau', 'demo')).body.id, 'mau');
});

test('after a pause the password alone opens the session again; another browser needs both', async () => {
  await add('khanh', ['administrator']);
  const { cookie } = await world.signInWhole('khanh');
  later(6 * 60);
  const locked = await world.bare('GET', '/api/access/me', undefined, { cookie });
  assert.deepEqual(locked.body.error.details, { locked: true, username: 'khanh' });
  assert.equal((await world.signIn('khanh', PASSWORD)).body.next, 'second-factor');
  const back = await world.signIn('khanh', PASSWORD, { cookie });
  assert.equal(back.body.id, 'khanh');
  const stale = await world.bare(
    'POST',
    '/api/access/accounts/an/unlock',
    {},
    { cookie: cookieIn(back), ...JSON_TYPE },
  );
  assert.equal(stale.status, 204, 'the proof of six minutes ago is fresh enough');
});

test('the locked session of one person opens nothing for another', async () => {
  await withGenerator('lan');
  await add('linh', ['administrator']);
  const { cookie } = await world.signInWhole('linh');
  later(6 * 60);
  assert.equal((await world.signIn('lan', PASSWORD, { cookie })).body.next, 'second-factor');
});

test('acts that ask again: an old proof is refused with what to do, a fresh one lets the same request through', async () => {
  await add('loan', ['administrator']);
  let { cookie } = await world.signInWhole('loan');
  for (let n = 0; n < 5; n += 1) {
    later(4 * 60);
    await world.bare('GET', '/api/access/me', undefined, { cookie });
  }
  const act = () => post(cookie, 'accounts/an/unlock');
  const refused = await act();
  assert.deepEqual(
    [refused.status, refused.body.error.details],
    [403, { proof: { methods: null, maxAgeMinutes: 15 } }],
  );
  const asked = await world.bare('GET', '/api/access/proof', undefined, { cookie });
  assert.deepEqual(asked.body, { password: false, totp: true, passkey: false });
  assert.equal(
    (await post(cookie, 'proof', { password: PASSWORD })).status,
    400,
    'the password is not enough for who has more',
  );
  assert.equal((await post(cookie, 'proof', { code: '000000' })).status, 422);
  const proof = await post(cookie, 'proof', { code: world.nextCode('loan') });
  cookie = cookieIn(proof);
  assert.equal((await act()).status, 204);
});

test('names that are not there cost as many hashes as names that are, and get the same answer', async () => {
  await add('minh');
  await world.program.house.access.accounts.setActive('minh', false);
  await withGenerator('my');
  const cost = async (id: string) => {
    const before = hashesMade();
    const { status, body } = await world.signIn(id, 'sai hoàn toàn');
    return { made: hashesMade() - before, status, error: body.error };
  };
  const answers = [];
  for (const id of ['khong-co-ai', 'minh', 'my', 'an', 'x', 'ĐỖ']) answers.push(await cost(id));
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]!.made, 1);
});

test('brute force over names and addresses: each name has its tries, each address its failures', async () => {
  later(3600);
  const statuses: number[] = [];
  for (let n = 0; n < 12; n += 1)
    statuses.push((await world.signIn('nam', `đoán ${n}`, { 'x-forwarded-for': `14.160.2.${n}` })).status);
  assert.deepEqual(statuses.slice(10), [429, 429], 'many addresses, one name');
});

test('an administrator changes every 60 days and never takes one of the last ten', async () => {
  await add('nga', ['administrator']);
  await world.signInWhole('nga');
  const { accounts } = world.program.house.access;
  for (let n = 0; n < 9; n += 1) await accounts.setPassword('nga', `Bốn con cò lội ruộng ${n}?`);
  await assert.rejects(accounts.setPassword('nga', PASSWORD), /last 10/);
  await assert.rejects(accounts.setPassword('nga', 'Bốn con cò lội ruộng 8?'), /last 10/);
  await accounts.setPassword('nga', 'Bốn con cò lội ruộng 9?');
  await accounts.setPassword('nga', PASSWORD);
  later(60 * 86_400 + 60);
  await accounts.setActive('nga', true);
  const first = await world.signIn('nga', PASSWORD);
  const second = await post(cookieIn(first), 'sign-in/code', { code: world.nextCode('nga') });
  assert.deepEqual([second.body.next, second.body.password], ['new-password', 'too-old']);
  assert.equal((await post(cookieIn(second), 'sign-in/password', { password: PASSWORD })).status, 422);
  const third = await post(cookieIn(second), 'sign-in/password', { password: 'Trời mưa ếch kêu 3 lần.' });
  assert.equal(third.body.id, 'nga');
});

test('a password of eight characters is enough beside a second factor, and no longer without it', async () => {
  await withGenerator('nhi');
  const whole = await world.signInWhole('nhi');
  const change = await post(whole.cookie, 'password', { old: PASSWORD, password: 'tkxvqzbw' });
  assert.equal(change.status, 204);
  later(61);
  const { cookie } = await world.signInWhole('nhi', 'tkxvqzbw');
  assert.equal((await world.bare('DELETE', '/api/access/totp', undefined, { cookie })).status, 204);
  const next = await world.signIn('nhi', 'tkxvqzbw');
  assert.deepEqual([next.body.next, next.body.password], ['new-password', 'too-short']);
});

test('own sessions are listed with device and place, and ended one by one or all but this', async () => {
  await add('oanh');
  const chrome = {
    'user-agent': 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/153.0 Safari/537.36',
  };
  const one = cookieIn(await world.signIn('oanh', PASSWORD, chrome));
  const two = cookieIn(await world.signIn('oanh', PASSWORD));
  const three = cookieIn(await world.signIn('oanh', PASSWORD));
  const list = await world.bare('GET', '/api/access/sessions', undefined, { cookie: two });
  assert.equal(list.body.rows.length, 3);
  const first = list.body.rows.find(({ device }: { device: string | null }) => device === 'Chrome · Windows');
  assert.deepEqual([first.current, first.ip], [false, '127.0.0.1']);
  assert.ok(!JSON.stringify(list.body).includes(one.split('=')[1]!));
  const end = (cookie: string, id: string) =>
    world.bare('DELETE', `/api/access/sessions/${id}`, undefined, { cookie });
  await add('phuong');
  const another = cookieIn(await world.signIn('phuong', PASSWORD));
  assert.equal((await end(another, first.id)).status, 404, 'nobody ends the session of another');
  assert.equal((await end(two, first.id)).status, 204);
  const me = async (cookie: string) =>
    (await world.bare('GET', '/api/access/me', undefined, { cookie })).status;
  assert.deepEqual([await me(one), await me(two), await me(three)], [401, 200, 200]);
  const others = await world.bare('DELETE', '/api/access/sessions', undefined, { cookie: two });
  assert.deepEqual([others.body, await me(two), await me(three)], [{ ended: 1 }, 200, 401]);
});

test('under TLS the cookie carries the __Host- prefix, and the one without it is not read', async () => {
  later(61);
  const tls = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '10.1.2.3' };
  const answer = await world.signIn('oanh', PASSWORD, tls);
  const given = answer.headers.get('set-cookie')!;
  assert.match(given, /^__Host-yba_session=/);
  assert.match(given, /Secure/);
  const token = given.split(';')[0]!.split('=')[1]!;
  const me = async (cookie: string) =>
    (await world.bare('GET', '/api/access/me', undefined, { cookie, ...tls })).status;
  assert.deepEqual([await me(`__Host-yba_session=${token}`), await me(`yba_session=${token}`)], [200, 401]);
});
