/** What the policy of kernel/access gives a reader of the view tables. */
import { type ReadingOf, refreshAnalysts, relabelViews } from '../engines/views/index.ts';
import type { Role } from '../kernel/access/contract.ts';
import { typeNumber } from '../kernel/store/resource-types.ts';
import { asksConsent } from '../kernel/store/search/index.ts';
import { maskOf, type Sight } from '../kernel/store/sight.ts';
import type { House } from './house.ts';

/** As a member of staff of the roles and the unit would see it, for the purpose that the roles stand for. */
export function readingOfAnalysts({ access }: House): ReadingOf {
  return async ({ login, roles, unit }, type) => {
    const actor = {
      id: login,
      name: login,
      roles: roles as Role[],
      unit,
      practitioner: null,
      ip: '',
      purpose: { code: access.purposeOf(roles as Role[]) },
    };
    const sight: Sight | undefined = await access.guard.sight(actor);
    const reader = sight && asksConsent(type, sight) ? sight.reader! : null;
    return {
      reach: access.guard.reach(actor, 'search', type),
      mask: sight ? maskOf(sight, type) : { elsewhere: 0, own: 0 },
      consent: reader && { names: reader.names, purpose: reader.purpose },
      type: typeNumber(type)!,
    };
  };
}

const UPKEEP_MS = 600_000;

/** Policy, sensitive codes and units change with the day: tables and rights follow within ten minutes. */
export function keepAnalysts(house: House, log: (sentence: string, error?: unknown) => void): NodeJS.Timeout {
  const upkeep = async () => {
    await relabelViews(house.kernel);
    await refreshAnalysts(house.kernel.pool, readingOfAnalysts(house));
  };
  return setInterval(() => {
    upkeep().catch((error) => log('the tables of analysts could not be brought up to the day', error));
  }, UPKEEP_MS).unref();
}
