/** `$evaluate-measure` over HTTP: what is refused, how long it may take, and who counts whom. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { issueOf } from '../../../kernel/fhir/testing.ts';
import type { Measure } from '../../../kernel/fhir/types.ts';
import { planMeasure } from '../plan.ts';
import { basis, countsIn, measure, population, query } from '../testing.ts';
import { readMeasureAsk } from './ask.ts';
import { evaluateMeasure } from './evaluate.ts';
import {
  CONTROL,
  type HandCount,
  has,
  openHandCount,
  patients,
  peopleOf,
  reported,
  YEAR,
} from './hand-count.testing.ts';

let world: HandCount;
before(async () => {
  world = await openHandCount();
});
after(() => world.stop());

test('parameters that are missing, unknown, twice or wrong are refused by name', async () => {
  const refused = async (url: string, status: number, name: string | undefined) => {
    const answer = await world.send('GET', `/fhir/Measure/${url}`);
    assert.equal(answer.status, status, `${url}: ${answer.text}`);
    assert.equal(issueOf(answer).expression?.[0], name, url);
  };
  const on = 'control/$evaluate-measure?';
  await refused(`${on}periodEnd=2026`, 400, 'periodStart');
  await refused(`${on}periodStart=2026`, 400, 'periodEnd');
  await refused(`${on}periodStart=2026&periodEnd=2025`, 400, 'periodEnd');
  await refused(`${on}periodStart=2026-13&periodEnd=2026`, 400, 'periodStart');
  await refused(`${on}periodStart=2026&periodStart=2026&periodEnd=2026`, 400, 'periodStart');
  await refused(`${on}${YEAR}&colour=red`, 400, 'colour');
  await refused(`${on}${YEAR}&_elements=group`, 400, '_elements');
  await refused(`${on}${YEAR}&_summary=count`, 400, '_summary');
  await refused(`${on}${YEAR}&reportType=everything`, 400, 'reportType');
  await refused(`${on}${YEAR}&reportType=subject`, 400, 'subject');
  await refused(`${on}${YEAR}&reportType=subject&subject=Group/g`, 400, 'subject');
  await refused(`${on}${YEAR}&subject=Organization/x`, 400, 'subject');
  await refused(`${on}${YEAR}&practitioner=Patient/x`, 400, 'practitioner');
  await refused(`${on}${YEAR}&lastReceivedOn=2026`, 400, 'lastReceivedOn');
  await refused(`${on}${YEAR}&subject=p1&lastReceivedOn=yesterday`, 400, 'lastReceivedOn');
  await refused(`${on}${YEAR}&measure=control`, 400, 'measure');
  await refused(`$evaluate-measure?${YEAR}`, 400, 'measure');
  await refused(`nobody/$evaluate-measure?${YEAR}`, 404, undefined);
  await refused(`${on}${YEAR}&subject=Patient/nobody`, 404, undefined);
  await refused(`${on}${YEAR}&subject=Group/nobody`, 404, undefined);
  const body = await world.send('POST', '/fhir/Measure/control/$evaluate-measure', {
    resourceType: 'Patient',
  });
  assert.equal(body.status, 400);
});

test('measures that cannot be carried out are refused with 422 and the place, before and while persons are read', async () => {
  const refused = async (
    expression: Parameters<typeof population>[1],
    word: RegExp,
    more: Partial<Measure> = {},
  ) => {
    const one = measure('cohort', [{ population: [population('initial-population', expression)] }], more);
    const answer = await world.send(
      'GET',
      `/fhir/Measure/${await world.keep(one)}/$evaluate-measure?${YEAR}`,
    );
    assert.equal(answer.status, 422, answer.text);
    assert.match(
      issueOf(answer).expression![0]!,
      /^Measure\.(group\[0\]\.population\[0\]\.criteria|scoring)/,
    );
    assert.match(issueOf(answer).diagnostics!, word);
  };
  await refused('Patient.sex', /"sex"/);
  await refused('Condition.code.coding.code', /2 values/);
  await refused('Condition', /Encounter, but gives something else/, basis('Encounter'));
  await refused('(1).repeat($this + 1).exists()', /does not end, or costs too much/);
  await refused('Organization.exists()', /kept of no person/);
  await refused(
    "Condition.where(code.memberOf('http://example.org/nobody')).exists()",
    /example\.org\/nobody/,
  );
  await refused('Condition.where(code.memberOf(code.text)).exists()', /by its address/);
  await refused(query('Condition?code:in=http://example.org/nobody'), /example\.org\/nobody/);
  await refused('Condition.where(subject.resolve().active).exists()', /resolve/);
});

test('an answer at once has a limit in time, and says what to do instead', async () => {
  const ask = readMeasureAsk(
    [
      ['periodStart', '2026'],
      ['periodEnd', '2026'],
    ],
    true,
  );
  const evaluation = {
    session: world.program.kernel.gate.system('test') as never,
    ask,
    measure: CONTROL,
    plan: planMeasure(CONTROL, { ...ask.period, now: new Date(0) }),
    memberOf: () => null,
    canonical: 'x',
    date: '2027-02-01T08:00:00+07:00',
    most: -1,
    hint: { vi: 'Hãy dùng Prefer: respond-async.', en: 'Use Prefer: respond-async.' },
    report: async () => undefined,
  };
  await assert.rejects(evaluateMeasure(evaluation), /takes longer than .* respond-async/);
  const told: number[] = [];
  const progress = {
    ...evaluation,
    most: 60_000,
    report: async (persons: number) => void told.push(persons),
  };
  await evaluateMeasure(progress);
  assert.ok(told.at(-1)! >= 12, 'how many persons are counted is told');
  // Nobody waits any more: the first page is the last.
  const stopped = { ...evaluation, most: 60_000, report: () => Promise.reject(new Error('cancelled')) };
  await assert.rejects(evaluateMeasure(stopped), /cancelled/);
});

test('who asks counts whom they may see: persons in care alone, and a line of the audit for each', async () => {
  const here = await world.arrive('cs-1');
  const there = await world.arrive('cs-2');
  for (const { patient } of [here, there])
    await world.send('POST', '/fhir/Condition', {
      resourceType: 'Condition',
      subject: { reference: `Patient/${patient}` },
      code: { coding: [{ code: 'J00' }] },
    });
  await world.program.kernel.events.settled();
  const one = {
    ...measure('cohort', [{ population: [population('initial-population', has('J00'))] }]),
    id: 'cold',
  };
  await world.send('PUT', '/fhir/Measure/cold', one);
  const nobody = {
    ...measure('cohort', [{ population: [population('initial-population', 'Condition.empty()')] }]),
    id: 'well',
  };
  await world.send('PUT', '/fhir/Measure/well', nobody);
  const doctor = await world.staff('doctor', 'cs-1');
  const ask = (id: string, more = '') =>
    doctor.call('GET', `/fhir/Measure/${id}/$evaluate-measure?${YEAR}${more}`);
  const mine = await reported(ask('cold', '&reportType=subject-list'));
  assert.deepEqual(peopleOf(mine, 'initial-population'), patients(here.patient));
  assert.deepEqual(mine.reporter, { reference: 'Organization/cs-1' });
  // Whose record is closed to the unit is not counted as being without diagnoses.
  assert.equal(countsIn((await reported(ask('well'))).group![0])['initial-population'], 0);
  const closed = await ask('cold', `&subject=Patient/${there.patient}`);
  assert.equal(closed.status, 403, closed.text);
  const whole = await reported(world.send('GET', `/fhir/Measure/cold/$evaluate-measure?${YEAR}`));
  assert.equal(countsIn(whole.group![0])['initial-population'], 2);

  const lines = async (patient: string) =>
    (
      await world.program.kernel.pool.query<{ who: string; action: string }>(
        "select who, action from audit where patient = $1 and what like 'Condition?%'",
        [patient],
      )
    ).rows.filter(({ who }) => who.startsWith('doctor'));
  assert.ok((await lines(here.patient)).length > 0);
  assert.deepEqual(await lines(there.patient), []);
  const { rows } = await world.program.kernel.pool.query<{ what: string }>(
    "select what from audit where action = 'evaluate' and who like 'doctor%' order by ts limit 1",
  );
  assert.match(
    rows[0]!.what,
    /^\$evaluate-measure http.*\/Measure\/cold 2026-01-01\.\.2026-12-31 subject-list$/,
  );

  const laboratory = await world.staff('administrator', null);
  assert.equal((await laboratory.call('GET', `/fhir/Measure/cold/$evaluate-measure?${YEAR}`)).status, 403);
  const scope = { authorization: `Bearer ${await world.token('system/Measure.rs system/Patient.rs')}` };
  const narrow = await world.bare('GET', `/fhir/Measure/cold/$evaluate-measure?${YEAR}`, undefined, scope);
  assert.equal(narrow.status, 403);
  assert.match(narrow.text, /Condition/);
  assert.equal((await world.bare('GET', `/fhir/Measure/cold/$evaluate-measure?${YEAR}`)).status, 401);
});
