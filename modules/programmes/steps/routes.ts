/** `/api/programmes/<key>/people/<id>/steps`: what the protocol proposes is accepted, or rejected with a reason. */
import type { FastifyInstance } from 'fastify';
import { courseOf, dayOf } from '../../../engines/programmes/index.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { type Ask, factsOf, memberOfUnit, programmeOf, refusal, textOf, writingOf } from '../asking.ts';
import type { StepAnswer } from './contract.ts';
import { answerStep, answersTo } from './steps.ts';

/** Characters of a reason that somebody can read later. */
const LEAST_REASON = 5;

export function stepRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>(
    '/api/programmes/:key/people/:patient/steps',
    async (request): Promise<{ rows: StepAnswer[] }> => {
      memberOfUnit(kernel, request);
      const { programme } = await programmeOf(kernel, request.params.key);
      return { rows: await answersTo(kernel.gate.session(request), programme, request.params.patient) };
    },
  );

  app.post<Ask>('/api/programmes/:key/people/:patient/steps', async (request) => {
    const writing = writingOf(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const body = request.body ?? {};
    const { answer } = body;
    if (answer !== 'accepted' && answer !== 'rejected')
      throw refusal('answer', 'Chọn làm theo hoặc không làm theo.', 'answer is accepted or rejected.');
    const reason = textOf(body, 'reason');
    if (answer === 'rejected' && reason.length < LEAST_REASON)
      throw refusal(
        'reason',
        `Ghi vì sao không làm theo (ít nhất ${LEAST_REASON} ký tự).`,
        `A rejected step needs a reason of at least ${LEAST_REASON} characters.`,
      );
    const { facts } = await factsOf(kernel, request, open);
    const { advice } = courseOf(open, facts, dayOf(writing.day)!);
    const step = advice.find(({ key }) => key === body.step);
    if (!step)
      throw refusal(
        'step',
        'Phác đồ không còn gợi ý bước này. Hãy tải lại trang.',
        'The protocol does not propose this step now.',
      );
    const task = await answerStep(writing, open.programme, request.params.patient, { step, answer, reason });
    return { id: task.id };
  });
}
