/** The way of a report: made at the station, handed in by its head, approved by the province; back only with a reason. Pure. */
import type { Role } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';

export type State = 'open' | 'submitted' | 'approved';

export const ACTS = ['submit', 'withdraw', 'return', 'approve', 'reopen'] as const;
export type Act = (typeof ACTS)[number];

interface Way {
  from: State;
  to: State;
  role: Role;
  reason: boolean;
}

/** submit freezes the numbers; whatever leads back to open lets them be written again and needs a reason. */
const WAYS: Record<Act, Way> = {
  submit: { from: 'open', to: 'submitted', role: 'station-head', reason: false },
  withdraw: { from: 'submitted', to: 'open', role: 'station-head', reason: true },
  return: { from: 'submitted', to: 'open', role: 'province-operator', reason: true },
  approve: { from: 'submitted', to: 'approved', role: 'province-operator', reason: false },
  reopen: { from: 'approved', to: 'open', role: 'province-operator', reason: true },
};

const WORDS: Record<State, [vi: string, en: string]> = {
  open: ['đang lập', 'open'],
  submitted: ['đã nộp', 'handed in'],
  approved: ['đã duyệt và khoá', 'approved and locked'],
};

/** What somebody may do with a report now. @param own whether they work at its unit */
export function actsOf(state: State, roles: readonly Role[], own: boolean): Act[] {
  return ACTS.filter((act) => {
    const { from, role } = WAYS[act];
    return from === state && roles.includes(role) && (role === 'station-head' ? own : true);
  });
}

/**
 * The state after an act.
 * @throws Failure `conflict` when the report is elsewhere by now, `forbidden` for others' acts, `invalid-parameter` without a reason
 */
export function stateAfter(
  state: State,
  act: Act,
  by: { roles: readonly Role[]; own: boolean; reason: string },
): State {
  const way = WAYS[act];
  if (way.from !== state)
    throw new Failure(
      'conflict',
      `Báo cáo ${WORDS[state][0]}: việc này không làm được nữa. Hãy mở lại trang.`,
      {
        textEn: `The report is ${WORDS[state][1]}: this can no longer be done. Open it again.`,
      },
    );
  if (!actsOf(state, by.roles, by.own).includes(act))
    throw new Failure('forbidden', 'Tài khoản này không có quyền làm bước này của báo cáo.', {
      textEn: 'This account may not take this step of the report.',
    });
  if (way.reason && by.reason.trim() === '')
    throw new Failure('invalid-parameter', 'Ghi lý do: người nhận cần biết vì sao báo cáo được mở lại.', {
      textEn: 'Say why: who works with the report must know why it is opened again.',
      expression: 'reason',
    });
  return way.to;
}
