/** The decision who may do what: pure, carried out from the table `content/access/policies.csv`. */
import type { Row } from '../content/content.ts';
import type { Actor, Role } from './contract.ts';
import { effectiveScopes, scopesAllow } from './scopes.ts';

/** `purge` removes every version for good. */
export const ACTIONS = ['read', 'search', 'create', 'update', 'delete', 'purge'] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * How far an actor reaches for one action on one type:
 * `province` everyone's, `care` of persons who have a visit at the actor's unit or written by that unit,
 * `unit` only what belongs to the actor's unit, `none` nothing.
 */
export type Reach = 'none' | 'unit' | 'care' | 'province';

const ORDER: readonly Reach[] = ['none', 'unit', 'care', 'province'];

/** What is known about one resource when the decision is made. */
export interface Facts {
  /** Organization ids that the resource belongs to (service provider, performer, its encounter's provider). */
  units: readonly string[];
  /** The person has a visit at the actor's unit (open or recent), or the glass was broken for the person. */
  inCare: boolean;
}

export interface Policies {
  /** The widest reach of any of the roles. Nothing is allowed that no row allows. */
  reach(roles: readonly Role[], action: Action, type: string): Reach;
}

/**
 * Compiles the rows (role, actions, types, scope). `*` as role is every signed-in person; `*` as type is every type.
 * Throws a plain Error on an unknown action or scope: a faulty table is a defect of the delivery.
 */
export function compilePolicies(rows: readonly Row[]): Policies {
  const table = new Map<string, Reach>();
  const widen = (key: string, reach: Reach) => table.set(key, wider(table.get(key) ?? 'none', reach));
  for (const row of rows) {
    const reach = row.scope as Reach;
    if (!ORDER.includes(reach)) throw new Error(`policies.csv: unknown scope "${row.scope}"`);
    for (const action of (row.actions ?? '').split(' ')) {
      if (!ACTIONS.includes(action as Action)) throw new Error(`policies.csv: unknown action "${action}"`);
      for (const type of (row.types ?? '').split(' ')) widen(`${row.role}|${action}|${type}`, reach);
    }
  }
  return {
    reach(roles, action, type) {
      let reach: Reach = table.get(`*|${action}|${type}`) ?? 'none';
      for (const role of roles) {
        reach = wider(
          reach,
          table.get(`${role}|${action}|${type}`) ?? table.get(`${role}|${action}|*`) ?? 'none',
        );
      }
      return reach;
    },
  };
}

/** The reach of an actor; a token's scopes only ever take away. */
export function decide(policies: Policies, actor: Actor, action: Action, type: string): Reach {
  if (actor.scopes !== undefined) {
    const scopes = effectiveScopes(actor.scopes, actor.roles.includes('system-client'));
    // No scope of SMART speaks of erasure: only who may delete everything may erase.
    const whole = scopes.filter(({ level, query }) => level !== 'patient' && query === undefined);
    const allowed =
      action === 'purge' ? scopesAllow(whole, 'delete', '*') : scopesAllow(scopes, action, type);
    if (!allowed) return 'none';
  }
  return policies.reach(actor.roles, action, type);
}

/** Whether a reach covers one resource. A resource of no known unit belongs to the units that care for its person. */
export function covers(reach: Reach, unit: string | null, facts: Facts): boolean {
  switch (reach) {
    case 'province':
      return true;
    case 'care':
      return facts.inCare || (unit !== null && facts.units.includes(unit));
    case 'unit':
      return unit !== null && (facts.units.length > 0 ? facts.units.includes(unit) : facts.inCare);
    case 'none':
      return false;
  }
}

function wider(a: Reach, b: Reach): Reach {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}
