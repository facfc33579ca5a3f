/** What the policy of kernel/access gives a reader of the view tables. */
import type { ReachOf } from '../engines/views/index.ts';
import type { Role } from '../kernel/access/contract.ts';
import type { House } from './house.ts';

export function reachOfAnalysts({ access }: House): ReachOf {
  return ({ login, roles, unit }, type) =>
    access.guard.reach(
      {
        id: login,
        name: login,
        roles: roles as Role[],
        unit,
        practitioner: null,
        ip: '',
        purpose: { code: 'HOPERAT' },
      },
      'search',
      type,
    );
}
