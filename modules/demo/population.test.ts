import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { REFERENCE_DAY } from './ages.ts';
import { longDiseases } from './chronic.ts';
import { ageOn } from './days.ts';
import { drawCard } from './insurance.ts';
import type { Person } from './person.ts';
import { TODAY, testHouseholds, testMaking } from './testing.ts';

const making = testMaking();
const households = testHouseholds(making, 10);
const people = households.flatMap((household) => household.members);
const living = people.filter((person) => person.deathDate === null);
const age = (person: Person) => ageOn(person.birthDate, REFERENCE_DAY);

/** Distance in standard errors of a share from what it should be. */
function deviation(count: number, of: number, share: number): number {
  return Math.abs(count / of - share) / Math.sqrt((share * (1 - share)) / of);
}

describe('people', () => {
  test('the block has as many people as asked for, each in one household', () => {
    assert.equal(people.length, 4_000);
    assert.equal(new Set(people.map((person) => person.serial)).size, 4_000);
    for (const household of households) assert.equal(household.serial, household.members[0]!.serial);
  });

  test('ages and sexes have the shape of the population (WPP 2019, 2025)', () => {
    const { ages } = making.tables;
    const all = ages.reduce((sum, row) => sum + row.male + row.female, 0);
    for (const sex of ['male', 'female'] as const) {
      for (const [at, row] of ages.entries()) {
        const to = ages[at + 1]?.ageFrom ?? 200;
        const count = living.filter(
          (person) => person.sex === sex && age(person) >= row.ageFrom && age(person) < to,
        ).length;
        assert.ok(
          Math.abs(count / living.length - row[sex] / all) < 0.004,
          `${sex} ${row.ageFrom}: ${count}`,
        );
      }
    }
  });

  test('about one and a half percent died in the recorded time, most of them old', () => {
    const dead = people.filter((person) => person.deathDate !== null);
    assert.ok(dead.length > 40 && dead.length < 100, String(dead.length));
    const old = dead.filter((person) => ageOn(person.birthDate, person.deathDate!) >= 60);
    assert.ok(old.length > dead.length * 0.6);
    for (const person of dead)
      assert.ok(person.birthDate <= person.deathDate! && person.deathDate! < REFERENCE_DAY);
  });

  test('names have a surname and no word twice; women are no Văn, men no Thị', () => {
    for (const person of people) {
      const words = person.name.split(' ');
      assert.ok(words.length >= 3 && words.length <= 5, person.name);
      assert.equal(new Set(words.map((word) => word.toLowerCase())).size, words.length, person.name);
      assert.ok(!words.slice(1, -1).includes(person.sex === 'male' ? 'Thị' : 'Văn'), person.name);
    }
  });
});

describe('households', () => {
  test('have between three and four members on average (census 2019: 3.5)', () => {
    const mean = people.length / households.length;
    assert.ok(mean > 3.1 && mean < 3.9, String(mean));
  });

  test('mothers were grown women, brothers and sisters keep their distance', () => {
    const years = (a: Person, b: Person) =>
      (Date.parse(b.birthDate) - Date.parse(a.birthDate)) / 31_556_952_000;
    for (const person of people) {
      if (!person.mother) continue;
      assert.equal(person.mother.sex, 'female');
      assert.ok(years(person.mother, person) >= 18 && years(person.mother, person) <= 43);
    }
    for (const household of households) {
      const children = household.members.filter((member) => member.mother && age(member) < 18);
      for (const [at, child] of children.entries()) {
        for (const other of children.slice(at + 1)) {
          if (child.mother === other.mother) assert.ok(Math.abs(years(child, other)) >= 1);
        }
      }
    }
  });

  test('children carry the surname of the father they live with', () => {
    for (const person of people) {
      if (person.father) assert.equal(person.name.split(' ')[0], person.father.name.split(' ')[0]);
    }
  });

  test('children live with a grown person, and the head is alive', () => {
    for (const household of households) {
      if (household.members.every((member) => member.deathDate !== null)) continue;
      assert.equal(household.head.deathDate, null);
      assert.ok(household.members.some((member) => age(member) >= 18));
    }
  });

  test('every one of the 36 units has people, the first station the most', () => {
    const byUnit = Map.groupBy(households, (household) => household.station.unit);
    assert.equal(byUnit.size, 36);
    const first = byUnit.get(making.tables.stations[0]!.unit)!;
    assert.ok([...byUnit.values()].every((each) => each.length <= first.length));
  });

  test('former communes are only taken from certain lines of the merge map', () => {
    for (const { formerCommune, station } of households) {
      if (formerCommune === '') continue;
      const [line, ...others] = making.units.successorsOf(formerCommune);
      assert.ok(line!.certain && others.length === 0 && line!.newCode === station.unit);
    }
  });

  test('Kinh are the most; Sán Dìu live where they live', () => {
    const local = new Set(
      making.tables.ethnicities.filter((row) => row.code === '18' && row.unit !== '').map((row) => row.unit),
    );
    const share = (ethnicity: string, from: typeof households) =>
      from.filter((household) => household.ethnicity === ethnicity).length / from.length;
    const there = households.filter((household) => local.has(household.station.unit));
    const elsewhere = households.filter((household) => !local.has(household.station.unit));
    assert.ok(share('01', households) > 0.85);
    assert.ok(share('18', there) > 0.1, String(share('18', there)));
    assert.ok(share('18', elsewhere) < 0.03);
  });
});

describe('health', () => {
  const between = living.filter((person) => age(person) >= 25 && age(person) <= 64);
  const having = (key: string) =>
    between.filter((person) =>
      longDiseases(person, TODAY, making.seed, making.tables).some((disease) => disease.row.key === key),
    ).length;

  test('hypertension, raised glucose and lipids at 25–64 as in STEPS 2020/21 (28.3, 6.96, 15.63 %)', () => {
    for (const [key, share] of [
      ['hypertension', 0.283],
      ['diabetes', 0.0696],
      ['lipids', 0.1563],
    ] as const) {
      assert.ok(
        deviation(having(key), between.length, share) < 3.5,
        `${key}: ${having(key)} of ${between.length}`,
      );
    }
  });

  test('about 93 % are insured, all small children by a child card and nobody twice', () => {
    const cards = living.map((person) => ({
      person,
      card: drawCard(person, making.seed, TODAY, making.tables),
    }));
    const insured = cards.filter(({ card }) => card !== null).length;
    assert.ok(deviation(insured, living.length, 0.935) < 5, `${insured} of ${living.length}`);
    for (const { person, card } of cards) {
      if (!card) continue;
      const years = ageOn(person.birthDate, TODAY);
      assert.equal(card.group === 'TE', years < 6, `${card.group} at ${years}`);
      if (card.group === 'HT') assert.ok(years >= 60);
      if (card.group === 'HS') assert.ok(years >= 6 && years < 18);
      assert.ok(card.validFrom <= card.validTo);
    }
    assert.equal(new Set(cards.flatMap(({ card }) => card?.number ?? [])).size, insured);
  });
});
