/** What a check of a prescription stands on, and the count of what it showed. */
import { type Card, factQueries, factsIn, medicationsOf } from '../../../engines/rules/index.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { cardId, keepOutcomes, keepShown, showingTo, speakingRules } from '../../decisions/index.ts';
import { type Desk, today } from '../desk.ts';
import { codeOf, idOf } from '../text.ts';
import { readVisitWith, type Visit } from '../visit/visit.ts';
import type { Checking } from './check.ts';
import type { Override } from './overrides.ts';

/**
 * The visit with the rules that speak today and what they need of the person, read in one round trip in the name of who asks.
 * What the visit reads anyway is not asked for twice.
 */
export async function loadToCheck(desk: Desk, day: string): Promise<{ visit: Visit; checking: Checking }> {
  const { kernel, session } = desk;
  const { rules: speaking, memberOf } = await speakingRules(kernel, day);
  const rules = speaking.filter(({ actions }) =>
    actions.some(({ triggers }) => triggers.includes('order-sign')),
  );
  const needs = factQueries(session, rules, new Set(['AllergyIntolerance']));
  const { visit, more } = await readVisitWith(session, desk.encounter, today(desk), needs.queries);
  const { resources, queried } = factsIn(needs, more);
  const named = await medicationsOf(session, resources);
  const facts = { resources: [...visit.allergies, ...resources, ...named], queried };
  const place = rules.some(({ places }) => places.length > 0) ? await placeOf(desk, visit) : null;
  return {
    visit,
    checking: { rules, memberOf, facts, roles: session.actor.roles, place, now: kernel.settings.now() },
  };
}

async function placeOf({ session }: Desk, { encounter }: Visit): Promise<string | null> {
  const unit = idOf(encounter.serviceProvider);
  if (unit === '') return null;
  const { type } = await session.read('Organization', unit);
  return codeOf(type?.[0], cs.facilityType) || null;
}

/** The same card of a visit has the same id, however often it is shown. */
const idIn = (desk: Desk, { rule, key }: Pick<Card, 'rule' | 'key'>) => cardId(desk.encounter, rule, key);

const notice = (error: unknown) =>
  process.stderr.write(
    `${vietnamInstant(new Date())} cards of a prescription were not counted: ${String(error)}\n`,
  );

/** Counted beside the answer: a prescriber never waits for a statistic. */
export function noteShown(desk: Desk, cards: readonly Card[]): void {
  const { pool, settings } = desk.kernel;
  const shown = cards.map((card) => ({ id: idIn(desk, card), card }));
  keepShown(pool, shown, showingTo(desk.session.actor, 'order-sign', settings.now())).catch(notice);
}

/** What was signed against was shown, too, also to who signs without a check before. */
export function noteOverrides(desk: Desk, overrides: readonly Override[]): void {
  const { pool, settings } = desk.kernel;
  const at = settings.now();
  const shown = overrides.map(({ alert }) => ({ id: idIn(desk, alert), card: alert }));
  keepShown(pool, shown, showingTo(desk.session.actor, 'order-sign', at))
    .then(() =>
      keepOutcomes(
        pool,
        overrides.map(({ alert, reason }) => ({
          id: idIn(desk, alert),
          outcome: 'overridden',
          reason: reason.code,
          at,
        })),
      ),
    )
    .catch(notice);
}
