/** From a parsed criterion to the condition a row must fulfil. Pure: the dictionary and other resources are not asked yet. */
import { shardKey } from '../compartment.ts';
import type { SearchRequest } from '../contract.ts';
import { hash64 } from '../hash.ts';
import { isOnlyCanonical } from './canonical.ts';
import { and, type Condition, FALSE, or, TRUE } from './condition.ts';
import { testOf } from './exact.ts';
import { invalidValue, unsupported } from './faults.ts';
import { narrativeKey, presentKey, referenceKey } from './keys.ts';
import { carriedView, type IndexedParameter, indexedParametersOf } from './parameters.ts';
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

/** Throws what a search throws for its parameters, without running it: `unknown-parameter`, `invalid-parameter`. */
export function checkSearch(request: SearchRequest): void {
  planCriteria(parseQuery(request).criteria);
}

/** Where a criterion stands: `inside` a chain, a reverse chain or a filter; about a resource that its row `carries`. */
interface Place {
  inside: boolean;
  /** The parameter by which the row carries the resource. */
  carriedBy: IndexedParameter | undefined;
}

const OUTSIDE: Place = { inside: false, carriedBy: undefined };
const INSIDE: Place = { inside: true, carriedBy: undefined };

/** All criteria together. What only the resource itself can tell of the outermost ones, `rechecksOf` tests. */
export function planCriteria(criteria: readonly Criterion[]): Condition {
  return and(criteria.map((criterion) => planCriterion(criterion, OUTSIDE)));
}

function planCriterion(criterion: Criterion, place: Place): Condition {
  switch (criterion.kind) {
    case 'parameter':
      return planParameter(criterion, place);
    case 'and':
      return and(criterion.of.map((one) => planCriterion(one, { ...place, inside: true })));
    case 'or':
      return or(criterion.of.map((one) => planCriterion(one, { ...place, inside: true })));
    case 'not':
      return negated(planCriterion(criterion.of, { ...place, inside: true }));
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

function negated(of: Condition): Condition {
  if (of.op === 'true') return FALSE;
  return of.op === 'false' ? TRUE : { op: 'not', of };
}

function planChain({ parameter, targets, name }: Criterion & { kind: 'chain' }, place: Place): Condition {
  if (parameter.storage === 'carried') {
    if (place.carriedBy) throw notCarried(name);
    const carried: Place = { inside: true, carriedBy: parameter };
    return or(targets.map(({ inner }) => planCriterion(inner, carried)));
  }
  return or(
    targets.map(({ type, inner }): Condition => {
      if (isOnlyCanonical(parameter))
        return { op: 'defined', parameter, target: type, name, inner: planCriterion(inner, INSIDE) };
      const own = parameter.own && type === 'Patient' && !place.carriedBy;
      const reference = own ? 'own' : parameter.q;
      return { op: 'refers', reference, target: type, inner: planCriterion(inner, INSIDE) };
    }),
  );
}

function planIds({ type, ids }: Criterion & { kind: 'id' }, { carriedBy }: Place): Condition {
  if (!carriedBy) return { op: 'ids', type, ids };
  return { op: 'tok', any: ids.map((id) => referenceKey(carriedBy.q, `${type}/${id}`)) };
}

/** `_text` has rows of its own; `_content` is looked for in the resource itself. */
function planText(criterion: Criterion & { kind: 'text' }, place: Place): Condition {
  const { type, content, values, name } = criterion;
  if (place.carriedBy) throw notCarried(name);
  if (content) return place.inside ? checked(criterion, type, TRUE, name) : TRUE;
  const p = [narrativeKey(type)];
  return or(
    values.map((words) =>
      and(words.map((s): Condition => ({ op: 'str', p, words: [], match: { kind: 'word', s } }))),
    ),
  );
}

function checked(criterion: Criterion, type: string, of: Condition, name: string): Condition {
  const test = testOf(criterion);
  return test === null ? of : ({ op: 'checked', type, of, what: name, name, test } as Condition);
}

function planParameter(criterion: Criterion & { kind: 'parameter' }, place: Place): Condition {
  const { modifier, values, name, operator } = criterion;
  const parameter = place.carriedBy ? carriedView(criterion.parameter) : criterion.parameter;
  if (modifier === 'missing') return planMissing(parameter, name, values, place);
  const of =
    operator === undefined
      ? or(values.map((value) => planValue(parameter, name, modifier, value)))
      : or(values.map((value) => planOperator(parameter, name, operator, value)));
  const any = place.inside ? checked(criterion, parameter.type, of, name) : of;
  if (place.carriedBy && any.op === 'checked') throw notCarried(name);
  return modifier === 'not' || modifier === 'not-in' ? negated(any) : any;
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
          .map((code) => indexedParametersOf(parameter.type).get(code))
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
      return planUri(parameter, name, modifier, value);
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

/** `:missing=true` or `false`, by the bit of the parameter. */
function planMissing(
  parameter: IndexedParameter,
  name: string,
  values: string[],
  { carriedBy }: Place,
): Condition {
  const [value] = values;
  if (values.length !== 1 || (value !== 'true' && value !== 'false')) {
    throw invalidValue(name, values.join(','), 'true hoặc false', 'true or false');
  }
  const present: Condition = carriedBy
    ? { op: 'tok', any: [presentKey(parameter.q)] }
    : presenceOf(parameter);
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
