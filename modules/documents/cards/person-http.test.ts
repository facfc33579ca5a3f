/** A patient card that the province printed finds its person at a desk (features NCD-08); no other card does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Pdf } from '../../../engines/documents/fixtures/pdf-text.ts';
import { scanned } from '../../../engines/documents/fixtures/scan.ts';
import { cookieOf } from '../../../kernel/access/sign-in.testing.ts';
import { sid } from '../../../kernel/fhir/systems.ts';
import { type ClaimsWorld, openClaimsWorld } from '../../insurance/claims/testing.ts';
import type { PersonLine } from '../../people/index.ts';

let world: ClaimsWorld;
before(async () => {
  world = await openClaimsWorld();
});
after(() => world.stop());

async function post(who: string, path: string, body: unknown): Promise<Response> {
  const { address } = world.program;
  const cookie = await cookieOf(address, who);
  return fetch(`${address}${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
}
const read = (card: unknown, who = 'letan') => post(who, '/api/documents/cards/person', { card });
const faultOf = async (answer: Response) => JSON.stringify(await answer.json());

let serial = 0;
async function cardOf(number?: string): Promise<{ patient: string; card: string }> {
  serial += 1;
  const value = number ?? `25D01-0099${serial}`;
  const { patient } = await world.arrive({
    name: [{ text: 'Đỗ Ẵm' }],
    identifier: [{ system: sid.patientCode, value }],
  });
  const made = await post('dieuduong', '/api/documents/papers/patient-card', {
    subject: `Patient/${patient}`,
  });
  const { data } = (await made.json()) as { data: string };
  const [picture] = new Pdf(Buffer.from(data, 'base64')).pictures();
  return { patient, card: scanned(picture!)! };
}

test('the card that was printed finds the person, read as it stands on the paper', async () => {
  const { patient, card } = await cardOf();
  assert.match(card, /^shc:\//);
  const answer = await read(card);
  assert.equal(answer.status, 200, await answer.clone().text());
  const { person } = (await answer.json()) as { person: PersonLine };
  assert.equal(person.id, patient);
  assert.equal(person.name, 'Đỗ Ẵm');
  assert.ok(person.openVisit, 'who waits for an examination is shown as waiting');
});

test('an altered card is refused as perhaps forged; what is no card is refused in words', async () => {
  const { card } = await cardOf();
  const at = card.length - 30;
  const altered = `${card.slice(0, at)}${card[at] === '1' ? '0' : '1'}${card.slice(at + 1)}`;
  const forged = await read(altered);
  assert.equal(forged.status, 422);
  assert.match(await faultOf(forged), /thẻ giả/);
  for (const wrong of ['', 'shc:/12', 'xin chào', 7, null, undefined, `shc:/${'1'.repeat(9000)}`]) {
    const answer = await read(wrong);
    assert.equal(answer.status, 422, String(wrong));
    assert.match(await faultOf(answer), /không phải thẻ người bệnh/);
  }
});

test('a number that two people have opens neither', async () => {
  const { card } = await cardOf('25D01-HAI');
  await world.arrive({
    name: [{ text: 'Đỗ Ấm' }],
    identifier: [{ system: sid.patientCode, value: '25D01-HAI' }],
  });
  const answer = await read(card);
  assert.equal(answer.status, 404);
  assert.match(await faultOf(answer), /tìm theo tên và ngày sinh/);
});

test('only a desk reads cards', async () => {
  const { card } = await cardOf();
  assert.equal((await read(card, 'thungan')).status, 403);
  const { address } = world.program;
  const stranger = await fetch(`${address}/api/documents/cards/person`, { method: 'POST' });
  assert.equal(stranger.status, 401);
});
