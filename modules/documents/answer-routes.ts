/**
 * `GET /api/documents/answers/:id/paper.pdf`: an answered form as paper. A form with a layout of its own is the paper
 * `form-<key of the form>` of the content; every other one is set by the paper `form`.
 */
import type { FastifyInstance } from 'fastify';
import { paperOn } from '../../engines/documents/index.ts';
import type { QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import type { Context } from './context.ts';
import { definitionFor, draftOf } from './issue/draft.ts';
import { issuePaper } from './issue/issue.ts';
import { fileNameOf } from './issued.ts';
import { READERS } from './issued-routes.ts';
import { sendPdf } from './sent.ts';

/** The paper of forms that have none of their own. */
const ANY_FORM = 'form';

export function answerRoutes(app: FastifyInstance, context: Context): void {
  const { gate } = context.kernel;
  app.get<{ Params: { id: string } }>('/api/documents/answers/:id/paper.pdf', async (request, reply) => {
    const actor = gate.require(request, ...READERS);
    const session = gate.session(request);
    const response = await session.read('QuestionnaireResponse', request.params.id);
    const definition = definitionFor(context, actor, paperOfForm(context, response));
    const draft = await draftOf(context, session, definition, `QuestionnaireResponse/${response.id}`);
    const { bytes, document } = await issuePaper(context, draft);
    await session.note('print', `${definition.key} QuestionnaireResponse/${response.id}`, draft.patient);
    return sendPdf(reply, bytes, document ? fileNameOf(document) : definition.key);
  });
}

/** Key of the paper that is in force today for the form of a response. */
export function paperOfForm(
  { kernel: { content, settings } }: Pick<Context, 'kernel'>,
  { questionnaire = '' }: QuestionnaireResponse,
): string {
  const key = (questionnaire.split('|')[0] ?? '').split('/').at(-1) ?? '';
  const own = `${ANY_FORM}-${key}`;
  return paperOn(content, own, vietnamDay(settings.now())) ? own : ANY_FORM;
}
