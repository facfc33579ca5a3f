/**
 * Care relationships: a person who has a visit at a unit, open or ended within the last days, is in the care of that
 * unit. Positive answers are kept a few seconds; a negative one is asked again, so that a check-in opens at once.
 */
import type { Encounter } from '../fhir/types.ts';
import type { Store, StoredVersion } from '../store/contract.ts';

const KEPT_MS = 15_000;
const MAX_KEPT = 20_000;
const OPEN_STATES = new Set(['planned', 'arrived', 'triaged', 'in-progress', 'onleave']);
const DAY_MS = 86_400_000;

export interface Care {
  /** Which of the persons are in the care of the unit; one search at most for those not known. */
  among(unit: string, patients: readonly string[]): Promise<Set<string>>;
  /** Every person in the care of the unit. */
  all(unit: string): Promise<string[]>;
}

/** @param days how long after its end a visit still opens the record (content `access/limits`) */
export function openCare(store: Store, days: number, now: () => Date): Care {
  const known = new Map<string, number>();
  const key = (unit: string, patient: string) => `${unit}|${patient}`;

  async function ask(unit: string, patient: string): Promise<boolean> {
    const { matches } = await store.search({
      type: 'Encounter',
      params: [
        ['patient', `Patient/${patient}`],
        ['service-provider', `Organization/${unit}`],
        ['_sort', '-date'],
        ['_count', '50'],
      ],
    });
    return matches.some((version) => opensCare(parse(version), days, now()));
  }

  return {
    async among(unit, patients) {
      const at = now().getTime();
      const found = new Set<string>();
      const asked = [...new Set(patients)].map(async (patient) => {
        const until = known.get(key(unit, patient)) ?? 0;
        if (until > at || (await ask(unit, patient))) {
          found.add(patient);
          if (until > at) return;
          if (known.size >= MAX_KEPT) known.clear();
          known.set(key(unit, patient), at + KEPT_MS);
        }
      });
      await Promise.all(asked);
      return found;
    },
    all: (unit) => everyone(store, unit, days, now()),
  };
}

/** A visit that is not over, or ended at most `days` ago. A planned visit opens the record; a cancelled one does not. */
export function opensCare(encounter: Encounter, days: number, now: Date): boolean {
  if (OPEN_STATES.has(encounter.status)) return true;
  if (encounter.status !== 'finished') return false;
  const end = Date.parse(encounter.period?.end ?? encounter.period?.start ?? '');
  return now.getTime() - end <= days * DAY_MS;
}

async function everyone(store: Store, unit: string, days: number, now: Date): Promise<string[]> {
  const from = new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
  const owner: [string, string] = ['service-provider', `Organization/${unit}`];
  const [recent, open] = await Promise.all([
    persons(store, [owner, ['date', `ge${from}`], ['status', 'finished']]),
    persons(store, [owner, ['status', [...OPEN_STATES].join(',')]]),
  ]);
  return [...new Set([...recent, ...open])];
}

async function persons(store: Store, params: [string, string][]): Promise<string[]> {
  const found: string[] = [];
  let page: [string, string][] | undefined = [...params, ['_count', '1000']];
  while (page) {
    const answer: { matches: StoredVersion[]; next?: string } = await store.search({
      type: 'Encounter',
      params: page,
    });
    for (const version of answer.matches) if (version.patient !== null) found.push(version.patient);
    page = answer.next === undefined ? undefined : [...new URLSearchParams(answer.next)];
  }
  return found;
}

function parse(version: StoredVersion): Encounter {
  return JSON.parse(version.body.toString('utf8')) as Encounter;
}
