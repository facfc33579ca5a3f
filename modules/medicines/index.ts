/** Medicines of a station: what lies there, who fetches what and when, handing out by prescription. */
import { join } from 'node:path';
import type { Module } from '../../kernel/kernel.ts';
import { READERS, TOPIC } from './asking.ts';
import { startStock } from './follow.ts';
import { handOverRoutes } from './hand-over.ts';
import { pickUpRoutes } from './routes.ts';
import { stockRoutes } from './stock-routes.ts';

export { shelvedBy } from './shelved.ts';

export const medicines: Module = {
  name: 'medicines',
  schemaFolder: join(import.meta.dirname, 'schema'),
  routes(app, kernel) {
    stockRoutes(app, kernel);
    pickUpRoutes(app, kernel);
    handOverRoutes(app, kernel);
  },
  start(kernel) {
    kernel.events.allowTopic(
      TOPIC,
      ({ unit, roles }, topic) =>
        unit !== null && topic === `${TOPIC}/${unit}` && roles.some((role) => READERS.includes(role)),
    );
    startStock(kernel, (unit) => kernel.events.publish(`${TOPIC}/${unit}`, { changed: true }));
  },
};
