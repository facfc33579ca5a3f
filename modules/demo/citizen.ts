/** Whom the demo account of a citizen belongs to: a mother of the first station, so that children's records are there to try. */
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { cardHolders } from './cards.ts';
import { ageOn } from './days.ts';
import { openMaking } from './generate.ts';
import { visitDays } from './life.ts';
import { personId } from './numbers.ts';
import { patientOf } from './person-resources.ts';
import { BLOCK_SIZE, drawBlock } from './population.ts';
import { readProgress } from './progress.ts';

export interface DemoCitizen {
  /** Patient id. */
  patient: string;
  name: string;
}

/** Blocks among whose people the mother is sought. */
const MOST_BLOCKS = 5;
/** Below this age the mother decides alone, from it on together with the child: `content/access/guardians.csv`. */
const SMALL = 7;
const GROWN = 18;

/**
 * The one who has most to show: a small child and an older one, a phone that takes a code, many visits. With fewer people some of
 * these wishes are given up. @returns null when no adult lives in the province yet
 */
export async function demoCitizen(kernel: Kernel): Promise<DemoCitizen | null> {
  const progress = await readProgress(kernel.store);
  if (!progress) return null;
  const making = openMaking(kernel, progress);
  const today = vietnamDay(kernel.settings.now());
  const holders = new Set(cardHolders(progress, today, making.tables).map(({ person }) => person.serial));
  const blocks = Math.min(MOST_BLOCKS, Math.ceil(progress.people / BLOCK_SIZE));
  const people = Array.from({ length: blocks }, (_, block) => {
    const first = block * BLOCK_SIZE;
    const count = Math.min(BLOCK_SIZE, progress.people - first);
    return drawBlock(progress.seed, block, count, first, making.tables).flatMap(({ members }) => members);
  }).flat();
  const living = people.filter(({ deathDate, birthDate }) => deathDate === null && birthDate <= today);
  const first = making.tables.stations[0];
  const ranked = living
    .filter(
      ({ serial, birthDate, sex }) =>
        sex === 'female' && ageOn(birthDate, today) >= GROWN && !holders.has(serial),
    )
    .map((person) => {
      const children = living.filter(({ mother }) => mother === person);
      const ages = children.map(({ birthDate }) => ageOn(birthDate, today));
      const visits = visitDays(person, making).length;
      const wishes = [
        ages.some((age) => age < SMALL),
        ages.some((age) => age >= SMALL && age < GROWN),
        patientOf(person, making).telecom !== undefined,
        person.household.station === first,
        visits > 0,
      ];
      return { person, visits, met: wishes.filter(Boolean).length };
    })
    .sort((a, b) => b.met - a.met || b.visits - a.visits || a.person.serial - b.person.serial);
  const best = ranked[0]?.person;
  return best ? { patient: personId(best.serial), name: best.name } : null;
}
