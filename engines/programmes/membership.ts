/** Who is in a programme: proposed, followed, left, excluded; and whose tasks are silent since when. Pure. */
import { type Day, plus } from './days.ts';
import { type Call, type Facts, holds } from './facts.ts';
import type { Programme } from './model.ts';

export interface Membership {
  state: 'none' | 'proposed' | 'enrolled' | 'excluded' | 'left';
  /** Since when it is so, as far as it is known. */
  since: Day | null;
  /** Why: of an exclusion, of leaving. */
  reason: string;
  /** Enrolment that it stands on; null for who is followed without one. */
  enrolment: string | null;
}

/** Nothing is asked of the person: dead, moved away, not willing, or the vaccine must not be given. */
export interface Silence {
  reason: 'died' | 'moved' | 'refused' | 'contraindicated';
  since: Day;
  /** First day on which it may be asked again; null = not again. */
  until: Day | null;
}

export function membershipOf({ enrolment, campaign }: Programme, facts: Facts, day: Day): Membership {
  const stands = (state: Membership['state'], since: Day | null, reason = '', id: string | null = null) => ({
    state,
    since,
    reason,
    enrolment: id,
  });
  const current = facts.enrolments
    .filter(({ status, from, to }) => from <= day && (to === null || to >= day) && STANDING.has(status))
    .sort((a, b) => b.from - a.from)[0];
  const past = facts.enrolments
    .filter(({ status }) => status === 'finished' || status === 'cancelled')
    .sort((a, b) => (b.to ?? b.from) - (a.to ?? a.from))[0];
  const leaves = enrolment.leaves.find(({ place }) => holds(facts, place));
  if (current) {
    if (leaves) return stands('left', null, leaves.says, current.id);
    return stands('enrolled', current.from, '', current.id);
  }
  const fits =
    inAge(enrolment, facts.birth, campaign?.from ?? day) &&
    enrolment.proposed.every(({ place }) => holds(facts, place));
  const excluded = enrolment.excluded.find(({ place }) => holds(facts, place));
  if (past) return stands('left', past.to ?? past.from, '', past.id);
  if (!fits || leaves) return stands('none', null, leaves?.says ?? '');
  if (excluded) return stands('excluded', null, excluded.says);
  if (!enrolment.automatic) return stands('proposed', null);
  return stands('enrolled', facts.birth === null ? null : startOf(enrolment, facts.birth));
}

const STANDING = new Set(['planned', 'waitlist', 'active', 'onhold']);

function startOf({ ageFrom }: Programme['enrolment'], birth: Day): Day {
  return ageFrom ? plus(birth, ageFrom) : birth;
}

export function inAge({ ageFrom, ageTo }: Programme['enrolment'], birth: Day | null, day: Day): boolean {
  if (!ageFrom && !ageTo) return true;
  if (birth === null) return false;
  return (!ageFrom || day >= plus(birth, ageFrom)) && (!ageTo || day < plus(birth, ageTo));
}

/** The next day on which age alone changes who is in; null = never again. */
export function nextAgeChange({ enrolment, campaign }: Programme, { birth }: Facts, day: Day): Day | null {
  if (birth === null || campaign) return null;
  const days = [enrolment.ageFrom, enrolment.ageTo].flatMap((span) => (span ? [plus(birth, span)] : []));
  return days.filter((one) => one > day).sort((a, b) => a - b)[0] ?? null;
}

/** Death is for good; a move or a refusal holds until its day, or until something was done after it. */
export function silenceOf(facts: Facts, about: string, lastDone: Day | null, day: Day): Silence | null {
  if (facts.died !== null && facts.died <= day) return { reason: 'died', since: facts.died, until: null };
  const call = lastCall(facts, about, day);
  if (!call || (lastDone !== null && lastDone > call.day)) return null;
  if (call.next !== null && call.next <= day && call.result !== 'died') return null;
  switch (call.result) {
    case 'died':
      return { reason: 'died', since: call.day, until: null };
    case 'moved':
    case 'refused':
    case 'contraindicated':
      return { reason: call.result, since: call.day, until: call.next };
    default:
      return null;
  }
}

/** When to ask again, as the last call left it; null = nothing was agreed, or something was done since. */
export function callAgain(facts: Facts, about: string, lastDone: Day | null, day: Day): Day | null {
  const call = lastCall(facts, about, day);
  return !call || (lastDone !== null && lastDone > call.day) ? null : call.next;
}

/** The last call about an act, or about the whole programme. */
export function lastCall({ calls }: Facts, about: string, day: Day): Call | null {
  // Hardly anybody has been called, and it is asked for each series.
  if (calls.length === 0) return null;
  return (
    calls
      .filter((call) => call.day <= day && (call.about === '' || call.about === about))
      .sort((a, b) => a.day - b.day || a.at - b.at || (a.id < b.id ? -1 : 1))
      .at(-1) ?? null
  );
}
