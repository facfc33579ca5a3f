import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { Coverage, Encounter, Patient } from '../../../kernel/fhir/types.ts';
import { openTurns } from '../../../kernel/in-turn.ts';
import type { Change } from '../../../kernel/store/contract.ts';
import { type Browser, DAY, openWorld, type World } from '../testing.ts';
import { type CheckInAnswer, type CheckInPreview, checkIn as carryOutCheckIn } from './check-in.ts';
import type { QueueRow, RoomLoad } from './queue.ts';

let world: World;
let desk: Browser;

before(async () => {
  world = await openWorld();
  await world.program.kernel.gate.system('test').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: ['25D01-b', '25D01-c', '25D01-d', '25D01-e', '25D02-kham'].map((id) => ({
      resource: {
        resourceType: 'Location',
        id,
        status: 'active',
        name: `Phòng ${id.slice(-1)}`,
        managingOrganization: { reference: `Organization/cs-${id.slice(0, 5)}` },
        physicalType: { coding: [{ code: 'ro' }] },
      },
      request: { method: 'PUT', url: `Location/${id}` },
    })),
  });
  desk = await world.hire('tiepdon', 'reception');
});
after(() => world.stop());

interface Problem {
  error: {
    code: string;
    text: string;
    issues: { expression?: string; text: string }[];
    details?: { kind?: string; openVisits?: { id: string; ticket: string }[] };
  };
}

/** Moves the clock; yesterday's session has ended by then. */
async function at(instant: string): Promise<void> {
  world.setNow(instant);
  desk = await world.signIn('tiepdon');
}

let born = 0;
/** A person who has not come today. */
async function person(more: Record<string, unknown> = {}): Promise<string> {
  born += 1;
  const patient: Patient = {
    resourceType: 'Patient',
    name: [{ text: `Hoàng Văn Số ${born}` }],
    gender: 'male',
    birthDate: '1970-01-01',
    identifier: [{ system: sid.cccd, value: `0990709${String(born).padStart(5, '0')}` }],
    ...more,
  };
  const written: Patient = await world.program.kernel.gate.system('test').create<Patient>(patient);
  return written.id!;
}

const CARD = {
  cardNumber: 'GD4000000000007',
  validFrom: '2026-01-01',
  validTo: '2026-12-31',
  registeredFacility: '25D01',
};

const checkIn = (patient: string, more: Record<string, unknown> = {}, key?: string) =>
  desk.call<CheckInAnswer & Problem>(
    'POST',
    '/api/clinic/check-ins',
    { patient, room: '25D01-kham', reason: 'Sốt, ho', identifiedBy: 'qr-cccd', ...more },
    key === undefined ? {} : { key },
  );

const visitsOf = async (patient: string) => (await world.recordOf(patient, 'Encounter')) as Encounter[];

describe('check-in writes exactly the visit and what the card says, in one transaction', () => {
  test('with a new card: one Encounter and one Coverage, of one position of the feed', async () => {
    const patient = await person();
    const { status, body } = await checkIn(patient, { coverage: CARD });
    assert.equal(status, 201);
    // A change shows in the feed when every older transaction of the server has ended, those of other tests included.
    let changes: Change[] = [];
    while (changes.length === 0) {
      const all = await world.program.kernel.store.changes(undefined, 10_000);
      changes = all.filter((each) => each.patient === patient && each.type !== 'Patient');
    }
    assert.deepEqual(changes.map((each) => `${each.op} ${each.type}`).sort(), [
      'create Coverage',
      'create Encounter',
    ]);
    assert.equal(new Set(changes.map((each) => each.at)).size, 1);
    const [visit] = await visitsOf(patient);
    assert.equal(visit?.id, body.encounter);
    assert.equal(visit?.status, 'arrived');
    assert.equal(visit?.identifier?.[1]?.value, body.ticket);
    const [coverage] = (await world.recordOf(patient, 'Coverage')) as Coverage[];
    assert.equal(coverage?.identifier?.[0]?.value, CARD.cardNumber);
    assert.equal(body.entitlement.effective, 100);
    assert.equal(body.entitlement.category, '1.2');
  });

  test('the same card again writes the Encounter alone', async () => {
    const patient = await person();
    const { body } = await checkIn(patient, { coverage: CARD });
    await checkIn(patient, { coverage: CARD, confirmedOpenVisits: [body.encounter] });
    const coverages = await world.recordOf(patient, 'Coverage');
    assert.equal(coverages.length, 1);
    assert.equal(coverages[0]?.meta?.versionId, '1');
    assert.equal((await visitsOf(patient)).length, 2);
  });

  test('without a card the visit is of category 9 and the person pays', async () => {
    const { body } = await checkIn(await person());
    assert.equal(body.entitlement.insured, false);
    assert.equal(body.entitlement.category, '9');
  });

  test('a card that does not hold today: the visit is without insurance, and the reason is said', async () => {
    for (const [change, reason] of [
      [{ validTo: '2026-11-21' }, /hết hạn ngày 21\/11\/2026/],
      [{ validFrom: '2026-11-23' }, /chỉ có giá trị từ 23\/11\/2026/],
    ] as const) {
      const { body } = await checkIn(await person(), { coverage: { ...CARD, ...change } });
      assert.deepEqual([body.entitlement.insured, body.entitlement.category], [false, '9']);
      assert.match(body.entitlement.reasons[0]!.vi, reason);
    }
    const { body } = await checkIn(await person(), { coverage: { ...CARD, validTo: '2026-11-22' } });
    assert.deepEqual([body.entitlement.insured, body.entitlement.category], [true, '1.2']);
  });

  test("a child's card of a grown-up is said to the desk, which decides", async () => {
    const { body } = await checkIn(await person(), {
      coverage: { ...CARD, cardNumber: 'TE1000000000007' },
    });
    assert.deepEqual(
      body.warnings.map((warning) => warning.code),
      ['child-card'],
    );
  });

  test('the card on file counts when none is shown, unless the visit is without insurance', async () => {
    const patient = await person();
    const { body: first } = await checkIn(patient, { coverage: CARD });
    const { body: second } = await checkIn(patient, { confirmedOpenVisits: [first.encounter] });
    assert.equal(second.entitlement.card?.number, CARD.cardNumber);
    const seen = [first.encounter, second.encounter];
    const { body: third } = await checkIn(patient, { confirmedOpenVisits: seen, withoutInsurance: true });
    assert.equal(third.entitlement.insured, false);
  });
});

describe('tickets', () => {
  test('50 check-ins at once get 50 distinct consecutive numbers', async () => {
    const people = await Promise.all(Array.from({ length: 50 }, () => person()));
    const answers = await Promise.all(people.map((patient) => checkIn(patient, { room: '25D01-b' })));
    assert.deepEqual(
      answers.map((each) => each.body.ticket).sort(),
      Array.from({ length: 50 }, (_, index) => String(index + 1).padStart(3, '0')),
    );
    const episodes = new Set<string>();
    for (const patient of people) episodes.add((await visitsOf(patient))[0]?.identifier?.[0]?.value ?? '');
    assert.equal(episodes.size, 50);
  });

  test('each room and each day begins at 001', async () => {
    assert.equal((await checkIn(await person(), { room: '25D01-c' })).body.ticket, '001');
    await at('2026-11-23T07:00:00+07:00');
    assert.equal((await checkIn(await person(), { room: '25D01-c' })).body.ticket, '001');
    await at(`${DAY}T08:30:00+07:00`);
    assert.equal((await checkIn(await person(), { room: '25D01-c' })).body.ticket, '002');
  });

  test('at midnight the number is of the day on which the visit begins', async () => {
    const { kernel } = world.program;
    const clock = ['2026-11-25T23:59:59.990+07:00', '2026-11-26T00:00:00.010+07:00'];
    const now = () => new Date(clock.length > 1 ? clock.shift()! : clock[0]!);
    const late = { ...kernel, settings: { ...kernel.settings, now } };
    const body = { patient: await person(), room: '25D01-c', reason: 'Sốt' };
    const session = kernel.gate.system('test');
    const { encounter, ticket } = await carryOutCheckIn(body, '', session, late, openTurns());
    const visit = await session.read('Encounter', encounter);
    assert.equal(ticket, '001');
    assert.match(visit.period?.start ?? '', /^2026-11-26T00:00:00/);
    const { rows } = await kernel.pool.query(
      `select day::text from clinic_ticket where room = '25D01-c' and day >= '2026-11-25'`,
    );
    assert.deepEqual(rows, [{ day: '2026-11-26' }]);
  });

  test('a refused check-in takes no number', async () => {
    const { body: first } = await checkIn(await person(), { room: '25D01-d' });
    await checkIn(await person({ deceasedDateTime: '2026-10-03' }), { room: '25D01-d' });
    await checkIn(await person(), { room: '25D01-d', reason: '' });
    const { body: second } = await checkIn(await person(), { room: '25D01-d' });
    assert.deepEqual([first.ticket, second.ticket], ['001', '002']);
  });
});

describe('a repeated request makes one visit (Idempotency-Key)', () => {
  test('a double Enter, at once and later', async () => {
    const patient = await person();
    const twice = await Promise.all([checkIn(patient, {}, 'enter-1'), checkIn(patient, {}, 'enter-1')]);
    const later = await checkIn(patient, {}, 'enter-1');
    const answers = [...twice, later];
    assert.deepEqual(answers.map((each) => each.status).sort(), [200, 200, 201]);
    assert.equal(new Set(answers.map((each) => each.body.ticket)).size, 1);
    assert.equal(new Set(answers.map((each) => each.body.encounter)).size, 1);
    assert.equal((await visitsOf(patient)).length, 1);
  });

  test('the key of one request is refused for another', async () => {
    await checkIn(await person(), {}, 'enter-2');
    const other = await checkIn(await person(), {}, 'enter-2');
    assert.equal(other.status, 409);
    assert.equal(other.body.error.issues[0]?.expression, 'Idempotency-Key');
  });

  test('a number that was taken before a crash is used by the retry', async () => {
    const patient = await person();
    const { pool } = world.program.kernel;
    const { body: made } = await checkIn(patient, { room: '25D01-e' }, 'enter-3');
    await pool.query(`update clinic_check_in set encounter = null where key like '%|enter-3'`);
    const retry = await checkIn(patient, { room: '25D01-e', confirmedOpenVisits: [] }, 'enter-3');
    assert.equal(retry.body.ticket, made.ticket);
    assert.equal(retry.body.encounter, made.encounter);
    assert.equal((await visitsOf(patient)).length, 1);
  });
});

describe('who is refused, with a sentence and without writing', () => {
  test('an open visit here today: shown, and only confirmed is a second one made', async () => {
    const patient = await person();
    const { body: first } = await checkIn(patient);
    const again = await checkIn(patient);
    assert.equal(again.status, 409);
    assert.equal(again.body.error.details?.kind, 'open-visit');
    assert.equal(again.body.error.details?.openVisits?.[0]?.ticket, first.ticket);
    assert.equal((await visitsOf(patient)).length, 1);
  });

  test('two desks at once make one visit of one person', async () => {
    const patient = await person();
    const answers = await Promise.all([checkIn(patient), checkIn(patient)]);
    assert.deepEqual(answers.map((each) => each.status).sort(), [201, 409]);
  });

  test('the dead', async () => {
    const { status, body } = await checkIn(await person({ deceasedDateTime: '2026-10-03' }));
    assert.equal(status, 422);
    assert.match(body.error.text, /đã mất ngày 03\/10\/2026/);
  });

  test("another unit's room, a room and a person that do not exist", async () => {
    const patient = await person();
    assert.equal((await checkIn(patient, { room: '25D02-kham' })).body.error.issues[0]?.expression, 'room');
    assert.equal((await checkIn(patient, { room: '25D01-none' })).status, 404);
    assert.equal((await checkIn('nobody')).status, 404);
    assert.equal((await visitsOf(patient)).length, 0);
  });

  test('a laboratory account, and nobody at all', async () => {
    const laboratory = await world.signIn('xetnghiem');
    assert.equal((await laboratory.call('POST', '/api/clinic/check-ins', {})).status, 403);
    const open = await fetch(`${world.program.address}/api/clinic/check-ins`, { method: 'POST' });
    assert.equal(open.status, 401);
  });

  test('no object, wrong types: a sentence at each field', async () => {
    assert.equal((await desk.call('POST', '/api/clinic/check-ins', ['x'])).status, 400);
    const { status, body } = await desk.call<Problem>('POST', '/api/clinic/check-ins', {
      patient: 5,
      coverage: { cardNumber: 7 },
    });
    assert.equal(status, 422);
    assert.ok(body.error.issues.every((each) => each.text.length > 5));
  });
});

describe('preview, queue, rooms and push', () => {
  test('the preview says what would happen and writes nothing', async () => {
    const patient = await person();
    const { body } = await desk.call<CheckInPreview>('POST', '/api/clinic/check-ins/preview', {
      patient,
      room: '25D01-kham',
      coverage: CARD,
    });
    assert.equal(body.entitlement?.effective, 100);
    assert.equal(body.category, '1.2');
    assert.deepEqual(body.refusals, []);
    assert.equal((await visitsOf(patient)).length, 0);
    await checkIn(patient);
    const again = await desk.call<CheckInPreview>('POST', '/api/clinic/check-ins/preview', {
      patient,
      room: '25D01-kham',
    });
    assert.equal(again.body.openVisits.length, 1);
    assert.equal(again.body.refusals[0]?.code, 'open-visit');
  });

  test("the queue of a room: today's, urgent first, with names; the position counts those before", async () => {
    await at('2026-11-24T07:00:00+07:00');
    const first = await checkIn(await person());
    const second = await checkIn(await person());
    const urgent = await checkIn(await person(), { priority: 'EM' });
    assert.deepEqual(
      [first, second, urgent].map((each) => each.body.waitingBefore),
      [0, 1, 0],
    );
    const { body } = await desk.call<{ rows: QueueRow[] }>('GET', '/api/clinic/queue?room=25D01-kham');
    assert.deepEqual(
      body.rows.map((row) => row.ticket),
      ['003', '001', '002'],
    );
    assert.match(body.rows[0]?.patient.name ?? '', /^Hoàng Văn Số/);
    const { body: rooms } = await desk.call<{ rows: RoomLoad[] }>('GET', '/api/clinic/reception/rooms');
    assert.equal(rooms.rows.find((room) => room.id === '25D01-kham')?.waiting, 3);
    assert.equal((await desk.call('GET', '/api/clinic/queue?day=2026-02-30')).status, 400);
    await at(`${DAY}T08:30:00+07:00`);
  });

  test('a check-in is pushed to the room and to the unit, without a name', async () => {
    const { kernel } = world.program;
    const heard: [string, unknown][] = [];
    const { publish } = kernel.events;
    kernel.events.publish = (topic, message) => {
      heard.push([topic, message]);
      publish(topic, message);
    };
    try {
      const { body } = await checkIn(await person());
      await kernel.events.settled();
      const topics = heard
        .filter(([, message]) => JSON.stringify(message).includes(body.encounter))
        .map(([topic]) => topic);
      assert.ok(topics.includes('clinic/queue/25D01-kham'));
      assert.ok(topics.includes('clinic/arrivals/cs-25D01'));
      assert.ok(!JSON.stringify(heard).includes('Hoàng Văn'));
    } finally {
      kernel.events.publish = publish;
    }
  });
});
