/** Vectors of the forecast (computed from the national schedule as last printed, Circular 10/2024/TT-BYT) and what holds for any child. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courseOf } from './course.ts';
import { dayOf, dayText, plus } from './days.ts';
import type { Dose } from './facts.ts';
import type { SeriesCourse } from './forecast.ts';
import { CVX, childFacts, course, dose, injection, shelfOf, text } from './testing.ts';

const shelf = shelfOf('tiem-chung-mo-rong');

function at(birth: string, given: [cvx: string, day: string][], day: string): Map<string, SeriesCourse> {
  const found = course(
    shelf,
    { birthDate: birth },
    given.map(([cvx, on]) => injection(cvx, on)),
    day,
  );
  return new Map(found.series.map((one) => [one.component, one]));
}
const due = (one: SeriesCourse | undefined) => one?.next.map((next) => dayText(next.due));

test('31 March and 3 months is 30 June: same day of the month, or the last', () => {
  const day = dayOf('2026-03-31')!;
  const months = [2, 3, 4, 5, 9, 18].map((value) => dayText(plus(day, { value, unit: 'mo' })));
  assert.deepEqual(months, [
    '2026-05-31',
    '2026-06-30',
    '2026-07-31',
    '2026-08-31',
    '2026-12-31',
    '2027-09-30',
  ]);
});

test('born 2026-08-15, hepatitis B and BCG given: all of the schedule is due on its day', () => {
  const found = at(
    '2026-08-15',
    [
      ['08', '2026-08-15'],
      ['19', '2026-08-16'],
    ],
    '2026-10-15',
  );
  for (const component of ['viem-gan-b', 'hib', 'bai-liet'])
    assert.deepEqual(due(found.get(component)), ['2026-10-15', '2026-11-15', '2026-12-15'], component);
  assert.deepEqual(due(found.get('ho-ga')), ['2026-10-15', '2026-11-15', '2026-12-15', '2028-02-15']);
  assert.deepEqual(due(found.get('bach-hau')), [
    '2026-10-15',
    '2026-11-15',
    '2026-12-15',
    '2028-02-15',
    '2033-08-15',
  ]);
  assert.deepEqual(due(found.get('rota'))?.[0], '2026-10-15');
  assert.deepEqual(due(found.get('bai-liet-tiem'))?.[0], '2027-01-15');
  assert.deepEqual(due(found.get('soi')), ['2027-05-15', '2028-02-15']);
  assert.deepEqual(due(found.get('rubella')), ['2028-02-15']);
  assert.deepEqual(due(found.get('viem-nao-nhat-ban'))?.[0], '2027-08-15');
  assert.equal(found.get('lao')?.status, 'complete');
  assert.equal(found.get('viem-gan-b')?.status, 'due');
  assert.equal(found.get('soi')?.status, 'not-yet-due');
});

test('born 2026-03-31 with nothing: days are clamped to the month', () => {
  const found = at('2026-03-31', [], '2026-04-01');
  assert.deepEqual(due(found.get('hib')), ['2026-05-31', '2026-06-30', '2026-07-31']);
  assert.deepEqual(due(found.get('bai-liet-tiem')), ['2026-08-31', '2026-12-31']);
  assert.deepEqual(due(found.get('soi')), ['2026-12-31', '2027-09-30']);
});

test('a first dose that was late moves the others by the interval', () => {
  const found = at('2026-08-15', [['102', '2026-11-20']], '2026-11-21');
  assert.deepEqual(due(found.get('ho-ga'))?.slice(0, 2), ['2026-12-20', '2027-01-20']);
});

test('BCG that is missing waits 4 weeks after another live vaccine', () => {
  const found = at('2025-10-01', [['05', '2026-07-01']], '2026-07-10');
  assert.equal(text(found.get('lao')?.next[0]?.earliest), '2026-07-29');
  const sameDay = at('2025-10-01', [['05', '2026-07-01']], '2026-07-01');
  assert.ok(text(sameDay.get('lao')?.next[0]?.earliest)! <= '2026-07-01', 'both on one day is right');
});

test('Japanese encephalitis: the third dose a year after the second', () => {
  const found = at(
    '2025-08-10',
    [
      ['39', '2026-08-12'],
      ['39', '2026-08-22'],
    ],
    '2026-09-01',
  );
  assert.deepEqual(due(found.get('viem-nao-nhat-ban')), ['2027-08-22']);
});

test('the birth dose of hepatitis B is overdue after a day, and left out after a week', () => {
  assert.equal(at('2026-08-15', [], '2026-08-15').get('viem-gan-b')?.status, 'due');
  assert.equal(at('2026-08-15', [], '2026-08-17').get('viem-gan-b')?.status, 'overdue');
  const later = at('2026-08-15', [], '2026-08-23').get('viem-gan-b');
  assert.deepEqual([later?.next[0]?.label, later?.status], ['1', 'not-yet-due']);
});

test('BCG ages out at a year, rotavirus at six months', () => {
  assert.equal(at('2025-08-15', [], '2026-08-16').get('lao')?.status, 'aged-out');
  assert.equal(at('2026-02-15', [], '2026-08-16').get('rota')?.status, 'aged-out');
});

test('every dose says whether it counts, and why not', () => {
  const verdicts = (given: Parameters<typeof injection>[], component: string, birth = '2026-01-10') =>
    course(
      shelf,
      { birthDate: birth },
      given.map((one) => injection(...one)),
      '2026-11-22',
    )
      .series.find((one) => one.component === component)!
      .judged.map(({ verdict, faults, notBefore }) => [
        verdict,
        ...faults,
        ...(notBefore === null ? [] : [dayText(notBefore)]),
      ]);
  assert.deepEqual(verdicts([['102', '2026-03-09']], 'ho-ga'), [['invalid', 'too-early', '2026-03-10']]);
  assert.deepEqual(verdicts([['102', '2026-03-10']], 'ho-ga'), [['valid']], 'on the day itself it counts');
  assert.deepEqual(
    verdicts(
      [
        ['102', '2026-04-10'],
        ['102', '2026-05-01'],
      ],
      'hib',
    ),
    [['valid'], ['invalid', 'interval', '2026-05-10']],
  );
  assert.deepEqual(verdicts([['102', '2026-03-12', { expirationDate: '2026-02' }]], 'hib'), [
    ['invalid', 'expired-lot'],
  ]);
  assert.deepEqual(verdicts([['119', '2026-07-11']], 'rota'), [['invalid', 'too-late']]);
  assert.deepEqual(
    verdicts(
      [
        ['05', '2026-10-10'],
        ['19', '2026-10-20'],
      ],
      'lao',
    ),
    [['invalid', 'spacing', '2026-11-07']],
  );
  const claim = { protocolApplied: [{ doseNumberPositiveInt: 1, targetDisease: [{ text: 'Sởi' }] }] };
  assert.deepEqual(verdicts([['10', '2026-10-10', claim]], 'soi'), [['invalid', 'not-in-product']]);
  const polio = { protocolApplied: [{ doseNumberPositiveInt: 1, targetDisease: [{ text: 'Bại liệt' }] }] };
  assert.deepEqual(
    verdicts([['10', '2026-10-10', polio]], 'bai-liet'),
    [],
    'the injected one is of polio, too',
  );
  assert.equal(verdicts([['10', '2026-10-10', polio]], 'bai-liet-tiem').length, 1);
  assert.deepEqual(
    verdicts([['102', '2026-03-12', { status: 'entered-in-error' }]], 'hib'),
    [],
    'no dose at all',
  );
});

test('what was too early is repeated after the interval; a series never starts again', () => {
  const found = at(
    '2026-01-10',
    [
      ['102', '2026-04-10'],
      ['102', '2026-05-01'],
    ],
    '2026-05-02',
  ).get('hib')!;
  assert.deepEqual(
    [found.valid, found.next[0]?.label, text(found.next[0]?.earliest)],
    [1, '2', '2026-06-01'],
  );
});

test('a hexavalent child needs no further injected polio', () => {
  const found = at(
    '2026-01-10',
    [
      ['146', '2026-03-10'],
      ['146', '2026-04-10'],
      ['146', '2026-05-10'],
    ],
    '2026-11-22',
  );
  for (const component of ['bai-liet', 'bai-liet-tiem', 'hib', 'viem-gan-b'])
    assert.equal(found.get(component)?.status, 'complete', component);
});

test('a contraindication stops the series alone', () => {
  const allergy = {
    resourceType: 'AllergyIntolerance' as const,
    patient: { reference: 'Patient/p' },
    code: { coding: [{ system: CVX, code: '05' }] },
  };
  const found = course(shelf, { birthDate: '2026-01-10' }, [allergy], '2026-11-22').series;
  const measles = found.find(({ component }) => component === 'soi')!;
  assert.deepEqual([measles.status, measles.next.length], ['contraindicated', 0]);
  assert.match(measles.reason, /phản vệ/);
  assert.equal(found.find(({ component }) => component === 'hib')!.status, 'overdue');
});

/** A generator of its own, so that a failure can be repeated. */
function randomOf(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}
const GIVEN = [
  '19',
  '08',
  '102',
  '02',
  '10',
  '119',
  '05',
  '04',
  '39',
  '01',
  '09',
  '146',
  '03',
  '120',
  '17',
  '100',
  '20',
];

function someChild(random: (most: number) => number): { birth: number; doses: Dose[]; day: number } {
  const birth = dayOf('2019-01-01')! + random(2600);
  const age = random(2900);
  const doses = Array.from({ length: random(16) }, (_, n) =>
    dose(GIVEN[random(GIVEN.length)]!, dayText(birth + random(age + 1)), { id: `d${n}` }),
  );
  return { birth, doses, day: birth + age };
}
const CHILDREN = 1500;
const answers = { ...(Object.fromEntries(applies()) as Record<string, boolean>) };
function applies(): [string, boolean][] {
  return shelf.programme.series.flatMap(({ applies: asked, paths }) => [
    ...asked.map(({ place }): [string, boolean] => [place, true]),
    ...paths.flatMap((path) => path.applies.map(({ place }): [string, boolean] => [place, true])),
  ]);
}

test('for any child: nothing is proposed before a minimum age, interval or distance of live vaccines', () => {
  const random = randomOf(1);
  for (let n = 0; n < CHILDREN; n += 1) {
    const { birth, doses, day } = someChild(random);
    const facts = childFacts(dayText(birth), doses, answers);
    for (const series of courseOf(shelf, facts, day).series) {
      const [next] = series.next;
      if (!next) continue;
      const path = shelf.programme.series
        .find(({ key }) => key === series.key)!
        .paths.find(({ key }) => key === series.path)!;
      const rule = path.doses.find(({ label }) => label === next.label)!;
      const last = series.judged.filter(({ verdict }) => verdict === 'valid').at(-1);
      if (last && rule.interval)
        assert.ok(next.earliest >= plus(last.dose.day, rule.interval), `${n} ${series.key}`);
      for (const { anchor, earliest } of rule.windows)
        if (anchor === 'birth' && earliest)
          assert.ok(next.earliest >= plus(birth, earliest), `${n} ${series.key}`);
      assert.ok(next.earliest <= next.due && next.due <= next.overdue, `${n} ${series.key}`);
      if (next.product && shelf.products.get(next.product)?.spacing)
        for (const given of doses) {
          const isLive = shelf.products.get(given.products[0]!)?.spacing;
          const apart = next.earliest - given.day;
          if (isLive && given.day < day) assert.ok(apart >= 28, `${n} ${series.key} ${apart}`);
        }
    }
  }
});

test('for any child: the due dose on its due day makes nothing invalid, and counts', () => {
  const random = randomOf(2);
  let tried = 0;
  for (let n = 0; n < CHILDREN; n += 1) {
    const { birth, doses, day } = someChild(random);
    const before = courseOf(shelf, childFacts(dayText(birth), doses, answers), day);
    for (const task of before.tasks) {
      if (!task.product) continue;
      const on = Math.max(task.due, day);
      const given = { ...dose('', dayText(on)), id: 'new', products: [task.product] };
      const after = courseOf(shelf, childFacts(dayText(birth), [...doses, given], answers), on);
      tried += 1;
      for (const series of after.series)
        for (const one of series.judged.filter(({ dose: { id } }) => id === 'new')) {
          assert.notEqual(
            one.verdict,
            'invalid',
            `${n} ${task.key} ${series.key} ${one.faults} ${dayText(birth)} ${dayText(day)}`,
          );
          if (task.about.includes(series.key))
            assert.equal(one.verdict, 'valid', `${n} ${task.key} ${series.key}`);
        }
      for (const [index, series] of after.series.entries())
        for (const one of before.series[index]!.judged.filter(({ verdict }) => verdict === 'valid'))
          assert.notEqual(
            series.judged.find(({ dose: { id } }) => id === one.dose.id)!.verdict,
            'invalid',
            `${n} ${task.key} ${series.key}`,
          );
    }
  }
  assert.ok(tried > CHILDREN, `${tried}`);
});

test('for any child: the order in which doses were read does not matter, and the same question has the same answer', () => {
  const random = randomOf(3);
  for (let n = 0; n < CHILDREN; n += 1) {
    const { birth, doses, day } = someChild(random);
    const shuffled = doses.map((one) => ({ one, key: random(1000) })).sort((a, b) => a.key - b.key);
    assert.deepEqual(
      courseOf(
        shelf,
        childFacts(
          dayText(birth),
          shuffled.map(({ one }) => one),
          answers,
        ),
        day,
      ),
      courseOf(shelf, childFacts(dayText(birth), doses, answers), day),
    );
  }
});

test('for any child: between one change and the next only due and overdue differ', () => {
  const random = randomOf(4);
  const shape = (one: ReturnType<typeof courseOf>) =>
    one.tasks.map(({ key, about, earliest, due: dueDay }) => [key, about, earliest, dueDay]);
  for (let n = 0; n < 300; n += 1) {
    const { birth, doses, day } = someChild(random);
    const facts = childFacts(dayText(birth), doses, answers);
    const now = courseOf(shelf, facts, day);
    const until = Math.min(now.changes ?? day + 60, day + 60);
    for (let later = day + 1; later < until; later += 7)
      assert.deepEqual(
        shape(courseOf(shelf, facts, later)),
        shape(now),
        `${n} ${dayText(later)} ${dayText(day)}`,
      );
  }
});
