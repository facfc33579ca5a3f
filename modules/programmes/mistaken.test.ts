/** A dose that was never given is taken back with who and why; who made a lot is said once; the desk is told the limits of the day. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Immunization } from '../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../clinic/testing.ts';

const EPI = 'tiem-chung-mo-rong';
const PENTA = 'http://hl7.org/fhir/sid/cvx|102';
const DOSE = { product: PENTA, lot: 'P1', expires: '2027-05-01', site: '', isFit: true, temperature: 36.6 };

let world: World;
let nurse: Browser;
before(async () => {
  world = await openWorld();
  nurse = await world.signIn('dieuduong');
  await nurse.call('POST', '/api/programmes/stock/receipts', {
    item: PENTA,
    lot: 'P1',
    expires: '2027-05-01',
    vials: 3,
    pack: 1,
    from: 'CDC',
  });
});
after(() => world.stop());

const child = async () =>
  (await world.arrive({ birthDate: '2026-09-15', name: [{ text: 'Bé Na' }] })).patient;
async function give(patient: string, more: object = {}): Promise<Immunization> {
  const path = `/api/programmes/${EPI}/people/${patient}/doses`;
  const { status, body } = await nurse.call<{ dose: string }>('POST', path, { ...DOSE, ...more });
  assert.equal(status, 200, JSON.stringify(body));
  await world.program.kernel.events.settled();
  return world.program.kernel.gate.system('test').read('Immunization', body.dose);
}
const mistaken = (id: string, reason: unknown, who = nurse) =>
  who.call<{ issue?: unknown }>('POST', `/api/programmes/doses/${id}/mistaken`, { reason });
const left = async () => {
  const { rows } = await world.program.kernel.pool.query<{ balance: number }>(
    `select balance from stock.lot where lot = 'P1'`,
  );
  return rows[0]!.balance;
};

test('a dose names its unit and who made the lot: said with the first dose, known for the next, put right with a later one', async () => {
  const first = await give(await child(), { maker: 'Viện Vắc xin A' });
  assert.equal(first.manufacturer?.display, 'Viện Vắc xin A');
  assert.ok(first.performer?.some(({ actor }) => /^Trạm Y tế/.test(actor.display ?? '')));
  const second = await give(await child());
  assert.equal(second.manufacturer?.display, 'Viện Vắc xin A');
  assert.equal(
    (await give(await child(), { maker: 'Viện Vắc xin B' })).manufacturer?.display,
    'Viện Vắc xin B',
  );
  const other = await give(await child(), { lot: 'P2' });
  assert.equal(other.manufacturer, undefined, 'nothing is known of another lot');
});

test('taken back: in error with who and why, out of the schedule, back in the stock; once only and never without a reason', async () => {
  await nurse.call('POST', '/api/programmes/stock/receipts', {
    item: PENTA,
    lot: 'P1',
    expires: '2027-05-01',
    vials: 3,
    pack: 1,
    from: 'CDC',
  });
  const patient = await child();
  const before = await left();
  const dose = await give(patient);
  assert.equal(await left(), before - 1);
  for (const reason of ['', ' sai ', 7, 'x'.repeat(501)])
    assert.equal((await mistaken(dose.id!, reason)).status, 422, String(reason));
  assert.equal((await mistaken(dose.id!, 'Ghi vào nhầm cháu cùng tên')).status, 200);
  await world.program.kernel.events.settled();
  assert.equal(await left(), before);
  const kept = await world.program.kernel.gate.system('test').read('Immunization', dose.id!);
  assert.equal(kept.status, 'entered-in-error');
  const said = kept.note!.at(-1)!;
  assert.equal(said.text, 'Huỷ vì ghi nhầm: Ghi vào nhầm cháu cùng tên');
  assert.ok(said.authorString);
  const { body } = await nurse.call<{ facts: { doses: unknown[] } }>(
    'GET',
    `/api/programmes/${EPI}/people/${patient}`,
  );
  assert.deepEqual(body.facts.doses, []);
  assert.equal((await mistaken(dose.id!, 'lần nữa cho chắc')).status, 409);
});

test('another station neither takes it back nor sees it; who is no member of a station may not', async () => {
  const dose = await give(await child());
  const other = await world.hire('tram-khac', 'nurse', 'cs-25D02');
  assert.ok([403, 404, 422].includes((await mistaken(dose.id!, 'không phải của tôi', other)).status));
  const desk = await world.hire('tiep-don-nham', 'reception');
  assert.equal((await mistaken(dose.id!, 'không phải của tôi', desk)).status, 403);
  const kept = await world.program.kernel.gate.system('test').read('Immunization', dose.id!);
  assert.equal(kept.status, 'completed');
});

test('the limits of temperature are told to the desk as the content has them', async () => {
  const { body } = await nurse.call<{ fit: object }>('GET', '/api/programmes/choices');
  assert.deepEqual(body.fit, { above: 35.5, below: 37.5, from: 30, to: 45 });
});
