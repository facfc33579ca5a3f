/** What of the record an actor sees, for the store to carry out (`kernel/store/sight.ts`). */
import { organizationNumber } from '../../store/search/index.ts';
import type { Mask, Sight } from '../../store/sight.ts';
import type { Actor } from '../contract.ts';
import type { Masks } from './masks.ts';

export interface SightFacts {
  masks: Masks;
  /** The actor's unit and what it is part of; none without a unit. */
  units: readonly string[];
  /** Persons whose record the actor has opened. */
  opened: readonly string[];
  /** Types of which everybody who is signed in reads what belongs to nobody. */
  common: ReadonlySet<string>;
  /** Of which types the actor's roles reach only what is the own unit's. */
  unitOnly: ReadonlySet<string>;
  /** Categories of some persons that are hidden from the actor alone. */
  veils: NonNullable<Sight['veils']>;
  /** Types that stay open whatever persons deny, for the purpose. */
  openByLaw: readonly number[];
  /** Whether persons' rules of consent bind the actor. */
  asksConsent: boolean;
  /** Epoch milliseconds. */
  now: number;
}

const NOTHING: Mask = { elsewhere: 0, own: 0 };

/** Undefined when everything is seen. */
export function sightOf(actor: Actor, facts: SightFacts): Sight | undefined {
  const { persons, unit, practitioner } = actor;
  const { masks, opened, common, unitOnly } = facts;
  const { asksConsent } = facts;
  if (!asksConsent && persons === undefined && masks.none) return undefined;
  return {
    ...(persons === undefined ? {} : { persons, common }),
    masks: masks.none ? new Map() : masks.byType,
    mask: masks.none ? NOTHING : masks.others,
    unit,
    practitioner,
    unitOnly,
    opened,
    ...(facts.veils.length === 0 ? {} : { veils: facts.veils }),
    ...(asksConsent ? { reader: readerOf(actor, facts) } : {}),
  };
}

function readerOf(
  { unit, practitioner, persons, purpose, roles }: Actor,
  { units, openByLaw, now }: SightFacts,
) {
  const names = [
    ...units.map((one) => `Organization/${one}`),
    ...(practitioner === null ? [] : [`Practitioner/${practitioner}`]),
    ...(roles.includes('citizen') ? (persons ?? []).map((id) => `Patient/${id}`) : []),
  ];
  return {
    names,
    purpose: purpose.code,
    citizen: roles.includes('citizen'),
    unit: unit === null ? null : organizationNumber(unit),
    open: openByLaw,
    now,
  };
}
