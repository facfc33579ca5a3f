/** Reminders are resources of the record from the worklist to the phone; nothing is said to be sent that was not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openMessenger } from '../../../kernel/access/citizens/messenger.ts';
import { cs, ext, sid } from '../../../kernel/fhir/systems.ts';
import type { CommunicationRequest, Patient, Resource } from '../../../kernel/fhir/types.ts';
import { openOutbound } from '../../../kernel/outbound/outbound.ts';
import { openMessengerSimulator } from '../../../tests/simulators/messenger.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import { filled, languageOf, readReminderKey, receiverOf, reminderKey, wordsFor } from './compose.ts';
import { deliverReminders } from './deliver.ts';
import type { ReminderRow, Reminders } from './routes.ts';

const EPI = 'tiem-chung-mo-rong';
const COMMUNE = { url: ext.unit, valueCoding: { system: cs.unit, code: '08824' } };
const address = [{ text: 'Thôn Đoài', line: ['Thôn Đoài'], extension: [COMMUNE] }];

test('the words of a programme stand before those for all, those of a list before those of any', () => {
  const row = (programme: string, list: string, text: string, language = 'vi') => ({
    programme,
    list,
    language,
    text,
  });
  const rows = [
    row('*', '*', 'chung'),
    row('*', 'overdue', 'chung, trễ'),
    row('a', '*', 'của a'),
    row('a', 'overdue', 'của a, trễ'),
    row('a', '*', 'of a', 'en'),
  ];
  const of = (programme: string, list: string, language = 'vi') =>
    wordsFor(rows, { programme, list, language });
  assert.deepEqual(
    [of('b', 'due'), of('b', 'overdue'), of('a', 'due'), of('a', 'overdue'), of('a', 'due', 'en')],
    ['chung', 'chung, trễ', 'của a', 'của a, trễ', 'of a'],
  );
  assert.equal(of('b', 'due', 'en'), null);
  assert.equal(
    filled('{don-vi} mời {ten} ngày {ngay}', { unit: 'Trạm', name: 'Bé', day: '2026-11-30' }),
    'Trạm mời Bé ngày 30/11/2026',
  );
});

test('a message goes to the person’s mobile, a contact of the person, or a relative who has one', () => {
  const patient = (more: Partial<Patient>): Patient => ({ resourceType: 'Patient', id: 'p', ...more });
  const mother = {
    resourceType: 'RelatedPerson' as const,
    id: 'me',
    patient: { reference: 'Patient/p' },
    telecom: [{ value: '0912 000 333' }],
  };
  const phone = (value: string) => [{ system: 'phone' as const, value }];
  assert.equal(
    receiverOf(patient({ telecom: phone('0912000111') }), [mother], new Map())?.phone,
    '+84912000111',
  );
  assert.equal(
    receiverOf(
      patient({ telecom: phone('0211 3 861 111'), contact: [{ telecom: phone('0912000222') }] }),
      [],
      new Map(),
    )?.phone,
    '+84912000222',
  );
  assert.deepEqual(receiverOf(patient({}), [mother], new Map()), {
    phone: '+84912000333',
    who: { reference: 'RelatedPerson/me' },
  });
  assert.equal(receiverOf(patient({}), [{ ...mother, active: false }], new Map()), null);
  assert.equal(languageOf(patient({ communication: [{ language: { coding: [{ code: 'en-GB' }] } }] })), 'en');
  const key = reminderKey('a', 'due', {
    tasks: [{ key: 'dose:http://x|102:20777', due: '2026-11-30' } as never],
  });
  assert.deepEqual(readReminderKey(key), { programme: 'a', list: 'due', task: 'dose:http://x|102:20777' });
});

let world: World;
let nurse: Browser;
const ids: Record<string, string> = {};

before(async () => {
  world = await openWorld();
  await put({
    resourceType: 'Organization',
    id: 'cs-25D01',
    name: 'Trạm Y tế xã Tam Dương',
    type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
    address: [{ text: 'xã Tam Dương', extension: [COMMUNE] }],
  });
  nurse = await world.signIn('dieuduong');
  ids.khoi = await child('Phùng Minh Khôi', '0000 111 222');
  ids.an = await child('Đỗ Bảo An', '0000 111 333');
  ids.mute = await child('Lê Không Máy', null);
  await settled();
});
after(() => world.stop());

const settled = () => world.program.kernel.events.settled();

async function put(resource: Resource): Promise<void> {
  const request = { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` };
  await world.program.kernel.gate
    .system('test')
    .transaction({ resourceType: 'Bundle', type: 'transaction', entry: [{ resource, request }] });
}

async function child(name: string, phone: string | null): Promise<string> {
  const id = world.program.kernel.store.newId('Patient');
  const telecom = phone === null ? {} : { telecom: [{ system: 'phone' as const, value: phone }] };
  await put({
    resourceType: 'Patient',
    id,
    birthDate: '2026-01-10',
    name: [{ text: name }],
    address,
    ...telecom,
  });
  return id;
}

const requestsOf = async (patient: string) =>
  (await world.recordOf(patient, 'CommunicationRequest')) as CommunicationRequest[];
const queue = async () =>
  (await nurse.call<{ rows: ReminderRow[]; hasGateway: boolean }>('GET', '/api/programmes/reminders')).body;

test('whoever is overdue and has a phone is put in the queue once, in the words of the content; the queue says that nothing is sent', async () => {
  const path = `/api/programmes/${EPI}/reminders`;
  const asked = await nurse.call<Reminders>('POST', path, { list: 'overdue' });
  assert.deepEqual(asked.body, { made: 2, already: 0, withoutPhone: 1, hasGateway: false });
  const again = await nurse.call<Reminders>('POST', path, { list: 'overdue' });
  assert.deepEqual([again.body.made, again.body.already], [0, 2]);
  const [request] = await requestsOf(ids.khoi!);
  assert.equal(request!.status, 'active');
  assert.match(
    request!.payload![0]!.contentString!,
    /^Trạm Y tế xã Tam Dương: Phùng Minh Khôi đã trễ mũi tiêm hẹn ngày \d\d\/\d\d\/2026\./,
  );
  assert.equal(request!.recipient![0]!.reference, `Patient/${ids.khoi}`);
  assert.deepEqual(await deliverReminders(world.program.kernel, null), {
    sent: 0,
    revoked: 0,
    failed: 0,
    waiting: 2,
  });
  const { rows, hasGateway } = await queue();
  assert.equal(hasGateway, false);
  assert.deepEqual(
    rows.map(({ name, status }) => [name, status]).sort(),
    [
      ['Phùng Minh Khôi', 'active'],
      ['Đỗ Bảo An', 'active'],
    ].sort(),
  );
  assert.deepEqual(await world.recordOf(ids.khoi!, 'Communication'), []);
});

test('a list that reminds of nothing is refused by name; who may not care for the unit asks for nothing', async () => {
  const refused = await nurse.call('POST', `/api/programmes/${EPI}/reminders`, { list: 'silent' });
  assert.equal(refused.status, 422);
  assert.match(JSON.stringify(refused.body), /"list"/);
  const cashier = await world.hire('thungan9', 'cashier', 'cs-25D01');
  assert.equal((await cashier.call('POST', `/api/programmes/${EPI}/reminders`, { list: 'due' })).status, 403);
});

test('a refusal stops the reminder before it is sent; what the gateway takes is a Communication, once; what it does not waits', async () => {
  await using gateway = await openMessengerSimulator();
  const messenger = openMessenger(openOutbound([gateway.peer]), gateway.address, null, [1, 1]);
  const call = await nurse.call('POST', `/api/programmes/${EPI}/people/${ids.an}/calls`, {
    result: 'refused',
  });
  assert.equal(call.status, 200);
  await settled();
  gateway.answerNext(503, 503, 503);
  assert.deepEqual(await deliverReminders(world.program.kernel, messenger), {
    sent: 0,
    revoked: 1,
    failed: 1,
    waiting: 0,
  });
  const [stopped] = await requestsOf(ids.an!);
  assert.deepEqual([stopped!.status, stopped!.statusReason?.text], ['revoked', 'Gia đình đã từ chối']);
  const round = await deliverReminders(world.program.kernel, messenger);
  assert.deepEqual([round.sent, round.failed], [1, 0]);
  assert.equal(gateway.delivered.length, 1);
  assert.match(gateway.delivered[0]!.text, /^Tram Y te xa Tam Duong: Phung Minh Khoi da tre mui tiem/);
  assert.equal(gateway.delivered[0]!.to, '+84000111222');
  const [request] = await requestsOf(ids.khoi!);
  assert.equal(new Set(gateway.requests.map(({ message }) => message.id)).size, 1, 'every try has one id');
  assert.equal(gateway.delivered[0]!.id, request!.id);
  assert.equal(request!.status, 'completed');
  const [sent] = await world.recordOf(ids.khoi!, 'Communication');
  assert.deepEqual(
    [(sent as { status?: string }).status, (sent as { basedOn?: object[] }).basedOn],
    ['completed', [{ reference: `CommunicationRequest/${request!.id}` }]],
  );
  assert.deepEqual(await deliverReminders(world.program.kernel, messenger), {
    sent: 0,
    revoked: 0,
    failed: 0,
    waiting: 0,
  });
});

test('a child is reached by its mother, whose number stands in her own record', async () => {
  await using gateway = await openMessengerSimulator();
  const messenger = openMessenger(openOutbound([gateway.peer]), gateway.address, null, [1, 1]);
  const identifier = [{ system: sid.cccd, value: '001190999999' }];
  const mother = world.program.kernel.store.newId('Patient');
  await put({
    resourceType: 'Patient',
    id: mother,
    identifier,
    birthDate: '1990-01-01',
    name: [{ text: 'Vũ Thị Mẹ' }],
    telecom: [{ system: 'phone', value: '0000 111 666' }],
  });
  const born = await child('Vũ Bé Con', null);
  await put({
    resourceType: 'RelatedPerson',
    id: world.program.kernel.store.newId('RelatedPerson', born),
    active: true,
    patient: { reference: `Patient/${born}` },
    identifier,
  });
  await settled();
  await nurse.call('POST', `/api/programmes/${EPI}/reminders`, { list: 'overdue' });
  const [request] = await requestsOf(born);
  assert.match(request!.recipient![0]!.reference!, /^RelatedPerson\//);
  assert.equal((await deliverReminders(world.program.kernel, messenger)).sent, 1);
  assert.equal(gateway.delivered[0]!.to, '+84000111666');
});

test('death and what was done meanwhile stop a reminder, too', async () => {
  const gone = await child('Hoàng Văn Mất', '0000 111 444');
  const done = await child('Trần Thị Xong', '0000 111 555');
  await settled();
  await nurse.call('POST', `/api/programmes/${EPI}/reminders`, { list: 'overdue' });
  const [first] = await requestsOf(done);
  const { task } = readReminderKey(first!.identifier![0]!.value!);
  await world.program.kernel.pool.query('delete from programmes.task where patient = $1 and key = $2', [
    done,
    task,
  ]);
  await put({
    resourceType: 'Patient',
    id: gone,
    birthDate: '2026-01-10',
    deceasedDateTime: '2026-11-20',
    address,
    name: [{ text: 'Hoàng Văn Mất' }],
  });
  await settled();
  assert.equal((await deliverReminders(world.program.kernel, null)).revoked, 2);
  assert.deepEqual(
    [(await requestsOf(gone))[0]!.statusReason?.text, (await requestsOf(done))[0]!.statusReason?.text],
    ['Người này đã mất', 'Việc đã làm xong hoặc không còn đến hạn'],
  );
});
