/** Medicine is fetched when it is handed out where the station keeps a stock, and with the prescription where it keeps none: the content decides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MedicationDispense, MedicationRequest, Resource } from '../../kernel/fhir/types.ts';
import { dayText } from './days.ts';
import { programmeCs } from './systems.ts';
import { course, shelfOf } from './testing.ts';

const DAY = '2026-12-20';
const subject = { reference: 'Patient/p' };
const adult = { birthDate: '1958-04-01', gender: 'male' as const };
/** Programme and a medicine of it by ATC. */
const PROGRAMMES: [string, string][] = [
  ['tang-huyet-ap', 'C08CA01'],
  ['dai-thao-duong', 'A10BA02'],
  ['benh-phoi-tac-nghen', 'R03AC02'],
  ['hen-phe-quan', 'R03BA02'],
  ['tam-than', 'N05AH03'],
];

const medicine = (atc: string) => ({ coding: [{ system: 'http://www.whocc.no/atc', code: atc }] });
const prescribed = (atc: string, on: string, station = ''): MedicationRequest => ({
  resourceType: 'MedicationRequest',
  id: `don-${on}`,
  status: 'active',
  intent: 'order',
  subject,
  medicationCodeableConcept: medicine(atc),
  authoredOn: `${on}T08:00:00+07:00`,
  dispenseRequest: station === '' ? {} : { performer: { reference: station } },
});
const handedOut = (
  atc: string,
  on: string,
  status: MedicationDispense['status'] = 'completed',
): MedicationDispense => ({
  resourceType: 'MedicationDispense',
  id: `cap-${on}`,
  status,
  subject,
  medicationCodeableConcept: medicine(atc),
  whenHandedOver: `${on}T09:00:00+07:00`,
});

function dueIn(key: string, facts: Resource[]): string | null {
  const { tasks } = course(
    shelfOf(key, DAY),
    adult,
    [
      {
        resourceType: 'EpisodeOfCare',
        id: 'e',
        status: 'active',
        type: [{ coding: [{ system: programmeCs.programme, code: key }] }],
        patient: subject,
        period: { start: '2026-10-01' },
      },
      ...facts,
    ],
    DAY,
  );
  const task = tasks.find((one) => one.key === 'act:linh-thuoc');
  return task ? dayText(task.due) : null;
}

for (const [key, atc] of PROGRAMMES) {
  test(`${key}: where nothing is handed out the prescription is the pick-up, the next one a month later`, () => {
    assert.equal(dueIn(key, [prescribed(atc, '2026-12-01')]), '2027-01-01');
  });

  test(`${key}: a prescription that the station hands out waits for it; what was handed out by mistake is none`, () => {
    const line = prescribed(atc, '2026-12-01', 'Organization/tram');
    assert.equal(dueIn(key, [line]), '2026-11-01', 'a month after enrolment: nothing was fetched yet');
    assert.equal(dueIn(key, [line, handedOut(atc, '2026-12-05')]), '2027-01-05');
    assert.equal(dueIn(key, [line, handedOut(atc, '2026-12-05', 'entered-in-error')]), '2026-11-01');
  });
}
