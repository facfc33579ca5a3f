/** Front door of the forms' face: filling in, drafts, answered forms, and the designer. */
import { join } from 'node:path';
import { commitResponse, populateForm } from '../../engines/forms/index.ts';
import { DEMO_LABEL } from '../../kernel/fhir/systems.ts';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { Change } from '../../kernel/store/contract.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { openDefinitions } from './definitions.ts';
import { designRoutes } from './design/routes.ts';
import { cleanDrafts, forgetPerson } from './drafts/draft.ts';
import { draftRoutes } from './drafts/routes.ts';
import { attachmentRoutes } from './filling/attachments.ts';
import { formRoutes } from './routes.ts';

export { canonicalOf, type Definitions, openDefinitions } from './definitions.ts';
export { type Demand, demandOfForm } from './design/demands.ts';

const HOUR_MS = 3_600_000;

export const formsModule: Module = {
  name: 'forms',
  schemaFolder: join(import.meta.dirname, 'schema'),
  routes(app, kernel) {
    const definitions = openDefinitions(kernel.content, kernel.gate);
    draftRoutes(app, kernel, definitions, () => draftDays(kernel));
    attachmentRoutes(app, kernel);
    designRoutes(app, kernel, definitions);
    formRoutes(app, kernel, {
      definitions,
      populate: async (form, about) =>
        (await populateForm(form, { ...about, now: kernel.settings.now() })).response,
      commit: (session, form, response, reason) =>
        commitResponse(session, form, response, {
          ...(reason === undefined ? {} : { reason }),
          // Whom the demo makes can't be mistaken for somebody real.
          labels: kernel.settings.demo ? [DEMO_LABEL] : [],
        }),
    });
  },
  start(kernel) {
    const isErasedPerson = ({ type, erased }: Change) => erased === true && type === 'Patient';
    kernel.events.consume(
      'forms-erasure',
      async (changes, client) => {
        for (const { id } of changes.filter(isErasedPerson)) await forgetPerson(client, id);
      },
      { concerns: isErasedPerson },
    );
    const clean = () => cleanDrafts(kernel.pool, kernel.settings.now(), draftDays(kernel)).catch(() => 0);
    void clean();
    setInterval(clean, HOUR_MS).unref();
  },
};

/** Days that a draft is kept untouched. */
function draftDays({ content, settings }: Kernel): number {
  const [row] = content
    .inForce('access/forms', vietnamDay(settings.now()))
    .filter(({ name }) => name === 'draft_time');
  return Number(row!.value);
}
