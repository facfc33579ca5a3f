/** A child's record leads to the mother's and back, for who may see both, and tells nobody else. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import type { Relative } from './relatives.ts';

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
});
after(() => world?.stop());

const NUMBER = { system: sid.cccd, value: '099198000321' };

test('the mother stands in the child’s record and the child in hers; a relation that ended, and another’s number, in none', async () => {
  const system = world.program.house.kernel.gate.system('test');
  const person = async (name: string, more: object = {}) =>
    (
      await system.create<Patient>({
        resourceType: 'Patient',
        name: [{ text: name }],
        birthDate: '2026-11-22',
        ...more,
      })
    ).id!;
  const mother = await person('Lò Thị Mẹ', { identifier: [NUMBER] });
  const child = await person('Lò Văn Con');
  const gone = await person('Lò Văn Nhầm', { active: false });
  const relation = (of: string, active: boolean, value = NUMBER.value) =>
    system.create({
      resourceType: 'RelatedPerson',
      active,
      patient: { reference: `Patient/${of}` },
      identifier: [{ ...NUMBER, value }],
      relationship: [{ text: 'Mẹ' }],
      name: [{ text: 'Lò Thị Mẹ' }],
    });
  await relation(child, true);
  await relation(gone, true);
  await relation(await person('Lò Văn Thôi'), false);
  await relation(await person('Lò Văn Lạ'), true, '099198000999');
  const nurse = await world.staff('nurse', 'cs-1');
  const read = async (of: string) => {
    const answer = await nurse.call('GET', `/api/record/${of}/relatives`);
    assert.equal(answer.status, 200, answer.text);
    return (answer.body.rows as Relative[]).map(({ relation, name, patient, isTheirs }) => [
      relation,
      name,
      patient,
      isTheirs,
    ]);
  };
  assert.deepEqual(await read(child), [['Mẹ', 'Lò Thị Mẹ', mother, true]]);
  assert.deepEqual(await read(mother), [['Mẹ', 'Lò Văn Con', child, false]]);
  const clerk = await world.staff('insurance', 'cs-1');
  assert.equal((await clerk.call('GET', `/api/record/${child}/relatives`)).status, 403);
});
