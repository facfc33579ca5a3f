/** Which station a person's commune had on a day: stations are merged and divided. Pure. */
import type { Person } from './person.ts';
import type { FormerStation } from './tables.ts';

/** The station that was there on a day where the person's station of now was not; null when it was. */
export function stationThen(
  day: string,
  person: Person,
  former: readonly FormerStation[],
): FormerStation | null {
  const { formerCommune, station } = person.household;
  const of = former.filter(({ stations, until }) => stations.includes(station.id) && day < until);
  return (
    of.find(({ communes }) => communes?.includes(formerCommune)) ??
    of.find(({ communes }) => communes === null) ??
    null
  );
}
