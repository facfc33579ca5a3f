/** Commune station: its register books. */
import type { Kernel, Module } from '../../kernel/kernel.ts';
import { afterTables } from '../record/index.ts';
import { bookRoutes } from './books.ts';

const TOPIC = 'station/register';
/** A batch of more persons is a load, not a day at work. */
const MOST_PERSONS = 100;

export const station: Module = {
  name: 'station',
  start(kernel) {
    kernel.events.allowTopic(
      TOPIC,
      (actor, topic) => actor.unit !== null && topic === `${TOPIC}/${actor.unit}`,
    );
    afterTables(kernel, pushToUnits(kernel));
  },
  routes(app, kernel) {
    bookRoutes(app, kernel);
  },
};

/** Tells the open books of the units whose visits a batch touched to read again. */
function pushToUnits(kernel: Kernel): Parameters<typeof afterTables>[1] {
  return async (changes, _resources, client) => {
    const people = [
      ...new Set(changes.map((change) => change.patient).filter((patient) => patient !== null)),
    ];
    if (people.length === 0 || people.length > MOST_PERSONS) return undefined;
    const units = await client.query<{ unit: string }>(
      `select distinct unit from views.visit where person = any($1) and started > now() - interval '2 days'`,
      [people],
    );
    return () => {
      for (const { unit } of units.rows) kernel.events.publish(`${TOPIC}/${unit}`, { changed: true });
    };
  };
}
