/** What the criteria of a conditional write find: policy and scopes first, and nothing of what leaves with the same Bundle. */
import type { Actor } from '../../access/contract.ts';
import { criteriaWithin } from '../../access/smart/allowance.ts';
import { Failure } from '../../failure.ts';
import type { SearchBounds, StoredVersion } from '../../store/contract.ts';
import { pairsOf } from '../query.ts';
import type { ResourceType } from '../types.ts';
import { criteriaBounds } from './criteria.ts';
import type { Parts } from './reads.ts';

/** The one match of criteria. Criteria must ask something; many matches fail with `multiple-matches`. */
export async function findOne(
  parts: Parts,
  actor: Actor,
  type: ResourceType,
  criteria: string,
  leaving: ReadonlySet<string>,
): Promise<StoredVersion | null> {
  const { found } = await findMatches(parts, actor, type, criteria, leaving, 2);
  return theOnly(type, criteria, found);
}

/** @throws Failure `multiple-matches` */
export function theOnly(
  type: ResourceType,
  criteria: string,
  found: readonly StoredVersion[],
): StoredVersion | null {
  if (found.length > 1) {
    throw new Failure('multiple-matches', `Nhiều ${type} khớp điều kiện "${criteria}".`, {
      textEn: `More than one ${type} matches "${criteria}".`,
    });
  }
  return found[0] ?? null;
}

/** Parameters that say how an answer looks, and not what is found. */
const OF_ANSWERS = /^_(count|sort|total|summary|elements|pretty|cursor|include|revinclude)(:|$)/;

/** The first `most` matches that stay, whatever leaves. */
export async function findMatches(
  parts: Parts,
  actor: Actor,
  type: ResourceType,
  criteria: string,
  leaving: ReadonlySet<string>,
  most: number,
): Promise<{ found: StoredVersion[]; bounds: SearchBounds }> {
  const params = pairsOf(criteria).filter(([name]) => name !== '_format');
  if (params.every(([name]) => OF_ANSWERS.test(name))) {
    throw new Failure('invalid-request', 'Điều kiện tìm kiếm trống.', {
      textEn: 'The search criteria are empty.',
    });
  }
  if (parts.guard.reach(actor, 'search', type) === 'none') {
    throw new Failure('forbidden', `Bạn không được tìm ${type}.`, { textEn: `You may not search ${type}.` });
  }
  if (!criteriaWithin(actor, type, params, parts.targetsOf)) throw tellsOfOthers(type, criteria);
  const count = String(Math.min(leaving.size + most, 1000));
  const bounds = await criteriaBounds(parts, actor, type, params);
  const { matches } = await parts.store.search({ type, params: [...params, ['_count', count]], ...bounds });
  return {
    found: matches.filter((match) => !leaving.has(`${match.type}/${match.id}`)).slice(0, most),
    bounds,
  };
}

/** Whether something matched would tell of what the token does not show. */
function tellsOfOthers(type: ResourceType, criteria: string): Failure {
  return new Failure(
    'forbidden',
    `Quyền của ứng dụng không cho đặt điều kiện "${criteria}" trên ${type}; hãy thêm người bệnh của phiên (patient=…).`,
    {
      textEn: `The scopes do not allow the criteria "${criteria}" on ${type}: name the patient of the launch (patient=…).`,
    },
  );
}
