/** An order that a protocol suggests is one press away, and is then an order of the visit like any other (CDS-09). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import type { ServiceRequest } from '../../kernel/fhir/types.ts';
import type { PersonCard } from '../../kernel/person-card.ts';
import type { VisitView } from './contract.ts';
import { type Browser, openWorld, type World } from './testing.ts';

const RULE = '/api/decisions/rules/tuan-thu-phac-do';
let world: World;
let doctor: Browser;

before(async () => {
  world = await openWorld();
  world.setNow('2026-11-23T08:30:00+07:00');
  doctor = await world.signIn('bacsi');
});
after(() => world.stop());

test('diabetes without HbA1c: the card cites the guide and how sure it is, and its order stands in the visit', async () => {
  const { patient, encounter } = await world.arrive({ birthDate: '1970-05-01' }, [
    {
      resourceType: 'Condition',
      id: world.program.kernel.store.newId('Condition'),
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      subject: {},
      code: { coding: [{ system: cs.icd10, code: 'E11.9' }] },
    },
  ]);
  const visit = `/api/clinic/visits/${encounter}`;
  const shown = await doctor.call('GET', visit);
  await doctor.call('POST', `${visit}/start`, {}, { ifMatch: shown.body.version });
  const at = `/api/decisions/people/${patient}/cards`;
  const cards = async () => {
    const { body } = await doctor.call<{ cards: PersonCard[] }>('GET', `${at}?encounter=${encounter}`);
    return body.cards.filter(({ rule }) => rule === 'tuan-thu-phac-do');
  };
  assert.deepEqual(await cards(), [], 'silent until it was tried');
  const officer = await world.hire('noidung', 'content-officer');
  let trial = await officer.call<{ id: string; state: string }>('POST', `${RULE}/trials`, {});
  while (trial.body.state === 'running')
    trial = await officer.call('GET', `/api/decisions/trials/${trial.body.id}`);
  await officer.call('POST', `${RULE}/state`, { state: 'live', note: 'Hội đồng thử họp' });

  const card = (await cards()).find(({ title }) => title.includes('HbA1c'))!;
  assert.match(card.source.label, /QĐ 5481\/QĐ-BYT.*tin cậy trung bình/);
  assert.deepEqual(card.suggestions, ['Chỉ định HbA1c']);
  const taken = await doctor.call('POST', `${at}/${card.id}/accept?encounter=${encounter}`, {
    suggestion: 0,
  });
  assert.equal(taken.status, 200, JSON.stringify(taken.body));

  const { body } = await doctor.call<VisitView>('GET', visit);
  const order = body.orders.find(({ name }) => name.includes('HbA1c'))!;
  assert.equal(order.status, 'active');
  assert.equal(order.service, '23.0083.1523');
  assert.equal(order.tests.length, 1);
  const [kept] = (await world.recordOf(patient, 'ServiceRequest')) as ServiceRequest[];
  assert.equal(kept!.requester!.reference, 'Practitioner/nv-bacsi');
  assert.ok(!(await cards()).some(({ title }) => title.includes('HbA1c')));
});
