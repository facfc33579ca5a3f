/** People by administrative unit, year, sex and age band: `content/statistics/population.csv.gz`, each line with its source. */
import type { Content } from '../../kernel/content/content.ts';

export interface PopulationAsk {
  sex?: 'male' | 'female';
  /** Bands that begin at this age or later. */
  ageFrom?: number;
  /** Bands that end at this age or earlier. */
  ageTo?: number;
}

interface Band {
  sex: string;
  from: number;
  to: number;
  people: number;
  status: string;
  source: string;
}

/** Where people of a year come from: a count, an estimate, and of what. */
export interface PeopleSource {
  status: string;
  source: string;
}

const opened = new WeakMap<Content, ReadonlyMap<string, readonly Band[]>>();

function bandsOf(content: Content): ReadonlyMap<string, readonly Band[]> {
  const known = opened.get(content);
  if (known) return known;
  const bands = Map.groupBy(
    content.table('statistics/population').map((row) => ({
      key: `${row.unit} ${row.year}`,
      sex: row.sex!,
      from: Number(row.age_from),
      to: row.age_to === '' ? Number.POSITIVE_INFINITY : Number(row.age_to),
      people: Number(row.people),
      status: row.status ?? '',
      source: row.source ?? '',
    })),
    ({ key }) => key,
  );
  opened.set(content, bands);
  return bands;
}

/** The bands of ages by which people are known, each once, in order; null when the content has no people. */
export function ageEnds(content: Content): { from: number; to: number }[] | null {
  if (!content.files('statistics').some((name) => name.startsWith('population.csv'))) return null;
  const all = [...bandsOf(content).values()].flat();
  const ends = new Map(all.map(({ from, to }) => [`${from}-${to}`, { from, to }]));
  return [...ends.values()].sort((a, b) => a.from - b.from);
}

/** Sources of the people of some units, each once. */
export function sourceOfPeople(
  content: Content,
  units: readonly (string | null)[],
  year: string,
): PeopleSource[] {
  const bands = bandsOf(content);
  const sources = new Map<string, PeopleSource>();
  for (const unit of units)
    for (const { status, source } of bands.get(`${unit} ${year}`) ?? [])
      sources.set(`${status} ${source}`, { status, source });
  return [...sources.values()];
}

/** People of a unit in a year; null when the content does not say. */
export function peopleOn(
  content: Content,
  unit: string | null,
  year: string,
  ask: PopulationAsk,
): number | null {
  const own = bandsOf(content).get(`${unit} ${year}`);
  if (!own) return null;
  return own
    .filter(
      ({ sex, from, to }) =>
        (!ask.sex || sex === ask.sex) &&
        from >= (ask.ageFrom ?? 0) &&
        to <= (ask.ageTo ?? Number.POSITIVE_INFINITY),
    )
    .reduce((sum, { people }) => sum + people, 0);
}
