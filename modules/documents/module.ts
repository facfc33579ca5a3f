/** Papers over HTTP: those of a visit, those of the content about somebody, and what was issued. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Documents, openDocuments } from '../../engines/documents/index.ts';
import type { QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import { openTurns } from '../../kernel/in-turn.ts';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import { openDefinitions } from '../forms/index.ts';
import { answerRoutes } from './answer-routes.ts';
import { archiveRoute } from './archive-route.ts';
import { attachmentRoutes } from './attachments/routes.ts';
import { openCardKeys } from './cards/keys.ts';
import { cardPersonRoute } from './cards/person-route.ts';
import { cardRoutes } from './cards/routes.ts';
import { followTakenBack } from './cards/taken-back.ts';
import type { Context } from './context.ts';
import { issuedRoutes } from './issued-routes.ts';
import { paperRoutes } from './paper-routes.ts';
import { visitRoutes } from './visit-routes.ts';

export const documentsModule: Module = {
  name: 'documents',
  schemaFolder: join(import.meta.dirname, 'schema'),
  routes(app: FastifyInstance, kernel: Kernel) {
    const documents: Documents = openDocuments(kernel.content);
    app.addHook('onClose', async () => documents.close());
    const cardKeys = openCardKeys(kernel.pool, kernel.keys, kernel.settings.now);
    const forms = openDefinitions(kernel.content, kernel.gate);
    const formOf = ({ questionnaire }: QuestionnaireResponse) =>
      questionnaire === undefined ? Promise.resolve(null) : forms.pinned(questionnaire);
    const context: Context = { kernel, documents, cardKeys, formOf, inTurn: openTurns() };
    visitRoutes(app, context);
    paperRoutes(app, context);
    answerRoutes(app, context);
    issuedRoutes(app, context);
    archiveRoute(app, context);
    attachmentRoutes(app, kernel);
    cardRoutes(app, context);
    cardPersonRoute(app, context);
  },
  start(kernel: Kernel) {
    followTakenBack(kernel);
  },
};
