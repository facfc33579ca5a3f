import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openContent } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { Coverage, Encounter, Patient } from '../../../kernel/fhir/types.ts';
import { coverageOf } from '../../insurance/index.ts';
import { oldVisitRemarks, refuseGone, refuseSecondVisit, todaysOpen } from './arrival.ts';
import { type CheckInFacts, checkInBundle } from './check-in-bundle.ts';
import { readCheckIn } from './check-in-request.ts';
import { countBefore, type QueueRow, queueOrder } from './queue.ts';

const content = openContent(join(import.meta.dirname, '../../../content'));
const TODAY = '2026-11-22';
const good = {
  patient: 'Patient/p1',
  room: 'Location/25D01-kham',
  reason: 'Sốt, ho',
  identifiedBy: 'qr-cccd',
};

const faultsOf = (body: Record<string, unknown>): string[] => {
  try {
    readCheckIn(body, TODAY, content);
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error.issues.map((each) => each.expression ?? '');
  }
  return [];
};

describe('the request, field by field', () => {
  test('references become ids; what is not said has its usual value', () => {
    const request = readCheckIn(good, TODAY, content);
    assert.equal(request.patient, 'p1');
    assert.equal(request.room, '25D01-kham');
    assert.equal(request.urgent, false);
    assert.equal(request.visitType, '01');
    assert.equal(request.coverage, null);
  });
  const faults: [string, Record<string, unknown>][] = [
    ['patient', { patient: '' }],
    ['room', { room: 'a b' }],
    ['reason', { reason: '  ' }],
    ['reason', { reason: 'x'.repeat(501) }],

    ['priority', { priority: 'A' }],
    ['identifiedBy', { identifiedBy: 'face' }],
    ['category', { category: '7.1' }],
    ['visitType', { visitType: '99' }],
    ['coverage.cardNumber', { coverage: { cardNumber: 'GD400' } }],
    ['coverage.validTo', { coverage: { cardNumber: 'GD4000000000001', validTo: '31/02/2026' } }],
    [
      'coverage.validTo',
      { coverage: { cardNumber: 'GD4000000000001', validFrom: '2026-05-01', validTo: '2026-04-30' } },
    ],
    ['coverage.validFrom', { coverage: { cardNumber: 'GD4000000000001', validFrom: '2026' } }],
    ['coverage.registeredFacility', { coverage: { cardNumber: 'GD4000000000001', registeredFacility: '1' } }],
  ];
  for (const [field, change] of faults) {
    test(`${field}: ${JSON.stringify(change).slice(0, 60)}`, () =>
      assert.deepEqual(faultsOf({ ...good, ...change }), [field]));
  }
  test('all faults at once', () => assert.deepEqual(faultsOf({}), ['patient', 'room', 'reason']));
});

const patient: Patient = {
  resourceType: 'Patient',
  id: 'p1',
  meta: { security: [{ code: 'HTEST' }] },
  name: [{ text: 'Nguyễn Thị Hòa' }],
};

const factsOf = (more: Partial<CheckInFacts> = {}): CheckInFacts => ({
  request: readCheckIn(good, TODAY, content),
  patient,
  coverages: [],
  unit: { id: 'cs-25D01', code: '25D01', name: 'Trạm Y tế' },
  room: { id: '25D01-kham', name: 'Phòng khám' },
  category: '1.2',
  ticket: { number: 7, at: new Date('2026-11-22T01:05:09Z') },
  today: TODAY,
  beside: [],
  ...more,
});

const card = {
  cardNumber: 'GD4000000000001',
  validFrom: '2026-01-01',
  validTo: '2026-12-31',
  active: true,
  registeredFacility: '25D01',
  fiveYearsOn: null,
  exemptFrom: null,
  livingArea: null,
};
const withCard = { ...readCheckIn(good, TODAY, content), coverage: card };

describe('the transaction (docs/model.md, row Check-in)', () => {
  test('without a card: one Encounter, arrived, with ticket and episode, in Vietnamese time', () => {
    const { entry } = checkInBundle(factsOf(), content);
    assert.equal(entry?.length, 1);
    const visit = entry?.[0]?.resource as Encounter;
    assert.equal(visit.status, 'arrived');
    assert.equal(visit.class.code, 'AMB');
    assert.equal(visit.type?.[0]?.coding?.[0]?.code, '01');
    assert.equal(visit.period?.start, '2026-11-22T08:05:09+07:00');
    assert.deepEqual(
      visit.identifier?.map((each) => each.value),
      ['25D01.202611220805.kham-007', '007'],
    );
    assert.equal(visit.serviceProvider?.reference, 'Organization/cs-25D01');
    assert.equal(visit.location?.[0]?.location.reference, 'Location/25D01-kham');
    assert.equal(visit.reasonCode?.[0]?.text, 'Sốt, ho');
    assert.equal(visit.priority?.coding?.[0]?.code, 'R');
    assert.deepEqual(
      visit.extension?.map((each) => each.valueCoding?.code ?? each.valueCode),
      ['1.2', 'qr-cccd'],
    );
    assert.equal(visit.meta?.security?.[0]?.code, 'HTEST');
  });
  test('it is made only when no other visit of the person is open here, beside those that the desk has seen', () => {
    const condition = (...episodes: string[]) => {
      const beside = episodes.map(
        (value): Encounter => ({
          resourceType: 'Encounter',
          status: 'arrived',
          class: {},
          identifier: value === '' ? [] : [{ system: sid.episode, value }],
        }),
      );
      return decodeURIComponent(
        checkInBundle(factsOf({ beside }), content).entry?.[0]?.request?.ifNoneExist ?? '',
      );
    };
    const open =
      'patient=Patient/p1&service-provider=Organization/cs-25D01&status=planned,arrived,triaged,in-progress,onleave';
    assert.equal(condition(), open);
    assert.equal(condition('b', 'a'), `${open}&identifier:not=${sid.episode}|a,${sid.episode}|b`);
    assert.equal(condition(''), `identifier=${sid.episode}|25D01.202611220805.kham-007`);
  });
  test('a new card adds a Coverage', () => {
    const { entry } = checkInBundle(factsOf({ request: withCard }), content);
    assert.deepEqual(
      entry?.map((each) => `${each.request?.method} ${each.request?.url}`),
      ['POST Encounter', 'POST Coverage'],
    );
  });
  test('a card that says nothing new adds nothing', () => {
    const known: Coverage = { ...coverageOf(card, 'p1'), id: 'c1', meta: { versionId: '3' } };
    const { entry } = checkInBundle(factsOf({ request: withCard, coverages: [known] }), content);
    assert.equal(entry?.length, 1);
  });
  test('a renewed card updates the Coverage of its version', () => {
    const old = {
      ...coverageOf({ ...card, validTo: '2025-12-31' }, 'p1'),
      id: 'c1',
      meta: { versionId: '3' },
    };
    const { entry } = checkInBundle(factsOf({ request: withCard, coverages: [old] }), content);
    assert.equal(entry?.[1]?.request?.url, 'Coverage/c1');
    assert.equal(entry?.[1]?.request?.ifMatch, 'W/"3"');
    assert.equal((entry![1]!.resource as Coverage).period?.end, '2026-12-31');
  });
});

describe('who is refused', () => {
  const text = (act: () => void) => {
    try {
      act();
    } catch (error) {
      return error instanceof Failure ? error.issues[0]!.text : String(error);
    }
    return '';
  };
  test('the dead, with the day when it is known', () => {
    assert.match(
      text(() => refuseGone({ ...patient, deceasedDateTime: '2026-10-03' })),
      /đã mất ngày 03\/10\/2026/,
    );
    assert.match(
      text(() => refuseGone({ ...patient, deceasedBoolean: true })),
      /đã mất/,
    );
    assert.equal(
      text(() => refuseGone(patient)),
      '',
    );
  });
  test('a merged record', () => {
    const merged: Patient = {
      ...patient,
      link: [{ type: 'replaced-by', other: { reference: 'Patient/p2' } }],
    };
    assert.match(
      text(() => refuseGone(merged)),
      /đã gộp/,
    );
  });
  test("a second visit on today's open one, unless confirmed; other days are a remark", () => {
    const visit = (id: string, start: string): Encounter => ({
      resourceType: 'Encounter',
      id,
      status: 'arrived',
      class: {},
      period: { start },
    });
    const visits = [visit('e1', '2026-11-22T08:00:00+07:00'), visit('e0', '2026-11-20T08:00:00+07:00')];
    const open = todaysOpen(visits, TODAY);
    assert.match(
      text(() => refuseSecondVisit(open, [])),
      /đã có lượt khám chưa xong/,
    );
    assert.equal(
      text(() => refuseSecondVisit(open, ['e1'])),
      '',
    );
    // A partner writes UTC: 23:30 of the day before is half past six of this morning.
    const utc = [visit('e2', '2026-11-21T23:30:00Z')];
    assert.equal(todaysOpen(utc, TODAY).length, 1);
    assert.match(
      text(() => refuseSecondVisit(utc, [])),
      /chưa xong ở đây \(lúc 06:30\)/,
    );
    assert.deepEqual(oldVisitRemarks(utc, TODAY), []);
    assert.deepEqual(
      oldVisitRemarks(visits, TODAY).map((each) => each.code),
      ['old-open-visit'],
    );
  });
});

describe('the order of the queue', () => {
  const row = (ticket: string, status: QueueRow['status'] = 'arrived', urgent = false): QueueRow => ({
    encounter: ticket,
    version: 1,
    ticket,
    room: 'r',
    status,
    urgent,
    start: '',
    end: null,
    reason: '',
    category: '1.2',
    patient: { id: 'p', name: 'x', gender: 'male', birthDate: null },
  });
  const rows = [
    row('003'),
    row('001', 'finished'),
    row('005', 'arrived', true),
    row('002', 'in-progress'),
    row('004'),
  ];

  test('being seen, urgent, by number, done', () => {
    assert.deepEqual(
      [...rows].sort(queueOrder).map((each) => each.ticket),
      ['002', '005', '003', '004', '001'],
    );
  });
  test('position counts who is called before, urgent ones first', () => {
    assert.equal(countBefore('004', rows), 2);
    assert.equal(countBefore('005', rows), 0);
  });
});
