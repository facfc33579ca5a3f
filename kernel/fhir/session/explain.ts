/** How a search would be run, for those who operate the server: nothing of the record is answered. */
import { auditLine } from '../../access/audit.ts';
import type { Actor, Role } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import { RENDERED } from '../names.ts';
import type { ResourceType } from '../types.ts';
import { type Parts, refused } from './reads.ts';

/** Roles that keep the server running; they reach no person's data. */
const OPERATORS: readonly Role[] = ['province-operator', 'administrator'];

/** The steps of a search, with a line of the audit. Fails with `forbidden` for any other role. */
export async function explainStored(
  { store }: Parts,
  actor: Actor,
  type: ResourceType,
  params: [string, string][],
): Promise<object> {
  const what = `${type}?_explain`;
  if (!actor.roles.some((role) => OPERATORS.includes(role))) {
    throw await refused(store, actor, 'search', what, null);
  }
  if (RENDERED.has(type)) {
    throw new Failure('invalid-parameter', `${type} được dựng từ nhật ký, không có kế hoạch tìm kiếm.`, {
      textEn: `${type} is rendered from the audit: its search has no plan.`,
      expression: '_explain',
    });
  }
  const { explanation = {} } = await store.search({ type, params, explain: true });
  await store.audit([auditLine(actor, 'search', what, null)]);
  return explanation;
}
