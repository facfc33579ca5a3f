/** The station of residence: who lives in a commune is in the care of the station that stands in it. */
import { cs } from '../fhir/systems.ts';
import type { Organization, Patient } from '../fhir/types.ts';
import type { Store } from '../store/contract.ts';
import { communesOf } from './care-links.ts';
import type { CareDays } from './care-table.ts';

/** Persons asked about at once where they live. */
const MOST_RESIDENTS = 200;
const KEPT_COMMUNES_MS = 60_000;

/** Asked of the record when nothing else opens it: of few persons at a time, and never as a list. @param kinds content; none without `residence` */
export function openResidents(store: Store, kinds: () => CareDays, now: () => number) {
  const communes = new Map<string, { until: number; codes: readonly string[] }>();

  async function communesOfUnit(unit: string): Promise<readonly string[]> {
    const known = communes.get(unit);
    if (known && known.until > now()) return known.codes;
    const stored = await store.read('Organization', unit);
    const codes = stored === null || stored.deleted ? [] : servedBy(JSON.parse(stored.body.toString('utf8')));
    communes.set(unit, { until: now() + KEPT_COMMUNES_MS, codes });
    return codes;
  }

  return {
    /** Those of the persons who live there. */
    async among(unit: string, patients: readonly string[]): Promise<string[]> {
      if (!kinds().has('residence') || patients.length > MOST_RESIDENTS) return [];
      const codes = await communesOfUnit(unit);
      if (codes.length === 0) return [];
      const found = await store.readMany(patients.map((id) => ({ type: 'Patient', id })));
      return found
        .filter(({ body }) =>
          communesOf(JSON.parse(body.toString('utf8')) as Patient).some((one) => codes.includes(one)),
        )
        .map(({ id }) => id);
    },
  };
}

/** A station serves the commune that it stands in; a hospital serves nobody for where they live. */
function servedBy({ type = [], address = [] }: Organization): string[] {
  const isStation = type.some(({ coding = [] }) =>
    coding.some(({ system, code }) => system === cs.facilityType && code === STATION),
  );
  return isStation ? communesOf({ address }) : [];
}

const STATION = 'tram-y-te';
