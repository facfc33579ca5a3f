/** Citizens sign in by a code on the phone that the record knows: what they get, and what an attacker does not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type MessengerSimulator, openMessengerSimulator } from '../../../tests/simulators/messenger.ts';
import { sid } from '../../fhir/systems.ts';
import { type FhirWorld, type HttpAnswer, openFhirWorld } from '../../fhir/testing.ts';
import { openOutbound } from '../../outbound/outbound.ts';
import { hashesMade } from '../password.ts';
import { openMessenger } from './messenger.ts';
import { citizenNumberOf, mobileOf } from './phone.ts';

let world: FhirWorld;
let gateway: MessengerSimulator;
let clock = Date.parse('2026-11-22T08:00:00+07:00');
const later = (seconds: number) => {
  clock += seconds * 1000;
};
const TEN_MINUTES = 601;

before(async () => {
  gateway = await openMessengerSimulator();
  world = await openFhirWorld(
    {
      messenger: gateway.address,
      messengerToken: 'a token of the tests',
      peers: [gateway.peer],
      proxies: ['127.0.0.1'],
    },
    { now: () => new Date(clock), log: () => undefined },
  );
});
after(async () => {
  await world.stop();
  await gateway[Symbol.asyncDispose]();
});

async function citizen(number: string, phone: string, more: object = {}): Promise<string> {
  const answer = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    identifier: [{ system: sid.cccd, value: number }],
    name: [{ text: 'Nguyễn Thị Công Dân' }],
    telecom: [{ system: 'phone', value: phone }],
    birthDate: '1980-01-01',
    ...more,
  });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.id;
}

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  world.bare('POST', `/api/access/citizen/${path}`, body, { 'content-type': 'application/json', ...headers });
const ask = (number: string, phone: string, headers: Record<string, string> = {}) =>
  post('code', { number, phone }, headers);
const jar = (answer: HttpAnswer) =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
const codeIn = (text: string) => /\b(\d{6})\b/.exec(text)![1]!;

async function signIn(number: string, phone: string) {
  const asked = await ask(number, phone);
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  const { text } = await gateway.next(mobileOf(phone)!);
  return post('sign-in', { code: codeIn(text) }, { cookie: jar(asked) });
}

test('a page that asks for a passkey and for a code at once spoils neither: the browser has its ceremony before', async () => {
  await citizen('099180000091', '0912345691');
  const cookie = jar(await world.bare('GET', '/api/access/sign-in/ways'));
  assert.match(cookie, /^yba_ceremony=[\w-]{43}$/);
  const json = { 'content-type': 'application/json', cookie };
  const [asked, question] = await Promise.all([
    ask('099180000091', '0912345691', { cookie }),
    world.bare('POST', '/api/access/passkeys/question', { for: 'sign-in' }, json),
  ]);
  assert.deepEqual([jar(asked), jar(question)], [cookie, cookie], 'nobody gives it another one');
  const { text } = await gateway.next(mobileOf('0912345691')!);
  assert.equal((await post('sign-in', { code: codeIn(text) }, { cookie })).status, 200);
});

test('a citizen signs in by a code, and acts for nobody but themselves', async () => {
  const patient = await citizen('099180000001', '0912 345 601');
  const answer = await signIn('099 180 000 001', '+84 912 345 601');
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.deepEqual(
    [answer.body.roles, answer.body.persons, answer.body.unit],
    [['citizen'], [patient], null],
  );
  assert.doesNotMatch(answer.body.id, /099180000001/, 'the sign-in name tells nothing of the person');
  const again = await signIn('099180000001', '0912345601');
  assert.equal(again.body.id, answer.body.id, 'one account a person');
});

test('the message goes out with the gateway’s token and nothing about health', async () => {
  const { message, authorization } = gateway.requests.at(-1)!;
  assert.match(authorization!, /^Bearer /);
  assert.match(message.text, /^Y Ba: ma dang nhap cua ban la \d{6}, dung trong 5 phut\./);
});

test('number and phone must both be the record’s, of one living person; the answer never says', async () => {
  await citizen('099180000002', '0912345602');
  await citizen('099180000003', '0912345603', { deceasedBoolean: true });
  await citizen('099180000004', '0912345604', { active: false });
  await citizen('099180000005', '0912345605', {
    telecom: [
      { system: 'phone', value: '0912345605', use: 'old' },
      { system: 'email', value: 'a@b.vn' },
    ],
  });
  const before = gateway.requests.length;
  const answers = [];
  for (const [number, phone] of [
    ['099180000002', '0912345699'],
    ['099180000099', '0912345602'],
    ['099180000003', '0912345603'],
    ['099180000004', '0912345604'],
    ['099180000005', '0912345605'],
    ['099180000001', '0912345602'],
  ] as const) {
    later(TEN_MINUTES);
    const hashes = hashesMade();
    const { status, body, headers } = await ask(number, phone);
    answers.push({ status, body, cookies: headers.getSetCookie().length, hashes: hashesMade() - hashes });
  }
  later(TEN_MINUTES);
  const known = await ask('099180000002', '0912345602');
  const one = {
    status: known.status,
    body: known.body,
    cookies: known.headers.getSetCookie().length,
    hashes: 0,
  };
  for (const answer of answers) assert.deepEqual(answer, one);
  await gateway.next('+84912345602');
  assert.equal(gateway.requests.length, before + 1, 'only the one who is known was sent a message');
});

test('a code is good once, for the browser that asked, for five minutes', async () => {
  later(TEN_MINUTES);
  const asked = await ask('099180000002', '0912345602');
  const code = codeIn((await gateway.next('+84912345602')).text);
  assert.equal((await post('sign-in', { code })).status, 401, 'another browser');
  const cookie = jar(asked);
  const answers = await Promise.all([1, 2, 3].map(() => post('sign-in', { code }, { cookie })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  later(TEN_MINUTES);
  const late = await ask('099180000002', '0912345602');
  const old = codeIn((await gateway.next('+84912345602')).text);
  later(301);
  assert.equal((await post('sign-in', { code: old }, { cookie: jar(late) })).status, 401);
});

test('after five wrong codes the right one is worth nothing; a new one takes the worth of the old', async () => {
  later(TEN_MINUTES);
  const asked = await ask('099180000002', '0912345602');
  const code = codeIn((await gateway.next('+84912345602')).text);
  const wrong = code === '000000' ? '000001' : '000000';
  for (let n = 0; n < 5; n += 1)
    assert.equal((await post('sign-in', { code: wrong }, { cookie: jar(asked) })).status, 401);
  assert.equal((await post('sign-in', { code }, { cookie: jar(asked) })).status, 401);
});

test('a code for nobody cannot be guessed', async () => {
  later(TEN_MINUTES);
  const asked = await ask('099180000077', '0912345677');
  for (let n = 0; n < 5; n += 1)
    assert.equal(
      (await post('sign-in', { code: String(n).padStart(6, '0') }, { cookie: jar(asked) })).status,
      401,
    );
});

test('messages to one phone and requests from one address are limited, known or not', async () => {
  later(TEN_MINUTES);
  for (const [number, phone] of [
    ['099180000001', '0912345601'],
    ['099180000088', '0912345688'],
  ] as const) {
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await ask(number, phone)).status);
    assert.deepEqual(statuses, [202, 202, 202, 429], phone);
  }
  const elsewhere = await ask('099180000001', '0912345601', { 'x-forwarded-for': '14.160.3.4' });
  assert.equal(elsewhere.status, 429, 'another address asks for the same phone');
  later(TEN_MINUTES);
  let last = 0;
  for (let n = 0; n < 31; n += 1)
    last = (await ask('099180000066', `09130000${String(n).padStart(2, '0')}`)).status;
  assert.equal(last, 429, 'one address asks for many phones');
});

test('a citizen’s session pauses after ten minutes and ends after an hour', async () => {
  later(TEN_MINUTES);
  const answer = await signIn('099180000002', '0912345602');
  const cookie = jar(answer)
    .split('; ')
    .find((one) => one.startsWith('yba_session='))!;
  const me = async () => (await world.bare('GET', '/api/access/me', undefined, { cookie })).status;
  for (let minutes = 0; minutes < 60; minutes += 9) {
    assert.equal(await me(), 200, `${minutes}`);
    later(9 * 60);
  }
  assert.equal(await me(), 401);
});

test('a citizen has no password, no generator and no account of staff', async () => {
  later(TEN_MINUTES);
  const cookie = jar(await signIn('099180000002', '0912345602'));
  const call = (method: string, path: string, body?: object) =>
    world.bare(method, `/api/access/${path}`, body, {
      cookie,
      ...(body ? { 'content-type': 'application/json' } : {}),
    });
  assert.equal((await call('POST', 'totp', {})).status, 422);
  assert.equal((await call('POST', 'proof', { password: 'x' })).status, 400);
  assert.equal((await call('GET', 'accounts')).status, 403);
  const { id } = (await call('GET', 'me')).body;
  const word = await world.bare(
    'POST',
    '/api/access/sign-in',
    { username: id, password: '' },
    { 'content-type': 'application/json' },
  );
  assert.equal(word.status, 401);
});

test('bad input is a sentence at its field, never a fault', async () => {
  later(TEN_MINUTES);
  for (const [number, phone, field] of [
    ['123', '0912345602', 'number'],
    ['099180000002', '12', 'phone'],
    ["099180000002' or 1=1", '0912345602', 'number'],
  ] as const) {
    const { status, body } = await ask(number, phone);
    assert.deepEqual([status, body.error.issues[0].expression], [400, field]);
  }
  for (const body of [{}, [], null, { number: {}, phone: [] }, { code: 123456 }]) {
    assert.equal((await post('code', body as object)).status, 400);
    assert.equal((await post('sign-in', body as object)).status, 400);
  }
  assert.equal(
    (await post('code', { number: '099180000002', phone: '0912345602' }, { 'sec-fetch-site': 'cross-site' }))
      .status,
    403,
  );
});

test('numbers as people write them', () => {
  for (const text of ['0912345678', '0912 345 678', '+84912345678', '84 912.345.678', '(0912) 345-678'])
    assert.equal(mobileOf(text), '+84912345678');
  for (const text of ['', '912345678', '0212345678', '09123456789', '+1912345678'])
    assert.equal(mobileOf(text), null);
  assert.equal(mobileOf('0000 611 953'), '+84000611953', 'the range of demo people');
  assert.equal(citizenNumberOf('099 180 000 001'), '099180000001');
});

test('a gateway that stumbles is asked again with the same id; one that refuses is not', async () => {
  await using other = await openMessengerSimulator();
  const messenger = openMessenger(openOutbound([other.peer]), other.address, null, [1, 1]);
  other.answerNext(503, 429);
  await messenger.send('+84900000001', 'a');
  assert.deepEqual(
    other.requests.map(({ status }) => status),
    [503, 429, 202],
  );
  assert.equal(new Set(other.requests.map(({ message }) => message.id)).size, 1);
  other.answerNext(0);
  await messenger.send('+84900000002', 'b');
  assert.equal(
    other.delivered.filter(({ to }) => to === '+84900000002').length,
    1,
    'taken, not answered, sent again: one message',
  );
  other.answerNext(400);
  await assert.rejects(messenger.send('+84900000003', 'c'), {
    cause: new Error('the messenger answered 400'),
  });
  other.answerNext(500, 500, 500);
  await assert.rejects(messenger.send('+84900000004', 'd'));
  assert.throws(() => openMessenger(openOutbound([]), other.address, null), /https/);
});
