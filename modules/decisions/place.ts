/** Where somebody works, for rules that speak in some kinds of facility alone. */
import type { Rule } from '../../engines/rules/index.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { RecordSession } from '../../kernel/kernel.ts';

/**
 * Kind of the unit of who asks (`cs.facilityType`); null when it is not known: then every rule speaks.
 * @param rules that are to be asked: without one that minds the place nothing is read
 */
export async function placeOf(session: RecordSession, rules: readonly Rule[]): Promise<string | null> {
  const { unit } = session.actor;
  if (unit === null || !rules.some(mindsPlace) || session.reach('read', 'Organization') === 'none')
    return null;
  const found = await session.read('Organization', unit).catch(() => null);
  return found?.type?.[0]?.coding?.find(({ system }) => system === cs.facilityType)?.code ?? null;
}

const minding = new WeakMap<Rule['definition'], boolean>();

/** Looked up once a definition: its words are many. */
function mindsPlace({ places, definition }: Rule): boolean {
  const known = minding.get(definition);
  if (known !== undefined) return known;
  const minds = places.length > 0 || JSON.stringify(definition).includes('%place');
  minding.set(definition, minds);
  return minds;
}
