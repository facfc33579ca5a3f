/** The tables of who may see what, as they are the law today: content `access/`, compiled once a day. */
import type { Content } from '../../content/content.ts';
import type { Organization } from '../../fhir/types.ts';
import { typeNumber } from '../../store/resource-types.ts';
import { vietnamDay } from '../../text/vietnam-time.ts';
import type { CareKind } from '../care-links.ts';
import type { CareDays } from '../care-table.ts';
import { compilePolicies, type Policies, words } from '../decide.ts';
import type { SightRules } from '../guard.ts';
import { dated } from './dated.ts';
import { compileMasks } from './masks.ts';
import { authoritiesOf } from './parts.ts';
import { compilePurposes, type Purposes } from './purposes.ts';

export interface AccessRules {
  policies: Policies;
  purposes: Purposes;
  sight(): SightRules;
  /** Whether an organization supervises what is part of it. */
  isAuthority(organization: Organization): boolean;
  /** How many days each kind of care relationship opens the record after its end. */
  care(): CareDays;
  /** Whether a kind of relationship counts only when who cares for the person says it. */
  needsCarer(kind: CareKind): boolean;
}

/** Each is read by the day in Vietnam. Throws a plain Error, now, on a table that is faulty today. */
export function accessRules(content: Content, now: () => Date): AccessRules {
  const today = () => vietnamDay(now());
  const policies = dated(today, (day) => compilePolicies(content.inForce('access/policies', day)));
  const purposes = dated(today, (day) => compilePurposes(content.inForce('access/purposes', day)));
  const sight = dated(today, (day) => sightRules(content, day));
  const care = dated(today, (day) => careDays(content, day));
  const byCarer = dated(today, (day) => kindsByCarer(content, day));
  policies();
  sight();
  care();
  return {
    policies: { reach: (...asked) => policies().reach(...asked) },
    purposes: {
      standard: (roles) => purposes().standard(roles),
      allowed: (roles, purpose) => purposes().allowed(roles, purpose),
      stated: (actor, purpose) => purposes().stated(actor, purpose),
    },
    sight,
    care,
    needsCarer: (kind) => byCarer().has(kind),
    isAuthority: authoritiesOf(content, today).is,
  };
}

function careDays(content: Content, day: string): CareDays {
  return new Map(
    content.inForce('access/care', day).map(({ kind, days }) => [kind as CareKind, Number(days)]),
  );
}

function kindsByCarer(content: Content, day: string): ReadonlySet<string> {
  const rows = content.inForce('access/care', day).filter(({ by }) => by === 'carer');
  return new Set(rows.map(({ kind }) => kind!));
}

function sightRules(content: Content, day: string): SightRules {
  const everybody = content
    .inForce('access/policies', day)
    .filter(({ role, actions }) => role === '*' && words(actions).includes('read'));
  const exempt = content.inForce('access/consent-exempt', day).map(({ purposes, types }) => ({
    purposes: words(purposes),
    types: words(types).map((type) => typeNumber(type)!),
  }));
  const free = content.inForce('access/consent-systems', day).map(({ systems, purposes }) => ({
    systems: words(systems),
    purposes: words(purposes),
  }));
  const known = new Map<string, readonly number[]>();
  return {
    asksConsent({ id, unit, roles, purpose }) {
      if (!roles.includes('system-client')) return true;
      const names = unit === null ? [id, 'operator'] : [id];
      return !free.some(
        ({ systems, purposes }) =>
          systems.some((one) => names.includes(one)) &&
          (purposes.length === 0 || purposes.includes(purpose.code)),
      );
    },
    masks: compileMasks(content.inForce('access/sensitive-reading', day)),
    common: new Set(everybody.flatMap(({ types }) => words(types))),
    openByLaw(purpose) {
      const before = known.get(purpose);
      if (before) return before;
      const fitting = exempt.filter(({ purposes }) => purposes.length === 0 || purposes.includes(purpose));
      const made = [...new Set(fitting.flatMap(({ types }) => types))].sort((a, b) => a - b);
      known.set(purpose, made);
      return made;
    },
  };
}
