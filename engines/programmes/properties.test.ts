/** What holds for any child who is vaccinated by the forecast, and for the forecast of any day: live vaccines keep apart, nothing is lost, days never come nearer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import { build } from 'vite';
import { type Course, courseOf } from './course.ts';
import { type Day, dayOf, dayText } from './days.ts';
import type { Dose, Facts } from './facts.ts';
import { childFacts, dose, shelfOf } from './testing.ts';

const shelf = shelfOf('tiem-chung-mo-rong', '2026-11-22');
const { programme, products } = shelf;
const answers = Object.fromEntries(
  programme.series.flatMap(({ applies, paths }) =>
    [...applies, ...paths.flatMap((path) => path.applies)].map(({ place }) => [place, true]),
  ),
);
const APART = programme.spacingDays;

function randomOf(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

const standing = (birth: Day, doses: readonly Dose[], day: Day): Course =>
  courseOf(shelf, childFacts(dayText(birth), doses, answers), day);
const isLive = (one: Dose) => one.products.some((code) => products.get(code)?.spacing);

/** Live vaccines that are neither of one day nor far enough apart. */
function tooNear(doses: readonly Dose[]): string[] {
  const live = doses.filter(isLive).sort((a, b) => a.day - b.day);
  return live.flatMap((one, at) => {
    const before = live[at - 1];
    const apart = before ? one.day - before.day : APART;
    return apart > 0 && apart < APART ? [`${before!.name} ${one.name} ${apart} d`] : [];
  });
}

interface Followed {
  birth: Day;
  doses: Dose[];
  visits: Visit[];
}

interface Visit {
  day: Day;
  before: Course;
  after: Course;
}

/** A child who comes when something is due, sometimes late, and gets all of it; from an age with a few doses of another place. */
function followed(seed: number): Followed {
  const random = randomOf(seed);
  const birth = dayOf('2024-01-01')! + random(1_000);
  let day = birth + (random(3) === 0 ? random(700) : random(3));
  const doses: Dose[] = [];
  const visits: Visit[] = [];
  for (let count = 0; count < 40 && day < birth + 365 * 8; count += 1) {
    const before = standing(birth, doses, day);
    const now = before.tasks.filter(({ product, due, earliest }) => product && due <= day && earliest <= day);
    const given = new Map(
      now.map(({ product }) => [
        product!,
        dose(product!.split('|')[1]!, dayText(day), { id: `${count}-${product}` }),
      ]),
    );
    doses.push(...given.values());
    visits.push({ day, before, after: standing(birth, doses, day) });
    const next = standing(birth, doses, day).tasks.flatMap(({ product, due }) =>
      product && due > day ? [due] : [],
    );
    if (next.length === 0) break;
    day = Math.min(...next) + (random(4) === 0 ? random(120) : random(5));
  }
  return { birth, doses, visits };
}

const known = new Map<number, Followed>();

function follow(seed: number): Followed {
  const found = known.get(seed) ?? followed(seed);
  known.set(seed, found);
  return found;
}

const CHILDREN = 400;

test('whoever gets on each day what is due then never has two live vaccines nearer than allowed, nor a dose that does not count', () => {
  let live = 0;
  for (let seed = 1; seed <= CHILDREN; seed += 1) {
    const { birth, doses, visits } = follow(seed);
    assert.deepEqual(tooNear(doses), [], `${seed} ${dayText(birth)}`);
    live += doses.filter(isLive).length;
    for (const { judged, key } of visits.at(-1)!.after.series)
      for (const { verdict, dose: one, faults } of judged)
        assert.notEqual(verdict, 'invalid', `${seed} ${key} ${one.name} ${dayText(one.day)} ${faults}`);
  }
  assert.ok(live > CHILDREN, `${live} live doses`);
});

test('what is done is not proposed again on the day, and what counted before counts after each dose', () => {
  for (let seed = 1; seed <= CHILDREN; seed += 1)
    for (const { before, after, day } of follow(seed).visits)
      for (const [at, series] of after.series.entries()) {
        assert.ok(series.valid >= before.series[at]!.valid, `${seed} ${series.key}`);
        const [next] = series.next;
        const wasGiven = series.judged.some((one) => one.dose.day === day && one.verdict === 'valid');
        if (next && wasGiven) assert.ok(next.earliest > day, `${seed} ${series.key} ${dayText(day)}`);
      }
});

test('who comes always ends with all series complete, too old, or for later ages', () => {
  for (let seed = 1; seed <= CHILDREN; seed += 1) {
    const { visits, birth } = follow(seed);
    const { after, day } = visits.at(-1)!;
    for (const { key, status, next } of after.series)
      assert.ok(
        ['complete', 'aged-out'].includes(status) || (next[0] && next[0].due > day),
        `${seed} ${key} ${status} ${dayText(birth)} ${dayText(day)}`,
      );
  }
});

test('without a new dose no day of a dose comes nearer as time goes on', () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const { birth, doses, visits } = follow(seed);
    const until = visits[Math.floor(visits.length / 2)]!.day;
    const had = doses.filter((one) => one.day <= until);
    let before = standing(birth, had, until);
    for (let day = until + 9; day < until + 500; day += 9) {
      const now = standing(birth, had, day);
      for (const [at, series] of now.series.entries()) {
        const [was, is] = [before.series[at]!.next[0], series.next[0]];
        if (!was || !is || was.label !== is.label) continue;
        assert.ok(is.earliest >= was.earliest && is.due >= was.due, `${seed} ${series.key} ${dayText(day)}`);
      }
      before = now;
    }
  }
});

test('the browser, without Node and from what was sent as JSON, says what the server says', async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: `${import.meta.dirname}/browser.ts`, formats: ['iife'], name: 'engine' },
    },
  });
  const [{ output }] = built as unknown as [{ output: [{ code: string }] }];
  const sandbox: { said?: string; sent?: string } = {};
  const context = vm.createContext(sandbox);
  vm.runInContext(output[0].code, context);
  for (let seed = 1; seed <= 60; seed += 1) {
    const { birth, doses, visits } = follow(seed);
    const day = visits.at(-1)!.day - 40;
    const facts: Facts = childFacts(dayText(birth), doses, answers);
    sandbox.sent = JSON.stringify({ programme, products: [...products.values()], facts, day });
    vm.runInContext(
      `const read${seed} = JSON.parse(sent);
       said = JSON.stringify(engine.courseOf({ programme: read${seed}.programme,
         products: new Map(read${seed}.products.map((one) => [one.code, one])) }, read${seed}.facts, read${seed}.day));`,
      context,
    );
    assert.equal(sandbox.said, JSON.stringify(courseOf(shelf, facts, day)), `${seed}`);
  }
});
