/** Signing in, sessions, tokens and what guards them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, CLIENT, openAccessWorld, PASSWORD } from './testing.ts';

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
});
after(() => world.stop());

const addAccount = (id: string, more: object = {}) =>
  world.program.house.access.accounts.add({
    id,
    name: 'Người thử',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: null,
    password: PASSWORD,
    ...more,
  });
const auditOf = async (who: string) =>
  (
    await world.program.kernel.pool.query(
      'select action, outcome, ip from audit where who = $1 order by ts',
      [who],
    )
  ).rows;

test('sign-in gives an HttpOnly SameSite=Strict cookie and who I am; sign-out ends the session', async () => {
  await addAccount('an');
  const answer = await world.signIn('AN ', PASSWORD);
  assert.equal(answer.status, 200);
  const cookie = answer.headers.get('set-cookie')!;
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  assert.deepEqual(answer.body, {
    id: 'an',
    name: 'Người thử',
    roles: ['doctor'],
    unit: 'cs-1',
    unitName: 'Trạm cs-1',
    practitioner: null,
    demo: false,
  });
  const me = { cookie: cookie.split(';')[0]! };
  assert.equal((await world.bare('GET', '/api/access/me', undefined, me)).body.id, 'an');
  assert.equal((await world.bare('POST', '/api/access/sign-out', undefined, me)).status, 204);
  assert.equal((await world.bare('GET', '/api/access/me', undefined, me)).status, 401);
  assert.deepEqual(
    (await auditOf('an')).map(({ action, outcome }) => `${action} ${outcome}`),
    ['sign-in ok', 'sign-out ok'],
  );
});

test('the table holds no token that signs in', async () => {
  const token = (await world.signIn('an', PASSWORD)).headers.get('set-cookie')!.split(/[=;]/)[1]!;
  const { rows } = await world.program.kernel.pool.query('select token_hash from access.session');
  assert.ok(rows.length > 0);
  assert.ok(rows.every(({ token_hash }) => !token_hash.toString('base64url').includes(token.slice(0, 20))));
});

test('wrong password, unknown account and locked account get one and the same answer', async () => {
  await addAccount('binh');
  const wrong = await world.signIn('binh', 'sai');
  const unknown = await world.signIn('khong-co', 'sai');
  assert.deepEqual([wrong.status, unknown.status], [401, 401]);
  assert.deepEqual(wrong.body.error, unknown.body.error);
  for (let n = 0; n < 4; n += 1) await world.signIn('binh', 'sai');
  const locked = await world.signIn('binh', PASSWORD);
  assert.equal(locked.status, 401, 'TCVN 14423: lock after at most 5 failures');
  assert.deepEqual(locked.body.error, wrong.body.error);
  assert.deepEqual(
    (await auditOf('khong-co')).map(({ outcome }) => outcome),
    ['failed'],
  );
  await world.program.house.access.accounts.unlock('binh');
  assert.equal((await world.signIn('binh', PASSWORD)).status, 200);
});

test('a right password in between starts the count anew', async () => {
  await addAccount('chi');
  for (let round = 0; round < 2; round += 1) {
    for (let n = 0; n < 3; n += 1) await world.signIn('chi', 'sai');
    assert.equal((await world.signIn('chi', PASSWORD)).status, 200);
  }
});

test('tries are throttled: 429 with Retry-After', async () => {
  let last = 0;
  for (let n = 0; n < 12; n += 1) {
    const answer = await world.signIn('ai-do', 'x');
    last = answer.status;
    if (last === 429) assert.ok(answer.headers.get('retry-after'));
  }
  assert.equal(last, 429);
});

test('a session locks after 15 idle minutes and says so; an administrator after 5', async () => {
  await addAccount('dung');
  await addAccount('em', { roles: ['administrator'] });
  world.setNow('2026-11-22T08:00:00+07:00');
  const cookieOf = async (id: string) => ({
    cookie: (await world.signIn(id, PASSWORD)).headers.get('set-cookie')!.split(';')[0]!,
  });
  const [user, admin] = [await cookieOf('dung'), { cookie: (await world.signInWhole('em')).cookie }];
  world.setNow('2026-11-22T08:06:00+07:00');
  assert.equal((await world.bare('GET', '/api/access/me', undefined, user)).status, 200);
  const locked = await world.bare('GET', '/api/access/me', undefined, admin);
  assert.deepEqual([locked.status, locked.body.error.details], [401, { locked: true, username: 'em' }]);
  world.setNow('2026-11-22T08:20:00+07:00');
  assert.equal(
    (await world.bare('GET', '/api/access/me', undefined, user)).status,
    200,
    'activity keeps it open',
  );
  world.setNow('2026-11-22T08:36:00+07:00');
  assert.equal((await world.bare('GET', '/api/access/me', undefined, user)).status, 401);
  assert.equal((await world.bare('GET', '/fhir/Patient', undefined, user)).status, 401);
  world.setNow('2026-11-22T08:37:00+07:00');
  assert.equal((await world.bare('GET', '/api/access/me', undefined, user)).status, 401, 'it stays locked');
  assert.equal((await world.signIn('dung', PASSWORD, user)).status, 200);
});

test('a session ends with the shift, however busy', async () => {
  world.setNow('2026-11-22T08:00:00+07:00');
  const cookie = (await world.signIn('dung', PASSWORD)).headers.get('set-cookie')!.split(';')[0]!;
  for (let minutes = 0; minutes <= 12 * 60; minutes += 10) {
    world.setNow(new Date(Date.parse('2026-11-22T08:00:00+07:00') + minutes * 60_000).toISOString());
    assert.equal(
      (await world.bare('GET', '/api/access/me', undefined, { cookie })).status,
      200,
      `${minutes}`,
    );
  }
  world.setNow('2026-11-22T20:05:00+07:00');
  assert.equal((await world.bare('GET', '/api/access/me', undefined, { cookie })).status, 401);
});

test('a write with the cookie from another origin is refused', async () => {
  world.setNow('2026-11-22T09:00:00+07:00');
  const { call } = await world.staff('reception', 'cs-1');
  const post = (headers: Record<string, string>) =>
    call('POST', '/fhir/Patient', { resourceType: 'Patient' }, headers);
  assert.equal((await post({ 'sec-fetch-site': 'cross-site' })).status, 403);
  assert.equal((await post({ 'sec-fetch-site': 'same-site' })).status, 403);
  assert.equal((await post({ origin: 'https://evil.example' })).status, 403);
  assert.equal((await post({ 'sec-fetch-site': 'same-origin' })).status, 201);
  assert.equal((await post({ origin: world.program.address })).status, 201);
  assert.equal(
    (await call('GET', '/fhir/Patient', undefined, { 'sec-fetch-site': 'cross-site' })).status,
    200,
  );
});

test('a closed account is signed out within seconds', async () => {
  await addAccount('giang');
  const cookie = (await world.signIn('giang', PASSWORD)).headers.get('set-cookie')!.split(';')[0]!;
  await world.program.house.access.accounts.setActive('giang', false);
  world.setNow('2026-11-22T09:01:00+07:00');
  assert.equal((await world.bare('GET', '/api/access/me', undefined, { cookie })).status, 401);
  assert.equal((await world.signIn('giang', PASSWORD)).status, 401);
});

test('weak passwords are refused with the rule', async () => {
  for (const password of [
    'ngắn',
    'khongcochuhoa1234!',
    'KHONGCOCHUTHUONG1!',
    'KhongCoKyHieu12345',
    'Chứa tên yếu-yếu.1a!',
  ]) {
    await assert.rejects(
      addAccount('yếu-yếu'.normalize('NFD').replace(/\p{M}/gu, ''), {
        password: password.replaceAll('yếu', 'yeu'),
      }),
      /characters|14/,
    );
  }
});

test('RFC 6749: the token endpoint takes Basic and form secrets, narrows scopes, and names its errors', async () => {
  const ask = async (form: Record<string, string>, basic?: string) => {
    const answer = await fetch(`${world.program.address}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: basic === undefined ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` },
    });
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as Record<string, unknown>,
    };
  };
  const secret = { client_id: CLIENT.id, client_secret: CLIENT.secret };
  const grant = { grant_type: 'client_credentials' };
  const good = await ask({ ...grant, ...secret });
  assert.equal(good.status, 200);
  assert.equal(good.headers.get('cache-control'), 'no-store');
  assert.deepEqual(
    [good.body.token_type, good.body.scope, good.body.expires_in],
    ['Bearer', 'system/*.cruds', 3600],
  );
  assert.equal((await ask(grant, `${CLIENT.id}:${encodeURIComponent(CLIENT.secret)}`)).status, 200);
  assert.equal(
    (await ask({ ...grant, ...secret, scope: 'system/Patient.read system/Observation.rs' })).body.scope,
    'system/Patient.read system/Observation.rs',
  );
  const errors: [Record<string, string>, number, string][] = [
    [{ ...grant, client_id: CLIENT.id, client_secret: 'wrong' }, 401, 'invalid_client'],
    [{ ...grant, client_id: 'nobody', client_secret: 'x' }, 401, 'invalid_client'],
    [{ ...secret }, 400, 'invalid_request'],
    [{ ...secret, grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [{ ...grant, ...secret, scope: 'system/patient.rs' }, 400, 'invalid_scope'],
    [{ ...grant, ...secret, scope: 'openid' }, 400, 'invalid_scope'],
    [{ ...grant, ...secret, scope: 'system/Patients.rs' }, 400, 'invalid_scope'],
  ];
  for (const [form, status, error] of errors) {
    const answer = await ask(form);
    assert.deepEqual([answer.status, answer.body.error], [status, error], JSON.stringify(form));
  }
});

test('RFC 8414: the token server says of itself what it does, and no page of ours stands in its place', async () => {
  for (const name of ['oauth-authorization-server', 'openid-configuration']) {
    const { status, body } = await world.bare('GET', `/.well-known/${name}`);
    assert.deepEqual([status, body?.issuer], [200, world.program.address]);
    assert.equal(body.token_endpoint, `${world.program.address}/oauth2/token`);
    assert.equal((await world.bare('GET', body.jwks_uri)).body.keys[0].alg, 'ES256');
    assert.equal(body.authorization_endpoint, `${world.program.address}/oauth2/authorize`);
  }
  assert.equal((await world.bare('GET', '/.well-known/other')).status, 404);
});

test('a client gets no scope beyond those it was registered for, and none when it is closed', async () => {
  const { clients } = world.program.house.access;
  await clients.add({
    id: 'lab',
    name: 'Máy xét nghiệm',
    secret: 'lab-secret',
    scopes: 'system/Observation.cru',
  });
  const ask = (scope?: string) =>
    fetch(`${world.program.address}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'lab',
        client_secret: 'lab-secret',
        ...(scope && { scope }),
      }),
    });
  assert.equal((await ask('system/*.cruds')).status, 400);
  assert.equal((await ask('system/Observation.d')).status, 400);
  assert.equal(((await (await ask()).json()) as { scope: string }).scope, 'system/Observation.cru');
  await clients.setActive('lab', false);
  assert.equal((await ask()).status, 401);
});

test('sign-ins and refusals of clients are in the audit', async () => {
  const rows = await auditOf(CLIENT.id);
  assert.ok(rows.some(({ action, outcome }) => action === 'sign-in' && outcome === 'ok'));
  assert.ok(rows.some(({ action, outcome }) => action === 'sign-in' && outcome === 'failed'));
});

test('guessing many accounts from one address is throttled, signing in many people from it is not', async () => {
  world.setNow('2026-11-22T12:00:00+07:00');
  await Promise.all(Array.from({ length: 4 }, (_, n) => addAccount(`ca-sang-${n}`)));
  for (let round = 0; round < 9; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) => world.signIn(`ca-sang-${n}`, PASSWORD)),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200],
    );
  }
  await Promise.all(Array.from({ length: 30 }, (_, n) => addAccount(`ca-chieu-${n}`)));
  const afternoon = await Promise.all(
    Array.from({ length: 30 }, (_, n) => world.signIn(`ca-chieu-${n}`, PASSWORD)),
  );
  assert.ok(
    afternoon.every(({ status }) => status === 200),
    'sixty-six people in a minute',
  );
  world.setNow('2026-11-22T13:00:00+07:00');
  let refused = 0;
  for (let n = 0; n < 64; n += 1) if ((await world.signIn(`doan-${n}`, 'x')).status === 429) refused += 1;
  assert.equal(refused, 4);
});

test('a person changes the own password: the old one is asked, the rules hold, and every session ends', async () => {
  world.setNow('2026-11-22T15:00:00+07:00');
  await addAccount('khanh');
  const cookie = (await world.signIn('khanh', PASSWORD)).headers.get('set-cookie')!.split(';')[0]!;
  const change = (old: string, password: string) =>
    world.bare(
      'POST',
      '/api/access/password',
      { old, password },
      { cookie, 'content-type': 'application/json' },
    );
  assert.equal((await change('sai', 'Mật khẩu mới 2027!')).status, 422, 'not 401: the session is good');
  assert.equal((await change(PASSWORD, 'ngắn')).status, 422);
  assert.equal((await change(PASSWORD, 'Mật khẩu mới 2027!')).status, 204);
  world.setNow('2026-11-22T15:00:10+07:00');
  assert.equal((await world.bare('GET', '/api/access/me', undefined, { cookie })).status, 401);
  assert.equal((await world.signIn('khanh', PASSWORD)).status, 401);
  assert.equal((await world.signIn('khanh', 'Mật khẩu mới 2027!')).status, 200);
});
