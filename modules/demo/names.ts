/** Vietnamese names by sex and year of birth; no real person is meant. */
import type { Random } from './random.ts';
import type { DemoTables, Sex } from './tables.ts';

/** A surname usual in an ethnic group; groups without surnames of their own take those of the Kinh. */
export function drawSurname(tables: DemoTables, ethnicity: string, random: Random): string {
  const own = tables.surnames.filter((row) => row.ethnicity === ethnicity);
  const common = tables.surnames.filter((row) => row.ethnicity === '');
  return random.weighted(own.length > 0 ? own : common, (row) => row.weight).surname;
}

/**
 * Middle and given name of the cohort. No word stands twice in a name, and no given name of `taken` is used again.
 * @param taken given names of brothers and sisters
 */
export function drawName(
  tables: DemoTables,
  who: { surname: string; sex: Sex; birthYear: number },
  taken: ReadonlySet<string>,
  random: Random,
): string {
  const cohort = <T extends { sex: Sex; bornFrom: number }>(rows: T[]): T[] => {
    const from = Math.max(...rows.filter((row) => row.bornFrom <= who.birthYear).map((row) => row.bornFrom));
    return rows.filter((row) => row.sex === who.sex && row.bornFrom === from);
  };
  const middles = cohort(tables.middles);
  const givens = cohort(tables.givens);
  for (;;) {
    const middle = random.weighted(middles, (row) => row.weight).words;
    const given = random.weighted(givens, (row) => row.weight).words;
    const words = [who.surname, ...middle.split(' '), given];
    if (new Set(words.map((word) => word.toLowerCase())).size < words.length) continue;
    if (!taken.has(given) || taken.size >= givens.length / 2) return words.join(' ');
  }
}
