import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import type { Claim, Encounter } from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { type Arrival, drawDay } from './day.ts';
import { arrivalResources } from './day-resources.ts';
import { placeRecords } from './generate.ts';
import { patientOf, personFacts } from './person-resources.ts';
import { everyValue, testHouseholds, testMaking } from './testing.ts';
import { minuteOf } from './visit.ts';

const making = testMaking();
const people = testHouseholds(making, 5)
  .flatMap(({ members }) => members)
  .filter((person) => person.deathDate === null && person.birthDate < '2026-11-01');
const SUNDAY = '2026-11-22';
const MONDAY = '2026-11-23';

function day(on: string, now: string): Arrival[] {
  const places = making.tables.busyness;
  return drawDay({ day: on, now, seed: 'test', people, places, isFree: () => true });
}
const at = (arrivals: Arrival[], code: string, state?: string) =>
  arrivals.filter(({ place, ...each }) => place.code === code && (!state || each.state === state));
const bytesOf = (arrivals: Arrival[]) =>
  JSON.stringify(arrivals.map(({ person, place, ...rest }) => [person.serial, place.code, rest]));

describe('a day of the province', () => {
  test('is the same for the same seed, day and minute', () => {
    assert.equal(bytesOf(day(SUNDAY, '10:40')), bytesOf(day(SUNDAY, '10:40')));
    assert.notEqual(bytesOf(day(SUNDAY, '10:40')), bytesOf(day(MONDAY, '10:40')));
  });

  test('what was over at ten is over at three: the later hour only adds', () => {
    const over = (now: string) =>
      new Set(day(MONDAY, now).flatMap((each) => (each.state === 'finished' ? [each.person.serial] : [])));
    const morning = over('10:00');
    const afternoon = over('15:00');
    assert.ok(morning.size > 0 && afternoon.size > morning.size);
    for (const serial of morning) assert.ok(afternoon.has(serial));
  });

  for (const [on, now] of [
    [SUNDAY, '10:40'],
    [SUNDAY, '22:00'],
    [MONDAY, '00:30'],
    [MONDAY, '06:10'],
    [MONDAY, '09:00'],
    [MONDAY, '23:55'],
  ] as const) {
    test(`has somebody in the queue of both stations with accounts on ${on} at ${now}, and nothing later`, () => {
      const arrivals = day(on, now);
      for (const code of ['25D01', '25D02']) assert.ok(at(arrivals, code, 'arrived').length >= 1, code);
      for (const each of arrivals) {
        const end = minuteOf(each.time) + each.minutes;
        assert.ok(each.time >= '00:00' && end <= minuteOf(now), `${each.time} + ${each.minutes}`);
      }
    });
  }

  test('on Sunday is the duty only: fewer than on Monday, most of them at hospitals and centres', () => {
    const count = (on: string) => day(on, '24:00').length;
    assert.ok(count(SUNDAY) > 5);
    assert.ok(count(SUNDAY) < count(MONDAY));
    const others = day(SUNDAY, '24:00').filter(({ place }) => !['25D01', '25D02'].includes(place.code));
    const stations = others.filter(({ place }) => place.type === 'tram-y-te');
    assert.ok(stations.length < others.length / 2);
  });

  test('that is over leaves nobody behind', () => {
    assert.ok(day(MONDAY, '24:00').every(({ state }) => state === 'finished'));
  });

  test('sees nobody twice, and at a station its own people', () => {
    const arrivals = day(MONDAY, '16:00');
    assert.equal(new Set(arrivals.map(({ person }) => person)).size, arrivals.length);
    for (const { person, place } of arrivals) {
      if (place.type === 'tram-y-te') assert.equal(person.household.station.id, place.id);
    }
  });
});

describe('an arrival as resources', () => {
  const { posts } = placeRecords(making);
  const resourcesOf = (arrival: Arrival) => {
    const facts = personFacts(arrival.person, making);
    const coverage = facts.find((each) => each.resourceType === 'Coverage');
    const known = { patient: patientOf(arrival.person, making), coverage };
    return arrivalResources(arrival, known, '007', posts, { ...making, today: arrival.day, time: '16:00' });
  };
  const arrivals = day(MONDAY, '16:00');

  test('is valid FHIR, labelled, with ids of its own', () => {
    const all = arrivals.flatMap(resourcesOf);
    for (const each of all) {
      assert.deepEqual(validateResource(JSON.parse(JSON.stringify(each))), []);
      assert.ok(each.meta?.security?.some(({ system, code }) => system === cs.actReason && code === 'HTEST'));
    }
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  });

  test('a finished visit has its diagnosis, charges and claim', () => {
    for (const arrival of arrivals.filter(({ state }) => state === 'finished')) {
      const resources = resourcesOf(arrival);
      const encounter = resources[0] as Encounter;
      assert.equal(encounter.status, 'finished');
      assert.equal(encounter.diagnosis?.length, 1);
      const claim = resources.find((each): each is Claim => each.resourceType === 'Claim')!;
      const charges = resources.filter((each) => each.resourceType === 'ChargeItem');
      assert.equal(claim.item?.length, charges.length);
      assert.ok(claim.total!.value! > 0);
    }
  });

  test('who waits has no doctor, no end and no diagnosis; who is being seen has an open order for the laboratory', () => {
    const [waiting] = at(arrivals, '25D01', 'arrived');
    const [seen] = at(arrivals, '25D01', 'in-progress');
    assert.ok(waiting && seen);
    const resources = resourcesOf(waiting);
    const encounter = resources[0] as Encounter;
    assert.equal(resources.length, 1);
    assert.deepEqual(
      [encounter.status, encounter.participant, encounter.period?.end, encounter.diagnosis],
      ['arrived', undefined, undefined, undefined],
    );
    const open = resourcesOf(seen);
    assert.equal((open[0] as Encounter).status, 'in-progress');
    assert.equal((open[0] as Encounter).period?.end, undefined);
    const orders = open.filter((each) => each.resourceType === 'ServiceRequest');
    assert.ok(orders.length > 0 && orders.every(({ status }) => status === 'active'));
    for (const { path, value } of everyValue(open[0])) {
      if (path.endsWith('system')) assert.notEqual(value, cs.outcome);
    }
  });
});
