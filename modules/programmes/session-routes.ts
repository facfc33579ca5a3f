/** A session of a day: who may come, with doses and vials; the same as a paper. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { openDocuments } from '../../engines/documents/index.ts';
import type { OpenProgramme } from '../../engines/programmes/index.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { usableOf } from '../stock/index.ts';
import {
  type Ask,
  dayIn,
  fhirSession,
  LONGEST_TEXT,
  memberOfUnit,
  noteShown,
  programmeOf,
  todayOf,
} from './asking.ts';
import { tasksThroughEyes } from './eyes.ts';
import { sessionRows } from './lists.ts';
import { sessionGrid } from './session-paper.ts';
import { planSession, type SessionPlan } from './session-plan.ts';
import { vaccinesOf } from './stock/keeper.ts';

export function sessionRoutes(app: FastifyInstance, kernel: Kernel): void {
  const documents = openDocuments(kernel.content);
  app.addHook('onClose', async () => documents.close());

  app.get<Ask>('/api/programmes/:key/session', async (request) => {
    const { day, hasDoses, plan } = await sessionOf(kernel, request);
    return { day, hasDoses, ...plan };
  });

  app.get<Ask>('/api/programmes/:key/session/paper.pdf', async (request, reply) => {
    const { day, hasDoses, plan, open, unit } = await sessionOf(kernel, request);
    const today = todayOf(kernel);
    const { name = unit } = await kernel.gate.session(request).read<'Organization'>('Organization', unit);
    const grid = sessionGrid(plan, {
      words: kernel.content.inForce('messages/session-list', today),
      programme: open.programme.title,
      unit: name,
      day,
      hasDoses,
    });
    reply
      .type('application/pdf')
      .header('content-disposition', `inline; filename="${open.programme.key}-${day}.pdf"`);
    return documents.renderPaper(
      'report',
      today,
      { grid, demo: kernel.settings.demo, date: today.split('-').map(Number) },
      { createdAt: kernel.settings.now().toISOString() },
    );
  });
}

/** Whether a session of it is for doses alone: who follows everybody of an age by a schedule. */
export const givesDoses = ({ programme }: Pick<OpenProgramme, 'programme'>) =>
  programme.enrolment.automatic && programme.series.length > 0;

interface Session {
  open: OpenProgramme;
  unit: string;
  day: string;
  hasDoses: boolean;
  plan: SessionPlan;
}

async function sessionOf(kernel: Kernel, request: FastifyRequest<Ask>): Promise<Session> {
  const { unit } = memberOfUnit(kernel, request);
  const open = await programmeOf(kernel, request.params.key);
  const { programme, products } = open;
  const day = dayIn(request.query.day ?? todayOf(kernel), 'day');
  const village = (request.query.village ?? '').slice(0, LONGEST_TEXT);
  const hasDoses = givesDoses(open);
  const asked = { unit, programme: programme.key, day, village, withActs: !hasDoses };
  const found = await sessionRows(kernel.pool, asked);
  const rows = await tasksThroughEyes({ kernel, session: fhirSession(kernel, request), open, unit }, found);
  await noteShown(kernel, request, rows, `session ${programme.key} ${day}`);
  return {
    open,
    unit,
    day,
    hasDoses,
    plan: planSession(rows, products, await usableOf(kernel.pool, vaccinesOf(unit), day, false)),
  };
}
