/** The order of a worklist, over all of its pages: emergencies first, then as they came. */
import type { Encounter } from '../../../kernel/fhir/types.ts';
import type { Store } from '../../../kernel/store/contract.ts';
import { idOf, isUrgent } from '../text.ts';

const READ = 500;

/** Where a visit stands in the list. */
export interface Place {
  encounter: string;
  urgent: boolean;
  /** Arrival, ISO instant. */
  arrivedAt: string;
  /** The same in milliseconds: a thousand visits are compared ten thousand times. */
  instant: number;
}

/**
 * The places of the visits that a search finds, without names: nobody sees them, so they are read from the store and not
 * audited; who reads a page reads its visits in their own name.
 * @param room Location id; a visit that moved on to another room is no longer this room's
 */
export async function placesOf(room: string, params: [string, string][], store: Store): Promise<Place[]> {
  const places: Place[] = [];
  let query: [string, string][] | undefined = [...params, ['_count', String(READ)]];
  while (query !== undefined) {
    const page: { matches: { body: Buffer }[]; next?: string } = await store.search({
      type: 'Encounter',
      params: query,
    });
    const visits = page.matches.map(({ body }) => JSON.parse(body.toString('utf8')) as Encounter);
    places.push(...visits.filter((visit) => isIn(visit, room)).map(placeOf));
    query = page.next === undefined ? undefined : [...new URLSearchParams(page.next)];
  }
  return places;
}

function isIn(encounter: Encounter, room: string): boolean {
  const active = encounter.location?.filter((one) => one.status !== 'completed') ?? [];
  const places = active.length > 0 ? active : (encounter.location ?? []);
  return places.some((one) => idOf(one.location) === room);
}

const placeOf = (encounter: Encounter): Place =>
  placeAt(encounter.id!, isUrgent(encounter), encounter.period?.start ?? '');

export const placeAt = (encounter: string, urgent: boolean, arrivedAt: string): Place => ({
  encounter,
  urgent,
  arrivedAt,
  instant: Date.parse(arrivedAt),
});

export function byUrgency(a: Place, b: Place): number {
  return Number(b.urgent) - Number(a.urgent) || byArrival(a, b);
}

/** Who was seen last stands first. */
export function newestFirst(a: Place, b: Place): number {
  return byArrival(b, a);
}

function byArrival(a: Place, b: Place): number {
  return a.instant - b.instant || (a.encounter < b.encounter ? -1 : 1);
}

/** The place that a page ended at; the next one goes on behind it, whoever has left or come meanwhile. */
export function cursorOf(place: Place): string {
  return [place.urgent ? '1' : '0', place.arrivedAt, place.encounter].join(' ');
}

/** null when the text is no cursor of `cursorOf`. */
export function placeOfCursor(cursor: string): Place | null {
  const [urgent, arrivedAt, encounter] = cursor.split(' ');
  if (!arrivedAt || !encounter || Number.isNaN(Date.parse(arrivedAt))) return null;
  return placeAt(encounter, urgent === '1', arrivedAt);
}
