/**
 * How a search is narrowed to what an actor may see. Pure: which types a query probes, whether it names the actor's own
 * unit, and whether it is pinned to so little that its answer can be filtered afterwards.
 */
import { probedBy } from '../store/search/index.ts';
import type { Reach } from './decide.ts';

/** Search parameters that name the unit that a resource belongs to. */
const UNIT_PARAMS: Record<string, string> = { Encounter: 'service-provider', Claim: 'provider' };

/** Parameters that pin a search to one person, visit, place or thing. */
const PINS = new Set([
  '_id',
  'patient',
  'subject',
  'beneficiary',
  'encounter',
  'context',
  'identifier',
  'location',
  'actor',
  'practitioner',
  'based-on',
]);

export type Bounds =
  /** Everything that matches may be seen. */
  | 'open'
  /** Fetch, then keep what may be seen. */
  | 'filter'
  /** Add the parameter of `unitParam`: a place is asked for, and what is counted there must be the own unit's. */
  | 'unit'
  /** Only persons in the care of the actor's unit; then filter what is not of the unit when the reach is `unit`. */
  | 'care'
  /** The query probes data the actor may not search. */
  | 'forbidden';

export type Targets = (type: string, param: string) => readonly string[] | undefined;

interface Query {
  type: string;
  params: readonly [string, string][];
}

/**
 * @param reachOf the actor's reach for searching a type
 * @param targetsOf types that a reference parameter may point to, undefined when there is no such parameter
 */
export function boundsOf(
  query: Query,
  unit: string | null,
  reachOf: (type: string) => Reach,
  targetsOf: Targets,
): Bounds {
  const reach = reachOf(query.type);
  if (reach === 'none') return 'forbidden';
  const probed = probedTypes(query, targetsOf).map(reachOf);
  if (probed.includes('none')) return 'forbidden';
  const probesMore = probed.some((one) => one !== 'province');
  if (reach === 'province') return probesMore ? 'care' : 'open';
  if (unit !== null && !probesMore && namesUnit(query, unit)) return 'open';
  if (probesMore || !isPinned(query)) return 'care';
  if (!isCounted(query)) return 'filter';
  return unit !== null && unitParam(query.type) !== undefined && isOfPlace(query) ? 'unit' : 'care';
}

/** Types whose content decides about a match: those of chains (`subject:Patient.name`), of `_has`, `_list` and `_filter`. */
export function probedTypes({ type, params }: Query, targetsOf: Targets): string[] {
  const found: string[] = [];
  for (const [name, value] of params) {
    if (LOOKS_FURTHER.test(name)) found.push(...probedBy(type, name, value));
    if (name.startsWith('_has:')) found.push(...hasTypes(name));
    else if (name.includes('.')) found.push(...chainTypes(type, name, targetsOf));
  }
  return found;
}

/** What looks into other types without its name saying which. */
const LOOKS_FURTHER = /_list|_filter|:above|:below/;

/** `_has:Observation:patient:_has:AuditEvent:entity:agent` names every second part. */
function hasTypes(name: string): string[] {
  const parts = name.split(':');
  return parts.filter((_part, at) => at % 3 === 1 && parts[at - 1] === '_has');
}

function chainTypes(type: string, name: string, targetsOf: Targets): string[] {
  const found: string[] = [];
  let from = [type];
  for (const step of name.split('.').slice(0, -1)) {
    const [param = '', target] = step.split(':');
    from = target === undefined ? from.flatMap((one) => [...(targetsOf(one, param) ?? [])]) : [target];
    found.push(...from);
  }
  return found;
}

/** The parameter that names the unit a resource of the type belongs to. */
export function unitParam(type: string): string | undefined {
  return UNIT_PARAMS[type];
}

function namesUnit({ type, params }: Query, unit: string): boolean {
  const wanted = UNIT_PARAMS[type];
  return params.some(
    ([name, value]) => name === wanted && (value === unit || value === `Organization/${unit}`),
  );
}

function isPinned({ params }: Query): boolean {
  return params.some(
    ([name, value]) => PINS.has(name.split(':')[0]!) && value !== '' && !name.includes(':not'),
  );
}

/** A number that is answered cannot be filtered afterwards. */
function isCounted({ params }: Query): boolean {
  return params.some(
    ([name, value]) =>
      name === '_total' ||
      (name === '_summary' && value === 'count') ||
      (name === '_count' && Number(value) === 0),
  );
}

function isOfPlace({ params }: Query): boolean {
  return params.some(([name]) => name === 'location' || name === 'practitioner');
}
