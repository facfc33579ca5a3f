/** From a parsed criterion to the condition a row must fulfil. Pure: the dictionary and other resources are not asked yet. */
import { shardKey } from '../compartment.ts';
import type { SearchRequest } from '../contract.ts';
import { hash64 } from '../hash.ts';
import { isResourceType } from '../resource-types.ts';
import { definedByAny, isOnlyCanonical } from './canonical.ts';
import { and, type Condition, FALSE, isOwn, or, TRUE } from './condition.ts';
import { containedView, contains, type HeldBy, holdsAny, siblingOf } from './contained.ts';
import { testOf } from './exact.ts';
import { invalidValue, unsupported } from './faults.ts';
import { narrativeKey, presentKey, referenceKey } from './keys.ts';
import { carriedView, type IndexedParameter } from './parameters.ts';
import { parseQuery } from './parse.ts';
import { planComposite } from './plan-composite.ts';
import { planOperator } from './plan-operator.ts';
import { dateBounds, planDate, planNumber, planQuantity } from './plan-order.ts';
import { planReference, planUri } from './plan-reference.ts';
import { planNear, planSounds, planStretch } from './plan-special.ts';
import { planString } from './plan-text.ts';
import { planToken } from './plan-token.ts';
import { presenceOf } from './presence.ts';
import type { Criterion } from './query.ts';
import { textCondition } from './text-ask.ts';
import { unescapeValue } from './values.ts';

/** Throws what a search throws for its parameters, without running it: `unknown-parameter`, `invalid-parameter`. */
export function checkSearch(request: SearchRequest): void {
  planCriteria(parseQuery(request).criteria);
}

/** Where a criterion stands: `inside` a chain, a reverse chain or a filter; about a resource that its row carries or holds. */
interface Place {
  inside: boolean;
  /** The parameter by which the row carries the resource. */
  carriedBy: IndexedParameter | undefined;
  /** The parameter by which the row refers to the resource that is contained in its own (`contained.ts`). */
  heldBy: HeldBy | undefined;
  /** What a contained resource refers to is not looked for in what is contained there, in turn. */
  beyond?: true;
}

const OUTSIDE: Place = { inside: false, carriedBy: undefined, heldBy: undefined };
const INSIDE: Place = { ...OUTSIDE, inside: true };
const BEYOND: Place = { ...INSIDE, beyond: true };

/** All criteria together. What only the resource itself can tell of the outermost ones, `rechecksOf` tests. */
export function planCriteria(criteria: readonly Criterion[]): Condition {
  return and(criteria.map((criterion) => planCriterion(criterion, OUTSIDE)));
}

function planCriterion(criterion: Criterion, place: Place): Condition {
  // A contained resource has no address, no time and no narrative of its own, and nobody else refers to it.
  if (place.heldBy && NOT_HELD.has(criterion.kind)) return FALSE;
  switch (criterion.kind) {
    case 'parameter':
      return planParameter(criterion, place);
    case 'and':
      return and(criterion.of.map((one) => planCriterion(one, { ...place, inside: true })));
    case 'or':
      return or(criterion.of.map((one) => planCriterion(one, { ...place, inside: true })));
    case 'not':
      return negated(planCriterion(criterion.of, { ...place, inside: true }));
    case 'holds':
      return planHolds(criterion);
    case 'text':
      return planText(criterion, place);
    case 'id':
      return planIds(criterion, place);
    case 'updated':
      if (place.carriedBy) throw notCarried(criterion.name);
      return or(
        criterion.values.map((value) => ({ op: 'updated', bounds: dateBounds(criterion.name, value) })),
      );
    case 'chain':
      return planChain(criterion, place);
    case 'has': {
      if (place.carriedBy) throw notCarried(criterion.name);
      const { target, source, parameter, name } = criterion;
      if (isOnlyCanonical(parameter))
        return {
          op: 'defining',
          parameter,
          target,
          source,
          name,
          inner: planCriterion(criterion.inner, INSIDE),
        };
      const reference = parameter.own && target === 'Patient' ? 'own' : parameter.q;
      return { op: 'referred', reference, target, source, inner: planCriterion(criterion.inner, INSIDE) };
    }
  }
}

const NOT_HELD: ReadonlySet<Criterion['kind']> = new Set(['id', 'updated', 'text', 'has']);

function negated(of: Condition): Condition {
  if (of.op === 'true') return FALSE;
  return of.op === 'false' ? TRUE : { op: 'not', of };
}

function planChain({ parameter, targets, name }: Criterion & { kind: 'chain' }, place: Place): Condition {
  if (parameter.storage === 'carried') {
    if (place.carriedBy) throw notCarried(name);
    const carried: Place = { ...INSIDE, carriedBy: parameter };
    return or(targets.map(({ inner }) => planCriterion(inner, carried)));
  }
  const kept = place.heldBy ? containedView(parameter, place.heldBy.q) : parameter;
  const isOuter = !place.carriedBy && !place.heldBy;
  const next = place.heldBy || place.beyond ? BEYOND : INSIDE;
  return or(
    targets.flatMap(({ type, inner }): Condition[] => {
      if (isOnlyCanonical(parameter))
        return [{ op: 'defined', parameter: kept, target: type, name, inner: planCriterion(inner, next) }];
      const own = isOuter && parameter.own && type === 'Patient';
      const reference = own ? 'own' : kept.q;
      const to: Condition = { op: 'refers', reference, target: type, inner: planCriterion(inner, next) };
      if (!isOuter || place.beyond) return [to];
      const held: Place = { ...INSIDE, heldBy: parameter };
      return [to, and([contains(parameter, type), planCriterion(inner, held)])];
    }),
  );
}

/**
 * Rows that hold a resource of a type of which each criterion may be true; `holds.ts` tells whether all are of one. What is not
 * so of one may be so of another that lies beside it: of that the index says nothing.
 */
function planHolds({ type, held, of }: Criterion & { kind: 'holds' }): Condition {
  const place: Place = { ...OUTSIDE, heldBy: { q: '', type } };
  const isOpen = (one: Criterion) =>
    one.kind === 'id' || (one.kind === 'text' && one.content) || (isNegative(one) && isTold(one));
  return and([holdsAny(type, held), ...of.map((one) => (isOpen(one) ? TRUE : planCriterion(one, place)))]);
}

const NEGATIVE: ReadonlySet<string | undefined> = new Set(['not', 'not-in', 'missing']);

function isNegative(criterion: Criterion): boolean {
  if (criterion.kind === 'and' || criterion.kind === 'or') return criterion.of.some(isNegative);
  if (criterion.kind !== 'parameter') return criterion.kind === 'not';
  return NEGATIVE.has(criterion.modifier) || criterion.operator === 'ne';
}

/** True when a resource by itself tells whether it fulfils the criterion. */
export function isTold(criterion: Criterion): boolean {
  return testOf(criterion) !== null || isOwn(planCriterion(criterion, OUTSIDE));
}

function planIds({ type, ids }: Criterion & { kind: 'id' }, { carriedBy }: Place): Condition {
  if (!carriedBy) return { op: 'ids', type, ids };
  return { op: 'tok', any: ids.map((id) => referenceKey(carriedBy.q, `${type}/${id}`)) };
}

/** `_text` has rows of its own; `_content` is looked for in the resource itself. */
function planText(criterion: Criterion & { kind: 'text' }, place: Place): Condition {
  const { type, content, values, name } = criterion;
  if (place.carriedBy) throw notCarried(name);
  const p = [narrativeKey(type)];
  const of = content ? TRUE : or(values.map((ask) => textCondition(ask, p)));
  return place.inside ? checked(criterion, type, of, name) : of;
}

function checked(criterion: Criterion, type: string, of: Condition, name: string): Condition {
  const test = testOf(criterion);
  return test === null ? of : ({ op: 'checked', type, of, what: name, name, test } as Condition);
}

function planParameter(criterion: Criterion & { kind: 'parameter' }, place: Place): Condition {
  const { modifier, values, name, operator } = criterion;
  const parameter = keptAt(criterion.parameter, place);
  if (modifier === 'missing') return planMissing(parameter, name, values, place);
  const of =
    operator === undefined
      ? or(values.map((value) => planValue(parameter, name, modifier, value)))
      : or(values.map((value) => planOperator(parameter, name, operator, value)));
  const any = place.inside ? checkedAt(criterion, place, of) : of;
  if (place.carriedBy && any.op === 'checked') throw notCarried(name);
  return modifier === 'not' || modifier === 'not-in' ? negated(any) : any;
}

type Held = { resourceType?: unknown } | null;

/** How the parameter is kept where the criterion stands. */
function keptAt(parameter: IndexedParameter, { carriedBy, heldBy }: Place): IndexedParameter {
  if (heldBy) return containedView(parameter, heldBy.q);
  return carriedBy ? carriedView(parameter) : parameter;
}

/** What the index only narrows down is tested on the resource; of a contained one, on those that lie in the row's own. */
function checkedAt(
  criterion: Criterion & { kind: 'parameter' },
  { heldBy }: Place,
  of: Condition,
): Condition {
  const { name, parameter } = criterion;
  const checkedHere = checked(criterion, parameter.type, of, name);
  if (!heldBy || checkedHere.op !== 'checked') return checkedHere;
  const { test } = checkedHere;
  const inside = (resource: unknown) => (resource as { contained?: Held[] }).contained ?? [];
  const ofHeld = (resource: unknown) =>
    inside(resource).some((one) => one?.resourceType === parameter.type && test(one));
  return { ...checkedHere, type: heldBy.type, test: ofHeld } as Condition;
}

function planValue(
  parameter: IndexedParameter,
  name: string,
  modifier: string | undefined,
  value: string,
): Condition {
  switch (parameter.storage) {
    case 'union':
      return or(
        parameter.parts
          .map((code) => siblingOf(parameter, code))
          .map((part) => (part ? planValue(part, name, modifier, value) : FALSE)),
      );
    case 'tokens':
    case 'contact':
      return planToken(parameter, name, modifier, value);
    case 'words':
    case 'strings':
    case 'names':
      return planString(parameter, name, modifier, value);
    case 'references':
    case 'carried':
      return planReference(parameter, name, modifier, value);
    case 'uris':
      return or([planUri(parameter, name, modifier, value), planVersioned(parameter, modifier, value)]);
    case 'main-date':
    case 'dates':
      return planDate(parameter, name, value);
    case 'numbers':
      return planNumber(parameter, name, value);
    case 'quantities':
      return planQuantity(parameter, name, value);
    case 'composite':
      return planComposite(parameter, name, value);
    case 'sounds':
      return planSounds(parameter, name, value);
    case 'position':
      return planNear(parameter, name, value);
    case 'stretch':
      return planStretch(parameter, name, value);
  }
}

/** R4 search.html#uri: `url|version` asks for a version of what has a canonical address. */
function planVersioned(
  { code, type }: IndexedParameter,
  modifier: string | undefined,
  value: string,
): Condition {
  const address = unescapeValue(value);
  if (modifier !== undefined || code !== 'url' || !address.includes('|') || !isResourceType(type))
    return FALSE;
  return definedByAny(type, [address]);
}

/** `:missing=true` or `false`, by the bit of the parameter. */
function planMissing(
  parameter: IndexedParameter,
  name: string,
  values: string[],
  { carriedBy, heldBy }: Place,
): Condition {
  const [value] = values;
  if (values.length !== 1 || (value !== 'true' && value !== 'false')) {
    throw invalidValue(name, values.join(','), 'true hoặc false', 'true or false');
  }
  const present: Condition =
    carriedBy || heldBy ? { op: 'tok', any: [presentKey(parameter.q)] } : presenceOf(parameter);
  return value === 'false' ? present : { op: 'not', of: present };
}

function notCarried(name: string) {
  return unsupported(
    name,
    'không dùng được cho tài nguyên nằm trong Bundle.',
    'cannot be asked of a resource inside a Bundle.',
  );
}

/** Rows of these persons only (policy). */
export function planPersons(patients: readonly string[] | undefined): Condition {
  return patients === undefined ? { op: 'true' } : { op: 'person', pts: patients.map((id) => shardKey(id)) };
}

/** Key of a row: `idh`. */
export function rowKey(type: string, id: string): bigint {
  return hash64(`${type}/${id}`);
}
