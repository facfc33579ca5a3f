/** Passkeys over HTTP: registering, signing in without a name, proving again; and answers that lie (WebAuthn Level 3 §7). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HttpAnswer } from '../../fhir/testing.ts';
import { type AccessWorld, cookieIn, openAccessWorld, PASSWORD } from '../testing.ts';
import { type Authenticator, type Lies, openAuthenticator } from './authenticator.testing.ts';
import { relyingPartyOf } from './party.ts';

let world: AccessWorld;
let origin: string;
let clock = Date.parse('2026-11-22T08:00:00+07:00');
const later = (seconds: number) => {
  clock += seconds * 1000;
  world.setNow(new Date(clock).toISOString());
};
before(async () => {
  world = await openAccessWorld();
  origin = world.program.address.replace('127.0.0.1', 'localhost');
  later(0);
});
after(() => world.stop());

/** A browser: keeps what it is given, as `cookie` header. */
class Browser {
  #jar = new Map<string, string>();
  get cookie() {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }
  take(answer: HttpAnswer): HttpAnswer {
    for (const given of answer.headers.getSetCookie()) {
      const [name, value] = given.split(';')[0]!.split('=') as [string, string];
      if (value === '') this.#jar.delete(name);
      else this.#jar.set(name, value);
    }
    return answer;
  }
  async call(method: string, path: string, body?: object): Promise<HttpAnswer> {
    const headers = { cookie: this.cookie, ...(body ? { 'content-type': 'application/json' } : {}) };
    return this.take(await world.bare(method, `/api/access/${path}`, body, headers));
  }
  post = (path: string, body: object = {}) => this.call('POST', path, body);
}

const addAccount = (id: string, roles: ('doctor' | 'administrator')[] = ['doctor']) =>
  world.program.house.access.accounts.add({
    id,
    name: `Người ${id}`,
    roles,
    unit: 'cs-1',
    practitioner: null,
    password: PASSWORD,
  });

async function signedIn(id: string, roles?: ('doctor' | 'administrator')[]): Promise<Browser> {
  await addAccount(id, roles);
  const browser = new Browser();
  browser.take(await world.signIn(id, PASSWORD));
  return browser;
}

async function register(browser: Browser, key: Authenticator, lies: Lies = {}): Promise<HttpAnswer> {
  const options = await browser.post('passkeys/creation');
  assert.equal(options.status, 200, JSON.stringify(options.body));
  return browser.post('passkeys', { name: 'Máy trạm', answer: key.create(options.body, lies) });
}

/** Without a name, in a browser of its own. */
async function signIn(key: Authenticator, lies: Lies = {}, browser = new Browser()): Promise<HttpAnswer> {
  const question = await browser.post('passkeys/question');
  return browser.post('sign-in/passkey', { answer: key.get(question.body, lies) });
}

test('a passkey is registered for the person, device-bound or synced as it says, and signs in without a name', async () => {
  const browser = await signedIn('an');
  const key = openAuthenticator(origin);
  const options = (await browser.post('passkeys/creation')).body;
  assert.deepEqual(options.authenticatorSelection, {
    residentKey: 'required',
    userVerification: 'required',
    requireResidentKey: true,
  });
  assert.equal(options.rp.id, 'localhost');
  assert.ok(!Buffer.from(options.user.id, 'base64url').toString().includes('an'), 'the handle names nobody');
  const made = await register(browser, key, { synced: true });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.deepEqual(
    [made.body.passkey.synced, made.body.passkey.backedUp, made.body.recoveryCodes.length],
    [true, true, 10],
  );
  const question = await new Browser().post('passkeys/question');
  assert.deepEqual([question.body.allowCredentials, question.body.userVerification], [undefined, 'required']);
  const answer = await signIn(key, { synced: true });
  assert.deepEqual([answer.status, answer.body.id], [200, 'an']);
});

test('every lie is refused in the same words: origin, domain, challenge, type, no verification, a key nobody knows', async () => {
  const key = openAuthenticator(origin);
  assert.equal((await register(await signedIn('binh'), key)).status, 201);
  const handle = await world.program.kernel.pool.query(
    `select user_handle::text as handle from access.account where id = 'an'`,
  );
  const lies: Lies[] = [
    { origin: 'https://evil.example' },
    { origin: `${origin}.evil.example` },
    { origin: origin.replace('http:', 'https:') },
    { rpId: 'evil.example' },
    { challenge: Buffer.from('another').toString('base64url') },
    { challenge: '' },
    { verified: false },
    { type: 'webauthn.create' },
    { userHandle: Buffer.from(handle.rows[0].handle).toString('base64url') },
    { userHandle: '%%%' },
  ];
  const words = new Set<string>();
  for (const lie of lies) {
    const answer = await signIn(key, lie);
    assert.equal(answer.status, 401, JSON.stringify(lie));
    words.add(answer.body.error.text);
  }
  words.add((await signIn(openAuthenticator(origin))).body.error.text);
  assert.equal(words.size, 1);
  assert.equal((await signIn(key)).status, 200);
});

test('a challenge is good once, for its own browser, its own purpose, and five minutes', async () => {
  const key = openAuthenticator(origin);
  const owner = await signedIn('chi');
  await register(owner, key);
  const browser = new Browser();
  const question = await browser.post('passkeys/question');
  const answer = key.get(question.body);
  assert.equal((await new Browser().post('sign-in/passkey', { answer })).status, 401, 'another browser');
  assert.equal((await browser.post('sign-in/passkey', { answer })).status, 200);
  assert.equal((await browser.post('sign-in/passkey', { answer })).status, 401, 'again');

  const late = new Browser();
  const old = await late.post('passkeys/question');
  later(301);
  assert.equal((await late.post('sign-in/passkey', { answer: key.get(old.body) })).status, 401, 'too late');

  const proving = await owner.post('passkeys/question', { for: 'proof' });
  assert.equal(
    (await owner.post('sign-in/passkey', { answer: key.get(proving.body) })).status,
    401,
    'another purpose',
  );
  const both = new Browser();
  const twice = await both.post('passkeys/question');
  const same = key.get(twice.body);
  const answers = await Promise.all([1, 2, 3, 4].map(() => both.post('sign-in/passkey', { answer: same })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1, 'at once');
});

test('after the password only a key of that account is taken', async () => {
  const [own, other] = [openAuthenticator(origin), openAuthenticator(origin)];
  await register(await signedIn('dung'), own);
  await register(await signedIn('em'), other);
  const half = new Browser();
  assert.equal(half.take(await world.signIn('dung', PASSWORD)).body.next, 'second-factor');
  const question = await half.post('passkeys/question');
  assert.deepEqual(
    question.body.allowCredentials.map(({ id }: { id: string }) => id),
    [own.id],
  );
  assert.equal((await half.post('sign-in/passkey', { answer: other.get(question.body) })).status, 401);
  const again = await half.post('passkeys/question');
  assert.equal((await half.post('sign-in/passkey', { answer: own.get(again.body) })).body.id, 'dung');
});

test('a key proves an act again; the key of somebody else does not', async () => {
  const [own, other] = [openAuthenticator(origin), openAuthenticator(origin)];
  const browser = await signedIn('giang');
  await register(browser, own);
  await register(await signedIn('ha'), other);
  const ask = () => browser.post('passkeys/question', { for: 'proof' });
  assert.equal((await browser.post('proof', { passkey: other.get((await ask()).body) })).status, 422);
  assert.equal((await browser.post('proof', { passkey: own.get((await ask()).body) })).status, 204);
});

test('counters are a hint: a synced key that always says 0 is let in, and one that goes back', async () => {
  const key = openAuthenticator(origin);
  await register(await signedIn('hai'), key, { synced: true, counter: 0 });
  assert.equal((await signIn(key, { counter: 0, synced: true })).status, 200);
  assert.equal((await signIn(key, { counter: 9, synced: true })).status, 200);
  assert.equal((await signIn(key, { counter: 3, synced: true })).status, 200);
});

test('an administrator may enrol a key of one device and none that is copied; that is enough to go on', async () => {
  const browser = await signedIn('hung', ['administrator']);
  const refused = await register(browser, openAuthenticator(origin), { synced: true });
  assert.deepEqual([refused.status, (await browser.call('GET', 'me')).status], [422, 401]);
  const before = browser.cookie;
  const made = await register(browser, openAuthenticator(origin));
  assert.deepEqual([made.status, made.body.id, made.body.recoveryCodes.length], [201, 'hung', 10]);
  assert.notEqual(browser.cookie, before);
  assert.equal((await browser.call('GET', 'me')).status, 200);
});

test('lying answers register nothing', async () => {
  const browser = await signedIn('khoa');
  for (const lie of [
    { origin: 'https://evil.example' },
    { rpId: 'x' },
    { challenge: 'AAAA' },
    { verified: false },
    { type: 'webauthn.get' },
  ] as Lies[])
    assert.equal((await register(browser, openAuthenticator(origin), lie)).status, 422, JSON.stringify(lie));
  const options = (await browser.post('passkeys/creation')).body;
  for (const answer of [
    null,
    {},
    'x',
    { response: {} },
    { id: 'a', rawId: 'b', type: 'public-key', response: { clientDataJSON: '', attestationObject: '' } },
  ])
    assert.equal((await browser.post('passkeys', { name: 'x', answer })).status, 422);
  assert.ok(options.challenge);
  assert.deepEqual((await browser.call('GET', 'account')).body.passkeys, []);
});

test('one key belongs to one account', async () => {
  const key = openAuthenticator(origin);
  assert.equal((await register(await signedIn('lam'), key)).status, 201);
  assert.equal((await register(await signedIn('long'), key)).status, 422);
});

test('own keys are named and removed, those of others are not found; the last one stays with who must have two', async () => {
  const browser = await signedIn('mai', ['administrator']);
  const [one, two] = [openAuthenticator(origin), openAuthenticator(origin)];
  await register(browser, one);
  await register(browser, two);
  const stranger = await signedIn('nam');
  assert.equal((await stranger.call('PUT', `passkeys/${one.id}`, { name: 'của tôi' })).status, 404);
  assert.equal((await stranger.call('DELETE', `passkeys/${one.id}`)).status, 404);
  assert.equal((await browser.call('PUT', `passkeys/${one.id}`, { name: 'Khóa bạc' })).status, 204);
  assert.equal((await browser.call('DELETE', `passkeys/${two.id}`)).status, 204);
  assert.equal((await browser.call('DELETE', `passkeys/${one.id}`)).status, 422);
  const { passkeys } = (await browser.call('GET', 'account')).body;
  assert.deepEqual(
    passkeys.map(({ name }: { name: string }) => name),
    ['Khóa bạc'],
  );
  assert.equal((await signIn(two)).status, 401);
});

test('a key of an account that was closed or locked signs nobody in', async () => {
  const key = openAuthenticator(origin);
  await register(await signedIn('oanh'), key);
  const { accounts } = world.program.house.access;
  await accounts.setActive('oanh', false);
  assert.equal((await signIn(key)).status, 401);
  await accounts.setActive('oanh', true);
  for (let n = 0; n < 5; n += 1) await accounts.failed('oanh');
  assert.equal((await signIn(key)).status, 401);
});

test('passkeys belong to the domain of the program, never to what a request says of itself', () => {
  assert.deepEqual(relyingPartyOf('https://yba.example.vn'), {
    id: 'yba.example.vn',
    origins: ['https://yba.example.vn'],
  });
  assert.deepEqual(relyingPartyOf('http://127.0.0.1:8080'), {
    id: 'localhost',
    origins: ['http://localhost:8080'],
  });
  assert.equal(relyingPartyOf('https://10.1.2.3:8443'), null);
});

test('a wrong session cookie with a right answer is no half session of somebody', async () => {
  const key = openAuthenticator(origin);
  await register(await signedIn('phuc'), key);
  const browser = new Browser();
  const answer = await signIn(key, {}, browser);
  assert.notEqual(cookieIn(answer), '');
  assert.equal(answer.body.id, 'phuc');
});
