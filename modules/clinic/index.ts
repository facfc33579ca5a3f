/** Front door of the clinic: reception, worklist, consultation, finish. */
import { join } from 'node:path';
import type { Module } from '../../kernel/kernel.ts';
import { allergyRoutes } from './allergies/routes.ts';
import { startQueuePush } from './reception/queue-push.ts';
import { receptionRoutes } from './reception/routes.ts';
import { clinicRoutes } from './routes.ts';
import { startPush } from './worklist/push.ts';

export { checkMeasured } from './consultation/vitals.ts';
export { checkServices } from './laboratory/check-services.ts';
export { ticketsGivenUpTo, ticketText } from './reception/tickets.ts';

export const clinicModule: Module = {
  name: 'clinic',
  schemaFolder: join(import.meta.dirname, 'schema'),
  routes(app, kernel) {
    receptionRoutes(app, kernel);
    clinicRoutes(app, kernel);
    allergyRoutes(app, kernel);
  },
  start(kernel) {
    startQueuePush(kernel);
    startPush(kernel);
  },
};
