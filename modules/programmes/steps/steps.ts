/** Steps of a protocol, answered: one Task each, so that what was proposed, and why it was not done, is kept and counted. */
import type { Course } from '../../../engines/programmes/index.ts';
import type { Task } from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import type { Writing } from '../write.ts';
import type { Answer, StepAnswer } from './contract.ts';

/** Code of the Task: `<programme>/<step>`. */
export const STEP_SYSTEM = 'http://yba.vn/fhir/cs/buoc-phac-do';

/** Answers that are shown of a person in a programme. */
const MOST = '50';

export type ProposedStep = Course['advice'][number];

export function answerStep(
  { session, actor, now }: Writing,
  programme: { key: string; title: string; version: string },
  patient: string,
  { step, answer, reason }: { step: ProposedStep; answer: Answer; reason: string },
): Promise<Task> {
  return session.create<Task>({
    resourceType: 'Task',
    status: answer,
    intent: 'proposal',
    instantiatesCanonical: `http://yba.vn/fhir/PlanDefinition/${programme.key}|${programme.version}`,
    code: {
      coding: [{ system: STEP_SYSTEM, code: `${programme.key}/${step.key}`, display: step.title }],
      text: `${programme.title}: ${step.title}`,
    },
    ...(step.reason === '' ? {} : { reasonCode: { text: step.reason } }),
    ...(reason === '' ? {} : { statusReason: { text: reason } }),
    for: { reference: `Patient/${patient}` },
    owner: { reference: `Organization/${actor.unit}` },
    requester: actor.practitioner
      ? { reference: `Practitioner/${actor.practitioner}`, display: actor.name }
      : { display: actor.name },
    authoredOn: now,
  });
}

/** What was answered to steps of a programme, the last first. */
export async function answersTo(
  session: RecordSession,
  programme: { key: string; advice: readonly { key: string }[] },
  patient: string,
): Promise<StepAnswer[]> {
  const codes = programme.advice.map(({ key }) => `${STEP_SYSTEM}|${programme.key}/${key}`);
  if (codes.length === 0) return [];
  const { matches } = await session.search('Task', [
    ['patient', `Patient/${patient}`],
    ['code', codes.join(',')],
    ['status', 'accepted,rejected'],
    ['_sort', '-authored-on'],
    ['_count', MOST],
  ]);
  return matches.map((task) => {
    const coding = task.code?.coding?.find(({ system }) => system === STEP_SYSTEM);
    return {
      id: task.id!,
      step: coding?.code?.slice(programme.key.length + 1) ?? '',
      title: coding?.display ?? '',
      answer: task.status as Answer,
      reason: task.statusReason?.text ?? '',
      by: task.requester?.display ?? '',
      at: task.authoredOn ?? '',
    };
  });
}
