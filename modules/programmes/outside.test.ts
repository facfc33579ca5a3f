/** Who is said to have nothing to do with a programme has no row of it, whatever else is known of the person. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courseOf, dayOf, programmeCs } from '../../engines/programmes/index.ts';
import { askerOf, content, injection, shelfOf } from '../../engines/programmes/testing.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import type { Patient, Resource } from '../../kernel/fhir/types.ts';
import { rowsOf } from './projection.ts';

const DAY = '2026-11-22';
const NOW = new Date(`${DAY}T09:00:00+07:00`);
const SEED = Number(process.env.SEED ?? 7);
const PERSONS = 400;
const ILLNESSES = ['I10', 'E11.9', 'J44.9', 'J45.0', 'F20.0', 'F32.1', 'Z34.9', 'O09', 'J06.9', 'A15.0'];
const STATES = ['active', 'planned', 'finished', 'cancelled', 'entered-in-error'] as const;

const subject = { reference: 'Patient/p' };
const keys = [...new Set(datedFiles(content, 'programmes').map(({ key }) => key))];

/** Mulberry32: the same persons for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

function somebody(roll: (sides: number) => number): { patient: Patient; resources: Resource[] } {
  const some = <T>(of: readonly T[]) => of[roll(of.length)]!;
  const birth = new Date(Date.UTC(1940 + roll(87), roll(12), 1 + roll(28))).toISOString().slice(0, 10);
  const patient: Patient = {
    resourceType: 'Patient',
    id: 'p',
    gender: some(['male', 'female']),
    ...(roll(12) > 0 && { birthDate: birth }),
    ...(roll(15) === 0 && { deceasedBoolean: true }),
  };
  const illnesses = Array.from(
    { length: roll(3) },
    (): Resource => ({
      resourceType: 'Condition',
      subject,
      clinicalStatus: { coding: [{ code: some(['active', 'active', 'resolved']) }] },
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: some(ILLNESSES) }] },
    }),
  );
  const enrolments = Array.from(
    { length: roll(2) },
    (): Resource => ({
      resourceType: 'EpisodeOfCare',
      id: 'e',
      status: some(STATES) as 'active',
      type: [{ coding: [{ system: programmeCs.programme, code: some(keys) }] }],
      patient: subject,
      period: { start: '2026-05-01' },
    }),
  );
  const doses = Array.from({ length: roll(3) }, () => injection(some(['08', '20', '03']), '2026-03-01'));
  return { patient, resources: [patient, ...illnesses, ...enrolments, ...doses] };
}

test(`${PERSONS} persons made up by seed ${SEED}, each asked of every programme`, () => {
  const roll = dice(SEED);
  const open = keys.map((key) => ({ shelf: shelfOf(key, DAY), asker: askerOf(shelfOf(key, DAY)) }));
  const seen = { outside: 0, inside: 0 };
  for (let n = 0; n < PERSONS; n++) {
    const { patient, resources } = somebody(roll);
    for (const { shelf, asker } of open) {
      const facts = asker.factsOf(patient, resources, NOW);
      const where = { patient: 'p', station: 's', village: '' };
      const rows = rowsOf(shelf.programme, courseOf(shelf, facts, dayOf(DAY)!), facts, where);
      const isOutside = asker.isOutside(patient, resources, NOW);
      seen[isOutside ? 'outside' : 'inside'] += 1;
      if (isOutside) assert.equal(rows, null, `${shelf.programme.key} of ${JSON.stringify(resources)}`);
    }
  }
  assert.ok(
    seen.outside > seen.inside,
    `most persons are outside of most programmes: ${JSON.stringify(seen)}`,
  );
  assert.ok(seen.inside > PERSONS / 4, JSON.stringify(seen));
});
