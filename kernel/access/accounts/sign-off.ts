/** Signing off a review: every account of the unit is kept or closed, by whom and when is kept with it. */
import { Failure } from '../../failure.ts';
import type { Account } from './account.ts';
import type { Accounts } from './accounts.ts';
import type { Reviews, Verdict } from './reviews.ts';

export interface SignOffParts {
  accounts: Pick<Accounts, 'list' | 'setActive'>;
  reviews: Pick<Reviews, 'record'>;
  now(): Date;
  /** Writes a line of the audit. */
  note(action: string, what: string): Promise<void>;
}

/** Accounts of a unit that are to be reviewed. Pure. */
export function toReview(accounts: readonly Account[], unit: string): Account[] {
  return accounts.filter((account) => account.active && account.unit === unit);
}

/**
 * Fails with `business-rule` when an account of the unit is left out, one of another unit is named, or who signs would close the
 * own account.
 * @returns when it was signed
 */
export async function signOff(
  parts: SignOffParts,
  unit: string,
  by: { id: string; name: string },
  verdicts: readonly Verdict[],
): Promise<Date> {
  const accounts = toReview(await parts.accounts.list(), unit);
  refuseIncomplete(accounts, verdicts, by.id);
  const at = parts.now();
  await parts.reviews.record(unit, by, at, verdicts, accounts);
  for (const { account, verdict } of verdicts) {
    if (verdict === 'keep') continue;
    await parts.accounts.setActive(account, false);
    await parts.note('account-close', `account/${account}`);
  }
  await parts.note('account-review', `unit/${unit}`);
  return at;
}

/** Whoever signs off says something about every account: what is passed over is not reviewed. */
function refuseIncomplete(accounts: readonly Account[], verdicts: readonly Verdict[], by: string): void {
  const named = new Set(verdicts.map(({ account }) => account));
  const left = accounts.filter(({ id }) => !named.has(id)).map(({ id }) => id);
  const strange = [...named].filter((id) => !accounts.some((account) => account.id === id));
  if (left.length > 0 || strange.length > 0) {
    const some = [...left, ...strange].slice(0, 10).join(', ');
    throw new Failure(
      'business-rule',
      `Danh sách đã thay đổi hoặc còn thiếu: ${some}. Hãy tải lại rồi xem hết.`,
      { textEn: `The review does not cover the unit's accounts: ${some}.`, expression: 'verdicts' },
    );
  }
  if (verdicts.some(({ account, verdict }) => account === by && verdict === 'close')) throw ownAccount();
}

/** Nobody closes or changes the own account. */
export function ownAccount(): Failure {
  return new Failure(
    'business-rule',
    'Không tự đổi quyền hay đóng tài khoản của chính mình; hãy nhờ người khác.',
    { textEn: 'Nobody changes or closes the own account; ask another.' },
  );
}
