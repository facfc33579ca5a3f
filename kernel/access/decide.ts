/** The decision who may do what: pure, carried out from the table `content/access/policies.csv`. */
import type { Row } from '../content/content.ts';
import type { Actor, Role } from './contract.ts';
import { effectiveScopes, scopesAllow } from './scopes.ts';

/** `purge` removes every version for good; `declassify` takes labels of sensitivity off a resource. No scope of a token speaks of either. */
export const ACTIONS = ['read', 'search', 'create', 'update', 'delete', 'purge', 'declassify'] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * How far an actor reaches for one action on one type:
 * `province` everyone's, `care` of persons who have a visit at the actor's unit or written by that unit,
 * `unit` only what belongs to the actor's unit, `none` nothing.
 */
export type Reach = 'none' | 'unit' | 'care' | 'province';

/** Answers that a table remembers. */
const MOST_KNOWN = 20_000;

const ORDER: readonly Reach[] = ['none', 'unit', 'care', 'province'];

/** What is known about one resource when the decision is made. */
export interface Facts {
  /** Organization ids that the resource belongs to (service provider, performer, its encounter's provider). */
  units: readonly string[];
  /** The person has a visit at the actor's unit (open or recent), or the glass was broken for the person. */
  inCare: boolean;
}

export interface Policies {
  /** The widest reach of any of the roles for a purpose of use. Nothing is allowed that no row allows. */
  reach(roles: readonly Role[], action: Action, type: string, purpose: string): Reach;
}

/**
 * Compiles the rows (role, actions, types, scope, purposes). `*` as role is every signed-in person; `*` as type is every
 * type; no purposes are all. Throws a plain Error on an unknown action or scope: a faulty table is a defect of the delivery.
 */
export function compilePolicies(rows: readonly Row[]): Policies {
  const table = new Map<string, { reach: Reach; purposes: readonly string[] }[]>();
  for (const row of rows) {
    const fault = policyFault(row);
    if (fault !== null) throw new Error(`policies.csv: ${fault}`);
    const entry = { reach: row.scope as Reach, purposes: words(row.purposes) };
    for (const action of words(row.actions)) {
      for (const type of words(row.types)) {
        const key = `${row.role}|${action}|${type}`;
        table.set(key, [...(table.get(key) ?? []), entry]);
      }
    }
  }
  const reachOf = (key: string, purpose: string): Reach | undefined => {
    const fitting = table
      .get(key)
      ?.filter(({ purposes }) => purposes.length === 0 || purposes.includes(purpose));
    return fitting?.reduce<Reach>((widest, { reach }) => wider(widest, reach), 'none');
  };
  const widest = (roles: readonly Role[], action: Action, type: string, purpose: string): Reach => {
    let reach: Reach = reachOf(`*|${action}|${type}`, purpose) ?? 'none';
    for (const role of roles) {
      const own = reachOf(`${role}|${action}|${type}`, purpose) ?? reachOf(`${role}|${action}|*`, purpose);
      reach = wider(reach, own ?? 'none');
    }
    return reach;
  };
  // Each request asks several times, and always the same.
  const known = new Map<string, Reach>();
  return {
    reach(roles, action, type, purpose) {
      const key = `${roles.join(' ')}|${action}|${type}|${purpose}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      if (known.size >= MOST_KNOWN) known.clear();
      const reach = widest(roles, action, type, purpose);
      known.set(key, reach);
      return reach;
    },
  };
}

/** What is wrong with a row of the table; null when nothing is. */
export function policyFault({ role = '', scope = '', actions = '', types = '' }: Row): string | null {
  if (role === '') return 'a row without a role';
  if (!ORDER.includes(scope as Reach)) return `unknown scope "${scope}"`;
  const action = words(actions).find((one) => !ACTIONS.includes(one as Action));
  if (action !== undefined || words(actions).length === 0) return `unknown action "${action ?? ''}"`;
  return words(types).length === 0 ? `${role}: no types` : null;
}

/** The words of a cell. */
export function words(cell: string | undefined): string[] {
  return (cell ?? '').split(' ').filter((word) => word !== '');
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
  return policies.reach(actor.roles, action, type, actor.purpose.code);
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
