/** The citizen's page (who looked, who may look, requests) and the data protection officer's board. */

import { join } from 'node:path';
import type { Module } from '../../kernel/kernel.ts';
import { mountAnalytics, startAnalytics } from './analytics/index.ts';
import { consentNoteRoutes } from './consent-notes.ts';
import { consentRoutes } from './consent-routes.ts';
import { citizenOf, openContext } from './context.ts';
import { looksPaperRoute } from './looks-paper.ts';
import { looksRoutes } from './looks-routes.ts';
import { REQUESTS_TOPIC, requestRoutes } from './request-routes.ts';

export { afterWorkingDays } from './working-days.ts';

export const privacy: Module = {
  name: 'privacy',
  schemaFolder: join(import.meta.dirname, 'schema'),
  start(kernel) {
    kernel.events.allowTopic(REQUESTS_TOPIC, (actor) => actor.roles.includes('privacy-officer'));
    startAnalytics(kernel);
  },
  routes(app, kernel) {
    const context = openContext(kernel);

    app.get('/api/citizen/persons', async (request) => {
      const actor = citizenOf(kernel, request);
      const self = actor.persons[0]!;
      const dependants = await context.guardians.dependantsOf(self);
      const names = await context.namesOf(actor.persons.map((id) => `Patient/${id}`));
      const nameOf = (id: string) => names.get(`Patient/${id}`) ?? id;
      return {
        rows: [
          { patient: self, name: nameOf(self), kind: 'self', vi: 'Tôi', en: 'Me', veiled: [] as string[] },
          ...dependants.map(({ patient, kind, words, wordsEn, veiled }) => ({
            patient,
            name: nameOf(patient),
            kind,
            vi: words,
            en: wordsEn,
            veiled,
          })),
        ],
      };
    });
    looksRoutes(app, context);
    looksPaperRoute(app, context);
    consentRoutes(app, context);
    consentNoteRoutes(app, context);
    requestRoutes(app, context);
    mountAnalytics(app, kernel, context.namesOf);
  },
};
