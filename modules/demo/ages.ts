/**
 * Sex and birth date of a block of people, drawn in strata so that even one block has the shape of the population
 * (United Nations, World Population Prospects 2019, medium projection for 2025), and the deaths of the last years.
 */
import { dayNumber, dayOfNumber, plusDays } from './days.ts';
import type { Draft } from './person.ts';
import type { Random } from './random.ts';
import type { DemoTables, Sex } from './tables.ts';

/**
 * The day on which ages are counted. Fixed, so that names, numbers and birth dates of the demo people do not change
 * with the day of generation; only their lives are cut off at today.
 */
export const REFERENCE_DAY = '2026-11-01';

/** Days before the reference in which the dead of the demo died. */
const DEATH_WINDOW_DAYS = 840;

interface Band {
  sex: Sex;
  ageFrom: number;
  years: number;
  /** People, in thousands. */
  people: number;
  /** Deaths in a person-year. */
  mortality: number;
}

/** @param count people, the dead included */
export function drawAges(count: number, tables: DemoTables, random: Random): Draft[] {
  const bands = bandsOf(tables);
  const all = bands.reduce((sum, band) => sum + band.people, 0);
  const deaths = bands.reduce((sum, band) => sum + band.people * band.mortality, 0);
  const expected = (count * deaths * DEATH_WINDOW_DAYS) / 365.25 / all;
  const dead = Math.min(count, Math.floor(expected + random.next()));
  const living = count - dead;
  const drafts: Draft[] = [];
  for (let at = 0; at < living; at += 1) {
    const band = bandAt(bands, (all * (at + random.next())) / living);
    drafts.push(draftOf(band, REFERENCE_DAY, null, random));
  }
  for (let at = 0; at < dead; at += 1) {
    const band = random.weighted(bands, (each) => each.people * each.mortality);
    const died = plusDays(REFERENCE_DAY, -random.int(1, DEATH_WINDOW_DAYS));
    drafts.push(draftOf(band, died, died, random));
  }
  return drafts;
}

function bandsOf(tables: DemoTables): Band[] {
  const mortality = (age: number, sex: Sex) => tables.mortality.findLast((row) => row.ageFrom <= age)![sex];
  return (['male', 'female'] as const).flatMap((sex) =>
    tables.ages.flatMap((row): Band[] => {
      const band = { sex, ageFrom: row.ageFrom, years: row.ageFrom >= 100 ? 3 : 5, people: row[sex] };
      if (row.ageFrom > 0) return [{ ...band, mortality: mortality(row.ageFrom, sex) }];
      // the first year of life dies like no other of the first five
      return [
        { ...band, years: 1, people: row[sex] / 5, mortality: mortality(0, sex) },
        { ...band, ageFrom: 1, years: 4, people: (row[sex] * 4) / 5, mortality: mortality(1, sex) },
      ];
    }),
  );
}

function bandAt(bands: Band[], place: number): Band {
  let left = place;
  for (const band of bands) {
    left -= band.people;
    if (left < 0) return band;
  }
  return bands.at(-1)!;
}

/** @param on the day on which the person has the age of the band */
function draftOf(band: Band, on: string, deathDate: string | null, random: Random): Draft {
  const days = Math.floor((band.ageFrom + random.next() * band.years) * 365.2425);
  const birthDate = dayOfNumber(dayNumber(on) - days);
  return {
    sex: band.sex,
    birthDate,
    deathDate,
    age: (dayNumber(REFERENCE_DAY) - dayNumber(birthDate)) / 365.2425,
    spouse: null,
    mother: null,
    father: null,
  };
}
