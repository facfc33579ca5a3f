/** A campaign of the own unit, /api/programmes/<key>/campaign…: its target, what came of it, each day's tally, and the people by name. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { dayText } from '../../../engines/programmes/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import {
  type Ask,
  fhirSession,
  LONGEST_TEXT,
  memberOfUnit,
  noteShown,
  pageOf,
  programmeOf,
  todayOf,
} from '../asking.ts';
import { dosesThroughEyes } from '../eyes.ts';
import { reasonsOn } from '../not-given.ts';
import { OUTCOMES, type Outcome, outcomeOf } from './outcomes.ts';
import { campaignPeople, daysOf, outcomesOf } from './queries.ts';

const PAGE = 50;

export function campaignRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/:key/campaign', async (request) => {
    const { of, days, open } = await askedOf(kernel, request);
    const today = todayOf(kernel);
    const [outcomes, tally] = await Promise.all([
      outcomesOf(kernel.pool, of),
      daysOf(kernel.pool, { unit: of.unit, programme: of.programme, from: days.from }),
    ]);
    await kernel.gate.session(request).note('read', `campaign ${of.programme}`, null);
    const state: 'planned' | 'running' | 'over' =
      today < days.from ? 'planned' : today > days.to ? 'over' : 'running';
    return { title: open.programme.title, ...days, state, outcomes, days: tally, reasons: of.reasons };
  });

  app.get<Ask>('/api/programmes/:key/campaign/people', async (request) => {
    const { of, open } = await askedOf(kernel, request);
    const { cursor, q = '', village = '', outcome = '' } = request.query;
    const page = pageOf(cursor);
    const text = q.slice(0, LONGEST_TEXT).trim();
    const found = await campaignPeople(kernel.pool, of, {
      outcome: outcomeIn(outcome),
      village: village.slice(0, LONGEST_TEXT),
      text,
      first: page * PAGE,
      count: PAGE,
    });
    const rows = await dosesThroughEyes(
      { kernel, session: fhirSession(kernel, request), open, unit: of.unit },
      found.rows,
      (row, { member, ...seen }) =>
        member.state === 'enrolled' &&
        outcomeOf({ ...seen, silence: member.silence }, of.reasons) === row.outcome,
    );
    await noteShown(kernel, request, rows, `campaign ${of.programme}`);
    return {
      rows,
      // How many there are of one name would say of somebody who is not shown that he is in.
      ...(text === '' ? { total: found.total } : {}),
      ...(found.total > (page + 1) * PAGE ? { next: String(page + 1) } : {}),
    };
  });
}

async function askedOf(kernel: Kernel, request: FastifyRequest<Ask>) {
  const { unit } = memberOfUnit(kernel, request);
  const open = await programmeOf(kernel, request.params.key);
  const { campaign, key, title } = open.programme;
  if (campaign === null)
    throw new Failure('not-found', `${title} không phải chiến dịch.`, { textEn: `${key} is no campaign.` });
  const days = { from: dayText(campaign.from), to: dayText(campaign.to) };
  return { open, days, of: { unit, programme: key, reasons: reasonsOn(kernel, todayOf(kernel)) } };
}

function outcomeIn(text: string): Outcome | '' {
  const found = OUTCOMES.find((one) => one === text);
  if (found || text === '') return found ?? '';
  throw new Failure('invalid-parameter', 'Danh sách này không có. Hãy mở lại từ trang chiến dịch.', {
    textEn: `outcome is one of ${OUTCOMES.join(', ')}.`,
    expression: 'outcome',
  });
}
