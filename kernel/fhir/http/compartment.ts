/**
 * R4 search.html#searchcontexts: `Patient/x/Observation` is the search within a compartment, `Encounter/x/*` that of all its
 * types. A resource lies in a compartment when any of the parameters that the CompartmentDefinition names leads to its centre.
 */
import { Failure } from '../../failure.ts';
import { compartmentMembers, isCompartment } from '../definitions/index.ts';
import { asResourceType, isResourceType, RENDERED } from '../names.ts';
import type { ResourceType } from '../types.ts';
import type { Answer, GetContext } from './context.ts';
import type { Demand } from './demand.ts';
import { answerSearch } from './search.ts';
import { answerAllTypes } from './system-search.ts';

export { isCompartment };

type Params = [string, string][];

/**
 * @param compartment type of the centre, one of R4's five @param name what is searched: a type, or `*`
 * Fails with `not-supported` on a type that lies in no such compartment.
 */
export async function answerCompartment(
  context: GetContext,
  compartment: ResourceType,
  id: string,
  name: string,
  demand: Demand,
): Promise<Answer> {
  const centre = `${compartment}/${id}`;
  if (name === '*') {
    // The audit grows with every page that is read of it: it is asked for by its name.
    const types = [...compartmentMembers(compartment).keys()].filter(
      (type): type is ResourceType => isResourceType(type) && !RENDERED.has(type),
    );
    const within = (type: ResourceType) => membership(context, compartment, id, type) ?? [];
    // "All" is all that the asker may search; what is named and may not be searched is refused.
    const isNamed = demand.params.some(([param]) => param === '_type');
    const mayAsk = (type: ResourceType) => isNamed || context.session.reach('search', type) !== 'none';
    const kept = types.filter((type) => membership(context, compartment, id, type) !== null && mayAsk(type));
    return answerAllTypes(context, demand, { types: kept, address: `${centre}/*`, fixed: within });
  }
  const type = asResourceType(name);
  const fixed = membership(context, compartment, id, type);
  if (fixed !== null) return answerSearch(context, type, demand, `${centre}/${type}`, fixed);
  throw new Failure('not-supported', `${type} không thuộc hồ sơ của ${compartment}.`, {
    textEn: `${type} is not in the ${compartment} compartment.`,
  });
}

/** What a resource of the type must fulfil to lie in the compartment; null when none does. */
function membership(
  { knowsParameter }: GetContext,
  compartment: ResourceType,
  id: string,
  type: ResourceType,
): Params | null {
  const centre = `${compartment}/${id}`;
  const listed = compartmentMembers(compartment).get(type) ?? [];
  const known = listed.filter((one) => knowsParameter(type, one));
  // The store finds what is a person's own fastest by `patient`, which is `subject` where that is a person.
  const isOwn = compartment === 'Patient' && known.includes('subject') && knowsParameter(type, 'patient');
  const names = [...new Set(known.map((one) => (isOwn && one === 'subject' ? 'patient' : one)))];
  const ways: Params = names.map((one) => [one, centre]);
  if (type === compartment) ways.unshift(['_id', id]);
  if (ways.length <= 1) return ways.length === 0 ? null : ways;
  const tests = ways.map(([one, value]) => (one === '_id' ? `_id eq "${value}"` : `${one} re "${value}"`));
  return [['_filter', tests.join(' or ')]];
}
