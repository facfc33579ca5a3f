/** What ended before a station was merged or divided stayed with the station that is no more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EpisodeOfCare, Observation } from '../../kernel/fhir/types.ts';
import { addDeath, addEnrolment } from './life-resources.ts';
import { openShelf } from './making.ts';
import type { Person } from './person.ts';
import { testHouseholds, testMaking } from './testing.ts';

const making = testMaking();
const former = making.tables.formerStations.find(({ communes }) => communes === null)!;
const household = testHouseholds(making, 2).find(({ station }) => former.stations.includes(station.id))!;
const UNTIL = '2026-07-01';

/** Who leads the enrolment, and who told of the death. */
function stationsOf(deathDate: string | null): (string | undefined)[] {
  const person: Person = { ...household.members[0]!, birthDate: '1950-01-01', deathDate };
  const shelf = openShelf(making, person, 'v');
  addEnrolment({ icd10: 'I10', since: '2025-03-01', until: null }, person, making, shelf);
  addDeath(person, making, shelf);
  const [enrolment, death] = shelf.resources as [EpisodeOfCare, Observation | undefined];
  return [enrolment.managingOrganization?.reference, death?.performer?.[0]?.reference];
}

test('an enrolment and a death of before the change stand at the former station, later ones at that of now', () => {
  assert.equal(former.until, UNTIL);
  const [old, now] = [`Organization/${former.id}`, `Organization/${household.station.id}`];
  assert.deepEqual(stationsOf('2026-06-30'), [old, old]);
  assert.deepEqual(stationsOf(UNTIL), [now, now]);
  assert.deepEqual(stationsOf(null), [now, undefined], 'what goes on is led by the station of now');
});
