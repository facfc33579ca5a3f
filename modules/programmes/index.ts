/** Programmes at work: who is followed where, what is due, what came of it. */
import { join } from 'node:path';
import { PROGRAMME_OPERATIONS, programmeRoutes } from '../../engines/programmes/index.ts';
import type { Module } from '../../kernel/kernel.ts';
import { SELLERS } from './asking.ts';
import { startFollowing, TOPIC } from './follow.ts';
import { linkRoutes } from './link/routes.ts';
import { startSharing } from './link/sharing.ts';
import { startPaid } from './paid/follow.ts';
import { paidRoutes } from './paid/routes.ts';
import { reactionRoutes } from './reactions/routes.ts';
import { startReminding } from './reminders/deliver.ts';
import { reminderRoutes } from './reminders/routes.ts';
import { stationRoutes } from './routes.ts';
import { stepRoutes } from './steps/routes.ts';
import { startStock } from './stock/follow.ts';
import { stockRoutes } from './stock/routes.ts';

export { linkFaults } from './link/check.ts';
export { reserveDose } from './paid/reserve.ts';
export { hasVaccines, receiveVaccine } from './paid/stocked.ts';
export { checkReminders } from './reminders/check-words.ts';

export const programmes: Module = {
  name: 'programmes',
  schemaFolder: join(import.meta.dirname, 'schema'),
  operations: PROGRAMME_OPERATIONS,
  fhir: programmeRoutes,
  routes(app, kernel) {
    stationRoutes(app, kernel);
    stockRoutes(app, kernel);
    paidRoutes(app, kernel);
    linkRoutes(app, kernel);
    reminderRoutes(app, kernel);
    reactionRoutes(app, kernel);
    stepRoutes(app, kernel);
  },
  start(kernel) {
    kernel.events.allowTopic(
      TOPIC,
      ({ unit, roles }, topic) =>
        unit !== null && topic === `${TOPIC}/${unit}` && roles.some((role) => SELLERS.includes(role)),
    );
    startFollowing(kernel);
    startReminding(kernel);
    const changed = (unit: string) => kernel.events.publish(`${TOPIC}/${unit}`, { changed: true });
    startStock(kernel, changed);
    startPaid(kernel, changed);
    startSharing(kernel);
  },
};
