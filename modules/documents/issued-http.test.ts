/** Issued papers over HTTP: one number for one version of the record, kept bytes, copies, the end of a paper, signed cards. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { scanned } from '../../engines/documents/fixtures/scan.ts';
import { archiveFaults } from '../../engines/documents/index.ts';
import { citizenCookie } from '../../kernel/access/citizen.testing.ts';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { ext } from '../../kernel/fhir/systems.ts';
import type { DocumentReference, Immunization, Resource } from '../../kernel/fhir/types.ts';
import { type ClaimsWorld, openClaimsWorld } from '../insurance/claims/testing.ts';
import { openCardKeys } from './cards/keys.ts';
import type { CardsKnown } from './cards/routes.ts';
import { type PublicKey, verifyCard } from './cards/verify.ts';
import type { PaperPage, PaperRow } from './issued.ts';

let world: ClaimsWorld;
const cookies = new Map<string, Promise<string>>();
before(async () => {
  world = await openClaimsWorld();
});
after(() => world.stop());

async function send(who: string, method: string, path: string, body?: unknown, accept = 'application/pdf') {
  const { address } = world.program;
  const cookie = cookies.get(who) ?? cookieOf(address, who);
  cookies.set(who, cookie);
  return fetch(`${address}${path}`, {
    method,
    headers: {
      cookie: await cookie,
      accept,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
/** Sessions of before are over then. */
function later(instant: string): void {
  world.setNow(instant);
  cookies.clear();
}
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
const wordsOf = (bytes: Buffer) => new Pdf(bytes).pages().join(' ').replace(/\s+/g, ' ');
const issue = (patient: string, key = 'vaccination-certificate', who = 'bacsi') =>
  send(who, 'POST', `/api/documents/papers/${key}`, { subject: `Patient/${patient}` });
const idOf = (answer: Response) => answer.headers.get('location')!.split('/').at(-1)!;
const papersOf = async (patient: string, who = 'bacsi'): Promise<PaperRow[]> =>
  ((await (await send(who, 'GET', `/api/documents/people/${patient}/papers`)).json()) as PaperPage).rows;
const kept = (id: string) => world.program.kernel.gate.system('test').read('DocumentReference', id);

const dose = (patient: string, id: string, day: string): Immunization => ({
  resourceType: 'Immunization',
  id,
  status: 'completed',
  vaccineCode: {
    coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }],
    text: 'Vắc xin viêm gan B',
  },
  patient: { reference: `Patient/${patient}` },
  occurrenceDateTime: day,
  lotNumber: 'DEMO-1',
});

async function vaccinated(): Promise<string> {
  const { patient } = await world.arrive({ name: [{ text: 'Đỗ Ẵm', family: 'Đỗ', given: ['Ẵm'] }] });
  await world.write([dose(patient, `mui-${patient.slice(-8)}`, '2024-02-09') as Resource]);
  return patient;
}

test('a certificate is issued with a number and kept: type, subject, author, hash, template and its version', async () => {
  const patient = await vaccinated();
  const answer = await issue(patient);
  assert.equal(answer.status, 201);
  const bytes = await bytesOf(answer);
  assert.deepEqual(archiveFaults(bytes, 3), []);
  assert.match(wordsOf(bytes), /GIẤY XÁC NHẬN TIÊM CHỦNG.*ĐỖ ẴM.*Vắc xin viêm gan B.*09\/02\/2024/);
  const document = await kept(idOf(answer));
  assert.equal(document.status, 'current');
  assert.match(document.identifier![0]!.value!, /^25D01\/TC\/2026\/\d{6}$/);
  assert.equal(document.type!.coding![0]!.code, 'vaccination-certificate');
  assert.equal(document.subject!.reference, `Patient/${patient}`);
  assert.match(document.author![0]!.reference!, /^Practitioner\//);
  assert.equal(document.custodian!.reference, 'Organization/cs-25D01');
  assert.match(document.extension![0]!.valueCanonical!, /giay-to\/vaccination-certificate\|2026-01-01$/);
  const attachment = document.content[0]!.attachment;
  const stated = attachment.extension!.find(({ url }) => url === ext.sha256)!.valueString;
  assert.equal(stated, createHash('sha256').update(bytes).digest('hex'));
  assert.ok(Buffer.from(attachment.data!, 'base64').equals(bytes));
  assert.ok(
    document.context!.related!.some(({ reference }) => /^Immunization\/.*_history\/1$/.test(reference!)),
  );
});

test('the same version of the record gives the same paper and no second number, also to many who ask at once', async () => {
  const patient = await vaccinated();
  const answers = await Promise.all(Array.from({ length: 6 }, () => issue(patient)));
  const bytes = await Promise.all(answers.map(bytesOf));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.ok(bytes.every((each) => each.equals(bytes[0]!)));
  assert.equal((await papersOf(patient)).length, 1);
});

test('a new dose makes a new paper; the one before points to it and is marked when it is shown', async () => {
  const patient = await vaccinated();
  const first = await issue(patient);
  await world.write([dose(patient, `mui2-${patient.slice(-8)}`, '2024-04-12') as Resource]);
  const second = await issue(patient);
  assert.equal(second.status, 201);
  const rows = await papersOf(patient);
  assert.deepEqual(rows.map(({ state }) => state).sort(), ['current', 'superseded']);
  const old = rows.find(({ state }) => state === 'superseded')!;
  assert.equal(old.replacedBy!.id, idOf(second));
  assert.equal(
    (await kept(idOf(second))).relatesTo![0]!.target.reference,
    `DocumentReference/${idOf(first)}`,
  );
  const shown = await bytesOf(await send('bacsi', 'GET', `/api/documents/issued/${old.id}/paper.pdf`));
  assert.match(wordsOf(shown), new RegExp(`ĐÃ ĐƯỢC THAY THẾ · bằng giấy số ${old.replacedBy!.number}`));
});

test('a cancelled paper says so with the reason, has no copies, and is issued anew under another number', async () => {
  const patient = await vaccinated();
  const first = await issue(patient);
  const path = `/api/documents/issued/${idOf(first)}`;
  assert.equal((await send('bacsi', 'POST', `${path}/cancel`, { reason: ' ' })).status, 400);
  assert.equal((await send('dieuduong', 'POST', `${path}/cancel`, { reason: 'sai tên' })).status, 403);
  const done = await send('bacsi', 'POST', `${path}/cancel`, { reason: 'Ghi sai tên người được tiêm' });
  assert.equal(done.status, 200);
  assert.equal(((await done.json()) as PaperRow).state, 'cancelled');
  const shown = await bytesOf(await send('bacsi', 'GET', `${path}/paper.pdf`));
  assert.match(wordsOf(shown), /ĐÃ HUỶ[\s\S]*Ghi sai tên người được tiêm/);
  assert.equal((await send('bacsi', 'POST', `${path}/copies`)).status, 409);
  assert.equal((await send('bacsi', 'POST', `${path}/cancel`, { reason: 'lần nữa cho chắc' })).status, 409);
  const second = await issue(patient);
  assert.equal(second.status, 201);
  assert.notEqual(
    (await kept(idOf(second))).identifier![0]!.value,
    (await kept(idOf(first))).identifier![0]!.value,
  );
});

test('every print, copy and look is a line of the audit', async () => {
  const patient = await vaccinated();
  const path = `/api/documents/issued/${idOf(await issue(patient))}`;
  await send('bacsi', 'GET', `${path}/paper.pdf`);
  await send('bacsi', 'POST', `${path}/copies`);
  const picture = await send('bacsi', 'GET', `${path}/picture.svg`);
  assert.equal(picture.headers.get('content-type'), 'image/svg+xml');
  assert.equal(picture.headers.get('x-pages'), '1');
  const shown = await picture.text();
  assert.match(shown, /^<svg/);
  assert.match(
    shown,
    /\(bacsi\) · \d\d\/\d\d\/\d{4} \d\d:\d\d<\/text>/,
    'whose screen it is stands over the page',
  );
  assert.ok(!wordsOf(await bytesOf(await send('bacsi', 'GET', `${path}/original.pdf`))).includes('(bacsi)'));
  const { rows } = await world.program.kernel.pool.query(
    `select count(*)::int as count from audit where action = 'print' and patient = $1`,
    [patient],
  );
  assert.equal(rows[0].count, 4);
});

test('bytes that were altered in the record are not printed', async () => {
  const patient = await vaccinated();
  const id = idOf(await issue(patient));
  const document = (await kept(id)) as DocumentReference;
  document.content[0]!.attachment.data = Buffer.from('%PDF-1.7 giả').toString('base64');
  await world.program.kernel.gate.system('test').update(document);
  const answer = await send('bacsi', 'GET', `/api/documents/issued/${id}/paper.pdf`);
  assert.equal(answer.status, 409);
});

test('the QR code is a card that is verified by the published keys alone', async () => {
  const patient = await vaccinated();
  const bytes = await bytesOf(await issue(patient));
  const text = new Pdf(bytes)
    .pictures()
    .map(scanned)
    .find((each) => each?.startsWith('shc:/'));
  assert.ok(text, 'a card is on the paper');
  const known = (await (await fetch(`${world.program.address}/.well-known/yba-cards`)).json()) as CardsKnown;
  const now = world.program.kernel.settings.now();
  const verdict = await verifyCard(text, known.keys as unknown as PublicKey[], known.issuer, now);
  assert.equal(verdict.state, 'valid');
  const open = await fetch(`${world.program.address}/.well-known/jwks.json`);
  assert.equal(open.headers.get('access-control-allow-origin'), '*');
  const { keys } = (await open.json()) as { keys: Record<string, unknown>[] };
  assert.ok(
    keys.every((key) => key.kty === 'EC' && key.use === 'sig' && key.alg === 'ES256' && !('d' in key)),
  );
  assert.equal(known.names['http://hl7.org/fhir/sid/cvx']!['08']!.length > 0, true);
});

test('who may not print, what is not there, what is of another kind: each is a clear answer', async () => {
  const patient = await vaccinated();
  assert.equal((await issue(patient, 'vaccination-certificate', 'letan')).status, 403);
  assert.equal((await issue(patient, 'vaccination-certificate', 'thungan')).status, 403);
  assert.equal((await issue(patient, 'khong-co')).status, 404);
  assert.equal((await issue(patient, 'prescription')).status, 404);
  assert.equal((await issue('khong-co')).status, 404);
  for (const body of [
    {},
    { subject: 7 },
    { subject: 'Organization/cs-25D01' },
    { subject: 'Patient/../x' },
    [],
  ])
    assert.equal(
      (await send('bacsi', 'POST', '/api/documents/papers/vaccination-certificate', body)).status,
      400,
    );
  assert.equal((await send('bacsi', 'GET', '/api/documents/issued/khong-co/paper.pdf')).status, 404);
  const id = idOf(await issue(patient));
  assert.equal((await send('bacsi', 'GET', `/api/documents/issued/${id}/picture.svg?page=0`)).status, 400);
  assert.equal((await send('thungan', 'GET', `/api/documents/issued/${id}/paper.pdf`)).status, 403);
});

test('hostile text is shown and not run; what the font cannot draw is a question mark', async () => {
  const name = `#eval("1+1") $x$ <b>đậm</b> 😀 مرحبا ${'dài'.repeat(3000)}`;
  const { patient } = await world.arrive({ name: [{ text: name }] });
  const answer = await issue(patient, 'patient-card');
  assert.equal(answer.status, 201, await answer.clone().text());
  const shown = wordsOf(await bytesOf(answer)).replaceAll(' ', '');
  assert.ok(shown.includes('#EVAL("1+1")$X$<B>ĐẬM</B>??????DÀIDÀI'), shown.slice(0, 200));
});

test('a person without anything has a certificate that says so', async () => {
  const { patient } = await world.arrive({ birthDate: undefined, identifier: undefined } as never);
  const answer = await issue(patient);
  assert.equal(answer.status, 201, await answer.clone().text());
  assert.match(wordsOf(await bytesOf(answer)), /Hồ sơ chưa ghi nhận mũi tiêm nào/);
});

test('the signed prescription is kept too, and a ticket is not', async () => {
  const { encounter, patient } = await world.finishedVisit();
  await world.download('bacsi', `/api/documents/encounters/${encounter}/prescription.pdf`);
  await world.download('letan', `/api/documents/encounters/${encounter}/ticket.pdf`);
  await world.download('thungan', `/api/documents/encounters/${encounter}/statement.pdf`);
  const rows = await papersOf(patient);
  assert.deepEqual(rows.map(({ key }) => key).sort(), ['prescription', 'statement']);
  assert.match(rows.find(({ key }) => key === 'prescription')!.number, /^25D01[0-9a-z]{7}-c$/);
});

test('a paper is printed again byte for byte; copies are numbered and stamped over the untouched original', async () => {
  const patient = await vaccinated();
  const answer = await issue(patient);
  const original = await bytesOf(answer);
  const path = `/api/documents/issued/${idOf(answer)}`;
  later('2026-11-25T08:00:00+07:00');
  const again = await bytesOf(await send('bacsi', 'GET', `${path}/paper.pdf`));
  assert.ok(again.equals(original));
  for (const copy of [1, 2]) {
    const stamped = await send('dieuduong', 'POST', `${path}/copies`);
    assert.equal(stamped.status, 201);
    const bytes = await bytesOf(stamped);
    assert.ok(bytes.subarray(0, original.length).equals(original));
    assert.match(wordsOf(bytes), new RegExp(`BẢN SAO lần ${copy} · in ngày 25/11/2026`));
    assert.deepEqual(archiveFaults(bytes, 3), []);
  }
  assert.ok((await bytesOf(await send('bacsi', 'GET', `${path}/original.pdf`))).equals(original));
});

test('a citizen sees the own papers and makes those that are for citizens, and nobody else’s', async () => {
  const [own, other] = [await vaccinated(), await vaccinated()];
  await issue(other);
  cookies.set('nguoidan', citizenCookie(world.program, own));
  const made = await issue(own, 'vaccination-certificate', 'nguoidan');
  assert.equal(made.status, 201, await made.clone().text());
  const rows = await papersOf(own, 'nguoidan');
  assert.equal(rows.length, 1);
  assert.equal((await send('nguoidan', 'GET', `/api/documents/issued/${rows[0]!.id}/paper.pdf`)).status, 200);
  const [theirs] = await papersOf(other);
  for (const path of [
    `/api/documents/issued/${theirs!.id}/paper.pdf`,
    `/api/documents/issued/${theirs!.id}/picture.svg`,
  ])
    assert.ok([403, 404].includes((await send('nguoidan', 'GET', path)).status), path);
  const listed = await send('nguoidan', 'GET', `/api/documents/people/${other}/papers`);
  assert.ok(
    listed.status === 403 || ((await listed.json()) as PaperPage).rows.length === 0,
    String(listed.status),
  );
  assert.ok([403, 404].includes((await issue(other, 'vaccination-certificate', 'nguoidan')).status));
  assert.equal(
    (await send('nguoidan', 'POST', `/api/documents/issued/${rows[0]!.id}/cancel`, { reason: 'không thích' }))
      .status,
    403,
  );
});

test('a new key is published before it signs, and cards of the old one stay right', async () => {
  const { kernel } = world.program;
  const day = 86_400_000;
  const start = kernel.settings.now().getTime();
  let now = new Date(start);
  const keys = openCardKeys(kernel.pool, kernel.keys, () => now);
  const first = await keys.signing();
  const next = await keys.rotate();
  assert.equal((await keys.signing()).kid, first.kid, 'the next one waits a week');
  assert.deepEqual(new Set((await keys.published()).map(({ kid }) => kid)), new Set([first.kid, next]));
  now = new Date(start + 8 * day);
  assert.equal((await keys.signing()).kid, next);
  now = new Date(start + 370 * day);
  await keys.published();
  const published = (await keys.published()).map(({ kid }) => kid);
  assert.equal(published.length, 3, 'a year later one more waits, and none is gone');
  assert.ok(published.includes(first.kid));
});

test('papers of a visit by content alone: what the visit holds stands on them, and nothing of another visit', async () => {
  const { patient, encounter } = await world.arrive({ name: [{ text: 'Đỗ Ẵm' }] });
  const other = await world.arrive({ name: [{ text: 'Đỗ Ẵm' }] });
  const diagnosis = (id: string, visit: string, text: string) => ({
    resourceType: 'Condition' as const,
    id,
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${visit}` },
    code: { text },
  });
  const order = (id: string, text: string) => ({
    resourceType: 'ServiceRequest' as const,
    id,
    status: 'active' as const,
    intent: 'order' as const,
    category: [{ coding: [{ system: 'http://snomed.info/sct', code: '108252007' }] }],
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${encounter}` },
    code: { text },
    authoredOn: '2026-11-20T08:00:00+07:00',
    requester: { display: 'Phùng Văn Minh' },
  });
  await world.write([
    diagnosis(`b-${encounter.slice(-8)}`, encounter, 'Tăng huyết áp vô căn'),
    diagnosis(`c-${encounter.slice(-8)}`, other.encounter, 'Bệnh của lượt khác'),
    order(`y-${encounter.slice(-8)}`, 'Định lượng Glucose'),
  ] as Resource[]);
  const print = (key: string) =>
    send('bacsi', 'POST', `/api/documents/papers/${key}`, { subject: `Encounter/${encounter}` });
  const request = await print('lab-request');
  assert.equal(request.status, 201, await request.clone().text());
  const words = wordsOf(await bytesOf(request));
  assert.match(words, /PHIẾU CHỈ ĐỊNH XÉT NGHIỆM.*Tăng huyết áp vô căn.*Định lượng Glucose/);
  assert.doesNotMatch(words, /lượt khác/);
  for (const key of ['lab-result', 'transfer', 'follow-up']) {
    const answer = await print(key);
    assert.equal(answer.status, 201, await answer.clone().text());
    const bytes = await bytesOf(answer);
    assert.deepEqual(archiveFaults(bytes, 2), [], key);
    assert.match(wordsOf(bytes), /ĐỖ ẴM.*Tăng huyết áp vô căn/, key);
  }
});

test('the card of a cancelled paper is revoked for everybody; the new paper of the same record has a card that holds', async () => {
  const patient = await vaccinated();
  const cardIn = async (answer: Response) =>
    new Pdf(await bytesOf(answer))
      .pictures()
      .map(scanned)
      .find((each) => each?.startsWith('shc:/'))!;
  const known = async () =>
    (await (
      await send('bacsi', 'GET', '/.well-known/yba-cards', undefined, 'application/json')
    ).json()) as CardsKnown;
  const told = async (card: string) => {
    const { keys, issuer, revoked } = await known();
    const now = world.program.kernel.settings.now();
    return (await verifyCard(card, keys as unknown as PublicKey[], issuer, now, revoked)).state;
  };
  const first = await issue(patient);
  const [id, card] = [idOf(first), await cardIn(first)];
  assert.equal(await told(card), 'valid');
  const cancel = () =>
    send('bacsi', 'POST', `/api/documents/issued/${id}/cancel`, { reason: 'Ghi sai ngày' });
  assert.equal((await cancel()).status, 200);
  assert.equal(await told(card), 'revoked');
  assert.equal((await cancel()).status, 409);
  const again = await cardIn(await issue(patient));
  assert.equal(await told(again), 'valid');
  const { keys, revoked } = await known();
  const list = await send('bacsi', 'GET', `/.well-known/crl/${keys[0]!.kid}.json`, undefined, '*/*');
  assert.deepEqual(await list.json(), {
    kid: keys[0]!.kid,
    method: 'rid',
    ctr: revoked.length,
    rids: revoked,
  });
});
