import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FhirWorld } from '../../testing.ts';
import { CODE_SYSTEM_SUBSUMES } from './code-system-subsumes.ts';
import {
  ANIMAL,
  assertAnnounced,
  assertRefused,
  ICD,
  openTerms,
  outOf,
  parameters,
  UNIT,
} from './fixture.testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openTerms();
});
after(() => world.stop());

const ask = (system: string, codeA: string, codeB: string) =>
  world.send('GET', `/fhir/CodeSystem/$subsumes?system=${system}&codeA=${codeA}&codeB=${codeB}`);

test('the four outcomes (R4 concept-subsumption-outcome)', async () => {
  const cases: [string, string, string, string][] = [
    [ANIMAL, 'thu', 'cun', 'subsumes'],
    [ANIMAL, 'cun', 'thu', 'subsumed-by'],
    [ANIMAL, 'cho', 'cho', 'equivalent'],
    [ANIMAL, 'cho', 'meo', 'not-subsumed'],
    [ICD, 'E11', 'E11.9', 'subsumes'],
    [ICD, 'E11.9', 'E10', 'not-subsumed'],
  ];
  for (const [system, a, b, outcome] of cases)
    assert.equal(outOf(await ask(system, a, b)).outcome, outcome, `${a} ${b}`);
});

test('a ward of today lies below its province', async () => {
  const wards = await world.send(
    'GET',
    `/fhir/ValueSet/$expand?url=http://yba.vn/fhir/vs/don-vi-hanh-chinh&filter=Việt Trì&activeOnly=true&count=5`,
  );
  const ward = wards.body.expansion.contains.find(({ code }: { code: string }) => code.length === 5).code;
  assert.equal(outOf(await ask(UNIT, '25', ward)).outcome, 'subsumes');
});

test('by instance, and by POST with Codings', async () => {
  const at = await world.send('GET', '/fhir/CodeSystem/con-vat/$subsumes?codeA=thu&codeB=meo');
  assert.equal(outOf(at).outcome, 'subsumes');
  const coding = (name: string, code: string, system = ANIMAL) => ({ name, valueCoding: { system, code } });
  const post = (...given: object[]) => world.send('POST', '/fhir/CodeSystem/$subsumes', parameters(...given));
  assert.equal(
    outOf(await post(coding('codingA', 'meo'), coding('codingB', 'con-vat'))).outcome,
    'subsumed-by',
  );
  assertRefused(await post(coding('codingA', 'meo'), coding('codingB', 'A00', ICD)), 400, 'codingB');
  assertRefused(await post(coding('codingA', 'meo'), coding('codingB', 'bo')), 404, 'codingB');
});

test('whatever is wrong is told by name', async () => {
  assertRefused(await ask(ANIMAL, 'bo', 'cho'), 404, 'codeA');
  assertRefused(await ask(ANIMAL, 'cho', 'bo'), 404, 'codeB');
  assertRefused(await ask('http://nowhere', 'a', 'b'), 404, 'system');
  assertRefused(
    await world.send('GET', `/fhir/CodeSystem/$subsumes?system=${ANIMAL}&codeA=cho`),
    400,
    'codeB',
  );
  assertRefused(await world.send('GET', '/fhir/CodeSystem/$subsumes?codeA=cho&codeB=meo'), 400, 'system');
  assertRefused(await world.send('GET', `/fhir/CodeSystem/$subsumes?codeA=a&codeB=b&date=2026`), 400, 'date');
});

test('it is announced and defined as HL7 defines it', () => assertAnnounced(world, CODE_SYSTEM_SUBSUMES));
